//! External approvers without an Atlassian account, as seen from inside Confluence: inviting, revoking, and the admins' list.
//! What they see themselves is [`super::invited`].

use super::confirm::Confirmation;
use super::status::Offer;
use crate::ids::{AccountId, ApprovalId, InvitationId, PageVersion, Seq};
use crate::time::Timestamp;
use crate::token::guessing::Lock;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest name of somebody invited, in characters.
pub const NAME_MAX: usize = 80;
/// The most attachments of one invitation.
pub const ATTACHMENTS_MAX: usize = 50;
/// The largest attachment that is handed on, in bytes.
pub const ATTACHMENT_BYTES_MAX: u64 = 25 * 1024 * 1024;
/// The longest mail address (RFC 5321).
pub const ADDRESS_MAX: usize = 254;

/// Asks which attachments of the page of the invocation token could go with an invitation. No fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AttachmentsRequest {}

/// Answers [`AttachmentsRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentsResponse {
    /// The page's version now.
    pub page_version: PageVersion,
    /// Its attachments, by name.
    pub attachments: Vec<AttachmentChoice>,
}

/// An attachment that could go with an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentChoice {
    /// Which.
    pub id: String,
    /// Its file name.
    pub title: String,
    /// Its size in bytes.
    pub size: u64,
    /// Why it can't be shown to somebody outside: a sentence. Absent: it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
}

/// Asks somebody without an account to decide besides those who are asked: a disclosure of the version on screen and of the
/// attachments named. Answered with [`super::act::Acted`].
#[derive(Clone, Serialize, Deserialize)]
pub struct InviteRequest {
    /// For which approval.
    pub approval: ApprovalId,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub address: String,
    /// The version the person has on screen.
    pub page_version: PageVersion,
    /// [`super::status::PageStatus::seq`] of what the person has on screen: if the page has left that state since, it is refused.
    pub seq: Seq,
    /// Ids of the attachments they may see, each of the page as it is now.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub attachments: BTreeSet<String>,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Takes an invitation back. Answered with [`super::act::Acted`]; never confirmed: it discloses nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RevokeRequest {
    /// Which.
    pub invitation: InvitationId,
}

/// Whether people without an account can be invited to the review under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inviting {
    /// Whether the person may, for one of `approvals` at least.
    pub offer: Offer,
    /// Approvals somebody can be invited to now.
    pub approvals: Vec<InvitableApproval>,
    /// For how many days an invitation stands.
    pub days: u32,
    /// Whether the person may take invitations back.
    pub revoke: Offer,
}

/// An approval somebody can be invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitableApproval {
    /// Which.
    pub approval: ApprovalId,
    /// Its name.
    pub name: String,
}

/// Somebody who was invited, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedView {
    /// The invitation.
    pub invitation: InvitationId,
    /// Their name, as whoever invited them wrote it.
    pub name: String,
    /// Who invited them.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Until when it stands. Unanswered by then, it still keeps the approval from being complete, until it is revoked or they
    /// are invited again.
    pub until: Timestamp,
    /// How it stands.
    pub state: InvitationState,
    /// Since when, where it was answered or revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// Why they abstained, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// File names of the attachments they may see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
}

/// How an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvitationState {
    /// No answer yet. After [`InvitedView::until`] none can come.
    Asked,
    /// They approved.
    Approved,
    /// They rejected.
    Rejected,
    /// They want to decide nothing.
    Abstained,
    /// It was taken back.
    Revoked,
}

/// Asks for everybody who was ever invited, for Confluence admins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct InvitedRequest {
    /// The rest of the list, after the last of the portion before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<AccountId>,
}

/// Answers [`InvitedRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedResponse {
    /// People, those invited last first.
    pub people: Vec<InvitedPerson>,
    /// Whether there are more after the last of these.
    pub more: bool,
}

/// Somebody who was invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedPerson {
    /// What stands for them in the journal.
    pub person: AccountId,
    /// Their name; absent once it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their address; absent once it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When they were invited last.
    pub invited_at: Timestamp,
    /// How often.
    pub invitations: u32,
    /// How many of these stand and are not answered.
    pub open: u32,
    /// Whether they have an authenticator of their own.
    pub factor: bool,
    /// Why codes of theirs are not taken now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// When they were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
}

/// Erases somebody who was invited: address, name, and factors. Open invitations of theirs are revoked.
#[derive(Clone, Serialize, Deserialize)]
pub struct EraseRequest {
    /// Whom.
    pub person: AccountId,
    /// Why; must not be empty.
    pub reason: String,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Answers [`EraseRequest`], once it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// When.
    pub erased_at: Timestamp,
    /// How many open invitations were revoked.
    pub revoked: u32,
}
