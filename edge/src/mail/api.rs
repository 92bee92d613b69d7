//! A mail provider with an HTTP API in the shape of Resend's: `POST <url>/emails` with a bearer key and an
//! `Idempotency-Key`, by which the provider drops a repetition.

use super::Mail;
use super::address::Address;
use super::fault::{MailError, Said};
use super::mime::one_line;
use super::provider::Provider;
use super::settings::ApiSettings;
use crate::http::outbound::{Outgoing, send};
use crate::secret::Secret;
use core::time::Duration;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(10);

/// The provider.
pub struct MailApi {
    settings: ApiSettings,
}

impl MailApi {
    /// The provider of these settings.
    #[must_use]
    pub fn new(settings: ApiSettings) -> Self {
        Self { settings }
    }
}

impl Provider for MailApi {
    async fn carry(&self, mail: &Mail, to: &Address, key: &str) -> Result<(), MailError> {
        let url = format!("{}/emails", self.settings.url);
        let bearer = Secret::new(format!("Bearer {}", self.settings.key.expose()));
        let body = json!({
            "from": self.settings.from,
            "to": [to.as_str()],
            "subject": one_line(&mail.subject),
            "text": mail.text,
            "html": mail.html,
            // RFC 3834: no machine answers it.
            "headers": { "Auto-Submitted": "auto-generated" },
        });
        let headers =
            vec![("accept", "application/json"), ("authorization", bearer.expose()), ("idempotency-key", key)];
        let outgoing =
            Outgoing { method: "POST", url: &url, headers, body: Some(body.to_string()), patience: PATIENCE };
        let answer = send(outgoing).await?;
        judge(answer.status, &answer.body)
    }
}

fn judge(status: u16, body: &[u8]) -> Result<(), MailError> {
    let said = Said::Status(status);
    match status {
        200..=299 => Ok(()),
        // The mail was taken under this key before, when a name or a title in it was another.
        409 if word(body).as_deref() == Some("invalid_idempotent_request") => Ok(()),
        // 409: the same key is being worked on this moment. 408, 425, 429: later.
        408 | 409 | 425 | 429 | 500..=599 => Err(MailError::Failed { said }),
        _ => Err(MailError::Refused { said }),
    }
}

/// The word an error of the provider has for itself.
fn word(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Value>(body).ok()?.get("name")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_pass_is_tried_again_and_nothing_else() {
        assert_eq!(judge(200, b"{}"), Ok(()));
        for status in [408, 409, 425, 429, 500, 503, 599] {
            assert!(judge(status, b"").unwrap_err().worth_retrying(), "{status}");
        }
        for status in [301, 400, 401, 403, 404, 422] {
            assert!(!judge(status, b"").unwrap_err().worth_retrying(), "{status}");
        }
    }

    #[test]
    fn a_mail_taken_before_is_taken() {
        assert_eq!(judge(409, br#"{"name":"invalid_idempotent_request"}"#), Ok(()));
        assert!(judge(409, br#"{"name":"concurrent_idempotent_requests"}"#).unwrap_err().worth_retrying());
        assert!(judge(409, b"not json").is_err());
    }
}
