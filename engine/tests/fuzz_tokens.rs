//! What strangers send to prove something: challenges, links, codes, passkeys. Nothing spoilt is believed, nothing panics.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod fuzz;

use data_encoding::BASE64URL_NOPAD;
use engine::content::ContentHash;
use engine::ids::{AccountId, ApprovalId, PageId, PageVersion, Seq, SiteId, StateId, WorkflowId};
use engine::time::Timestamp;
use engine::token::challenge::{
    ActChallenge, Bound, BulkChallenge, DecisionChallenge, MacKey, MacKeys, Nonce, authentic, issue,
};
use engine::token::link::{Invitation, Link, Visit};
use engine::token::totp::Code;
use engine::token::webauthn::{Assertion, Credential, Registration, RelyingParty, assert, challenge_for_use, register};
use engine::token::{mail_code, recovery};
use engine::wire::status::Decision;
use fuzz::{bytes, changes, for_a_while, spoilt, text, tree};
use proptest::prelude::*;
use serde_json::Value;

fn keys() -> MacKeys {
    MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [7; 32] }]).unwrap()
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

/// Nothing but the very token is genuine, for its own purpose and for no other.
fn only_the_token_itself<B: Bound>(token: &str) {
    let genuine = issue(&keys(), &challenge()).unwrap();
    let believed = authentic::<B>(&keys(), token).is_ok();
    assert_eq!(believed, token == genuine && B::LABEL == DecisionChallenge::LABEL, "{token}");
}

#[test]
fn a_challenge_with_any_change_is_nothing() {
    let genuine = issue(&keys(), &challenge()).unwrap();
    for_a_while(changes(), |changes| {
        let spoilt = bytes(&BASE64URL_NOPAD.decode(genuine.as_bytes()).unwrap(), &changes);
        for token in [BASE64URL_NOPAD.encode(&spoilt), text(&genuine, &changes)] {
            only_the_token_itself::<DecisionChallenge>(&token);
            only_the_token_itself::<ActChallenge>(&token);
            only_the_token_itself::<BulkChallenge>(&token);
            only_the_token_itself::<Link>(&token);
            only_the_token_itself::<Visit>(&token);
            only_the_token_itself::<Invitation>(&token);
        }
    });
}

#[test]
fn a_record_of_another_shape_is_nothing_though_it_is_authenticated() {
    // As if one of our own programs had written it: the fields are read only as far as they fit.
    for_a_while((changes(), any::<[u8; 4]>()), |(changes, tail)| {
        let genuine = BASE64URL_NOPAD.decode(issue(&keys(), &challenge()).unwrap().as_bytes()).unwrap();
        let mut body = bytes(&genuine[..genuine.len() - 32], &changes);
        body.extend(tail);
        let mac = hmac_of(&body);
        let token = BASE64URL_NOPAD.encode(&[body, mac].concat());
        if let Ok(read) = authentic::<DecisionChallenge>(&keys(), &token) {
            // What is read is what was written: the same fields make the same token.
            assert_eq!(issue(&keys(), &read).unwrap(), token);
        }
    });
}

fn hmac_of(body: &[u8]) -> Vec<u8> {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(&[7; 32]).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

#[test]
fn only_six_ascii_digits_are_a_code() {
    let seeds = ["123456", "١٢٣٤٥٦", "１２３４５６", "12 456", "ABCD-EFGH", "0123-4567-89AB-CDEF-GHJK-MNPQ", ""];
    for_a_while((spoilt(seeds.len()), any::<String>()), |((seed, changes), other)| {
        for typed in [text(seeds[seed], &changes), other] {
            let digits = typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit());
            assert_eq!(Code::parse(&typed).is_ok(), digits, "{typed:?}");
            for (normal, length) in
                [(mail_code::normalise(&typed), mail_code::LENGTH), (recovery::normalise(&typed), recovery::LENGTH)]
            {
                let Some(normal) = normal else { continue };
                assert_eq!(normal.len(), length, "{typed:?}");
                assert!(normal.bytes().all(|byte| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&byte)), "{typed:?}");
                assert_eq!(
                    mail_code::normalise(&normal).or_else(|| recovery::normalise(&normal)),
                    Some(normal.clone())
                );
            }
        }
    });
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../src/token/webauthn/vectors.json")).unwrap()
}

fn party() -> RelyingParty {
    RelyingParty { origin: "http://localhost:8787".to_owned(), id: "localhost".to_owned() }
}

/// A member that is base64url of something, with that something changed.
fn inner(value: &mut Value, changes: &[fuzz::Change]) {
    let Some(decoded) = value.as_str().and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok()) else { return };
    *value = BASE64URL_NOPAD.encode(&bytes(&decoded, changes)).into();
}

#[test]
fn a_new_passkey_is_read_or_refused() {
    let known = vectors();
    let challenge = challenge_for_use(known["token"].as_str().unwrap());
    let names = ["registration", "packed", "rs256"];
    let good =
        |name: &str| register(&serde_json::from_value(known[name].clone()).unwrap(), &challenge, &party()).is_ok();
    assert!(good("registration") && good("packed") && !good("rs256"), "the vectors are what they were");
    for_a_while((spoilt(names.len()), changes(), changes()), |((seed, data), client, whole)| {
        let genuine = &known[names[seed]];
        let mut sent = tree(genuine, if data.is_empty() { &whole } else { &[] });
        if let Some(attestation) = sent.get_mut("attestation") {
            inner(attestation, &data);
        }
        if let Some(data) = sent.get_mut("client_data") {
            inner(data, &client);
        }
        let Ok(sent) = serde_json::from_value::<Registration>(sent) else { return };
        if let Ok(made) = register(&sent, &challenge, &party()) {
            let key = BASE64URL_NOPAD.decode(made.credential.key.as_bytes()).unwrap();
            assert_eq!((key.len(), key[0]), (65, 4), "a key that is no point");
            assert!(!made.credential.id.is_empty());
        }
    });
}

#[test]
fn a_passkey_signs_nothing_that_was_changed() {
    let known = vectors();
    let challenge = challenge_for_use(known["token"].as_str().unwrap());
    let registration: Registration = serde_json::from_value(known["registration"].clone()).unwrap();
    let credential: Credential = register(&registration, &challenge, &party()).unwrap().credential;
    let genuine = &known["assertion"];
    let original: Assertion = serde_json::from_value(genuine.clone()).unwrap();
    assert!(assert(&original, &credential, 0, &challenge, &party()).is_ok(), "the vector is good");
    let members = ["client_data", "authenticator_data", "signature", "credential"];
    for_a_while((0..members.len(), changes(), changes()), |(member, changes, whole)| {
        let mut sent = tree(genuine, if changes.is_empty() { &whole } else { &[] });
        if let Some(value) = sent.get_mut(members[member]) {
            inner(value, &changes);
        }
        let Ok(sent) = serde_json::from_value::<Assertion>(sent) else { return };
        if assert(&sent, &credential, 0, &challenge, &party()).is_ok() {
            assert_eq!(
                (&sent.client_data, &sent.authenticator_data),
                (&original.client_data, &original.authenticator_data)
            );
        }
    });
}
