//! A mail provider with an HTTP API in the shape of Resend's: `POST <url>/emails` with a bearer key and an
//! `Idempotency-Key`, by which the provider drops a repetition.

use super::Mail;
use crate::config::MailSettings;
use crate::http::EdgeError;
use crate::http::outbound::{NoAnswer, Outgoing, send};
use core::time::Duration;
use engine::wire::problem::ProblemKind;
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(10);

/// The provider.
pub struct MailApi {
    settings: MailSettings,
}

/// Why a mail was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The provider does not want it; sending it again changes nothing.
    #[error("the mail provider refused the mail ({status})")]
    Refused {
        /// The status.
        status: u16,
    },
    /// The provider is busy or out of order.
    #[error("the mail provider failed ({status})")]
    Failed {
        /// The status.
        status: u16,
    },
    /// No answer: it may have been taken or not. Sending it again with the same key does no harm.
    #[error("the mail provider: {0}")]
    NoAnswer(#[from] NoAnswer),
}

impl MailError {
    /// Whether sending it again can help.
    #[must_use]
    pub fn worth_retrying(self) -> bool {
        !matches!(self, Self::Refused { .. })
    }
}

impl From<MailError> for EdgeError {
    fn from(error: MailError) -> Self {
        // There is no kind of its own for mail: to the person it is a fault of ours with a way out.
        Self::outage(ProblemKind::Internal, "The mail could not be sent. Try again in a minute.", error.to_string())
    }
}

impl MailApi {
    /// The provider of these settings.
    #[must_use]
    pub fn new(settings: MailSettings) -> Self {
        Self { settings }
    }

    /// Hands over a mail. `idempotency_key` is the same each time the same mail is tried.
    ///
    /// # Errors
    /// If it was not taken, or it is not known.
    pub async fn send(&self, mail: &Mail, idempotency_key: &str) -> Result<(), MailError> {
        let url = format!("{}/emails", self.settings.url);
        let bearer = crate::secret::Secret::new(format!("Bearer {}", self.settings.key.expose()));
        let body = json!({
            "from": self.settings.from,
            "to": [mail.to],
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
        });
        let headers = vec![
            ("accept", "application/json"),
            ("authorization", bearer.expose()),
            ("idempotency-key", idempotency_key),
        ];
        let outgoing =
            Outgoing { method: "POST", url: &url, headers, body: Some(body.to_string()), patience: PATIENCE };
        match send(outgoing).await?.status {
            200..=299 => Ok(()),
            // 409: the same key is being worked on this moment. 408, 425, 429: later.
            status @ (408 | 409 | 425 | 429 | 500..=599) => Err(MailError::Failed { status }),
            status => Err(MailError::Refused { status }),
        }
    }
}
