//! Whether somebody may decide, for which approval, and for whom.

use super::command::{Person, StandIn};
use super::event::Via;
use super::fold::{ApprovalNow, Review};
use super::refusal::{Excluded, Refusal};
use super::tally::Outcome;
use crate::ids::{AccountId, ApprovalId, GroupId};
use crate::token::policy::Requirement;
use crate::wire::status::Decision;
use crate::workflow::definition::{Approval, Exclusion, People, Role, State};
use std::collections::BTreeSet;

/// What a verdict of somebody would count for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seats {
    /// A seat of their own.
    pub own: bool,
    /// Seats of people who are away.
    pub others: BTreeSet<AccountId>,
}

/// The seats a person has in an approval and may still decide for.
///
/// Rules: (1) the approval is asked for now, and not complete; (2) the person is kept from it by nothing, whomever they
/// stand in for; (3) they are asked: by name, or as a member of a group *now*, or by a role; (4) they stand in for somebody
/// who is asked and not kept from it either; (5) what they decided already is not decided again, unless the approval lets
/// decisions be changed; (6) where people are counted, one person fills one seat: their own, or else one of those they stand
/// in for. More would count for nothing, and leave fewer who can still approve.
///
/// # Errors
/// Why they have none.
pub fn seats(approval: &Approval, now: &ApprovalNow, review: &Review, person: &Person) -> Result<Seats, Refusal> {
    // (2), (3), (4): first, so that nobody is told of approvals that do not concern them.
    let own = asks(now, &person.account, &person.groups) || asks_role(now, person);
    let others: BTreeSet<AccountId> = person
        .stands_in_for
        .iter()
        .filter(|away| away.account != person.account && asks_away(approval, now, review, away))
        .map(|away| away.account.clone())
        .collect();
    if !own && others.is_empty() {
        return Err(Refusal::NotReviewer);
    }
    if let Some(excluded) = excluded(approval, review, &person.account) {
        return Err(Refusal::Excluded(excluded));
    }
    // (1)
    let name = || now.asked.name.clone();
    match review.outcome_of_accounts(now) {
        Outcome::Waiting => return Err(Refusal::NotYet { approval: name() }),
        Outcome::Pending => {}
        Outcome::Approved | Outcome::Rejected => {
            return Err(if decided(now, review, &person.account) {
                Refusal::AlreadyDecided
            } else {
                Refusal::ApprovalComplete { approval: name() }
            });
        }
    }
    // (5)
    let may = |seat: &AccountId| {
        let verdicts = review.decisions.iter().filter(|verdict| verdict.approval == now.asked.id);
        let mut covering = verdicts.filter(|verdict| verdict.covers(seat));
        covering.all(|verdict| now.asked.change_decision && verdict.by.account == person.account)
    };
    let mut left =
        Seats { own: own && may(&person.account), others: others.into_iter().filter(|away| may(away)).collect() };
    // (6)
    if !now.asked.mode.needs_roster() {
        if decided(now, review, &person.account) && !now.asked.change_decision {
            return Err(Refusal::AlreadyDecided);
        }
        left.others = left.others.into_iter().take(usize::from(!left.own)).collect();
    }
    if !left.own && left.others.is_empty() { Err(Refusal::AlreadyDecided) } else { Ok(left) }
}

/// Every approval of the state that concerns a person, with the seats they have, or why they have none now.
pub fn concerning<'a>(
    state: &'a State,
    review: &'a Review,
    person: &'a Person,
) -> impl Iterator<Item = (&'a Approval, Result<Seats, Refusal>)> {
    state.approvals.iter().filter_map(move |approval| {
        let seats = seats(approval, review.approval(&approval.id)?, review, person);
        (seats != Err(Refusal::NotReviewer)).then_some((approval, seats))
    })
}

/// The approval a verdict of this person counts for: `wanted`, or else the first they may decide on.
///
/// # Errors
/// Why there is none: the reason of the first that concerns them.
pub fn approval_for<'a>(
    state: &'a State,
    review: &'a Review,
    person: &'a Person,
    wanted: Option<&ApprovalId>,
) -> Result<(&'a Approval, Seats), Refusal> {
    let mut reason = None;
    for (approval, seats) in concerning(state, review, person) {
        if wanted.is_some_and(|wanted| *wanted != approval.id) {
            continue;
        }
        match seats {
            Ok(seats) => return Ok((approval, seats)),
            Err(refusal) => reason = reason.or(Some(refusal)),
        }
    }
    Err(reason.unwrap_or(Refusal::NotReviewer))
}

/// Whether somebody has decided on an approval.
#[must_use]
pub fn decided(now: &ApprovalNow, review: &Review, account: &AccountId) -> bool {
    review.decisions.iter().any(|verdict| verdict.approval == now.asked.id && verdict.by.account == *account)
}

/// What a signature may mean under this approval: the first unless the reviewer chooses another.
#[must_use]
pub fn meanings<'a>(approval: &'a Approval, decision: Decision, asked: &'a Requirement) -> Vec<&'a str> {
    if decision == Decision::Reject {
        return vec![&approval.meaning_of_rejection];
    }
    match asked.demand.as_ref().map(|demand| &demand.meanings).filter(|meanings| !meanings.is_empty()) {
        Some(of_policy) => of_policy.iter().map(String::as_str).collect(),
        None => core::iter::once(&approval.meaning).chain(&approval.other_meanings).map(String::as_str).collect(),
    }
}

/// The meaning somebody chose, or the first if they chose none.
///
/// # Errors
/// [`Refusal::WrongMeaning`] if it is not one of these.
pub fn meaning_of<'a>(meanings: &[&'a str], chosen: Option<&str>) -> Result<&'a str, Refusal> {
    match chosen {
        None => meanings.first().copied(),
        Some(chosen) => meanings.iter().copied().find(|one| *one == chosen),
    }
    .ok_or(Refusal::WrongMeaning)
}

/// Whom separation of duties keeps from deciding, and why.
#[must_use]
pub fn excluded(approval: &Approval, review: &Review, account: &AccountId) -> Option<Excluded> {
    let submitter = review.submitted_by.as_ref().map_or(&review.author, |by| &by.account);
    excluded_from(&approval.exclude, &review.author, &review.creator, &review.contributors, submitter, account)
}

/// Where the clock or an edit began the review, whoever wrote the version counts as having submitted it: nobody gets round
/// an exclusion by editing instead of submitting.
pub(super) fn excluded_from(
    exclude: &BTreeSet<Exclusion>,
    last_editor: &AccountId,
    creator: &AccountId,
    contributors: &BTreeSet<AccountId>,
    submitter: &AccountId,
    account: &AccountId,
) -> Option<Excluded> {
    let excludes = |exclusion| exclude.contains(&exclusion);
    let since_approval = excludes(Exclusion::EditorsSinceApproval);
    if (excludes(Exclusion::LastEditor) || since_approval) && last_editor == account {
        Some(Excluded::LastEditor)
    } else if since_approval && contributors.contains(account) {
        Some(Excluded::EditorSinceApproval)
    } else if excludes(Exclusion::Author) && creator == account {
        Some(Excluded::Author)
    } else if excludes(Exclusion::Submitter) && submitter == account {
        Some(Excluded::Submitter)
    } else {
        None
    }
}

/// Whether a person is one of `people`.
#[must_use]
pub fn is_one_of(people: &People, person: &Person, creator: &AccountId, last_editor: &AccountId) -> bool {
    people.users.contains(&person.account)
        || !people.groups.is_disjoint(&person.groups)
        || people.roles.iter().any(|role| match role {
            Role::Creator => *creator == person.account,
            Role::LastEditor => *last_editor == person.account,
            Role::SpaceAdmin => person.space_admin,
            Role::Editor => person.may_edit,
        })
}

/// Whether somebody is asked by name or through a group they are in now. Where everybody asked is counted, who joined a
/// group after the review began is not among them.
fn asks(now: &ApprovalNow, account: &AccountId, groups: &BTreeSet<GroupId>) -> bool {
    let asked = &now.asked;
    if let Some(by_name) = asked.people.iter().find(|asked| asked.person.account == *account) {
        return match &by_name.via {
            Via::Group { group } => groups.contains(group),
            Via::Named | Via::Role { .. } | Via::Assigned | Via::Reassigned => true,
        };
    }
    !asked.mode.needs_roster()
        && !now.released.contains(account)
        && asked.groups.iter().any(|group| groups.contains(&group.id))
}

fn asks_role(now: &ApprovalNow, person: &Person) -> bool {
    !now.released.contains(&person.account)
        && now.asked.roles.iter().any(|role| match role {
            Role::SpaceAdmin => person.space_admin,
            Role::Editor => person.may_edit,
            // These are asked by name.
            Role::Creator | Role::LastEditor => false,
        })
}

fn asks_away(approval: &Approval, now: &ApprovalNow, review: &Review, away: &StandIn) -> bool {
    asks(now, &away.account, &away.groups) && excluded(approval, review, &away.account).is_none()
}
