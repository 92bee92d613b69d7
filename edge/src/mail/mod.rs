//! Mail: what is said, and the provider that carries it.
//!
//! * [`texts`]: mails about codes and authenticators. [`review_texts`]: mails about pages.
//! * [`api`]: an HTTP API in the shape of Resend's. Another provider is another adapter beside it.

pub mod api;
pub mod review_texts;
pub mod texts;

pub use api::{MailApi, MailError};

/// A mail to one person, as text and as HTML. It prints nothing of itself: it may hold a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// For readers of plain text.
    pub text: String,
    /// For the others. It says the same.
    pub html: String,
}

impl core::fmt::Debug for Mail {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Mail")
    }
}
