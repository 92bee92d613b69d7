//! Sealed texts open where they belong and nowhere else.

use super::*;
use data_encoding::BASE64;

fn ring(keys: &[(&str, u8)]) -> Keyring {
    let entries: Vec<String> = keys.iter().map(|(id, byte)| format!("{id}:{}", BASE64.encode(&[*byte; 32]))).collect();
    Keyring::parse(&entries.join(",")).unwrap()
}

fn with_binding<T>(site: &str, person: &str, purpose: &'static str, id: &str, f: impl FnOnce(&Binding<'_>) -> T) -> T {
    let (site, person) = (SiteId::new(site), AccountId::new(person));
    f(&Binding { site: &site, person: Some(&person), purpose, id })
}

fn sealed(keyring: &Keyring) -> String {
    with_binding("site", "person", "totp-secret", "f1", |binding| seal(keyring, binding, b"very secret").unwrap())
}

fn opened(keyring: &Keyring, sealed: &str) -> Result<Vec<u8>, SealError> {
    with_binding("site", "person", "totp-secret", "f1", |binding| {
        open(keyring, binding, sealed).map(|plain| plain.to_vec())
    })
}

#[test]
fn what_is_sealed_opens() {
    let keyring = ring(&[("k1", 1)]);
    let text = sealed(&keyring);
    assert_eq!(opened(&keyring, &text).unwrap(), b"very secret");
    assert_ne!(text, sealed(&keyring), "each text has a nonce of its own");
}

#[test]
fn old_keys_still_open_and_lost_ones_are_told() {
    let text = sealed(&ring(&[("k1", 1)]));
    assert!(opened(&ring(&[("k2", 2), ("k1", 1)]), &text).is_ok());
    assert_eq!(opened(&ring(&[("k2", 2)]), &text), Err(SealError::KeyMissing));
    assert_eq!(opened(&ring(&[("k1", 2)]), &text), Err(SealError::DoesNotFit));
}

#[test]
fn a_text_opens_only_under_its_own_binding() {
    let keyring = ring(&[("k1", 1)]);
    let text = sealed(&keyring);
    for (site, person, purpose, id) in [
        ("other", "person", "totp-secret", "f1"),
        ("site", "other", "totp-secret", "f1"),
        ("site", "person", "app-token", "f1"),
        ("site", "person", "totp-secret", "f2"),
        ("siteperson", "", "totp-secret", "f1"),
    ] {
        let opened = with_binding(site, person, purpose, id, |binding| open(&keyring, binding, &text).map(|_| ()));
        assert_eq!(opened, Err(SealError::DoesNotFit), "{site} {person} {purpose} {id}");
    }
}

#[test]
fn any_changed_bit_is_found() {
    let keyring = ring(&[("k1", 1)]);
    let bytes = BASE64URL_NOPAD.decode(sealed(&keyring).as_bytes()).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(opened(&keyring, &BASE64URL_NOPAD.encode(&changed)).is_err(), "byte {place}");
    }
    for length in 0..bytes.len() {
        assert!(opened(&keyring, &BASE64URL_NOPAD.encode(&bytes[..length])).is_err(), "{length} bytes");
    }
    assert_eq!(opened(&keyring, "not base64!"), Err(SealError::Malformed));
}
