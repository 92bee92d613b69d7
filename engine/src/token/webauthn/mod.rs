//! Passkeys (W3C Web Authentication, level 3): what a browser sends after `navigator.credentials.create` and `.get`,
//! believed only as far as it can be checked.
//!
//! * `registration`: a new passkey.
//! * `assertion`: a passkey used.
//!
//! Of the algorithms only ES256 is offered, which every authenticator knows. Attestation, which would say who built the
//! authenticator, is not asked for, and what of it comes uninvited is not read. The person has to be verified by the
//! authenticator (PIN, finger, face) each time: the passkey then is two components in one.

mod assertion;
mod client;
mod cose;
mod data;
#[cfg(test)]
mod key_tests;
mod registration;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use assertion::{Assertion, assert};
pub use registration::{Registered, Registration, register};

use crate::ids::{AccountId, SiteId};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// ES256 as COSE numbers it: ECDSA over P-256 with SHA-256.
pub const ES256: i32 = -7;
/// The longest member of an answer that is looked at.
const LONGEST: usize = 16 * 1024;

/// The pages passkeys belong to: pinned for the life of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The origin the browser must have been at, as browsers write it.
    pub origin: String,
    /// The RP id: the origin's host name.
    pub id: String,
}

/// A passkey as it is kept: as JSON, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// What the authenticator knows it by, base64url.
    pub id: String,
    /// The public key: an uncompressed point of P-256 (SEC 1), base64url.
    pub key: String,
    /// Whether it may live on several devices.
    #[serde(default)]
    pub synchronised: bool,
}

/// Why a passkey's answer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not base64url, or too long.
    #[error("the answer of the authenticator is malformed")]
    Malformed,
    /// The browser's account of what it did can't be read.
    #[error("the browser's part of the answer is malformed")]
    ClientData,
    /// A registration in place of an assertion, or the other way round.
    #[error("the answer is for another purpose")]
    Type,
    /// The answer is to another challenge.
    #[error("the answer is to another challenge")]
    Challenge,
    /// Given to another site.
    #[error("the answer was given to another address")]
    Origin,
    /// Given to a frame inside somebody else's page.
    #[error("the answer was given inside another page")]
    Framed,
    /// The authenticator's part can't be read.
    #[error("the authenticator's part of the answer is malformed")]
    AuthenticatorData,
    /// A passkey of another site.
    #[error("the passkey belongs to another site")]
    RpId,
    /// Nobody touched the authenticator.
    #[error("nobody confirmed on the authenticator")]
    NotPresent,
    /// The authenticator did not verify who touched it.
    #[error("the authenticator did not check who you are")]
    NotVerified,
    /// Not a key we can use.
    #[error("the passkey's key is of a kind that is not supported")]
    Key,
    /// The answer names another passkey.
    #[error("the answer is from another passkey")]
    Credential,
    /// The signature does not fit.
    #[error("the passkey's signature does not fit")]
    Signature,
    /// The counter went back or stood still: perhaps a copy of the passkey exists.
    #[error("the passkey's counter went back, as if there were a copy of it")]
    Counter,
}

/// What an authenticator signs to confirm what a challenge token says: the token itself, by its digest.
#[must_use]
pub fn challenge_for_use(token: &str) -> [u8; 32] {
    bound(b"countersign/webauthn/v1", token)
}

/// What an authenticator is asked when a passkey is made in a set-up of this secret name.
#[must_use]
pub fn challenge_for_registration(secret: &str) -> [u8; 32] {
    bound(b"countersign/webauthn-registration/v1", secret)
}

fn bound(label: &[u8], text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(label);
    hash.update(text.as_bytes());
    hash.finalize().into()
}

/// What an authenticator files a person's passkeys under: it says nothing about them.
#[must_use]
pub fn user_id(site: &SiteId, account: &AccountId) -> [u8; 32] {
    let site_length = u64::try_from(site.as_str().len()).unwrap_or(u64::MAX).to_be_bytes();
    let mut hash = Sha256::new();
    hash.update(b"countersign/webauthn-user/v1");
    hash.update(site_length);
    hash.update(site.as_str().as_bytes());
    hash.update(account.as_str().as_bytes());
    hash.finalize().into()
}

/// Four digits by which a person can see that two screens speak of the same passkey.
#[must_use]
pub fn check_digits(credential: &str) -> String {
    let hash = Sha256::digest(credential.as_bytes());
    let number = hash.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:04}", number % 10_000)
}

/// The counter to keep, given the one kept and the one an authenticator sends. Authenticators that do not count (passkeys
/// that are synchronised) send 0 for ever.
fn counter(kept: u32, sent: u32) -> Result<u32, Fault> {
    if sent > kept || (sent == 0 && kept == 0) { Ok(sent) } else { Err(Fault::Counter) }
}

fn bytes(text: &str) -> Result<Vec<u8>, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::Malformed);
    }
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| Fault::Malformed)
}
