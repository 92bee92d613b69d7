//! A page whose time has come: its state expires, or a review is due. The timer says only when to look; the engine decides
//! on the page as it is then, and the head of its stream keeps two clocks from doing it twice.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::ConfluenceError;
use crate::page::change::{Changed, On, carry_out};
use crate::page::{known, reading};
use engine::audit::entry::Actor;
use engine::ids::PageId;
use engine::page::command::{Command, Tick};
use engine::page::fold::PageFold;
use engine::time::Timestamp;
use engine::timer::decisive;

/// Rules: (1) a page that is in the bin, gone, or under no workflow any more has no time; (2) the page is read first: an edit
/// that nobody told of comes before the clock; (3) the engine decides. What is still due after that, such as an expiry after
/// such an edit, has a timer again, which goes off with the next minute.
///
/// # Errors
/// What stood in the way.
pub async fn tick(errand: &Errand<'_>, page: &PageId) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    // (1)
    let loaded = known::load(errand.db, errand.site, page).await?;
    let Some((fold, running)) = loaded.under() else { return Ok(Carried::Done) };
    if !is_due(fold, clock::now()) {
        return Ok(Carried::Done);
    }
    // (2)
    errand.called(3);
    let reading = match reading::read(&app, page).await {
        Err(ConfluenceError::NotFound(_)) => return Ok(Carried::Done),
        other => other?,
    };
    let now = reading.now(&app, Some(fold), &running.definition).await?;
    // (3)
    let on = On { db: errand.db, app: &app, site: errand.site, page, actor: &Actor::System };
    let tick = Command::Tick(Tick { page: Some(now) });
    match carry_out(on, Some(loaded), None, &tick).await? {
        Changed::Recorded { fold, .. } => Ok(Carried::Fact(fold.seq)),
        Changed::Nothing { head } => Ok(Carried::Fact(head)),
        // The page's definition does not say where to: only somebody who mends the workflow can help.
        Changed::Refused(_) => Err(Obstacle::Workflow),
    }
}

fn is_due(fold: &PageFold, now: Timestamp) -> bool {
    decisive(fold).first().is_some_and(|timer| timer.at <= now)
}
