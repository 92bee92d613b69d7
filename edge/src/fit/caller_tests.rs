//! Callers from claims, and what headers can and cannot do.

#![allow(clippy::needless_pass_by_value, reason = "claims are written where they are handed over")]

use super::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

struct Sent(BTreeMap<&'static str, &'static str>);

impl HeaderSource for Sent {
    fn value(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| (*value).to_owned())
    }
}

fn both_tokens() -> Sent {
    Sent(BTreeMap::from([("x-forge-oauth-user", "user-token"), ("x-forge-oauth-system", "system-token")]))
}

fn verified(module: &str, principal: Option<&str>, context: Option<Value>) -> Verified {
    let claims = json!({
        "iss": "i", "aud": "a", "iat": 1, "exp": 2, "jti": "j", "principal": principal, "context": context,
        "app": {
            "id": "a", "installationId": "inst", "apiBaseUrl": "u", "environment": { "id": "e" },
            "module": { "key": module }, "installation": { "id": "inst", "contexts": [] },
            "license": { "active": false }
        }
    });
    let claims = serde_json::from_value(claims).unwrap();
    Verified { claims, cloud_id: "cloud".to_owned(), environment_id: "env".to_owned() }
}

fn context(account_type: Option<&str>, id: Value, kind: &str) -> Value {
    json!({
        "cloudId": "cloud", "accountType": account_type,
        "extension": { "content": { "id": id, "type": kind }, "space": { "id": "65537" } }
    })
}

fn person(account_type: Option<&str>, id: Value, kind: &str) -> UiCaller {
    let verified = verified("approval-macro", Some("712020:x"), Some(context(account_type, id, kind)));
    require_ui(Caller::of(verified, &both_tokens()).unwrap(), &[Module::Macro]).unwrap()
}

#[test]
fn a_person_brings_their_own_token_and_never_the_app_s() {
    let caller = person(Some("licensed"), json!("98305"), "page");
    assert_eq!(caller.site.as_str(), "cloud/env");
    assert_eq!(caller.kind, ViewerKind::Licensed);
    assert_eq!(caller.page().unwrap().as_str(), "98305");
    assert_eq!(caller.space.as_ref().unwrap().as_str(), "65537");
    assert_eq!(caller.user_token.as_ref().unwrap().expose(), "user-token");
    assert_eq!(caller.license_active, Some(false));
    assert!(!format!("{caller:?}").contains("system-token"));
    assert!(!format!("{caller:?}").contains("user-token"));
}

#[test]
fn the_platform_brings_the_app_s_token_and_never_a_person_s() {
    let caller = Caller::of(verified("edge-events", None, None), &both_tokens()).unwrap();
    let caller = require_platform(caller).unwrap();
    assert_eq!(caller.app_token.as_ref().unwrap().expose(), "system-token");
    assert!(!format!("{caller:?}").contains("-token"));
}

#[test]
fn the_end_of_an_app_token_is_its_own_word_or_forge_s() {
    let until = |token: String| {
        let headers = Sent(BTreeMap::from([("x-forge-oauth-system", &*token.leak())]));
        let caller = Caller::of(verified("edge-schedule", None, None), &headers).unwrap();
        require_platform(caller).unwrap().app_token_until(Timestamp(1_000_000)).unwrap().millis()
    };
    let jwt =
        |exp: &str| format!("h.{}.s", data_encoding::BASE64URL_NOPAD.encode(format!("{{\"exp\":{exp}}}").as_bytes()));
    assert_eq!(until("opaque".to_owned()), 1_000_000 + 7_200_000);
    assert_eq!(until(jwt("5000")), 5_000_000);
    assert_eq!(until(jwt("18446744073709551615")), 1_000_000 + 7_200_000);
    assert_eq!(until(jwt("99999999999")), 1_000_000 + 86_400_000);
}

#[test]
fn whoever_is_not_said_to_be_licensed_is_a_guest() {
    for account_type in [None, Some("unlicensed"), Some("customer"), Some("Licensed"), Some("")] {
        assert_eq!(person(account_type, json!("1"), "page").kind, ViewerKind::Guest, "{account_type:?}");
    }
}

#[test]
fn nobody_in_particular_is_not_allowed() {
    let refused = |principal: &str, account_type: &str| {
        let verified =
            verified("approval-macro", Some(principal), Some(context(Some(account_type), json!("1"), "page")));
        Caller::of(verified, &both_tokens()).unwrap_err().kind()
    };
    assert_eq!(refused("unidentified", "licensed"), ProblemKind::NotAllowed);
    assert_eq!(refused("", "licensed"), ProblemKind::NotAllowed);
    assert_eq!(refused("712020:x", "anonymous"), ProblemKind::NotAllowed);
}

#[test]
fn only_a_page_of_digits_is_a_page() {
    assert_eq!(person(Some("licensed"), json!(98305), "page").page().unwrap().as_str(), "98305");
    for (id, kind) in [
        (json!("98305"), "blogpost"),
        (json!("../1"), "page"),
        (json!("1?x"), "page"),
        (json!("１２"), "page"),
        (json!(""), "page"),
        (Value::Null, "page"),
    ] {
        let caller = person(Some("licensed"), id.clone(), kind);
        assert_eq!(caller.page().unwrap_err().kind(), ProblemKind::PageNotFound, "{id} {kind}");
    }
}

#[test]
fn a_route_takes_only_the_modules_it_lists() {
    let caller = || {
        let verified = verified("approval-byline", Some("x"), Some(context(Some("licensed"), json!("1"), "page")));
        Caller::of(verified, &both_tokens()).unwrap()
    };
    assert!(require_ui(caller(), &[Module::Macro, Module::Byline]).is_ok());
    assert_eq!(require_ui(caller(), &[Module::Settings]).unwrap_err().kind(), ProblemKind::WrongRoute);
    assert_eq!(require_platform(caller()).unwrap_err().kind(), ProblemKind::WrongRoute);
    let platform = Caller::of(verified("edge-schedule", None, None), &both_tokens()).unwrap();
    assert_eq!(require_ui(platform, &[Module::Macro]).unwrap_err().kind(), ProblemKind::WrongRoute);
    let half = verified("approval-macro", Some("x"), None);
    assert_eq!(Caller::of(half, &both_tokens()).unwrap_err().kind(), ProblemKind::WrongRoute);
}
