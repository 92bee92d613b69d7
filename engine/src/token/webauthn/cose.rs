//! A public key as authenticators write it: a COSE_Key (RFC 9053), of which only ES256 keys are taken.

use super::{ES256, Fault};
use minicbor::Decoder;
use p256::ecdsa::VerifyingKey;

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
/// Two coordinates.
const EC2: i64 = 2;
const P256: i64 = 1;
/// More members than any key has.
const MEMBERS_MAX: u64 = 16;

#[derive(Default)]
struct Members<'a> {
    key_type: Option<i64>,
    algorithm: Option<i64>,
    curve: Option<i64>,
    x: Option<&'a [u8]>,
    y: Option<&'a [u8]>,
}

/// The key, checked to be a point of the curve, and what follows it.
pub(super) fn read(bytes: &[u8]) -> Result<([u8; 65], &[u8]), Fault> {
    let mut decoder = Decoder::new(bytes);
    let members = members(&mut decoder).ok_or(Fault::Key)?;
    let rest = bytes.get(decoder.position()..).ok_or(Fault::AuthenticatorData)?;
    Ok((point(&members).ok_or(Fault::Key)?, rest))
}

fn members<'a>(decoder: &mut Decoder<'a>) -> Option<Members<'a>> {
    let count = decoder.map().ok()??;
    if count > MEMBERS_MAX {
        return None;
    }
    let mut members = Members::default();
    for _ in 0..count {
        let twice = match decoder.i64().ok()? {
            KEY_TYPE => members.key_type.replace(decoder.i64().ok()?).is_some(),
            ALGORITHM => members.algorithm.replace(decoder.i64().ok()?).is_some(),
            // Of other kinds of keys these members are something else, and the key is refused.
            CURVE => members.curve.replace(decoder.i64().ok()?).is_some(),
            X => members.x.replace(decoder.bytes().ok()?).is_some(),
            Y => members.y.replace(decoder.bytes().ok()?).is_some(),
            _ => {
                decoder.skip().ok()?;
                false
            }
        };
        if twice {
            return None;
        }
    }
    Some(members)
}

fn point(members: &Members<'_>) -> Option<[u8; 65]> {
    let is_es256 =
        members.key_type == Some(EC2) && members.algorithm == Some(i64::from(ES256)) && members.curve == Some(P256);
    if !is_es256 {
        return None;
    }
    let mut point = [4_u8; 65];
    let (x, y) = point.get_mut(1..)?.split_at_mut_checked(32)?;
    x.copy_from_slice(members.x.filter(|x| x.len() == 32)?);
    y.copy_from_slice(members.y.filter(|y| y.len() == 32)?);
    // It must lie on the curve.
    VerifyingKey::from_sec1_bytes(&point).ok()?;
    Some(point)
}
