//! Tools from crates.io at pinned versions, built once for all checkouts.

use crate::command::{ask, command, run};
use crate::place::Place;
use crate::say;
use crate::trouble::{Outcome, trouble};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Tool {
    name: &'static str,
    version: &'static str,
    /// The program we call.
    program: &'static str,
    /// What to expect when nothing can be fetched ready-made.
    minutes: u8,
}

const WORKER_BUILD: Tool = Tool { name: "worker-build", version: "0.8.7", program: "worker-build", minutes: 3 };
/// Must be the very version of the `wasm-bindgen` library in `Cargo.lock`.
const WASM_BINDGEN: Tool = Tool { name: "wasm-bindgen-cli", version: "0.2.130", program: "wasm-bindgen", minutes: 2 };
const TRUNK: Tool = Tool { name: "trunk", version: "0.21.14", program: "trunk", minutes: 4 };

/// Where the tools are.
pub(crate) struct Tools {
    /// Builds the Worker.
    pub(crate) worker_build: PathBuf,
    /// Called by the two others.
    pub(crate) wasm_bindgen: PathBuf,
    /// Builds the app.
    pub(crate) trunk: PathBuf,
}

/// Builds the tools that are missing.
pub(crate) fn tools(place: &Place) -> Outcome<Tools> {
    let [(wasm_bindgen, first), (worker_build, second), (trunk, third)] =
        [install(place, &WASM_BINDGEN)?, install(place, &WORKER_BUILD)?, install(place, &TRUNK)?];
    if first || second || third {
        // A gigabyte nobody needs again; if it can't be removed, nothing is lost.
        let _ = fs::remove_dir_all(build_folder(place));
    }
    Ok(Tools { worker_build, wasm_bindgen, trunk })
}

fn build_folder(place: &Place) -> PathBuf {
    place.cache.join("build")
}

/// Where the tool is, and whether it had to be installed now.
fn install(place: &Place, tool: &Tool) -> Outcome<(PathBuf, bool)> {
    let folder = place.cache.join("tools").join(format!("{}-{}", tool.name, tool.version));
    let program = folder.join("bin").join(tool.program);
    if works(&program, tool) {
        say::line(tool.name, &format!("{} present", tool.version));
        return Ok((program, false));
    }
    if ask(command("cargo").args(["binstall", "-V"])).is_some() {
        say::line(tool.name, &format!("{} fetching with cargo binstall …", tool.version));
        if run(&mut binstall(place, tool, &folder), "cargo binstall").is_ok() && works(&program, tool) {
            return Ok((program, true));
        }
    }
    say::line(tool.name, &format!("{} building, once, about {} min …", tool.version, tool.minutes));
    for locked in [true, false] {
        if run(&mut from_source(place, tool, &folder, locked), "cargo install").is_ok() && works(&program, tool) {
            return Ok((program, true));
        }
        if locked {
            say::line(tool.name, "not with the versions its author locked; once more with newer ones …");
        }
    }
    trouble(format!(
        "{} {} could not be built; cargo's own words are above. If there is no network: connect once, it is kept in {}. \
         If there is no C compiler or linker: install one (Debian: `apt-get install build-essential`).",
        tool.name,
        tool.version,
        folder.display()
    ))
}

fn works(program: &Path, tool: &Tool) -> bool {
    ask(command(program).arg("--version")).is_some_and(|said| said.contains(tool.version))
}

fn binstall(place: &Place, tool: &Tool, folder: &Path) -> Command {
    let mut cargo = command("cargo");
    cargo.args(["binstall", "--no-confirm", "--force", "--disable-strategies", "compile", "--root"]).arg(folder);
    cargo.arg(format!("{}@{}", tool.name, tool.version)).current_dir(&place.root);
    cargo
}

/// Settings that trade the tool's speed, which hardly matters, for the person's time.
fn from_source(place: &Place, tool: &Tool, folder: &Path, locked: bool) -> Command {
    let mut cargo = command("cargo");
    cargo.args(["install", "--force", "--root"]).arg(folder).arg(format!("{}@{}", tool.name, tool.version));
    if locked {
        cargo.arg("--locked");
    }
    cargo
        .env("CARGO_TARGET_DIR", build_folder(place))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .current_dir(&place.root);
    cargo
}
