//! Everything a command needs, installed if it is missing. Says what it does; takes a moment when all is there.

use crate::place::Place;
use crate::tools::{Tools, tools};
use crate::trouble::Outcome;
use crate::{debian, npm, rust, say};
use std::path::PathBuf;

/// What the set-up found or made.
pub(crate) struct Ready {
    /// Where everything is.
    pub(crate) place: Place,
    /// The Node to run everything on.
    pub(crate) node: PathBuf,
    /// The builders.
    pub(crate) tools: Tools,
}

/// What every command needs.
pub(crate) fn set_up() -> Outcome<Ready> {
    let place = Place::find()?;
    say::heading("set-up");
    rust::wasm_target()?;
    npm::packages(&place)?;
    let node = npm::node(&place)?;
    let tools = tools(&place)?;
    Ok(Ready { place, node, tools })
}

/// What the checks need besides. Hands over the browser.
pub(crate) fn set_up_checks() -> Outcome<PathBuf> {
    rust::checkers()?;
    debian::oathtool()?;
    debian::chromium()
}
