//! HOTP: an HMAC-based one-time password (RFC 4226).

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// The hash function under the HMAC. Authenticator apps agree on SHA-1; RFC 6238 knows the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC-SHA-1, what every authenticator app speaks.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// The value of RFC 4226 §5.3 before it is cut to digits: 31 bits.
#[must_use]
pub fn truncated(algorithm: Algorithm, key: &[u8], counter: u64) -> u32 {
    let counter = counter.to_be_bytes();
    match algorithm {
        Algorithm::Sha1 => dynamic_truncation(&mac::<Hmac<Sha1>>(key, &counter)),
        Algorithm::Sha256 => dynamic_truncation(&mac::<Hmac<Sha256>>(key, &counter)),
        Algorithm::Sha512 => dynamic_truncation(&mac::<Hmac<Sha512>>(key, &counter)),
    }
}

/// The code of `digits` decimal digits (6 to 9), leading zeros kept.
#[must_use]
pub fn code(algorithm: Algorithm, key: &[u8], counter: u64, digits: u32) -> String {
    let digits = digits.clamp(6, 9);
    let value = truncated(algorithm, key, counter) % 10_u32.pow(digits);
    let width = usize::try_from(digits).unwrap_or(6);
    format!("{value:0width$}")
}

fn mac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length; `new_from_slice` fails for none.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn dynamic_truncation(mac: &[u8]) -> u32 {
    let offset = mac.last().map_or(0, |last| usize::from(last & 0x0f));
    let window: [u8; 4] = mac.get(offset..offset + 4).and_then(|four| four.try_into().ok()).unwrap_or_default();
    u32::from_be_bytes(window) & 0x7fff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_4226_appendix_d() {
        let key = b"12345678901234567890";
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, expected) in (0_u64..).zip(codes) {
            assert_eq!(code(Algorithm::Sha1, key, counter, 6), expected);
        }
        assert_eq!(truncated(Algorithm::Sha1, key, 0), 0x4c93_cf18);
        assert_eq!(truncated(Algorithm::Sha1, key, 9), 0x2679_dc69);
    }
}
