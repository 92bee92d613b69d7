//! Triggers: an event and its conditions.

use super::node::Node;
use super::text::Text;
use super::{action, collect, words};
use crate::ids::{ApprovalId, StateId};
use crate::workflow::trigger::{Condition, Event, Trigger};

/// The most conditions of a trigger.
const CONDITIONS_MAX: usize = 20;
/// The most actions of a trigger.
const ACTIONS_MAX: usize = 20;

const CONDITIONS: [&str; 8] = ["state", "from", "approval", "final", "initial", "label", "no-label", "approved"];

pub(super) fn trigger(node: &Node<'_>) -> Option<Trigger> {
    let object = node.object("A trigger", &["event", "conditions", "actions"])?;
    let event = object.need("event", "It says when the actions are taken.");
    let event = event.and_then(|event| event.word("event", &words::EVENTS));
    let conditions = object.get("conditions");
    let actions = object.need("actions", "It says what is done.");
    let actions_whole = actions.as_ref().is_some_and(Node::is_list);
    let actions = actions.map(|list| collect(&list, "actions", ACTIONS_MAX, action::action)).unwrap_or_default();
    if actions_whole && object.raw("actions").and_then(serde_json::Value::as_array).is_some_and(Vec::is_empty) {
        object.fault("actions", "This trigger does nothing.", "Add an action, or remove the trigger.");
    }
    Some(Trigger {
        // A wrong event is noted, and nothing that depends on it is looked at.
        event: event.unwrap_or(Event::PageUpdated),
        conditions: conditions.map(|list| collect(&list, "conditions", CONDITIONS_MAX, condition)).unwrap_or_default(),
        actions,
    })
}

fn condition(node: &Node<'_>) -> Option<Condition> {
    let object = node.object("A condition", &CONDITIONS)?;
    let mut given = CONDITIONS.iter().copied().filter(|name| object.has(name));
    let (Some(name), None) = (given.next(), given.next()) else {
        if node.members().is_some_and(|members| members.keys().all(|name| CONDITIONS.contains(&name.as_str()))) {
            node.fault(
                "A condition has exactly one member.",
                format!("Write one condition for each of: {}.", CONDITIONS.join(", ")),
            );
        }
        return None;
    };
    let value = object.get(name)?;
    Some(match name {
        "state" => Condition::State(StateId::new(value.reference()?)),
        "from" => Condition::From(StateId::new(value.reference()?)),
        "approval" => Condition::Approval(ApprovalId::new(value.reference()?)),
        "final" => Condition::Final(value.flag()?),
        "initial" => Condition::Initial(value.flag()?),
        "label" => Condition::Label(value.text(&Text::KEY)?),
        "no-label" => Condition::NoLabel(value.text(&Text::KEY)?),
        _ => Condition::Approved(value.flag()?),
    })
}
