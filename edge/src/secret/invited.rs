//! What is kept of the mail address of somebody without an account: sealed, so that it can be erased; and an HMAC under a key of
//! the site, by which the same address is the same person again.
//!
//! The key is random and sealed itself, so that it stays the same when the Worker's keys change.

use super::Secret;
use super::keys::{KEY_BYTES, Keyring};
use super::seal::{self, Binding, SealError};
use crate::http::EdgeError;
use crate::random;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use engine::audit::commitment::{Salt, TextRef};
use engine::ids::{SiteId, TextId};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// With what addresses of a site are looked up.
pub struct LookupKey(Zeroizing<[u8; KEY_BYTES]>);

impl LookupKey {
    /// A new one, and sealed.
    ///
    /// # Errors
    /// An internal fault if there is no randomness.
    pub fn make(keyring: &Keyring, site: &SiteId) -> Result<(Self, String), EdgeError> {
        let bytes = random::bytes::<KEY_BYTES>()?;
        let sealed = seal::seal(keyring, &key_binding(site), bytes.as_slice())?;
        Ok((Self(bytes), sealed))
    }

    /// Opens the site's.
    ///
    /// # Errors
    /// If it does not open.
    pub fn open(keyring: &Keyring, site: &SiteId, sealed: &str) -> Result<Self, SealError> {
        let opened = seal::open(keyring, &key_binding(site), sealed)?;
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        if opened.len() != KEY_BYTES {
            return Err(SealError::Malformed);
        }
        bytes.copy_from_slice(&opened);
        Ok(Self(bytes))
    }

    /// By what an address in its normal form is found.
    ///
    /// # Errors
    /// An internal fault if the HMAC cannot be made; never in practice.
    pub fn lookup(&self, address: &str) -> Result<String, EdgeError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice())
            .map_err(|_| EdgeError::internal("no HMAC of an address"))?;
        mac.update(b"countersign/invited-address/v1\0");
        mac.update(address.as_bytes());
        Ok(BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
    }
}

/// An address with the salt of its commitment.
#[derive(Clone)]
pub struct Kept {
    salt: Salt,
    address: Secret,
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    salt: &'a str,
    address: &'a str,
}

impl Kept {
    /// A new one.
    ///
    /// # Errors
    /// An internal fault if there is no randomness.
    pub fn new(address: &str) -> Result<Self, EdgeError> {
        Ok(Self { salt: *random::bytes::<16>()?, address: Secret::new(address.to_owned()) })
    }

    /// The address. It is told to nobody but who carries mails, and admins.
    #[must_use]
    pub fn address(&self) -> &str {
        self.address.expose()
    }

    /// What an entry holds of it: `id` is the person's.
    #[must_use]
    pub fn reference(&self, id: &str) -> TextRef {
        TextRef::commit(TextId::new(id), &self.salt, self.address())
    }

    /// Sealed for the person of this id.
    ///
    /// # Errors
    /// An internal fault if there is no randomness.
    pub fn seal(&self, keyring: &Keyring, site: &SiteId, id: &str) -> Result<String, EdgeError> {
        let salt = HEXLOWER.encode(&self.salt);
        let plain = serde_json::to_string(&Sealed { salt: &salt, address: self.address() }).map(Zeroizing::new);
        let plain = plain.map_err(|_| EdgeError::internal("an address could not be written"))?;
        seal::seal(keyring, &address_binding(site, id), plain.as_bytes())
    }

    /// Opens it.
    ///
    /// # Errors
    /// If it does not open.
    pub fn open(keyring: &Keyring, site: &SiteId, id: &str, sealed: &str) -> Result<Self, SealError> {
        let opened = seal::open(keyring, &address_binding(site, id), sealed)?;
        let read: Sealed<'_> = serde_json::from_slice(&opened).map_err(|_| SealError::Malformed)?;
        let salt = HEXLOWER.decode(read.salt.as_bytes()).ok().and_then(|salt| Salt::try_from(salt).ok());
        Ok(Self { salt: salt.ok_or(SealError::Malformed)?, address: Secret::new(read.address.to_owned()) })
    }
}

fn key_binding(site: &SiteId) -> Binding<'_> {
    Binding { site, person: None, purpose: "invited-key", id: "lookup" }
}

fn address_binding<'a>(site: &'a SiteId, id: &'a str) -> Binding<'a> {
    Binding { site, person: None, purpose: "invited-address", id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    fn ring(keys: &[(&str, u8)]) -> Keyring {
        let keys: Vec<String> = keys.iter().map(|(id, byte)| format!("{id}:{}", BASE64.encode(&[*byte; 32]))).collect();
        Keyring::parse(&keys.join(",")).unwrap()
    }

    #[test]
    fn an_address_opens_for_its_person_on_its_site_alone() {
        let (ring, site) = (ring(&[("k1", 1)]), SiteId::new("s"));
        let kept = Kept::new("ada@partner.example").unwrap();
        let sealed = kept.seal(&ring, &site, "id1").unwrap();
        assert!(!sealed.contains("ada"));
        let opened = Kept::open(&ring, &site, "id1", &sealed).unwrap();
        assert_eq!(opened.address(), "ada@partner.example");
        assert_eq!(opened.reference("id1"), kept.reference("id1"), "the same commitment whenever it is opened");
        assert!(kept.reference("id1").holds(&kept.salt, "ada@partner.example"));
        assert!(Kept::open(&ring, &site, "id2", &sealed).is_err());
        assert!(Kept::open(&ring, &SiteId::new("t"), "id1", &sealed).is_err());
    }

    #[test]
    fn an_address_is_found_again_after_the_worker_s_keys_changed() {
        let site = SiteId::new("s");
        let (key, sealed) = LookupKey::make(&ring(&[("k1", 1)]), &site).unwrap();
        let found = key.lookup("ada@partner.example").unwrap();
        let rotated = ring(&[("k2", 2), ("k1", 1)]);
        let again = LookupKey::open(&rotated, &site, &sealed).unwrap();
        assert_eq!(again.lookup("ada@partner.example").unwrap(), found);
        assert_ne!(again.lookup("adb@partner.example").unwrap(), found);
        let (other, _) = LookupKey::make(&rotated, &site).unwrap();
        assert_ne!(other.lookup("ada@partner.example").unwrap(), found, "another site's key");
        assert!(LookupKey::open(&rotated, &SiteId::new("t"), &sealed).is_err());
    }
}
