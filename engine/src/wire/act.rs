//! Submitting, being asked, deciding.

use super::confirm::{Confirm, Confirmation, How};
use super::status::{Decision, PageStatus};
use crate::content::Change;
use crate::ids::{AccountId, ApprovalId, PageVersion, Seq, StateId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest comment or reason, in characters.
pub const COMMENT_MAX: usize = 4000;

/// Submits the page of the invocation token for review.
#[derive(Clone, Serialize, Deserialize)]
pub struct SubmitRequest {
    /// The version the person has on screen.
    pub page_version: PageVersion,
    /// What the reviewers should know; empty for nothing.
    #[serde(default)]
    pub comment: String,
    /// Reviewers the submitter names, where [`super::status::Submitting`] asks for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assigned: BTreeMap<ApprovalId, BTreeSet<AccountId>>,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Asks for a challenge: what would I be signing?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChallengeRequest {
    /// The verdict the person is about to give.
    pub decision: Decision,
    /// The version the person has on screen.
    pub page_version: PageVersion,
    /// For which approval, where several are open to the person; the first of them if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<ApprovalId>,
    /// What the signature shall mean, where there is a choice; the first of [`ChallengeResponse::meanings`] if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// Answers [`ChallengeRequest`]. Everything in `shown` comes from the record that `challenge` authenticates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChallengeResponse {
    /// Opaque; send it back with the decision.
    pub challenge: String,
    /// What the person is about to sign.
    pub shown: Shown,
    /// What the signature may mean; another one than [`Shown::meaning`] needs another challenge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanings: Vec<String>,
    /// Whether a factor has to be used.
    pub code_required: bool,
    /// How it is confirmed.
    #[serde(default)]
    pub how: How,
    /// After this the challenge is refused.
    pub expires_at: Timestamp,
}

/// What an approver is shown before signing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Approve or reject.
    pub decision: Decision,
    /// The page's title.
    pub title: String,
    /// The version being signed.
    pub version: PageVersion,
    /// SHA-256 over the content, hexadecimal.
    pub content_hash: String,
    /// The approval this decision counts for.
    pub approval: String,
    /// Names of people who are away, for whom it counts too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub for_others: Vec<String>,
    /// Whether it takes the place of a decision given before.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub changes_decision: bool,
    /// What the signature means.
    pub meaning: String,
    /// Whether a comment must be given.
    pub comment_required: bool,
    /// What changed since the last approved version.
    pub changes: Changes,
}

/// What changed since the last approved version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Changes {
    /// No version of this page was approved before.
    FirstApproval,
    /// Differences in the text, in order; `cut` if there were more than [`crate::content::CHANGES_SHOWN`].
    Since {
        /// The last approved version.
        version: PageVersion,
        /// The differing paragraphs.
        changes: Vec<Change>,
        /// Whether some were left out.
        cut: bool,
    },
    /// They could not be learned; the reason is a sentence to show.
    Unknown {
        /// The last approved version.
        version: PageVersion,
        /// The reason.
        reason: String,
    },
}

/// Decides.
#[derive(Clone, Serialize, Deserialize)]
pub struct DecisionRequest {
    /// From [`ChallengeResponse::challenge`].
    pub challenge: String,
    /// The verdict; must be the challenge's.
    pub decision: Decision,
    /// The version the person has on screen; must be the challenge's.
    pub page_version: PageVersion,
    /// What the person says; empty for nothing.
    #[serde(default)]
    pub comment: String,
    /// The six digits of an authenticator, or a mailed code, where one is required.
    #[serde(default)]
    pub code: String,
    /// The address of the person's account, where [`How::identification`] asks for it.
    #[serde(default)]
    pub identification: String,
}

/// Answers [`DecisionRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionResponse {
    /// The entry in the page's stream.
    pub seq: Seq,
    /// When it was recorded.
    pub at: Timestamp,
    /// Whether this repeats an answer given before; nothing was written this time.
    pub repeated: bool,
    /// The page's status after it.
    pub status: PageStatus,
}

/// Picks a transition of the page of the invocation token.
#[derive(Clone, Serialize, Deserialize)]
pub struct SelectRequest {
    /// The state it leads to; one of [`super::status::ActionsResponse::selects`].
    pub to: StateId,
    /// The version the person has on screen.
    pub page_version: PageVersion,
    /// [`PageStatus::seq`] of what the person has on screen: if the page has left that state since, it is refused.
    pub seq: Seq,
    /// What the person says; empty for nothing.
    #[serde(default)]
    pub comment: String,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Asks somebody in another's place, or besides. With the person's own account in `from` it passes their seat on.
#[derive(Clone, Serialize, Deserialize)]
pub struct ReassignRequest {
    /// For which approval.
    pub approval: ApprovalId,
    /// In whose place; left out: besides those asked already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<AccountId>,
    /// Whom.
    pub to: AccountId,
    /// Why; empty for nothing.
    #[serde(default)]
    pub comment: String,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Answers [`SubmitRequest`], [`SelectRequest`] and [`ReassignRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Acted {
    /// It is done; the page's status after it.
    Done {
        /// The status.
        status: Box<PageStatus>,
    },
    /// It has to be confirmed first: send the same again with [`Confirmation`].
    Confirm {
        /// What to confirm, and how.
        confirm: Box<Confirm>,
    },
}
