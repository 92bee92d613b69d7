//! `cargo xtask bench` and `cargo xtask screens`: set up, build, then leave it to a script.

use crate::arguments::Arguments;
use crate::build;
use crate::command::run;
use crate::node_tests::Surroundings;
use crate::setup::{set_up, set_up_checks};
use crate::trouble::Outcome;
use std::path::Path;

/// Measures; the figures are printed and kept under `target/bench`.
pub(crate) fn bench(arguments: Arguments) -> Outcome {
    script(arguments, "tests/bench/run.mjs", None, "the benchmarks")
}

/// Takes a picture of every view in every state.
pub(crate) fn screens(mut arguments: Arguments) -> Outcome {
    let out = arguments.path("--out")?.unwrap_or_else(|| "target/screens".into());
    script(arguments, "tests/e2e/screens.mjs", Some(&out), "the screens")
}

fn script(arguments: Arguments, script: &str, out: Option<&Path>, what: &str) -> Outcome {
    let ready = set_up()?;
    let chromium = set_up_checks()?;
    build::everything(&ready)?;
    let mut node = Surroundings { ready: &ready, edge: ready.place.edge_build(), chromium: Some(&chromium) }.node()?;
    node.arg(script);
    if let Some(out) = out {
        node.arg("--out").arg(out);
    }
    run(node.args(arguments.rest()), what)
}
