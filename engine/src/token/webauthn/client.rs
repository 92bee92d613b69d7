//! The browser's part: `clientDataJSON` (§5.8.1).

use super::{Fault, RelyingParty};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

/// What the browser says it did. Members that are not known are allowed: the standard adds some.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<String>,
}

/// What an answer is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Create,
    Get,
}

/// Rules: (1) it can be read, (2) for this purpose, (3) to this very challenge, (4) at our address, (5) not in a frame.
pub(super) fn check(json: &[u8], purpose: Purpose, challenge: &[u8; 32], party: &RelyingParty) -> Result<(), Fault> {
    // (1)
    let data: ClientData = serde_json::from_slice(json).map_err(|_| Fault::ClientData)?;
    // (2)
    let wanted = match purpose {
        Purpose::Create => "webauthn.create",
        Purpose::Get => "webauthn.get",
    };
    if data.r#type != wanted {
        return Err(Fault::Type);
    }
    // (3)
    if data.challenge != BASE64URL_NOPAD.encode(challenge) {
        return Err(Fault::Challenge);
    }
    // (4)
    if data.origin != party.origin {
        return Err(Fault::Origin);
    }
    // (5)
    if data.cross_origin == Some(true) || data.top_origin.is_some() { Err(Fault::Framed) } else { Ok(()) }
}
