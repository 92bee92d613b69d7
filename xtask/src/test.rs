//! `cargo xtask test`: everything that is checked before a change lands, but for the mutations.

use crate::arguments::Arguments;
use crate::command::{cargo, run};
use crate::node_tests::{self, Surroundings};
use crate::place::Place;
use crate::setup::{Ready, set_up, set_up_checks};
use crate::tally::{Found, Tally};
use crate::trouble::{Outcome, trouble};
use crate::{arrows, budget, build, cargo_tests};
use std::env;
use std::path::Path;

const WASM: &str = "wasm32-unknown-unknown";
/// Where the tests in JavaScript are, in the order they are run.
const FOLDERS: [&str; 5] = ["conformance", "edge", "attacks", "faults", "e2e"];
/// The phases before those.
const FIRST_PHASES: [&str; 8] =
    ["format", "clippy", "clippy-wasm", "arrows", "rust", "documentation", "build", "budget"];

/// Runs the checks. Whether all passed.
pub(crate) fn test(mut arguments: Arguments) -> Outcome<bool> {
    let quick = arguments.flag("--quick");
    let filter = arguments.word();
    arguments.done()?;
    let ready = set_up()?;
    let plan = Plan::new(quick, filter);
    let chromium = if quick { None } else { Some(set_up_checks()?) };
    Ok(checks(&ready, &plan, chromium.as_deref()))
}

/// Which phases, and which tests in them.
struct Plan {
    phases: Vec<&'static str>,
    tests: Option<String>,
    rust: &'static [&'static str],
    whole_build: bool,
}

impl Plan {
    /// A filter that is part of phases' names chooses those; any other chooses tests by name.
    fn new(quick: bool, filter: Option<String>) -> Self {
        let all = || FIRST_PHASES.into_iter().chain(FOLDERS);
        let phases: Vec<&str> = match &filter {
            _ if quick => vec!["rust", "build", "edge"],
            None => all().collect(),
            Some(word) => all().filter(|phase| phase.contains(word.as_str())).collect(),
        };
        let tests = filter.filter(|_| quick || phases.is_empty());
        let phases = if phases.is_empty() { ["rust", "build"].into_iter().chain(FOLDERS).collect() } else { phases };
        let rust: &[&str] = if quick { &["engine"] } else { &["engine", "sandbox", "xtask", "app", "edge"] };
        Self { phases, tests, rust, whole_build: !quick }
    }

    fn has(&self, phase: &str) -> bool {
        self.phases.contains(&phase)
    }

    fn needs_build(&self) -> bool {
        self.has("build") || self.has("budget") || FOLDERS.iter().any(|folder| self.has(folder))
    }
}

fn checks(ready: &Ready, plan: &Plan, chromium: Option<&Path>) -> bool {
    let mut tally = Tally::new(env::var_os("CI").is_some());
    if plan.has("format") {
        tally.phase("format", || checked(&ready.place, &["fmt", "--all", "--check"]));
    }
    if plan.has("clippy") {
        let packages = ["engine", "edge", "sandbox", "xtask"].map(|package| ["--package", package]).concat();
        let words = [&["clippy", "--all-targets"], &packages[..], &["--", "-D", "warnings"]].concat();
        tally.phase("clippy", || checked(&ready.place, &words));
    }
    if plan.has("clippy-wasm") {
        let wasm = ["clippy", "--package", "app", "--package", "edge", "--target", WASM, "--", "-D", "warnings"];
        tally.phase("clippy-wasm", || checked(&ready.place, &wasm));
    }
    if plan.has("arrows") {
        tally.phase("arrows", || arrows::check(&ready.place));
    }
    if plan.has("rust") {
        tally.phase("rust", || cargo_tests::run(&ready.place, plan.rust, plan.tests.as_deref()));
    }
    if plan.has("documentation") {
        tally.phase("documentation", || documentation(&ready.place));
    }
    let built = !plan.needs_build() || tally.phase("build", || build_for(ready, plan));
    if plan.has("budget") && built {
        tally.phase("budget", || budget::check(ready));
    }
    let edge = if plan.whole_build { ready.place.edge_build() } else { ready.place.quick_edge_build() };
    let around = Surroundings { ready, edge, chromium };
    for folder in FOLDERS.into_iter().filter(|folder| plan.has(folder)) {
        tally.phase(folder, || match built {
            true => node_tests::run(&around, folder, plan.tests.as_deref()),
            false => Ok(Found::faults(vec!["not run, as there is nothing built to run it on".to_owned()])),
        });
    }
    if let Some(word) = plan.tests.as_deref().filter(|_| tally.tests() == 0) {
        tally.phase("choice", || trouble(format!("No phase, no file and no test has {word:?} in its name.")));
    }
    tally.summary()
}

fn checked(place: &Place, words: &[&str]) -> Outcome<Found> {
    run(cargo(place).args(words), &format!("cargo {}", words.first().unwrap_or(&"")))?;
    Ok(Found::default())
}

fn documentation(place: &Place) -> Outcome<Found> {
    let mut doc = cargo(place);
    run(doc.args(["doc", "--package", "engine", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"), "cargo doc")?;
    Ok(Found::default())
}

fn build_for(ready: &Ready, plan: &Plan) -> Outcome<Found> {
    if plan.whole_build {
        build::edge(ready)?;
        build::app(ready)?;
    } else {
        build::edge_quickly(ready)?;
    }
    build::sandbox(&ready.place)?;
    Ok(Found::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(quick: bool, filter: &str) -> Plan {
        Plan::new(quick, Some(filter.to_owned()).filter(|word| !word.is_empty()))
    }

    #[test]
    fn without_a_filter_everything_runs() {
        assert_eq!(plan(false, "").phases.len(), FIRST_PHASES.len() + FOLDERS.len());
    }

    #[test]
    fn a_phase_can_be_named() {
        let clippy = plan(false, "clippy");
        assert_eq!((clippy.phases, clippy.tests), (vec!["clippy", "clippy-wasm"], None));
        assert!(plan(false, "faults").needs_build());
        assert!(!plan(false, "arrows").needs_build());
    }

    #[test]
    fn any_other_word_chooses_tests() {
        let one = plan(false, "wrong code");
        assert_eq!(one.tests.as_deref(), Some("wrong code"));
        assert!(one.has("rust") && one.has("e2e") && !one.has("format"));
    }

    #[test]
    fn quick_is_engine_and_edge() {
        let quick = plan(true, "edge");
        assert_eq!(
            (quick.phases, quick.tests.as_deref(), quick.rust),
            (vec!["rust", "build", "edge"], Some("edge"), &["engine"][..])
        );
        assert!(!quick.whole_build);
    }
}
