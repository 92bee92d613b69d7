//! Setting up a factor, step by step.
//!
//! ```text
//!                 ┌─ no factor yet ──► a code is mailed ──(code)──┐        ┌─ totp: key shown ─────(first code)──┐
//! begin(kind) ────┤                                               ├─ proved┤                                     ├─► it counts
//!                 ├─ a factor there ──► confirmed with it ────────┤        └─ passkey: registered on our own page┘
//!                 └─ factors lost ────► a recovery code ──────────┘
//! ```
//!
//! Where the policy asks for no mailed code and nothing is set up yet, beginning is all it takes to be at "proved".

use super::confirm::{Confirm, Confirmation};
use crate::ids::FactorId;
use crate::time::Timestamp;
use crate::token::policy::FactorKind;
use serde::{Deserialize, Serialize};

/// Begins to set up a factor.
#[derive(Clone, Serialize, Deserialize)]
pub struct BeginRequest {
    /// Of what kind.
    #[serde(default = "totp")]
    pub factor_kind: FactorKind,
    /// What its owner calls it; empty: nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The factor whose place it takes, once it is set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<FactorId>,
    /// The confirmation, once it was asked for: with a factor that counts, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

fn totp() -> FactorKind {
    FactorKind::Totp
}

impl Default for BeginRequest {
    fn default() -> Self {
        Self { factor_kind: totp(), name: String::new(), replaces: None, confirm: None }
    }
}

/// Answers [`BeginRequest`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Begun {
    /// It has to be confirmed with a factor that counts, or a recovery code: send the same again with [`Confirmation`].
    Confirm {
        /// What to confirm, and how.
        confirm: Box<Confirm>,
    },
    /// A code was mailed.
    Mailed(BeginResponse),
    /// Nothing more has to be proved.
    Proved(Proved),
}

/// A code was mailed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginResponse {
    /// Where the code was sent, masked: `a•••@example.com`.
    pub sent_to: String,
    /// After this the code is refused.
    pub expires_at: Timestamp,
}

/// The code from the mail.
#[derive(Clone, Serialize, Deserialize)]
pub struct MailCodeRequest {
    /// As typed: case, blanks and hyphens do not matter.
    pub code: String,
}

/// The person proved to be the account's owner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Proved {
    /// The new authenticator's key, shown once.
    Secret(SecretResponse),
    /// A passkey is registered on a page of our own next.
    Passkey(PasskeyResponse),
}

/// The new secret, shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretResponse {
    /// The key as text (base32, no padding), for authenticators without a camera.
    pub key: String,
    /// An SVG document holding the QR code of the `otpauth` URI.
    pub qr_svg: String,
    /// Who issued it, as the authenticator will list it.
    pub issuer: String,
    /// The account, as the authenticator will list it.
    pub account: String,
    /// After this the enrolment has to begin again.
    pub expires_at: Timestamp,
}

/// A passkey may be registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyResponse {
    /// The set-up it belongs to.
    pub enrolment: String,
    /// After this the enrolment has to begin again.
    pub expires_at: Timestamp,
}

/// The new factor's first use: an authenticator's first code; nothing for a passkey, which was used when it was registered.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct ConfirmRequest {
    /// Six digits.
    #[serde(default)]
    pub code: String,
}

/// Answers [`ConfirmRequest`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmResponse {
    /// The new factor.
    pub factor: FactorId,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When it has to be renewed; [`None`]: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Recovery codes, where they were made with it: shown once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery_codes: Vec<String>,
}
