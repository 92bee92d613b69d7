//! What is kept of a recovery code: an HMAC under a Worker key. 120 random bits need no slow hash, and an HMAC can be looked
//! up by an index, so that finding a code takes no longer the more there are.
//!
//! A code may have been made under any of the Worker's keys: it is looked up by its HMAC under each of them, in one statement.

use super::keys::{KEY_BYTES, Keyring, Purpose, SubKey};
use super::seal::{self, Binding, SealError};
use crate::http::EdgeError;
use data_encoding::BASE64URL_NOPAD;
use engine::ids::{AccountId, SiteId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Whose code it is.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// The site.
    pub site: &'a SiteId,
    /// The person.
    pub person: &'a AccountId,
}

/// What to keep of a code in its normal form: `<key id>.<HMAC, base64url>`.
///
/// # Errors
/// An internal fault if the HMAC cannot be made; never in practice, and never a weaker one instead.
pub fn digest(keyring: &Keyring, whose: Of<'_>, code: &str) -> Result<String, EdgeError> {
    under(&keyring.newest(Purpose::Recovery), whose, code)
}

/// What may have been kept of it, under each key there is and each that left its sub-key behind.
///
/// # Errors
/// As [`digest`].
pub fn digests(keyring: &Keyring, inherited: &[SubKey], whose: Of<'_>, code: &str) -> Result<Vec<String>, EdgeError> {
    keyring.all(Purpose::Recovery).iter().chain(inherited).map(|key| under(key, whose, code)).collect()
}

/// What a key's sub-key for recovery codes is sealed for.
pub const INHERITED: &str = "recovery-key";

/// The sub-key of an older key, sealed with the newest: what is kept under it outlives the key. The key does not follow
/// from it. [`None`] if there is no such key.
///
/// # Errors
/// An internal fault if there is no randomness.
pub fn bequest(keyring: &Keyring, site: &SiteId, id: &str) -> Result<Option<String>, EdgeError> {
    let Some(key) = keyring.by_id(Purpose::Recovery, id) else { return Ok(None) };
    seal::seal(keyring, &binding(site, id), key.bytes()).map(Some)
}

/// Opens a sub-key that was put by.
///
/// # Errors
/// If it does not open.
pub fn inherited(keyring: &Keyring, site: &SiteId, id: &str, sealed: &str) -> Result<SubKey, SealError> {
    let bytes = seal::open(keyring, &binding(site, id), sealed)?;
    SubKey::kept(id.to_owned(), &bytes).ok_or(SealError::Malformed)
}

fn binding<'a>(site: &'a SiteId, id: &'a str) -> Binding<'a> {
    Binding { site, person: None, purpose: INHERITED, id }
}

fn under(key: &SubKey, whose: Of<'_>, code: &str) -> Result<String, EdgeError> {
    let mac = mac(key, whose, code).ok_or_else(|| EdgeError::internal("no HMAC of a recovery code"))?;
    Ok(format!("{}.{}", key.id, BASE64URL_NOPAD.encode(&mac)))
}

fn mac(key: &SubKey, whose: Of<'_>, code: &str) -> Option<[u8; KEY_BYTES]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).ok()?;
    for field in ["countersign/recovery-code/v1", whose.site.as_str(), whose.person.as_str(), code] {
        mac.update(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        mac.update(field.as_bytes());
    }
    Some(mac.finalize().into_bytes().into())
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
    fn a_code_is_found_under_the_key_it_was_made_with() {
        let (site, person) = (SiteId::new("s"), AccountId::new("p"));
        let whose = Of { site: &site, person: &person };
        let kept = digest(&ring(&[("k1", 1)]), whose, "CODE").unwrap();
        assert!(kept.starts_with("k1."));
        let rotated = ring(&[("k2", 2), ("k1", 1)]);
        assert!(digests(&rotated, &[], whose, "CODE").unwrap().contains(&kept));
        assert!(digest(&rotated, whose, "CODE").unwrap().starts_with("k2."));
        assert!(!digests(&ring(&[("k2", 2)]), &[], whose, "CODE").unwrap().contains(&kept));
        assert!(!digests(&ring(&[("k1", 3)]), &[], whose, "CODE").unwrap().contains(&kept));
    }

    #[test]
    fn what_is_kept_is_of_this_code_of_this_person_on_this_site() {
        let ring = ring(&[("k1", 1)]);
        let of = |site: &str, person: &str, code: &str| {
            let (site, person) = (SiteId::new(site), AccountId::new(person));
            digest(&ring, Of { site: &site, person: &person }, code).unwrap()
        };
        let kept = of("s", "p", "CODE");
        assert_eq!(kept, of("s", "p", "CODE"));
        for other in [of("t", "p", "CODE"), of("s", "q", "CODE"), of("s", "p", "CODF"), of("sp", "", "CODE")] {
            assert_ne!(kept, other);
        }
    }

    #[test]
    fn a_code_outlives_its_key() {
        let (site, person) = (SiteId::new("s"), AccountId::new("p"));
        let whose = Of { site: &site, person: &person };
        let kept = digest(&ring(&[("k1", 1)]), whose, "CODE").unwrap();
        let sealed = bequest(&ring(&[("k2", 2), ("k1", 1)]), &site, "k1").unwrap().unwrap();
        let alone = ring(&[("k2", 2)]);
        let left = inherited(&alone, &site, "k1", &sealed).unwrap();
        assert!(!digests(&alone, &[], whose, "CODE").unwrap().contains(&kept));
        assert!(digests(&alone, core::slice::from_ref(&left), whose, "CODE").unwrap().contains(&kept));
        assert!(!digests(&alone, &[left], whose, "CODF").unwrap().contains(&kept));
        assert!(inherited(&alone, &SiteId::new("t"), "k1", &sealed).is_err(), "another site's");
        assert!(inherited(&alone, &site, "k0", &sealed).is_err(), "another key's");
        assert!(inherited(&ring(&[("k3", 3)]), &site, "k1", &sealed).is_err());
        assert!(bequest(&alone, &site, "k1").unwrap().is_none());
    }
}
