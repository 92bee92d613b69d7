//! Ways out of a state.

use super::people::People;
use crate::ids::StateId;
use serde::{Deserialize, Serialize};

/// Ways out of a state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transitions {
    /// Somebody submits the page for review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submit: Option<Submit>,
    /// Every approval of the state is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<StateId>,
    /// An approval of the state was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<StateId>,
    /// What an edit of the page does.
    #[serde(default, skip_serializing_if = "Updated::is_stay")]
    pub updated: Updated,
    /// The state's time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<StateId>,
    /// Somebody picks one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<Select>,
}

impl Transitions {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The transition somebody picks to go to `to`.
    #[must_use]
    pub fn select_to(&self, to: &StateId) -> Option<&Select> {
        self.select.iter().find(|select| select.to == *to)
    }
}

/// Submitting a page for review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// The state it leads to, which asks for approvals.
    pub to: StateId,
    /// Who may; whoever may edit the page if nobody is named.
    #[serde(default, skip_serializing_if = "People::is_empty")]
    pub who: People,
    /// Whether something must be said.
    #[serde(default, skip_serializing_if = "CommentRule::is_optional")]
    pub comment: CommentRule,
}

/// A transition somebody picks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// The state it leads to. A state has one such transition to another at most.
    pub to: StateId,
    /// What the button says; the state's name if it says nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who may; whoever may edit the page if nobody is named.
    #[serde(default, skip_serializing_if = "People::is_empty")]
    pub who: People,
    /// Whether something must be said.
    #[serde(default, skip_serializing_if = "CommentRule::is_optional")]
    pub comment: CommentRule,
}

/// Whether something must be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommentRule {
    /// It may.
    #[default]
    Optional,
    /// It must.
    Required,
}

impl CommentRule {
    fn is_optional(&self) -> bool {
        *self == Self::Optional
    }
}

/// What an edit of the page does to its state. The claim "this version is approved" ends with any edit, and so does a review
/// of another version, whatever is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Updated {
    /// Keeps the state.
    #[default]
    Stay,
    /// Moves to the initial state.
    Initial,
    /// Moves to the state the page was in before this one.
    Previous,
    /// Moves to a named state.
    To(StateId),
}

impl Updated {
    fn is_stay(&self) -> bool {
        *self == Self::Stay
    }
}
