//! Recovery codes: ten of 120 random bits, printed when a first factor is set up, each good once.
//!
//! They prove their owner when a factor is set up in place of a lost one, and sign nothing. Written in the alphabet of
//! mailed codes (Crockford's base32) and not in RFC 4648's, because they are typed off paper: that alphabet has neither I
//! nor L nor O nor U, so whoever types `O` for `0` or `l` for `1` means one code and no other.

use super::mail_code::{self, ALPHABET};

/// Codes of one set.
pub const COUNT: usize = 10;
/// Random bytes of a code.
pub const BYTES: usize = 15;
/// Characters of a code.
pub const LENGTH: usize = 24;
/// Characters of a group, as it is printed.
const GROUP: usize = 4;
/// So few left are pointed out to their owner.
pub const FEW_LEFT: u32 = 3;

/// A code from 120 random bits, as it is printed: `ABCD-EFGH-JKMN-PQRS-TVWX-YZ01`.
#[must_use]
pub fn from_random(random: &[u8; BYTES]) -> String {
    let (mut out, mut bits, mut held) = (String::with_capacity(LENGTH + LENGTH / GROUP), 0_u32, 0_u32);
    let mut written = 0;
    for byte in random {
        bits = (bits << 8 | u32::from(*byte)) & 0xfff;
        held += 8;
        while held >= 5 {
            held -= 5;
            if written > 0 && written % GROUP == 0 {
                out.push('-');
            }
            let index = usize::try_from(bits >> held & 31).unwrap_or(0);
            out.push(ALPHABET.get(index).copied().map_or('0', char::from));
            written += 1;
        }
    }
    out
}

/// A code as typed, brought to the form that is compared: upper case, no blanks or hyphens, O as 0, I and L as 1.
/// [`None`] for anything that can't be a code.
#[must_use]
pub fn normalise(typed: &str) -> Option<String> {
    mail_code::normal_form(typed, LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn typing_it_sloppily_is_fine() {
        let code = "0123-4567-89AB-CDEF-GHJK-MNPQ";
        for typed in [
            code,
            " o123 4567 89ab cdef ghjk mnpq ",
            "O I 2 3-4567-89AB\u{2013}CDEF-GHJK-MNPQ",
            "Ol23456789ABCDEFGHJKMNPQ\n",
        ] {
            assert_eq!(normalise(typed).as_deref(), Some("0123456789ABCDEFGHJKMNPQ"), "{typed}");
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        let code = "0123456789ABCDEFGHJKMNPQ";
        let short = &code[1..];
        let [long, blanks] = [format!("{code}0"), format!("{}{code}", " ".repeat(60))];
        let digit = code.replacen('1', "\u{661}", 1);
        let wide = code.replacen('A', "\u{ff21}", 1);
        let unknown = code.replacen('A', "U", 1);
        for bad in ["", "-", short, &long, &blanks, &digit, &wide, &unknown, "ABCD-EFGH"] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_known_code() {
        // 0x00 44 32 14 c7 is 0 1 2 3 4 5 6 7 in fives of bits.
        let mut random = [0_u8; BYTES];
        random[..5].copy_from_slice(&[0x00, 0x44, 0x32, 0x14, 0xc7]);
        random[10..].copy_from_slice(&[0xff; 5]);
        assert_eq!(from_random(&random), "0123-4567-0000-0000-ZZZZ-ZZZZ");
    }

    proptest! {
        /// Printed, typed and compared it stays the same code, however it is typed; and no two codes look alike.
        #[test]
        fn every_code_reads_back_as_itself_alone(one: [u8; BYTES], two: [u8; BYTES], lower: bool, spaced: bool) {
            let code = from_random(&one);
            prop_assert_eq!(code.len(), LENGTH + LENGTH / GROUP - 1);
            let typed = if lower { code.to_lowercase() } else { code.clone() };
            let typed = if spaced { typed.replace('-', " ") } else { typed };
            prop_assert_eq!(normalise(&typed), Some(code.replace('-', "")));
            prop_assert_eq!(one == two, code == from_random(&two));
        }

        /// Every bit counts: each of the 120 makes another code.
        #[test]
        fn no_bit_is_lost(random: [u8; BYTES]) {
            let mut seen = HashSet::from([from_random(&random)]);
            for bit in 0..BYTES * 8 {
                let mut other = random;
                other[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(seen.insert(from_random(&other)));
            }
        }

        #[test]
        fn no_input_is_a_panic(typed in "\\PC{0,80}") {
            let read = normalise(&typed);
            prop_assert!(read.is_none_or(|code| code.len() == LENGTH));
        }
    }
}
