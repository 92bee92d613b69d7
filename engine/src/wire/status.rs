//! What a viewer sees of a page.

use crate::ids::{ApprovalId, PageVersion, Seq, StateId};
use crate::time::Timestamp;
use crate::token::guessing::Lock;
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
    /// Who submitted it.
    pub submitted_by: String,
    /// When.
    pub submitted_at: Timestamp,
    /// What the submitter said.
    pub comment: Option<String>,
    /// Every approval asked for.
    pub approvals: Vec<ApprovalView>,
}

/// One approval asked for in a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// Its id in the definition.
    pub id: ApprovalId,
    /// Its name, such as "Policy owners".
    pub name: String,
    /// How many approvals it takes.
    pub required: u32,
    /// Decisions so far.
    pub decisions: Vec<DecisionView>,
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
    /// Somebody approved.
    Approved {
        /// With what meaning.
        meaning: String,
    },
    /// Somebody rejected.
    Rejected,
    /// The page was edited, or an attachment changed.
    Edited,
    /// It entered a state.
    Entered {
        /// The state's name.
        state: String,
    },
    /// An approval was taken back because the page had moved before it was recorded.
    Voided,
}

/// Asks what the person may do on the page of the invocation token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ActionsRequest {}

/// Answers [`ActionsRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionsResponse {
    /// Submit for review.
    pub submit: Offer,
    /// Approve or reject.
    pub decide: Offer,
    /// Whether the person has an authenticator. [`None`] where nothing they may do needs one.
    pub factor: Option<FactorState>,
    /// Whether their codes are refused for now.
    pub lock: Option<Lock>,
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
