//! What stands in the way, told in one sentence or two. Never a backtrace.

use std::fmt;

/// Something the person has to put right: a missing tool, a taken port, no network.
#[derive(Debug)]
pub(crate) struct Trouble(String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What went on, or why it could not.
pub(crate) type Outcome<T = ()> = Result<T, Trouble>;

/// Says what happened and what to do next.
pub(crate) fn trouble<T>(what: impl Into<String>) -> Outcome<T> {
    Err(Trouble(what.into()))
}

/// Puts the sentence a person needs in front of a library's error.
pub(crate) trait Because<T> {
    /// `what: <the error>`.
    fn because(self, what: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T, E: fmt::Display> Because<T> for Result<T, E> {
    fn because(self, what: impl FnOnce() -> String) -> Outcome<T> {
        self.map_err(|error| Trouble(format!("{}: {error}", what())))
    }
}
