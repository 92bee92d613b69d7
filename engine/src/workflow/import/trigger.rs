//! Triggers.

use super::action;
use super::context::Context;
use super::members::{Members, NOT_CARRIED, Taken, fold};
use super::values;
use serde_json::{Map, Value, json};

/// Every trigger that can be carried over.
pub(super) fn read_all(taken: &Taken, context: &mut Context) -> Vec<Value> {
    if !taken.value.is_array() {
        context.note(&taken.at, "The triggers are not a list.", NOT_CARRIED);
        return Vec::new();
    }
    let triggers: Vec<Value> = taken.items().iter().filter_map(|item| one(item, context)).collect();
    if !triggers.is_empty() {
        context.note(
            &taken.at,
            "The workflow has triggers.",
            "They are kept, but not every action is carried out yet: until then the workflow can be put in force only without them.",
        );
    }
    triggers
}

fn one(item: &Taken, context: &mut Context) -> Option<Value> {
    let Some(mut members) = Members::of(item) else {
        context.note(&item.at, "This is no trigger.", NOT_CARRIED);
        return None;
    };
    let word = members.take(&["event"]).as_ref().and_then(values::text).unwrap_or_default();
    let Some(event) = event(&item.at, &word, context) else {
        let what = format!("The event \u{201c}{word}\u{201d} is not known here.");
        context.note(&item.at, what, "The whole trigger is not carried over.");
        return None;
    };
    let Some((conditions, state)) = conditions(&mut members, context) else {
        context.note(
            &item.at,
            "One of the trigger\u{2019}s conditions cannot be kept.",
            "The whole trigger is not carried over: without the condition it would act too often.",
        );
        return None;
    };
    let actions: Vec<Value> = members.take(&["actions", "action"]).map_or_else(Vec::new, |taken| {
        taken.items().iter().flat_map(|item| action::read(item, state, context)).collect()
    });
    members.finish(&mut context.report);
    if actions.is_empty() {
        context.note(&item.at, "The trigger has no action that can be kept.", "The whole trigger is not carried over.");
        return None;
    }
    let mut document = Map::new();
    document.insert("event".to_owned(), json!(event));
    if !conditions.is_empty() {
        document.insert("conditions".to_owned(), Value::Array(conditions));
    }
    document.insert("actions".to_owned(), Value::Array(actions));
    Some(Value::Object(document))
}

fn event(at: &str, word: &str, context: &mut Context) -> Option<&'static str> {
    Some(match fold(word).as_str() {
        "onchangestate" | "statechanged" => "state-entered",
        "onreviewerapproved" => "approval-given",
        "onapprove" | "onapprovalapproved" | "onapproved" | "pageapproved" | "approvalapproved" => {
            context.note(
                at,
                "The event comes when an approval is complete.",
                "It comes with each reviewer\u{2019}s approval. To act once, wait for the state that follows.",
            );
            "approval-given"
        }
        "onreject" | "onreviewerrejected" | "onapprovalrejected" | "onrejected" | "pagerejected"
        | "approvalrejected" => "rejected",
        "onassign" | "onapprovalassigned" | "pageapprovalassigned" | "approvalassigned" => "reviewer-assigned",
        "onexpire" | "onstateexpired" | "stateexpired" => "expired",
        "onpageupdated" | "onpageupdate" | "onupdate" | "pageupdated" => "page-updated",
        _ => return None,
    })
}

/// Conditions, and the place of the state they name; nothing if one of them cannot be kept.
fn conditions(members: &mut Members<'_>, context: &mut Context) -> Option<(Vec<Value>, Option<usize>)> {
    let mut found = Vec::new();
    let mut place = None;
    let taken = members.take(&["conditions", "condition"]);
    // A state is read first: an approval is one of its approvals.
    let mut approvals = Vec::new();
    for item in taken.iter().flat_map(Taken::items) {
        let mut members = Members::of(&item)?;
        if let Some(taken) = members.take(&["state"]) {
            place = Some(context.place(&values::text(&taken)?)?);
            let id = place.and_then(|place| context.states.get(place)).map(|state| state.id.clone());
            found.push(json!({ "state": id? }));
        }
        for (names, ours) in [(["final"], "final"), (["initial"], "initial")] {
            if let Some(taken) = members.take(&names) {
                found.push(json!({ ours: values::flag(&taken)? }));
            }
        }
        if let Some(taken) = members.take(&["label", "haslabel"]) {
            let label = values::text(&taken)?;
            // A blank would make it two labels.
            found.push(json!({ "label": (!label.contains(char::is_whitespace)).then_some(label)? }));
        }
        approvals.extend(members.take(&["approval"]));
        if !members.is_done() {
            return None;
        }
    }
    for taken in approvals {
        let name = values::text(&taken)?;
        let states = context.states.iter().enumerate().filter(|(number, _)| place.is_none_or(|place| place == *number));
        let id = states.filter_map(|(_, state)| state.approval(&name)).next()?;
        found.push(json!({ "approval": id }));
    }
    Some((found, place))
}
