//! TOTP: the time-based one-time password (RFC 6238) of an authenticator app, and when one is accepted.

use super::hotp::{self, Algorithm};
use crate::time::Timestamp;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Seconds a code lives (RFC 6238 §4.1, X).
pub const STEP_SECONDS: u64 = 30;
/// Digits of a code.
pub const DIGITS: u32 = 6;
/// Steps a clock may be off, to either side (RFC 6238 §5.2 recommends at most one).
pub const SKEW_STEPS: u64 = 1;

/// A shared secret: 160 bits, the length RFC 4226 §4 (R6) recommends.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct TotpSecret([u8; 20]);

impl TotpSecret {
    /// Takes bytes drawn by a cryptographically secure generator.
    #[must_use]
    pub fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// Takes bytes as they were stored; [`None`] for another length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, to be sealed.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Base32 without padding, as authenticator apps take it.
    #[must_use]
    pub fn base32(&self) -> String {
        data_encoding::BASE32_NOPAD.encode(&self.0)
    }
}

/// A time step: whole periods since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub u64);

impl Step {
    /// The step `now` lies in.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(now.seconds() / STEP_SECONDS)
    }
}

/// Why a code is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// Not six ASCII digits: no code at all, and no attempt.
    #[error("a code has six digits")]
    Malformed,
    /// Not the code of this time.
    #[error("the code is wrong")]
    Wrong,
    /// The right code of a step that was used already, or of one before it.
    #[error("the code was used already")]
    Used,
}

/// Exactly six ASCII digits. Leading zeros count; digits of other scripts do not.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Code([u8; 6]);

impl Code {
    /// Reads a code as typed.
    ///
    /// # Errors
    /// [`CodeFault::Malformed`] for anything but six ASCII digits.
    pub fn parse(text: &str) -> Result<Self, CodeFault> {
        let digits: [u8; 6] = text.as_bytes().try_into().map_err(|_| CodeFault::Malformed)?;
        if digits.iter().all(u8::is_ascii_digit) { Ok(Self(digits)) } else { Err(CodeFault::Malformed) }
    }
}

/// Accepts a code of the current step or the one before or after, if that step is later than `last`, the last accepted
/// one (RFC 6238 §5.2: a code is accepted once). Every candidate is compared, in constant time.
///
/// The caller must store the returned step with a precondition that fails unless the stored one is still lower.
///
/// # Errors
/// Why not.
pub fn accept(secret: &TotpSecret, code: &Code, now: Timestamp, last: Option<Step>) -> Result<Step, CodeFault> {
    let current = Step::at(now).0;
    let mut matched = 0_u64;
    let mut any = subtle::Choice::from(0);
    for step in current.saturating_sub(SKEW_STEPS)..=current.saturating_add(SKEW_STEPS) {
        let candidate = hotp::code(Algorithm::Sha1, &secret.0, step, DIGITS);
        let equal = candidate.as_bytes().ct_eq(&code.0);
        matched.conditional_assign(&step, equal);
        any |= equal;
    }
    if !bool::from(any) {
        return Err(CodeFault::Wrong);
    }
    match last {
        Some(last) if matched <= last.0 => Err(CodeFault::Used),
        _ => Ok(Step(matched)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    fn code_of(secret: &TotpSecret, step: u64) -> Code {
        Code::parse(&hotp::code(Algorithm::Sha1, secret.bytes(), step, 6)).unwrap()
    }

    #[test]
    fn rfc_6238_appendix_b() {
        let sha1: &[u8] = b"12345678901234567890";
        let sha256: &[u8] = b"12345678901234567890123456789012";
        let sha512: &[u8] = b"1234567890123456789012345678901234567890123456789012345678901234";
        let rows = [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ];
        for (seconds, one, two, five) in rows {
            let step = Step::at(at(seconds)).0;
            assert_eq!(hotp::code(Algorithm::Sha1, sha1, step, 8), one);
            assert_eq!(hotp::code(Algorithm::Sha256, sha256, step, 8), two);
            assert_eq!(hotp::code(Algorithm::Sha512, sha512, step, 8), five);
        }
    }

    #[test]
    fn the_window_is_one_step_to_either_side() {
        let secret = TotpSecret::new([9; 20]);
        let code = code_of(&secret, 10);
        // Step 10 lasts from 300 s to 329 s; it is accepted from 270 s to 359 s.
        for (seconds, accepted) in
            [(269, false), (270, true), (299, true), (329, true), (330, true), (359, true), (360, false)]
        {
            assert_eq!(accept(&secret, &code, at(seconds), None).is_ok(), accepted, "{seconds}");
        }
    }

    #[test]
    fn the_first_step_does_not_underflow() {
        let secret = TotpSecret::new([9; 20]);
        assert_eq!(accept(&secret, &code_of(&secret, 0), at(0), None), Ok(Step(0)));
    }

    #[test]
    fn a_used_or_older_step_is_refused() {
        let secret = TotpSecret::new([3; 20]);
        let now = at(3000);
        assert_eq!(accept(&secret, &code_of(&secret, 100), now, Some(Step(100))), Err(CodeFault::Used));
        assert_eq!(accept(&secret, &code_of(&secret, 99), now, Some(Step(100))), Err(CodeFault::Used));
        assert_eq!(accept(&secret, &code_of(&secret, 101), now, Some(Step(100))), Ok(Step(101)));
    }

    #[test]
    fn only_six_ascii_digits_are_a_code() {
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６", "٣٤٥٦٧٨", "12 456", "-12345", "+12345"]
        {
            assert_eq!(Code::parse(bad).err(), Some(CodeFault::Malformed), "{bad}");
        }
        assert!(Code::parse("000000").is_ok());
    }

    proptest! {
        #[test]
        fn an_accepted_step_is_always_later_and_within_the_window(
            secret: [u8; 20], seconds in 0_u64..4_000_000_000, offset in -3_i64..=3, last in proptest::option::of(0_u64..140_000_000),
        ) {
            let secret = TotpSecret::new(secret);
            let current = Step::at(at(seconds)).0;
            let code = code_of(&secret, current.saturating_add_signed(offset));
            if let Ok(step) = accept(&secret, &code, at(seconds), last.map(Step)) {
                prop_assert!(step.0.abs_diff(current) <= 1);
                prop_assert!(last.is_none_or(|last| step.0 > last));
            }
        }
    }
}
