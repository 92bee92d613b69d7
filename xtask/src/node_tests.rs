//! `node --test` over a folder of `*.test.mjs`, its tests counted.

use crate::command::{command, path_with};
use crate::setup::Ready;
use crate::stamp::files_below;
use crate::tally::Found;
use crate::trouble::{Because, Outcome};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How long a file may take: nothing waits for ever.
pub(crate) const TIMEOUT: &str = "--test-timeout=1200000";

/// What the tests are told about their surroundings.
pub(crate) struct Surroundings<'a> {
    /// Where things are.
    pub(crate) ready: &'a Ready,
    /// The built Worker.
    pub(crate) edge: PathBuf,
    /// The browser, if it was set up.
    pub(crate) chromium: Option<&'a Path>,
}

impl Surroundings<'_> {
    /// Node with everything the tests may ask for in its environment.
    pub(crate) fn node(&self) -> Outcome<Command> {
        let place = &self.ready.place;
        let mut node = command(&self.ready.node);
        node.current_dir(&place.root)
            .env("PATH", path_with(&[place.root.join("node_modules/.bin")])?)
            .env("COUNTERSIGN_ROOT", &place.root)
            .env("SANDBOX_BIN", place.sandbox_program())
            .env("EDGE_BUILD", &self.edge)
            .env("XTASK_BIN", env::current_exe().because(|| "this program could not be found".to_owned())?)
            .env("WRANGLER_SEND_METRICS", "false")
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
        if let Some(chromium) = self.chromium {
            node.env("CHROMIUM", chromium);
        }
        Ok(node)
    }
}

/// The tests in `tests/<folder>` whose name contains `filter`.
pub(crate) fn run(around: &Surroundings, folder: &str, filter: Option<&str>) -> Outcome<Found> {
    let place = &around.ready.place;
    let all = test_files(&place.root.join("tests").join(folder))?;
    if all.is_empty() {
        println!("  nothing there");
        let missing = env::var_os("CI").map(|_| format!("tests/{folder} holds no *.test.mjs"));
        return Ok(Found::faults(missing.into_iter().collect()));
    }
    let (files, names) = choose(all, filter);
    if files.is_empty() {
        println!("  nothing called so");
        return Ok(Found::default());
    }
    let report = place.target().join("test").join(format!("{folder}.tap"));
    if let Some(parent) = report.parent() {
        fs::create_dir_all(parent).because(|| format!("{} could not be made", parent.display()))?;
    }
    let mut node = around.node()?;
    // Files are independent; but killing and driving a browser take what the machine has.
    let at_once = if matches!(folder, "faults" | "e2e") { 1 } else { 2 };
    node.args(["--test", TIMEOUT]).arg(format!("--test-concurrency={at_once}"));
    node.args(["--test-reporter=spec", "--test-reporter-destination=stdout"]);
    node.arg("--test-reporter=tap").arg(format!("--test-reporter-destination={}", report.display()));
    if let Some(names) = names {
        node.args(only(names));
    }
    let status = node.args(&files).status().because(|| "node could not be started".to_owned())?;
    let mut found = read(&fs::read_to_string(&report).because(|| format!("{} could not be read", report.display()))?);
    if !status.success() && found.failed == 0 {
        found.faults.push(format!("node --test failed ({status})"));
    }
    if filter.is_none() && found.passed + found.failed + found.skipped.len() == 0 {
        found.faults.push("no test ran".to_owned());
    }
    Ok(found)
}

/// The files a folder's tests are in, at any depth.
fn test_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let is_test = |path: &PathBuf| path.to_string_lossy().ends_with(".test.mjs");
    Ok(files_below(&[folder.to_path_buf()])?.into_iter().filter(is_test).collect())
}

/// The files to run, and part of the names of the tests to run in them. A filter names files, or else tests.
fn choose(files: Vec<PathBuf>, filter: Option<&str>) -> (Vec<PathBuf>, Option<&str>) {
    let Some(filter) = filter else {
        return (files, None);
    };
    let is_named = |file: &&PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().contains(filter));
    let named: Vec<PathBuf> = files.iter().filter(is_named).cloned().collect();
    if !named.is_empty() {
        return (named, None);
    }
    let mentions = |file: &PathBuf| fs::read_to_string(file).is_ok_and(|text| text.contains(filter));
    (files.into_iter().filter(mentions).collect(), Some(filter))
}

/// Options for Node that choose tests by part of their name. A file none of whose tests is chosen would wait for ever
/// for what it started, as it cleans up after its tests only.
pub(crate) fn only(name: &str) -> [String; 2] {
    ["--test-force-exit".to_owned(), format!("--test-name-pattern={}", literally(name))]
}

/// A regular expression that matches this text and nothing else.
fn literally(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, letter| {
        if r"\^$.|?*+()[]{}/".contains(letter) {
            all.push('\\');
        }
        all.push(letter);
        all
    })
}

/// Reads TAP: the totals at its end, which tests failed, and why tests were skipped.
pub(crate) fn read(tap: &str) -> Found {
    let mut found = Found { failures: failures(tap), ..Found::default() };
    for line in tap.lines() {
        let total = |name: &str| line.strip_prefix(name).and_then(|number| number.trim().parse::<usize>().ok());
        if let Some(number) = total("# pass ") {
            found.passed += number;
        } else if let Some(number) = total("# fail ").or_else(|| total("# cancelled ")) {
            found.failed += number;
        } else if let Some((test, reason)) = line.split_once(" # SKIP").filter(|_| line.trim_start().starts_with("ok "))
        {
            let reason = reason.trim();
            let name = test.split_once(" - ").map_or(test, |(_, name)| name);
            found.skipped.push(if reason.is_empty() { format!("{name}, without a reason") } else { reason.to_owned() });
        } else if line.contains(" # TODO") {
            found.skipped.push(format!("left to do: {}", line.trim()));
        }
    }
    found
}

/// The failed tests of a TAP report, each with its place and the beginning of its error. A suite that failed only because
/// of what is in it is left out.
fn failures(tap: &str) -> Vec<String> {
    /// Enough for the message and both values of an assertion.
    const LINES: usize = 24;
    let mut failures = Vec::new();
    let mut lines = tap.lines();
    while let Some(line) = lines.next() {
        let Some((_, name)) = line.trim_start().strip_prefix("not ok ").and_then(|rest| rest.split_once(" - ")) else {
            continue;
        };
        let about: Vec<&str> = lines.by_ref().map(str::trim).take_while(|line| *line != "...").collect();
        if about.iter().any(|line| line.contains("'subtestsFailed'")) {
            continue;
        }
        let is_worth_it =
            |line: &&&str| !["---", "duration_ms:", "type:", "code:"].iter().any(|it| line.starts_with(it));
        let about: Vec<&str> = about.iter().filter(is_worth_it).copied().take(LINES).collect();
        failures.push(format!("{name}\n      {}", about.join("\n      ")));
    }
    failures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tap_is_counted() {
        let tap = "TAP version 13\n# Subtest: group\n    ok 1 - inner\n    ok 2 - other # SKIP needs ../shared: specs\nok 1 - group\n\
                   ok 2 - bare # SKIP\n1..2\n# tests 4\n# pass 2\n# fail 0\n# cancelled 1\n# skipped 2\n# todo 0\n";
        let found = read(tap);
        assert_eq!((found.passed, found.failed), (2, 1));
        assert_eq!(found.skipped, ["needs ../shared: specs", "bare, without a reason"]);
    }

    #[test]
    fn what_failed_is_named() {
        let tap = "not ok 1 - a suite\n  ---\n  failureType: 'subtestsFailed'\n  ...\n    not ok 2 - in - it\n      ---\n      \
                   duration_ms: 1\n      error: |-\n        one is\n        not two\n      ...\nok 3 - other\n# pass 1\n# fail 1\n";
        let found = read(tap);
        assert_eq!((found.passed, found.failed), (1, 1));
        assert_eq!(found.failures, ["in - it\n      error: |-\n      one is\n      not two"]);
    }

    #[test]
    fn a_filter_names_files_or_else_tests() {
        let folder = std::env::temp_dir().join(format!("countersign-choose-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (races, story) = (folder.join("races.test.mjs"), folder.join("story.test.mjs"));
        fs::write(&races, "test('fifty at once')").unwrap();
        fs::write(&story, "test('the races')").unwrap();
        let all = || vec![races.clone(), story.clone()];
        assert_eq!(choose(all(), None), (all(), None));
        assert_eq!(choose(all(), Some("races")), (vec![races.clone()], None));
        assert_eq!(choose(all(), Some("fifty")), (vec![races.clone()], Some("fifty")));
        assert_eq!(choose(all(), Some("forty")), (vec![], Some("forty")));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_filter_is_no_pattern() {
        assert_eq!(literally("a (b) c.d"), r"a \(b\) c\.d");
    }
}
