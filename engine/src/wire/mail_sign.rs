//! Having a code mailed that confirms one challenge.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks for a code by mail.
#[derive(Clone, Serialize, Deserialize)]
pub struct MailSignRequest {
    /// From [`super::act::ChallengeResponse::challenge`] or [`super::confirm::Confirm::challenge`].
    pub challenge: String,
    /// What was typed for a verdict, kept so that closing the window loses nothing; empty for nothing.
    #[serde(default)]
    pub comment: String,
}

/// Answers [`MailSignRequest`]. The code goes where an authenticator's would: with the request that is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSignResponse {
    /// Where the code is sent, masked: `a•••@example.com`.
    pub sent_to: String,
    /// After this the code is refused.
    pub expires_at: Timestamp,
}
