//! `navigator.credentials`: the only place that asks the browser for passkeys.

use crate::bridge::{object, value_at};
use data_encoding::BASE64URL_NOPAD;
use engine::token::webauthn::{Assertion, ES256, Registration};
use engine::wire::passkey::{MakeOptions, UseOptions};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How long the person may take at the authenticator. The edge's own limits end it earlier or later.
const PATIENCE_MS: i32 = 120_000;

/// Why the browser brought no passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It knows no passkeys.
    Unsupported,
    /// The person cancelled, or took too long, or has no passkey that fits. Browsers do not tell which.
    NotDone,
    /// The authenticator holds a passkey of this person already.
    Exists,
    /// The address is not the one passkeys were set up for.
    WrongPlace,
    /// Anything else.
    Other,
}

impl Trouble {
    fn of(error: &JsValue) -> Self {
        let name = value_at(error, &["name"]).and_then(|name| name.as_string()).unwrap_or_default();
        match name.as_str() {
            "NotAllowedError" | "AbortError" | "TimeoutError" => Self::NotDone,
            "InvalidStateError" => Self::Exists,
            "SecurityError" => Self::WrongPlace,
            "NotSupportedError" | "ConstraintError" => Self::Unsupported,
            _ => Self::Other,
        }
    }
}

/// Makes a passkey.
pub(super) async fn create(options: &MakeOptions) -> Result<Registration, Trouble> {
    let user = object(&[
        ("id", bytes(&options.user_id)?),
        ("name", options.user_name.as_str().into()),
        ("displayName", options.user_name.as_str().into()),
    ]);
    let kind = object(&[("type", "public-key".into()), ("alg", ES256.into())]);
    // Discoverable where it can be, so that it is found without an id too; verified always.
    let selection = object(&[("residentKey", "preferred".into()), ("userVerification", "required".into())]);
    let public_key = object(&[
        ("challenge", bytes(&options.challenge)?),
        ("rp", object(&[("id", options.rp_id.as_str().into()), ("name", "Countersign".into())])),
        ("user", user),
        ("pubKeyCredParams", Array::of1(&kind).into()),
        ("timeout", PATIENCE_MS.into()),
        ("attestation", "none".into()),
        ("authenticatorSelection", selection),
        ("excludeCredentials", credentials(&options.exclude)?),
    ]);
    let made = call("create", &public_key).await?;
    Ok(Registration {
        client_data: text(&made, &["response", "clientDataJSON"])?,
        attestation: text(&made, &["response", "attestationObject"])?,
    })
}

/// Uses a passkey.
pub(super) async fn get(options: &UseOptions) -> Result<Assertion, Trouble> {
    let public_key = object(&[
        ("challenge", bytes(&options.challenge)?),
        ("rpId", options.rp_id.as_str().into()),
        ("timeout", PATIENCE_MS.into()),
        ("userVerification", "required".into()),
        ("allowCredentials", credentials(&options.allow)?),
    ]);
    let used = call("get", &public_key).await?;
    Ok(Assertion {
        credential: text(&used, &["rawId"])?,
        client_data: text(&used, &["response", "clientDataJSON"])?,
        authenticator_data: text(&used, &["response", "authenticatorData"])?,
        signature: text(&used, &["response", "signature"])?,
    })
}

async fn call(method: &str, public_key: &JsValue) -> Result<JsValue, Trouble> {
    let container = value_at(&js_sys::global(), &["navigator", "credentials"]).ok_or(Trouble::Unsupported)?;
    if value_at(&js_sys::global(), &["PublicKeyCredential"]).is_none() {
        return Err(Trouble::Unsupported);
    }
    let function = Reflect::get(&container, &method.into()).ok();
    let function: Function = function.and_then(|found| found.dyn_into().ok()).ok_or(Trouble::Unsupported)?;
    let options = object(&[("publicKey", public_key.clone())]);
    let promise = function.call1(&container, &options).map_err(|error| Trouble::of(&error))?;
    let made = JsFuture::from(Promise::resolve(&promise)).await.map_err(|error| Trouble::of(&error))?;
    if made.is_null() || made.is_undefined() { Err(Trouble::NotDone) } else { Ok(made) }
}

fn bytes(text: &str) -> Result<JsValue, Trouble> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| Trouble::Other)?;
    Ok(Uint8Array::from(bytes.as_slice()).into())
}

/// A buffer as base64url.
fn text(of: &JsValue, path: &[&str]) -> Result<String, Trouble> {
    let buffer = value_at(of, path).ok_or(Trouble::Other)?;
    Ok(BASE64URL_NOPAD.encode(&Uint8Array::new(&buffer).to_vec()))
}

fn credentials(ids: &[String]) -> Result<JsValue, Trouble> {
    let list = Array::new();
    for id in ids {
        list.push(&object(&[("type", "public-key".into()), ("id", bytes(id)?)]));
    }
    Ok(list.into())
}
