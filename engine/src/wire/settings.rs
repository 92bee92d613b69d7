//! The settings view.

use crate::ids::AccountId;
use crate::time::Timestamp;
use crate::token::guessing::Lock;
use crate::token::policy::Policy;
use crate::workflow::definition::Definition;
use crate::workflow::fault::Fault;
use serde::{Deserialize, Serialize};

/// Asks for everything the settings view shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OverviewRequest {}

/// Answers [`OverviewRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverviewResponse {
    /// The workflow in force.
    pub workflow: WorkflowVersion,
    /// The step-up policy in force.
    pub policy: Policy,
    /// Effects that were given up and wait for somebody.
    pub failed_effects: Vec<FailedEffect>,
    /// People whose codes are refused.
    pub locks: Vec<LockedPerson>,
    /// Whether Confluence can be reached as the app.
    pub installation: Installation,
}

/// One version of a workflow's definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowVersion {
    /// 1, 2, 3 …
    pub version: u32,
    /// When it came into force.
    pub since: Timestamp,
    /// What it says.
    pub definition: Definition,
}

/// An effect that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedEffect {
    /// Its row.
    pub id: u64,
    /// What it should have done, a plain sentence.
    pub what: String,
    /// What stood in the way, a plain sentence.
    pub why: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    pub last_tried_at: Timestamp,
}

/// A person whose codes are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedPerson {
    /// Who.
    pub account: AccountId,
    /// Their name in Confluence, or the account id.
    pub name: String,
    /// Wrong codes in a row.
    pub failures: u32,
    /// Until when, or until an admin acts.
    pub lock: Lock,
}

/// Whether Confluence can be reached as the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    /// When Confluence last called as the platform.
    pub last_heard_at: Option<Timestamp>,
    /// Until when the app's token is good; effects wait without one.
    pub token_until: Option<Timestamp>,
    /// Whether there has been no valid token for three hours.
    pub unreachable: bool,
}

/// Tries a failed effect again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RetryRequest {
    /// [`FailedEffect::id`].
    pub effect: u64,
}

/// Answers [`RetryRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryResponse {
    /// Whether it was waiting to be retried; `false` if somebody was faster.
    pub queued: bool,
}

/// Asks for a challenge to unlock a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnlockChallengeRequest {
    /// Whom.
    pub account: AccountId,
}

/// Answers [`UnlockChallengeRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlockChallengeResponse {
    /// Opaque; send it back.
    pub challenge: String,
    /// Whose lock it would release.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Whether a code has to be entered.
    pub code_required: bool,
    /// After this the challenge is refused.
    pub expires_at: Timestamp,
}

/// Unlocks a person.
#[derive(Clone, Serialize, Deserialize)]
pub struct UnlockRequest {
    /// From [`UnlockChallengeResponse::challenge`].
    pub challenge: String,
    /// Whom; must be the challenge's.
    pub account: AccountId,
    /// Why; must not be empty.
    pub reason: String,
    /// The admin's six digits, where a code is required.
    #[serde(default)]
    pub code: String,
}

/// Answers [`UnlockRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlockResponse {
    /// When the lock was released.
    pub at: Timestamp,
}

/// Asks whether a workflow definition would be accepted. Nothing is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckWorkflowRequest {
    /// The document.
    pub definition: serde_json::Value,
}

/// Answers [`CheckWorkflowRequest`]; faults come as a problem of kind `bad-definition`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckWorkflowResponse {
    /// Things that are allowed but look odd.
    pub warnings: Vec<Fault>,
}
