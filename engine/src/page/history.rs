//! What is said of a page's latest events.

use super::event::Cause;
use crate::audit::commitment::TextRef;
use crate::ids::{PageVersion, Seq};
use crate::time::Timestamp;
use crate::wire::status::Decision;
use serde::{Deserialize, Serialize};

/// One line of history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The event's place.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Who, by the name of then.
    pub who: Option<TextRef>,
    /// What.
    pub what: What,
    /// About which version.
    pub version: Option<PageVersion>,
    /// What was said.
    pub comment: Option<TextRef>,
}

/// What a line of history says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum What {
    /// Came under the workflow.
    Started,
    /// Was submitted.
    Submitted,
    /// Somebody picked a transition.
    Selected {
        /// What the button said.
        name: String,
    },
    /// Was approved by somebody.
    Approved {
        /// What it means.
        meaning: String,
    },
    /// Was rejected.
    Rejected,
    /// Somebody else is asked.
    Reassigned {
        /// Who, by the name of then.
        to: TextRef,
        /// Whether the reviewer passed their own seat on.
        delegated: bool,
    },
    /// Emergency access was asked for.
    EmergencyAsked {
        /// What is to be decided.
        decision: Decision,
    },
    /// The request for it was taken back.
    EmergencyWithdrawn,
    /// It was carried out.
    EmergencyDecided {
        /// What was decided.
        decision: Decision,
    },
    /// Somebody without an account was invited.
    Invited {
        /// Who, by the name of then.
        person: TextRef,
    },
    /// An invitation was taken back.
    InvitationRevoked {
        /// Whose; absent if the review it belonged to was over.
        person: Option<TextRef>,
    },
    /// Somebody who was invited wants to decide nothing.
    Abstained,
    /// Was edited.
    Edited,
    /// Entered a state.
    Entered {
        /// Its name.
        state: String,
        /// Why.
        cause: Cause,
    },
    /// The expiry was set anew.
    ExpirySet {
        /// When; absent: never.
        at: Option<Timestamp>,
    },
    /// The due date has come.
    ReviewDue,
    /// An approval was voided.
    Voided,
    /// Was moved to another workflow or version.
    Moved {
        /// Its name.
        workflow: String,
        /// The version.
        version: u32,
    },
    /// Was taken out of the workflow.
    Ended,
}
