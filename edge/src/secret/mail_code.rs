//! What is kept of a mailed code: an HMAC under a Worker key, so that the database alone does not tell it.

use super::keys::{KEY_BYTES, Keyring, Purpose, SubKey};
use crate::http::EdgeError;
use data_encoding::BASE64URL_NOPAD;
use engine::ids::{AccountId, SiteId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Whose code it is, and what for.
#[derive(Clone, Copy, Debug)]
pub struct For<'a> {
    /// The site.
    pub site: &'a SiteId,
    /// The person.
    pub person: &'a AccountId,
    /// What for: `enrolment/<id>` or `challenge/<nonce>`.
    pub what: &'a str,
}

/// What to keep of a code in its normal form: `<key id>.<HMAC, base64url>`.
///
/// # Errors
/// An internal fault if the HMAC cannot be made; never in practice, and never a weaker one instead.
pub fn digest(keyring: &Keyring, whose: For<'_>, code: &str) -> Result<String, EdgeError> {
    let key = keyring.newest(Purpose::MailCode);
    let mac = mac(&key, whose, code).ok_or_else(|| EdgeError::internal("no HMAC of a mailed code"))?;
    Ok(format!("{}.{}", key.id, BASE64URL_NOPAD.encode(&mac)))
}

/// Whether a code in its normal form is the one that was kept. Takes as long either way.
#[must_use]
pub fn fits(keyring: &Keyring, whose: For<'_>, code: &str, kept: &str) -> bool {
    let Some((id, kept)) = kept.split_once('.') else { return false };
    let Some(key) = keyring.by_id(Purpose::MailCode, id) else {
        super::report_missing(id);
        return false;
    };
    let Ok(kept) = BASE64URL_NOPAD.decode(kept.as_bytes()) else { return false };
    mac(&key, whose, code).is_some_and(|mac| mac.as_slice().ct_eq(&kept).into())
}

fn mac(key: &SubKey, whose: For<'_>, code: &str) -> Option<[u8; KEY_BYTES]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).ok()?;
    for field in ["countersign/mail-code/v1", whose.site.as_str(), whose.person.as_str(), whose.what, code] {
        mac.update(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        mac.update(field.as_bytes());
    }
    Some(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    fn ring(id: &str, byte: u8) -> Keyring {
        Keyring::parse(&format!("{id}:{}", BASE64.encode(&[byte; 32]))).unwrap()
    }

    #[test]
    fn only_this_code_of_this_person_fits() {
        let (site, person, other) = (SiteId::new("s"), AccountId::new("p"), AccountId::new("q"));
        let whose = For { site: &site, person: &person, what: "challenge/e1" };
        let keyring = ring("k1", 1);
        let kept = digest(&keyring, whose, "ABCD1234").unwrap();
        assert!(fits(&keyring, whose, "ABCD1234", &kept));
        assert!(!fits(&keyring, whose, "ABCD1235", &kept));
        assert!(!fits(&keyring, For { person: &other, ..whose }, "ABCD1234", &kept));
        assert!(!fits(&keyring, For { what: "challenge/e2", ..whose }, "ABCD1234", &kept));
        assert!(!fits(&ring("k1", 2), whose, "ABCD1234", &kept));
        assert!(!fits(&ring("k2", 1), whose, "ABCD1234", &kept));
        for nonsense in ["", "k1", "k1.", "k1.AAAA", ".AAAA"] {
            assert!(!fits(&keyring, whose, "ABCD1234", nonsense), "{nonsense}");
        }
    }
}
