//! Who is told of emergency access: everybody it passes over, whoever submitted, and the admins.

use super::{Effect, EmergencyStage, MAILED_AT_ONCE};
use crate::audit::commitment::TextRef;
use crate::ids::{AccountId, PageId, TextId};
use crate::page::event::{PageEvent, Signatory};
use crate::page::fold::{PageFold, Review};
use std::collections::BTreeSet;

/// What emergency access among `events` causes. `before` and `after` are the folds around them: carried out, it may have
/// ended the review.
pub(super) fn of(page: &PageId, before: Option<&PageFold>, after: &PageFold, events: &[PageEvent]) -> Vec<Effect> {
    let review = after.review.as_ref().or_else(|| before.and_then(|fold| fold.review.as_ref()));
    let told = |by: &Signatory, stage: EmergencyStage, reason: Option<&TextRef>| {
        let reason: Option<TextId> = reason.map(|reason| reason.text.clone());
        let by = by.account.clone();
        let mut effects: Vec<Effect> = concerned(review, &by)
            .map(|person| Effect::MailEmergency {
                person,
                page: page.clone(),
                by: by.clone(),
                stage,
                reason: reason.clone(),
            })
            .collect();
        effects.push(Effect::MailEmergencyAdmins { page: page.clone(), by, stage, reason });
        effects
    };
    let effects = events.iter().filter_map(|event| match event {
        PageEvent::EmergencyAsked { by, reason, alone_from, until, .. } => {
            Some(told(by, EmergencyStage::Asked { not_before: *alone_from, expires_at: *until }, Some(reason)))
        }
        PageEvent::EmergencyWithdrawn { by } => Some(told(by, EmergencyStage::Cancelled, None)),
        PageEvent::EmergencyDecided { by, reason, .. } => Some(told(by, EmergencyStage::CarriedOut, Some(reason))),
        _ => None,
    });
    effects.flatten().collect()
}

/// The reviewers and whoever submitted; not whoever did it.
fn concerned(review: Option<&Review>, by: &AccountId) -> impl Iterator<Item = AccountId> {
    let reviewers = review.iter().flat_map(|review| &review.approvals).flat_map(|now| &now.asked.people);
    let reviewers = reviewers.map(|asked| &asked.person.account);
    let submitter = review.and_then(|review| review.submitted_by.as_ref()).map(|by| &by.account);
    let people: BTreeSet<AccountId> = reviewers.chain(submitter).filter(|one| *one != by).cloned().collect();
    people.into_iter().take(MAILED_AT_ONCE)
}
