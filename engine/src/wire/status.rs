//! What a viewer sees of a page.

use super::invitation::{InvitedView, Inviting};
use crate::ids::{AccountId, ApprovalId, PageVersion, Seq, StateId};
pub use crate::page::event::{Cause, Proven};
use crate::time::Timestamp;
use crate::token::guessing::Lock;
pub use crate::workflow::definition::{Mode, Role};
use serde::{Deserialize, Serialize};

/// Asks for the page of the invocation token. No fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StatusRequest {}

/// Answers [`StatusRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusResponse {
    /// The page's status as the copy has it.
    pub status: PageStatus,
    /// Where it was read.
    pub source: Source,
    /// What kind of account is looking.
    pub viewer: ViewerKind,
}

/// Where a status was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The copy in KV: fast, possibly old.
    Copy,
    /// The journal: the truth.
    Journal,
}

/// How Confluence knows the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewerKind {
    /// A licensed user: the macro can ask Confluence through the bridge.
    Licensed,
    /// A guest (`unlicensed`): only the edge can ask, as the app.
    Guest,
    /// Somebody without an account, on a page of our own. Confluence knows nothing of them.
    Invited,
}

/// Asks for the journal's word on the page of the invocation token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ConfirmRequest {}

/// Answers [`ConfirmRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfirmResponse {
    /// The page's status as the journal has it.
    pub status: PageStatus,
    /// The page's version in Confluence now.
    pub page_version: VersionNow,
}

/// The page's current version, as far as the edge can tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum VersionNow {
    /// Confluence was asked, as the app.
    Known {
        /// The current version.
        version: PageVersion,
    },
    /// The person is licensed: ask through the bridge, it costs the edge nothing.
    AskBridge,
    /// It could not be learned. Say so; never guess.
    Unknown {
        /// A plain reason to show.
        reason: String,
    },
}

/// One page under a workflow, ready to be shown. Names are already looked up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageStatus {
    /// The journal's head for this page when this was made. A lower one never replaces a higher one on screen.
    pub seq: Seq,
    /// The current state.
    pub state: StateLabel,
    /// The workflow it runs on.
    pub workflow: WorkflowLabel,
    /// Whether the page was taken out of the workflow; what was approved stays approved.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub ended: bool,
    /// When the state expires.
    pub expires_at: Option<Timestamp>,
    /// The highest page version seen so far, if any was.
    pub latest_version: Option<PageVersion>,
    /// The review under way, if any.
    pub review: Option<ReviewView>,
    /// The last approved version, if any. Whether it is the version on screen is for the confirm to say.
    pub approved: Option<ApprovedView>,
    /// Whether the content is known to differ from the approved version.
    pub changed_since_approval: bool,
    /// The latest entries, newest first, at most [`crate::page::HISTORY_SHOWN`].
    pub history: Vec<HistoryItem>,
}

/// A state as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateLabel {
    /// Its id in the definition.
    pub id: StateId,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Whether the workflow ends here.
    #[serde(rename = "final")]
    pub is_final: bool,
}

/// Colours of states: Atlassian's lozenge appearances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Nothing special.
    #[default]
    Grey,
    /// In progress.
    Blue,
    /// Done.
    Green,
    /// Waiting, or attention needed.
    Yellow,
    /// Refused, removed.
    Red,
    /// New, or to be told apart.
    Purple,
}

/// A workflow as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowLabel {
    /// Its name.
    pub name: String,
    /// The version of the definition the page runs on.
    pub version: u32,
}

/// A review under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewView {
    /// The version under review.
    pub version: PageVersion,
    /// Who asked for the review; absent where the clock or an edit began it.
    pub submitted_by: Option<String>,
    /// When.
    pub submitted_at: Timestamp,
    /// What the submitter said.
    pub comment: Option<String>,
    /// Every approval asked for in this state.
    pub approvals: Vec<ApprovalView>,
    /// Approvals of the same version given in the states before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<DecisionView>,
    /// An admin's request to decide in the reviewers' place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<EmergencyView>,
}

/// An admin's request to decide in the reviewers' place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyView {
    /// Its place in the page's stream.
    pub seq: Seq,
    /// For which approval.
    pub approval: ApprovalId,
    /// That approval's name.
    pub approval_name: String,
    /// What they want decided.
    pub decision: Decision,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// From when on they may carry it out by themselves; absent: another admin has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone_from: Option<Timestamp>,
    /// After this it is void.
    pub until: Timestamp,
}

/// One approval asked for in a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// Its id in the definition.
    pub id: ApprovalId,
    /// Its name, such as "Policy owners".
    pub name: String,
    /// How it is counted.
    pub mode: Mode,
    /// How many approvals it takes.
    pub required: u32,
    /// How it stands.
    pub standing: Standing,
    /// Names of the approvals it waits for.
    pub after: Vec<String>,
    /// Until when the reviewers have time.
    pub due_at: Option<Timestamp>,
    /// Who is asked by name, and how they stand.
    pub people: Vec<ReviewerView>,
    /// Names of groups that are asked.
    pub groups: Vec<String>,
    /// Roles that are asked and cannot be listed.
    pub roles: Vec<Role>,
    /// Whether others than `people` may decide too.
    pub open: bool,
    /// Decisions that count.
    pub decisions: Vec<DecisionView>,
    /// Who is asked besides and has no account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<InvitedView>,
}

/// How an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It waits for other approvals.
    Waiting,
    /// Decisions are missing.
    Pending,
    /// Enough have approved.
    Approved,
    /// Enough have rejected.
    Rejected,
}

/// A person who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewerView {
    /// Who.
    pub account: AccountId,
    /// Their name when they were asked.
    pub name: String,
    /// What they, or somebody in their stead, decided; absent: they have not decided.
    pub decision: Option<Decision>,
}

/// A decision somebody took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionView {
    /// The name at signing time, or "(name erased)".
    pub name: String,
    /// Approved or rejected.
    pub decision: Decision,
    /// When.
    pub at: Timestamp,
    /// What the signature means (21 CFR 11.50(a)(3)).
    pub meaning: String,
    /// Whether it was confirmed by a factor.
    pub signed: bool,
    /// What they said.
    pub comment: Option<String>,
    /// The approval it was given for.
    pub approval: String,
    /// Names of people who are away and for whom it counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub for_others: Vec<String>,
    /// Present where it was no reviewer's decision but emergency access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<EmergencyLabel>,
    /// Present where somebody without an account gave it: what stands behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Proven>,
}

/// That an admin decided in the reviewers' place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyLabel {
    /// Who had asked for it.
    pub asked_by: String,
    /// Why.
    pub reason: String,
}

/// The verdict of a reviewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Yes.
    Approve,
    /// No.
    Reject,
}

impl Decision {
    /// The word on the wire and in a challenge.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
        }
    }

    /// The decision of this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Approve, Self::Reject].into_iter().find(|decision| decision.as_str() == word)
    }
}

/// The last approved version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovedView {
    /// Which version. An approval stands for exactly this one.
    pub version: PageVersion,
    /// When the last needed approval was given.
    pub at: Timestamp,
    /// Who approved, when, with what meaning.
    pub signatures: Vec<DecisionView>,
}

/// One line of the page's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryItem {
    /// Its place in the page's stream.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Who, if a person did it.
    pub who: Option<String>,
    /// What happened.
    pub what: Happening,
    /// The page version it is about.
    pub version: Option<PageVersion>,
    /// What was said.
    pub comment: Option<String>,
}

/// What a line of history says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Happening {
    /// The page came under the workflow.
    Started,
    /// It was submitted for review.
    Submitted,
    /// Somebody picked a transition.
    Selected {
        /// What the button said.
        name: String,
    },
    /// Somebody approved.
    Approved {
        /// With what meaning.
        meaning: String,
    },
    /// Somebody rejected.
    Rejected,
    /// Somebody else is asked.
    Reassigned {
        /// Who.
        to: String,
        /// Whether the reviewer passed their own seat on.
        delegated: bool,
    },
    /// An admin asked to decide in the reviewers' place.
    EmergencyAsked {
        /// What is to be decided.
        decision: Decision,
    },
    /// The request was taken back.
    EmergencyWithdrawn,
    /// An admin decided in the reviewers' place.
    EmergencyDecided {
        /// What was decided.
        decision: Decision,
    },
    /// Somebody without an account was invited.
    Invited {
        /// Who.
        person: String,
    },
    /// An invitation was taken back.
    InvitationRevoked {
        /// Whose.
        person: String,
    },
    /// Somebody who was invited wants to decide nothing.
    Abstained,
    /// The page was edited, or an attachment changed.
    Edited,
    /// It entered a state.
    Entered {
        /// The state's name.
        state: String,
        /// Why.
        cause: Cause,
    },
    /// The date on which the state expires was set anew.
    ExpirySet {
        /// When; absent: never.
        at: Option<Timestamp>,
    },
    /// The due date of the review has come.
    ReviewDue,
    /// An approval was taken back because the page had moved before it was recorded.
    Voided,
    /// It was moved to another workflow or version.
    Moved {
        /// The workflow's name.
        workflow: String,
        /// Its version.
        version: u32,
    },
    /// It was taken out of the workflow.
    Ended,
}

/// Asks what the person may do on the page of the invocation token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ActionsRequest {}

/// Answers [`ActionsRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionsResponse {
    /// Submit for review.
    pub submit: Offer,
    /// What submitting asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitting: Option<Submitting>,
    /// Approve or reject, for the first approval that is open to the person.
    pub decide: Offer,
    /// Each approval that concerns the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<MyApproval>,
    /// Transitions somebody can pick here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selects: Vec<SelectOffer>,
    /// Inviting people without an account. Absent where the policy lets nobody be invited to this workflow's pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inviting: Option<Inviting>,
    /// Whether the person has an authenticator. [`None`] where nothing they may do needs one.
    pub factor: Option<FactorState>,
    /// Whether their codes are refused for now.
    pub lock: Option<Lock>,
}

/// What submitting asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitting {
    /// Whether something must be said.
    pub comment_required: bool,
    /// Approvals for which reviewers have to be named.
    pub assign: Vec<AssignReviewers>,
}

/// Reviewers have to be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignReviewers {
    /// For which approval.
    pub approval: ApprovalId,
    /// Its name.
    pub name: String,
    /// How many at least.
    pub at_least: u32,
    /// Whom to choose from, where that is limited to groups that can be listed; empty: anybody who can see the page.
    pub candidates: Vec<Candidate>,
}

/// Somebody who can be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Who.
    pub account: AccountId,
    /// Their name.
    pub name: String,
}

/// An approval that concerns the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyApproval {
    /// Which.
    pub approval: ApprovalId,
    /// Its name.
    pub name: String,
    /// Approve or reject.
    pub decide: Offer,
    /// Whether a decision given before would be changed.
    pub changes: bool,
    /// Names of people who are away, for whom the person decides too.
    pub for_others: Vec<String>,
    /// Whether the person may pass their seat on.
    pub delegate: bool,
    /// Whether the person may put somebody in another's place, or ask somebody besides.
    pub reassign: bool,
}

/// A transition somebody can pick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectOffer {
    /// The state it leads to.
    pub to: StateId,
    /// What the button says.
    pub name: String,
    /// Whether the person may.
    pub offer: Offer,
    /// Whether something must be said.
    pub comment_required: bool,
}

/// Whether an action is open to the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Offer {
    /// Show the button.
    Open,
    /// No button, and why not: a sentence to show, or nothing where it would only be noise.
    Closed {
        /// The sentence.
        why: Option<String>,
    },
}

/// Whether the person can be asked for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorState {
    /// No factor yet: enrol first.
    Missing,
    /// At least one usable factor.
    Enrolled,
}
