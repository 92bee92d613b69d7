//! What the clock has to do, and when.
//!
//! Timers are no truth of their own: those of a page follow from its fold, the definition and the time zones of the people
//! asked, and can be made again at any time. The clock carries nothing out by a timer alone: a page's expiry and due dates
//! are decided on anew ([`Command::Tick`](crate::page::command::Command::Tick)), and whether somebody still has to be
//! reminded is looked up when the mail is written.

use crate::calendar::{self, CivilDate, Span, Weekday, Zone};
use crate::ids::{AccountId, ApprovalId};
use crate::page::fold::{ApprovalNow, PageFold, Review};
use crate::page::tally::Outcome;
use crate::time::Timestamp;
use crate::wire::me::Digest;
use crate::workflow::definition::Definition;
use std::collections::{BTreeMap, BTreeSet};

/// When people are reminded, by their own clocks.
const MORNING: u8 = 9;
/// When they get the list of what waits for them: before the reminders of the day.
const DIGEST_HOUR: u8 = 8;
/// The number of a reminder that says that the due date has come.
pub const WHEN_DUE: u32 = 0;

/// People's time zones, as far as they are known. UTC stands for the others.
pub type Zones = BTreeMap<AccountId, Zone>;

/// Something to be done at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timer {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: TimerKind,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimerKind {
    /// The page's state expires.
    Expiry,
    /// An approval's due date comes.
    Due {
        /// Which.
        approval: ApprovalId,
    },
    /// Somebody who has not decided is reminded.
    Reminder {
        /// Of which approval.
        approval: ApprovalId,
        /// Who.
        person: AccountId,
        /// [`WHEN_DUE`], or the place, from 1, among the approval's reminders in the definition.
        nth: u32,
    },
    /// Somebody gets the list of what waits for them.
    Digest {
        /// Who.
        person: AccountId,
    },
}

/// The timers of a page, the earliest first.
#[must_use]
pub fn timers_of(fold: &PageFold, definition: &Definition, zones: &Zones) -> Vec<Timer> {
    let mut timers = decisive(fold);
    if let (false, Some(review)) = (fold.ended, &fold.review) {
        let state = definition.state(&fold.state.id);
        for now in pending(review) {
            let remind = state.and_then(|state| state.approval(&now.asked.id)).map_or(&[][..], |one| &one.remind);
            timers.extend(reminders(review, now, remind, zones));
        }
    }
    timers.sort_unstable();
    timers
}

/// Those of a page's timers that move it: they depend on nobody's time zone.
#[must_use]
pub fn decisive(fold: &PageFold) -> Vec<Timer> {
    if fold.ended {
        return Vec::new();
    }
    let expiry = fold.expires_at.map(|at| Timer { at, kind: TimerKind::Expiry });
    let due = fold
        .review
        .iter()
        .flat_map(pending)
        .filter(|now| !now.due_told)
        .filter_map(|now| Some(Timer { at: now.due_at?, kind: TimerKind::Due { approval: now.asked.id.clone() } }));
    let mut timers: Vec<Timer> = expiry.into_iter().chain(due).collect();
    timers.sort_unstable();
    timers
}

/// Whether a page's people are reminded of anything, so that their time zones matter.
#[must_use]
pub fn reminds(fold: &PageFold) -> bool {
    !fold.ended && fold.review.iter().flat_map(pending).any(|now| now.due_at.is_some())
}

/// Those who are listed as asked for an approval and have not decided, nor anybody for them. Nobody where all that is missing
/// is the answer of somebody invited.
pub fn missing<'a>(review: &'a Review, now: &'a ApprovalNow) -> impl Iterator<Item = &'a AccountId> {
    let wait = review.outcome_of_accounts(now) == Outcome::Pending;
    let accounts = now.asked.people.iter().filter(move |_| wait).map(|asked| &asked.person.account);
    accounts.filter(|account| {
        !review.decisions.iter().any(|verdict| verdict.approval == now.asked.id && verdict.covers(account))
    })
}

/// When somebody gets the next list of what waits for them; [`None`] if they want none.
#[must_use]
pub fn next_digest(after: Timestamp, digest: Digest, zone: &Zone) -> Option<Timestamp> {
    match digest {
        Digest::Off => None,
        Digest::Daily => calendar::next_at_hour(after, DIGEST_HOUR, zone),
        Digest::Weekly => calendar::next_on_weekday(after, Weekday::Monday, DIGEST_HOUR, zone),
    }
}

/// Approvals that are asked for and not complete.
pub fn pending(review: &Review) -> impl Iterator<Item = &ApprovalNow> {
    review.approvals.iter().filter(|now| review.outcome(now) == Outcome::Pending)
}

fn reminders(review: &Review, now: &ApprovalNow, remind: &[Span], zones: &Zones) -> Vec<Timer> {
    let (Some(opened), Some(due)) = (now.opened_at, now.due_at) else { return Vec::new() };
    let utc = Zone::utc();
    let of_person = |person: &AccountId| {
        let zone = zones.get(person).unwrap_or(&utc);
        mornings(opened, due, remind, zone)
            .into_iter()
            .map(|(nth, at)| {
                let kind = TimerKind::Reminder { approval: now.asked.id.clone(), person: person.clone(), nth };
                Timer { at, kind }
            })
            .collect::<Vec<_>>()
    };
    missing(review, now).flat_map(of_person).collect()
}

/// When somebody with this time zone is reminded, never twice on one of their days.
///
/// Before the due date: at nine on the day that is so long before it. If that is over when the approval is asked for, the
/// next morning; if it is not before the due date, the morning before; if there is none between the two, at the moment
/// itself. A moment before the approval was asked for needs no reminder: the mail that asked was that.
/// Of the due date: when it comes, but not at night.
fn mornings(opened: Timestamp, due: Timestamp, remind: &[Span], zone: &Zone) -> Vec<(u32, Timestamp)> {
    let mut days = BTreeSet::new();
    let mut found: Vec<(u32, Timestamp)> = (1..)
        .zip(remind)
        .filter_map(|(nth, span)| Some((nth, morning(opened, due, calendar::before(due, span, zone)?, zone)?)))
        .collect();
    found.sort_by_key(|&(nth, at)| (at, nth));
    found.retain(|&(_, at)| takes_day(&mut days, at, zone));
    let mut told = calendar::at_hour_on_day_of(due, MORNING, zone).filter(|at| *at >= due).or(Some(due));
    while let Some(at) = told {
        if takes_day(&mut days, at, zone) {
            found.push((WHEN_DUE, at));
            break;
        }
        told = calendar::next_at_hour(at, MORNING, zone);
    }
    found
}

fn morning(opened: Timestamp, due: Timestamp, moment: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let between = |at: &Timestamp| opened < *at && *at < due;
    let that_day = calendar::at_hour_on_day_of(moment, MORNING, zone)?;
    let near = if that_day <= opened {
        calendar::next_at_hour(opened, MORNING, zone)
    } else if that_day >= due {
        Span::of_days(1)
            .and_then(|day| calendar::before(moment, &day, zone))
            .and_then(|eve| calendar::at_hour_on_day_of(eve, MORNING, zone))
    } else {
        Some(that_day)
    };
    near.filter(between).or_else(|| Some(moment).filter(between))
}

fn takes_day(days: &mut BTreeSet<CivilDate>, at: Timestamp, zone: &Zone) -> bool {
    calendar::day_of(at, zone).is_some_and(|day| days.insert(day))
}

#[cfg(test)]
#[path = "timer_tests.rs"]
mod tests;
