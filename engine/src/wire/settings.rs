//! The settings view.

use crate::time::Timestamp;
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
