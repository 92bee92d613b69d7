//! Which effect is whose.

use super::emergency_mail::{self, Access};
use super::errand::Errand;
use super::obstacle::Obstacle;
use super::review_mail::{self, InReview, Kind};
use super::{byline, clock, code_mail, digest, invitation_mail, kv, notice, recheck, timers};
use crate::store::queue::Claimed;
use engine::effect::{AdminNotice, Effect};
use engine::ids::{PageId, Seq};
use std::collections::BTreeSet;

/// What carrying out came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It is done, or there was nothing to do.
    Done,
    /// It is done, and worth a line in the journal: it reflects this head of the page's stream.
    Fact(Seq),
    /// These are to be done in its place, each on its own.
    Instead(Vec<Effect>),
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
        Effect::Tick { page } => clock::tick(errand, page).await,
        Effect::Timers { page } => timers::set(errand, page).await,
        Effect::MailReviewAsked { page, person, state_seq } => {
            let about = InReview { page, state_seq: *state_seq, approvals: &BTreeSet::new() };
            review_mail::reviewer(errand, row, Kind::Asked, about, person).await
        }
        Effect::MailReminder { page, person, approval, state_seq, .. } => {
            let about = InReview { page, state_seq: *state_seq, approvals: &BTreeSet::from([approval.clone()]) };
            review_mail::reviewer(errand, row, Kind::Reminder, about, person).await
        }
        Effect::MailOverdue { page, person, approvals, state_seq } => {
            let about = InReview { page, state_seq: *state_seq, approvals };
            review_mail::reviewer(errand, row, Kind::Overdue, about, person).await
        }
        Effect::MailExpired { page, state, seq } => review_mail::expired(errand, row, page, state, *seq).await,
        Effect::MailInvitation { page, person, invitation } => {
            invitation_mail::invited_to(errand, row, page, person, invitation).await
        }
        Effect::MailInvitationAnswered { page, person, name, answer } => {
            invitation_mail::answered(errand, row, page, person, name, *answer).await
        }
        Effect::RevokeInvitation { page, invitation, by } => {
            invitation_mail::revoke(errand, page, invitation, by).await
        }
        Effect::MailDigest { person } => digest::mail(errand, row, person).await,
        Effect::MailEnrolmentCode { person, enrolment } => {
            code_mail::enrolment_code(errand, row, person, enrolment).await
        }
        Effect::MailSignCode { person, pending } => code_mail::sign_code(errand, row, person, pending).await,
        Effect::MailInvitationCode { person, invitation } => {
            code_mail::invitation_code(errand, row, person, invitation).await
        }
        Effect::MailLocked { person, failures } => code_mail::locked(errand, row, person, *failures).await,
        Effect::MailOwner { person, notice } => notice::owner(errand, row, person, notice).await,
        Effect::MailLockedAdmins { person, failures } => {
            notice::admins(errand, row, person, &AdminNotice::Locked { failures: *failures }).await
        }
        Effect::MailAdmins { person, notice } => notice::admins(errand, row, person, notice).await,
        Effect::MailAdmin { admin, person, notice, at } => notice::admin(errand, row, admin, person, notice, *at).await,
        Effect::MailEmergency { person, page, by, stage, reason } => {
            let access = Access { page, by, stage: *stage, reason: reason.as_ref() };
            emergency_mail::one(errand, row, person, access).await
        }
        Effect::MailEmergencyAdmins { page, by, stage, reason } => {
            let access = Access { page, by, stage: *stage, reason: reason.as_ref() };
            emergency_mail::admins(errand, access).await
        }
    }
}

/// The page an effect is about, where it is about one.
#[must_use]
pub fn page_of(effect: &Effect) -> Option<&PageId> {
    match effect {
        Effect::KvCopy { page }
        | Effect::Byline { page }
        | Effect::Recheck { page }
        | Effect::Tick { page }
        | Effect::Timers { page }
        | Effect::MailReviewAsked { page, .. }
        | Effect::MailReminder { page, .. }
        | Effect::MailOverdue { page, .. }
        | Effect::MailExpired { page, .. }
        | Effect::MailInvitation { page, .. }
        | Effect::MailInvitationAnswered { page, .. }
        | Effect::RevokeInvitation { page, .. }
        | Effect::MailEmergency { page, .. }
        | Effect::MailEmergencyAdmins { page, .. } => Some(page),
        Effect::MailDigest { .. }
        | Effect::MailEnrolmentCode { .. }
        | Effect::MailSignCode { .. }
        | Effect::MailInvitationCode { .. }
        | Effect::MailOwner { .. }
        | Effect::MailLocked { .. }
        | Effect::MailLockedAdmins { .. }
        | Effect::MailAdmins { .. }
        | Effect::MailAdmin { .. } => None,
    }
}
