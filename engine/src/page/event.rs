//! What can happen to a page. Each event is the `event` member of a journal entry; a change here is a new encoding.

use crate::audit::commitment::TextRef;
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, FactorId, PageVersion, Seq, SpaceId, TextId, WorkflowId};
use crate::token::policy::FactorKind;
use crate::wire::status::{Decision, StateLabel};
use serde::{Deserialize, Serialize};

/// What happened to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PageEvent {
    /// The page came under a workflow.
    WorkflowStarted {
        /// Which.
        workflow: WorkflowId,
        /// The version of its definition; the page runs on it until moved.
        workflow_version: u32,
        /// Its name then.
        workflow_name: String,
        /// The space the page was in.
        space: SpaceId,
        /// The initial state.
        state: StateLabel,
        /// The page's version then.
        version: PageVersion,
    },
    /// Somebody submitted a version for review.
    Submitted {
        /// The version.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
        /// Its title.
        title: TextRef,
        /// Who wrote it.
        author: AccountId,
        /// Who submitted.
        by: Signatory,
        /// What they said.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        comment: Option<TextRef>,
    },
    /// A reviewer decided. Holds everything the challenge bound (21 CFR 11.50, 11.70).
    Decided {
        /// For which approval of the state.
        approval: ApprovalId,
        /// The verdict.
        decision: Decision,
        /// The version decided on.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
        /// The seq at which the state of this review was entered.
        state_seq: Seq,
        /// Who.
        by: Signatory,
        /// What the signature means.
        meaning: String,
        /// What they said.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        comment: Option<TextRef>,
        /// How it was confirmed.
        proof: Proof,
    },
    /// The page entered a state.
    StateEntered {
        /// Which.
        state: StateLabel,
        /// The approvals it asks for.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        asked: Vec<Asked>,
        /// Why.
        cause: Cause,
    },
    /// The content changed: a new version, or an attachment.
    Edited {
        /// The version now.
        version: PageVersion,
        /// Its content, where it was read.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        content_hash: Option<ContentHash>,
        /// Who edited, where it is known.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<AccountId>,
    },
    /// An approval is taken back: the page had moved on before it was recorded.
    ApprovalVoided {
        /// The version that was approved.
        version: PageVersion,
        /// The version that was there already.
        found: PageVersion,
    },
}

/// An approval a state asks for, as far as people are shown it without the definition at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its id in the definition.
    pub id: ApprovalId,
    /// Its name.
    pub name: String,
    /// How many must approve.
    pub minimum: u32,
}

/// A person with the name they had when they signed (21 CFR 11.50(a)(1)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// Who.
    pub account: AccountId,
    /// The name, erasable.
    pub name: TextRef,
}

/// How a decision was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// SHA-256 of the consumed challenge, hexadecimal.
    pub challenge: String,
    /// The policy that was in force.
    pub policy_version: u32,
    /// The consumed factor; absent where the policy asks for none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub factor: Option<FactorUse>,
}

/// A factor that was consumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorUse {
    /// Which.
    pub factor: FactorId,
    /// Its kind.
    pub kind: FactorKind,
    /// The time step of the accepted code (RFC 6238).
    pub step: u64,
}

/// Why a state was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Somebody submitted.
    Submitted,
    /// Every approval is complete.
    Approved,
    /// A reviewer rejected.
    Rejected,
    /// The content changed.
    Edited,
    /// An approval was voided.
    Voided,
}

impl PageEvent {
    /// The rows of erasable text the event refers to.
    #[must_use]
    pub fn texts(&self) -> Vec<&TextId> {
        let refs: Vec<&TextRef> = match self {
            Self::Submitted { title, by, comment, .. } => {
                [title, &by.name].into_iter().chain(comment.as_ref()).collect()
            }
            Self::Decided { by, comment, .. } => core::iter::once(&by.name).chain(comment.as_ref()).collect(),
            Self::WorkflowStarted { .. }
            | Self::StateEntered { .. }
            | Self::Edited { .. }
            | Self::ApprovalVoided { .. } => Vec::new(),
        };
        refs.into_iter().map(|text| &text.text).collect()
    }
}
