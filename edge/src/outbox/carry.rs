//! Which effect is whose.

use super::errand::Errand;
use super::obstacle::Obstacle;
use super::{byline, kv, mail, recheck};
use crate::store::queue::Claimed;
use engine::effect::Effect;
use engine::ids::{PageId, Seq};

/// What carrying out came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It is done, or there was nothing to do.
    Done,
    /// It is done, and worth a line in the journal: it reflects this head of the page's stream.
    Fact(Seq),
}

/// Carries out one effect.
///
/// # Errors
/// What stood in the way.
pub async fn carry(errand: &Errand<'_>, row: &Claimed) -> Result<Carried, Obstacle> {
    match row.effect.as_ref().ok_or(Obstacle::UnknownEffect)? {
        Effect::KvCopy { page } => kv::refresh(errand, page).await,
        Effect::Byline { page } => byline::refresh(errand, page).await,
        Effect::Recheck { page } => recheck::look(errand, page).await,
        Effect::MailEnrolmentCode { person, enrolment } => mail::enrolment_code(errand, row, person, enrolment).await,
        Effect::MailEnrolled { person } => mail::enrolled(errand, row, person).await,
        Effect::MailLocked { person, failures } => mail::locked(errand, row, person, *failures).await,
        Effect::MailLockedAdmins { person, failures } => mail::locked_admins(errand, row, person, *failures).await,
    }
}

/// The page an effect is about, where it is about one.
#[must_use]
pub fn page_of(effect: &Effect) -> Option<&PageId> {
    match effect {
        Effect::KvCopy { page } | Effect::Byline { page } | Effect::Recheck { page } => Some(page),
        Effect::MailEnrolmentCode { .. }
        | Effect::MailEnrolled { .. }
        | Effect::MailLocked { .. }
        | Effect::MailLockedAdmins { .. } => None,
    }
}
