//! Counting decisions.

use super::fold::{ApprovalNow, InvitedNow, Verdict};
use crate::calendar::{self, Span, Zone};
use crate::ids::AccountId;
use crate::time::Timestamp;
use crate::wire::invitation::InvitationState;
use crate::wire::status::Decision;
use crate::workflow::definition::Mode;

/// How an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It waits for other approvals.
    Waiting,
    /// Decisions are missing.
    Pending,
    /// Enough have approved.
    Approved,
    /// Enough have rejected, or so many that enough can no longer approve.
    Rejected,
}

/// Counts. `verdicts` may be of other approvals too.
///
/// With [`Mode::All`] and [`Mode::Majority`] seats are counted, so that somebody who stands in for a person who is away
/// fills their seat too. With [`Mode::Any`] and [`Mode::Minimum`] people are counted: two approvals are two pairs of eyes,
/// whoever they stand in for.
///
/// Whoever was invited without an account is counted apart: each of them has to have answered, one rejection rejects, and
/// none stands for a person with an account.
#[must_use]
pub fn outcome<'a>(now: &ApprovalNow, verdicts: impl Iterator<Item = &'a Verdict> + Clone) -> Outcome {
    let of_accounts = of_accounts(now, verdicts.clone());
    let own = verdicts.filter(|verdict| verdict.approval == now.asked.id);
    // Emergency access stands for everybody who is asked.
    if of_accounts == Outcome::Waiting || own.clone().any(|verdict| verdict.emergency.is_some()) {
        return of_accounts;
    }
    let answer = |invited: &InvitedNow| {
        own.clone().find(|one| one.invited.as_ref().is_some_and(|by| by.invitation == invited.invitation))
    };
    if now.invited.iter().filter_map(answer).any(|verdict| is(verdict, Decision::Reject)) {
        return Outcome::Rejected;
    }
    let all_answered = now.invited.iter().all(|one| one.state != InvitationState::Asked || answer(one).is_some());
    if of_accounts == Outcome::Approved && !all_answered { Outcome::Pending } else { of_accounts }
}

/// The same of people with an account alone.
#[must_use]
pub fn of_accounts<'a>(now: &ApprovalNow, verdicts: impl Iterator<Item = &'a Verdict> + Clone) -> Outcome {
    if now.opened_at.is_none() {
        return Outcome::Waiting;
    }
    let asked = &now.asked;
    let own = verdicts.filter(|verdict| verdict.approval == asked.id && verdict.invited.is_none());
    // Emergency access stands for everybody who is asked.
    if let Some(emergency) = own.clone().find(|verdict| verdict.emergency.is_some()) {
        return if is(emergency, Decision::Approve) { Outcome::Approved } else { Outcome::Rejected };
    }
    let needed = needed(asked.mode, asked.people.len());
    let given = if asked.mode.needs_roster() {
        let approved = |account: &AccountId| own.clone().any(|one| is(one, Decision::Approve) && one.covers(account));
        asked.people.iter().filter(|asked| approved(&asked.person.account)).count()
    } else {
        people(own.clone(), Decision::Approve)
    };
    if given >= needed {
        return Outcome::Approved;
    }
    let rejections = people(own.clone(), Decision::Reject);
    if rejections >= usize::try_from(asked.minimum_rejections.max(1)).unwrap_or(usize::MAX) {
        return Outcome::Rejected;
    }
    let undecided =
        asked.people.iter().filter(|asked| !own.clone().any(|verdict| verdict.covers(&asked.person.account))).count();
    // Where nobody could be asked, nobody has refused: somebody is still to be asked.
    let nobody_left = rejections > 0 && given.saturating_add(undecided) < needed;
    if nobody_left && !asked.open && !asked.change_decision { Outcome::Rejected } else { Outcome::Pending }
}

/// How many must approve, of so many asked.
#[must_use]
pub fn needed(mode: Mode, asked: usize) -> usize {
    match mode {
        Mode::Any => 1,
        Mode::Minimum(number) => usize::try_from(number.max(1)).unwrap_or(usize::MAX),
        Mode::All => asked.max(1),
        Mode::Majority => asked / 2 + 1,
    }
}

/// When so long is over. Days are counted in UTC, so that it does not depend on who looks.
pub(super) fn due_at(from: Timestamp, span: &Span) -> Option<Timestamp> {
    calendar::after(from, span, &Zone::utc())
}

fn is(verdict: &Verdict, decision: Decision) -> bool {
    verdict.decision == decision
}

/// Different people who decided so. Few decide on a page, so comparing each with those before costs less than a set.
fn people<'a>(verdicts: impl Iterator<Item = &'a Verdict> + Clone, decision: Decision) -> usize {
    let of = verdicts.filter(move |verdict| is(verdict, decision));
    let first = |(index, verdict): &(usize, &Verdict)| {
        !of.clone().take(*index).any(|before| before.by.account == verdict.by.account)
    };
    of.clone().enumerate().filter(first).count()
}
