//! A fold, ready to be shown: names looked up, nothing decided.

use super::fold::{PageFold, Verdict, What};
use crate::audit::commitment::TextRef;
use crate::ids::TextId;
use crate::wire::status::{
    ApprovalView, ApprovedView, DecisionView, Happening, HistoryItem, PageStatus, ReviewView, WorkflowLabel,
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
        review: fold.review.as_ref().map(|review| ReviewView {
            version: review.version,
            submitted_by: name(names, &review.submitted_by.name),
            submitted_at: review.submitted_at,
            comment: review.comment.as_ref().map(|comment| name(names, comment)),
            approvals: fold
                .asked
                .iter()
                .map(|asked| ApprovalView {
                    id: asked.id.clone(),
                    name: asked.name.clone(),
                    required: asked.minimum,
                    decisions: review
                        .decisions
                        .iter()
                        .filter(|verdict| verdict.approval == asked.id)
                        .map(|verdict| decision(names, verdict))
                        .collect(),
                })
                .collect(),
        }),
        approved: fold.approved.as_ref().map(|approved| ApprovedView {
            version: approved.version,
            at: approved.at,
            signatures: approved.signatures.iter().map(|verdict| decision(names, verdict)).collect(),
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
                what: happening(&line.what),
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
        review: None,
        approved: None,
        changed_since_approval: false,
        history: Vec::new(),
    })
}

fn name(names: &Names, text: &TextRef) -> String {
    names.get(&text.text).cloned().unwrap_or_else(|| ERASED.to_owned())
}

fn decision(names: &Names, verdict: &Verdict) -> DecisionView {
    DecisionView {
        name: name(names, &verdict.by.name),
        decision: verdict.decision,
        at: verdict.at,
        meaning: verdict.meaning.clone(),
        signed: verdict.signed,
        comment: verdict.comment.as_ref().map(|comment| name(names, comment)),
    }
}

fn happening(what: &What) -> Happening {
    match what {
        What::Started => Happening::Started,
        What::Submitted => Happening::Submitted,
        What::Approved { meaning } => Happening::Approved { meaning: meaning.clone() },
        What::Rejected => Happening::Rejected,
        What::Edited => Happening::Edited,
        What::Entered { state } => Happening::Entered { state: state.clone() },
        What::Voided => Happening::Voided,
    }
}
