//! A new passkey (§7.1).

use super::client::{self, Purpose};
use super::data::AuthenticatorData;
use super::{Credential, Fault, RelyingParty, bytes};
use data_encoding::BASE64URL_NOPAD;
use minicbor::Decoder;
use serde::{Deserialize, Serialize};

/// What the browser sends after `navigator.credentials.create`; each member base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// `response.clientDataJSON`.
    pub client_data: String,
    /// `response.attestationObject`.
    pub attestation: String,
}

/// A passkey that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// What to keep.
    pub credential: Credential,
    /// Its counter.
    pub counter: u32,
}

/// Checks a new passkey: (1) the browser's part, (2) the authenticator's, (3) a key is there, and we can use it.
///
/// # Errors
/// The first [`Fault`].
pub fn register(sent: &Registration, challenge: &[u8; 32], party: &RelyingParty) -> Result<Registered, Fault> {
    // (1)
    client::check(&bytes(&sent.client_data)?, Purpose::Create, challenge, party)?;
    // (2)
    let attestation = bytes(&sent.attestation)?;
    let data = AuthenticatorData::read(data_in(&attestation).ok_or(Fault::AuthenticatorData)?)?;
    data.check(party)?;
    // (3)
    let attested = data.attested.as_ref().ok_or(Fault::AuthenticatorData)?;
    Ok(Registered {
        credential: Credential {
            id: BASE64URL_NOPAD.encode(attested.id),
            key: BASE64URL_NOPAD.encode(&attested.key),
            synchronised: data.may_be_synchronised(),
        },
        counter: data.counter,
    })
}

/// `authData` of an attestation object. Its `fmt` and `attStmt` are passed over.
fn data_in(attestation: &[u8]) -> Option<&[u8]> {
    const MEMBERS_MAX: u64 = 8;
    let mut decoder = Decoder::new(attestation);
    let count = decoder.map().ok()??;
    if count > MEMBERS_MAX {
        return None;
    }
    let mut data = None;
    for _ in 0..count {
        if decoder.str().ok()? == "authData" {
            if data.replace(decoder.bytes().ok()?).is_some() {
                return None;
            }
        } else {
            decoder.skip().ok()?;
        }
    }
    data.filter(|_| decoder.position() == attestation.len())
}
