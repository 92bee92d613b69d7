//! Programs from the system's packages: a browser for the tests, an authenticator to compare ours with.

use crate::command::{ask, command, on_path, run};
use crate::say;
use crate::trouble::{Outcome, trouble};
use std::env;
use std::path::PathBuf;
use std::process::Command;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const USUAL_PLACES: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// A Chromium to drive. `CHROMIUM` names one; else the system's; else Debian's is installed.
pub(crate) fn chromium() -> Outcome<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|path| !path.is_empty()).map(PathBuf::from) {
        if named.is_file() {
            say::line("chromium", &format!("{} (from CHROMIUM)", named.display()));
            return Ok(named);
        }
        return trouble(format!("CHROMIUM names {}, but there is no such program.", named.display()));
    }
    if let Some(found) = find_browser() {
        say::line("chromium", &found.display().to_string());
        return Ok(found);
    }
    // The metrics of Liberation are those of the fonts most sites ask for.
    install("chromium", &["chromium", "fonts-liberation"])?;
    match find_browser() {
        Some(found) => Ok(found),
        None => trouble("Chromium was installed but can't be found. Set CHROMIUM to where it is."),
    }
}

/// An implementation of one-time codes that is not ours. Tests that need it skip without it, except in CI.
pub(crate) fn oathtool() -> Outcome {
    if on_path("oathtool").is_some() {
        say::line("oathtool", "present");
        return Ok(());
    }
    match install("oathtool", &["oathtool"]) {
        Err(why) if env::var_os("CI").is_none() => {
            say::line("oathtool", &format!("left out: {why}"));
            Ok(())
        }
        outcome => outcome,
    }
}

fn find_browser() -> Option<PathBuf> {
    let usual = || USUAL_PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    BROWSERS.iter().find_map(|name| on_path(name)).or_else(usual)
}

fn install(what: &str, packages: &[&str]) -> Outcome {
    let Some(apt) = apt() else {
        return trouble(format!(
            "{what} is missing, and it can't be installed from here (that takes apt-get, as root or with sudo that asks \
             for no password). Install it with your system's package manager{}.",
            if what == "chromium" { ", or set CHROMIUM to any Chromium or Chrome" } else { "" }
        ));
    };
    say::line(what, "installing with apt-get …");
    run(apt_get(&apt).arg("update"), "apt-get update")?;
    run(apt_get(&apt).args(["install", "--yes", "--no-install-recommends"]).args(packages), "apt-get install")
}

/// The words in front of `apt-get`'s arguments, if we may use it.
fn apt() -> Option<Vec<&'static str>> {
    on_path("apt-get")?;
    if ask(command("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Some(vec!["apt-get"]);
    }
    ask(command("sudo").args(["--non-interactive", "true"])).map(|_| vec!["sudo", "--non-interactive", "apt-get"])
}

fn apt_get(words: &[&str]) -> Command {
    let mut words = words.iter();
    let mut apt = command(words.next().copied().unwrap_or("apt-get"));
    apt.args(words).args(["-o", "Dpkg::Use-Pty=0", "-qq"]).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}
