//! The approval token: proof that the person at the keyboard is the person of the account, now, for this decision.
//!
//! * [`hotp`], [`totp`]: the six digits (RFC 4226, RFC 6238).
//! * [`challenge`]: what a decision is bound to.
//! * [`guessing`]: how many wrong codes a person gets.
//! * [`mail_code`]: codes sent by mail.
//! * [`recovery`]: codes on paper, for whoever lost a factor.
//! * [`life`]: how long a factor counts, and how it goes on.
//! * [`policy`]: when a token is asked for, and which.
//! * [`link`]: links to pages of our own. [`not_me`]: the one in mails that locks. [`webauthn`]: passkeys, made and used there.

pub mod challenge;
pub mod guessing;
pub mod hotp;
pub mod life;
pub mod link;
pub mod mail_code;
pub mod not_me;
pub mod otpauth;
pub mod policy;
pub mod recovery;
pub mod totp;
pub mod webauthn;
