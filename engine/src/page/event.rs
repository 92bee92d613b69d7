//! What can happen to a page. Each event is the `event` member of a journal entry; a change here is a new encoding.

use crate::audit::commitment::TextRef;
use crate::calendar::Span;
use crate::content::ContentHash;
use crate::ids::{
    AccountId, ApprovalId, FactorId, GroupId, PageVersion, Seq, SessionId, SpaceId, StateId, TextId, WorkflowId,
};
use crate::time::Timestamp;
use crate::token::policy::FactorKind;
use crate::wire::status::{Decision, StateLabel};
use crate::workflow::definition::{Mode, Role};
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

/// The review a state begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewOpened {
    /// The version under review.
    pub version: PageVersion,
    /// Its content.
    pub content_hash: ContentHash,
    /// Who wrote it.
    pub author: AccountId,
    /// Who created the page.
    pub creator: AccountId,
    /// Who else wrote versions since the last approved one.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub contributors: BTreeSet<AccountId>,
    /// Who asked for it, where a person did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<Signatory>,
    /// What they said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comment: Option<TextRef>,
    /// The approvals asked for.
    pub asked: Vec<Asked>,
}

/// An approval a state asks for, with whom it asks: enough to count decisions, and to show who is missing, without the
/// definition at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its id in the definition.
    pub id: ApprovalId,
    /// Its name.
    pub name: String,
    /// How many must approve.
    pub mode: Mode,
    /// How many must reject.
    pub minimum_rejections: u32,
    /// Approvals that must be complete before it is asked for.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub after: BTreeSet<ApprovalId>,
    /// How long the reviewers have.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub due: Option<Span>,
    /// Whether a decision may be changed.
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub change_decision: bool,
    /// Who is asked by name, members of groups counted in where they are known; those kept from deciding left out.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub people: Vec<AskedPerson>,
    /// Groups asked.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub groups: Vec<AskedGroup>,
    /// Roles asked whose people cannot be listed.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub roles: BTreeSet<Role>,
    /// Whether there may be others than `people`: a role, or a group too large to list.
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub open: bool,
}

/// A person who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPerson {
    /// Who.
    pub person: Signatory,
    /// Why they.
    pub via: Via,
}

/// Why a person is asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Via {
    /// The definition names them.
    Named,
    /// By what they are to the page.
    Role {
        /// What.
        role: Role,
    },
    /// The submitter named them.
    Assigned,
    /// They were put in another's place, or asked besides.
    Reassigned,
    /// As a member of a group, as long as they are one.
    Group {
        /// Which.
        group: GroupId,
    },
}

/// A group that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name then.
    pub name: String,
}

/// A person with the name they had then (21 CFR 11.50(a)(1)).
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
    /// The consumed factor; absent where the policy asks for none, or a session stands for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub factor: Option<FactorUse>,
    /// The step-up session this belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub session: Option<SessionUse>,
    /// Whether the person typed who they are, and it was right (21 CFR 11.200(a)(1): the identification code).
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub identified: bool,
}

impl Proof {
    /// Whether a factor stands behind it: one used for it, or one by which the session was begun.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.factor.is_some() || self.session.is_some()
    }
}

/// A step-up session that counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionUse {
    /// Which.
    pub session: SessionId,
    /// By which kind of factor it was begun.
    pub kind: FactorKind,
    /// When.
    pub began_at: Timestamp,
    /// Whether the person named themselves when it began.
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub identified: bool,
}

/// A factor that was consumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorUse {
    /// Which.
    pub factor: FactorId,
    /// Its kind.
    pub kind: FactorKind,
    /// What was used up with it: the time step of the accepted code (RFC 6238), a passkey's signature counter; 0 for what is
    /// used up by itself.
    pub step: u64,
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
            Self::Decided { by, comment, .. } => core::iter::once(&by.name).chain(comment).collect(),
            Self::Reassigned { to, by, comment, .. } => [&to.name, &by.name].into_iter().chain(comment).collect(),
            Self::EmergencyAsked { by, reason, .. } => vec![&by.name, reason],
            Self::StateEntered { review: Some(review), .. } => review.texts().collect(),
            // The reason of what was carried out is the row its request made.
            Self::EmergencyWithdrawn { by }
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

impl ReviewOpened {
    fn texts(&self) -> impl Iterator<Item = &TextRef> {
        let people = self.asked.iter().flat_map(|asked| &asked.people).map(|asked| &asked.person.name);
        self.by.iter().map(|by| &by.name).chain(&self.comment).chain(people)
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_true(value: &bool) -> bool {
    *value
}
