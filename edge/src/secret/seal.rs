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

use super::keys::{Keyring, Purpose, SubKey};
use crate::http::EdgeError;
use crate::random;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit};
use data_encoding::BASE64URL_NOPAD;
use engine::ids::{AccountId, SiteId};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was never sealed by us, or is cut.
    #[error("the sealed text is malformed")]
    Malformed,
    /// The key it was sealed with is no longer in `COUNTERSIGN_KEYS`.
    #[error("the key of a sealed text is missing")]
    KeyMissing,
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
/// If it is malformed, its key is gone, or it is not what was sealed under this binding.
pub fn open(keyring: &Keyring, binding: &Binding<'_>, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| SealError::Malformed)?;
    let (id, nonce, ciphertext) = parts(&bytes).ok_or(SealError::Malformed)?;
    let key = keyring.by_id(Purpose::Seal, id).ok_or(SealError::KeyMissing)?;
    let payload = Payload { msg: ciphertext, aad: &binding.associated() };
    cipher(&key).decrypt(&nonce.into(), payload).map(Zeroizing::new).map_err(|_| SealError::DoesNotFit)
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
