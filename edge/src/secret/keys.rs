//! The Worker's keys: `COUNTERSIGN_KEYS`, newest first, and a sub-key of each for every purpose.
//!
//! Sub-keys come from HKDF-SHA256 (RFC 5869) with the purpose's label and the key id as context, so a text made for one
//! purpose, or under one key, never fits another. The first key signs and encrypts; all of them verify and decrypt.

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use engine::token::challenge::{MacKey, MacKeys};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a key and of a sub-key.
pub const KEY_BYTES: usize = 32;
const LONGEST_ID: usize = 32;
const CHECK_BYTES: usize = 4;
const SALT: &[u8] = b"countersign/keys/v1";

/// What a sub-key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Authenticating challenges.
    Challenge,
    /// Encrypting at rest.
    Seal,
    /// Keeping mailed codes as HMAC.
    MailCode,
    /// Keeping recovery codes as HMAC.
    Recovery,
    /// Authenticating links to pages of our own.
    Link,
    /// Authenticating visits to them: the cookie.
    Cookie,
    /// The key's check value: nothing is protected with it.
    Check,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Challenge => b"challenge",
            Self::Seal => b"seal",
            Self::MailCode => b"mail-code",
            Self::Recovery => b"recovery",
            Self::Link => b"link",
            Self::Cookie => b"cookie",
            Self::Check => b"check",
        }
    }
}

/// A sub-key with the id of the key it comes from. Wiped when dropped; prints its id only.
pub struct SubKey {
    /// The key id, to be stored beside whatever is made with this.
    pub id: String,
    bytes: Zeroizing<[u8; KEY_BYTES]>,
}

impl SubKey {
    /// A sub-key that was put by when its key was still there; [`None`] if it is of another length.
    #[must_use]
    pub fn kept(id: String, bytes: &[u8]) -> Option<Self> {
        let mut own = Zeroizing::new([0_u8; KEY_BYTES]);
        (bytes.len() == KEY_BYTES).then(|| own.copy_from_slice(bytes))?;
        Some(Self { id, bytes: own })
    }

    /// The key itself.
    #[must_use]
    pub fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.bytes
    }
}

impl core::fmt::Debug for SubKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SubKey({})", self.id)
    }
}

/// The Worker's keys, newest first. Never empty.
pub struct Keyring {
    newest: Key,
    older: Vec<Key>,
}

struct Key {
    id: String,
    bytes: Zeroizing<[u8; KEY_BYTES]>,
}

impl core::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.keys().map(|key| &key.id)).finish()
    }
}

/// What is wrong with `COUNTERSIGN_KEYS`. Never says what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// An entry without a colon.
    #[error("entry {0} is not <key id>:<base64>")]
    Form(usize),
    /// A bad id.
    #[error("the key id of entry {0} must be 1 to 32 of A-Z a-z 0-9 - _")]
    Id(usize),
    /// A bad key.
    #[error("the key of entry {0} is not 32 bytes of base64")]
    Bytes(usize),
    /// An id twice.
    #[error("the key id of entry {0} is there twice")]
    Twice(usize),
}

impl Keyring {
    /// Reads `<key id>:<32 bytes base64>[,<older key id>:<…>]`.
    ///
    /// # Errors
    /// Names the entry at fault, counted from 1.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let mut keys: Vec<Key> = Vec::new();
        for (place, entry) in text.split(',').enumerate() {
            let place = place + 1;
            let (id, bytes) = entry.trim().split_once(':').ok_or(KeyringError::Form(place))?;
            if !is_id(id) {
                return Err(KeyringError::Id(place));
            }
            if keys.iter().any(|key| key.id == id) {
                return Err(KeyringError::Twice(place));
            }
            keys.push(Key { id: id.to_owned(), bytes: key_bytes(bytes).ok_or(KeyringError::Bytes(place))? });
        }
        let mut keys = keys.into_iter();
        let newest = keys.next().ok_or(KeyringError::Form(1))?;
        Ok(Self { newest, older: keys.collect() })
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        core::iter::once(&self.newest).chain(&self.older)
    }

    /// Ids of the keys, newest first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys().map(|key| key.id.as_str())
    }

    /// The id of the newest key.
    #[must_use]
    pub fn newest_id(&self) -> &str {
        &self.newest.id
    }

    /// A few digits by which people tell whether this is the key they made: eight hexadecimal digits that say nothing else
    /// of it. `cargo xtask keys` prints the same.
    #[must_use]
    pub fn check_value(&self, id: &str) -> Option<String> {
        let check = self.by_id(Purpose::Check, id)?;
        Some(HEXLOWER.encode(check.bytes().get(..CHECK_BYTES)?))
    }

    /// The sub-key to make something new with.
    #[must_use]
    pub fn newest(&self, purpose: Purpose) -> SubKey {
        self.newest.derive(purpose)
    }

    /// The sub-key something was made with, if the key is still there.
    #[must_use]
    pub fn by_id(&self, purpose: Purpose, id: &str) -> Option<SubKey> {
        self.keys().find(|key| key.id == id).map(|key| key.derive(purpose))
    }

    /// The keys challenges are authenticated with.
    #[must_use]
    pub fn challenge_keys(&self) -> Option<MacKeys> {
        self.mac_keys(Purpose::Challenge)
    }

    /// The keys of a purpose, for records that are authenticated.
    #[must_use]
    pub fn mac_keys(&self, purpose: Purpose) -> Option<MacKeys> {
        let keys = self.all(purpose).into_iter();
        MacKeys::new(keys.map(|key| MacKey { bytes: *key.bytes(), id: key.id }).collect())
    }

    /// Every sub-key of a purpose, newest first.
    #[must_use]
    pub fn all(&self, purpose: Purpose) -> Vec<SubKey> {
        self.keys().map(|key| key.derive(purpose)).collect()
    }
}

impl Key {
    fn derive(&self, purpose: Purpose) -> SubKey {
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        let hkdf = Hkdf::<Sha256>::new(Some(SALT), self.bytes.as_slice());
        // HKDF only refuses more than 255 blocks; this is one.
        let derived = hkdf.expand_multi_info(&[purpose.label(), b"\0", self.id.as_bytes()], bytes.as_mut_slice());
        debug_assert!(derived.is_ok());
        SubKey { id: self.id.clone(), bytes }
    }
}

/// Whether a text can be the id of a key.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn key_bytes(text: &str) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    let text = text.as_bytes();
    let decoded = Zeroizing::new(BASE64.decode(text).or_else(|_| BASE64_NOPAD.decode(text)).ok()?);
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    (decoded.len() == KEY_BYTES).then(|| bytes.copy_from_slice(&decoded))?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> String {
        BASE64.encode(&[byte; KEY_BYTES])
    }

    #[test]
    fn the_first_key_is_the_newest_and_all_are_found() {
        let ring = Keyring::parse(&format!("2026-11:{}, 2025:{}", key(1), key(2))).unwrap();
        assert_eq!(ring.newest(Purpose::Seal).id, "2026-11");
        assert_eq!(ring.by_id(Purpose::Seal, "2025").unwrap().id, "2025");
        assert!(ring.by_id(Purpose::Seal, "2024").is_none());
        assert_eq!(ring.all(Purpose::Challenge).len(), 2);
    }

    #[test]
    fn sub_keys_differ_by_purpose_by_key_and_by_id() {
        let ring = Keyring::parse(&format!("a:{},b:{}", key(1), key(1))).unwrap();
        let bytes = |purpose, id| *ring.by_id(purpose, id).unwrap().bytes();
        assert_ne!(bytes(Purpose::Seal, "a"), bytes(Purpose::Challenge, "a"));
        assert_ne!(bytes(Purpose::Seal, "a"), bytes(Purpose::MailCode, "a"));
        assert_ne!(bytes(Purpose::Seal, "a"), bytes(Purpose::Seal, "b"));
        assert_ne!(bytes(Purpose::Seal, "a"), [0; KEY_BYTES]);
        assert_eq!(bytes(Purpose::Seal, "a"), bytes(Purpose::Seal, "a"));
    }

    #[test]
    fn derivation_stays_as_it_is() {
        // Agrees with RFC 5869 as Python's hmac module computes it.
        let ring = Keyring::parse(&format!("k1:{}", key(7))).unwrap();
        let derived = data_encoding::HEXLOWER.encode(ring.newest(Purpose::Seal).bytes());
        assert_eq!(derived, "fab2dcef5a225ab2d2bec34eef649d83a034469cb8cd2c1ae402b5c95078cd10");
    }

    #[test]
    fn a_key_is_recognised_by_its_check_value() {
        let ring = Keyring::parse(&format!("k1:{},k2:{}", key(7), key(7))).unwrap();
        // The same as in xtask/src/keys.rs.
        assert_eq!(ring.check_value("k1").as_deref(), Some("07d56095"));
        assert_ne!(ring.check_value("k1"), ring.check_value("k2"));
        assert_eq!(ring.check_value("k3"), None);
        assert_eq!(ring.ids().collect::<Vec<_>>(), ["k1", "k2"]);
        assert_eq!(ring.newest_id(), "k1");
    }

    #[test]
    fn bad_lists_are_refused_and_not_repeated() {
        for (text, error) in [
            (String::new(), KeyringError::Form(1)),
            ("nonsense".to_owned(), KeyringError::Form(1)),
            (format!(":{}", key(1)), KeyringError::Id(1)),
            (format!("a b:{}", key(1)), KeyringError::Id(1)),
            ("a:AAAA".to_owned(), KeyringError::Bytes(1)),
            (format!("a:{},", key(1)), KeyringError::Form(2)),
            (format!("a:{},a:{}", key(1), key(2)), KeyringError::Twice(2)),
        ] {
            assert_eq!(Keyring::parse(&text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn nothing_of_a_key_is_printed() {
        let ring = Keyring::parse(&format!("k1:{}", key(7))).unwrap();
        assert_eq!(format!("{ring:?}"), r#"["k1"]"#);
        assert_eq!(format!("{:?}", ring.newest(Purpose::Seal)), "SubKey(k1)");
    }
}
