//! A mail provider in the shape of Resend's HTTP API. What it takes lies in the mailbox; nothing is sent.

use crate::ledger;
use crate::model::{Mail, World};
use crate::sandbox::Sandbox;
use crate::{clock, random};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

#[derive(Deserialize)]
struct Handed {
    from: String,
    to: Recipients,
    subject: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    html: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Recipients {
    One(String),
    Many(Vec<String>),
}

/// `POST /mail/emails`
pub(crate) async fn accept(
    State(sandbox): State<Arc<Sandbox>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if header("authorization").and_then(|value| value.strip_prefix("Bearer ")).is_none_or(|key| key.trim().is_empty()) {
        return refuse(401, "missing_api_key", "Missing API key in the authorization header.");
    }
    sandbox.change(|world| take(world, header("idempotency-key"), &body))
}

/// Takes a mail in, once for each idempotency key.
fn take(world: &mut World, key: Option<&str>, body: &[u8]) -> (StatusCode, Json<Value>) {
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(body));
    if let Some(known) = key.and_then(|key| world.mails.iter().find(|mail| mail.key.as_deref() == Some(key))) {
        if known.digest == digest {
            return (StatusCode::OK, Json(json!({ "id": known.id })));
        }
        let message = "The same idempotency key was used with a different request.";
        return refuse(409, "invalid_idempotent_request", message);
    }
    let handed: Handed = match serde_json::from_slice(body) {
        Ok(handed) => handed,
        Err(why) => return refuse(422, "validation_error", &why.to_string()),
    };
    let to = match handed.to {
        Recipients::One(one) => vec![one],
        Recipients::Many(many) => many,
    };
    if to.is_empty() || to.iter().any(|to| !to.contains('@')) || (handed.text.is_empty() && handed.html.is_empty()) {
        return refuse(422, "validation_error", "A mail needs a recipient with an address, and a text or HTML part.");
    }
    let mail = Mail {
        id: random::uuid_of(&random::hex::<16>()),
        at: clock::millis(),
        from: handed.from,
        to,
        subject: handed.subject,
        text: handed.text,
        html: handed.html,
        key: key.map(str::to_owned),
        digest,
        read: false,
    };
    let id = mail.id.clone();
    let what = format!("mailed {}: {}", mail.to.join(", "), mail.subject);
    ledger::enter(world, None, "mail", &mail.from, None, what, json!({ "id": id, "to": mail.to, "key": mail.key }));
    world.mails.push(mail);
    (StatusCode::OK, Json(json!({ "id": id })))
}

fn refuse(status: u16, name: &str, message: &str) -> (StatusCode, Json<Value>) {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (code, Json(json!({ "statusCode": status, "name": name, "message": message })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    const MAIL: &[u8] = br#"{"from":"a@example.com","to":["b@example.com"],"subject":"s","text":"t"}"#;

    #[test]
    fn one_key_one_mail() {
        let mut world = seed::world();
        let (status, Json(first)) = take(&mut world, Some("k"), MAIL);
        assert_eq!(status, StatusCode::OK);
        let (_, Json(second)) = take(&mut world, Some("k"), MAIL);
        assert_eq!(first, second);
        assert_eq!((world.mails.len(), world.ledger.len()), (1, 1));
        for key in [Some("other"), None, None] {
            assert_eq!(take(&mut world, key, MAIL).0, StatusCode::OK);
        }
        assert_eq!(world.mails.len(), 4, "another key, or none, is another mail");
    }

    #[test]
    fn a_key_is_not_for_another_mail() {
        let mut world = seed::world();
        assert_eq!(take(&mut world, Some("k"), MAIL).0, StatusCode::OK);
        let other = br#"{"from":"a@example.com","to":"c@example.com","subject":"s","text":"t"}"#;
        assert_eq!(take(&mut world, Some("k"), other).0, StatusCode::CONFLICT);
        assert_eq!(world.mails.len(), 1);
    }

    #[test]
    fn nonsense_is_refused() {
        let mut world = seed::world();
        for bad in [&b"{"[..], br#"{"from":"a","to":[],"subject":"s","text":"t"}"#, br#"{"from":"a","subject":"s"}"#] {
            assert_eq!(take(&mut world, None, bad).0, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert!(world.mails.is_empty());
    }
}
