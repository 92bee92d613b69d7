//! Approving and rejecting.

use super::{Situation, action, invited, same_content, under_review};
use crate::ids::Seq;
use crate::page::apply::left_of;
use crate::page::command::{Decide, PageNow};
use crate::page::event::{Cause, PageEvent};
use crate::page::fold::{PageFold, Review, Verdict};
use crate::page::refusal::Refusal;
use crate::page::roster::Opening;
use crate::page::seat::{Seats, approval_for, meanings};
use crate::page::tally::{self, Outcome};
use crate::token::policy::Evidence;
use crate::wire::status::Decision;
use crate::workflow::definition::{Mode, State};

/// Rules of deciding: (1) a review is under way, (2) in the state the challenge was made for, entered no later,
/// (3) the content is what was submitted, (4) the person is asked, not excluded, and has not decided yet, (5) the meaning
/// is one of those to choose from, (6) a rejection is explained where it must be, (7) the policy and the approval's own demand for a
/// token are satisfied.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &Decide,
) -> Result<Vec<PageEvent>, Refusal> {
    if command.invited.is_some() || command.reviewer.account.is_invited() {
        return invited::decide(fold, situation, command);
    }
    // (1)
    let (fold, state, review) = under_review(fold, &situation.workflow)?;
    // (2)
    if fold.state_seq != command.state_seq {
        return Err(Refusal::ReviewRestarted);
    }
    // (3)
    same_content(review, &command.page)?;
    // (4)
    let (approval, seats) = approval_for(state, review, &command.reviewer, Some(&command.approval))?;
    // (5)
    let asked = command.policy.requirement(&approval.step_up, &command.subject, action(command.decision));
    if !meanings(approval, command.decision, &asked).contains(&command.meaning.as_str()) {
        return Err(Refusal::WrongMeaning);
    }
    // (6)
    if command.decision == Decision::Reject && approval.comment_on_reject && command.comment.is_none() {
        return Err(Refusal::CommentRequired);
    }
    // (7)
    let evidence = Evidence::of(&command.proof);
    if command.proof.policy_version != command.policy.version || !asked.accepts(&evidence, situation.now) {
        return Err(Refusal::ProofMissing);
    }

    let Seats { own, others } = seats;
    let verdict = Verdict {
        seq: Seq(0),
        approval: approval.id.clone(),
        approval_name: String::new(),
        decision: command.decision,
        by: command.by.clone(),
        for_self: own,
        for_others: others.clone(),
        at: situation.now,
        meaning: String::new(),
        comment: None,
        signed: command.proof.is_signed(),
        emergency: None,
        invited: None,
    };
    let cause = outcome(review, &verdict, approval.mode);
    let mut events = vec![PageEvent::Decided {
        approval: approval.id.clone(),
        decision: command.decision,
        version: review.version,
        content_hash: review.content_hash.clone(),
        state_seq: fold.state_seq,
        by: command.by.clone(),
        for_others: others,
        for_self: own,
        meaning: command.meaning.clone(),
        comment: command.comment.clone(),
        proof: command.proof.clone(),
        invited: None,
    }];
    if let Some(cause) = cause {
        events.push(leave(fold, situation, state, review, &command.page, cause)?);
    }
    Ok(events)
}

/// What one more verdict makes of the whole review: nothing yet, approved, or rejected.
pub(super) fn outcome(review: &Review, verdict: &Verdict, mode: Mode) -> Option<Cause> {
    let kept: Vec<_> = review.decisions.iter().filter_map(|before| left_of(before, verdict, mode)).collect();
    let verdicts = kept.iter().map(AsRef::as_ref).chain(core::iter::once(verdict));
    let mut complete = true;
    for now in &review.approvals {
        match tally::outcome(now, verdicts.clone()) {
            Outcome::Approved => {}
            Outcome::Waiting | Outcome::Pending => complete = false,
            Outcome::Rejected => return Some(Cause::Rejected),
        }
    }
    complete.then_some(Cause::Approved)
}

/// The way out of a review that is over.
pub(super) fn leave(
    fold: &PageFold,
    situation: &Situation<'_>,
    state: &State,
    review: &Review,
    page: &PageNow,
    cause: Cause,
) -> Result<PageEvent, Refusal> {
    let target = match cause {
        Cause::Rejected => &state.transitions.rejected,
        _ => &state.transitions.approved,
    };
    let target = target.as_ref().ok_or(Refusal::DamagedDefinition)?;
    // A next stage reviews for whoever submitted, so that they stay excluded where submitters are.
    let opening = Opening {
        page,
        editors: if cause == Cause::Approved { &review.contributors } else { &fold.editors },
        by: review.submitted_by.as_ref(),
        comment: review.comment.as_ref(),
        named: None,
        strict: false,
    };
    situation.enter(target, cause, opening)
}
