//! Ways out of a state.

use super::node::Node;
use super::object::Object;
use super::text::Text;
use super::{collect, people, words};
use crate::ids::StateId;
use crate::workflow::people::People;
use crate::workflow::transition::{CommentRule, Select, Submit, Transitions, Updated};

/// The most transitions people can pick from.
const SELECTS_MAX: usize = 20;

pub(super) fn transitions(node: &Node<'_>) -> Option<Transitions> {
    let object = node.object("“transitions”", &["submit", "approved", "rejected", "updated", "expired", "select"])?;
    let state = |member: &str| object.get(member).and_then(|node| node.reference()).map(StateId::new);
    Some(Transitions {
        submit: object.get("submit").and_then(|node| submit(&node)),
        approved: state("approved"),
        rejected: state("rejected"),
        updated: object.get("updated").and_then(|node| updated(&node)).unwrap_or_default(),
        expired: state("expired"),
        select: object.get("select").map(|list| collect(&list, "transitions", SELECTS_MAX, select)).unwrap_or_default(),
    })
}

fn submit(node: &Node<'_>) -> Option<Submit> {
    if let Some(to) = short(node) {
        return Some(Submit { to, who: People::default(), comment: CommentRule::default() });
    }
    let object = node.object("“submit”", &["to", "who", "comment"])?;
    Some(Submit { to: to(&object)?, who: who(&object), comment: comment(&object) })
}

fn select(node: &Node<'_>) -> Option<Select> {
    if let Some(to) = short(node) {
        return Some(Select { to, name: String::new(), who: People::default(), comment: CommentRule::default() });
    }
    let object = node.object("A transition", &["to", "name", "who", "comment"])?;
    let name = object.get("name").and_then(|name| name.text(&Text::OPTIONAL_NAME)).unwrap_or_default();
    let (who, comment) = (who(&object), comment(&object));
    Some(Select { to: to(&object)?, name, who, comment })
}

fn updated(node: &Node<'_>) -> Option<Updated> {
    if let Some(to) = short(node) {
        return Some(match to.as_str() {
            "stay" => Updated::Stay,
            "initial" => Updated::Initial,
            "previous" => Updated::Previous,
            _ => Updated::To(to),
        });
    }
    let object = node.object("“updated”", &["to"])?;
    to(&object).map(Updated::To)
}

/// A state's id in the place of an object.
fn short(node: &Node<'_>) -> Option<StateId> {
    if !node.is_text() {
        return None;
    }
    node.context().shortened(node.at());
    node.reference().map(StateId::new)
}

fn to(object: &Object<'_>) -> Option<StateId> {
    object.need("to", "It is the id of the state to go to.").and_then(|to| to.reference()).map(StateId::new)
}

fn who(object: &Object<'_>) -> People {
    object.get("who").and_then(|node| people::people(&node)).unwrap_or_default()
}

fn comment(object: &Object<'_>) -> CommentRule {
    object.get("comment").and_then(|node| node.word("comment rule", &words::COMMENT_RULES)).unwrap_or_default()
}
