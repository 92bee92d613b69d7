//! Counting what passed.

use crate::say;
use crate::trouble::Outcome;
use std::time::{Duration, Instant};

/// What a phase of the checks found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Single tests that passed.
    pub(crate) passed: usize,
    /// Single tests that failed.
    pub(crate) failed: usize,
    /// Which failed, and why: said again at the end, where whoever has only the last lines still reads it.
    pub(crate) failures: Vec<String>,
    /// Why single tests were left out.
    pub(crate) skipped: Vec<String>,
    /// What is wrong with the phase itself, in sentences.
    pub(crate) faults: Vec<String>,
}

impl Found {
    /// A phase that is right or wrong as a whole.
    pub(crate) fn faults(faults: Vec<String>) -> Self {
        Self { faults, ..Self::default() }
    }

    fn is_good(&self) -> bool {
        self.failed == 0 && self.faults.is_empty()
    }
}

/// Skips that stand even where nothing may be skipped begin with this.
const ALLOWED_SKIP: &str = "needs ../shared";

/// All phases so far.
#[derive(Default)]
pub(crate) struct Tally {
    strict: bool,
    phases: Vec<(String, Found, Duration)>,
}

impl Tally {
    /// `strict`: a skipped test is a failure, as in CI.
    pub(crate) fn new(strict: bool) -> Self {
        Self { strict, phases: Vec::new() }
    }

    /// Runs a phase. Whether it was good.
    pub(crate) fn phase(&mut self, name: &str, run: impl FnOnce() -> Outcome<Found>) -> bool {
        say::heading(&format!("── {name}"));
        let began = Instant::now();
        let mut found = run().unwrap_or_else(|trouble| Found::faults(vec![trouble.to_string()]));
        if self.strict {
            for reason in found.skipped.iter().filter(|reason| !reason.starts_with(ALLOWED_SKIP)) {
                found.faults.push(format!("skipped, and nothing may be skipped here: {reason}"));
            }
        }
        for fault in &found.faults {
            eprintln!("  ✗ {fault}");
        }
        let good = found.is_good();
        println!("  {} {name} ({})", if good { "✓" } else { "✗" }, say::seconds(began.elapsed()));
        self.phases.push((name.to_owned(), found, began.elapsed()));
        good
    }

    /// Prints the summary; its last line is `N passed, N failed`, phases and single tests together. Whether all is well.
    pub(crate) fn summary(&self) -> bool {
        say::heading("summary");
        for (name, found, time) in &self.phases {
            let mark = if found.is_good() { "✓" } else { "✗" };
            let mut notes = String::new();
            if found.passed + found.failed > 0 {
                notes = format!("{} passed, {} failed", found.passed, found.failed);
            }
            if !found.skipped.is_empty() {
                notes = format!("{notes}, {} skipped", found.skipped.len());
            }
            println!("  {mark} {name:<28} {:>9}   {}", say::seconds(*time), notes.trim_start_matches(", "));
        }
        for (name, found, _) in &self.phases {
            for failure in found.failures.iter().chain(&found.faults) {
                println!("\n  ✗ {name}: {failure}");
            }
        }
        let (passed, failed) = self.totals();
        println!("\n{passed} passed, {failed} failed");
        failed == 0
    }

    /// How many single tests ran.
    pub(crate) fn tests(&self) -> usize {
        self.phases.iter().map(|(_, found, _)| found.passed + found.failed).sum()
    }

    fn totals(&self) -> (usize, usize) {
        self.phases.iter().fold((0, 0), |(passed, failed), (_, found, _)| {
            let good = usize::from(found.is_good());
            (passed + found.passed + good, failed + found.failed + 1 - good)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipping(reason: &str) -> Found {
        Found { passed: 2, skipped: vec![reason.to_owned()], ..Found::default() }
    }

    #[test]
    fn phases_and_tests_are_added_up() {
        let mut tally = Tally::new(false);
        assert!(tally.phase("good", || Ok(Found { passed: 3, ..Found::default() })));
        assert!(!tally.phase("half", || Ok(Found { passed: 1, failed: 2, ..Found::default() })));
        assert!(!tally.phase("broken", || crate::trouble::trouble("no network")));
        assert_eq!(tally.totals(), (5, 4));
        assert!(!tally.summary());
    }

    #[test]
    fn a_skip_fails_only_where_it_may_not_be() {
        assert!(Tally::new(false).phase("x", || Ok(skipping("no oathtool"))));
        assert!(!Tally::new(true).phase("x", || Ok(skipping("no oathtool"))));
        assert!(Tally::new(true).phase("x", || Ok(skipping("needs ../shared: the OpenAPI documents"))));
    }
}
