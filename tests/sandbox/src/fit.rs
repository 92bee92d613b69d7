//! Forge Invocation Tokens: what tells the Worker who is calling, from which module, about which page.

use crate::app::{self, Module};
use crate::clock;
use crate::keys::Keys;
use crate::model::Site;
use serde_json::{Value, json};

/// How long one is good for.
pub(crate) const SECONDS: i64 = 25;
/// Who issues them.
pub(crate) const ISSUER: &str = "forge/invocation-token";

/// On whose behalf a call is made.
#[derive(Clone, Debug)]
pub(crate) enum Caller<'a> {
    /// A person looking at a module.
    Ui {
        /// The account.
        account: &'a str,
        /// The module.
        module: Module,
        /// Its `context`, as `host` makes it for the browser too.
        context: Value,
    },
    /// The platform itself, calling an endpoint.
    Platform {
        /// The endpoint's key.
        endpoint: &'a str,
    },
}

/// The claims of a token for `caller`. `api` is the address REST calls of this site begin with.
#[must_use]
pub(crate) fn claims(site: &Site, api: &str, caller: &Caller<'_>) -> Value {
    let now = clock::seconds();
    let installation = app::installation_ari(&site.installation);
    let module = match caller {
        Caller::Ui { module, .. } => json!({ "type": module.kind(), "key": module.key() }),
        Caller::Platform { endpoint } => json!({ "type": "core:endpoint", "key": endpoint }),
    };
    let mut claims = json!({
        "app": {
            "id": app::ari(),
            "appVersion": "1.0.0",
            "version": "1",
            "installationId": installation,
            "apiBaseUrl": api,
            "environment": { "type": "DEVELOPMENT", "id": app::environment_ari() },
            "module": module,
            "installation": {
                "id": installation,
                "contexts": [{ "name": "confluence", "apiBaseUrl": api, "cloudId": site.cloud_id }],
            },
        },
        "aud": app::ari(),
        "iss": ISSUER,
        "iat": now,
        "nbf": now,
        "exp": now + SECONDS,
        "jti": crate::random::hex::<20>(),
    });
    if let Some(license) = &site.license {
        merge(&mut claims, &json!({ "app": { "license": license } }));
    }
    if let Caller::Ui { account, context, .. } = caller {
        merge(&mut claims, &json!({ "principal": account, "context": {} }));
        if let Some(place) = claims.get_mut("context") {
            place.clone_from(context);
        }
    }
    claims
}

/// Signs claims.
#[must_use]
pub(crate) fn sign(keys: &Keys, claims: &Value) -> String {
    keys.sign(&json!({ "alg": "RS256", "kid": keys.kid() }), claims)
}

/// Lays `patch` over `target` as RFC 7396 says: objects are merged, `null` removes.
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    #[test]
    fn only_people_have_principal_and_context() {
        let site = seed::site(app::SITE);
        let platform = claims(&site, "http://api", &Caller::Platform { endpoint: "edge-events" });
        assert!(platform.get("principal").is_none() && platform.get("context").is_none());
        assert_eq!(platform["app"]["module"], json!({ "type": "core:endpoint", "key": "edge-events" }));
        let caller =
            Caller::Ui { account: "712020:author", module: Module::Macro, context: json!({ "cloudId": app::SITE }) };
        let ui = claims(&site, "http://api", &caller);
        assert_eq!(ui["principal"], "712020:author");
        assert_eq!(ui["app"]["module"], json!({ "type": "xen:macro", "key": "approval-macro" }));
        assert_eq!(ui["exp"].as_i64().unwrap() - ui["iat"].as_i64().unwrap(), SECONDS);
    }

    #[test]
    fn a_patch_merges_and_removes() {
        let mut value = json!({ "a": { "b": 1, "c": 2 }, "d": 3 });
        merge(&mut value, &json!({ "a": { "b": null, "e": 4 }, "d": null }));
        assert_eq!(value, json!({ "a": { "c": 2, "e": 4 } }));
    }
}
