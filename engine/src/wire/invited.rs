//! What somebody without an account is shown and does on our own page, who was invited to decide on a version by mail.
//!
//! ```text
//! link (mail) ──▶ door: nothing is shown ──(press)──▶ a code is mailed ──(code)──▶ visit: the version, and a decision
//! ```
//!
//! Whoever holds the link alone learns nothing but that it is one. The document itself is [`super::route::INVITED_DOCUMENT`], for
//! a frame without any right; the attachments that were named lie below [`super::route::INVITED_ATTACHMENT`].

use super::confirm::How;
use super::status::Decision;
use crate::ids::PageVersion;
use crate::time::Timestamp;
use crate::token::policy::FactorKind;
use serde::{Deserialize, Serialize};

/// Asks what a link from an invitation leads to. A visit that was begun with it goes on.
#[derive(Clone, Serialize, Deserialize)]
pub struct InvitedOpenRequest {
    /// The fragment, behind [`LINK_PREFIX`].
    pub link: String,
}

/// What the fragment of an invitation's address begins with; the link follows.
pub const LINK_PREFIX: &str = "i.";

/// Asks for a code, mailed to the address that was invited: by a press of a button.
#[derive(Clone, Serialize, Deserialize)]
pub struct InvitedCodeRequest {
    /// The link.
    pub link: String,
}

/// Answers [`InvitedCodeRequest`]. Where it is sent is not said: whoever is meant knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedCodeResponse {
    /// After this the code is refused.
    pub expires_at: Timestamp,
}

/// Link and code: begins a visit.
#[derive(Clone, Serialize, Deserialize)]
pub struct InvitedEnterRequest {
    /// The link.
    pub link: String,
    /// As typed: case, blanks and hyphens do not matter.
    pub code: String,
}

/// Asks in a visit how the invitation stands now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct InvitedRequest {}

/// Where somebody is. Answers [`InvitedOpenRequest`], [`InvitedEnterRequest`] and [`InvitedRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Invited {
    /// Before anything is shown: a code has to be mailed and entered.
    Door {
        /// Until when the newest code counts, where one was mailed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code_until: Option<Timestamp>,
    },
    /// The invitation is open, and this is the one whose mailbox it was sent to.
    Open {
        /// What is shown.
        shown: Box<InvitedShown>,
    },
    /// It was answered.
    Answered {
        /// How.
        answered: InvitedAnswered,
    },
}

/// What somebody invited is shown besides the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvitedShown {
    /// The name they were invited by.
    pub name: String,
    /// Who invited them.
    pub invited_by: String,
    /// The page's title.
    pub title: String,
    /// The version they are asked about; send it back with whatever is asked for.
    pub version: PageVersion,
    /// SHA-256 over its content, hexadecimal.
    pub content_hash: String,
    /// The approval they are asked for.
    pub approval: String,
    /// Whether rejecting takes a comment.
    pub comment_on_reject: bool,
    /// Attachments that were named, and no others.
    pub attachments: Vec<InvitedAttachment>,
    /// What of the page is not shown, and how often; the document names it in its place too.
    pub left_out: Vec<LeftOut>,
    /// Whether they have something of their own to confirm with; else a code is mailed for each decision.
    pub own_factor: bool,
    /// After this the invitation is over.
    pub until: Timestamp,
    /// After this the code has to be entered anew.
    pub visit_until: Timestamp,
}

/// An attachment that goes with an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedAttachment {
    /// Its id: the last part of its address.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// Something of a page that is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// What: `image`, `macro children`.
    pub what: String,
    /// How often.
    pub count: u32,
}

/// What was recorded. Answers [`super::act::DecisionRequest`] in a visit, and [`InvitedAbstainRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedAnswered {
    /// Approved, rejected; [`None`]: abstained.
    pub decision: Option<Decision>,
    /// A plain sentence.
    pub sentence: String,
    /// The version it is about.
    pub version: PageVersion,
    /// When.
    pub at: Timestamp,
}

/// Asks in a visit what would be signed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvitedChallengeRequest {
    /// The verdict the person is about to give.
    pub decision: Decision,
    /// The version on screen.
    pub page_version: PageVersion,
    /// What the signature shall mean; the first of [`InvitedChallenge::meanings`] if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// Answers [`InvitedChallengeRequest`]: from the record that `challenge` authenticates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvitedChallenge {
    /// Opaque; send it back with the decision, or to have a code mailed ([`super::mail_sign::MailSignRequest`]).
    pub challenge: String,
    /// Approve or reject.
    pub decision: Decision,
    /// The page's title.
    pub title: String,
    /// The version being signed.
    pub version: PageVersion,
    /// SHA-256 over the content, hexadecimal.
    pub content_hash: String,
    /// The approval.
    pub approval: String,
    /// What the signature means.
    pub meaning: String,
    /// What it may mean; another one needs another challenge.
    pub meanings: Vec<String>,
    /// Whether a comment must be given.
    pub comment_required: bool,
    /// How it is confirmed.
    pub how: How,
    /// After this the challenge is refused.
    pub expires_at: Timestamp,
}

/// Abstains: the mailbox was proved, and nothing is claimed about the content.
#[derive(Clone, Serialize, Deserialize)]
pub struct InvitedAbstainRequest {
    /// The version on screen.
    pub page_version: PageVersion,
    /// Why; empty for nothing.
    #[serde(default)]
    pub reason: String,
}

/// Asks what the person has of their own to confirm with. Answered with [`InvitedFactors`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct InvitedFactorsRequest {}

/// Answers [`InvitedFactorsRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedFactors {
    /// Their authenticators.
    pub factors: Vec<InvitedFactor>,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
}

/// An authenticator of somebody invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedFactor {
    /// Its kind.
    pub kind: FactorKind,
    /// What they call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it was set up.
    pub enrolled_at: Timestamp,
    /// After this it has to be set up anew; [`None`]: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}
