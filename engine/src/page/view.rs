//! A fold, ready to be shown: names looked up, nothing decided.

use super::event::AskedPerson;
use super::fold::{ApprovalNow, EmergencyRequest, InvitedNow, PageFold, Review, Verdict, What};
use super::tally::{Outcome, needed};
use crate::audit::commitment::TextRef;
use crate::ids::{AccountId, ApprovalId, TextId};
use crate::wire::invitation::InvitedView;
use crate::wire::status::{
    ApprovalView, ApprovedView, DecisionView, EmergencyLabel, EmergencyView, Happening, HistoryItem, PageStatus,
    ReviewView, ReviewerView, Standing, WorkflowLabel,
};
use crate::workflow::definition::Definition;
use std::collections::BTreeMap;

/// Erasable texts by id, as the copy in KV holds them beside the fold.
pub type Names = BTreeMap<TextId, String>;

/// What stands where a text was erased.
pub const ERASED: &str = "(erased)";

/// The status of a page under a workflow.
#[must_use]
pub fn status(fold: &PageFold, names: &Names) -> PageStatus {
    PageStatus {
        seq: fold.seq,
        state: fold.state.clone(),
        workflow: WorkflowLabel { name: fold.workflow_name.clone(), version: fold.workflow_version },
        latest_version: Some(fold.latest.version),
        ended: fold.ended,
        expires_at: fold.expires_at,
        review: fold.review.as_ref().map(|review| self::review(names, review)),
        approved: fold.approved.as_ref().map(|approved| ApprovedView {
            version: approved.version,
            at: approved.at,
            signatures: approved.signatures.iter().map(|verdict| decision(names, verdict, &[])).collect(),
        }),
        changed_since_approval: fold.changed_since_approval(),
        history: fold
            .history
            .iter()
            .rev()
            .map(|line| HistoryItem {
                seq: line.seq,
                at: line.at,
                who: line.who.as_ref().map(|who| name(names, who)),
                what: happening(names, &line.what),
                version: line.version,
                comment: line.comment.as_ref().map(|comment| name(names, comment)),
            })
            .collect(),
    }
}

/// The status of a page that is not under the workflow yet: it would start in the initial state.
#[must_use]
pub fn not_started(workflow: &Definition, version: u32) -> Option<PageStatus> {
    Some(PageStatus {
        seq: crate::ids::Seq(0),
        state: workflow.initial()?.label(),
        workflow: WorkflowLabel { name: workflow.name.clone(), version },
        latest_version: None,
        ended: false,
        expires_at: None,
        review: None,
        approved: None,
        changed_since_approval: false,
        history: Vec::new(),
    })
}

fn name(names: &Names, text: &TextRef) -> String {
    names.get(&text.text).cloned().unwrap_or_else(|| ERASED.to_owned())
}

fn review(names: &Names, review: &Review) -> ReviewView {
    let approval = |now: &ApprovalNow| {
        let asked = &now.asked;
        let own = || review.decisions.iter().filter(|verdict| verdict.approval == asked.id);
        let name_of = |id: &ApprovalId| review.approval(id).map(|before| before.asked.name.clone());
        ApprovalView {
            id: asked.id.clone(),
            name: asked.name.clone(),
            mode: asked.mode,
            required: u32::try_from(needed(asked.mode, asked.people.len())).unwrap_or(u32::MAX),
            standing: match review.outcome(now) {
                Outcome::Waiting => Standing::Waiting,
                Outcome::Pending => Standing::Pending,
                Outcome::Approved => Standing::Approved,
                Outcome::Rejected => Standing::Rejected,
            },
            after: asked.after.iter().filter_map(name_of).collect(),
            due_at: now.due_at,
            people: asked
                .people
                .iter()
                .map(|asked| ReviewerView {
                    account: asked.person.account.clone(),
                    name: name(names, &asked.person.name),
                    decision: own().find(|verdict| verdict.covers(&asked.person.account)).map(|one| one.decision),
                })
                .collect(),
            groups: asked.groups.iter().map(|group| group.name.clone()).collect(),
            roles: asked.roles.iter().copied().collect(),
            open: asked.open,
            decisions: own().map(|verdict| decision(names, verdict, &asked.people)).collect(),
            invited: now.invited.iter().map(|one| invited(names, one)).collect(),
        }
    };
    ReviewView {
        version: review.version,
        submitted_by: review.submitted_by.as_ref().map(|by| name(names, &by.name)),
        submitted_at: review.submitted_at,
        comment: review.comment.as_ref().map(|comment| name(names, comment)),
        approvals: review.approvals.iter().map(approval).collect(),
        earlier: review.earlier.iter().map(|verdict| decision(names, verdict, &[])).collect(),
        emergency: review.emergency.as_ref().map(|request| emergency(names, review, request)),
    }
}

fn emergency(names: &Names, review: &Review, request: &EmergencyRequest) -> EmergencyView {
    EmergencyView {
        seq: request.seq,
        approval: request.approval.clone(),
        approval_name: review.approval(&request.approval).map(|now| now.asked.name.clone()).unwrap_or_default(),
        decision: request.decision,
        by: name(names, &request.by.name),
        reason: name(names, &request.reason),
        at: request.at,
        alone_from: request.alone_from,
        until: request.until,
    }
}

fn decision(names: &Names, verdict: &Verdict, asked: &[AskedPerson]) -> DecisionView {
    let away = |account: &AccountId| {
        let seat = asked.iter().find(|asked| asked.person.account == *account);
        seat.map_or_else(|| account.as_str().to_owned(), |seat| name(names, &seat.person.name))
    };
    DecisionView {
        name: name(names, &verdict.by.name),
        decision: verdict.decision,
        at: verdict.at,
        meaning: verdict.meaning.clone(),
        signed: verdict.signed,
        comment: verdict.comment.as_ref().map(|comment| name(names, comment)),
        approval: verdict.approval_name.clone(),
        for_others: verdict.for_others.iter().map(away).collect(),
        emergency: verdict.emergency.as_ref().map(|emergency| EmergencyLabel {
            asked_by: name(names, &emergency.asked_by.name),
            reason: name(names, &emergency.reason),
        }),
        invited: verdict.invited.as_ref().map(|invited| invited.standing),
    }
}

fn invited(names: &Names, one: &InvitedNow) -> InvitedView {
    InvitedView {
        invitation: one.invitation.clone(),
        name: name(names, &one.person.name),
        by: name(names, &one.by.name),
        at: one.at,
        until: one.until,
        state: one.state,
        answered_at: one.answered_at,
        reason: one.reason.as_ref().map(|reason| name(names, reason)),
        attachments: one.attachments.iter().map(|attachment| name(names, &attachment.title)).collect(),
    }
}

fn happening(names: &Names, what: &What) -> Happening {
    match what {
        What::Started => Happening::Started,
        What::Submitted => Happening::Submitted,
        What::Selected { name } => Happening::Selected { name: name.clone() },
        What::Approved { meaning } => Happening::Approved { meaning: meaning.clone() },
        What::Rejected => Happening::Rejected,
        What::Reassigned { to, delegated } => Happening::Reassigned { to: name(names, to), delegated: *delegated },
        What::EmergencyAsked { decision } => Happening::EmergencyAsked { decision: *decision },
        What::EmergencyWithdrawn => Happening::EmergencyWithdrawn,
        What::EmergencyDecided { decision } => Happening::EmergencyDecided { decision: *decision },
        What::Invited { person } => Happening::Invited { person: name(names, person) },
        What::InvitationRevoked { person } => Happening::InvitationRevoked {
            person: person.as_ref().map_or_else(|| ERASED.to_owned(), |person| name(names, person)),
        },
        What::Abstained => Happening::Abstained,
        What::Edited => Happening::Edited,
        What::Entered { state, cause } => Happening::Entered { state: state.clone(), cause: *cause },
        What::ExpirySet { at } => Happening::ExpirySet { at: *at },
        What::ReviewDue => Happening::ReviewDue,
        What::Voided => Happening::Voided,
        What::Moved { workflow, version } => Happening::Moved { workflow: workflow.clone(), version: *version },
        What::Ended => Happening::Ended,
    }
}
