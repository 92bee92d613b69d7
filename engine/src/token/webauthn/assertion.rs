//! A passkey used (§7.2).

use super::client::{self, Purpose};
use super::data::AuthenticatorData;
use super::{Credential, Fault, RelyingParty, bytes, counter};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the browser sends after `navigator.credentials.get`; each member base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// `rawId`: which passkey.
    pub credential: String,
    /// `response.clientDataJSON`.
    pub client_data: String,
    /// `response.authenticatorData`.
    pub authenticator_data: String,
    /// `response.signature`.
    pub signature: String,
}

/// Checks the use of a passkey: (1) it is this passkey, (2) the browser's part, (3) the authenticator's, (4) the signature
/// over both, (5) the counter. Gives back the counter to keep.
///
/// # Errors
/// The first [`Fault`].
pub fn assert(
    sent: &Assertion,
    credential: &Credential,
    kept: u32,
    challenge: &[u8; 32],
    party: &RelyingParty,
) -> Result<u32, Fault> {
    // (1)
    if sent.credential != credential.id {
        return Err(Fault::Credential);
    }
    // (2)
    let client_data = bytes(&sent.client_data)?;
    client::check(&client_data, Purpose::Get, challenge, party)?;
    // (3)
    let mut signed = bytes(&sent.authenticator_data)?;
    let data = AuthenticatorData::read(&signed)?;
    data.check(party)?;
    let sent_counter = data.counter;
    // (4)
    let key =
        bytes(&credential.key).ok().and_then(|point| VerifyingKey::from_sec1_bytes(&point).ok()).ok_or(Fault::Key)?;
    let signature = DerSignature::from_bytes(&bytes(&sent.signature)?).map_err(|_| Fault::Signature)?;
    signed.extend_from_slice(&Sha256::digest(&client_data));
    key.verify(&signed, &signature).map_err(|_| Fault::Signature)?;
    // (5)
    counter(kept, sent_counter)
}
