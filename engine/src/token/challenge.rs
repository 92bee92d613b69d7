//! What a decision is bound to.
//!
//! The server puts everything a person is about to sign into one record, shows it from that record, and authenticates it
//! with HMAC-SHA-256. The browser carries the token; it can neither change a field nor use it for another purpose.
//!
//! ```text
//! token   = base64url( body ‖ mac )
//! body    = version byte ‖ field(key id) ‖ field(label) ‖ field … field
//! field   = length (u32, big endian) ‖ bytes
//! mac     = HMAC-SHA-256(key of that id for that label, body)
//! ```
//!
//! The label names the purpose, so that a challenge for one purpose is nothing for another.

mod act;
mod bulk;
mod field;
mod record;

use crate::time::Timestamp;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::ZeroizeOnDrop;

pub use act::{Act, ActChallenge, ActPage, Asks};
pub use bulk::{BulkChallenge, LIST_LIFE, Listed, list_digest};
pub use field::{Fields, Reader};
pub use record::DecisionChallenge;

const VERSION: u8 = 1;
const MAC_LENGTH: usize = 32;
/// The longest token that is looked at.
const TOKEN_MAX: usize = 8192;

/// A key of one purpose.
#[derive(Clone, ZeroizeOnDrop)]
pub struct MacKey {
    /// Its id, in clear in each token.
    #[zeroize(skip)]
    pub id: String,
    /// 256 bits.
    pub bytes: [u8; 32],
}

/// Keys of one purpose: the first makes tokens, all check them, so that keys can be changed without a pause.
#[derive(Clone)]
pub struct MacKeys(Vec<MacKey>);

impl MacKeys {
    /// The newest key first; [`None`] without any.
    #[must_use]
    pub fn new(keys: Vec<MacKey>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeFault {
    /// Not one of ours, or changed.
    #[error("the confirmation is not genuine")]
    Invalid,
    /// Too old.
    #[error("the confirmation is too old")]
    Expired,
}

/// 128 random bits, as 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// From a cryptographically secure generator.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(HEXLOWER.encode(&random))
    }

    /// As it stands in an authenticated record.
    fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A record that can be made into a challenge.
pub trait Bound: Sized {
    /// The purpose.
    const LABEL: &'static str;
    /// The fields, in a fixed order.
    fn write(&self, fields: &mut Fields);
    /// The fields, in the same order. [`None`] if they do not fit.
    fn read(fields: &mut Reader<'_>) -> Option<Self>;
    /// After this it is refused.
    fn expires_at(&self) -> Timestamp;
}

/// Makes the token. [`None`] only if a field is longer than a length can say.
#[must_use]
pub fn issue<B: Bound>(keys: &MacKeys, record: &B) -> Option<String> {
    let key = keys.0.first()?;
    let mut fields = Fields { bytes: vec![VERSION], overflow: false };
    fields.text(&key.id);
    fields.text(B::LABEL);
    record.write(&mut fields);
    if fields.overflow {
        return None;
    }
    let mac = mac_of(key, &fields.bytes)?.finalize().into_bytes();
    fields.bytes.extend_from_slice(&mac);
    Some(BASE64URL_NOPAD.encode(&fields.bytes))
}

/// Reads a token: (1) of bearable length and base64url, (2) made with a key of ours for this purpose, compared in
/// constant time *before* any field is believed, (3) of exactly the fields of this purpose.
///
/// It may have expired: see [`verify`]. Only to look for the answer that was given to it before.
///
/// # Errors
/// [`ChallengeFault::Invalid`].
pub fn authentic<B: Bound>(keys: &MacKeys, token: &str) -> Result<B, ChallengeFault> {
    // (1)
    if token.len() > TOKEN_MAX {
        return Err(ChallengeFault::Invalid);
    }
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).map_err(|_| ChallengeFault::Invalid)?;
    open(keys, &bytes).ok_or(ChallengeFault::Invalid)
}

/// Reads a token as [`authentic`] does, and (4) refuses it after its time.
///
/// # Errors
/// [`ChallengeFault`].
pub fn verify<B: Bound>(keys: &MacKeys, token: &str, now: Timestamp) -> Result<B, ChallengeFault> {
    let record: B = authentic(keys, token)?;
    // (4)
    if now > record.expires_at() { Err(ChallengeFault::Expired) } else { Ok(record) }
}

fn open<B: Bound>(keys: &MacKeys, bytes: &[u8]) -> Option<B> {
    // (2)
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC_LENGTH)?)?;
    let mut fields = Reader { rest: body.strip_prefix(&[VERSION])? };
    let key_id = fields.text()?;
    let key = keys.0.iter().find(|key| key.id == key_id)?;
    mac_of(key, body)?.verify_slice(mac).ok()?;
    // (3)
    if fields.text()? != B::LABEL {
        return None;
    }
    let record = B::read(&mut fields)?;
    fields.rest.is_empty().then_some(record)
}

/// What the journal and the table of consumed challenges hold of a token.
#[must_use]
pub fn digest(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

fn mac_of(key: &MacKey, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key.bytes).ok()?;
    mac.update(body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::ContentHash;
    use crate::ids::{AccountId, ApprovalId, PageId, PageVersion, Seq, SiteId, StateId, WorkflowId};
    use crate::wire::status::Decision;
    use proptest::prelude::*;

    fn keys() -> MacKeys {
        MacKeys::new(vec![
            MacKey { id: "k2".to_owned(), bytes: [2; 32] },
            MacKey { id: "k1".to_owned(), bytes: [1; 32] },
        ])
        .unwrap()
    }

    fn challenge() -> DecisionChallenge {
        DecisionChallenge {
            site: SiteId::new("cloud/env"),
            page: PageId::new("98305"),
            version: PageVersion(7),
            content_hash: ContentHash::from_hex("ab".repeat(32)),
            workflow: WorkflowId::new("page-approval"),
            workflow_version: 1,
            state: StateId::new("in-review"),
            state_seq: Seq(4),
            approval: ApprovalId::new("approvers"),
            policy_version: 1,
            decision: Decision::Approve,
            meaning: "I approve.".to_owned(),
            account: AccountId::new("712020:a"),
            nonce: Nonce::from_random([5; 16]),
            expires_at: Timestamp(1_000),
        }
    }

    #[test]
    fn what_was_issued_is_read() {
        let token = issue(&keys(), &challenge()).unwrap();
        assert_eq!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(1_000)), Ok(challenge()));
        assert_eq!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(1_001)), Err(ChallengeFault::Expired));
    }

    #[test]
    fn an_older_key_still_opens_and_a_foreign_one_does_not() {
        let old = MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [1; 32] }]).unwrap();
        let token = issue(&old, &challenge()).unwrap();
        assert!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(0)).is_ok());
        let foreign = MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [9; 32] }]).unwrap();
        let token = issue(&foreign, &challenge()).unwrap();
        assert_eq!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(0)), Err(ChallengeFault::Invalid));
    }

    #[test]
    fn a_challenge_of_another_purpose_is_nothing() {
        let act = ActChallenge {
            site: SiteId::new("cloud/env"),
            act: Act::Unlock,
            page: None,
            body: "ab".repeat(32),
            policy_version: 1,
            account: AccountId::new("712020:a"),
            nonce: Nonce::from_random([5; 16]),
            expires_at: Timestamp(1_000),
        };
        let token = issue(&keys(), &act).unwrap();
        assert_eq!(verify::<ActChallenge>(&keys(), &token, Timestamp(0)), Ok(act));
        assert_eq!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(0)), Err(ChallengeFault::Invalid));
    }

    /// DESIGN: flip any bound field of a challenge and it fails. Every single bit of the token is tried.
    #[test]
    fn any_flipped_bit_is_refused() {
        let token = BASE64URL_NOPAD.decode(issue(&keys(), &challenge()).unwrap().as_bytes()).unwrap();
        for index in 0..token.len() {
            for bit in 0..8 {
                let mut forged = token.clone();
                forged[index] ^= 1 << bit;
                let forged = BASE64URL_NOPAD.encode(&forged);
                assert_eq!(verify::<DecisionChallenge>(&keys(), &forged, Timestamp(0)), Err(ChallengeFault::Invalid));
            }
        }
    }

    #[test]
    fn a_token_cut_short_or_drawn_out_is_refused() {
        let token = issue(&keys(), &challenge()).unwrap();
        for length in 0..token.len() {
            assert!(verify::<DecisionChallenge>(&keys(), &token[..length], Timestamp(0)).is_err());
        }
        assert!(verify::<DecisionChallenge>(&keys(), &format!("{token}AAAA"), Timestamp(0)).is_err());
    }

    proptest! {
        #[test]
        fn no_input_is_a_panic(token in "[A-Za-z0-9_-]{0,400}") {
            prop_assert!(verify::<DecisionChallenge>(&keys(), &token, Timestamp(0)).is_err());
        }
    }
}
