//! The types of a workflow definition.
//!
//! A definition is immutable once it has a version; pages run on the version they started with.

use crate::ids::{AccountId, ApprovalId, GroupId, StateId, WorkflowId};
use crate::wire::status::{Colour, StateLabel};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The format this code reads and writes.
pub const FORMAT: u32 = 1;

/// A workflow: its states and how a page moves between them. Parameters are filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// [`FORMAT`].
    pub format: u32,
    /// Its id, kept through all versions.
    pub id: WorkflowId,
    /// Its name for people.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its states, in the order people should read them.
    pub states: Vec<State>,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Its id, unique in the workflow.
    pub id: StateId,
    /// Its name for people.
    pub name: String,
    /// Its colour.
    #[serde(default)]
    pub colour: Colour,
    /// Whether pages start here. Exactly one state is initial.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub initial: bool,
    /// Whether the workflow ends here.
    #[serde(rename = "final", default, skip_serializing_if = "core::ops::Not::not")]
    pub is_final: bool,
    /// What an edit of the page does.
    #[serde(default)]
    pub on_edit: OnEdit,
    /// Approvals asked for here, in parallel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Ways out.
    #[serde(default, skip_serializing_if = "Transitions::is_empty")]
    pub transitions: Transitions,
}

impl State {
    /// As people see it.
    #[must_use]
    pub fn label(&self) -> StateLabel {
        StateLabel { id: self.id.clone(), name: self.name.clone(), colour: self.colour, is_final: self.is_final }
    }
}

/// What an edit of the page does to its state. The claim "this version is approved" ends with any edit, whatever is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnEdit {
    /// Keeps the state.
    #[default]
    Stay,
    /// Moves to the initial state.
    Initial,
    /// Moves to a named state.
    To(StateId),
}

/// Ways out of a state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transitions {
    /// Somebody who may edit the page submits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submit: Option<StateId>,
    /// Every approval of the state is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<StateId>,
    /// A reviewer rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<StateId>,
}

impl Transitions {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An approval: who is asked, how many must agree, what their signature means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Its id, unique in the state.
    pub id: ApprovalId,
    /// Its name for people, such as "Policy owners".
    pub name: String,
    /// Who is asked.
    pub reviewers: Reviewers,
    /// How many must approve.
    pub minimum: u32,
    /// Who may not decide although asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub exclude: BTreeSet<Exclusion>,
    /// What an approval means (21 CFR 11.50(a)(3)), such as "I approve this version for use".
    pub meaning: String,
    /// What a rejection means.
    pub meaning_of_rejection: String,
    /// Whether a rejection must be explained.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub comment_on_reject: bool,
}

/// Who is asked: any of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewers {
    /// People.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<AccountId>,
    /// Members of these groups.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<GroupId>,
}

/// Separation of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exclusion {
    /// Whoever wrote the version under review.
    Author,
    /// Whoever submitted it.
    Submitter,
}

impl Definition {
    /// The state of this id.
    #[must_use]
    pub fn state(&self, id: &StateId) -> Option<&State> {
        self.states.iter().find(|state| state.id == *id)
    }

    /// The state pages start in. Validation sees to it that there is one.
    #[must_use]
    pub fn initial(&self) -> Option<&State> {
        self.states.iter().find(|state| state.initial)
    }
}
