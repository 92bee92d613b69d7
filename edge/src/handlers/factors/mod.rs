//! What a person does with their own factors. Identity comes from the token, so there is no way to say whose: a factor's id
//! that is not one of the caller's own is not found.
//!
//! * [`list`], [`uses`]: everything they can see of them.
//! * [`rename`], [`renew`], [`remove`]: one of them.
//! * [`recovery`]: codes for whoever lost one.
//! * [`not_me`]: locking oneself, and ending sessions.

mod list;
mod not_me;
mod recovery;
mod remove;
mod rename;
mod renew;
mod uses;

pub(super) use list::list;
pub(super) use not_me::{end_sessions, not_me, not_me_by_mail};
pub(super) use recovery::{Set, new_codes};
pub(super) use remove::remove;
pub(super) use rename::rename;
pub(super) use renew::renew;

use super::text;
use crate::http::EdgeError;
use crate::store::factor::Factor;
use engine::audit::commitment::ErasableText;
use engine::ids::FactorId;
use engine::token::life::NAME_MAX;
use engine::wire::problem::{Problem, ProblemKind};

/// One of the caller's own.
pub(super) fn own<'a>(factors: &'a [Factor], id: &FactorId) -> Result<&'a Factor, EdgeError> {
    factors.iter().find(|factor| factor.id == *id).ok_or_else(|| {
        EdgeError::refuse(ProblemKind::NotFound, "You have no such way to confirm, or no longer. Load the list again.")
    })
}

/// A factor's name as typed: nothing, or a short line that can be shown.
pub(super) fn name(typed: &str) -> Result<Option<&str>, EdgeError> {
    let typed = typed.trim();
    let problem = |detail: String| Err(Problem::new(ProblemKind::BadField, detail).at("name").into());
    if typed.chars().count() > NAME_MAX {
        return problem(format!("Shorten the name to at most {NAME_MAX} characters."));
    }
    if typed.chars().any(|c| c.is_control() || is_direction(c)) {
        return problem("The name holds characters that can't be shown. Remove them.".to_owned());
    }
    Ok((!typed.is_empty()).then_some(typed))
}

/// Characters that turn the direction of what follows: a name could make a line say something else.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same, on its way into the journal.
pub(super) fn named(typed: &str) -> Result<Option<ErasableText>, EdgeError> {
    name(typed)?.map(text::erasable).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_short_line_that_can_be_shown() {
        assert!(matches!(name("  "), Ok(None)));
        assert!(matches!(name(" Work phone "), Ok(Some("Work phone"))));
        assert!(matches!(name("<b>電話</b>"), Ok(Some("<b>電話</b>"))));
        assert!(name(&"ä".repeat(NAME_MAX)).is_ok());
        for bad in [&"ä".repeat(NAME_MAX + 1), "a\nb", "a\u{0}", "phone\u{202e}enohp"] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
