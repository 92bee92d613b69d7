//! What can happen to a page. Each event is the `event` member of a journal entry; a change here is a new encoding.

pub use super::asked::{Asked, AskedGroup, AskedPerson, ReviewOpened, Via};
pub use super::proof::{
    BulkUse, FactorUse, InvitedAttachment, InvitedUse, Opened, Proof, Proven, SessionUse, Signatory,
};
use crate::audit::commitment::TextRef;
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, InvitationId, PageVersion, Seq, SpaceId, StateId, TextId, WorkflowId};
use crate::time::Timestamp;
use crate::wire::status::{Decision, StateLabel};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
        /// When that state expires.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        expires_at: Option<Timestamp>,
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
        /// How it was confirmed, where the policy asks for it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        proof: Option<Proof>,
    },
    /// Somebody picked a transition.
    Selected {
        /// To which state.
        to: StateId,
        /// What the button said.
        name: String,
        /// The version then.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
        /// Its title.
        title: TextRef,
        /// Who.
        by: Signatory,
        /// What they said.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        comment: Option<TextRef>,
        /// How it was confirmed, where the policy asks for it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        proof: Option<Proof>,
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
        /// For whom, where it is not, or not only, for themselves: people who are away.
        #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
        for_others: BTreeSet<AccountId>,
        /// Whether it counts for a seat of their own.
        #[serde(skip_serializing_if = "is_true", default = "yes")]
        for_self: bool,
        /// What the signature means.
        meaning: String,
        /// What they said.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        comment: Option<TextRef>,
        /// How it was confirmed.
        proof: Proof,
        /// The invitation it answers, where somebody without an account decided.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        invited: Option<InvitedUse>,
    },
    /// Somebody without an account is asked besides: the version and the attachments named are disclosed to them.
    Invited {
        /// The invitation.
        invitation: InvitationId,
        /// For which approval.
        approval: ApprovalId,
        /// Whom, by the name whoever invited them wrote.
        person: Signatory,
        /// A commitment of the mail address. Address and salt are kept sealed, not among the texts.
        address: TextRef,
        /// The version disclosed.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
        /// The seq at which the state of this review was entered.
        state_seq: Seq,
        /// The attachments disclosed.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        attachments: Vec<InvitedAttachment>,
        /// After this it can't be answered.
        until: Timestamp,
        /// Who invited them.
        by: Signatory,
        /// How it was confirmed, where the policy asks for it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        proof: Option<Proof>,
    },
    /// An invitation was taken back.
    InvitationRevoked {
        /// Which.
        invitation: InvitationId,
        /// Whose: what stands for them.
        person: AccountId,
        /// By whom.
        by: Signatory,
    },
    /// Somebody who was invited wants to decide nothing.
    Abstained {
        /// The invitation.
        invitation: InvitationId,
        /// For which approval.
        approval: ApprovalId,
        /// Who.
        by: Signatory,
        /// The version they were shown.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
        /// The seq at which the state of this review was entered.
        state_seq: Seq,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<TextRef>,
        /// What stands behind it.
        standing: Proven,
    },
    /// Somebody is asked in another's place, or besides.
    Reassigned {
        /// For which approval.
        approval: ApprovalId,
        /// In whose place.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        from: Option<AccountId>,
        /// Who is asked now.
        to: Signatory,
        /// Who wanted it.
        by: Signatory,
        /// Whether the reviewer passed their own seat on.
        #[serde(skip_serializing_if = "core::ops::Not::not", default)]
        delegated: bool,
        /// What they said.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        comment: Option<TextRef>,
        /// How it was confirmed, where the policy asks for it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        proof: Option<Proof>,
    },
    /// An admin asked for emergency access: to decide on an approval in its reviewers' place.
    EmergencyAsked {
        /// For which approval.
        approval: ApprovalId,
        /// What they want decided.
        decision: Decision,
        /// The version then.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
        /// The seq at which the state of this review was entered.
        state_seq: Seq,
        /// Who.
        by: Signatory,
        /// Why.
        reason: TextRef,
        /// From when on they may carry it out by themselves, where there was no other admin to second it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        alone_from: Option<Timestamp>,
        /// After this it is void.
        until: Timestamp,
        /// How it was confirmed.
        proof: Proof,
    },
    /// The request for emergency access was taken back.
    EmergencyWithdrawn {
        /// By whom.
        by: Signatory,
    },
    /// Emergency access was carried out: an admin decided in the reviewers' place.
    EmergencyDecided {
        /// For which approval.
        approval: ApprovalId,
        /// The verdict.
        decision: Decision,
        /// The version decided on.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
        /// The seq at which the state of this review was entered.
        state_seq: Seq,
        /// Who carried it out: another admin, or after a day the same.
        by: Signatory,
        /// Who had asked.
        asked_by: Signatory,
        /// Why, as it was said when it was asked for.
        reason: TextRef,
        /// What the signature means.
        meaning: String,
        /// How it was confirmed.
        proof: Proof,
    },
    /// The page entered a state.
    StateEntered {
        /// Which.
        state: StateLabel,
        /// Why.
        cause: Cause,
        /// When it expires.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        expires_at: Option<Timestamp>,
        /// The review it begins, where it asks for approvals.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        review: Option<ReviewOpened>,
    },
    /// The state's expiry was set anew, because the date on the page changed.
    ExpirySet {
        /// When; absent: never.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        at: Option<Timestamp>,
    },
    /// The due date of approvals has come, and they are not complete.
    ReviewDue {
        /// Which.
        approvals: BTreeSet<ApprovalId>,
    },
    /// The content changed: a new version, or an attachment.
    Edited {
        /// The version now.
        version: PageVersion,
        /// Its content.
        content_hash: ContentHash,
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
    /// The page was put on another workflow, or another version of it. A [`PageEvent::StateEntered`] follows.
    WorkflowMoved {
        /// Which.
        workflow: WorkflowId,
        /// The version of its definition.
        workflow_version: u32,
        /// Its name then.
        workflow_name: String,
        /// Who moved it, where a person did.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<Signatory>,
    },
    /// The page was taken out of its workflow.
    WorkflowEnded {
        /// Who did, where a person did.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<Signatory>,
    },
}

/// Why a state was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Somebody submitted.
    Submitted,
    /// Somebody picked the transition.
    Selected,
    /// Every approval is complete.
    Approved,
    /// An approval was rejected.
    Rejected,
    /// The content changed.
    Edited,
    /// An approval was voided.
    Voided,
    /// The state before had expired.
    Expired,
    /// The page was moved to another workflow or version.
    Moved,
}

impl PageEvent {
    /// The rows of erasable text the event refers to.
    #[must_use]
    pub fn texts(&self) -> Vec<&TextId> {
        let refs: Vec<&TextRef> = match self {
            Self::Submitted { title, by, comment, .. } | Self::Selected { title, by, comment, .. } => {
                [title, &by.name].into_iter().chain(comment).collect()
            }
            Self::Decided { invited: Some(_), comment, .. } => comment.iter().collect(),
            Self::Decided { by, comment, .. } => core::iter::once(&by.name).chain(comment).collect(),
            Self::Reassigned { to, by, comment, .. } => [&to.name, &by.name].into_iter().chain(comment).collect(),
            // The address is no text: see there.
            Self::Invited { person, by, attachments, .. } => {
                [&person.name, &by.name].into_iter().chain(attachments.iter().map(|one| &one.title)).collect()
            }
            // Their name is the row the invitation made.
            Self::Abstained { reason, .. } => reason.iter().collect(),
            Self::EmergencyAsked { by, reason, .. } => vec![&by.name, reason],
            Self::StateEntered { review: Some(review), .. } => review.texts().collect(),
            // The reason of what was carried out is the row its request made.
            Self::InvitationRevoked { by, .. }
            | Self::EmergencyWithdrawn { by }
            | Self::EmergencyDecided { by, .. }
            | Self::WorkflowMoved { by: Some(by), .. }
            | Self::WorkflowEnded { by: Some(by) } => vec![&by.name],
            Self::WorkflowStarted { .. }
            | Self::StateEntered { review: None, .. }
            | Self::ExpirySet { .. }
            | Self::ReviewDue { .. }
            | Self::Edited { .. }
            | Self::ApprovalVoided { .. }
            | Self::WorkflowMoved { by: None, .. }
            | Self::WorkflowEnded { by: None } => Vec::new(),
        };
        refs.into_iter().map(|text| &text.text).collect()
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_true(value: &bool) -> bool {
    *value
}
