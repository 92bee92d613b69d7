//! The approval token: proof that the person at the keyboard is the person of the account, now, for this decision.
//!
//! * [`hotp`], [`totp`]: the six digits (RFC 4226, RFC 6238).
//! * [`challenge`]: what a decision is bound to.
//! * [`guessing`]: how many wrong codes a person gets.
//! * [`mail_code`]: codes sent by mail.
//! * [`policy`]: when a token is asked for, and which.

pub mod challenge;
pub mod guessing;
pub mod hotp;
pub mod mail_code;
pub mod otpauth;
pub mod policy;
pub mod totp;
