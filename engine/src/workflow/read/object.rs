//! The members of an object.

use super::node::Node;
use super::{Context, below};
use crate::workflow::fault::quoted;
use crate::workflow::nearest::nearest;
use serde_json::{Map, Value};

/// An object whose members are all known; those that are not are noted.
pub(in crate::workflow) struct Object<'a> {
    context: &'a Context<'a>,
    members: &'a Map<String, Value>,
    at: String,
    thing: &'static str,
    /// Members that are there under a misspelt name.
    misspelt: Vec<&'static str>,
}

impl<'a> Object<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        members: &'a Map<String, Value>,
        at: String,
        thing: &'static str,
        known: &[&'static str],
    ) -> Self {
        let mut misspelt = Vec::new();
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            let missing = known.iter().copied().filter(|known| !members.contains_key(*known));
            let near = nearest(name, missing);
            let near = near.and_then(|near| known.iter().copied().find(|known| *known == near));
            let mend = match near {
                Some(near) => format!("Did you mean “{near}”?"),
                None => format!("Remove it, or use one of: {}.", known.join(", ")),
            };
            context.fault(below(&at, name), format!("{thing} has no member {}.", quoted(name)), mend);
            if let Some(near) = near {
                context.break_at(below(&at, near));
                misspelt.push(near);
            }
        }
        Self { context, members, at, thing, misspelt }
    }

    pub(in crate::workflow) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// A member as it stands in the document.
    pub(in crate::workflow) fn raw(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name)
    }

    /// A member, if it is there.
    pub(in crate::workflow) fn get(&self, name: &str) -> Option<Node<'a>> {
        self.context.node(self.members.get(name)?, below(&self.at, name))
    }

    /// A member that has to be there; `why` says what it is for.
    pub(in crate::workflow) fn need(&self, name: &str, why: &str) -> Option<Node<'a>> {
        if !self.has(name) && !self.misspelt.contains(&name) {
            self.context.fault(below(&self.at, name), format!("{} needs “{name}”.", self.thing), why);
        }
        self.get(name)
    }

    /// Whether a member says `true`.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(|node| node.flag()).unwrap_or_default()
    }

    pub(in crate::workflow) fn fault(&self, name: &str, what: impl Into<String>, mend: impl Into<String>) {
        self.context.fault(below(&self.at, name), what, mend);
    }
}
