//! What the events of one commit on a page cause.

use super::{Effect, MAILED_AT_ONCE, emergency, invitation};
use crate::ids::{AccountId, ApprovalId, PageId};
use crate::page::event::{Cause, PageEvent};
use crate::page::fold::{ApprovalNow, PageFold, Review};
use crate::timer;
use std::collections::BTreeSet;

/// What the events of one commit on a page cause, in order. `before` and `after` are the folds around them.
#[must_use]
pub fn of_page_change(page: &PageId, before: Option<&PageFold>, after: &PageFold, events: &[PageEvent]) -> Vec<Effect> {
    if events.is_empty() {
        return Vec::new();
    }
    let mut effects = vec![Effect::KvCopy { page: page.clone() }];
    if events.iter().any(read_page_before) {
        effects.push(Effect::Recheck { page: page.clone() });
    }
    effects.push(Effect::Byline { page: page.clone() });
    if timer::reminds(after) {
        effects.push(Effect::Timers { page: page.clone() });
    }
    effects.extend(asked_now(page, before, after, events));
    effects.extend(overdue(page, after, events));
    effects.extend(expired(page, before, after, events));
    effects.extend(emergency::of(page, before, after, events));
    effects.extend(invitation::of(page, before, events));
    effects
}

/// Events recorded for a person who saw the page as it was a moment before.
fn read_page_before(event: &PageEvent) -> bool {
    matches!(
        event,
        PageEvent::Decided { .. }
            | PageEvent::Abstained { .. }
            | PageEvent::InvitationRevoked { .. }
            | PageEvent::Submitted { .. }
            | PageEvent::Selected { .. }
            | PageEvent::EmergencyDecided { .. }
    )
}

/// Reviewers of approvals that are asked for from now on, and who was put into a place. Who asked needs no mail of it.
fn asked_now(page: &PageId, before: Option<&PageFold>, after: &PageFold, events: &[PageEvent]) -> Vec<Effect> {
    let Some(review) = after.review.as_ref().filter(|_| !after.ended) else { return Vec::new() };
    let known = before.filter(|fold| fold.state_seq == after.state_seq).and_then(|fold| fold.review.as_ref());
    let is_new = |now: &&ApprovalNow| {
        known.and_then(|known| known.approval(&now.asked.id)).is_none_or(|known| known.opened_at.is_none())
    };
    let submitter = review.submitted_by.as_ref().map(|by| &by.account).filter(|_| known.is_none());
    let opened = timer::pending(review).filter(is_new).flat_map(|now| timer::missing(review, now));
    let opened = opened.filter(|account| Some(*account) != submitter);
    let placed = events.iter().filter_map(|event| match event {
        PageEvent::Reassigned { to, by, approval, .. } if to.account != by.account => {
            review.approval(approval).filter(|now| now.opened_at.is_some()).map(|_| &to.account)
        }
        _ => None,
    });
    let people: BTreeSet<&AccountId> = opened.chain(placed).collect();
    let mail = |person: &AccountId| Effect::MailReviewAsked {
        page: page.clone(),
        person: person.clone(),
        state_seq: after.state_seq,
    };
    people.into_iter().take(MAILED_AT_ONCE).map(mail).collect()
}

/// Whoever submitted is told that the due date has come; those who are missing are told by timers, in their own morning.
fn overdue(page: &PageId, after: &PageFold, events: &[PageEvent]) -> Option<Effect> {
    let approvals = events.iter().rev().find_map(|event| match event {
        PageEvent::ReviewDue { approvals } => Some(approvals),
        _ => None,
    })?;
    let review = after.review.as_ref()?;
    let person = &review.submitted_by.as_ref()?.account;
    (!is_missing(review, approvals, person)).then(|| Effect::MailOverdue {
        page: page.clone(),
        person: person.clone(),
        approvals: approvals.clone(),
        state_seq: after.state_seq,
    })
}

fn is_missing(review: &Review, approvals: &BTreeSet<ApprovalId>, person: &AccountId) -> bool {
    let of = timer::pending(review).filter(|now| approvals.contains(&now.asked.id));
    of.flat_map(|now| timer::missing(review, now)).any(|account| account == person)
}

fn expired(page: &PageId, before: Option<&PageFold>, after: &PageFold, events: &[PageEvent]) -> Option<Effect> {
    let has = |event: &PageEvent| matches!(event, PageEvent::StateEntered { cause: Cause::Expired, .. });
    events.iter().any(has).then(|| Effect::MailExpired {
        page: page.clone(),
        state: before.map(|fold| fold.state.name.clone()).unwrap_or_default(),
        seq: after.seq,
    })
}
