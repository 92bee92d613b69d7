//! A page in review with two approvals, and what is sent about people invited to them.

use crate::common::{self, Page, account, page, signatory, text, two_approvals, verdict};
use core::time::Duration;
use engine::ids::{AccountId, ApprovalId, InvitationId, WorkflowId};
use engine::page::command::{Abstain, Command, Confirmed, Decide, Invite, Person, RevokeInvitation};
use engine::page::event::{InvitedAttachment, Signatory};
use engine::page::fold::{InvitedNow, PageFold};
use engine::time::Timestamp;
use engine::token::policy::{Invitations, Policy, Subject};
use engine::wire::status::Decision::{self, Approve};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) fn document(mode: &str) -> Value {
    two_approvals(&json!({ "mode": mode, "comment_on_reject": false }))
}

pub(crate) fn submitted() -> Page {
    common::submitted(&document("all"))
}

pub(crate) fn policy() -> Policy {
    let invitations = Invitations { workflows: [WorkflowId::new("w")].into(), ..Invitations::default() };
    Policy { rules: Vec::new(), invitations, ..Policy::initial() }
}

pub(crate) fn confirmed(policy: Policy) -> Confirmed {
    Confirmed { proof: None, policy, subject: Subject::plain(&account("author")) }
}

pub(crate) fn who(of: &str) -> AccountId {
    AccountId::invited(of)
}

pub(crate) fn inviting(it: &Page, id: &str, of: &str, approval: &str) -> Invite {
    Invite {
        invitation: InvitationId::new(id),
        approval: ApprovalId::new(approval),
        to: Signatory { account: who(of), name: text(of) },
        address: text("address"),
        attachments: vec![InvitedAttachment { id: "att1".to_owned(), version: 2, title: text("plan.pdf") }],
        page: page(1, 1),
        state_seq: it.state_seq(),
        may_edit: true,
        by: signatory("author"),
        confirmed: confirmed(policy()),
    }
}

pub(crate) fn invite(command: Invite) -> Command {
    Command::Invite(Box::new(command))
}

pub(crate) fn deciding(it: &Page, id: &str, of: &str, approval: &str, decision: Decision) -> Decide {
    let meaning = if decision == Approve { "Yes." } else { "No." };
    let by = who(of);
    let reviewer = Person {
        account: by.clone(),
        groups: BTreeSet::new(),
        may_edit: false,
        space_admin: false,
        stands_in_for: Vec::new(),
    };
    Decide {
        reviewer,
        by: Signatory { account: by.clone(), name: text("somebody else") },
        approval: ApprovalId::new(approval),
        policy: policy(),
        subject: Subject::plain(&by),
        invited: Some(InvitationId::new(id)),
        meaning: meaning.to_owned(),
        ..verdict("anna", decision, page(1, 1), it.state_seq())
    }
}

pub(crate) fn decide(command: Decide) -> Command {
    Command::Decide(Box::new(command))
}

pub(crate) fn by_account(it: &Page, by: &str, approval: &str, decision: Decision) -> Command {
    let meaning = if decision == Approve { "Yes." } else { "No." }.to_owned();
    let command = verdict(by, decision, page(1, 1), it.state_seq());
    decide(Decide { approval: ApprovalId::new(approval), meaning, policy: policy(), ..command })
}

pub(crate) fn abstaining(it: &Page, id: &str, of: &str) -> Abstain {
    Abstain {
        invitation: InvitationId::new(id),
        person: who(of),
        page: page(1, 1),
        state_seq: it.state_seq(),
        reason: Some(text("not mine to say")),
        policy: policy(),
    }
}

pub(crate) fn abstain(command: Abstain) -> Command {
    Command::Abstain(Box::new(command))
}

pub(crate) fn revoke(id: &str) -> Command {
    Command::RevokeInvitation(Box::new(RevokeInvitation {
        invitation: InvitationId::new(id),
        may: true,
        page: page(1, 1),
        by: signatory("author"),
    }))
}

pub(crate) fn fold(it: &Page) -> &PageFold {
    it.fold.as_ref().unwrap()
}

pub(crate) fn invited(it: &Page) -> Vec<&InvitedNow> {
    fold(it).review.iter().flat_map(|review| &review.approvals).flat_map(|now| &now.invited).collect()
}

pub(crate) fn later(it: &mut Page, span: Duration) {
    it.now = (Timestamp(it.now) + span).0;
}

pub(crate) fn complete_by_accounts(it: &mut Page, approval: &str) {
    for by in ["anna", "ben"] {
        it.run(&by_account(it, by, approval, Approve));
    }
}
