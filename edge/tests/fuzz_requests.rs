//! What strangers send to the Worker before it believes anything: headers, tokens, claims, bodies. It is read or refused
//! with a typed problem; a refusal repeats nothing of what was sent, since that may be a code.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "../../engine/tests/fuzz/mod.rs"]
mod fuzz;

use data_encoding::BASE64URL_NOPAD;
use edge::config::Config;
use edge::fit::claims::Claims;
use edge::fit::{bearer, checks, jwt};
use edge::hosted::{sender, visit};
use edge::http::body;
use engine::time::Timestamp;
use engine::wire::problem::ProblemKind;
use engine::wire::{
    act, assignments, bulk, confirm, enrolment, factors, insights, jobs, me, passkey, settings, status, workflows,
};
use fuzz::{Change, bytes, changes, for_a_while, spoilt, text, tree};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const APP: &str = "ari:cloud:ecosystem::app/7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41";
const ENVIRONMENT: &str = "0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20";
const NOW: u64 = 1_795_255_200;

fn config() -> Config {
    Config {
        app_id: APP.to_owned(),
        environment_id: ENVIRONMENT.to_owned(),
        jwks_url: "https://forge.example/jwks.json".to_owned(),
        api_origin: "https://api.example".to_owned(),
    }
}

fn claims() -> Value {
    let base = "https://api.example/ex/confluence/a11ce000-1111-4222-8333-444455556666";
    let cloud = "a11ce000-1111-4222-8333-444455556666";
    json!({
        "iss": "forge/invocation-token", "aud": APP, "iat": NOW, "nbf": NOW, "exp": NOW + 25, "jti": "j",
        "principal": "712020:approver-1",
        "app": {
            "id": APP, "installationId": "i", "apiBaseUrl": base, "module": { "key": "approval-macro", "type": "xen:macro" },
            "environment": { "id": format!("ari:cloud:ecosystem::environment/7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41/{ENVIRONMENT}") },
            "installation": { "id": "i", "contexts": [{ "name": "confluence", "cloudId": cloud, "apiBaseUrl": base }] },
        },
        "context": {
            "cloudId": cloud, "environmentId": ENVIRONMENT, "accountId": "712020:approver-1", "accountType": "licensed",
            "extension": { "content": { "id": "98305", "type": "page" }, "space": { "id": 65537 } },
        },
    })
}

fn token(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}.{}", part(header), part(claims), BASE64URL_NOPAD.encode(&[7; 256]))
}

#[test]
fn a_token_is_taken_apart_or_refused() {
    for_a_while((changes(), changes(), changes()), |(header, inside, outside)| {
        let header = tree(&json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" }), &header);
        let sent = text(&token(&header, &tree(&claims(), &inside)), &outside);
        let _ = jwt::unverified_exp(&sent);
        let authorisation = text(&format!("Bearer {sent}"), &outside);
        if let Some(token) = bearer::token(&authorisation) {
            assert!(authorisation.ends_with(token) && !token.is_empty());
        }
        let Ok(jws) = jwt::parse(&sent) else { return };
        // What is verified is what is read: the bytes before the last dot, and the claims in them.
        let (signed, _) = sent.rsplit_once('.').unwrap();
        assert_eq!(jws.signed, signed.as_bytes());
        assert_eq!(BASE64URL_NOPAD.encode(&jws.payload), signed.split_once('.').unwrap().1);
        let header = BASE64URL_NOPAD.decode(signed.split('.').next().unwrap().as_bytes()).unwrap();
        // A member that nobody reads is skipped, even one too deep for this reader.
        let Ok(header) = serde_json::from_slice::<Value>(&header) else { return };
        assert_eq!((&header["alg"], &header["kid"]), (&json!("RS256"), &json!(jws.kid)));
    });
}

#[test]
fn claims_are_accepted_only_with_one_site_one_app_and_in_time() {
    let site = "a11ce000-1111-4222-8333-444455556666";
    let genuine: Claims = serde_json::from_value(claims()).unwrap();
    assert_eq!(checks::check(&genuine, &config(), Timestamp(NOW * 1000)).ok(), Some(site));
    for_a_while((changes(), -60_i64..60), |(changes, late)| {
        let sent = tree(&claims(), &changes);
        let Ok(read) = serde_json::from_slice::<Claims>(sent.to_string().as_bytes()) else { return };
        let now = NOW.checked_add_signed(late).unwrap();
        let Ok(cloud) = checks::check(&read, &config(), Timestamp(now * 1000)) else { return };
        assert_eq!(
            (&sent["aud"], &sent["app"]["id"], &sent["iss"]),
            (&json!(APP), &json!(APP), &json!("forge/invocation-token"))
        );
        assert!(sent["exp"].as_u64().unwrap().saturating_add(5) > now, "{sent}");
        assert!(
            sent["app"]["installation"]["contexts"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["cloudId"] == json!(cloud))
        );
        assert_eq!(sent["app"]["apiBaseUrl"], json!(format!("https://api.example/ex/confluence/{cloud}")));
    });
}

/// What nobody should find in a refusal.
const SECRET: &str = "hunter2-918273";

/// A body of this shape, spoilt: read or refused, and what is read can be written and read again.
fn body_of<T: DeserializeOwned + Serialize>(genuine: &Value, inside: &[Change], outside: &[Change]) {
    assert!(body::json::<T>(genuine.to_string().as_bytes()).is_ok(), "no longer of this shape: {genuine}");
    let sent = tree(genuine, inside).to_string();
    for sent in [sent.clone().into_bytes(), bytes(sent.as_bytes(), outside)] {
        match body::json::<T>(&sent) {
            Ok(read) => {
                let written = serde_json::to_vec(&read).unwrap();
                let again = body::json::<T>(&written)
                    .unwrap_or_else(|problem| panic!("{}: {}", problem.detail, String::from_utf8_lossy(&written)));
                assert_eq!(serde_json::to_vec(&again).unwrap(), written);
            }
            Err(problem) => {
                assert!(matches!(problem.kind, ProblemKind::BadJson | ProblemKind::BadRequest), "{:?}", problem.kind);
                let told = format!("{} {}", problem.detail, problem.title);
                assert!(!told.contains(SECRET) && !told.contains("918273"), "{told}");
                assert!(!problem.detail.is_empty() && problem.detail.len() < 1000, "{}", problem.detail);
            }
        }
    }
}

#[test]
fn a_body_is_read_or_refused_without_being_repeated() {
    type Try = fn(&Value, &[Change], &[Change]);
    let kinds: Vec<(Try, Value)> = vec![
        (body_of::<status::StatusRequest>, json!({})),
        (
            body_of::<act::SubmitRequest>,
            json!({ "page_version": 1, "comment": SECRET, "assigned": { "a": ["712020:x"] } }),
        ),
        (body_of::<act::ChallengeRequest>, json!({ "decision": "approve", "page_version": 1, "approval": "a" })),
        (
            body_of::<act::DecisionRequest>,
            json!({ "challenge": SECRET, "decision": "reject", "page_version": 1, "comment": SECRET, "code": SECRET }),
        ),
        (
            body_of::<bulk::BulkChallengeRequest>,
            json!({ "decision": "approve", "items": [{ "page": "98305", "page_version": 1 }], "meaning": SECRET }),
        ),
        (
            body_of::<bulk::BulkDecisionRequest>,
            json!({ "challenge": SECRET, "items": [], "index": 0, "decision": "reject", "comment": SECRET, "code": SECRET }),
        ),
        (body_of::<act::SelectRequest>, json!({ "to": "draft", "page_version": 1, "seq": 3, "comment": SECRET })),
        (
            body_of::<act::ReassignRequest>,
            json!({ "approval": "a", "from": "712020:x", "to": "712020:y", "comment": SECRET }),
        ),
        (body_of::<me::AbsenceRequest>, json!({ "absence": { "stand_in": "712020:x", "from": 1, "until": 2 } })),
        (body_of::<me::DigestRequest>, json!({ "digest": "daily" })),
        (body_of::<enrolment::MailCodeRequest>, json!({ "code": SECRET })),
        (body_of::<enrolment::ConfirmRequest>, json!({ "code": SECRET })),
        (
            body_of::<workflows::CheckRequest>,
            json!({ "document": { "id": SECRET }, "values": { "site": { "a": SECRET } } }),
        ),
        (body_of::<workflows::ImportRequest>, json!({ "source": { "name": SECRET } })),
        (body_of::<assignments::WhatIfRequest>, json!({ "page": "98305" })),
        (body_of::<jobs::JobRequest>, json!({ "job": SECRET })),
        (body_of::<settings::RetryRequest>, json!({ "effect": 7 })),
        (body_of::<confirm::Confirmation>, json!({ "challenge": SECRET, "code": SECRET, "identification": SECRET })),
        (body_of::<factors::RenameRequest>, json!({ "factor": SECRET, "name": SECRET })),
        (
            body_of::<factors::RemoveRequest>,
            json!({ "factor": SECRET, "even_the_last": true, "confirm": { "challenge": SECRET, "code": SECRET } }),
        ),
        (body_of::<passkey::OpenRequest>, json!({ "link": SECRET })),
        (
            body_of::<passkey::RegisterRequest>,
            json!({ "registration": { "client_data": SECRET, "attestation": SECRET } }),
        ),
        (
            body_of::<passkey::AssertRequest>,
            json!({
                "assertion": { "credential": SECRET, "client_data": SECRET, "authenticator_data": SECRET, "signature": SECRET },
            }),
        ),
        (body_of::<insights::RemindRequest>, json!({ "people": ["712020:x", SECRET] })),
        (body_of::<insights::RevokeRequest>, json!({ "account": "712020:x", "factor": "f", "reason": SECRET })),
    ];
    for_a_while((spoilt(kinds.len()), changes()), |((kind, inside), outside)| {
        let (check, genuine) = &kinds[kind];
        check(genuine, &inside, &outside);
    });
}

#[test]
fn a_cookie_is_ours_once_or_not_at_all() {
    const NAME: &str = "__Host-countersign=";
    for_a_while((changes(), 0_usize..3), |(changes, more)| {
        let sent = text(&format!("a=b; {NAME}x.y-z; c={NAME}q{}", format!("; {NAME}other").repeat(more)), &changes);
        let Some(token) = visit::token_in(&sent) else { return };
        // It is what one pair of that very name holds, and there is no other pair of the name.
        let pairs: Vec<&str> = sent.split(';').map(str::trim).filter_map(|pair| pair.strip_prefix(NAME)).collect();
        assert_eq!(pairs, [token], "{sent}");
    });
}

#[test]
fn a_request_is_our_own_pages_only_with_our_very_origin() {
    const OURS: &str = "https://edge.example";
    for_a_while((changes(), changes(), changes()), |(origin, site, kind)| {
        let (origin, site, kind) = (text(OURS, &origin), text("same-origin", &site), text("application/json", &kind));
        if sender::is_own(OURS, Some(&origin), Some(&site), Some(&kind)) {
            assert_eq!((origin.as_str(), site.as_str()), (OURS, "same-origin"));
            let first = kind.split(';').next().unwrap().trim();
            assert!(first.eq_ignore_ascii_case("application/json"), "{kind}");
        }
    });
}
