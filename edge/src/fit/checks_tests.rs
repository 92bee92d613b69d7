//! Forged claims, one change at a time.

use super::*;
use crate::config::tests::table;
use crate::fit::modules::{Kind, Module, kind};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_760_174_470_000);
const SITE: &str = "a11ce000-1111-4222-8333-444455556666";

fn good() -> Value {
    let app = "ari:cloud:ecosystem::app/7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41";
    let base = format!("https://api.atlassian.com/ex/confluence/{SITE}");
    let installation = "ari:cloud:ecosystem::installation/5b6f8a10-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    let environment =
        "ari:cloud:ecosystem::environment/7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41/0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20";
    json!({
        "app": {
            "id": app, "appVersion": "1.0.0", "installationId": installation, "apiBaseUrl": base,
            "environment": { "type": "DEVELOPMENT", "id": environment },
            "module": { "type": "xen:macro", "key": "approval-macro" },
            "installation": {
                "id": installation, "contexts": [{ "name": "confluence", "apiBaseUrl": base, "cloudId": SITE }]
            }
        },
        "context": {
            "cloudId": SITE, "localId": "l", "moduleKey": "approval-macro",
            "environmentId": "0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20",
            "accountType": "licensed", "accountId": "712020:author",
            "extension": { "type": "macro", "content": { "id": "98305", "type": "page" }, "space": { "id": "65537" } }
        },
        "principal": "712020:author", "aud": app, "iss": "forge/invocation-token",
        "iat": 1_760_174_467, "nbf": 1_760_174_467, "exp": 1_760_174_492, "jti": "c9003032"
    })
}

/// The good claims with one place changed; [`Value::Null`] takes it away.
fn with(pointer: &str, value: Value) -> Value {
    let mut claims = good();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = claims.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(key);
    } else {
        parent.insert(key.to_owned(), value);
    }
    claims
}

fn verdict(claims: &Value, now: Timestamp) -> Result<String, Rule> {
    let config = Config::read(&table()).unwrap();
    let claims: Claims = serde_json::from_value(claims.clone()).map_err(|_| Rule::Claims)?;
    check(&claims, &config, now).map(str::to_owned)
}

#[test]
fn a_genuine_token_names_its_site() {
    assert_eq!(verdict(&good(), NOW), Ok(SITE.to_owned()));
    for optional in ["/nbf", "/context/environmentId", "/context/accountId", "/context/accountType", "/app/appVersion"]
    {
        assert!(verdict(&with(optional, Value::Null), NOW).is_ok(), "{optional}");
    }
}

#[test]
fn every_forged_claim_is_found() {
    let other_app = json!("ari:cloud:ecosystem::app/11111111-52b5-4c8f-9a0e-3b1f6a9d2e41");
    let other_site = json!("b0b00000-1111-4222-8333-444455556666");
    let environment = |app: &str, id: &str| json!(format!("ari:cloud:ecosystem::environment/{app}/{id}"));
    let (our_app, ours) = ("7c1d5f0a-52b5-4c8f-9a0e-3b1f6a9d2e41", "0e3a9c52-8f4b-4f0d-9b55-6d3c1e7a8f20");
    let context = |url: &str, site: &str| json!({ "name": "confluence", "apiBaseUrl": url, "cloudId": site });
    let base = format!("https://api.atlassian.com/ex/confluence/{SITE}");
    let table: Vec<(&str, Value, Rule)> = vec![
        ("/icLabel", json!("orange"), Rule::IsolatedCloud),
        ("/icLabel", json!(""), Rule::IsolatedCloud),
        ("/icLabel", json!(false), Rule::IsolatedCloud),
        ("/iss", json!("forge/invocation-tokens"), Rule::Issuer),
        ("/iss", Value::Null, Rule::Claims),
        ("/aud", other_app.clone(), Rule::Audience),
        ("/aud", json!([good()["aud"], other_app]), Rule::Claims),
        ("/aud", Value::Null, Rule::Claims),
        ("/exp", json!(1_760_174_400), Rule::Time),
        ("/exp", Value::Null, Rule::Claims),
        ("/exp", json!("1760174492"), Rule::Claims),
        ("/exp", json!(-1), Rule::Claims),
        ("/nbf", json!(1_760_174_490), Rule::Time),
        ("/iat", json!(1_760_174_490), Rule::Time),
        ("/iat", Value::Null, Rule::Claims),
        ("/app/id", other_app, Rule::App),
        ("/app/installationId", json!("ari:cloud:ecosystem::installation/other"), Rule::Installation),
        ("/app/installation/id", json!("ari:cloud:ecosystem::installation/other"), Rule::Installation),
        ("/app/installation/contexts", json!([]), Rule::Site),
        ("/context/cloudId", other_site, Rule::Site),
        ("/context/cloudId", Value::Null, Rule::Claims),
        ("/app/installation/contexts", json!([context(&base, "b0b00000")]), Rule::Site),
        ("/app/installation/contexts", json!([context(&base, SITE), context(&base, "b0b00000")]), Rule::Site),
        ("/app/installation/contexts", json!([context("https://evil.example/", SITE)]), Rule::ApiBaseUrl),
        ("/app/apiBaseUrl", json!("https://evil.example/ex/confluence/x"), Rule::ApiBaseUrl),
        ("/app/apiBaseUrl", json!(format!("https://evil.example/ex/confluence/{SITE}")), Rule::ApiBaseUrl),
        (
            "/app/apiBaseUrl",
            json!(format!("https://api.atlassian.com.evil.example/ex/confluence/{SITE}")),
            Rule::ApiBaseUrl,
        ),
        (
            "/app/apiBaseUrl",
            json!(format!("https://api.atlassian.com@evil.example/ex/confluence/{SITE}")),
            Rule::ApiBaseUrl,
        ),
        ("/app/apiBaseUrl", json!(format!("http://api.atlassian.com/ex/confluence/{SITE}")), Rule::ApiBaseUrl),
        ("/app/apiBaseUrl", json!(format!("{base}/")), Rule::ApiBaseUrl),
        ("/app/apiBaseUrl", json!(format!("{base}/../b0b00000")), Rule::ApiBaseUrl),
        ("/app/apiBaseUrl", json!("https://api.atlassian.com/ex/confluence/b0b00000"), Rule::ApiBaseUrl),
        ("/app/environment/id", environment(our_app, "11111111-8f4b-4f0d-9b55-6d3c1e7a8f20"), Rule::Environment),
        ("/app/environment/id", environment("11111111-52b5-4c8f-9a0e-3b1f6a9d2e41", ours), Rule::Environment),
        ("/app/environment/id", json!(ours), Rule::Environment),
        ("/context/environmentId", json!("11111111-8f4b-4f0d-9b55-6d3c1e7a8f20"), Rule::Environment),
        ("/context/accountId", json!("712020:somebody-else"), Rule::Person),
        ("/jti", Value::Null, Rule::Id),
        ("/jti", json!(""), Rule::Id),
    ];
    for (place, value, rule) in table {
        assert_eq!(verdict(&with(place, value.clone()), NOW), Err(rule), "{place} = {value}");
    }
}

#[test]
fn a_cloud_id_cannot_lead_elsewhere() {
    for id in ["", "..", "a/b", "a%2fb", "a b", "é"] {
        let mut claims = good();
        claims["context"]["cloudId"] = json!(id);
        claims["app"]["installation"]["contexts"][0]["cloudId"] = json!(id);
        claims["app"]["apiBaseUrl"] = json!(format!("https://api.atlassian.com/ex/confluence/{id}"));
        assert_eq!(verdict(&claims, NOW), Err(Rule::Site), "{id}");
    }
}

#[test]
fn the_edges_of_time() {
    let at = |seconds: u64| verdict(&good(), Timestamp(seconds * 1000));
    assert_eq!(at(1_760_174_461), Err(Rule::Time));
    assert!(at(1_760_174_462).is_ok());
    assert!(at(1_760_174_496).is_ok());
    assert_eq!(at(1_760_174_497), Err(Rule::Time));
}

#[test]
fn a_person_and_the_platform_are_told_apart() {
    let kind_of = |claims: Value| kind(&serde_json::from_value(claims).unwrap());
    let platform = |key: &str| {
        let mut claims = with("/app/module/key", json!(key));
        let all = claims.as_object_mut().unwrap();
        all.remove("context");
        all.remove("principal");
        claims
    };
    assert_eq!(kind_of(good()), Kind::Person(Module::Macro));
    assert_eq!(kind_of(with("/app/module/key", json!("edge"))), Kind::Person(Module::Macro));
    assert_eq!(kind_of(with("/context/moduleKey", Value::Null)), Kind::Person(Module::Macro));
    assert_eq!(kind_of(platform("edge-events")), Kind::Platform);
    assert_eq!(kind_of(platform("page-events")), Kind::Platform);
    // Genuine, but half a person, half the platform.
    assert_eq!(kind_of(with("/principal", Value::Null)), Kind::Neither);
    assert_eq!(kind_of(with("/context", Value::Null)), Kind::Neither);
    assert_eq!(kind_of(with("/app/module/key", json!("edge-events"))), Kind::Neither);
    assert_eq!(kind_of(with("/app/module/key", json!("approval-settings"))), Kind::Neither);
    assert_eq!(kind_of(platform("approval-macro")), Kind::Neither);
    assert_eq!(kind_of(platform("edge")), Kind::Neither);
}
