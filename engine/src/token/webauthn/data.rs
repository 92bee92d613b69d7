//! The authenticator's part: `authenticatorData` (§6.1).

use super::{Fault, RelyingParty, cose};
use minicbor::Decoder;
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const CREDENTIAL_INCLUDED: u8 = 1 << 6;
const EXTENSIONS_INCLUDED: u8 = 1 << 7;
/// §6.5.1: the longest credential id.
const LONGEST_ID: usize = 1023;
const AAGUID: usize = 16;

/// What the authenticator says.
#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    rp_id_hash: &'a [u8; 32],
    flags: u8,
    pub(super) counter: u32,
    pub(super) attested: Option<Attested<'a>>,
}

/// A new passkey.
#[derive(Debug)]
pub(super) struct Attested<'a> {
    pub(super) id: &'a [u8],
    /// SEC 1, uncompressed.
    pub(super) key: [u8; 65],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads all of it: nothing may be left over.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let (head, rest) = Self::head(bytes).ok_or(Fault::AuthenticatorData)?;
        let Self { flags, .. } = head;
        let (attested, rest) = if flags & CREDENTIAL_INCLUDED == 0 {
            (None, rest)
        } else {
            let (attested, rest) = attested(rest)?;
            (Some(attested), rest)
        };
        let rest = if flags & EXTENSIONS_INCLUDED == 0 { rest } else { after_map(rest)? };
        if rest.is_empty() { Ok(Self { attested, ..head }) } else { Err(Fault::AuthenticatorData) }
    }

    fn head(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>()?;
        let (&flags, rest) = rest.split_first()?;
        let (counter, rest) = rest.split_first_chunk::<4>()?;
        Some((Self { rp_id_hash, flags, counter: u32::from_be_bytes(*counter), attested: None }, rest))
    }

    /// Rules: (1) a passkey of ours, (2) somebody was there, (3) and was verified, (4) the flags make sense.
    pub(super) fn check(&self, party: &RelyingParty) -> Result<(), Fault> {
        // (1)
        if self.rp_id_hash.as_slice() != Sha256::digest(party.id.as_bytes()).as_slice() {
            return Err(Fault::RpId);
        }
        // (2)
        if self.flags & USER_PRESENT == 0 {
            return Err(Fault::NotPresent);
        }
        // (3)
        if self.flags & USER_VERIFIED == 0 {
            return Err(Fault::NotVerified);
        }
        // (4)
        if self.flags & BACKED_UP != 0 && !self.may_be_synchronised() {
            return Err(Fault::AuthenticatorData);
        }
        Ok(())
    }

    /// Whether it may live on several devices.
    pub(super) fn may_be_synchronised(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }
}

fn attested(bytes: &[u8]) -> Result<(Attested<'_>, &[u8]), Fault> {
    let (id, rest) = credential_id(bytes).ok_or(Fault::AuthenticatorData)?;
    let (key, rest) = cose::read(rest)?;
    Ok((Attested { id, key }, rest))
}

fn credential_id(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, rest) = bytes.split_at_checked(AAGUID)?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > LONGEST_ID {
        return None;
    }
    rest.split_at_checked(length)
}

/// What follows one CBOR map.
fn after_map(bytes: &[u8]) -> Result<&[u8], Fault> {
    let mut decoder = Decoder::new(bytes);
    if !matches!(decoder.datatype(), Ok(minicbor::data::Type::Map | minicbor::data::Type::MapIndef)) {
        return Err(Fault::AuthenticatorData);
    }
    decoder.skip().map_err(|_| Fault::AuthenticatorData)?;
    bytes.get(decoder.position()..).ok_or(Fault::AuthenticatorData)
}
