//! Asking somebody in another's place, or besides.

use super::{Situation, confirmed, under_review};
use crate::ids::AccountId;
use crate::page::command::Reassign;
use crate::page::event::PageEvent;
use crate::page::fold::{ApprovalNow, PageFold};
use crate::page::refusal::{CannotBeAsked, Refusal};
use crate::page::seat::{decided, excluded, is_one_of};
use crate::page::tally::Outcome;
use crate::token::policy::Action;

/// Rules: (1) a review is under way and the approval is not complete, (2) reviewers pass their own seat on where the
/// approval lets them; others are put in a place, or asked besides, by whom the approval names, (3) the place is taken by
/// somebody who has not decided, (4) who is asked now can be: they see the page, are not kept from deciding, and are not
/// asked already, (5) it is confirmed where the policy asks for that.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &Reassign,
) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let (_, state, review) = under_review(fold, &situation.workflow)?;
    let approval = state.approval(&command.approval).ok_or(Refusal::NoSuchApproval)?;
    let now = review.approval(&command.approval).ok_or(Refusal::NoSuchApproval)?;
    if matches!(review.outcome_of_accounts(now), Outcome::Approved | Outcome::Rejected) {
        return Err(Refusal::ApprovalComplete { approval: approval.name.clone() });
    }
    // (2)
    let person = &command.person;
    let delegated = command.from.as_ref() == Some(&person.account) && approval.delegate;
    if !delegated && !is_one_of(&approval.reassign, person, &review.creator, &review.author) {
        return Err(Refusal::NotForYou);
    }
    // (3)
    if let Some(from) = &command.from {
        let through_group = delegated && now.asked.groups.iter().any(|group| person.groups.contains(&group.id));
        if !sits(now, from) && !through_group {
            return Err(Refusal::NotReviewer);
        }
        if decided(now, review, from)
            || review.decisions.iter().any(|one| one.approval == now.asked.id && one.covers(from))
        {
            return Err(Refusal::AlreadyDecided);
        }
    }
    // (4)
    let to = &command.to.account;
    let why = if !command.to_can_see {
        Some(CannotBeAsked::CannotSee)
    } else if sits(now, to) || decided(now, review, to) {
        Some(CannotBeAsked::AskedAlready)
    } else {
        excluded(approval, review, to).map(CannotBeAsked::Excluded)
    };
    if let Some(why) = why {
        return Err(Refusal::CannotBeAsked { approval: approval.name.clone(), why });
    }
    // (5)
    let proof = confirmed(&command.confirmed, Action::Reassign, situation.now)?;
    Ok(vec![PageEvent::Reassigned {
        approval: command.approval.clone(),
        from: command.from.clone(),
        to: command.to.clone(),
        by: command.by.clone(),
        delegated,
        comment: command.comment.clone(),
        proof,
    }])
}

/// Whether somebody has a seat by name. A seat whose owner left the group can be given to somebody else.
fn sits(now: &ApprovalNow, account: &AccountId) -> bool {
    now.asked.people.iter().any(|asked| asked.person.account == *account)
}
