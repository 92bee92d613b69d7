//! Emergency access: an admin decides in the reviewers' place, so that nobody's absence keeps a page for ever.
//!
//! Two admins: one asks, with a reason, and another carries it out. Where there is no other, a day passes and everybody
//! concerned is told, so that somebody can object. Both steps are entries of the page and confirmed by their own factor.

use super::verdict::{leave, outcome};
use super::{Situation, confirmed_with, same_content, under_review};
use crate::ids::Seq;
use crate::page::command::{AskEmergency, DecideEmergency};
use crate::page::event::{Cause, PageEvent, Signatory};
use crate::page::fold::{Emergency, EmergencyRequest, PageFold, Review, Verdict};
use crate::page::refusal::Refusal;
use crate::page::seat::excluded;
use crate::page::tally::Outcome;
use crate::token::policy::Action;
use crate::wire::status::Decision;
use core::time::Duration;
use std::collections::BTreeSet;

/// How long an admin without a second one waits.
pub const ALONE_AFTER: Duration = Duration::from_secs(24 * 3600);
/// How long a request stands.
pub const REQUEST_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);
/// What a signature by emergency access means. Never what a reviewer's would: nobody reviewed.
pub const MEANING_OF_EMERGENCY: &str =
    "As a Confluence admin I decide in the reviewers\u{2019} place, because the review could not go on without.";

/// Rules: (1) a review is under way, in the state the admin saw, (2) of the content Confluence has now, (3) the approval is
/// asked for and not complete, (4) no other request stands, (5) it is confirmed by a factor whatever the policy says.
pub(super) fn ask(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &AskEmergency,
) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let (fold, _, review) = under_review(fold, &situation.workflow)?;
    if fold.state_seq != command.state_seq {
        return Err(Refusal::ReviewRestarted);
    }
    // (2)
    same_content(review, &command.page)?;
    // (3)
    let now = review.approval(&command.approval).ok_or(Refusal::NoSuchApproval)?;
    match review.outcome(now) {
        Outcome::Pending => {}
        Outcome::Waiting => return Err(Refusal::NotYet { approval: now.asked.name.clone() }),
        Outcome::Approved | Outcome::Rejected => {
            return Err(Refusal::ApprovalComplete { approval: now.asked.name.clone() });
        }
    }
    // (4)
    if standing(review, situation).is_some() {
        return Err(Refusal::EmergencyAsked);
    }
    // (5)
    let proof = confirmed_with(&command.confirmed, Action::Override, situation.now)?;
    Ok(vec![PageEvent::EmergencyAsked {
        approval: command.approval.clone(),
        decision: command.decision,
        version: review.version,
        content_hash: review.content_hash.clone(),
        state_seq: fold.state_seq,
        by: command.by.clone(),
        reason: command.reason.clone(),
        alone_from: command.alone.then(|| situation.now + ALONE_AFTER),
        until: situation.now + REQUEST_LIFE,
        proof,
    }])
}

/// Rules: (1) a request stands.
pub(super) fn withdraw(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    by: &Signatory,
) -> Result<Vec<PageEvent>, Refusal> {
    let (_, _, review) = under_review(fold, &situation.workflow)?;
    // (1)
    standing(review, situation).ok_or(Refusal::NoEmergency)?;
    Ok(vec![PageEvent::EmergencyWithdrawn { by: by.clone() }])
}

/// Rules: (1) the very request the admin saw stands, (2) the content is what was submitted, (3) it is carried out by another
/// admin than the one who asked; by the same only where they were alone, and after a day, (4) separation of duties holds
/// for whoever carries it out, (5) it is confirmed by a factor whatever the policy says.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &DecideEmergency,
) -> Result<Vec<PageEvent>, Refusal> {
    let (fold, state, review) = under_review(fold, &situation.workflow)?;
    // (1)
    let request = standing(review, situation).filter(|request| request.seq == command.asked_seq);
    let request = request.ok_or(Refusal::NoEmergency)?;
    let approval = state.approval(&request.approval).ok_or(Refusal::NoSuchApproval)?;
    // (2)
    same_content(review, &command.page)?;
    // (3)
    if request.by.account == command.by.account {
        let alone_from = request.alone_from;
        if alone_from.is_none_or(|from| situation.now < from) {
            return Err(Refusal::NeedsSecond { alone_from });
        }
    }
    // (4)
    if let Some(why) = excluded(approval, review, &command.by.account) {
        return Err(Refusal::Excluded(why));
    }
    // (5)
    let proof = confirmed_with(&command.confirmed, Action::Override, situation.now)?;
    let verdict = verdict_of(request, &command.by, situation);
    let mut events = vec![PageEvent::EmergencyDecided {
        approval: request.approval.clone(),
        decision: request.decision,
        version: review.version,
        content_hash: review.content_hash.clone(),
        state_seq: fold.state_seq,
        by: command.by.clone(),
        asked_by: request.by.clone(),
        reason: request.reason.clone(),
        meaning: MEANING_OF_EMERGENCY.to_owned(),
        proof,
    }];
    let cause = match request.decision {
        Decision::Reject => Some(Cause::Rejected),
        Decision::Approve => outcome(review, &verdict, approval.mode),
    };
    if let Some(cause) = cause {
        events.push(leave(fold, situation, state, review, &command.page, cause)?);
    }
    Ok(events)
}

/// The request, unless it is too old.
fn standing<'a>(review: &'a Review, situation: &Situation<'_>) -> Option<&'a EmergencyRequest> {
    review.emergency.as_ref().filter(|request| situation.now < request.until)
}

fn verdict_of(request: &EmergencyRequest, by: &Signatory, situation: &Situation<'_>) -> Verdict {
    Verdict {
        seq: Seq(0),
        approval: request.approval.clone(),
        approval_name: String::new(),
        decision: request.decision,
        by: by.clone(),
        for_self: false,
        for_others: BTreeSet::new(),
        at: situation.now,
        meaning: String::new(),
        comment: None,
        signed: true,
        emergency: Some(Emergency { asked_by: request.by.clone(), reason: request.reason.clone() }),
        invited: None,
    }
}
