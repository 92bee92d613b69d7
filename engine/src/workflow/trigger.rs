//! What happens by itself: an event, conditions, actions.
//!
//! Actions are named and validated here. A workflow with an action that is not carried out yet cannot be put in force:
//! see [`Action::is_carried_out`].

use super::people::People;
use crate::calendar::Span;
use crate::ids::{ApprovalId, GroupId, StateId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// When `event` happens and every condition holds, the actions are taken in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// When.
    pub event: Event,
    /// Only if.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Then.
    pub actions: Vec<Action>,
}

/// What a trigger waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The page entered a state.
    StateEntered,
    /// A reviewer approved.
    ApprovalGiven,
    /// A reviewer rejected.
    Rejected,
    /// Somebody became a reviewer.
    ReviewerAssigned,
    /// A state's time is over.
    Expired,
    /// The page was edited.
    PageUpdated,
    /// A review's due date has come.
    ReviewDue,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The page is in this state.
    State(StateId),
    /// It was in this state before.
    From(StateId),
    /// The event is about this approval.
    Approval(ApprovalId),
    /// The state is a final one, or is not.
    Final(bool),
    /// The state is the initial one, or is not.
    Initial(bool),
    /// The page carries this label.
    Label(String),
    /// The page does not carry this label.
    NoLabel(String),
    /// The version Confluence shows is the approved one, or is not.
    Approved(bool),
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// Moves the page.
    ChangeState {
        /// To which state.
        to: StateId,
    },
    /// Asks somebody besides.
    Assign {
        /// For which approval.
        approval: ApprovalId,
        /// Whom.
        who: People,
    },
    /// Asks somebody no more.
    Unassign {
        /// For which approval.
        approval: ApprovalId,
        /// Whom.
        who: People,
    },
    /// Sets when the state expires.
    SetExpiration {
        /// So long from now.
        after: Span,
    },
    /// The state does not expire.
    ClearExpiration {},
    /// Shows a message on the page.
    SetMessage {
        /// How it looks.
        kind: MessageKind,
        /// What it says.
        text: String,
    },
    /// Takes the messages away.
    ClearMessages {},
    /// Sends a mail.
    SendEmail {
        /// To whom.
        to: People,
        /// Its subject.
        subject: String,
        /// What it says.
        text: String,
    },
    /// Lets only these people see or edit the page.
    AddRestrictions {
        /// See or edit.
        operation: Operation,
        /// Who still may.
        who: People,
    },
    /// Takes restrictions away.
    RemoveRestrictions {
        /// See or edit.
        operation: Operation,
    },
    /// Publishes the approved version to another space.
    PublishPage {
        /// The key of the space.
        space: String,
    },
    /// Copies the page.
    CopyPage {
        /// The key of the space.
        space: String,
        /// The copy's title; the page's if empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        title: String,
    },
    /// Adds a label.
    AddLabel {
        /// Which.
        label: String,
    },
    /// Takes a label away.
    RemoveLabel {
        /// Which.
        label: String,
    },
    /// Writes a comment under the page.
    AddComment {
        /// What it says.
        text: String,
    },
    /// Calls an address.
    Webhook {
        /// An `https` address.
        url: String,
    },
}

/// How a message looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// Good to know.
    Info,
    /// Attention is needed.
    Warning,
    /// Something is wrong.
    Error,
}

/// What a restriction keeps people from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Seeing the page.
    Read,
    /// Editing it.
    Update,
}

impl Action {
    /// The word in a definition.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ChangeState { .. } => "change-state",
            Self::Assign { .. } => "assign",
            Self::Unassign { .. } => "unassign",
            Self::SetExpiration { .. } => "set-expiration",
            Self::ClearExpiration {} => "clear-expiration",
            Self::SetMessage { .. } => "set-message",
            Self::ClearMessages {} => "clear-messages",
            Self::SendEmail { .. } => "send-email",
            Self::AddRestrictions { .. } => "add-restrictions",
            Self::RemoveRestrictions { .. } => "remove-restrictions",
            Self::PublishPage { .. } => "publish-page",
            Self::CopyPage { .. } => "copy-page",
            Self::AddLabel { .. } => "add-label",
            Self::RemoveLabel { .. } => "remove-label",
            Self::AddComment { .. } => "add-comment",
            Self::Webhook { .. } => "webhook",
        }
    }

    /// Whether this version of Countersign carries it out.
    #[must_use]
    pub fn is_carried_out(&self) -> bool {
        false
    }

    /// The groups it names.
    #[must_use]
    pub fn groups(&self) -> BTreeSet<&GroupId> {
        match self {
            Self::Assign { who, .. }
            | Self::Unassign { who, .. }
            | Self::AddRestrictions { who, .. }
            | Self::SendEmail { to: who, .. } => who.groups.iter().collect(),
            _ => BTreeSet::new(),
        }
    }
}
