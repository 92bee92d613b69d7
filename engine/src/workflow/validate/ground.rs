//! Where things stand in the document, and what could not be read.

use super::graph::Moves;
use crate::ids::StateId;
use crate::workflow::approval::Approval;
use crate::workflow::definition::{Definition, State};
use crate::workflow::fault::{Fault, quoted};
use crate::workflow::nearest::nearest;
use crate::workflow::read::Findings;
use crate::workflow::trigger::Trigger;
use std::collections::BTreeSet;

/// The definition, and what is said about it.
pub(super) struct Ground<'a> {
    pub(super) definition: &'a Definition,
    pub(super) moves: &'a Moves<'a>,
    findings: &'a Findings,
    knows_states: bool,
    knows_moves: bool,
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(definition: &'a Definition, findings: &'a Findings, moves: &'a Moves<'a>) -> Self {
        let (knows_states, knows_moves) = (knows_states(definition, findings), knows_moves(findings));
        Self { definition, moves, findings, knows_states, knows_moves, faults: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn into_findings(self) -> (Vec<Fault>, Vec<Fault>) {
        (self.faults, self.warnings)
    }

    /// A fault, unless its place could not be read anyway.
    pub(super) fn fault(&mut self, at: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) {
        let at = at.into();
        if !self.is_broken(&at) {
            self.faults.push(Fault::new(at, what, mend));
        }
    }

    pub(super) fn warn(&mut self, at: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) {
        self.warnings.push(Fault::new(at, what, mend));
    }

    /// Whether a place, or one it is part of, could not be read.
    pub(super) fn is_broken(&self, at: &str) -> bool {
        let ends = at.match_indices('/').skip(1).map(|(end, _)| end).chain([at.len()]);
        ends.filter_map(|end| at.get(..end)).any(|place| !place.is_empty() && self.findings.broken.contains(place))
    }

    /// Whether a place was read with all its parts.
    pub(super) fn is_whole(&self, at: &str) -> bool {
        let parts = format!("{at}/");
        let mut after = self.findings.broken.range(parts.clone()..);
        !self.is_broken(at) && !after.next().is_some_and(|broken| broken.starts_with(&parts))
    }

    /// Where an item of a list stands.
    pub(super) fn item(&self, list: &str, index: usize) -> String {
        let place = self.findings.places.get(list).and_then(|places| places.get(index)).copied().unwrap_or(index);
        format!("{list}/{place}")
    }

    /// Whether every item of a list was read, whatever is wrong within.
    pub(super) fn is_whole_list(&self, list: &str) -> bool {
        let item = |broken: &str| {
            broken.strip_prefix(list).and_then(|rest| rest.strip_prefix('/')).is_some_and(|rest| !rest.contains('/'))
        };
        !self.is_broken(list) && !self.findings.broken.iter().any(|broken| item(broken))
    }

    /// A member, or the object itself if it was written short.
    pub(super) fn inside(&self, at: &str, member: &str) -> String {
        if self.findings.short.contains(at) { at.to_owned() } else { format!("{at}/{member}") }
    }

    /// The states, with their places.
    pub(super) fn states(&self) -> Vec<(String, &'a State)> {
        let states = self.definition.states.iter().enumerate();
        states.map(|(index, state)| (self.item("/states", index), state)).collect()
    }

    /// A state's approvals, with their places.
    pub(super) fn approvals(&self, at: &str, state: &'a State) -> Vec<(String, &'a Approval)> {
        let list = format!("{at}/approvals");
        state.approvals.iter().enumerate().map(|(index, approval)| (self.item(&list, index), approval)).collect()
    }

    /// The triggers, with their places.
    pub(super) fn triggers(&self) -> Vec<(String, &'a Trigger)> {
        let triggers = self.definition.triggers.iter().enumerate();
        triggers.map(|(index, trigger)| (self.item("/triggers", index), trigger)).collect()
    }

    /// Whether every state and its id is known and no two are the same, so that an unknown id is a fault of its own.
    pub(super) fn knows_states(&self) -> bool {
        self.knows_states
    }

    /// Whether all moves between states are known.
    pub(super) fn knows_moves(&self) -> bool {
        self.knows_moves
    }

    /// A fault if there is no such state.
    pub(super) fn need_state(&mut self, at: impl Into<String>, id: &StateId) {
        if self.definition.state(id).is_some() || !self.knows_states() {
            return;
        }
        let mend = match nearest(id.as_str(), self.definition.states.iter().map(|state| state.id.as_str())) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None => "Write the id of a state of this workflow.".to_owned(),
        };
        self.fault(at, format!("There is no state {}.", quoted(id.as_str())), mend);
    }
}

fn knows_states(definition: &Definition, findings: &Findings) -> bool {
    let states = &definition.states;
    let ids: BTreeSet<&StateId> = states.iter().map(|state| &state.id).collect();
    let all_have_ids = states.iter().all(|state| !state.id.as_str().is_empty());
    !states.is_empty()
        && ids.len() == states.len()
        && findings.broken.iter().all(|at| match segments(at).as_slice() {
            ["states"] | ["states", _] => false,
            ["states", _, "id"] => all_have_ids,
            _ => true,
        })
}

fn knows_moves(findings: &Findings) -> bool {
    findings.broken.iter().all(|at| match segments(at).as_slice() {
        ["states", _, "name" | "colour" | "description" | "approvals" | "expiry", ..] => true,
        ["states" | "triggers", ..] => false,
        _ => true,
    })
}

fn segments(at: &str) -> Vec<&str> {
    at.split('/').skip(1).collect()
}
