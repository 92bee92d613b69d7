//! `cargo xtask fuzz`: spoils what strangers send, for longer than the tests do.

use crate::arguments::Arguments;
use crate::command::{cargo, run};
use crate::setup::set_up;
use crate::trouble::Outcome;

/// How long for each kind of input, unless it is said.
const MINUTES: f64 = 1.0;

/// Runs every property of `fuzz_*.rs` for so long. What fails is printed, shrunk to the least that still fails.
pub(crate) fn fuzz(mut arguments: Arguments) -> Outcome {
    let minutes: f64 = arguments.value("--minutes")?.unwrap_or(MINUTES);
    arguments.done()?;
    let ready = set_up()?;
    let mut tests = cargo(&ready.place);
    tests.args(["test", "--package", "engine", "--package", "edge", "--test", "fuzz_*", "--no-fail-fast"]);
    run(tests.env("COUNTERSIGN_FUZZ_SECONDS", format!("{}", minutes * 60.0)), "spoiling input")
}
