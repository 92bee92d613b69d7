//! Mail: what is said, and the provider that carries it.
//!
//! * [`provider`]: the port. [`api`]: an HTTP API in the shape of Resend's. [`binding`]: Cloudflare's `send_email`.
//!   [`settings`]: which of them. Another provider is another adapter beside them.
//! * [`mime`]: a mail as bytes. [`address`]: what a mail can go to. [`fault`]: why one was not taken.
//! * [`write`]: how a mail is put together. [`texts`]: mails about codes. [`factor_texts`], [`account_texts`]: about factors, and all of
//!   somebody's.
//!   [`emergency_texts`]: about emergency access. [`review_texts`]: about pages. [`invitation_texts`]: to people without an account, and about them.

pub mod account_texts;
pub mod address;
pub mod api;
pub mod binding;
pub mod emergency_texts;
pub mod factor_texts;
pub mod fault;
pub mod invitation_texts;
pub mod mime;
pub mod provider;
pub mod review_texts;
pub mod settings;
pub mod texts;
pub mod write;

pub use fault::MailError;
pub use provider::Mailer;
pub use write::Reader;

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
