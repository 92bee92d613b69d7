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
    assert_eq!(opened(&ring(&[("k2", 2)]), &text), Err(SealError::KeyMissing("k1".to_owned())));
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

fn renewed(keyring: &Keyring, text: &str) -> Result<Option<String>, SealError> {
    with_binding("site", "person", "totp-secret", "f1", |binding| renew(keyring, binding, text).unwrap())
}

#[test]
fn a_text_is_sealed_anew_with_the_newest_key_once() {
    let old = sealed(&ring(&[("k1", 1)]));
    let both = ring(&[("k2", 2), ("k1", 1)]);
    let new = renewed(&both, &old).unwrap().unwrap();
    assert_eq!(opened(&ring(&[("k2", 2)]), &new).unwrap(), b"very secret");
    assert_eq!(renewed(&both, &new), Ok(None));
    assert_eq!(renewed(&ring(&[("k2", 2)]), &old), Err(SealError::KeyMissing("k1".to_owned())));
    assert_eq!(renewed(&ring(&[("k2", 2), ("k1", 9)]), &old), Err(SealError::DoesNotFit));
}

/// What the database is told of a key fits the texts sealed with it and no others, wherever in a character the id ends.
#[test]
fn the_head_of_a_text_names_its_key() {
    let ids = ["k1", "k2", "k", "kk1", "2026-11", "2026-12", "a_b-c", "k12", "k13", &"x".repeat(32), &"y".repeat(32)];
    let fits = |head: &Head, text: &str| {
        let next = text.chars().nth(head.begins.len()).unwrap();
        text.starts_with(&head.begins) && head.next.contains(next)
    };
    for id in ids {
        let keyring = ring(&[(id, 1)]);
        for _ in 0..40 {
            let text = sealed(&keyring);
            assert_eq!(key_of(&text).as_deref(), Some(id));
            for other in ids {
                assert_eq!(fits(&head(other), &text), other == id, "{id} {other}");
            }
            let chars = (8 * (2 + id.len())).div_ceil(6);
            assert_eq!(key_of(&text[..chars]).as_deref(), Some(id), "cut behind the id");
        }
    }
    for nonsense in ["", "A", "not base64!", "AgJrMQ", "AQ", "AQlrMQ"] {
        assert_eq!(key_of(nonsense), None, "{nonsense}");
    }
}
