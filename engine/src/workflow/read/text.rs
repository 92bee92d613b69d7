//! What a text may hold.

use crate::ids::AccountId;

/// The longest id of a user or group.
const REFERENCE_MAX: usize = 128;
/// The longest id of a workflow, state, approval or parameter.
const ID_MAX: usize = 64;

/// A kind of text.
pub(in crate::workflow) struct Text {
    least: usize,
    most: usize,
    lines: bool,
    spaces: bool,
}

impl Text {
    pub(in crate::workflow) const NAME: Self = Self::line(1, 80);
    pub(in crate::workflow) const OPTIONAL_NAME: Self = Self::line(0, 80);
    pub(in crate::workflow) const SUBJECT: Self = Self::line(1, 200);
    pub(in crate::workflow) const TITLE: Self = Self::line(0, 255);
    pub(in crate::workflow) const PARAMETER: Self = Self::lines(0, 4000);
    pub(in crate::workflow) const DESCRIPTION: Self = Self::lines(0, 500);
    pub(in crate::workflow) const MEANING: Self = Self::lines(1, 500);
    /// What a signature may mean, to choose from.
    pub(in crate::workflow) const CHOICE: Self = Self::line(1, crate::token::policy::check::MEANING_MAX);
    pub(in crate::workflow) const MESSAGE: Self = Self::lines(1, 500);
    pub(in crate::workflow) const LETTER: Self = Self::lines(1, 4000);
    /// A label or the key of a space.
    pub(in crate::workflow) const KEY: Self = Self { spaces: false, ..Self::line(1, 255) };
    pub(in crate::workflow) const ADDRESS: Self = Self { spaces: false, ..Self::line(1, 2000) };

    const fn line(least: usize, most: usize) -> Self {
        Self { least, most, lines: false, spaces: true }
    }

    const fn lines(least: usize, most: usize) -> Self {
        Self { least, most, lines: true, spaces: true }
    }
}

/// What is wrong with a text, and the mend.
pub(in crate::workflow) fn fault_of(text: &str, kind: &Text) -> Option<(String, String)> {
    let most = kind.most;
    let length = text.chars().count();
    if text.trim().is_empty() && (kind.least > 0 || length > 0) {
        return Some(("This text is empty.".to_owned(), format!("Write 1 to {most} characters.")));
    }
    if length > most {
        return Some((format!("This text has {length} characters."), format!("Shorten it to {most}.")));
    }
    if text.chars().any(|c| is_unfit(c) && !(kind.lines && matches!(c, '\n' | '\t'))) {
        let what = "This text holds control characters, or ones that turn the direction of writing.";
        let mend = if kind.lines { "Remove all but line breaks and tabs." } else { "Remove them; it is one line." };
        return Some((what.to_owned(), mend.to_owned()));
    }
    if !kind.spaces && text.contains(char::is_whitespace) {
        return Some(("This text holds spaces.".to_owned(), "Remove them.".to_owned()));
    }
    None
}

/// Characters that make a text look like another: controls, and overrides of the direction of writing.
pub(crate) fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether it is an id: lower-case letters, digits and hyphens.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=ID_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether it can be an account id.
pub(crate) fn is_account(text: &str) -> bool {
    is_group(text) && !text.contains(char::is_whitespace) && !text.contains('@') && !AccountId::new(text).is_invited()
}

/// Whether it can be a group's id.
pub(crate) fn is_group(text: &str) -> bool {
    (1..=REFERENCE_MAX).contains(&text.chars().count()) && !text.trim().is_empty() && !text.contains(is_unfit)
}
