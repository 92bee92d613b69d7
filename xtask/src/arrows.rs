//! Arrows point one way: `app → engine ← edge`, and the engine knows no platform and no clock.

use crate::command::{cargo, quietly};
use crate::place::Place;
use crate::tally::Found;
use crate::trouble::{Because, Outcome};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A package, and what it must never come to depend on. The engine reckons with jiff, which without its `std` feature knows
/// no clock; the other libraries of time have one.
const FORBIDDEN: [(&str, &[&str]); 4] = [
    (
        "engine",
        &["worker", "web-sys", "js-sys", "wasm-bindgen", "leptos", "tokio", "getrandom", "rand", "chrono", "time"],
    ),
    ("app", &["edge", "worker", "sandbox"]),
    ("edge", &["app", "leptos", "sandbox"]),
    ("sandbox", &["app", "edge", "engine"]),
];

/// Packages that are told the time, and never ask for it.
const WITHOUT_CLOCK: [&str; 2] = ["engine", "edge"];
/// Their `clippy.toml` stands in for the workspace's (clippy reads the nearest only) and bans these besides.
const CLOCKS: [&str; 2] = ["std::time::SystemTime::now", "std::time::Instant::now"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// Every arrow that points the wrong way.
pub(crate) fn check(place: &Place) -> Outcome<Found> {
    let text = quietly(cargo(place).args(["metadata", "--format-version", "1", "--locked"]), "cargo metadata")?;
    let metadata: Metadata = serde_json::from_str(&text).because(|| "cargo metadata is not understood".to_owned())?;
    let mut faults = wrong_arrows(&metadata, &FORBIDDEN);
    faults.extend(clocks(place)?);
    Ok(Found::faults(faults))
}

fn wrong_arrows(metadata: &Metadata, forbidden: &[(&str, &[&str])]) -> Vec<String> {
    let names: BTreeMap<&str, &str> = metadata.packages.iter().map(|package| (&*package.id, &*package.name)).collect();
    let mut faults = Vec::new();
    for (package, banned) in forbidden {
        let Some(start) = metadata.packages.iter().find(|candidate| candidate.name == *package) else {
            faults.push(format!("there is no package {package} any more; is this check still right?"));
            continue;
        };
        for found in reachable(metadata, &start.id) {
            if let Some(name) = names.get(found).filter(|name| banned.contains(name)) {
                faults.push(format!("{package} depends on {name}; `cargo tree -p {package} -i {name}` shows how"));
            }
        }
    }
    faults
}

/// What is built into a package, directly or not. What only its tests use does not count.
fn reachable<'a>(metadata: &'a Metadata, start: &'a str) -> BTreeSet<&'a str> {
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|node| (&*node.id, node)).collect();
    let (mut found, mut left) = (BTreeSet::new(), vec![start]);
    while let Some(id) = left.pop() {
        for dependency in nodes.get(id).map(|node| node.deps.iter()).into_iter().flatten() {
            let built_in = dependency.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
            if built_in && found.insert(&*dependency.pkg) {
                left.push(&dependency.pkg);
            }
        }
    }
    found
}

fn clocks(place: &Place) -> Outcome<Vec<String>> {
    let lines = |path: &str| fs::read_to_string(place.root.join(path)).because(|| format!("{path} could not be read"));
    let common = lines("clippy.toml")?;
    let mut faults = Vec::new();
    for package in WITHOUT_CLOCK {
        let path = format!("{package}/clippy.toml");
        let text = lines(&path)?;
        faults.extend(
            CLOCKS.iter().filter(|clock| !text.contains(*clock)).map(|clock| format!("{path} does not ban {clock}")),
        );
        let kept = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
        let lost = common.lines().filter(kept).filter(|line| !text.lines().any(|own| own == *line));
        faults.extend(lost.map(|line| format!("{path} lacks the workspace's `{line}`")));
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Metadata {
        serde_json::from_str(
            r#"{"packages": [{"id": "e", "name": "engine"}, {"id": "m", "name": "middle"}, {"id": "j", "name": "js-sys"}, {"id": "t", "name": "rand"}],
                "resolve": {"nodes": [
                  {"id": "e", "deps": [{"pkg": "m", "dep_kinds": [{"kind": null}]}, {"pkg": "t", "dep_kinds": [{"kind": "dev"}]}]},
                  {"id": "m", "deps": [{"pkg": "j", "dep_kinds": [{"kind": "dev"}, {"kind": null}]}]},
                  {"id": "j", "deps": []}, {"id": "t", "deps": []}]}}"#,
        )
        .unwrap()
    }

    #[test]
    fn what_is_reached_through_others_counts() {
        let faults = wrong_arrows(&metadata(), &[("engine", &["js-sys"])]);
        assert!(matches!(&*faults, [fault] if fault.contains("js-sys")), "{faults:?}");
    }

    #[test]
    fn what_only_tests_use_does_not() {
        assert!(wrong_arrows(&metadata(), &[("engine", &["rand"])]).is_empty());
    }

    #[test]
    fn a_package_that_went_away_is_told() {
        assert_eq!(wrong_arrows(&metadata(), &[("edge", &[])]).len(), 1);
    }
}
