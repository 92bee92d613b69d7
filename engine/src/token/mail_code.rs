//! Codes sent by mail: eight characters of a readable alphabet, 40 bits.

use super::policy::{FactorKind, Requirement};

/// Crockford's base32: no I, L, O, U to mistake.
pub(super) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
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
    normal_form(typed, LENGTH)
}

/// The same for a code of `length` characters.
pub(super) fn normal_form(typed: &str, length: usize) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let mut out = String::with_capacity(length);
    for c in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}')) {
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
    (out.len() == length).then_some(out)
}

/// Whether a mailed code counts for what is asked. It is a mailbox's proof and no more, so that it does only for somebody
/// who has nothing stronger of a kind that would count. `held` are the kinds the person has, those included that have to be
/// renewed first (`Stage::is_held`): what has ended is renewed, or replaced with a recovery code or by an admin, and never
/// stands back for a mailbox.
#[must_use]
pub fn counts(asked: &Requirement, held: impl IntoIterator<Item = FactorKind>) -> bool {
    let accepted = |kind: FactorKind| asked.factors().any(|factor| factor == kind);
    accepted(FactorKind::MailCode) && !held.into_iter().any(|kind| kind > FactorKind::MailCode && accepted(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::policy::Demand;
    use proptest::prelude::*;

    #[test]
    fn typing_it_sloppily_is_fine() {
        assert_eq!(normalise(" ab0d-o1lz ").as_deref(), Some("AB0D011Z"));
        for bad in ["", "ABCD", "ABCD-EFGHJ", "ABCD-EFGU", "ＡBCDEFGH"] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }

    #[test]
    fn it_counts_only_where_it_is_asked_for_and_nothing_stronger_is_at_hand() {
        use FactorKind::{MailCode, Passkey, RecoveryCode, Totp};
        let asked = |factors: &[FactorKind]| Requirement {
            demand: Some(Demand { factors: factors.iter().copied().collect(), ..Demand::standard() }),
            ..Requirement::default()
        };
        let all = asked(&[MailCode, Totp, Passkey]);
        assert!(counts(&all, []));
        assert!(counts(&all, [RecoveryCode]));
        for stronger in [Totp, Passkey] {
            assert!(!counts(&all, [stronger]), "{stronger:?}");
            assert!(!counts(&all, [MailCode, stronger]), "{stronger:?}");
        }
        assert!(!counts(&asked(&[Totp, Passkey]), []), "not asked for");
        assert!(counts(&asked(&[MailCode, Passkey]), [Totp]), "what they have would not count");
        assert!(!counts(&Requirement::default(), []), "nothing is asked");
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
