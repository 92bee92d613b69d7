//! From a document to a definition, tolerantly: what cannot be read is named and left out, and the rest is read.
//!
//! * [`text`]: what a text may hold. * [`words`]: the words of the format.
//! * [`node`]: one value of the document. * [`object`]: its members. * [`insert`]: parameters within texts.
//! * [`people`], [`approval`], [`demand`], [`transition`], [`state`], [`trigger`], [`action`]: the parts of a definition.

mod action;
mod approval;
mod demand;
mod insert;
pub(super) mod node;
mod object;
mod people;
mod state;
pub(crate) mod text;
mod transition;
mod trigger;
pub(super) mod words;

pub(super) use insert::escaped;

use super::definition::{Definition, FORMAT};
use super::fault::{Fault, member_of};
use super::parameter::Filling;
use crate::ids::WorkflowId;
use node::Node;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use text::Text;

/// The most states.
const STATES_MAX: usize = 50;
/// The most triggers.
const TRIGGERS_MAX: usize = 50;

/// What reading found out besides the definition.
#[derive(Default)]
pub(super) struct Findings {
    /// What is wrong.
    pub(super) faults: Vec<Fault>,
    /// Places that could not be read: what follows from them is no fault of its own.
    pub(super) broken: BTreeSet<String>,
    /// Where the items of a list stand in the document, if some were left out or come from a parameter.
    pub(super) places: BTreeMap<String, Vec<usize>>,
    /// Places where a plain text stands for an object.
    pub(super) short: BTreeSet<String>,
}

/// What every part of the reader needs.
pub(super) struct Context<'a> {
    filling: Option<&'a Filling>,
    findings: RefCell<Findings>,
}

impl<'a> Context<'a> {
    /// References to parameters are left alone.
    pub(super) fn raw() -> Self {
        Self { filling: None, findings: RefCell::default() }
    }

    /// References to parameters take their values.
    pub(super) fn filled(filling: &'a Filling, findings: Findings) -> Self {
        Self { filling: Some(filling), findings: RefCell::new(findings) }
    }

    pub(super) fn into_findings(self) -> Findings {
        self.findings.into_inner()
    }

    pub(super) fn faults_so_far(&self) -> usize {
        self.findings.borrow().faults.len()
    }

    pub(super) fn fault(&self, at: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) {
        let at = at.into();
        self.break_at(at.clone());
        self.findings.borrow_mut().faults.push(Fault::new(at, what, mend));
    }

    fn break_at(&self, at: String) {
        self.findings.borrow_mut().broken.insert(at);
    }

    fn shortened(&self, at: &str) {
        self.findings.borrow_mut().short.insert(at.to_owned());
    }

    fn stands_at(&self, list: &str, places: Vec<usize>) {
        if !places.iter().copied().eq(0..places.len()) {
            self.findings.borrow_mut().places.insert(list.to_owned(), places);
        }
    }
}

/// The definition, as far as it can be read.
pub(super) fn definition<'a>(document: &'a Value, context: &'a Context<'a>) -> Option<Definition> {
    let members = ["$schema", "format", "id", "name", "description", "parameters", "states", "triggers"];
    let object = context.node(document, String::new())?.object("A definition", &members)?;
    if let Some(schema) = object.get("$schema") {
        schema.text(&Text::ADDRESS);
    }
    if let Some(format) = object.need("format", &format!("Write \"format\": {FORMAT}.")) {
        format.number(FORMAT, FORMAT);
    }
    let id = object.need("id", "It names the workflow through all its versions.").and_then(|id| id.id());
    let name = object.need("name", "It is what people call the workflow.").and_then(|name| name.text(&Text::NAME));
    let description = object.get("description").and_then(|text| text.text(&Text::DESCRIPTION)).unwrap_or_default();
    let states = object.need("states", "A workflow has at least one state.");
    let states = states.map(|states| collect(&states, "states", STATES_MAX, state::state)).unwrap_or_default();
    let triggers = object.get("triggers");
    let triggers = triggers.map(|list| collect(&list, "triggers", TRIGGERS_MAX, trigger::trigger)).unwrap_or_default();
    Some(Definition {
        format: FORMAT,
        id: WorkflowId::new(id.unwrap_or_default()),
        name: name.unwrap_or_default(),
        description,
        states,
        triggers,
    })
}

/// The items of a list that can be read; where they stand is noted.
fn collect<'a, T>(list: &Node<'a>, things: &str, most: usize, read: impl Fn(&Node<'a>) -> Option<T>) -> Vec<T> {
    let mut places = Vec::new();
    let mut found = Vec::new();
    for node in list.items(things, most) {
        if let Some(item) = read(&node) {
            places.push(node.index());
            found.push(item);
        }
    }
    list.context().stands_at(list.at(), places);
    found
}

/// The items of a list, each once.
fn set<'a, T: Ord>(list: &Node<'a>, things: &str, most: usize, read: impl Fn(&Node<'a>) -> Option<T>) -> BTreeSet<T> {
    let mut found = BTreeSet::new();
    for node in list.items(things, most) {
        if let Some(item) = read(&node)
            && !found.insert(item)
            && !node.is_from_parameter()
        {
            node.fault("This is in the list already.", "Remove one of the two.");
        }
    }
    found
}

/// A member's place.
fn below(at: &str, member: &str) -> String {
    member_of(at, member)
}
