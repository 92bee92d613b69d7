//! The keys of invocation tokens: fetched from Forge, imported once, kept per isolate by `kid`.
//!
//! ```text
//! key known   list younger than 30 min   use it
//!             older                      fetch the list again; if that fails, go on for up to a day
//! key unknown list fetched just now      there is no such key: the token is bad
//!             being fetched              wait for it
//!             fetch failed just now      the keys are out of reach: not the token's fault
//!             else                       fetch the list
//! ```
//! So a stream of made-up kids costs Forge one request in ten seconds, and an outage one in two.

use crate::clock;
use crate::http::outbound::{Outgoing, send};
use core::time::Duration;
use data_encoding::BASE64URL_NOPAD;
use engine::time::Timestamp;
use js_sys::futures::JsFuture;
use js_sys::{Array, Object, Reflect};
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto, WorkerGlobalScope};

/// The name of RS256 in WebCrypto.
pub(super) const RSASSA: &str = "RSASSA-PKCS1-v1_5";

const FRESH: Duration = Duration::from_secs(30 * 60);
const USABLE: Duration = Duration::from_secs(24 * 3600);
const PAUSE_AFTER_FETCH: Duration = Duration::from_secs(10);
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);
const LONGEST_FETCH: Duration = Duration::from_secs(5);
const WAIT_STEP: Duration = Duration::from_millis(20);
const WAIT_STEPS: u32 = 300;
/// 2048 bits: what RS256 asks for at least (RFC 7518, 3.3).
const SHORTEST_MODULUS: usize = 256;
const MOST_KEYS: usize = 32;

/// Why there is no key.
#[derive(Debug)]
pub enum NoKey {
    /// The list has been read, and there is none of this `kid`.
    Unknown,
    /// The list could not be read.
    Unreachable(String),
}

#[derive(Default)]
struct Keys {
    url: String,
    by_kid: HashMap<String, CryptoKey>,
    times: Times,
}

/// When what happened to the list.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    begun: Option<Timestamp>,
    fetched: Option<Timestamp>,
    failed: Option<Timestamp>,
}

thread_local! {
    static KEYS: RefCell<Keys> = RefCell::default();
    static SUBTLE: Option<SubtleCrypto> =
        js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto().ok().map(|crypto| crypto.subtle());
}

/// `crypto.subtle`.
pub(super) fn subtle() -> Option<SubtleCrypto> {
    SUBTLE.with(Clone::clone)
}

/// The key of this `kid`.
///
/// # Errors
/// Whether there is none, or it cannot be learned.
pub async fn key(kid: &str, url: &str) -> Result<CryptoKey, NoKey> {
    for _ in 0..WAIT_STEPS {
        let (known, times) = look_up(kid, url);
        match (plan(known.is_some(), times, clock::now()), known) {
            (Plan::Use, Some(key)) => return Ok(key),
            (Plan::Wait, _) => worker::Delay::from(WAIT_STEP).await,
            (Plan::Unreachable, _) => return Err(NoKey::Unreachable("the keys could not be fetched just now".into())),
            (Plan::Fetch, known) => return fetched(kid, url, known).await,
            (Plan::Use | Plan::Unknown, _) => return Err(NoKey::Unknown),
        }
    }
    Err(NoKey::Unreachable("the keys take too long to arrive".into()))
}

fn look_up(kid: &str, url: &str) -> (Option<CryptoKey>, Times) {
    KEYS.with_borrow_mut(|keys| {
        if keys.url != url {
            *keys = Keys { url: url.to_owned(), ..Keys::default() };
        }
        (keys.by_kid.get(kid).cloned(), keys.times)
    })
}

async fn fetched(kid: &str, url: &str, known: Option<CryptoKey>) -> Result<CryptoKey, NoKey> {
    KEYS.with_borrow_mut(|keys| keys.times.begun = Some(clock::now()));
    let list = fetch(url).await;
    let now = Some(clock::now());
    KEYS.with_borrow_mut(|keys| {
        keys.times.begun = None;
        match list {
            Ok(list) => {
                keys.times.fetched = now;
                keys.times.failed = None;
                keys.by_kid = list;
                keys.by_kid.get(kid).cloned().ok_or(NoKey::Unknown)
            }
            Err(why) => {
                keys.times.failed = now;
                known.ok_or(NoKey::Unreachable(why))
            }
        }
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    Use,
    Unknown,
    Unreachable,
    Wait,
    Fetch,
}

fn plan(known: bool, times: Times, now: Timestamp) -> Plan {
    let within = |time: Option<Timestamp>, span: Duration| time.is_some_and(|time| now - time < span);
    if known && within(times.fetched, FRESH) {
        return Plan::Use;
    }
    let busy = within(times.begun, LONGEST_FETCH);
    let failed = within(times.failed, PAUSE_AFTER_FAILURE);
    if known && within(times.fetched, USABLE) {
        return if busy || failed { Plan::Use } else { Plan::Fetch };
    }
    if busy {
        Plan::Wait
    } else if failed {
        Plan::Unreachable
    } else if within(times.fetched, PAUSE_AFTER_FETCH) {
        Plan::Unknown
    } else {
        Plan::Fetch
    }
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default)]
    kid: String,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
}

impl Jwk {
    /// Whether it is a key that signs with RS256, and long enough. Others in the list are passed over.
    fn signs_rs256(&self) -> bool {
        let modulus = BASE64URL_NOPAD.decode(self.n.as_bytes()).unwrap_or_default();
        self.kty == "RSA"
            && !self.kid.is_empty()
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.alg.as_deref().is_none_or(|alg| alg == "RS256")
            && modulus.len() >= SHORTEST_MODULUS
            && !self.e.is_empty()
    }
}

async fn fetch(url: &str) -> Result<HashMap<String, CryptoKey>, String> {
    let answer = send(Outgoing::get(url, LONGEST_FETCH)).await.map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!("the keys' address answered {}", answer.status));
    }
    let set: KeySet =
        serde_json::from_slice(&answer.body).map_err(|_| "the keys' address sent no key set".to_owned())?;
    let mut imported = HashMap::new();
    for jwk in set.keys.into_iter().filter(Jwk::signs_rs256).take(MOST_KEYS) {
        // One key that cannot be imported must not keep the others out.
        match import(&jwk).await {
            Ok(key) => drop(imported.insert(jwk.kid, key)),
            Err(_) => worker::console_error!("a key of the key set could not be imported"),
        }
    }
    Ok(imported)
}

async fn import(jwk: &Jwk) -> Result<CryptoKey, JsValue> {
    let subtle = subtle().ok_or(JsValue::UNDEFINED)?;
    let data = object(&[("kty", "RSA"), ("n", &jwk.n), ("e", &jwk.e), ("alg", "RS256")])?;
    let algorithm = object(&[("name", RSASSA), ("hash", "SHA-256")])?;
    let uses = Array::of1(&JsValue::from_str("verify"));
    let key = subtle.import_key_with_object("jwk", &data, &algorithm, false, &uses)?;
    Ok(JsFuture::from(key).await?.unchecked_into())
}

fn object(members: &[(&str, &str)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value))?;
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(10_000_000_000);

    fn ago(seconds: u64) -> Option<Timestamp> {
        Some(Timestamp(NOW.0 - seconds * 1000))
    }

    #[test]
    fn made_up_kids_do_not_make_us_hammer() {
        let times = |begun, fetched, failed| Times { begun, fetched, failed };
        assert_eq!(plan(false, times(None, None, None), NOW), Plan::Fetch);
        assert_eq!(plan(false, times(None, ago(9), None), NOW), Plan::Unknown);
        assert_eq!(plan(false, times(None, ago(11), None), NOW), Plan::Fetch);
        assert_eq!(plan(false, times(ago(1), ago(11), None), NOW), Plan::Wait);
        assert_eq!(plan(false, times(ago(6), ago(11), None), NOW), Plan::Fetch);
        assert_eq!(plan(false, times(None, ago(11), ago(1)), NOW), Plan::Unreachable);
        assert_eq!(plan(false, times(None, ago(11), ago(3)), NOW), Plan::Fetch);
    }

    #[test]
    fn a_known_key_outlives_an_outage_but_not_a_day() {
        let times = |fetched, failed| Times { begun: None, fetched, failed };
        assert_eq!(plan(true, times(ago(60), None), NOW), Plan::Use);
        assert_eq!(plan(true, times(ago(31 * 60), None), NOW), Plan::Fetch);
        assert_eq!(plan(true, times(ago(31 * 60), ago(1)), NOW), Plan::Use);
        assert_eq!(plan(true, times(ago(25 * 3600), ago(1)), NOW), Plan::Unreachable);
        assert_eq!(plan(true, Times { begun: ago(1), fetched: ago(31 * 60), failed: None }, NOW), Plan::Use);
    }

    #[test]
    fn only_long_rsa_signing_keys_are_taken() {
        let jwk = |change: serde_json::Value| {
            let mut key = serde_json::json!({
                "kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256", "e": "AQAB",
                "n": BASE64URL_NOPAD.encode(&[0xAB; 256])
            });
            key.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            serde_json::from_value::<Jwk>(key).unwrap().signs_rs256()
        };
        assert!(jwk(serde_json::json!({})));
        for change in [
            serde_json::json!({ "kty": "oct" }),
            serde_json::json!({ "kid": "" }),
            serde_json::json!({ "use": "enc" }),
            serde_json::json!({ "alg": "HS256" }),
            serde_json::json!({ "alg": "RS512" }),
            serde_json::json!({ "n": BASE64URL_NOPAD.encode(&[0xAB; 128]) }),
            serde_json::json!({ "n": "***" }),
            serde_json::json!({ "e": "" }),
        ] {
            assert!(!jwk(change.clone()), "{change}");
        }
    }
}
