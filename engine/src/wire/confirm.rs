//! Confirming what one is about to do.

use crate::time::Timestamp;
use crate::token::challenge::Act;
use crate::token::policy::FactorKind;
use serde::{Deserialize, Serialize};

/// How somebody confirms. The server decides it; nobody asks for something weaker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct How {
    /// Kinds of factors that count and that the person can use, the strongest first. Empty: none is needed now.
    pub factors: Vec<FactorKind>,
    /// Until when an earlier confirmation stands for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_until: Option<Timestamp>,
    /// For how many minutes nothing is asked again once this is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins_session: Option<u32>,
    /// Whether the person has to type who they are: the address of their account.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub identification: bool,
    /// Why they are asked: plain sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
}

/// Asks for a confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// Opaque; send it back with the same request.
    pub challenge: String,
    /// What is about to be done.
    pub act: Act,
    /// The same, for people.
    pub sentence: String,
    /// Whether a factor has to be used.
    pub code_required: bool,
    /// How.
    #[serde(default)]
    pub how: How,
    /// After this the challenge is refused.
    pub expires_at: Timestamp,
}

/// Confirms: sent with the very same request that was answered with [`Confirm`].
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Confirmation {
    /// From [`Confirm::challenge`].
    pub challenge: String,
    /// What was typed: an authenticator's six digits, a mailed code, a recovery code; empty where a passkey or a session
    /// confirms.
    #[serde(default)]
    pub code: String,
    /// The address of the person's account, where [`How::identification`] asks for it.
    #[serde(default)]
    pub identification: String,
}
