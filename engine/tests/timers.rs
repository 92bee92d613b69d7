//! The timers of pages under real definitions.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, account, defined, page, person, reassignment, start, submit, tick};
use engine::ids::{ApprovalId, Seq};
use engine::page::command::Command;
use engine::page::event::PageEvent;
use engine::time::Timestamp;
use engine::timer::{Timer, TimerKind, WHEN_DUE, Zones, decisive, reminds, timers_of};
use engine::wire::status::Decision;
use serde_json::{Value, json};

const DAY: u64 = 24 * 3600 * 1000;
/// 2 March 2026, 10:00 UTC.
const MONDAY: u64 = 1_772_445_600_000;

fn document() -> Value {
    json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true, "transitions": { "submit": "review" } },
            {
                "id": "review", "name": "Review",
                "approvals": [
                    {
                        "id": "first", "name": "First", "reviewers": { "users": ["anna", "ben"] }, "mode": "all",
                        "due": "P7D", "remind": ["P2D", "P1D"], "delegate": true,
                        "meaning": "Yes.", "meaning_of_rejection": "No."
                    },
                    {
                        "id": "second", "name": "Second", "reviewers": { "users": ["carla"] }, "after": ["first"],
                        "due": "P3D", "meaning": "Yes.", "meaning_of_rejection": "No."
                    }
                ],
                "transitions": { "approved": "done", "rejected": "draft" }
            },
            {
                "id": "done", "name": "Done", "expiry": { "after": "P30D" },
                "transitions": { "expired": "draft", "updated": "draft" }
            }
        ]
    })
}

fn under_review() -> Page {
    let mut one = Page::of(defined(&document()));
    one.now = MONDAY;
    one.run(&start(1));
    one.now = MONDAY;
    one.run(&submit("author", page(1, 1)));
    one
}

fn timers(one: &Page, zones: &Zones) -> Vec<Timer> {
    timers_of(one.fold.as_ref().unwrap(), &one.definition, zones)
}

fn reminders_of(one: &Page, who: &str, zones: &Zones) -> Vec<(String, u32, u64)> {
    let of = |timer: Timer| match timer.kind {
        TimerKind::Reminder { approval, person, nth } if person.as_str() == who => {
            Some((approval.as_str().to_owned(), nth, timer.at.0))
        }
        _ => None,
    };
    timers(one, zones).into_iter().filter_map(of).collect()
}

fn due(approval: &str, at: u64) -> Timer {
    Timer { at: Timestamp(at), kind: TimerKind::Due { approval: ApprovalId::new(approval) } }
}

#[test]
fn each_who_is_asked_is_reminded_by_their_own_clock() {
    let one = under_review();
    let zones = Zones::from([(account("ben"), "America/New_York".parse().unwrap())]);
    let first = "first".to_owned();
    let nine = MONDAY - 3600 * 1000;
    assert_eq!(
        reminders_of(&one, "anna", &zones),
        [
            (first.clone(), 1, nine + 5 * DAY),
            (first.clone(), 2, nine + 6 * DAY),
            (first.clone(), WHEN_DUE, MONDAY + 7 * DAY),
        ]
    );
    // New York: 14:00 UTC until 8 March, 13:00 from then on; nobody is told at six in the morning.
    let hour = 3600 * 1000;
    assert_eq!(
        reminders_of(&one, "ben", &zones),
        [
            (first.clone(), 1, MONDAY + 5 * DAY + 4 * hour),
            (first.clone(), 2, MONDAY + 6 * DAY + 3 * hour),
            (first, WHEN_DUE, MONDAY + 7 * DAY + 3 * hour),
        ]
    );
    assert!(reminders_of(&one, "carla", &zones).is_empty(), "she is not asked yet");
    assert_eq!(decisive(one.fold.as_ref().unwrap()), [due("first", MONDAY + 7 * DAY)]);
    assert!(timers(&one, &zones).is_sorted());
}

#[test]
fn who_has_decided_is_left_alone_and_who_is_asked_next_is_reminded() {
    let mut one = under_review();
    let zones = Zones::new();
    one.decide_on("first", person("anna"), Decision::Approve, page(1, 1)).unwrap();
    assert!(reminders_of(&one, "anna", &zones).is_empty());
    assert_eq!(reminders_of(&one, "ben", &zones).len(), 3);
    one.now = MONDAY + DAY;
    one.decide_on("first", person("ben"), Decision::Approve, page(1, 1)).unwrap();
    assert!(reminders_of(&one, "ben", &zones).is_empty());
    assert_eq!(reminders_of(&one, "carla", &zones), [("second".to_owned(), WHEN_DUE, MONDAY + 4 * DAY)]);
    assert_eq!(decisive(one.fold.as_ref().unwrap()), [due("second", MONDAY + 4 * DAY)]);
    one.decide_on("second", person("carla"), Decision::Approve, page(1, 1)).unwrap();
    let entered = one.fold.as_ref().unwrap().entered_at;
    let expiry = Timer { at: Timestamp(entered.0 + 30 * DAY), kind: TimerKind::Expiry };
    assert_eq!(timers(&one, &zones), [expiry], "the state expires; nobody is asked any more");
    assert!(!reminds(one.fold.as_ref().unwrap()));
}

#[test]
fn whoever_takes_a_seat_takes_its_reminders() {
    let mut one = under_review();
    one.run(&Command::Reassign(Box::new(reassignment("anna", "first", Some("anna"), "dora"))));
    let zones = Zones::new();
    assert!(reminders_of(&one, "anna", &zones).is_empty());
    assert_eq!(reminders_of(&one, "dora", &zones).len(), 3);
}

#[test]
fn a_due_date_that_was_told_needs_no_clock_but_people_may_still_be_told() {
    let mut one = under_review();
    one.now = MONDAY + 7 * DAY;
    let events = one.try_run(&tick(None)).unwrap();
    assert!(matches!(events.as_slice(), [PageEvent::ReviewDue { .. }]));
    assert!(decisive(one.fold.as_ref().unwrap()).is_empty());
    let zones = Zones::from([(account("ben"), "America/New_York".parse().unwrap())]);
    assert_eq!(reminders_of(&one, "ben", &zones).len(), 3, "it is six in the morning there");
}

#[test]
fn a_page_taken_out_has_no_timers() {
    let mut one = under_review();
    one.run(&Command::End { by: None });
    assert!(timers(&one, &Zones::new()).is_empty());
    assert!(one.state_seq() > Seq(0));
}
