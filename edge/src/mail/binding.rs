//! Cloudflare's `send_email` binding, bound as `EMAIL`.
//!
//! It takes a mail as bytes, so that the `Message-ID` is ours: the binding knows no idempotency key, and a mail whose
//! answer was lost is sent again. The same `Message-ID` lets the mailbox tell that it is the same mail, and many do.

use super::Mail;
use super::address::{Address, Sender};
use super::fault::{MailError, Said};
use super::mime;
use super::provider::Provider;
use crate::clock;
use crate::http::outbound::NoAnswer;
use crate::within::within;
use core::time::Duration;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use worker::email::{EmailMessage, SendEmail};

const PATIENCE: Duration = Duration::from_secs(20);
const NAME: &str = "EMAIL";

/// The binding.
pub struct MailBinding {
    binding: SendEmail,
    from: Sender,
}

impl MailBinding {
    /// The binding of this environment.
    ///
    /// # Errors
    /// If nothing is bound.
    pub fn new(env: &worker::Env, from: Sender) -> Result<Self, worker::Error> {
        let bound = Reflect::get(env, &JsValue::from_str(NAME)).ok().filter(JsValue::is_object);
        let bound = bound.ok_or_else(|| worker::Error::BindingError(NAME.to_owned()))?;
        Ok(Self { binding: bound.unchecked_into(), from })
    }
}

impl Provider for MailBinding {
    async fn carry(&self, mail: &Mail, to: &Address, key: &str) -> Result<(), MailError> {
        const ODD: MailError = MailError::Refused { said: Said::Code("not-encodable") };
        let raw = mime::message(&self.from, to, mail, key, clock::now()).ok_or(ODD)?;
        let message = EmailMessage::new(self.from.address.as_str(), to.as_str(), &raw).map_err(|_| ODD)?;
        match within(PATIENCE, self.binding.send(&message)).await {
            Some(Ok(_)) => Ok(()),
            Some(Err(thrown)) => Err(fault(code_of(&thrown).as_deref())),
            None => Err(NoAnswer::TimedOut.into()),
        }
    }
}

/// The `code` Cloudflare's errors carry; the message beside it is nobody's business, it may quote the address.
fn code_of(thrown: &JsValue) -> Option<String> {
    Reflect::get(thrown, &JsValue::from_str("code")).ok()?.as_string()
}

/// Codes that say "not this mail, not now and not later". After the others, and where there is none, it is tried again a
/// bounded number of times.
const FINAL: &[&str] = &[
    "E_VALIDATION_ERROR",
    "E_FIELD_MISSING",
    "E_TOO_MANY_RECIPIENTS",
    "E_SENDER_NOT_VERIFIED",
    "E_SENDER_DOMAIN_NOT_AVAILABLE",
    "E_RECIPIENT_NOT_ALLOWED",
    "E_RECIPIENT_SUPPRESSED",
    "E_CONTENT_TOO_LARGE",
    "E_HEADER_NOT_ALLOWED",
    "E_HEADER_USE_API_FIELD",
    "E_HEADER_VALUE_INVALID",
    "E_HEADER_VALUE_TOO_LONG",
    "E_HEADER_NAME_INVALID",
    "E_HEADERS_TOO_LARGE",
    "E_HEADERS_TOO_MANY",
];
const PASSING: &[&str] =
    &["E_RATE_LIMIT_EXCEEDED", "E_DAILY_LIMIT_EXCEEDED", "E_DELIVERY_FAILED", "E_INTERNAL_SERVER_ERROR"];

fn fault(code: Option<&str>) -> MailError {
    let known = |list: &'static [&'static str]| list.iter().copied().find(|known| code == Some(*known));
    if let Some(code) = known(FINAL) {
        return MailError::Refused { said: Said::Code(code) };
    }
    MailError::Failed { said: Said::Code(known(PASSING).unwrap_or("unknown")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_from_an_outage_and_nothing_foreign_is_repeated() {
        for code in FINAL {
            assert!(!fault(Some(code)).worth_retrying(), "{code}");
        }
        for code in PASSING.iter().map(|code| Some(*code)).chain([None, Some("x jonas@example.com")]) {
            assert!(fault(code).worth_retrying(), "{code:?}");
            assert!(!fault(code).to_string().contains("jonas"));
        }
        assert_eq!(
            fault(Some("E_DAILY_LIMIT_EXCEEDED")).to_string(),
            "the mail provider failed (E_DAILY_LIMIT_EXCEEDED)"
        );
    }
}
