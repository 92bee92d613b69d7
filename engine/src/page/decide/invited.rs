//! What somebody without an account does who was invited: approve, reject, or decide nothing.

use super::verdict::{leave, outcome};
use super::{Situation, Workflow, action, same_content, under_review};
use crate::ids::{AccountId, InvitationId, Seq};
use crate::page::apply::apply;
use crate::page::command::{Abstain, Decide, PageNow};
use crate::page::event::{Cause, InvitedUse, PageEvent, Proof, Proven};
use crate::page::fold::{ApprovalNow, InvitedNow, PageFold, Verdict};
use crate::page::refusal::Refusal;
use crate::page::seat::meanings;
use crate::page::tally::Outcome;
use crate::time::Timestamp;
use crate::token::policy::{Evidence, External, FactorKind, Policy, Subject};
use crate::wire::status::Decision;
use crate::workflow::definition::State;
use std::collections::BTreeSet;

/// The invitation somebody came with, if it stands: (1) the page is under a review, (2) the policy lets people be invited to
/// pages of its workflow, (3) the invitation is of that review and theirs, (4) and neither answered, revoked nor too old,
/// (5) its approval is not complete.
///
/// # Errors
/// [`Refusal::InvitationOver`], whatever the reason: nobody outside is told how things stand inside.
pub fn standing_invitation<'a>(
    fold: Option<&'a PageFold>,
    workflow: &'a Workflow<'_>,
    policy: &Policy,
    (invitation, person): (&InvitationId, &AccountId),
    now: Timestamp,
) -> Result<(&'a ApprovalNow, &'a InvitedNow), Refusal> {
    // (1)
    let (fold, _, review) = under_review(fold, workflow).map_err(|_| Refusal::InvitationOver)?;
    // (2)
    if !policy.invitations.allow(&fold.workflow) {
        return Err(Refusal::InvitationOver);
    }
    // (3)
    let found = review.invitation(invitation).filter(|(_, invited)| invited.person.account == *person);
    let (approval, invited) = found.filter(|_| person.is_invited()).ok_or(Refusal::InvitationOver)?;
    // (4), (5)
    let stands = invited.is_open(now) && review.outcome(approval) == Outcome::Pending;
    if stands { Ok((approval, invited)) } else { Err(Refusal::InvitationOver) }
}

/// Rules of deciding without an account: (1) the invitation stands, and is for the approval the challenge was made for, (2) in
/// the state it was made for, entered no later, (3) the content is what was submitted, (4) the meaning is one of those to
/// choose from, (5) a rejection is explained where it must be, (6) it is confirmed by a factor, whatever the policy asks, and by
/// one the policy takes. It fills no seat of anybody else's.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &Decide,
) -> Result<Vec<PageEvent>, Refusal> {
    let id = command.invited.as_ref().ok_or(Refusal::NotReviewer)?;
    // (1)
    let who = (id, &command.reviewer.account);
    let (now, invited) = standing_invitation(fold, &situation.workflow, &command.policy, who, situation.now)?;
    if now.asked.id != command.approval {
        return Err(Refusal::InvitationOver);
    }
    // (2)
    let (fold, state, review) = under_review(fold, &situation.workflow)?;
    if fold.state_seq != command.state_seq {
        return Err(Refusal::ReviewRestarted);
    }
    // (3)
    same_content(review, &command.page)?;
    // (4)
    let approval = state.approval(&command.approval).ok_or(Refusal::NoSuchApproval)?;
    let subject = subject(&command.reviewer.account);
    let asked = command.policy.requirement(&approval.step_up, &subject, action(command.decision));
    if !meanings(approval, command.decision, &asked).contains(&command.meaning.as_str()) {
        return Err(Refusal::WrongMeaning);
    }
    // (5)
    if command.decision == Decision::Reject && approval.comment_on_reject && command.comment.is_none() {
        return Err(Refusal::CommentRequired);
    }
    // (6)
    let proof = &command.proof;
    let accepted = asked.accepts(&Evidence::of(proof), situation.now) && proof.is_signed();
    if proof.policy_version != command.policy.version || !accepted {
        return Err(Refusal::ProofMissing);
    }

    let used = InvitedUse { invitation: id.clone(), standing: proven(proof) };
    let verdict = Verdict {
        seq: Seq(0),
        approval: approval.id.clone(),
        approval_name: String::new(),
        decision: command.decision,
        by: invited.person.clone(),
        for_self: true,
        for_others: BTreeSet::new(),
        at: situation.now,
        meaning: String::new(),
        comment: None,
        signed: true,
        emergency: None,
        invited: Some(used.clone()),
    };
    let cause = outcome(review, &verdict, approval.mode);
    let decided = PageEvent::Decided {
        approval: approval.id.clone(),
        decision: command.decision,
        version: review.version,
        content_hash: review.content_hash.clone(),
        state_seq: fold.state_seq,
        by: invited.person.clone(),
        for_others: BTreeSet::new(),
        for_self: true,
        meaning: command.meaning.clone(),
        comment: command.comment.clone(),
        proof: proof.clone(),
        invited: Some(used),
    };
    let leaves = cause.map(|cause| leave(fold, situation, state, review, &command.page, cause)).transpose()?;
    Ok(core::iter::once(decided).chain(leaves).collect())
}

/// Rules: (1) the invitation stands, (2) in the state they saw, (3) of the content they saw; (4) if nothing else is missing,
/// the state is left.
pub(super) fn abstain(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &Abstain,
) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let who = (&command.invitation, &command.person);
    let (now, invited) = standing_invitation(fold, &situation.workflow, &command.policy, who, situation.now)?;
    // (2)
    let (fold, state, review) = under_review(fold, &situation.workflow)?;
    if fold.state_seq != command.state_seq {
        return Err(Refusal::ReviewRestarted);
    }
    // (3)
    same_content(review, &command.page)?;
    let abstained = PageEvent::Abstained {
        invitation: command.invitation.clone(),
        approval: now.asked.id.clone(),
        by: invited.person.clone(),
        version: review.version,
        content_hash: review.content_hash.clone(),
        state_seq: fold.state_seq,
        reason: command.reason.clone(),
        // No factor is asked for, so whatever they have stands behind nothing here.
        standing: Proven::MailboxOnly,
    };
    // (4)
    let leaves = complete_without(fold, situation, state, &command.page, &abstained)?;
    Ok(core::iter::once(abstained).chain(leaves).collect())
}

/// The way out of the state, if an invitation that is `closed` was all that was missing.
pub(super) fn complete_without(
    fold: &PageFold,
    situation: &Situation<'_>,
    state: &State,
    page: &PageNow,
    closed: &PageEvent,
) -> Result<Option<PageEvent>, Refusal> {
    let after = apply(Some(fold.clone()), fold.seq.next(), situation.now, closed);
    let after = after.map_err(|_| Refusal::DamagedDefinition)?;
    let Some(review) = &after.review else { return Ok(None) };
    let complete = review.approvals.iter().all(|now| review.outcome(now) == Outcome::Approved);
    complete.then(|| leave(fold, situation, state, review, page, Cause::Approved)).transpose()
}

/// Who somebody without an account is to the policy: external, and in no group, whatever anybody says.
fn subject(person: &AccountId) -> Subject {
    Subject { external: Some(External::Invited), ..Subject::plain(person) }
}

fn proven(proof: &Proof) -> Proven {
    let of_factor = proof.factor.as_ref().map(|factor| factor.kind);
    let kind = of_factor.or(proof.session.as_ref().map(|session| session.kind));
    if kind.is_some_and(FactorKind::is_enrolled) { Proven::OwnFactor } else { Proven::MailboxOnly }
}
