//! Rare turns of a page's life, each found by chance once and told here in full.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, account, defined, hash, page, person, selection, start, submission};
use engine::ids::{AccountId, GroupId, StateId};
use engine::page::command::{Command, Edit, Move, PageNow, Person, StandIn};
use engine::page::refusal::Refusal;
use engine::time::Timestamp;
use engine::wire::status::Decision::{Approve, Reject};
use engine::workflow::fault::Fault;
use engine::workflow::parse::{Parameters, check, parse};
use serde_json::{Value, json};

/// Draft → review → done, and an edit begins anew; the rest as given.
fn workflow(approval: &Value, draft: &Value) -> Value {
    let mut asked = json!({
        "id": "a", "name": "The a", "reviewers": { "groups": ["reviewers"] }, "meaning": "Yes.", "meaning_of_rejection": "No."
    });
    asked.as_object_mut().unwrap().extend(approval.as_object().unwrap().clone());
    json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true, "transitions": draft },
            { "id": "review", "name": "Review", "approvals": [asked],
              "transitions": { "approved": "done", "rejected": "draft", "updated": { "to": "draft" } } },
            { "id": "done", "name": "Done", "final": true, "transitions": { "updated": { "to": "review" } } }
        ]
    })
}

fn begun(approval: &Value, draft: &Value) -> Page {
    let mut it = Page::of(defined(&workflow(approval, draft)));
    it.world.group("reviewers", &["anna", "ben", "carla", "dora"]);
    it.run(&start(1));
    it
}

fn in_review(approval: &Value) -> Page {
    let mut it = begun(approval, &json!({ "submit": "review" }));
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    it
}

fn reviewer(of: &str, stands_in_for: &[&str]) -> Person {
    let groups = || [GroupId::new("reviewers")].into();
    let away = stands_in_for.iter().map(|away| StandIn { account: account(away), groups: groups() }).collect();
    Person { groups: groups(), stands_in_for: away, ..person(of) }
}

fn decisions(it: &Page) -> Vec<(&str, bool)> {
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    review.decisions.iter().map(|one| (one.by.account.as_str(), one.decision == Approve)).collect()
}

#[test]
fn an_approval_taken_back_no_longer_counts_for_whoever_they_stood_in() {
    let two = json!({ "mode": { "minimum": 2 }, "minimum_rejections": 3, "change_decision": true });
    let mut it = in_review(&two);
    it.decide_on("a", reviewer("anna", &["ben"]), Approve, page(1, 1)).unwrap();
    // Ben is back. Anna changes her mind: she is one pair of eyes, and it says no.
    it.decide_on("a", reviewer("anna", &[]), Reject, page(1, 1)).unwrap();
    assert_eq!(decisions(&it), [("anna", false)]);
    it.decide_on("a", reviewer("carla", &[]), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review", "one approval is not two");
    it.decide_on("a", reviewer("ben", &[]), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn where_seats_are_counted_a_changed_decision_leaves_the_other_seat_as_it_was() {
    let mut it = in_review(&json!({ "mode": "all", "minimum_rejections": 3, "change_decision": true }));
    it.decide_on("a", reviewer("anna", &["ben"]), Approve, page(1, 1)).unwrap();
    it.decide_on("a", reviewer("anna", &[]), Reject, page(1, 1)).unwrap();
    assert_eq!(decisions(&it), [("anna", true), ("anna", false)]);
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    assert!(!review.decisions[0].for_self && review.decisions[0].for_others == [account("ben")].into());
    for who in ["carla", "dora"] {
        it.decide_on("a", reviewer(who, &[]), Approve, page(1, 1)).unwrap();
    }
    assert_eq!(it.state(), "review", "Anna's own seat says no");
    it.decide_on("a", reviewer("anna", &[]), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn where_people_are_counted_nobody_decides_twice_for_different_seats() {
    let mut it = in_review(&json!({ "mode": { "minimum": 3 } }));
    let only_for_ben = Person { groups: [].into(), ..reviewer("zoe", &["ben"]) };
    it.decide_on("a", only_for_ben, Approve, page(1, 1)).unwrap();
    // Zoe has become a member of the group.
    let again = it.decide_on("a", reviewer("zoe", &[]), Reject, page(1, 1));
    assert_eq!(again, Err(Refusal::AlreadyDecided));
}

fn written(version: u32, by: &str, contributors: &[&str]) -> PageNow {
    let contributors = contributors.iter().map(|one| account(one)).collect();
    PageNow { author: account(by), contributors, content_hash: hash(version), ..page(version, version) }
}

#[test]
fn whoever_wrote_what_was_approved_in_error_is_an_editor_since_the_last_approval() {
    let mut it = in_review(&json!({ "exclude": ["editors-since-approval"] }));
    let was = |it: &Page| -> AccountId { it.fold.as_ref().unwrap().review.as_ref().unwrap().author.clone() };
    assert_eq!(was(&it), account("author"));
    it.run(&Command::RecordEdit(Edit { page: written(2, "anna", &["anna", "author"]), by: Some(account("anna")) }));
    it.run(&Command::Submit(Box::new(submission("author", written(2, "anna", &["anna", "author"])))));
    it.decide_on("a", reviewer("ben", &[]), Approve, written(2, "anna", &["anna", "author"])).unwrap();
    assert_eq!(it.state(), "done");
    // A version that was there before the approval: the approval is void, and the edit begins a review at once.
    let mut late = written(3, "carla", &["carla"]);
    late.made_at = Timestamp(1);
    it.run(&Command::RecordEdit(Edit { page: late.clone(), by: Some(account("carla")) }));
    assert!(it.state() == "review" && it.fold.as_ref().unwrap().approved.is_none());
    let verdict = it.decide_on("a", reviewer("anna", &[]), Approve, late);
    assert!(matches!(verdict, Err(Refusal::Excluded(_) | Refusal::NotReviewer)), "{verdict:?}");
}

#[test]
fn a_picked_transition_begins_a_review_though_nobody_names_reviewers() {
    let reviewers = json!({ "reviewers": { "users": ["anna"], "assigned": {} } });
    let mut it = begun(&reviewers, &json!({ "select": ["review"] }));
    let command = selection("author", "review", page(1, 1), it.state_seq());
    it.run(&Command::Select(Box::new(command)));
    assert_eq!(it.state(), "review");
}

#[test]
fn a_review_that_only_its_author_could_decide_waits_for_somebody_else_to_be_asked() {
    let only_the_author = json!({ "reviewers": { "users": ["author"] }, "exclude": ["author"] });
    let mut it = in_review(&only_the_author);
    assert_eq!(it.state(), "review");
    let mut command = common::reassignment("dora", "a", None, "ben");
    command.person.space_admin = true;
    it.run(&Command::Reassign(Box::new(command)));
    it.decide_on("a", reviewer("ben", &[]), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn a_page_moved_in_its_state_still_goes_back_to_the_state_before_it() {
    let document = json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true, "transitions": { "select": ["kept"] } },
            { "id": "kept", "name": "Kept", "final": true, "transitions": { "updated": "previous" } }
        ]
    });
    let mut it = Page::of(defined(&document));
    it.run(&start(1));
    let command = selection("author", "kept", page(1, 1), it.state_seq());
    it.run(&Command::Select(Box::new(command)));
    it.version = 2;
    it.run(&Command::Move(Box::new(Move { states: [].into(), page: page(1, 1), by: None })));
    assert_eq!((it.state(), it.fold.as_ref().unwrap().previous.clone()), ("kept", Some(StateId::new("draft"))));
    it.run(&common::edit(2, 2, None));
    assert_eq!(it.state(), "draft", "an edited page does not stay in a final state");
}

#[test]
fn a_list_that_exclusions_may_empty_needs_somebody_who_may_reassign() {
    let list = |exclude: &str, reassign: Value| {
        let approval = json!({ "reviewers": { "users": ["anna"] }, "exclude": [exclude], "reassign": reassign });
        parse(&workflow(&approval, &json!({ "submit": "review" })), &Parameters::new()).map(|_| ())
    };
    for exclude in ["author", "editors-since-approval"] {
        assert_eq!(
            list(exclude, json!({})),
            Err(vec![Fault::new(
                "/states/1/approvals/0/reassign",
                "Those asked may all be kept from deciding by “exclude”, and nobody may ask others: the page could not go on.",
                "Say in “reassign” who may ask others, or ask a group as well.",
            )])
        );
        assert_eq!(list(exclude, json!({ "roles": ["creator"] })), Ok(()));
    }
    // Somebody else edits or submits.
    assert_eq!(list("last-editor", json!({})), Ok(()));
    assert_eq!(list("submitter", json!({})), Ok(()));
}

#[test]
fn where_a_picked_transition_begins_a_review_enough_are_asked_without_the_submitter() {
    let read = |reassign: Value| {
        let reviewers = json!({ "users": ["anna"], "assigned": {} });
        let approval = json!({ "reviewers": reviewers, "mode": { "minimum": 2 }, "reassign": reassign });
        parse(&workflow(&approval, &json!({ "select": ["review"] })), &Parameters::new()).map(|_| ())
    };
    assert_eq!(
        read(json!({})),
        Err(vec![Fault::new(
            "/states/1/approvals/0/reassign",
            "A page also comes here by “select”, where nobody names reviewers: too few could be asked, and nobody may ask others.",
            "Say in “reassign” who may ask others, or ask a group as well.",
        )])
    );
    assert_eq!(read(json!({ "roles": ["creator"] })), Ok(()));
}

#[test]
fn two_states_that_hand_a_page_back_to_each_other_are_warned_of() {
    let document = json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true, "transitions": { "select": ["done", "aside"] } },
            { "id": "aside", "name": "Aside", "transitions": { "select": ["apart"], "updated": "previous" } },
            { "id": "apart", "name": "Apart", "transitions": { "updated": "previous" } },
            { "id": "done", "name": "Done", "final": true, "transitions": { "updated": "draft" } }
        ]
    });
    let warnings = check(&document, &Parameters::new()).unwrap().warnings;
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("From “Aside” a page can never come to a final state."), "{said:?}");
}
