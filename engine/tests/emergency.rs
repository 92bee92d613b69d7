//! Emergency access: an admin decides in the reviewers' place, with another one, or alone after a day.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, account, page, person, proof, signatory, text, two_approvals};
use core::time::Duration;
use engine::audit::commitment::TextRef;
use engine::effect::{Effect, EmergencyStage, of_page_change};
use engine::ids::{ApprovalId, PageId, Seq};
use engine::page::command::{AskEmergency, Command, Confirmed, DecideEmergency};
use engine::page::decide::{ALONE_AFTER, MEANING_OF_EMERGENCY, REQUEST_LIFE};
use engine::page::event::{PageEvent, Proof};
use engine::page::fold::PageFold;
use engine::page::refusal::{Excluded, Refusal};
use engine::time::Timestamp;
use engine::token::policy::{Policy, Subject};
use engine::wire::status::Decision::{self, Approve, Reject};
use serde_json::json;

fn submitted() -> Page {
    let it = common::submitted(&two_approvals(&json!({ "mode": "all", "change_decision": true })));
    assert_eq!(it.state(), "review");
    it
}

fn confirmed(by: &str) -> Confirmed {
    Confirmed { proof: Some(proof()), policy: Policy::initial(), subject: Subject::plain(&account(by)) }
}

fn asking(it: &Page, by: &str, approval: &str, decision: Decision, alone: bool) -> AskEmergency {
    AskEmergency {
        by: signatory(by),
        approval: ApprovalId::new(approval),
        decision,
        page: page(1, 1),
        state_seq: it.state_seq(),
        reason: text("reason"),
        alone,
        confirmed: confirmed(by),
    }
}

fn ask(command: AskEmergency) -> Command {
    Command::AskEmergency(Box::new(command))
}

fn deciding(it: &Page, by: &str) -> DecideEmergency {
    let asked_seq = fold(it).review.as_ref().and_then(|review| review.emergency.as_ref()).map(|request| request.seq);
    DecideEmergency {
        by: signatory(by),
        asked_seq: asked_seq.unwrap_or_default(),
        page: page(1, 1),
        confirmed: confirmed(by),
    }
}

fn carry_out(command: DecideEmergency) -> Command {
    Command::DecideEmergency(Box::new(command))
}

fn later(it: &mut Page, span: Duration) {
    it.now = (Timestamp(it.now) + span).0;
}

fn fold(it: &Page) -> &PageFold {
    it.fold.as_ref().unwrap()
}

#[test]
fn two_admins_complete_an_approval_and_the_page_says_so() {
    let mut it = submitted();
    let command = ask(asking(&it, "sam", "first", Approve, false));
    it.run(&command);
    assert_eq!(it.state(), "review");
    let command = carry_out(deciding(&it, "kim"));
    it.run(&command);
    // The next approval is asked for: emergency access stands for one, not for all.
    assert_eq!(it.state(), "review");
    let review = fold(&it).review.as_ref().unwrap();
    assert!(review.emergency.is_none() && review.approval(&ApprovalId::new("second")).unwrap().opened_at.is_some());
    it.decide_on("second", person("anna"), Approve, page(1, 1)).unwrap();
    it.decide_on("second", person("ben"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
    let approved = fold(&it).approved.as_ref().unwrap();
    let emergency: Vec<_> =
        approved.signatures.iter().filter_map(|one| one.emergency.as_ref().zip(Some(one))).collect();
    assert_eq!(emergency.len(), 1);
    assert_eq!(emergency[0].0.asked_by.account, account("sam"));
    assert_eq!(emergency[0].1.by.account, account("kim"));
    assert_eq!(emergency[0].1.meaning, MEANING_OF_EMERGENCY);
}

#[test]
fn a_rejection_by_emergency_access_ends_the_review() {
    let mut it = submitted();
    it.decide_on("first", person("anna"), Approve, page(1, 1)).unwrap();
    let command = ask(asking(&it, "sam", "first", Reject, false));
    it.run(&command);
    let command = carry_out(deciding(&it, "kim"));
    it.run(&command);
    assert_eq!(it.state(), "draft");
    assert!(fold(&it).approved.is_none());
}

#[test]
fn nobody_seconds_themselves() {
    let mut it = submitted();
    let command = ask(asking(&it, "sam", "first", Approve, false));
    it.run(&command);
    later(&mut it, ALONE_AFTER * 2);
    let command = carry_out(deciding(&it, "sam"));
    assert_eq!(it.try_run(&command), Err(Refusal::NeedsSecond { alone_from: None }));
}

#[test]
fn who_is_alone_waits_a_day() {
    let mut it = submitted();
    let command = ask(asking(&it, "sam", "first", Reject, true));
    it.run(&command);
    let alone_from = Timestamp(it.now - 1_000) + ALONE_AFTER;
    let waiting = Err(Refusal::NeedsSecond { alone_from: Some(alone_from) });
    let command = carry_out(deciding(&it, "sam"));
    assert_eq!(it.try_run(&command), waiting);
    it.now = alone_from.0 - 1;
    let command = carry_out(deciding(&it, "sam"));
    assert_eq!(it.try_run(&command), waiting);
    it.now = alone_from.0;
    let command = carry_out(deciding(&it, "sam"));
    it.run(&command);
    assert_eq!(it.state(), "draft");
}

#[test]
fn separation_of_duties_holds_for_who_carries_it_out() {
    let mut it = submitted();
    let command = ask(asking(&it, "sam", "first", Approve, false));
    it.run(&command);
    let excluded = Err(Refusal::Excluded(Excluded::LastEditor));
    let command = carry_out(deciding(&it, "author"));
    assert_eq!(it.try_run(&command), excluded);
}

#[test]
fn a_request_stands_for_what_was_seen_and_not_for_ever() {
    let mut it = submitted();
    let request = asking(&it, "sam", "first", Approve, false);
    let moved = AskEmergency { page: page(2, 2), ..request.clone() };
    assert!(matches!(it.try_run(&ask(moved)), Err(Refusal::PageMoved { .. })));
    let restarted = AskEmergency { state_seq: Seq(1), ..request.clone() };
    assert_eq!(it.try_run(&ask(restarted)), Err(Refusal::ReviewRestarted));
    let early = AskEmergency { approval: ApprovalId::new("second"), ..request.clone() };
    assert_eq!(it.try_run(&ask(early)), Err(Refusal::NotYet { approval: "second".to_owned() }));
    it.run(&ask(request.clone()));
    assert_eq!(it.try_run(&ask(request)), Err(Refusal::EmergencyAsked));
    let other = DecideEmergency { asked_seq: Seq(1), ..deciding(&it, "kim") };
    assert_eq!(it.try_run(&carry_out(other)), Err(Refusal::NoEmergency));
    let changed = DecideEmergency { page: page(2, 2), ..deciding(&it, "kim") };
    assert!(matches!(it.try_run(&carry_out(changed)), Err(Refusal::PageMoved { .. })));
    let command = deciding(&it, "kim");
    later(&mut it, REQUEST_LIFE);
    assert_eq!(it.try_run(&carry_out(command)), Err(Refusal::NoEmergency));
    // And another can be made.
    let command = ask(asking(&it, "sam", "first", Approve, false));
    it.run(&command);
}

#[test]
fn it_is_withdrawn_by_any_admin() {
    let mut it = submitted();
    let withdraw = Command::WithdrawEmergency { by: signatory("kim") };
    assert_eq!(it.try_run(&withdraw), Err(Refusal::NoEmergency));
    let command = ask(asking(&it, "sam", "first", Approve, false));
    it.run(&command);
    let command = deciding(&it, "kim");
    it.run(&withdraw);
    assert_eq!(it.try_run(&carry_out(command)), Err(Refusal::NoEmergency));
}

/// Whatever the policy says: emergency access without a factor is none.
#[test]
fn it_is_confirmed_even_where_the_policy_asks_for_nothing() {
    let mut it = submitted();
    let open = Policy { rules: Vec::new(), ..Policy::initial() };
    let bare =
        |proof: Option<Proof>| Confirmed { proof, policy: open.clone(), subject: Subject::plain(&account("sam")) };
    let without = Proof { factor: None, ..proof() };
    let stale = Proof { policy_version: 9, ..proof() };
    for missing in [None, Some(without), Some(stale)] {
        let request = AskEmergency { confirmed: bare(missing), ..asking(&it, "sam", "first", Approve, false) };
        assert_eq!(it.try_run(&ask(request)), Err(Refusal::ProofMissing));
    }
    it.run(&ask(AskEmergency { confirmed: bare(Some(proof())), ..asking(&it, "sam", "first", Approve, false) }));
    let unconfirmed = DecideEmergency { confirmed: bare(None), ..deciding(&it, "kim") };
    assert_eq!(it.try_run(&carry_out(unconfirmed)), Err(Refusal::ProofMissing));
}

#[test]
fn everybody_concerned_is_told() {
    let mut it = submitted();
    let before = fold(&it).clone();
    let events = it.try_run(&ask(asking(&it, "anna", "first", Approve, true))).unwrap();
    let effects = of_page_change(&PageId::new("1"), Some(&before), fold(&it), &events);
    let reason = |text: &TextRef| Some(text.text.clone());
    let mut told = Vec::new();
    let mut admins = 0;
    for effect in effects {
        match effect {
            Effect::MailEmergency {
                person,
                reason: said,
                stage: EmergencyStage::Asked { not_before: Some(_), .. },
                ..
            } => {
                assert_eq!(said, reason(&text("reason")));
                told.push(person);
            }
            Effect::MailEmergencyAdmins { .. } => admins += 1,
            _ => {}
        }
    }
    // Not whoever asked; the submitter wrote it too, and is told once.
    assert_eq!((told, admins), (vec![account("author"), account("ben")], 1));
    assert!(events.iter().any(|event| matches!(event, PageEvent::EmergencyAsked { .. })));
}
