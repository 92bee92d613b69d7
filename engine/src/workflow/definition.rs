//! The types of a workflow definition.
//!
//! A definition is immutable once it has a version; pages run on the version they started with until they are moved.

pub use super::approval::{Approval, Assigned, Exclusion, Mode, Reviewers, StepUp};
pub use super::people::{People, Role};
pub use super::transition::{CommentRule, Select, Submit, Transitions, Updated};
pub use super::trigger::Trigger;
use crate::calendar::Span;
use crate::ids::{StateId, WorkflowId};
use crate::wire::status::{Colour, StateLabel};
use serde::{Deserialize, Serialize};

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
    /// What happens by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
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
    /// What it means for a page to be in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Whether pages start here. Exactly one state is initial.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub initial: bool,
    /// Whether the workflow ends here.
    #[serde(rename = "final", default, skip_serializing_if = "core::ops::Not::not")]
    pub is_final: bool,
    /// How long a page may stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// Approvals asked for here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// Ways out.
    #[serde(default, skip_serializing_if = "Transitions::is_empty")]
    pub transitions: Transitions,
}

/// How long a page may stay in a state: 1 day to 2 years. At least one of the two is given; a date on the page goes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// So long from entering it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Span>,
    /// Until the date in the row of the page's table with this heading, such as "Review date".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_date: Option<String>,
}

impl State {
    /// As people see it.
    #[must_use]
    pub fn label(&self) -> StateLabel {
        StateLabel { id: self.id.clone(), name: self.name.clone(), colour: self.colour, is_final: self.is_final }
    }

    /// The approval of this id.
    #[must_use]
    pub fn approval(&self, id: &crate::ids::ApprovalId) -> Option<&Approval> {
        self.approvals.iter().find(|approval| approval.id == *id)
    }
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

    /// Headings of the rows in which pages carry a date this workflow reads.
    pub fn date_headings(&self) -> impl Iterator<Item = &str> {
        self.states.iter().filter_map(|state| state.expiry.as_ref()?.on_date.as_deref())
    }
}
