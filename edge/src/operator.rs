//! Requests of whoever runs the Worker: signed with `OPERATOR_KEY`, good for minutes, for one use.
//!
//! ```text
//! countersign-operator: v1 <milliseconds since 1970> <nonce, 32 hexadecimal digits> <mac, 64 hexadecimal digits>
//! mac = HMAC-SHA-256(key, field … field)      field = length (u32, big endian) ‖ bytes
//! fields: "countersign/operator/v1", method, path, SHA-256 of the body (hexadecimal), time, nonce
//! ```
//!
//! Without the secret there is no such route.

use core::time::Duration;
use data_encoding::{BASE64, HEXLOWER};
use engine::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The header that carries the signature.
pub const HEADER: &str = "countersign-operator";
/// How far the operator's clock may be from ours, and so how long a request is good.
pub const WINDOW: Duration = Duration::from_secs(300);
/// The most a request may bring: a reason fits many times.
pub const BODY_MAX: usize = 16 * 1024;

const LABEL: &str = "countersign/operator/v1";
const KEY_BYTES: usize = 32;
const MAC_BYTES: usize = 32;
const NONCE_DIGITS: usize = 32;

/// The operator's key. Wiped when dropped; it prints nothing of itself.
pub struct OperatorKey(Zeroizing<[u8; KEY_BYTES]>);

impl core::fmt::Debug for OperatorKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("OperatorKey")
    }
}

impl OperatorKey {
    /// Reads 32 bytes of base64.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let decoded = Zeroizing::new(BASE64.decode(text.trim().as_bytes()).ok()?);
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        (decoded.len() == KEY_BYTES).then(|| bytes.copy_from_slice(&decoded))?;
        Some(Self(bytes))
    }
}

/// A signature as it was sent. Nothing of it is believed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    time: String,
    at: Timestamp,
    nonce: String,
    mac: [u8; MAC_BYTES],
}

/// Why a request is not the operator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureFault {
    /// Not made with the key, or for something else.
    Forged,
    /// Genuine, but made at another time.
    TooOldOrTooNew,
}

impl Signature {
    /// Reads the header. Anything but exactly its form is none.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split(' ');
        let (Some("v1"), Some(time), Some(nonce), Some(mac), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let is_number = (1..=15).contains(&time.len()) && time.bytes().all(|byte| byte.is_ascii_digit());
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_nonce = nonce.len() == NONCE_DIGITS && nonce.bytes().all(is_hex);
        let mac = HEXLOWER.decode(mac.as_bytes()).ok().and_then(|mac| mac.try_into().ok())?;
        (is_number && is_nonce).then_some(())?;
        Some(Self { time: time.to_owned(), at: Timestamp(time.parse().ok()?), nonce: nonce.to_owned(), mac })
    }

    /// Makes sure of it: (1) the key made it for this method, path and body, compared in constant time, (2) at this time,
    /// give or take [`WINDOW`].
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn verify(
        &self,
        key: &OperatorKey,
        method: &str,
        path: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), SignatureFault> {
        // (1)
        let digest = body_digest(body);
        let mut mac = Hmac::<Sha256>::new_from_slice(key.0.as_slice()).map_err(|_| SignatureFault::Forged)?;
        for field in [LABEL, method, path, &digest, &self.time, &self.nonce] {
            mac.update(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
            mac.update(field.as_bytes());
        }
        mac.verify_slice(&self.mac).map_err(|_| SignatureFault::Forged)?;
        // (2)
        let apart = now.millis().abs_diff(self.at.millis());
        if u128::from(apart) <= WINDOW.as_millis() { Ok(()) } else { Err(SignatureFault::TooOldOrTooNew) }
    }

    /// What makes it good for one use; no challenge has such a nonce.
    #[must_use]
    pub fn nonce(&self) -> String {
        format!("operator/{}", self.nonce)
    }

    /// After this it is refused for its time alone.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.at + WINDOW
    }
}

/// SHA-256 of a body, hexadecimal.
#[must_use]
pub fn body_digest(body: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: u64 = 1_795_255_200_000;
    const BODY: &[u8] = br#"{"act":"keys"}"#;
    const NONCE: &str = "0123456789abcdef0123456789abcdef";
    // The same as in xtask/src/operator.rs.
    const MAC: &str = "9af6cc2e5bbc02ed9d7d7db2da56970a14bd1080d4c4f3e4da7638aa774ecd44";

    fn key(byte: u8) -> OperatorKey {
        OperatorKey::parse(&BASE64.encode(&[byte; 32])).unwrap()
    }

    fn signature() -> Signature {
        Signature::parse(&format!("v1 {AT} {NONCE} {MAC}")).unwrap()
    }

    fn verify(
        signature: &Signature,
        key: &OperatorKey,
        path: &str,
        body: &[u8],
        now: u64,
    ) -> Result<(), SignatureFault> {
        signature.verify(key, "POST", path, body, Timestamp(now))
    }

    #[test]
    fn what_the_operator_signed_is_taken_at_its_time() {
        let window = u64::try_from(WINDOW.as_millis()).unwrap();
        for now in [AT - window, AT, AT + window] {
            assert_eq!(verify(&signature(), &key(7), "/operator/act", BODY, now), Ok(()));
        }
        for now in [AT - window - 1, AT + window + 1, 0] {
            let told = verify(&signature(), &key(7), "/operator/act", BODY, now);
            assert_eq!(told, Err(SignatureFault::TooOldOrTooNew));
        }
        assert_eq!(signature().expires_at(), Timestamp(AT + window));
        assert_eq!(signature().nonce(), format!("operator/{NONCE}"));
    }

    #[test]
    fn a_signature_is_for_one_key_one_body_one_path_one_time_and_one_nonce() {
        let forged = Err(SignatureFault::Forged);
        assert_eq!(verify(&signature(), &key(8), "/operator/act", BODY, AT), forged);
        assert_eq!(verify(&signature(), &key(7), "/operator/act/", BODY, AT), forged);
        assert_eq!(verify(&signature(), &key(7), "/operator/act", b"{\"act\":\"keys\"} ", AT), forged);
        assert_eq!(signature().verify(&key(7), "GET", "/operator/act", BODY, Timestamp(AT)), forged);
        let later = Signature::parse(&format!("v1 {} {NONCE} {MAC}", AT + 1)).unwrap();
        assert_eq!(verify(&later, &key(7), "/operator/act", BODY, AT), forged);
        let other = Signature::parse(&format!("v1 {AT} {} {MAC}", NONCE.replace('0', "1"))).unwrap();
        assert_eq!(verify(&other, &key(7), "/operator/act", BODY, AT), forged);
    }

    #[test]
    fn only_its_exact_form_is_read() {
        for header in [
            String::new(),
            format!("v2 {AT} {NONCE} {MAC}"),
            format!("v1 {AT} {NONCE}"),
            format!("v1 {AT} {NONCE} {MAC} "),
            format!("v1  {AT} {NONCE} {MAC}"),
            format!("v1 +1 {NONCE} {MAC}"),
            format!("v1 9999999999999999 {NONCE} {MAC}"),
            format!("v1 {AT} {} {MAC}", NONCE.to_uppercase()),
            format!("v1 {AT} {}é {MAC}", &NONCE[2..]),
            format!("v1 {AT} {NONCE} {}", MAC.to_uppercase()),
            format!("v1 {AT} {NONCE} {}", &MAC[2..]),
        ] {
            assert_eq!(Signature::parse(&header), None, "{header}");
        }
        for key in ["", "AAAA", "not base64", &BASE64.encode(&[7; 33])] {
            assert!(OperatorKey::parse(key).is_none(), "{key}");
        }
        assert_eq!(format!("{:?}", key(7)), "OperatorKey");
    }
}
