//! Codes sent by mail: eight characters of a readable alphabet, 40 bits.

/// Crockford's base32: no I, L, O, U to mistake.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code.
pub const LENGTH: usize = 8;

/// A code from 40 random bits, as it is mailed: `ABCD-EFGH`.
#[must_use]
pub fn from_random(random: [u8; 5]) -> String {
    let mut bits = random.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut out = [b'0'; LENGTH];
    for place in out.iter_mut().rev() {
        let index = usize::try_from(bits & 31).unwrap_or(0);
        *place = ALPHABET.get(index).copied().unwrap_or(b'0');
        bits >>= 5;
    }
    let text: String = out.iter().map(|byte| char::from(*byte)).collect();
    let (left, right) = text.split_at(LENGTH / 2);
    format!("{left}-{right}")
}

/// A code as typed, brought to the form that is compared: upper case, no blanks or hyphens, O as 0, I and L as 1.
/// [`None`] for anything that can't be a code.
#[must_use]
pub fn normalise(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let mut out = String::with_capacity(LENGTH);
    for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        if !c.is_ascii() || !ALPHABET.contains(&u8::try_from(c).ok()?) {
            return None;
        }
        out.push(c);
    }
    (out.len() == LENGTH).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typing_it_sloppily_is_fine() {
        assert_eq!(normalise(" ab0d-o1lz ").as_deref(), Some("AB0D011Z"));
        for bad in ["", "ABCD", "ABCD-EFGHJ", "ABCD-EFGU", "ＡBCDEFGH"] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_code_reads_back(random: [u8; 5], typed in "\\PC{0,80}") {
            let code = from_random(random);
            prop_assert_eq!(normalise(&code), Some(code.replace('-', "")));
            let _ = normalise(&typed);
        }
    }
}
