//! The space page: every page under a workflow that the person may see.

use super::status::StateLabel;
use crate::ids::{PageId, PageVersion};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks for the pages of the invocation token's space.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SpaceRequest {}

/// Answers [`SpaceRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpaceResponse {
    /// Pages under a workflow, those waiting for the person first, then by last change.
    pub pages: Vec<SpacePage>,
    /// Whether there are more than were sent.
    pub cut: bool,
}

/// A page under a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpacePage {
    /// Its id.
    pub page: PageId,
    /// Its title in Confluence now.
    pub title: String,
    /// Its state.
    pub state: StateLabel,
    /// The highest version seen.
    pub latest_version: Option<PageVersion>,
    /// The last approved version.
    pub approved_version: Option<PageVersion>,
    /// Whether it is known to have changed since that approval.
    pub changed_since_approval: bool,
    /// Whether the person is asked to decide on it.
    pub waits_for_me: bool,
    /// When it last changed state.
    pub entered_at: Timestamp,
}
