//! What the Rust tool chain itself has to have.

use crate::command::{ask, command, run};
use crate::say;
use crate::trouble::{Outcome, trouble};
use std::path::Path;

const WASM: &str = "wasm32-unknown-unknown";

/// The standard library for WebAssembly. rustup is only asked for what is missing: it may be offline.
pub(crate) fn wasm_target() -> Outcome {
    let sysroot = ask(command("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib").is_dir() {
        say::line(WASM, "present");
        return Ok(());
    }
    say::line(WASM, "adding with rustup …");
    with_rustup(&["target", "add", WASM], &format!("Rust's standard library for {WASM}"))
}

/// clippy and rustfmt, for the checks.
pub(crate) fn checkers() -> Outcome {
    for (component, subcommand) in [("clippy", "clippy"), ("rustfmt", "fmt")] {
        if ask(command("cargo").args([subcommand, "--version"])).is_some() {
            say::line(component, "present");
            continue;
        }
        say::line(component, "adding with rustup …");
        with_rustup(&["component", "add", component], component)?;
    }
    Ok(())
}

fn with_rustup(arguments: &[&str], what: &str) -> Outcome {
    if ask(command("rustup").arg("--version")).is_none() {
        return trouble(format!(
            "{what} is missing, and so is rustup, which could add it. Install Rust with rustup (rustup.rs), \
             or add it the way your Rust was installed, then run this again."
        ));
    }
    run(command("rustup").args(arguments), &format!("`rustup {}`", arguments.join(" ")))
}
