//! Picking transitions, edits, expiry, moving between workflows: rule by rule.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, account, defined, edit, page, selection, start, submission, text, tick};
use engine::ids::{PageVersion, StateId};
use engine::page::command::{Command, Move, PageNow};
use engine::page::event::{Cause, PageEvent};
use engine::page::refusal::Refusal;
use engine::wire::status::Decision::Approve;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const DAY: u64 = 24 * 3600 * 1000;

fn document() -> Value {
    json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true,
              "transitions": { "submit": { "to": "review", "comment": "required" },
                               "select": [{ "to": "withdrawn", "name": "Withdraw", "comment": "required", "who": { "roles": ["creator"] } }] } },
            { "id": "review", "name": "Review", "approvals": [{
                "id": "a", "name": "A", "reviewers": { "users": ["anna"] }, "meaning": "Yes.", "meaning_of_rejection": "No.", "due": "P3D" }],
              "transitions": { "approved": "done", "rejected": "draft", "updated": "stay" } },
            { "id": "done", "name": "Done", "final": true, "expiry": { "after": "P1Y", "on_date": "Review date" },
              "transitions": { "updated": "previous", "expired": "again" } },
            { "id": "again", "name": "Needs review", "transitions": { "select": ["done"], "submit": "review" } },
            { "id": "withdrawn", "name": "Withdrawn", "final": true, "transitions": { "updated": "initial" } }
        ]
    })
}

fn draft() -> Page {
    let mut it = Page::of(defined(&document()));
    it.run(&start(1));
    it
}

fn submitted() -> Page {
    let mut it = draft();
    let mut command = submission("author", page(1, 1));
    command.comment = Some(text("please"));
    it.run(&Command::Submit(Box::new(command)));
    it
}

fn done() -> Page {
    let mut it = submitted();
    it.decide_on("a", common::person("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
    it
}

fn dated(version: u32, content: u32, date: &str) -> PageNow {
    let mut page = page(version, content);
    page.dates.insert("Review date".into(), date.parse().unwrap());
    page
}

#[test]
fn a_transition_is_picked_by_whom_it_names_with_a_word_where_one_is_asked_for() {
    let mut it = draft();
    let mut command = selection("ben", "withdrawn", page(1, 1), it.state_seq());
    assert_eq!(it.try_run(&Command::Select(Box::new(command.clone()))), Err(Refusal::NotForYou));
    command.person.account = account("author");
    assert_eq!(it.try_run(&Command::Select(Box::new(command.clone()))), Err(Refusal::CommentRequired));
    command.comment = Some(text("not needed any more"));
    let events = it.try_run(&Command::Select(Box::new(command))).unwrap();
    assert!(matches!(&events[0], PageEvent::Edited { .. } | PageEvent::Selected { .. }));
    assert_eq!(it.state(), "withdrawn");
}

#[test]
fn a_transition_the_state_does_not_offer_is_refused() {
    let mut it = draft();
    let command = selection("author", "done", page(1, 1), it.state_seq());
    assert!(matches!(it.try_run(&Command::Select(Box::new(command))), Err(Refusal::WrongState { .. })));
}

#[test]
fn who_picks_by_an_old_screen_is_told() {
    let mut it = done();
    let old = it.state_seq();
    it.after(400);
    it.run(&tick(Some(page(1, 1))));
    assert_eq!(it.state(), "again");
    let command = selection("author", "done", page(1, 1), old);
    assert!(matches!(it.try_run(&Command::Select(Box::new(command))), Err(Refusal::WrongState { .. })));
}

#[test]
fn picking_a_final_state_claims_no_approval() {
    let mut it = done();
    it.after(400);
    it.run(&tick(Some(page(1, 1))));
    let command = selection("author", "done", page(2, 2), it.state_seq());
    it.run(&Command::Select(Box::new(command)));
    assert_eq!(it.state(), "done");
    let fold = it.fold.unwrap();
    assert_eq!(fold.approved.as_ref().unwrap().version, PageVersion(1));
    assert!(fold.changed_since_approval());
}

#[test]
fn an_edit_during_a_review_that_stays_leads_to_the_start() {
    let mut it = submitted();
    it.run(&edit(2, 2, None));
    assert_eq!(it.state(), "draft");
    assert!(it.fold.unwrap().review.is_none());
}

#[test]
fn an_edit_that_leads_to_the_previous_state_reviews_the_new_version() {
    let mut it = done();
    it.run(&edit(2, 2, None));
    assert_eq!(it.state(), "review");
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    assert_eq!((review.version, review.submitted_by.is_none()), (PageVersion(2), true));
    it.decide_on("a", common::person("anna"), Approve, page(2, 2)).unwrap();
    assert_eq!(it.state(), "done");
    assert_eq!(it.fold.unwrap().approved.unwrap().version, PageVersion(2));
}

#[test]
fn a_state_expires_after_its_time_and_not_before() {
    let mut it = done();
    let entered = it.fold.as_ref().unwrap().entered_at.millis();
    assert_eq!(it.fold.as_ref().unwrap().expires_at.unwrap().millis(), entered + 365 * DAY);
    it.now = entered + 365 * DAY - 1;
    assert_eq!(it.decided(&tick(Some(page(1, 1)))), Ok(vec![]));
    it.now += 1;
    it.run(&tick(Some(page(1, 1))));
    assert_eq!(it.state(), "again");
    let (_, _, last) = it.events.last().unwrap();
    assert!(matches!(last, PageEvent::StateEntered { cause: Cause::Expired, .. }));
    assert_eq!(it.fold.unwrap().approved.unwrap().version, PageVersion(1), "what was approved stays approved");
}

#[test]
fn a_date_on_the_page_goes_first_and_an_edit_moves_it() {
    let mut it = submitted();
    it.decide_on("a", common::person("anna"), Approve, dated(1, 1, "1970-06-01")).unwrap();
    let first = it.fold.as_ref().unwrap().expires_at.unwrap().millis();
    assert_eq!(first, 151 * DAY);
    // An edit would lead out of "done" here; in a state that stays it moves the date.
    it.definition.states[2].transitions.updated = engine::workflow::definition::Updated::Stay;
    let Command::RecordEdit(mut edited) = edit(2, 2, None) else { unreachable!() };
    edited.page = dated(2, 2, "1970-07-01");
    it.run(&Command::RecordEdit(edited));
    assert_eq!(it.fold.as_ref().unwrap().expires_at.unwrap().millis(), 181 * DAY);
    // The clock never trusts an old date: it asks for the page.
    it.now = 151 * DAY;
    assert_eq!(it.decided(&tick(None)), Ok(vec![]));
    it.now = 181 * DAY;
    assert!(matches!(it.decided(&tick(None)), Err(Refusal::Unknown(needs)) if needs.page));
    it.run(&tick(Some(dated(2, 2, "1970-07-01"))));
    assert_eq!(it.state(), "again");
}

#[test]
fn a_date_long_past_leaves_a_day() {
    let mut it = submitted();
    it.now = 500 * DAY;
    it.decide_on("a", common::person("anna"), Approve, dated(1, 1, "1970-01-02")).unwrap();
    let fold = it.fold.unwrap();
    assert_eq!(fold.expires_at.unwrap().millis(), fold.entered_at.millis() + DAY);
}

#[test]
fn a_due_date_is_recorded_once() {
    let mut it = submitted();
    it.after(2);
    assert_eq!(it.decided(&tick(None)), Ok(vec![]));
    it.after(1);
    assert!(matches!(it.try_run(&tick(None)).unwrap()[..], [PageEvent::ReviewDue { .. }]));
    assert_eq!(it.decided(&tick(None)), Ok(vec![]));
    it.decide_on("a", common::person("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done", "late is not too late");
}

#[test]
fn the_clock_records_an_edit_it_finds_before_anything_else() {
    let mut it = done();
    it.after(400);
    it.run(&tick(Some(page(2, 2))));
    assert_eq!(it.state(), "review");
    assert!(it.fold.unwrap().changed_since_approval());
}

fn moved(it: &mut Page, document: &Value, version: u32, states: &[(&str, &str)]) -> Result<Vec<PageEvent>, Refusal> {
    it.definition = defined(document);
    it.version = version;
    let states: BTreeMap<StateId, StateId> =
        states.iter().map(|(from, to)| (StateId::new(*from), StateId::new(*to))).collect();
    let fold = it.fold.as_ref().unwrap();
    let now = page(fold.latest.version.0, fold.latest.version.0);
    it.try_run(&Command::Move(Box::new(Move { states, page: now, by: Some(common::signatory("sam")) })))
}

#[test]
fn a_moved_page_keeps_its_state_and_what_was_approved() {
    let mut it = done();
    moved(&mut it, &document(), 2, &[]).unwrap();
    let fold = it.fold.as_ref().unwrap();
    assert_eq!((fold.workflow_version, fold.state.id.as_str()), (2, "done"));
    assert_eq!(fold.approved.as_ref().unwrap().version, PageVersion(1));
    assert_eq!(moved(&mut it, &document(), 2, &[]), Ok(vec![]), "moving again moves nothing");
}

#[test]
fn a_moved_page_goes_where_its_state_is_mapped_or_to_the_start() {
    let mut other = document();
    other["states"][4]["id"] = json!("retired");
    other["states"][4]["name"] = json!("Retired");
    other["states"][0]["transitions"]["select"][0]["to"] = json!("retired");
    let withdrawn = || {
        let mut it = draft();
        let mut command = selection("author", "withdrawn", page(1, 1), it.state_seq());
        command.comment = Some(text("no"));
        it.run(&Command::Select(Box::new(command)));
        it
    };
    let mut it = withdrawn();
    moved(&mut it, &other, 2, &[("withdrawn", "retired")]).unwrap();
    assert_eq!(it.state(), "retired");
    let mut it = withdrawn();
    moved(&mut it, &other, 2, &[]).unwrap();
    assert_eq!(it.state(), "draft");
}

#[test]
fn a_review_of_a_moved_page_begins_anew_for_the_same_submitter() {
    let mut it = submitted();
    moved(&mut it, &document(), 2, &[]).unwrap();
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    assert!(review.decisions.is_empty());
    assert_eq!(review.submitted_by.as_ref().unwrap().account, account("author"));
    it.decide_on("a", common::person("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn a_page_that_moved_on_is_not_moved_before_its_edit_is_recorded() {
    let mut it = done();
    it.version = 2;
    let command = Move { states: BTreeMap::new(), page: page(2, 2), by: None };
    let refused = it.try_run(&Command::Move(Box::new(command)));
    assert_eq!(refused, Err(Refusal::PageMoved { now: PageVersion(2) }));
}

#[test]
fn a_page_taken_out_keeps_its_approval_as_long_as_nobody_edits() {
    let mut it = done();
    it.run(&Command::End { by: Some(common::signatory("sam")) });
    assert!(it.fold.as_ref().unwrap().ended);
    assert_eq!(it.try_run(&Command::End { by: None }), Err(Refusal::NotUnderWorkflow));
    it.after(400);
    assert_eq!(it.decided(&tick(None)), Ok(vec![]));
    it.run(&edit(2, 2, None));
    assert!(it.fold.as_ref().unwrap().changed_since_approval());
    it.run(&start(2));
    let fold = it.fold.as_ref().unwrap();
    assert!(!fold.ended && fold.approved.is_some());
    assert_eq!(it.state(), "draft");
}

#[test]
fn content_first_seen_by_a_review_of_the_clock_is_remembered() {
    let mut with_expiry = document();
    with_expiry["states"][0]["expiry"] = json!({ "after": "P30D" });
    with_expiry["states"][0]["transitions"]["expired"] = json!("review");
    let mut it = Page::of(defined(&with_expiry));
    it.run(&start(1));
    it.after(31);
    it.run(&tick(Some(page(1, 1))));
    assert_eq!(it.state(), "review");
    it.decide_on("a", common::person("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
    // Only an attachment changes: the version stays, the claim does not.
    it.run(&edit(1, 2, None));
    assert!(it.fold.unwrap().changed_since_approval());
}
