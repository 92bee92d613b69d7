//! Several approvals, modes, chains, seats, reassigning: rule by rule.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, account, defined, edit, page, person, reassignment, start, submission};
use engine::ids::{AccountId, ApprovalId, GroupId};
use engine::page::command::{Command, Person, StandIn};
use engine::page::event::PageEvent;
use engine::page::refusal::{CannotBeAsked, Excluded, Refusal};
use engine::page::tally::Outcome;
use engine::wire::status::Decision::{Approve, Reject};
use serde_json::{Value, json};

fn approval(id: &str, more: &Value) -> Value {
    let mut approval = json!({
        "id": id, "name": format!("The {id}"), "reviewers": { "groups": ["reviewers"] },
        "meaning": "Yes.", "meaning_of_rejection": "No."
    });
    approval.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    approval
}

/// Draft → review (these approvals) → done.
fn workflow(approvals: &[Value]) -> Value {
    json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true, "transitions": { "submit": "review" } },
            { "id": "review", "name": "Review", "approvals": approvals,
              "transitions": { "approved": "done", "rejected": "draft", "updated": { "to": "draft" } } },
            { "id": "done", "name": "Done", "final": true, "transitions": { "updated": { "to": "draft" } } }
        ]
    })
}

fn draft(approvals: &[Value]) -> Page {
    let mut it = Page::of(defined(&workflow(approvals)));
    it.world.group("reviewers", &["anna", "ben", "carla"]);
    it.run(&start(1));
    it
}

fn in_review(approvals: &[Value]) -> Page {
    let mut it = draft(approvals);
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    it
}

fn of(account: &str, groups: &[&str]) -> Person {
    let groups = groups.iter().map(|group| GroupId::new(*group)).collect();
    Person { groups, ..person(account) }
}

fn reviewer(account: &str) -> Person {
    of(account, &["reviewers"])
}

fn outcome(it: &Page, id: &str) -> Outcome {
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    review.outcome(review.approval(&ApprovalId::new(id)).unwrap())
}

fn asked(it: &Page, id: &str) -> Vec<String> {
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    let now = review.approval(&ApprovalId::new(id)).unwrap();
    now.asked.people.iter().map(|asked| asked.person.account.as_str().to_owned()).collect()
}

#[test]
fn any_is_complete_with_one() {
    let mut it = in_review(&[approval("a", &json!({ "mode": "any" }))]);
    it.decide_on("a", reviewer("ben"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn all_needs_everybody_asked_when_it_began() {
    let mut it = in_review(&[approval("a", &json!({ "mode": "all" }))]);
    for who in ["anna", "ben"] {
        it.decide_on("a", reviewer(who), Approve, page(1, 1)).unwrap();
        assert_eq!(it.state(), "review");
    }
    // Who joined the group later is not among those who are counted.
    let late = it.decide_on("a", reviewer("zoe"), Approve, page(1, 1));
    assert_eq!(late, Err(Refusal::NotReviewer));
    it.decide_on("a", reviewer("carla"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn who_left_the_group_may_not_decide_and_who_joined_may() {
    let mut it = in_review(&[approval("a", &json!({}))]);
    assert_eq!(it.decide_on("a", of("anna", &[]), Approve, page(1, 1)), Err(Refusal::NotReviewer));
    it.decide_on("a", reviewer("zoe"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn majority_is_more_than_half() {
    let mut it = in_review(&[approval("a", &json!({ "mode": "majority", "minimum_rejections": 2 }))]);
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    it.decide_on("a", reviewer("ben"), Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review");
    it.decide_on("a", reviewer("carla"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn rejections_are_counted_too() {
    let mut it = in_review(&[approval("a", &json!({ "minimum_rejections": 2 }))]);
    it.decide_on("a", reviewer("anna"), Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review");
    it.decide_on("a", reviewer("ben"), Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "draft");
}

#[test]
fn what_can_no_longer_be_approved_is_rejected() {
    // Two must reject, but all must approve: after one rejection nobody can help any more.
    let mut it = in_review(&[approval("a", &json!({ "mode": "all", "minimum_rejections": 2 }))]);
    it.decide_on("a", reviewer("anna"), Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "draft");
    // Unless decisions can be changed.
    let mut it =
        in_review(&[approval("a", &json!({ "mode": "all", "minimum_rejections": 2, "change_decision": true }))]);
    it.decide_on("a", reviewer("anna"), Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review");
}

#[test]
fn a_decision_can_be_changed_where_the_approval_lets_it_and_not_after() {
    let changeable = json!({ "mode": { "minimum": 2 }, "minimum_rejections": 2, "change_decision": true });
    let mut it = in_review(&[approval("a", &changeable)]);
    it.decide_on("a", reviewer("anna"), Reject, page(1, 1)).unwrap();
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    assert_eq!(review.decisions.len(), 1, "the new decision takes the place of the old one");
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review", "one person never counts twice");
    it.decide_on("a", reviewer("ben"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
    assert!(it.decide_on("a", reviewer("anna"), Reject, page(1, 1)).is_err());

    let mut it = in_review(&[approval("a", &json!({ "mode": { "minimum": 2 } }))]);
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.decide_on("a", reviewer("anna"), Reject, page(1, 1)), Err(Refusal::AlreadyDecided));
}

#[test]
fn approvals_run_in_parallel_and_all_must_be_complete() {
    let mut it = in_review(&[approval("a", &json!({})), approval("b", &json!({ "reviewers": { "users": ["dora"] } }))]);
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review");
    // What is complete asks nobody any more.
    let late = it.decide_on("a", reviewer("ben"), Approve, page(1, 1));
    assert_eq!(late, Err(Refusal::ApprovalComplete { approval: "The a".into() }));
    it.decide_on("b", of("dora", &[]), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
    assert_eq!(it.fold.unwrap().approved.unwrap().signatures.len(), 2);
}

#[test]
fn a_chain_inside_a_state_asks_one_after_the_other() {
    let mut it = in_review(&[
        approval("first", &json!({})),
        approval("second", &json!({ "after": ["first"], "due": "P7D", "reviewers": { "users": ["dora"] } })),
    ]);
    assert_eq!(outcome(&it, "second"), Outcome::Waiting);
    let early = it.decide_on("second", of("dora", &[]), Approve, page(1, 1));
    assert_eq!(early, Err(Refusal::NotYet { approval: "The second".into() }));
    let began = it.now;
    it.decide_on("first", reviewer("anna"), Approve, page(1, 1)).unwrap();
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    let second = review.approval(&ApprovalId::new("second")).unwrap();
    assert_eq!(
        second.due_at.unwrap().millis(),
        began + 7 * 24 * 3600 * 1000,
        "its time runs from when it is asked for"
    );
    it.decide_on("second", of("dora", &[]), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn stages_keep_what_was_signed_before() {
    let mut document = workflow(&[approval("a", &json!({}))]);
    let states = document["states"].as_array_mut().unwrap();
    states[1]["transitions"]["approved"] = json!("release");
    states.insert(2, json!({
        "id": "release", "name": "Release", "approvals": [approval("r", &json!({ "reviewers": { "users": ["dora"] } }))],
        "transitions": { "approved": "done", "rejected": "draft", "updated": { "to": "draft" } }
    }));
    let mut it = Page::of(defined(&document));
    it.world.group("reviewers", &["anna"]);
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "release");
    assert!(it.fold.as_ref().unwrap().approved.is_none(), "half-way is not approved");
    let review = it.fold.as_ref().unwrap().review.as_ref().unwrap();
    assert_eq!(review.submitted_by.as_ref().unwrap().account, account("author"));
    it.decide_on("r", of("dora", &[]), Approve, page(1, 1)).unwrap();
    let approved = it.fold.as_ref().unwrap().approved.as_ref().unwrap();
    let names: Vec<&str> = approved.signatures.iter().map(|one| one.approval_name.as_str()).collect();
    assert_eq!(names, ["The a", "The r"]);
}

#[test]
fn separation_of_duties_leaves_people_out_of_the_roster() {
    let exclude = json!({ "mode": "all", "exclude": ["last-editor", "editors-since-approval", "submitter"] });
    let mut it = draft(&[approval("a", &exclude)]);
    let mut now = page(1, 1);
    now.author = account("anna");
    now.contributors = [account("ben")].into();
    it.run(&Command::Submit(Box::new(submission("author", now.clone()))));
    assert_eq!(asked(&it, "a"), ["carla"]);
    for (who, why) in [("anna", Excluded::LastEditor), ("ben", Excluded::EditorSinceApproval)] {
        // They are not on the list, and joining the group again does not help.
        let refused = it.decide_on("a", reviewer(who), Approve, now.clone()).unwrap_err();
        assert!(matches!(refused, Refusal::NotReviewer | Refusal::Excluded(_)), "{why:?}: {refused:?}");
    }
    it.decide_on("a", reviewer("carla"), Approve, now).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn editors_since_the_approval_are_remembered_from_events() {
    let mut it = draft(&[approval("a", &json!({ "exclude": ["editors-since-approval"] }))]);
    let Command::RecordEdit(mut edited) = edit(2, 2, None) else { unreachable!() };
    edited.by = Some(account("ben"));
    it.run(&edit(1, 1, None));
    it.run(&Command::RecordEdit(edited));
    it.run(&Command::Submit(Box::new(submission("author", page(2, 2)))));
    let refused = it.decide_on("a", reviewer("ben"), Approve, page(2, 2));
    assert_eq!(refused, Err(Refusal::Excluded(Excluded::EditorSinceApproval)));
}

#[test]
fn nobody_left_to_ask_is_said_before_the_review_begins() {
    let mut it = draft(&[approval("a", &json!({ "mode": { "minimum": 2 }, "exclude": ["submitter"] }))]);
    it.world.group("reviewers", &["anna", "author"]);
    let refused = it.try_run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    assert_eq!(refused, Err(Refusal::TooFewToAsk { approval: "The a".into(), needed: 2, can: 1 }));
    assert_eq!(it.state(), "draft");
    it.world.inactive.insert(account("anna"));
    it.world.group("reviewers", &["anna", "ben"]);
    let refused = it.try_run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    assert_eq!(
        refused,
        Err(Refusal::TooFewToAsk { approval: "The a".into(), needed: 2, can: 1 }),
        "accounts not in use are not asked"
    );
}

#[test]
fn a_large_group_is_asked_as_a_group() {
    let mut it = draft(&[approval("a", &json!({ "mode": { "minimum": 2 }, "minimum_rejections": 2 }))]);
    it.world.groups.insert(GroupId::new("reviewers"), None);
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    for who in ["p1", "p2"] {
        it.decide_on("a", reviewer(who), Approve, page(1, 1)).unwrap();
    }
    assert_eq!(it.state(), "done");
    let mut it = draft(&[approval("a", &json!({ "mode": "all" }))]);
    it.world.groups.insert(GroupId::new("reviewers"), None);
    let refused = it.try_run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    assert_eq!(refused, Err(Refusal::TooManyToAsk { approval: "The a".into() }));
}

#[test]
fn the_submitter_names_reviewers_where_asked_and_only_there() {
    let assigned = json!({ "reviewers": { "assigned": { "at_least": 2, "from": ["reviewers"] } }, "mode": "all", "exclude": ["submitter"] });
    let submit = |it: &mut Page, named: &[&str]| {
        let mut command = submission("author", page(1, 1));
        command.assigned.insert(ApprovalId::new("a"), named.iter().map(|one| account(one)).collect());
        it.try_run(&Command::Submit(Box::new(command)))
    };
    let mut it = draft(&[approval("a", &assigned)]);
    it.world.group("reviewers", &["anna", "ben", "author"]);
    let name = || "The a".to_owned();
    assert_eq!(submit(&mut it, &["anna"]), Err(Refusal::NameReviewers { approval: name(), at_least: 2 }));
    let cannot = |why| Err(Refusal::CannotBeAsked { approval: name(), why });
    assert_eq!(submit(&mut it, &["anna", "zoe"]), cannot(CannotBeAsked::NotInGroup));
    assert_eq!(submit(&mut it, &["anna", "author"]), cannot(CannotBeAsked::Excluded(Excluded::Submitter)));
    submit(&mut it, &["anna", "ben"]).unwrap();
    assert_eq!(asked(&it, "a"), ["anna", "ben"]);

    let mut it = draft(&[approval("a", &json!({}))]);
    assert_eq!(submit(&mut it, &["zoe"]), cannot(CannotBeAsked::NobodyIsNamed));
}

fn away(account_of: &str, for_whom: &str) -> Person {
    let away = StandIn { account: account(for_whom), groups: [GroupId::new("reviewers")].into() };
    Person { stands_in_for: vec![away], ..of(account_of, &[]) }
}

#[test]
fn a_stand_in_decides_for_who_is_away() {
    let mut it = in_review(&[approval("a", &json!({ "mode": "all" }))]);
    it.decide_on("a", away("dora", "anna"), Approve, page(1, 1)).unwrap();
    let verdict = &it.fold.as_ref().unwrap().review.as_ref().unwrap().decisions[0];
    assert!(!verdict.for_self && verdict.for_others == [account("anna")].into());
    assert_eq!(it.decide_on("a", reviewer("anna"), Approve, page(1, 1)), Err(Refusal::AlreadyDecided));
    let both = Person { stands_in_for: away("ben", "carla").stands_in_for, ..reviewer("ben") };
    it.decide_on("a", both, Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done", "one verdict fills both seats");
}

#[test]
fn standing_in_gets_round_no_separation_of_duties() {
    let exclude = json!({ "mode": { "minimum": 2 }, "exclude": ["last-editor", "submitter"] });
    let mut it = draft(&[approval("a", &exclude)]);
    it.world.group("reviewers", &["anna", "ben", "carla", "author"]);
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    // The author may not decide for somebody who is away, and nobody may for the author.
    let refused = it.decide_on("a", away("author", "anna"), Approve, page(1, 1));
    assert_eq!(refused, Err(Refusal::Excluded(Excluded::LastEditor)));
    let refused = it.decide_on("a", away("dora", "author"), Approve, page(1, 1));
    assert_eq!(refused, Err(Refusal::NotReviewer));
    // Two approvals are two people, whoever they stand in for.
    let both = Person { stands_in_for: away("ben", "carla").stands_in_for, ..reviewer("ben") };
    it.decide_on("a", both, Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review");
}

#[test]
fn a_reviewer_passes_their_seat_on_where_the_approval_lets_them() {
    let mut it = in_review(&[approval("a", &json!({ "mode": "all", "delegate": true, "exclude": ["submitter"] }))]);
    let delegate = |it: &mut Page, by: &str, from: &str, to: &str| {
        let mut command = reassignment(by, "a", Some(from), to);
        command.person = reviewer(by);
        it.try_run(&Command::Reassign(Box::new(command)))
    };
    assert_eq!(delegate(&mut it, "ben", "anna", "dora"), Err(Refusal::NotForYou), "only their own");
    let excluded = CannotBeAsked::Excluded(Excluded::Submitter);
    let cannot = |why| Err(Refusal::CannotBeAsked { approval: "The a".into(), why });
    assert_eq!(delegate(&mut it, "anna", "anna", "author"), cannot(excluded));
    assert_eq!(delegate(&mut it, "anna", "anna", "ben"), cannot(CannotBeAsked::AskedAlready));
    let events = delegate(&mut it, "anna", "anna", "dora").unwrap();
    assert!(matches!(events[0], PageEvent::Reassigned { delegated: true, .. }));
    assert_eq!(it.decide_on("a", reviewer("anna"), Approve, page(1, 1)), Err(Refusal::NotReviewer));
    for who in ["ben", "carla"] {
        it.decide_on("a", reviewer(who), Approve, page(1, 1)).unwrap();
    }
    it.decide_on("a", of("dora", &[]), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");

    let mut it = in_review(&[approval("a", &json!({}))]);
    assert_eq!(delegate(&mut it, "anna", "anna", "dora"), Err(Refusal::NotForYou));
}

#[test]
fn who_passed_a_seat_on_has_none_through_the_group_either() {
    let mut it = in_review(&[approval("a", &json!({ "delegate": true, "mode": { "minimum": 2 } }))]);
    let mut command = reassignment("anna", "a", Some("anna"), "dora");
    command.person = reviewer("anna");
    it.run(&Command::Reassign(Box::new(command)));
    assert_eq!(it.decide_on("a", reviewer("anna"), Approve, page(1, 1)), Err(Refusal::NotReviewer));
}

#[test]
fn space_admins_put_somebody_in_anothers_place() {
    let mut it = in_review(&[approval("a", &json!({ "mode": "all" }))]);
    let mut command = reassignment("nadia", "a", Some("carla"), "dora");
    command.person = of("nadia", &[]);
    assert_eq!(it.try_run(&Command::Reassign(Box::new(command.clone()))), Err(Refusal::NotForYou));
    command.person.space_admin = true;
    command.to_can_see = false;
    let cannot = Err(Refusal::CannotBeAsked { approval: "The a".into(), why: CannotBeAsked::CannotSee });
    assert_eq!(it.try_run(&Command::Reassign(Box::new(command.clone()))), cannot);
    command.to_can_see = true;
    it.run(&Command::Reassign(Box::new(command)));
    assert_eq!(asked(&it, "a"), ["anna", "ben", "dora"]);
    // Who has decided keeps their seat.
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    let mut late = reassignment("nadia", "a", Some("anna"), "eva");
    late.person.space_admin = true;
    assert_eq!(it.try_run(&Command::Reassign(Box::new(late))), Err(Refusal::AlreadyDecided));
}

#[test]
fn a_verdict_that_demands_a_token_gets_none_from_a_lax_policy() {
    let mut it = in_review(&[approval("a", &json!({ "step_up": "required" }))]);
    let mut command = common::verdict("anna", Approve, page(1, 1), it.state_seq());
    command.approval = ApprovalId::new("a");
    command.meaning = "Yes.".into();
    command.reviewer = reviewer("anna");
    command.policy.rules.clear();
    command.proof.factor = None;
    assert_eq!(it.try_run(&Command::Decide(Box::new(command.clone()))), Err(Refusal::ProofMissing));
    command.proof = common::proof();
    it.run(&Command::Decide(Box::new(command)));
}

#[test]
fn a_person_of_two_approvals_decides_on_each() {
    let mut it = in_review(&[approval("a", &json!({})), approval("b", &json!({}))]);
    it.decide_on("b", reviewer("anna"), Approve, page(1, 1)).unwrap();
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
    let people: Vec<AccountId> =
        it.fold.unwrap().approved.unwrap().signatures.into_iter().map(|one| one.by.account).collect();
    assert_eq!(people, [account("anna"), account("anna")]);
}

#[test]
fn an_edit_gets_nobody_round_being_the_submitter() {
    let mut document = workflow(&[approval("a", &json!({ "exclude": ["submitter"] }))]);
    document["states"][2]["transitions"]["updated"] = json!("previous");
    let mut it = Page::of(defined(&document));
    it.world.group("reviewers", &["anna", "ben"]);
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    it.decide_on("a", reviewer("anna"), Approve, page(1, 1)).unwrap();
    // Ben's edit begins the next review: nobody submitted, so it is as if he had.
    let mut edited = page(2, 2);
    edited.author = account("ben");
    it.run(&Command::RecordEdit(engine::page::command::Edit { page: edited.clone(), by: Some(account("ben")) }));
    assert_eq!(it.state(), "review");
    let refused = it.decide_on("a", reviewer("ben"), Approve, edited.clone());
    assert_eq!(refused, Err(Refusal::Excluded(Excluded::Submitter)));
    it.decide_on("a", reviewer("anna"), Approve, edited).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn where_people_are_counted_one_person_decides_once() {
    let mut it = in_review(&[approval("a", &json!({ "mode": { "minimum": 2 }, "minimum_rejections": 2 }))]);
    it.decide_on("a", reviewer("carla"), Reject, page(1, 1)).unwrap();
    // Ben is away and named Anna, but she is one person: his seat is left to him.
    let both = Person { stands_in_for: away("anna", "ben").stands_in_for, ..reviewer("anna") };
    it.decide_on("a", both.clone(), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review", "an approval never makes a review fail");
    assert_eq!(it.decide_on("a", both, Approve, page(1, 1)), Err(Refusal::AlreadyDecided));
    it.decide_on("a", reviewer("ben"), Approve, page(1, 1)).unwrap();
    assert_eq!(it.state(), "done");
}

#[test]
fn one_person_never_counts_twice() {
    let mut it = draft(&[approval("a", &json!({ "mode": "majority", "minimum_rejections": 2 }))]);
    it.world.group("reviewers", &["anna", "ben", "carla", "dora", "eva"]);
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    it.decide_on("a", reviewer("anna"), Reject, page(1, 1)).unwrap();
    // Ben goes away afterwards and names Anna: his seat is hers to decide, but she is still one person who rejects.
    let later = Person { stands_in_for: away("anna", "ben").stands_in_for, ..reviewer("anna") };
    it.decide_on("a", later, Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "review");
    it.decide_on("a", reviewer("carla"), Reject, page(1, 1)).unwrap();
    assert_eq!(it.state(), "draft");
}
