//! Small pure pieces of text: lists of names, grouped keys, codes as typed.

/// How many digits an authenticator's code has.
pub(crate) const CODE_DIGITS: usize = 6;

/// What unlocking somebody does.
pub(crate) const UNLOCKING: &str = "They can enter codes again at once, and their wrong codes are counted anew.";
/// What an admin does first.
pub(crate) const BEFORE_UNLOCKING: &str =
    "Before you unlock somebody, make sure it was them: ask them by another way than mail.";

/// "Ada", "Ada and Bo", "Ada, Bo and Cy".
pub(crate) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => [first.join(", ").as_str(), last].join(" and "),
    }
}

/// With a capital letter first.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The key of an authenticator in groups of four, for typing it off the screen.
pub(crate) fn grouped(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + key.len() / 4);
    for (index, letter) in key.chars().filter(|letter| !letter.is_whitespace()).enumerate() {
        if index > 0 && index % 4 == 0 {
            out.push(' ');
        }
        out.push(letter);
    }
    out
}

/// A code as typed or pasted, without blanks and hyphens.
pub(crate) fn bare_code(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace() && !is_dash(*letter)).collect()
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}')
}

/// What is wrong with an authenticator's code before it is sent; nothing if it may be sent.
pub(crate) fn code_fault(typed: &str) -> Option<&'static str> {
    let code = bare_code(typed);
    if code.is_empty() {
        Some("Enter the six digits your authenticator app shows.")
    } else if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        Some("A code has only the digits 0 to 9. Type the six digits your authenticator app shows.")
    } else if code.len() != CODE_DIGITS {
        Some("A code has six digits. Check it against your authenticator app.")
    } else {
        None
    }
}

/// What is wrong with a comment before it is sent; nothing if it may be sent. `missing` says so where there must be one.
pub(crate) fn comment_fault(typed: &str, missing: Option<&'static str>, max: usize) -> Option<&'static str> {
    if missing.is_some() && typed.trim().is_empty() {
        missing
    } else if typed.chars().count() > max {
        Some("The comment is too long. Shorten it to send it.")
    } else {
        None
    }
}

/// The beginning of a content hash, enough to compare at a glance.
pub(crate) fn short_hash(hash: &str) -> String {
    hash.chars().take(12).collect()
}

/// A locale as browsers want it: Confluence says `en_US`, `Intl` wants `en-US`.
pub(crate) fn browser_locale(locale: &str) -> String {
    locale.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_as_people_do() {
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["Ada"]), "Ada");
        assert_eq!(list(&["Ada", "Bo"]), "Ada and Bo");
        assert_eq!(list(&["Ada", "Bo", "Cy"]), "Ada, Bo and Cy");
    }

    #[test]
    fn keys_come_in_groups_of_four() {
        assert_eq!(grouped(""), "");
        assert_eq!(grouped("ABCD"), "ABCD");
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert_eq!(grouped("AB CDEF"), "ABCD EF");
    }

    #[test]
    fn blanks_and_hyphens_in_a_code_do_not_matter() {
        for typed in ["123456", " 123 456 ", "123-456", "123\u{a0}456", "12 34\u{2013}56\n"] {
            assert_eq!(bare_code(typed), "123456");
            assert_eq!(code_fault(typed), None);
        }
    }

    #[test]
    fn other_codes_are_not_sent() {
        for typed in ["", "  ", "12345", "1234567", "12345a", "１２３４５６", "٣٣٣٣٣٣"] {
            assert!(code_fault(typed).is_some(), "{typed}");
        }
    }

    #[test]
    fn a_comment_is_counted_in_characters() {
        assert_eq!(comment_fault(&"ä".repeat(10), Some("Say why."), 10), None);
        assert!(comment_fault(&"ä".repeat(11), None, 10).is_some());
        assert_eq!(comment_fault("", None, 10), None);
        assert_eq!(comment_fault(" \n", Some("Say why."), 10), Some("Say why."));
    }

    #[test]
    fn confluence_locales_become_browser_locales() {
        assert_eq!(browser_locale("en_US"), "en-US");
        assert_eq!(browser_locale("zh-Hant_TW"), "zh-Hant-TW");
    }
}
