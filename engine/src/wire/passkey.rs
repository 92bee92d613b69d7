//! Passkeys: asked for where the person works, made and used on a page of our own.

use crate::ids::PageVersion;
use crate::time::Timestamp;
use crate::token::challenge::Listed;
use crate::token::webauthn::{Assertion, Registration};
use crate::wire::act::Shown;
use crate::wire::status::Decision;
use serde::{Deserialize, Serialize};

/// Asks for a page on which a passkey can be made. The person has been proved before (see [`super::enrolment`]).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MakeRequest {}

/// A page of our own to open. It leads to one errand of this person, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoTo {
    /// Its address; the fragment is secret.
    pub url: String,
    /// After this it leads nowhere.
    pub expires_at: Timestamp,
}

/// Asks how far the making of a passkey is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MadeRequest {}

/// Answers [`MadeRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum MadeResponse {
    /// The page was not used yet.
    Waiting {
        /// After this it has to be begun again.
        expires_at: Timestamp,
    },
    /// A passkey was made. It counts once the same person says so where they began ([`super::enrolment::ConfirmRequest`]).
    Made {
        /// Digits the page shows too: the same passkey.
        check: String,
        /// Whether it may live on several devices.
        synchronised: bool,
        /// After this it has to be begun again.
        expires_at: Timestamp,
    },
    /// There is no set-up, or it took too long.
    Over,
}

/// Asks for a page on which a verdict is confirmed with a passkey, and carried out.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignRequest {
    /// From [`super::act::ChallengeResponse::challenge`].
    pub challenge: String,
    /// The verdict; must be the challenge's.
    pub decision: Decision,
    /// The version the person has on screen; must be the challenge's.
    pub page_version: PageVersion,
    /// What the person says; empty for nothing.
    #[serde(default)]
    pub comment: String,
    /// The address of the person's account, where it is asked for.
    #[serde(default)]
    pub identification: String,
}

/// Asks for a page on which anything else is confirmed with a passkey. The request itself is sent again afterwards.
#[derive(Clone, Serialize, Deserialize)]
pub struct ProveRequest {
    /// From [`super::confirm::Confirm::challenge`], or [`super::bulk::BulkList::challenge`].
    pub challenge: String,
    /// With a list's challenge the list, as it was given: its pages are shown once more where the passkey is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Listed>,
}

/// Asks how far a confirmation with a passkey is.
#[derive(Clone, Serialize, Deserialize)]
pub struct ProvedRequest {
    /// The challenge.
    pub challenge: String,
}

/// Answers [`ProvedRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proved {
    /// The page was not used yet.
    Waiting,
    /// The passkey was used: send the request now. For a verdict this repeats what is recorded already.
    Proved,
    /// It was used, and what it confirmed is recorded.
    Recorded,
    /// There is no such confirmation, or it took too long.
    Over,
}

/// [`Proved`] as an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvedResponse {
    /// How far it is.
    pub is: Proved,
}

/// Follows a link: from a page of our own, by a press of a button.
#[derive(Clone, Serialize, Deserialize)]
pub struct OpenRequest {
    /// The fragment.
    pub link: String,
}

/// Asks again what is to be done on the page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TaskRequest {}

/// What is to be done on a page of our own. Answers [`OpenRequest`] and [`TaskRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Task {
    /// Make a passkey.
    Make {
        /// For `navigator.credentials.create`.
        options: MakeOptions,
    },
    /// A passkey was made.
    Made {
        /// Digits that are shown where the person works too.
        check: String,
    },
    /// Confirm a verdict: the same record as in the dialog.
    Sign {
        /// What is signed.
        shown: Box<Shown>,
        /// What the person said; empty for nothing.
        comment: String,
        /// For `navigator.credentials.get`.
        options: UseOptions,
    },
    /// Confirm something else.
    Prove {
        /// What.
        sentence: String,
        /// For `navigator.credentials.get`.
        options: UseOptions,
    },
    /// All is done.
    Done {
        /// What was done: a plain sentence.
        sentence: String,
    },
}

/// For `navigator.credentials.create`; bytes are base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeOptions {
    /// `challenge`.
    pub challenge: String,
    /// `rp.id`.
    pub rp_id: String,
    /// `user.id`: opaque, the same for every passkey of this person on this site.
    pub user_id: String,
    /// `user.name` and `user.displayName`.
    pub user_name: String,
    /// `excludeCredentials`: passkeys the person has already.
    pub exclude: Vec<String>,
    /// After this it has to be begun again.
    pub expires_at: Timestamp,
}

/// For `navigator.credentials.get`; bytes are base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseOptions {
    /// `challenge`: the digest of the challenge's token.
    pub challenge: String,
    /// `rpId`.
    pub rp_id: String,
    /// `allowCredentials`.
    pub allow: Vec<String>,
    /// After this it has to be begun again.
    pub expires_at: Timestamp,
}

/// The passkey that was made. Answered with [`Task::Made`].
#[derive(Clone, Serialize, Deserialize)]
pub struct RegisterRequest {
    /// From the browser.
    pub registration: Registration,
}

/// The passkey was used. Answered with [`Task::Done`].
#[derive(Clone, Serialize, Deserialize)]
pub struct AssertRequest {
    /// From the browser.
    pub assertion: Assertion,
}
