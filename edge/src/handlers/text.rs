//! Personal texts on their way into the journal.

use crate::http::EdgeError;
use crate::random;
use engine::audit::commitment::ErasableText;
use engine::ids::TextId;
use engine::wire::act::COMMENT_MAX;
use engine::wire::problem::{Problem, ProblemKind};

/// A text with a row and a salt of its own.
pub(super) fn erasable(text: impl Into<String>) -> Result<ErasableText, EdgeError> {
    Ok(ErasableText { id: TextId::new(random::id()?), salt: *random::bytes::<16>()?, text: text.into() })
}

/// What a person typed into the field `field`: trimmed, [`None`] if there is nothing, refused if there is too much.
pub(super) fn typed(field: &str, text: &str) -> Result<Option<String>, EdgeError> {
    let text = text.trim();
    let length = text.chars().count();
    if length > COMMENT_MAX {
        let detail =
            format!("Shorten it to at most {COMMENT_MAX} characters; it has {length}. What you typed is kept.");
        return Err(Problem::new(ProblemKind::BadField, detail).at(field).into());
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let detail = "It holds characters that can't be shown. Remove them; what you typed is kept.";
        return Err(Problem::new(ProblemKind::BadField, detail).at(field).into());
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
