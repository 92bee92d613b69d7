//! Encryption at rest: AES-256-GCM with a random 96-bit nonce, bound to whose text it is and what for.
//!
//! In WebAssembly (RustCrypto), not in WebCrypto: what is sealed is a few dozen bytes, so importing a key and waiting
//! for two promises costs more than the cipher; no key leaves Rust, where it is wiped; and the same code runs in native
//! tests. The software AES is bit-sliced, without table look-ups that a neighbour could time.
//!
//! ```text
//! sealed text = base64url( version 1 | length of key id | key id | nonce, 12 bytes | ciphertext and tag )
//! associated  = "countersign/seal/v1" and site, person, purpose, id, each with its length (u32, big endian) before it
//! ```

use super::keys::{self, Keyring, Purpose, SubKey};
use crate::http::EdgeError;
use crate::random;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit};
use data_encoding::BASE64URL_NOPAD;
use engine::ids::{AccountId, SiteId};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;
/// The characters of base64url, in the order of their values.
pub const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// As many characters as hold the longest key id.
const HEAD_CHARS: usize = 48;

/// Whose text is sealed, and what for. A sealed text opens only where all four are the same.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The site.
    pub site: &'a SiteId,
    /// The person; [`None`] for what belongs to the site.
    pub person: Option<&'a AccountId>,
    /// What for, such as `totp-secret` or `app-token`.
    pub purpose: &'static str,
    /// Which one: a factor's id, an installation's.
    pub id: &'a str,
}

impl Binding<'_> {
    fn associated(&self) -> Vec<u8> {
        let person = self.person.map_or("", AccountId::as_str);
        let mut bytes = Vec::new();
        for field in ["countersign/seal/v1", self.site.as_str(), person, self.purpose, self.id] {
            bytes.extend(u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(field.as_bytes());
        }
        bytes
    }
}

/// Why a sealed text does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was never sealed by us, or is cut.
    #[error("the sealed text is malformed")]
    Malformed,
    /// The key it was sealed with is no longer in `COUNTERSIGN_KEYS`.
    #[error("the key {0} of a sealed text is not in COUNTERSIGN_KEYS: put it back")]
    KeyMissing(String),
    /// It was changed, or belongs elsewhere.
    #[error("the sealed text does not fit")]
    DoesNotFit,
}

impl From<SealError> for EdgeError {
    fn from(error: SealError) -> Self {
        Self::internal(error.to_string())
    }
}

/// Seals `plain` with the newest key.
///
/// # Errors
/// An internal fault if there is no randomness.
pub fn seal(keyring: &Keyring, binding: &Binding<'_>, plain: &[u8]) -> Result<String, EdgeError> {
    let nonce = random::bytes::<NONCE_BYTES>()?;
    seal_with(&keyring.newest(Purpose::Seal), binding, plain, &nonce)
        .ok_or_else(|| EdgeError::internal("a text could not be sealed"))
}

fn seal_with(key: &SubKey, binding: &Binding<'_>, plain: &[u8], nonce: &[u8; NONCE_BYTES]) -> Option<String> {
    let payload = Payload { msg: plain, aad: &binding.associated() };
    let ciphertext = cipher(key).encrypt(&(*nonce).into(), payload).ok()?;
    let mut bytes = vec![VERSION, u8::try_from(key.id.len()).ok()?];
    bytes.extend(key.id.as_bytes());
    bytes.extend(nonce);
    bytes.extend(ciphertext);
    Some(BASE64URL_NOPAD.encode(&bytes))
}

/// Opens a sealed text with the key it names.
///
/// # Errors
/// If it is malformed, its key is gone, or it is not what was sealed under this binding. A key that is gone is told to the
/// log here, whatever the caller makes of it: only whoever runs the Worker can put it back.
pub fn open(keyring: &Keyring, binding: &Binding<'_>, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| SealError::Malformed)?;
    let (id, nonce, ciphertext) = parts(&bytes).ok_or(SealError::Malformed)?;
    let key = keyring.by_id(Purpose::Seal, id).ok_or_else(|| {
        super::report_missing(id);
        SealError::KeyMissing(id.to_owned())
    })?;
    let payload = Payload { msg: ciphertext, aad: &binding.associated() };
    cipher(&key).decrypt(&nonce.into(), payload).map(Zeroizing::new).map_err(|_| SealError::DoesNotFit)
}

/// Seals a text anew with the newest key; [`None`] if it is under that key already.
///
/// # Errors
/// As [`open`]; and an internal fault if there is no randomness.
pub fn renew(
    keyring: &Keyring,
    binding: &Binding<'_>,
    sealed: &str,
) -> Result<Result<Option<String>, SealError>, EdgeError> {
    if key_of(sealed).as_deref() == Some(keyring.newest_id()) {
        return Ok(Ok(None));
    }
    match open(keyring, binding, sealed) {
        Ok(plain) => Ok(Ok(Some(seal(keyring, binding, &plain)?))),
        Err(fault) => Ok(Err(fault)),
    }
}

/// The id of the key a text is sealed with. It may be cut, as long as the id is whole.
#[must_use]
pub fn key_of(sealed: &str) -> Option<String> {
    // Whole bytes are wanted; whatever follows the id does not matter.
    let mut head: String = sealed.chars().take(HEAD_CHARS).collect();
    while !head.len().is_multiple_of(4) {
        head.push('A');
    }
    let bytes = BASE64URL_NOPAD.decode(head.as_bytes()).ok()?;
    let (&version, rest) = bytes.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (id, _) = rest.split_at_checked(usize::from(length))?;
    let id = core::str::from_utf8(id).ok().filter(|id| keys::is_id(id))?;
    (version == VERSION).then(|| id.to_owned())
}

/// What texts sealed with a key begin with, for the database: these characters, then one of `next`. The id of the key need
/// not end where a character of six bits does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The characters.
    pub begins: String,
    /// The next one.
    pub next: String,
}

/// See [`Head`].
#[must_use]
pub fn head(key: &str) -> Head {
    let mut bytes = vec![VERSION, u8::try_from(key.len()).unwrap_or(u8::MAX)];
    bytes.extend(key.as_bytes());
    let (whole, bits_left) = (bytes.len() * 8 / 6, bytes.len() * 8 % 6);
    // What follows the id is anything between these two.
    let ends = [0x00_u8, 0xff].map(|byte| {
        let bytes = [bytes.as_slice(), &[byte]].concat();
        BASE64URL_NOPAD.encode(&bytes)
    });
    let [low, high] = ends.map(|text| text.chars().nth(whole).and_then(|c| ALPHABET.find(c)).unwrap_or_default());
    let begins = BASE64URL_NOPAD.encode(&bytes).chars().take(whole).collect();
    let next = if bits_left == 0 { ALPHABET } else { ALPHABET.get(low..=high).unwrap_or_default() };
    Head { begins, next: next.to_owned() }
}

fn parts(bytes: &[u8]) -> Option<(&str, [u8; NONCE_BYTES], &[u8])> {
    let (&version, rest) = bytes.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (id, rest) = rest.split_at_checked(usize::from(length))?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>()?;
    (version == VERSION).then_some((core::str::from_utf8(id).ok()?, *nonce, ciphertext))
}

fn cipher(key: &SubKey) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key.bytes()))
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
