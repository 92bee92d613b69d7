//! Confluence and the journal cannot commit together: after a decision the page is read again, and if it moved, that is
//! recorded as any edit is; the engine then voids an approval of a version that was no longer the page's.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::page::change::{self, Changed, On};
use crate::page::{known, reading};
use engine::audit::entry::Actor;
use engine::ids::PageId;

/// Looks at the page, and records that it moved.
///
/// # Errors
/// What stood in the way.
pub async fn look(errand: &Errand<'_>, page: &PageId) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    let known = known::load(errand.db, errand.site, page).await?;
    let (Some(fold), Some(running)) = (&known.fold, &known.running) else { return Ok(Carried::Done) };
    errand.called(2);
    let now = reading::read(&app, page).await?;
    let command = reading::edit(fold, now.now(&app, Some(fold), &running.definition).await?);
    let on = On { db: errand.db, app: &app, site: errand.site, page, actor: &Actor::System };
    match change::carry_out(on, Some(known), None, &command).await? {
        Changed::Nothing { head } => Ok(Carried::Fact(head)),
        Changed::Recorded { fold, .. } => {
            // People and groups of a review begun anew were asked about.
            errand.called(4);
            Ok(Carried::Fact(fold.seq))
        }
        // Nothing keeps an edit from being recorded, unless the definition is damaged.
        Changed::Refused(_) => Err(Obstacle::Database),
    }
}
