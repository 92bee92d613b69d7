//! Running other programs.

use crate::place::Place;
use crate::trouble::{Because, Outcome, trouble};
use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A command without the variables cargo sets for this program: build scripts that watch them would run again each time.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}

/// cargo in this checkout. What it builds goes where the rest of the set-up looks for it, wherever else it is used to go.
pub(crate) fn cargo(place: &Place) -> Command {
    let mut cargo = command("cargo");
    cargo.current_dir(&place.root).env("CARGO_TARGET_DIR", place.target());
    cargo
}

/// Runs it, its output straight to the person. `what` is said if it fails.
pub(crate) fn run(command: &mut Command, what: &str) -> Outcome {
    let status = command.status().because(|| missing(command, what))?;
    if status.success() { Ok(()) } else { trouble(format!("{what} failed ({status}); its own words are above.")) }
}

/// Runs it silently and hands over what it printed, or [`None`] if it failed or isn't there.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// Runs it silently; if it fails, what it printed is part of the trouble.
pub(crate) fn quietly(command: &mut Command, what: &str) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().because(|| missing(command, what))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    trouble(format!("{what} failed ({}).\n{text}{errors}", output.status))
}

/// The first program of that name on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// PATH with `first` before everything else.
pub(crate) fn path_with(first: &[PathBuf]) -> Outcome<std::ffi::OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths(first.iter().cloned().chain(env::split_paths(&rest)))
        .because(|| "PATH could not be extended, a folder's name holds a colon".to_owned())
}

fn missing(command: &Command, what: &str) -> String {
    format!("{what} could not start `{}`", command.get_program().to_string_lossy())
}
