//! npm packages, and the pinned Node that everything after them runs on.

use crate::command::{ask, command, run};
use crate::place::Place;
use crate::say;
use crate::trouble::{Because, Outcome, trouble};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

/// Older ones lack what wrangler needs.
const OLDEST_NODE: (u32, u32) = (22, 12);

/// Installs what `package-lock.json` names, unless exactly that is installed already.
pub(crate) fn packages(place: &Place) -> Outcome {
    let lock = place.root.join("package-lock.json");
    let mut hasher = DefaultHasher::new();
    fs::read(&lock).because(|| "package-lock.json could not be read".to_owned())?.hash(&mut hasher);
    let wanted = format!("{:016x}\n", hasher.finish());
    let stamp = place.root.join("node_modules/.countersign");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        say::line("npm packages", "present");
        return Ok(());
    }
    if ask(command("npm").arg("--version")).is_none() {
        return trouble(
            "npm is missing. Install Node.js 20 or newer (nodejs.org or your system's packages), it brings npm.",
        );
    }
    say::line("npm packages", "installing with npm ci …");
    // No package's own install script is run: those we use bring their programs along.
    let mut npm = command("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&place.root);
    if run(&mut npm, "npm ci").is_err() {
        return trouble(
            "npm ci failed; its own words are above. If there is no network: connect once, afterwards it is not needed. \
             If it names package-lock.json: `npm install` brings it in line with package.json.",
        );
    }
    fs::write(&stamp, wanted).because(|| format!("{} could not be written", stamp.display()))
}

/// The Node that came with the packages, or a new enough one on PATH where there is none for this machine.
pub(crate) fn node(place: &Place) -> Outcome<PathBuf> {
    let pinned = place.npm_program("node");
    if let Some(version) = ask(command(&pinned).arg("--version")) {
        say::line("node", &format!("{} (pinned)", version.trim()));
        return Ok(pinned);
    }
    match ask(command("node").arg("--version")) {
        Some(version) if new_enough(&version) => {
            say::line("node", &format!("{} (from PATH: none is pinned for this kind of machine)", version.trim()));
            Ok(PathBuf::from("node"))
        }
        found => trouble(format!(
            "Node.js {}.{} or newer is needed, and {}. Install one (nodejs.org), then run this again.",
            OLDEST_NODE.0,
            OLDEST_NODE.1,
            found.map_or("none is on PATH".to_owned(), |version| format!("PATH has {}", version.trim())),
        )),
    }
}

fn new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST_NODE,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn node_versions_compare_as_numbers() {
        assert!(new_enough("v22.12.0\n"));
        assert!(new_enough("v24.1.0"));
        assert!(!new_enough("v22.9.0"), "9 is less than 12");
        assert!(!new_enough("v20.20.2"));
        assert!(!new_enough("something else"));
    }
}
