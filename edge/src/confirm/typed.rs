//! What somebody typed, told apart by its shape: six digits are an authenticator's, eight characters came by mail, twenty-four
//! were printed. Anything else can be none of them, and costs no attempt.

use crate::http::EdgeError;
use crate::secret::sign_code;
use engine::token::recovery;
use engine::token::totp::Code;
use engine::wire::problem::{Problem, ProblemKind};

/// What was typed.
pub(crate) enum Typed {
    /// Nothing.
    Nothing,
    /// An authenticator's code.
    Totp(Code),
    /// A mailed code.
    Mailed(sign_code::Typed),
    /// A recovery code, in its normal form.
    Recovery(String),
}

/// What comes with a request that confirms.
pub(crate) struct Given {
    /// The code.
    pub(crate) typed: Typed,
    /// Who the person says they are.
    pub(crate) identification: Option<String>,
}

impl Given {
    /// Reads it.
    ///
    /// # Errors
    /// `bad-field` for what can be no code.
    pub(crate) fn read(code: &str, identification: &str) -> Result<Self, EdgeError> {
        let named = identification.trim();
        if named.chars().count() > 320 {
            let detail = "That is too long for an e-mail address. Type the one of your Atlassian account.";
            return Err(Problem::new(ProblemKind::BadField, detail).at("identification").into());
        }
        Ok(Self { typed: typed(code)?, identification: (!named.is_empty()).then(|| named.to_owned()) })
    }

    /// Whether there is anything to be compared: then it is counted as an attempt first.
    #[must_use]
    pub(crate) fn is_attempt(&self) -> bool {
        !matches!(self.typed, Typed::Nothing) || self.identification.is_some()
    }
}

fn typed(code: &str) -> Result<Typed, EdgeError> {
    if code.is_empty() {
        return Ok(Typed::Nothing);
    }
    if let Ok(code) = Code::parse(code) {
        return Ok(Typed::Totp(code));
    }
    if let Ok(code) = sign_code::Typed::parse(code) {
        return Ok(Typed::Mailed(code));
    }
    if let Some(code) = recovery::normalise(code) {
        return Ok(Typed::Recovery(code));
    }
    let detail = "A code is the six digits your authenticator shows, nothing else.";
    Err(Problem::new(ProblemKind::BadField, detail).at("code").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_by_its_shape() {
        assert!(matches!(typed(""), Ok(Typed::Nothing)));
        assert!(matches!(typed("123456"), Ok(Typed::Totp(_))));
        assert!(matches!(typed("abcd-1234"), Ok(Typed::Mailed(_))));
        assert!(matches!(typed("12345678"), Ok(Typed::Mailed(_))));
        assert!(matches!(typed("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01"), Ok(Typed::Recovery(_))));
        for nothing in [" ", "12345", "1234567", "123456 ", "１２３４５６", "٣٣٣٣٣٣", "abcdefg", "ABCD-EFGH-JKMN"]
        {
            assert!(typed(nothing).is_err(), "{nothing}");
        }
    }

    #[test]
    fn whatever_can_be_compared_is_an_attempt() {
        assert!(!Given::read("", " ").unwrap().is_attempt());
        assert!(Given::read("123456", "").unwrap().is_attempt());
        assert!(Given::read("", "a@example.com").unwrap().is_attempt());
        assert!(Given::read("", &"a".repeat(400)).is_err());
    }
}
