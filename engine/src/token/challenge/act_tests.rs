use super::super::{ChallengeFault, DecisionChallenge, MacKey, MacKeys, issue, verify};
use super::*;
use data_encoding::BASE64URL_NOPAD;
use proptest::prelude::*;

fn keys() -> MacKeys {
    MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [1; 32] }]).unwrap()
}

fn challenge() -> ActChallenge {
    ActChallenge {
        site: SiteId::new("cloud/env"),
        act: Act::Assign,
        page: None,
        body: "ab".repeat(32),
        account: AccountId::new("712020:admin"),
        policy_version: 3,
        nonce: Nonce::from_random([5; 16]),
        expires_at: Timestamp(1_000),
    }
}

#[test]
fn what_was_issued_is_read_until_it_is_too_old() {
    for act in Act::ALL.iter().copied() {
        let record = ActChallenge { act, ..challenge() };
        let token = issue(&keys(), &record).unwrap();
        assert_eq!(verify::<ActChallenge>(&keys(), &token, Timestamp(1_000)), Ok(record));
        assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
    }
    let token = issue(&keys(), &challenge()).unwrap();
    assert_eq!(verify::<ActChallenge>(&keys(), &token, Timestamp(1_001)), Err(ChallengeFault::Expired));
    assert_eq!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(0)), Err(ChallengeFault::Invalid));
}

/// Flip any bound field of a challenge and it fails. Every single bit of the token is tried.
#[test]
fn any_flipped_bit_is_refused() {
    let token = BASE64URL_NOPAD.decode(issue(&keys(), &challenge()).unwrap().as_bytes()).unwrap();
    for index in 0..token.len() {
        for bit in 0..8 {
            let mut forged = token.clone();
            forged[index] ^= 1 << bit;
            let forged = BASE64URL_NOPAD.encode(&forged);
            assert_eq!(verify::<ActChallenge>(&keys(), &forged, Timestamp(0)), Err(ChallengeFault::Invalid));
        }
    }
}

/// With a page and without: a record that says one is never read as the other.
#[test]
fn the_page_is_bound() {
    let page = ActPage {
        page: PageId::new("98305"),
        version: PageVersion(7),
        content_hash: ContentHash::from_hex("cd".repeat(32)),
    };
    let record = ActChallenge { page: Some(page), act: Act::Submit, ..challenge() };
    let token = issue(&keys(), &record).unwrap();
    assert_eq!(verify::<ActChallenge>(&keys(), &token, Timestamp(0)), Ok(record));
}

proptest! {
    /// No two records make the same bytes, whatever the texts: a field can't take over its neighbour's end.
    #[test]
    fn every_field_is_bound(body in "\\PC{0,12}", account in "\\PC{0,12}", version in 0..9_u32, at in 0..9_u64) {
        let other = ActChallenge {
            body, account: AccountId::new(account), policy_version: version, expires_at: Timestamp(at), ..challenge()
        };
        let read = verify::<ActChallenge>(&keys(), &issue(&keys(), &other).unwrap(), Timestamp(0)).unwrap();
        prop_assert_eq!(read, other);
    }
}
