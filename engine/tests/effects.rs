//! What a change of a page causes: who is told, and who is not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, account, defined, edit, page, person, reassignment, start, submit, tick};
use engine::effect::{Effect, MAILED_AT_ONCE, of_page_change};
use engine::ids::{PageId, Seq};
use engine::page::command::Command;
use engine::wire::status::Decision;
use serde_json::{Value, json};

const DAY: u64 = 24 * 3600 * 1000;

fn document(users: &[&str]) -> Value {
    json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true, "transitions": { "submit": "review" } },
            {
                "id": "review", "name": "Review",
                "approvals": [
                    { "id": "first", "name": "First", "reviewers": { "users": users }, "due": "P7D", "delegate": true,
                      "meaning": "Yes.", "meaning_of_rejection": "No." },
                    { "id": "second", "name": "Second", "reviewers": { "users": ["carla"] }, "after": ["first"],
                      "meaning": "Yes.", "meaning_of_rejection": "No." }
                ],
                "transitions": { "approved": "done", "rejected": "draft" }
            },
            { "id": "done", "name": "Done", "expiry": { "after": "P30D" }, "transitions": { "expired": "draft", "updated": "draft" } }
        ]
    })
}

/// Runs a command and says what it causes.
fn caused(one: &mut Page, run: impl FnOnce(&mut Page)) -> Vec<Effect> {
    let (before, known) = (one.fold.clone(), one.events.len());
    run(one);
    let events: Vec<_> = one.events[known..].iter().map(|(_, _, event)| event.clone()).collect();
    of_page_change(&PageId::new("7"), before.as_ref(), one.fold.as_ref().unwrap(), &events)
}

fn asked(effects: &[Effect]) -> Vec<&str> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::MailReviewAsked { person, .. } => Some(person.as_str()),
            _ => None,
        })
        .collect()
}

fn has(effects: &[Effect], name: &str) -> bool {
    effects.iter().any(|effect| effect.name() == name)
}

fn submitted(users: &[&str]) -> (Page, Vec<Effect>) {
    let mut one = Page::of(defined(&document(users)));
    one.run(&start(1));
    let effects = caused(&mut one, |one| one.run(&submit("author", page(1, 1))));
    (one, effects)
}

#[test]
fn who_is_asked_is_told_when_their_turn_has_come() {
    let (mut one, effects) = submitted(&["anna", "ben", "author"]);
    assert_eq!(asked(&effects), ["anna", "ben"], "not who waits for others, and not who asked");
    assert!(has(&effects, "timers"));
    let effects = caused(&mut one, |one| {
        one.decide_on("first", person("anna"), Decision::Approve, page(1, 1)).unwrap();
    });
    assert_eq!(asked(&effects), ["carla"]);
    let effects = caused(&mut one, |one| {
        one.decide_on("second", person("carla"), Decision::Approve, page(1, 1)).unwrap();
    });
    assert!(asked(&effects).is_empty() && has(&effects, "kv-copy") && !has(&effects, "timers"));
    assert!(caused(&mut one, |_| {}).is_empty(), "nothing happened, nothing follows");
}

#[test]
fn whoever_is_put_in_a_place_is_told_at_once_or_when_its_turn_comes() {
    let (mut one, _) = submitted(&["anna", "ben"]);
    let effects = caused(&mut one, |one| {
        one.run(&Command::Reassign(Box::new(reassignment("anna", "first", Some("anna"), "dora"))));
    });
    assert_eq!(asked(&effects), ["dora"]);
}

#[test]
fn a_large_roster_is_not_mailed_as_a_whole() {
    let many: Vec<String> = (0..80).map(|n| format!("p{n:02}")).collect();
    let (_, effects) = submitted(&many.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(asked(&effects).len(), MAILED_AT_ONCE);
}

#[test]
fn whoever_submitted_is_told_that_the_due_date_has_come() {
    let (mut one, _) = submitted(&["anna", "ben"]);
    one.after(7);
    let effects = caused(&mut one, |one| one.run(&tick(None)));
    let told: Vec<_> = effects.iter().filter(|effect| effect.name() == "mail-overdue").collect();
    assert!(matches!(told.as_slice(), [Effect::MailOverdue { person, .. }] if *person == account("author")));
    assert!(asked(&effects).is_empty());
}

#[test]
fn an_expiry_is_told_with_the_state_it_ended() {
    let (mut one, _) = submitted(&["anna"]);
    one.decide_on("first", person("anna"), Decision::Approve, page(1, 1)).unwrap();
    one.decide_on("second", person("carla"), Decision::Approve, page(1, 1)).unwrap();
    one.now += 31 * DAY;
    let effects = caused(&mut one, |one| one.run(&tick(None)));
    let seq = one.fold.as_ref().unwrap().seq;
    assert!(effects.contains(&Effect::MailExpired { page: PageId::new("7"), state: "Done".to_owned(), seq }));
    assert_eq!(one.state(), "draft");
    let effects = caused(&mut one, |one| one.run(&edit(2, 2, None)));
    assert!(!has(&effects, "mail-expired") && seq > Seq(0));
}
