//! Asking somebody without an account besides, and taking that back.

use super::invited::complete_without;
use super::{Situation, confirmed, same_content, under_review};
use crate::page::command::{Invite, RevokeInvitation};
use crate::page::event::PageEvent;
use crate::page::fold::PageFold;
use crate::page::refusal::Refusal;
use crate::page::tally::Outcome;
use crate::token::policy::Action;
use crate::wire::invitation::InvitationState;
use core::time::Duration;

/// The most invitations of a review that are not answered.
pub const INVITED_MAX: usize = 20;
/// The most of a review, those answered and taken back counted too: each is a mail to somebody outside.
pub const INVITED_EVER_MAX: usize = 60;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Rules: (1) a review is under way, in the state the person saw, (2) of the content Confluence has now: it is what is
/// disclosed, (3) whoever invites may edit the page, (4) the policy lets people be invited to pages of this workflow, (5) the
/// approval is asked for and not complete, (6) nobody is asked twice for the same approval, unless what they were asked ran out
/// or was revoked, (7) not too many are asked, nor were, (8) what stands for them is no account, (9) it is confirmed where the policy
/// asks for that.
pub(super) fn invite(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &Invite,
) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let (fold, _, review) = under_review(fold, &situation.workflow)?;
    if fold.state_seq != command.state_seq {
        return Err(Refusal::ReviewRestarted);
    }
    // (2)
    same_content(review, &command.page)?;
    // (3)
    if !command.may_edit {
        return Err(Refusal::MayNotEdit);
    }
    // (4)
    let invitations = &command.confirmed.policy.invitations;
    if !invitations.allow(&fold.workflow) {
        return Err(Refusal::InvitationsOff);
    }
    // (5)
    let now = review.approval(&command.approval).ok_or(Refusal::NoSuchApproval)?;
    let name = || now.asked.name.clone();
    match review.outcome(now) {
        Outcome::Pending => {}
        Outcome::Waiting => return Err(Refusal::NotYet { approval: name() }),
        Outcome::Approved | Outcome::Rejected => return Err(Refusal::ApprovalComplete { approval: name() }),
    }
    // (6)
    let to = &command.to.account;
    let mut before = now.invited.iter().filter(|one| one.person.account == *to);
    if before.any(|one| one.state != InvitationState::Revoked && !ran_out(one.state, one.until, situation)) {
        return Err(Refusal::InvitedAlready);
    }
    // (7)
    let others = review.unanswered().filter(|one| one.person.account != *to).count();
    let ever = review.approvals.iter().map(|now| now.invited.len()).sum::<usize>();
    if others >= INVITED_MAX || ever >= INVITED_EVER_MAX {
        return Err(Refusal::TooManyInvited);
    }
    // (8)
    if !to.is_invited() || review.invitation(&command.invitation).is_some() {
        return Err(Refusal::InvitationOver);
    }
    // (9)
    let proof = confirmed(&command.confirmed, Action::Invite, situation.now)?;
    Ok(vec![PageEvent::Invited {
        invitation: command.invitation.clone(),
        approval: command.approval.clone(),
        person: command.to.clone(),
        address: command.address.clone(),
        version: review.version,
        content_hash: review.content_hash.clone(),
        state_seq: fold.state_seq,
        attachments: command.attachments.clone(),
        until: situation.now + DAY * invitations.days,
        by: command.by.clone(),
        proof,
    }])
}

/// Rules: (1) whoever revokes may, (2) the invitation is of the review under way and not answered; one that ran out can be
/// revoked too, as it keeps the approval from being complete, (3) if nothing else is missing, and the content is still what
/// was submitted, the state is left.
pub(super) fn revoke(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &RevokeInvitation,
) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    if !command.may {
        return Err(Refusal::MayNotEdit);
    }
    // (2)
    let (fold, state, review) = under_review(fold, &situation.workflow).map_err(|_| Refusal::InvitationOver)?;
    let (_, invited) = review.invitation(&command.invitation).ok_or(Refusal::InvitationOver)?;
    if invited.state != InvitationState::Asked {
        return Err(Refusal::InvitationOver);
    }
    let revoked = PageEvent::InvitationRevoked {
        invitation: command.invitation.clone(),
        person: invited.person.account.clone(),
        by: command.by.clone(),
    };
    // (3): otherwise the news of the edit ends the review.
    let leaves = match same_content(review, &command.page) {
        Ok(()) => complete_without(fold, situation, state, &command.page, &revoked)?,
        Err(_) => None,
    };
    Ok(core::iter::once(revoked).chain(leaves).collect())
}

fn ran_out(state: InvitationState, until: crate::time::Timestamp, situation: &Situation<'_>) -> bool {
    state == InvitationState::Asked && until <= situation.now
}
