//! `cargo xtask mutate`: breaks one line at a time in a copy of the checkout; a named test has to notice each.

use crate::arguments::Arguments;
use crate::build;
use crate::cargo_tests;
use crate::command::{cargo, quietly};
use crate::mutations::{Mutation, Named, broken, read};
use crate::node_tests::{self, Surroundings, TIMEOUT, only};
use crate::place::Place;
use crate::setup::{Ready, set_up, set_up_checks};
use crate::tally::Found;
use crate::trouble::{Because, Outcome};
use crate::{say, tree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

enum Verdict {
    /// The test failed, as it should.
    Noticed,
    /// The test passed all the same.
    Survived,
    /// The test fails with nothing broken, or is not there.
    Useless,
    /// There was nothing to test.
    DoesNotBuild(String),
}

/// Runs them. Whether every break was noticed.
pub(crate) fn mutate(mut arguments: Arguments) -> Outcome<bool> {
    let only: Option<String> = arguments.value("--only")?;
    arguments.done()?;
    let ready = set_up()?;
    let root = ready.place.root.join("target/mutate/tree");
    fs::create_dir_all(&root).because(|| format!("{} could not be made", root.display()))?;
    tree::copy(&ready.place.root, &root)?;
    let mutations = read(&root, only.as_deref())?;
    let tests: BTreeSet<&Named> = mutations.iter().map(|mutation| &mutation.test).collect();
    let chromium = if tests.iter().any(|test| matches!(test, Named::Node { all: true, .. })) {
        Some(set_up_checks()?)
    } else {
        None
    };
    let bench = Bench { ready: Ready { place: Place { root, ..ready.place }, ..ready }, chromium };

    say::heading("unbroken: every test has to pass");
    let mut ways = BTreeMap::new();
    for test in tests {
        let began = Instant::now();
        let way = bench.unbroken(test)?;
        let (mark, words) = match &way {
            Ok(Way::Alone) => ("✓", ""),
            Ok(Way::WithItsFile) => ("✓", "with all of its file "),
            Err(fault) => ("✗", *fault),
        };
        println!("  {mark} {} {words}({})", test.words(), say::seconds(began.elapsed()));
        ways.insert(test, way.ok());
    }
    say::heading("broken: every test has to fail");
    let mut survivors = 0;
    for mutation in &mutations {
        let began = Instant::now();
        let verdict = match ways.get(&mutation.test).copied().flatten() {
            Some(way) => bench.broken(mutation, way)?,
            None => Verdict::Useless,
        };
        let (mark, words) = match verdict {
            Verdict::Noticed => ("✓", "noticed by".to_owned()),
            Verdict::Survived => ("✗", "SURVIVED".to_owned()),
            Verdict::Useless => ("✗", "NOT TRIED, as nothing would notice it:".to_owned()),
            Verdict::DoesNotBuild(why) => ("✗", format!("DOES NOT BUILD, so it proves nothing\n{why}\n   ")),
        };
        survivors += usize::from(mark == "✗");
        println!(
            "  {mark} {:<48} {words} {}  ({})",
            mutation.name,
            mutation.test.words(),
            say::seconds(began.elapsed())
        );
    }
    println!("\n{} passed, {survivors} failed", mutations.len() - survivors);
    Ok(survivors == 0)
}

/// How a test is run.
#[derive(Clone, Copy)]
enum Way {
    /// By itself.
    Alone,
    /// After those before it in its file, from which it goes on.
    WithItsFile,
}

/// The copy, and what it takes to test it.
struct Bench {
    ready: Ready,
    chromium: Option<PathBuf>,
}

impl Bench {
    /// How a test passes with nothing broken, or why nothing can be learned from it.
    fn unbroken(&self, test: &Named) -> Outcome<Result<Way, &'static str>> {
        self.build(test)?;
        let is_good = |found: &Found| found.failed == 0 && found.faults.is_empty();
        let alone = self.test(test, Way::Alone)?;
        Ok(if is_good(&alone) {
            if alone.passed > 0 { Ok(Way::Alone) } else { Err("NO SUCH TEST ") }
        } else if matches!(test, Named::Node { .. }) && is_good(&self.test(test, Way::WithItsFile)?) {
            Ok(Way::WithItsFile)
        } else {
            Err("FAILS WITH NOTHING BROKEN ")
        })
    }

    fn broken(&self, mutation: &Mutation, way: Way) -> Outcome<Verdict> {
        let path = self.ready.place.root.join(&mutation.file);
        let text = fs::read_to_string(&path).because(|| format!("{} could not be read", path.display()))?;
        write(&path, &broken(&text, mutation).because(|| mutation.name.clone())?)?;
        let verdict = match self.build(&mutation.test) {
            Err(why) => Ok(Verdict::DoesNotBuild(why.to_string())),
            Ok(()) => self
                .test(&mutation.test, way)
                .map(|found| if mutation.test.failed(&found, way) { Verdict::Noticed } else { Verdict::Survived }),
        };
        write(&path, &text)?;
        verdict
    }

    fn build(&self, test: &Named) -> Outcome {
        match test {
            Named::Engine(_) => {
                let mut build = cargo(&self.ready.place);
                quietly(build.args(["test", "--package", "engine", "--no-run"]), "building the engine's tests")
                    .map(drop)
            }
            Named::Node { all: false, .. } => {
                build::edge_quickly(&self.ready)?;
                build::sandbox(&self.ready.place)
            }
            Named::Node { all: true, .. } => {
                build::edge_quickly(&self.ready)?;
                build::app(&self.ready)?;
                build::sandbox(&self.ready.place)
            }
        }
    }

    fn test(&self, test: &Named, way: Way) -> Outcome<Found> {
        let (mut command, read): (_, fn(&str) -> Found) = match test {
            Named::Engine(name) => {
                let mut cargo = cargo(&self.ready.place);
                cargo.args(["test", "--package", "engine", "--", name]);
                (cargo, cargo_tests::read)
            }
            Named::Node { file, name, .. } => {
                let mut node = Surroundings {
                    ready: &self.ready,
                    edge: self.ready.place.quick_edge_build(),
                    chromium: self.chromium.as_deref(),
                }
                .node()?;
                node.args(["--test", "--test-reporter=tap", TIMEOUT]);
                if matches!(way, Way::Alone) {
                    node.args(only(name));
                }
                node.arg(file);
                (node, node_tests::read)
            }
        };
        let output = command.output().because(|| format!("{} could not be run", test.words()))?;
        Ok(read(&String::from_utf8_lossy(&output.stdout)))
    }
}

impl Named {
    /// Whether it failed: of a whole file this very test, whatever became of the others.
    fn failed(&self, found: &Found, way: Way) -> bool {
        match (self, way) {
            (Self::Node { name, .. }, Way::WithItsFile) => {
                found.failures.iter().filter_map(|failure| failure.lines().next()).any(|first| first.contains(name))
            }
            _ => found.failed > 0,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Engine(name) => format!("engine: {name}"),
            Self::Node { file, name, .. } => format!("{file}: {name}"),
        }
    }
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).because(|| format!("{} could not be written", path.display()))
}
