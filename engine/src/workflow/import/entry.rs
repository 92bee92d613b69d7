//! Reviews that begin without a submit: nobody is there to name reviewers.

use super::approval::ASSIGNED;
use super::context::Context;
use serde_json::{Value, json};

/// An approval whose reviewers the submitter names.
pub(super) struct Assigned {
    /// The state's id.
    pub(super) state: String,
    /// Its place among the state's approvals.
    pub(super) index: usize,
    /// Where it stands in the source.
    pub(super) at: String,
}

/// Asks whoever could have been named where a page can come without a submit.
pub(super) fn settle(states: &mut [Value], context: &mut Context) {
    for assigned in std::mem::take(&mut context.assigned) {
        if !states.iter().any(|state| leads_to(state, &assigned.state)) {
            continue;
        }
        let state = states.iter_mut().find(|state| state.get("id").and_then(Value::as_str) == Some(&assigned.state));
        let approval = state.and_then(|state| state.pointer_mut(&format!("/approvals/{}", assigned.index)));
        let Some(approval) = approval.and_then(Value::as_object_mut) else { continue };
        let Some(reviewers) = approval.get_mut("reviewers").and_then(Value::as_object_mut) else { continue };
        if reviewers.len() > 1 {
            // Somebody is named besides.
            continue;
        }
        let from = reviewers.remove("assigned").and_then(|mut rule| rule.get_mut("from").map(Value::take));
        let became = if let Some(groups) = from {
            reviewers.insert("groups".to_owned(), groups);
            "The review begins without a submit, so the groups are asked as a whole."
        } else {
            reviewers.insert("roles".to_owned(), json!(["editor"]));
            "The review begins without a submit, so whoever may edit the page may decide."
        };
        // Not everybody of them can be meant.
        if approval.get("mode").is_some_and(Value::is_string) {
            approval.insert("mode".to_owned(), json!("any"));
        }
        for note in context.report.0.iter_mut().filter(|note| note.at == assigned.at && note.what == ASSIGNED) {
            became.clone_into(&mut note.became);
        }
    }
}

/// Whether a way other than a submit leads from one state to another.
fn leads_to(state: &Value, to: &str) -> bool {
    let Some(ways) = state.get("transitions") else { return false };
    let is = |value: Option<&Value>| value.and_then(Value::as_str) == Some(to);
    ["approved", "rejected", "expired"].iter().any(|kind| is(ways.get(kind)))
        || is(ways.pointer("/updated/to"))
        || ways.get("select").and_then(Value::as_array).into_iter().flatten().any(|way| is(way.get("to")))
}
