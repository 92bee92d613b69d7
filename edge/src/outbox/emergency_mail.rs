//! Mails about emergency access to a page.

use super::carry::Carried;
use super::errand::Errand;
use super::mail::{People, send};
use super::notice::{called, known_admins};
use super::obstacle::Obstacle;
use crate::confluence::mention::mentions;
use crate::mail::emergency_texts::{Emergency, emergency};
use crate::mail::review_texts::About;
use crate::store::queue::Claimed;
use engine::effect::{Effect, EmergencyStage};
use engine::ids::{AccountId, PageId, TextId};

/// Emergency access, as an effect names it.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// To which page.
    pub page: &'a PageId,
    /// Whose.
    pub by: &'a AccountId,
    /// How far it is.
    pub stage: EmergencyStage,
    /// The reason given.
    pub reason: Option<&'a TextId>,
}

/// Tells one person. They had to do with the page before, or are an admin, so that its title is no news to them.
///
/// # Errors
/// What stood in the way.
pub async fn one(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    access: Access<'_>,
) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    errand.called(1);
    // A page that is gone needs no access any more.
    let Some(mention) = mentions(&app, [access.page]).await?.remove(access.page) else { return Ok(Carried::Done) };
    let people = People::ask(errand, [person, access.by]).await?;
    let reader = people.reader(errand, person).await?;
    let reason = match access.reason {
        Some(reason) => called(errand, reason).await?,
        None => None,
    };
    let by = people.name(access.by);
    let about = About { title: mention.title, link: mention.link };
    let told = Emergency { stage: access.stage, by: &by, reason: reason.as_deref(), at: row.created_at };
    send(errand, &emergency(&reader, &about, told), &row.key).await
}

/// A mail of its own for each admin.
///
/// # Errors
/// What stood in the way.
pub async fn admins(errand: &Errand<'_>, access: Access<'_>) -> Result<Carried, Obstacle> {
    let one = |person| Effect::MailEmergency {
        person,
        page: access.page.clone(),
        by: access.by.clone(),
        stage: access.stage,
        reason: access.reason.cloned(),
    };
    Ok(Carried::Instead(known_admins(errand).await?.into_iter().map(one).collect()))
}
