//! Deciding on many pages of a space at once: one look at the list, one code, and then each page by itself.
//!
//! ```text
//! POST /api/bulk/challenge   the pages picked, with the versions on screen
//!      ◀── the list: what would be signed, how it is confirmed; and what was left out of it, with the reason
//! POST /api/bulk/decision    the list, as it was given, with the index of one page; the first one with the code
//!      ◀── what was recorded for that page, or why it was refused; the others go on all the same
//! ```
//!
//! One request decides on one page, one after another. The code is counted and compared once, with the first request that
//! brings it: from then on the list is open until its time is over, whatever becomes of single pages.

use super::act::DecisionResponse;
use super::confirm::How;
use super::problem::Problem;
use super::status::Decision;
use crate::ids::{PageId, PageVersion};
use crate::time::Timestamp;
use crate::token::challenge::Listed;
use serde::{Deserialize, Serialize};

/// The fewest pages that can be picked.
pub const BULK_MIN: usize = 2;
/// The most pages that can be picked.
///
/// However many they are, the list costs the same few questions: Confluence tells the titles and versions of all of them in
/// one answer, the database everything else in one batch. Attachments, which Confluence tells for one page at a time only,
/// are looked at when the page's turn comes: what is signed is the content the review was begun with, and a page that has
/// another one by then is refused.
pub const BULK_MAX: usize = 50;

/// Asks for a list to sign. The space is the invocation token's: pages elsewhere are left out as if they were not there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BulkChallengeRequest {
    /// The verdict the person is about to give.
    pub decision: Decision,
    /// The pages, in the order they are shown; [`BULK_MIN`] to [`BULK_MAX`], none of them twice.
    pub items: Vec<Picked>,
    /// What the signatures shall mean, where there is a choice; the first of [`BulkList::meanings`] if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// A page that was picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// Which.
    pub page: PageId,
    /// The version the person has on screen.
    pub page_version: PageVersion,
}

/// Answers [`BulkChallengeRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkChallengeResponse {
    /// What can be signed together; left out if nothing can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<BulkList>,
    /// Pages that were picked and can't be signed with it, each with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// A list to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkList {
    /// Opaque; send it back with each decision.
    pub challenge: String,
    /// What is signed, in order: [`BulkDecisionRequest::index`] counts from 0.
    pub items: Vec<BulkItem>,
    /// What the signatures mean.
    pub meaning: String,
    /// What they may mean, all of them alike; another one than [`Self::meaning`] needs another list.
    pub meanings: Vec<String>,
    /// Whether a factor has to be used, once for the list.
    pub code_required: bool,
    /// How it is confirmed.
    #[serde(default)]
    pub how: How,
    /// After this no page of the list can be decided on any more.
    pub expires_at: Timestamp,
}

/// A page of a list: everything that would be signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkItem {
    /// What is authenticated of it; send all of them back, in this order, with each decision.
    pub listed: Listed,
    /// The page's title.
    pub title: String,
    /// The approval the decision counts for.
    pub approval: String,
    /// The last approved version, with which the one to be signed can be compared in the page's history; left out if none was
    /// approved before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_before: Option<PageVersion>,
    /// Names of people who are away, for whom it counts too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub for_others: Vec<String>,
    /// Whether it takes the place of a decision given before.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub changes_decision: bool,
    /// Whether a comment must be given.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub comment_required: bool,
}

/// A page that can't be signed with the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Which.
    pub page: PageId,
    /// Its title, where the person may see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Why.
    pub problem: Problem,
}

/// Decides on one page of a list. Answered with [`BulkDecisionResponse`].
///
/// `code` comes with requests until one of them was answered with anything but a refusal of the code (`wrong-code`,
/// `code-used`, `locked`, `bad-field` at `code`). Once the list is open a code that comes all the same is not looked at and
/// costs no attempt. A page that is refused (`page-moved`, `wrong-state`, …) keeps no other from being decided on.
#[derive(Clone, Serialize, Deserialize)]
pub struct BulkDecisionRequest {
    /// From [`BulkList::challenge`].
    pub challenge: String,
    /// From [`BulkItem::listed`], all of them, in order.
    pub items: Vec<Listed>,
    /// Which of them.
    pub index: u32,
    /// The verdict; must be the list's.
    pub decision: Decision,
    /// What the person says; empty for nothing.
    #[serde(default)]
    pub comment: String,
    /// What was typed: an authenticator's six digits, a mailed code, a recovery code; empty where a passkey or a session
    /// confirms, or the list is open.
    #[serde(default)]
    pub code: String,
}

/// Answers [`BulkDecisionRequest`]: what was recorded for this page.
pub type BulkDecisionResponse = DecisionResponse;
