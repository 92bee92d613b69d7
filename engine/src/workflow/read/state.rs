//! States.

use super::node::{Bounds, Node};
use super::text::Text;
use super::{approval, collect, transition, words};
use crate::ids::StateId;
use crate::workflow::definition::{Expiry, State};

/// Two years at their longest.
pub(super) const EXPIRY: Bounds = Bounds::Days(1, 731);
/// The most approvals of a state.
const APPROVALS_MAX: usize = 20;

pub(super) fn state(node: &Node<'_>) -> Option<State> {
    let members = ["id", "name", "colour", "description", "initial", "final", "expiry", "approvals", "transitions"];
    let object = node.object("A state", &members)?;
    let id = object.need("id", "It is how transitions refer to the state.").and_then(|id| id.id());
    let name = object.need("name", "It is what people call the state.").and_then(|name| name.text(&Text::NAME));
    let approvals = object.get("approvals");
    Some(State {
        id: StateId::new(id.unwrap_or_default()),
        name: name.unwrap_or_default(),
        colour: object.get("colour").and_then(|node| node.word("colour", &words::COLOURS)).unwrap_or_default(),
        description: object.get("description").and_then(|text| text.text(&Text::DESCRIPTION)).unwrap_or_default(),
        initial: object.flag("initial"),
        is_final: object.flag("final"),
        expiry: object.get("expiry").and_then(|node| expiry(&node)),
        approvals: approvals
            .map(|list| collect(&list, "approvals", APPROVALS_MAX, approval::approval))
            .unwrap_or_default(),
        transitions: object.get("transitions").and_then(|node| transition::transitions(&node)).unwrap_or_default(),
    })
}

fn expiry(node: &Node<'_>) -> Option<Expiry> {
    let object = node.object("“expiry”", &["after", "on_date"])?;
    if !object.has("after") && !object.has("on_date") {
        node.fault(
            "It says neither how long a page may stay nor until which date.",
            "Add “after” (a duration) or “on_date” (the heading of a date on the page).",
        );
        return None;
    }
    Some(Expiry {
        after: object.get("after").and_then(|after| after.span(&EXPIRY)),
        on_date: object.get("on_date").and_then(|heading| heading.text(&Text::NAME)),
    })
}
