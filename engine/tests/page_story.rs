//! A page's life under the built-in workflow, rule by rule.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, edit, page, start, submission, submit, verdict};
use engine::ids::{GroupId, PageVersion};
use engine::page::command::Command;
use engine::page::event::PageEvent;
use engine::page::refusal::{Excluded, Refusal};
use engine::token::policy::Policy;
use engine::wire::status::Decision::{Approve, Reject};

fn in_review(minimum: u32) -> Page {
    let mut it = Page::new(minimum);
    it.run(&start(1));
    it.run(&submit("author", page(1, 1)));
    it
}

fn approved() -> Page {
    let mut it = in_review(1);
    it.decide("anna", Approve, page(1, 1)).unwrap();
    it
}

#[test]
fn from_draft_to_approved() {
    let it = approved();
    let fold = it.fold.as_ref().unwrap();
    assert_eq!(it.state(), "approved");
    let approved = fold.approved.as_ref().unwrap();
    assert_eq!((approved.version, approved.signatures.len()), (PageVersion(1), 1));
    assert!(!fold.changed_since_approval());
    assert!(fold.review.is_none());
}

#[test]
fn a_page_starts_once() {
    let mut it = in_review(1);
    assert_eq!(it.try_run(&start(1)), Ok(vec![]));
}

#[test]
fn submitting_starts_a_page_whose_events_were_lost() {
    let mut it = Page::new(1);
    it.run(&submit("author", page(3, 1)));
    assert!(matches!(it.events[0].2, PageEvent::WorkflowStarted { .. }));
    assert_eq!(it.state(), "in-review");
}

#[test]
fn submitting_records_an_edit_whose_event_is_on_its_way() {
    let mut it = approved();
    it.run(&submit("author", page(2, 2)));
    let kinds: Vec<_> = it.events.iter().rev().take(4).map(|(_, _, event)| event.clone()).collect();
    assert!(matches!(kinds[3], PageEvent::Edited { .. }));
    assert_eq!(it.state(), "in-review");
    let fold = it.fold.as_ref().unwrap();
    assert_eq!(fold.review.as_ref().unwrap().version, PageVersion(2));
    assert_eq!(fold.approved.as_ref().unwrap().version, PageVersion(1));
}

#[test]
fn submitting_needs_the_right_state_and_the_right_to_edit() {
    let mut it = in_review(1);
    assert!(matches!(it.try_run(&submit("author", page(1, 1))), Err(Refusal::WrongState { .. })));
    let mut it = Page::new(1);
    let mut command = submission("author", page(1, 1));
    command.person.may_edit = false;
    assert_eq!(it.try_run(&Command::Submit(Box::new(command))), Err(Refusal::MayNotEdit));
}

#[test]
fn a_minimum_of_two_needs_two_people() {
    let mut it = in_review(2);
    it.decide("anna", Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "in-review");
    assert_eq!(it.decide("anna", Approve, page(1, 1)), Err(Refusal::AlreadyDecided));
    it.decide("ben", Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "approved");
    assert_eq!(it.fold.unwrap().approved.unwrap().signatures.len(), 2);
}

#[test]
fn one_rejection_ends_the_review() {
    let mut it = in_review(2);
    it.decide("anna", Approve, page(1, 1)).unwrap();
    it.decide("ben", Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "draft");
    let fold = it.fold.as_ref().unwrap();
    assert!(fold.review.is_none() && fold.approved.is_none());
}

#[test]
fn a_rejection_must_be_explained() {
    let mut it = in_review(1);
    let mut command = verdict("anna", Reject, page(1, 1), it.state_seq());
    command.comment = None;
    assert_eq!(it.try_run(&Command::Decide(Box::new(command))), Err(Refusal::CommentRequired));
}

#[test]
fn the_author_may_not_decide() {
    let mut it = in_review(1);
    assert_eq!(it.decide("author", Approve, page(1, 1)), Err(Refusal::Excluded(Excluded::LastEditor)));
    let mut it = Page::new(1);
    it.run(&submit("carla", page(1, 1)));
    assert_eq!(it.decide("carla", Approve, page(1, 1)), Err(Refusal::Excluded(Excluded::Submitter)));
}

#[test]
fn who_is_not_asked_may_not_decide() {
    let mut it = in_review(1);
    let mut command = verdict("tom", Approve, page(1, 1), it.state_seq());
    command.reviewer.groups = [GroupId::new("everybody")].into();
    assert_eq!(it.try_run(&Command::Decide(Box::new(command))), Err(Refusal::NotReviewer));
}

#[test]
fn only_the_content_under_review_can_be_decided_on() {
    let mut it = in_review(1);
    assert_eq!(it.decide("anna", Approve, page(2, 1)), Err(Refusal::PageMoved { now: PageVersion(2) }));
    assert_eq!(it.decide("anna", Approve, page(1, 2)), Err(Refusal::PageMoved { now: PageVersion(1) }));
}

#[test]
fn a_review_started_anew_needs_a_new_challenge() {
    let mut it = in_review(1);
    let old = it.state_seq();
    it.decide("anna", Reject, page(1, 1)).unwrap();
    it.run(&submit("author", page(1, 1)));
    let command = verdict("anna", Approve, page(1, 1), old);
    assert_eq!(it.try_run(&Command::Decide(Box::new(command))), Err(Refusal::ReviewRestarted));
}

#[test]
fn the_meaning_is_the_definitions() {
    let mut it = in_review(1);
    let mut command = verdict("anna", Approve, page(1, 1), it.state_seq());
    command.meaning = "I saw it.".to_owned();
    assert_eq!(it.try_run(&Command::Decide(Box::new(command))), Err(Refusal::WrongMeaning));
}

#[test]
fn no_decision_without_the_proof_the_policy_asks_for() {
    for decision in [Approve, Reject] {
        let mut it = in_review(1);
        let mut command = verdict("anna", decision, page(1, 1), it.state_seq());
        command.proof.factor = None;
        assert_eq!(it.try_run(&Command::Decide(Box::new(command.clone()))), Err(Refusal::ProofMissing));
        command.policy = Policy { rules: vec![], ..command.policy };
        assert!(it.try_run(&Command::Decide(Box::new(command))).is_ok());
    }
}

#[test]
fn a_challenge_of_another_policy_is_no_proof() {
    let mut it = in_review(1);
    let mut command = verdict("anna", Approve, page(1, 1), it.state_seq());
    command.policy.version = 2;
    assert_eq!(it.try_run(&Command::Decide(Box::new(command))), Err(Refusal::ProofMissing));
}

#[test]
fn an_edit_ends_the_review_and_outdates_the_approval() {
    let mut it = in_review(2);
    it.decide("anna", Approve, page(1, 1)).unwrap();
    it.run(&edit(2, 2, Some(it.now)));
    assert_eq!(it.state(), "draft");
    assert!(it.fold.as_ref().unwrap().review.is_none());

    let mut it = approved();
    it.run(&edit(2, 2, Some(it.now)));
    assert_eq!(it.state(), "draft");
    let fold = it.fold.as_ref().unwrap();
    assert_eq!(fold.approved.as_ref().unwrap().version, PageVersion(1));
    assert!(fold.changed_since_approval());
}

#[test]
fn a_changed_attachment_is_an_edit() {
    let mut it = approved();
    it.run(&edit(1, 2, None));
    assert_eq!(it.state(), "draft");
    assert!(it.fold.unwrap().changed_since_approval());
}

#[test]
fn old_news_change_nothing() {
    let mut it = approved();
    it.run(&edit(3, 3, None));
    let head = it.fold.as_ref().unwrap().seq;
    for (version, content) in [(1, 1), (2, 2), (3, 3)] {
        assert_eq!(it.try_run(&edit(version, content, None)), Ok(vec![]));
    }
    assert_eq!(it.fold.unwrap().seq, head);
}

#[test]
fn an_approval_recorded_after_the_page_had_moved_is_void() {
    let mut it = approved();
    let approved_at = it.fold.as_ref().unwrap().approved.as_ref().unwrap().at.0;
    let events = it.try_run(&edit(2, 2, Some(approved_at - 1))).unwrap();
    assert!(events.iter().any(|event| matches!(event, PageEvent::ApprovalVoided { .. })));
    assert!(it.fold.as_ref().unwrap().approved.is_none());
    assert_eq!(it.state(), "draft");
}

#[test]
fn an_edit_of_a_page_not_under_the_workflow_is_nothing() {
    assert_eq!(Page::new(1).try_run(&edit(2, 2, None)), Ok(vec![]));
}

#[test]
fn to_stay_keeps_the_state_but_never_the_claim() {
    let mut it = approved();
    it.definition.states[2].transitions.updated = engine::workflow::definition::Updated::Stay;
    it.run(&edit(2, 2, None));
    assert_eq!(it.state(), "approved");
    assert!(it.fold.unwrap().changed_since_approval());
}

#[test]
fn the_fold_names_every_text_it_shows() {
    let it = approved();
    let texts = it.fold.unwrap().texts();
    for needed in ["text-anna", "text-author", "text-because"] {
        assert!(texts.iter().any(|text| text.as_str() == needed), "{needed}");
    }
}
