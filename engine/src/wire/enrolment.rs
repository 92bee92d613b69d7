//! Enrolling an authenticator app. The first one needs a code mailed to the account's address.

use crate::ids::FactorId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks for a code by mail.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BeginRequest {}

/// Answers [`BeginRequest`].
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

/// Answers [`MailCodeRequest`]: the new secret, shown once.
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

/// The authenticator's first code.
#[derive(Clone, Serialize, Deserialize)]
pub struct ConfirmRequest {
    /// Six digits.
    pub code: String,
}

/// Answers [`ConfirmRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmResponse {
    /// The new factor.
    pub factor: FactorId,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
}
