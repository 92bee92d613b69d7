//! `cargo test`, its tests counted.

use crate::command;
use crate::place::Place;
use crate::tally::Found;
use crate::trouble::{Because, Outcome};
use std::env;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Where property tests begin, so that what passed here passes elsewhere. `cargo xtask fuzz` looks further.
const SEED: &str = "1";

/// Tests of these packages whose name contains `filter`.
pub(crate) fn run(place: &Place, packages: &[&str], filter: Option<&str>) -> Outcome<Found> {
    let mut cargo = command::cargo(place);
    cargo.arg("test").stdout(Stdio::piped());
    for package in packages {
        cargo.args(["--package", package]);
    }
    cargo.args(filter);
    if env::var_os("PROPTEST_RNG_SEED").is_none() {
        cargo.env("PROPTEST_RNG_SEED", SEED);
    }
    let mut child = cargo.spawn().because(|| "cargo could not be started".to_owned())?;
    let mut found = Found::default();
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let Ok(line) = line else { break };
        count(&line, &mut found);
        println!("{line}");
    }
    let status = child.wait().because(|| "cargo test was lost".to_owned())?;
    if !status.success() && found.failed == 0 {
        found.faults.push(format!("cargo test failed ({status})"));
    }
    Ok(found)
}

/// Reads what `cargo test` printed.
pub(crate) fn read(text: &str) -> Found {
    let mut found = Found::default();
    for line in text.lines() {
        count(line, &mut found);
    }
    found
}

fn count(line: &str, found: &mut Found) {
    if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ignored")) {
        found.skipped.push(format!("{} is ignored", name.0));
    }
    let Some(counts) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else {
        return;
    };
    for part in counts.1.split("; ") {
        match part.split_once(' ') {
            Some((number, "passed")) => found.passed += number.parse::<usize>().unwrap_or(0),
            Some((number, "failed")) => found.failed += number.parse::<usize>().unwrap_or(0),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_programs_add_up() {
        let found = read(
            "test slow ... ignored, takes an hour\n\
             test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n\
             test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             12 passed; 7 failed\n",
        );
        assert_eq!((found.passed, found.failed, found.skipped.len()), (13, 2, 1));
    }
}
