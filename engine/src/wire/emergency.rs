//! Emergency access: an admin decides in the reviewers' place. In the settings view, so the page is named in the request.

use super::confirm::Confirmation;
use super::status::{Decision, PageStatus};
use crate::ids::{ApprovalId, PageId, PageVersion, Seq};
use serde::{Deserialize, Serialize};

/// Asks how a page stands, for emergency access.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EmergencyRequest {
    /// Which page.
    pub page: PageId,
}

/// Answers [`EmergencyRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmergencyResponse {
    /// The page's title.
    pub title: String,
    /// Its version now.
    pub page_version: PageVersion,
    /// How it stands.
    pub status: PageStatus,
    /// Whether no other admin is known who could second a request: then a day has to pass.
    pub alone: bool,
    /// Whether the request that stands is this admin's own.
    pub own: bool,
}

/// Asks to decide in the reviewers' place. Answered with [`super::act::Acted`].
#[derive(Clone, Serialize, Deserialize)]
pub struct AskRequest {
    /// Which page.
    pub page: PageId,
    /// The version the admin has seen.
    pub page_version: PageVersion,
    /// [`PageStatus::seq`] of what they have seen: if the page has left that state since, it is refused.
    pub seq: Seq,
    /// For which approval.
    pub approval: ApprovalId,
    /// What shall be decided.
    pub decision: Decision,
    /// Why; must not be empty.
    pub reason: String,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Takes the request back. Answered with [`super::act::Acted`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawRequest {
    /// Which page.
    pub page: PageId,
}

/// Decides as was asked for. Answered with [`super::act::Acted`].
#[derive(Clone, Serialize, Deserialize)]
pub struct CarryOutRequest {
    /// Which page.
    pub page: PageId,
    /// The version the admin has seen.
    pub page_version: PageVersion,
    /// [`super::status::EmergencyView::seq`] of the request they have seen.
    pub asked: Seq,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}
