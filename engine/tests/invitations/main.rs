//! People without an account who are asked besides: a mailbox never stands for an account, one rejection rejects, the last
//! answer completes, and nothing but an open invitation of this very review counts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod made;
mod random;

use crate::common::{Page, account, defined, edit, page, proof, submission, text, verdict};
use crate::made::*;
use engine::effect::{Effect, of_page_change};
use engine::ids::{AccountId, ApprovalId, InvitationId, PageId};
use engine::page::command::{Command, Decide, Invite};
use engine::page::decide::{INVITED_EVER_MAX, INVITED_MAX, Workflow, standing_invitation};
use engine::page::event::{FactorUse, PageEvent, Proven};
use engine::page::refusal::Refusal;
use engine::page::view::{self, Names};
use engine::time::Timestamp;
use engine::token::policy::{FactorKind, Invitations, Policy};
use engine::wire::invitation::InvitationState;
use engine::wire::status::Decision::{Approve, Reject};

#[test]
fn whoever_is_invited_is_asked_besides_and_the_last_answer_leaves_the_state() {
    let mut it = submitted();
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    complete_by_accounts(&mut it, "first");
    assert_eq!(it.state(), "review");
    // The second waits for the first, which waits for Ada.
    let refused = it.decided(&by_account(&it, "anna", "second", Approve));
    assert_eq!(refused, Err(Refusal::NotYet { approval: "second".to_owned() }));
    it.run(&decide(deciding(&it, "i1", "ada", "first", Approve)));
    complete_by_accounts(&mut it, "second");
    assert_eq!(it.state(), "done");
    let approved = fold(&it).approved.as_ref().unwrap();
    let signed = approved.signatures.iter().filter_map(|verdict| verdict.invited.as_ref()).collect::<Vec<_>>();
    assert_eq!(signed.len(), 1, "what they said stays with the approval");
    assert_eq!(signed[0].standing, Proven::OwnFactor);
}

#[test]
fn a_mailbox_stands_for_nobody_with_an_account() {
    let mut it = common::submitted(&document("any"));
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    it.run(&decide(deciding(&it, "i1", "ada", "first", Approve)));
    let review = fold(&it).review.as_ref().unwrap();
    let names = |it: &Page| view::status(fold(it), &Names::new()).review.unwrap().approvals[0].standing;
    assert_eq!(names(&it), engine::wire::status::Standing::Pending, "mode any needs one with an account");
    assert_eq!(review.approvals[0].invited[0].state, InvitationState::Approved);
    it.run(&by_account(&it, "anna", "first", Approve));
    assert_eq!(names(&it), engine::wire::status::Standing::Approved);
    // And nobody with an account answers an invitation, nor without one a seat.
    let mut it = submitted();
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    let mut borrowed = verdict("anna", Approve, page(1, 1), it.state_seq());
    (borrowed.approval, borrowed.policy) = (ApprovalId::new("first"), policy());
    borrowed.invited = Some(InvitationId::new("i1"));
    assert_eq!(it.decided(&decide(borrowed)), Err(Refusal::InvitationOver));
    let seatless = Decide { invited: None, ..deciding(&it, "i1", "ada", "first", Approve) };
    assert_eq!(it.decided(&decide(seatless)), Err(Refusal::NotReviewer));
}

#[test]
fn one_rejection_from_outside_rejects() {
    let mut it = submitted();
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    it.run(&invite(inviting(&it, "i2", "bob", "first")));
    complete_by_accounts(&mut it, "first");
    it.run(&decide(deciding(&it, "i1", "ada", "first", Approve)));
    let events = it.try_run(&decide(deciding(&it, "i2", "bob", "first", Reject))).unwrap();
    assert_eq!(it.state(), "draft", "{events:?}");
    assert!(invited(&it).is_empty(), "invitations end with their review");
}

#[test]
fn abstaining_and_revoking_the_last_one_complete_the_approval() {
    for last in ["abstain", "revoke"] {
        let mut it = submitted();
        complete_by_accounts(&mut it, "first");
        it.run(&invite(inviting(&it, "i1", "ada", "second")));
        complete_by_accounts(&mut it, "second");
        assert_eq!(it.state(), "review");
        let command = if last == "revoke" { revoke("i1") } else { abstain(abstaining(&it, "i1", "ada")) };
        let before = it.fold.clone();
        let events = it.try_run(&command).unwrap();
        assert_eq!((it.state(), events.len()), ("done", 2), "{last}: the state is left in the same entries");
        let told = of_page_change(&PageId::new("1"), before.as_ref(), fold(&it), &events);
        let answered = told.iter().any(|effect| matches!(effect, Effect::MailInvitationAnswered { .. }));
        assert_eq!(answered, last == "abstain", "{told:?}");
        assert!(told.contains(&Effect::Recheck { page: PageId::new("1") }), "the page may have moved meanwhile");
    }
}

#[test]
fn a_revocation_completes_nothing_on_content_that_changed() {
    let mut it = submitted();
    complete_by_accounts(&mut it, "first");
    it.run(&invite(inviting(&it, "i1", "ada", "second")));
    complete_by_accounts(&mut it, "second");
    let Command::RevokeInvitation(mut command) = revoke("i1") else { return };
    command.page = page(2, 2);
    let events = it.try_run(&Command::RevokeInvitation(command)).unwrap();
    assert_eq!(events.len(), 1);
    it.run(&edit(2, 2, None));
    assert_eq!(it.state(), "draft");
    assert!(fold(&it).approved.is_none());
}

#[test]
fn what_is_over_decides_nothing() {
    let over = |it: &Page, id: &str, of: &str| {
        assert_eq!(it.decided(&decide(deciding(it, id, of, "first", Approve))), Err(Refusal::InvitationOver));
        assert_eq!(it.decided(&abstain(abstaining(it, id, of))), Err(Refusal::InvitationOver));
    };
    let mut it = submitted();
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    // Never made; another's; for another approval.
    over(&it, "i9", "ada");
    over(&it, "i1", "bob");
    let other = deciding(&it, "i1", "ada", "second", Approve);
    assert_eq!(it.decided(&decide(other)), Err(Refusal::InvitationOver));
    // The policy takes it away, and gives it back.
    let off = Decide {
        policy: Policy { rules: Vec::new(), ..Policy::initial() },
        ..deciding(&it, "i1", "ada", "first", Approve)
    };
    assert_eq!(it.decided(&decide(off)), Err(Refusal::InvitationOver));
    // Another round, another content.
    let mut stale = deciding(&it, "i1", "ada", "first", Approve);
    stale.state_seq = engine::ids::Seq(1);
    assert_eq!(it.decided(&decide(stale)), Err(Refusal::ReviewRestarted));
    let mut moved = deciding(&it, "i1", "ada", "first", Approve);
    moved.page = page(2, 2);
    assert!(matches!(it.decided(&decide(moved)), Err(Refusal::PageMoved { .. })));
    // Answered.
    let mut answered = it.clone();
    answered.run(&decide(deciding(&answered, "i1", "ada", "first", Approve)));
    over(&answered, "i1", "ada");
    // Revoked.
    let mut revoked = it.clone();
    revoked.run(&revoke("i1"));
    over(&revoked, "i1", "ada");
    assert_eq!(revoked.decided(&revoke("i1")), Err(Refusal::InvitationOver));
    // Too old.
    let mut old = it.clone();
    later(&mut old, DAY * 14);
    over(&old, "i1", "ada");
    // Edited, and submitted again.
    it.run(&edit(2, 2, None));
    over(&it, "i1", "ada");
    it.run(&Command::Submit(Box::new(submission("author", page(2, 2)))));
    over(&it, "i1", "ada");
}

#[test]
fn what_ran_out_keeps_the_approval_waiting_until_it_is_revoked_or_asked_again() {
    let mut it = submitted();
    complete_by_accounts(&mut it, "first");
    it.run(&invite(inviting(&it, "i1", "ada", "second")));
    assert_eq!(it.decided(&invite(inviting(&it, "i2", "ada", "second"))), Err(Refusal::InvitedAlready));
    later(&mut it, DAY * 15);
    complete_by_accounts(&mut it, "second");
    assert_eq!(it.state(), "review");
    it.run(&invite(inviting(&it, "i2", "ada", "second")));
    assert_eq!(invited(&it).len(), 1, "the one that ran out is asked for no longer");
    assert_eq!(it.decided(&abstain(abstaining(&it, "i1", "ada"))), Err(Refusal::InvitationOver));
    let mut again = it.clone();
    again.run(&decide(deciding(&again, "i2", "ada", "second", Approve)));
    assert_eq!(again.state(), "done");
    it.run(&revoke("i2"));
    assert_eq!(it.state(), "done");
}

#[test]
fn who_invites_is_looked_at() {
    let it = submitted();
    let refused = |change: &dyn Fn(&mut Invite)| {
        let mut command = inviting(&it, "i1", "ada", "first");
        change(&mut command);
        it.decided(&invite(command)).unwrap_err()
    };
    assert_eq!(refused(&|one| one.may_edit = false), Refusal::MayNotEdit);
    assert_eq!(refused(&|one| one.confirmed.policy.invitations = Invitations::default()), Refusal::InvitationsOff);
    assert_eq!(refused(&|one| one.approval = ApprovalId::new("third")), Refusal::NoSuchApproval);
    assert_eq!(
        refused(&|one| one.approval = ApprovalId::new("second")),
        Refusal::NotYet { approval: "second".to_owned() }
    );
    assert!(matches!(refused(&|one| one.page = page(2, 2)), Refusal::PageMoved { .. }));
    assert_eq!(refused(&|one| one.state_seq = engine::ids::Seq(1)), Refusal::ReviewRestarted);
    assert_eq!(refused(&|one| one.to.account = account("anna")), Refusal::InvitationOver);
    // Where the policy asks for a factor to invite, it does.
    let guarded = |one: &mut Invite| {
        let mut rules = Policy::initial().rules;
        rules[0].actions.insert(engine::token::policy::Action::Invite);
        one.confirmed.policy.rules = rules;
    };
    assert_eq!(refused(&guarded), Refusal::ProofMissing);
    let mut it = it.clone();
    let mut command = inviting(&it, "i1", "ada", "first");
    guarded(&mut command);
    command.confirmed.proof = Some(proof());
    it.run(&invite(command));
    for n in 0..INVITED_MAX - 1 {
        it.run(&invite(inviting(&it, &format!("n{n}"), &format!("n{n}"), "first")));
    }
    let one_more = invite(inviting(&it, "x", "x", "first"));
    assert_eq!(it.decided(&one_more), Err(Refusal::TooManyInvited));
    it.run(&revoke("n3"));
    it.run(&one_more);
    // Taking back and asking again mails nobody without end.
    it.run(&revoke("x"));
    for n in INVITED_MAX + 1..INVITED_EVER_MAX {
        let id = format!("x{n}");
        it.run(&invite(inviting(&it, &id, "x", "first")));
        it.run(&revoke(&id));
    }
    assert_eq!(it.decided(&invite(inviting(&it, "last", "x", "first"))), Err(Refusal::TooManyInvited));
}

#[test]
fn a_verdict_without_an_account_is_always_signed_by_what_the_policy_takes() {
    let mut it = submitted();
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    let unsigned = |kind: Option<FactorKind>| {
        let mut command = deciding(&it, "i1", "ada", "first", Approve);
        let factor = kind.map(|kind| FactorUse { kind, ..proof().factor.unwrap() });
        command.proof.factor = factor;
        command
    };
    // This policy asks nobody for anything.
    assert_eq!(it.decided(&decide(unsigned(None))), Err(Refusal::ProofMissing));
    assert_eq!(it.decided(&decide(unsigned(Some(FactorKind::RecoveryCode)))), Err(Refusal::ProofMissing));
    let proven = |kind| {
        let events = it.decided(&decide(unsigned(Some(kind)))).unwrap();
        let PageEvent::Decided { invited: Some(invited), by, .. } = &events[0] else { unreachable!() };
        assert_eq!(by.name, text("ada"), "by the name they were invited by, whatever else is said");
        invited.standing
    };
    assert_eq!(proven(FactorKind::MailCode), Proven::MailboxOnly);
    assert_eq!(proven(FactorKind::Passkey), Proven::OwnFactor);
    assert_eq!(serde_json::to_value(Proven::MailboxOnly).unwrap(), "mailbox control, no account");
    // Where it asks for more than a mailbox, a mailed code is not enough; and they are in no group and not inside.
    let mut strict = unsigned(Some(FactorKind::MailCode));
    strict.policy.rules = Policy::initial().rules;
    strict.policy.rules[0].who = engine::token::policy::Who::External;
    assert_eq!(it.decided(&decide(strict.clone())), Err(Refusal::ProofMissing));
    strict.proof = proof();
    assert!(it.decided(&decide(strict)).is_ok());
}

#[test]
fn the_page_shows_who_was_invited_and_what_stands_behind_their_word() {
    let mut it = submitted();
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    let texts = fold(&it).texts();
    for wanted in ["ada", "plan.pdf"] {
        assert!(texts.contains(&text(wanted).text), "{wanted}");
    }
    assert!(!texts.contains(&text("address").text), "the address is never looked up to be shown");
    let events = it.try_run(&abstain(abstaining(&it, "i1", "ada"))).unwrap();
    assert!(matches!(&events[0], PageEvent::Abstained { standing: Proven::MailboxOnly, .. }));
    let names: Names = [("text-ada", "Ada"), ("text-not mine to say", "Not mine to say")]
        .map(|(id, name)| (engine::ids::TextId::new(id), name.to_owned()))
        .into();
    let review = view::status(fold(&it), &names).review.unwrap();
    let shown = &review.approvals[0].invited[0];
    assert_eq!((shown.name.as_str(), shown.state), ("Ada", InvitationState::Abstained));
    assert_eq!(shown.reason.as_deref(), Some("Not mine to say"));
    assert_eq!(shown.attachments, ["(erased)"]);
}

#[test]
fn nobody_can_open_what_does_not_stand() {
    let mut it = submitted();
    it.run(&invite(inviting(&it, "i1", "ada", "first")));
    let definition = defined(&document("all"));
    let workflow = Workflow { version: 1, definition: &definition };
    let stands = |it: &Page, id: &str, of: &AccountId, policy: &Policy| {
        standing_invitation(it.fold.as_ref(), &workflow, policy, (&InvitationId::new(id), of), Timestamp(it.now))
            .is_ok()
    };
    assert!(stands(&it, "i1", &who("ada"), &policy()));
    assert!(!stands(&it, "i1", &who("bob"), &policy()));
    assert!(!stands(&it, "i2", &who("ada"), &policy()));
    assert!(!stands(&it, "i1", &who("ada"), &Policy::initial()));
    it.run(&Command::End { by: None });
    assert!(!stands(&it, "i1", &who("ada"), &policy()));
}
