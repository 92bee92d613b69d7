//! Building the app, the Worker and the sandbox. What is up to date is left alone.

use crate::command::{cargo, command, path_with, run};
use crate::place::Place;
use crate::say;
use crate::setup::Ready;
use crate::stamp::{Stamp, files_below};
use crate::trouble::{Outcome, trouble};
use std::env::consts::{ARCH, OS};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Pages of the app: the Forge resource each becomes; `hosted` is the Worker's own.
const PAGES: [&str; 3] = ["macro", "settings", "hosted"];

/// Everything there is to build.
pub(crate) fn everything(ready: &Ready) -> Outcome {
    say::heading("build");
    app(ready)?;
    edge(ready)?;
    sandbox(&ready.place)
}

/// The Worker as it is deployed: `edge/build`.
pub(crate) fn edge(ready: &Ready) -> Outcome {
    edge_into(ready, &ready.place.edge_build(), &[], &[])
}

/// Everything for trying it out on this machine.
pub(crate) fn for_dev(ready: &Ready) -> Outcome {
    say::heading("build");
    app(ready)?;
    edge_quickly(ready)?;
    sandbox(&ready.place)
}

/// The same Worker, built sooner, larger and slower: for this machine only.
pub(crate) fn edge_quickly(ready: &Ready) -> Outcome {
    let settings = [("LTO", "off"), ("CODEGEN_UNITS", "256"), ("OPT_LEVEL", "1")];
    edge_into(ready, &ready.place.quick_edge_build(), &["--no-opt"], &settings)
}

fn edge_into(ready: &Ready, built: &Path, flags: &[&str], profile: &[(&str, &str)]) -> Outcome {
    let root = &ready.place.root;
    let sources = inputs(root, &["edge/Cargo.toml", "edge/src"]);
    let outputs = vec![built.join("index.js"), built.join("index_bg.wasm")];
    let name = if flags.is_empty() { "edge" } else { "edge (quick)" };
    let stamp = Stamp::new(stamp_file(&ready.place, name), sources, outputs, format!("{flags:?} {profile:?}"));
    made_from(&stamp, name, || {
        let mut worker_build = command(&ready.tools.worker_build);
        worker_build
            .arg("--release")
            .args(flags)
            .arg("--out-dir")
            .arg(built)
            .current_dir(root.join("edge"))
            .envs(profile.iter().map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value)))
            .env("CARGO_TARGET_DIR", ready.place.target())
            // Built again and again on this machine, what changed is a few seconds' work instead of a minute's.
            .env("CARGO_INCREMENTAL", if profile.is_empty() { "0" } else { "1" })
            .env("PATH", path(ready)?)
            .env("WASM_BINDGEN_BIN", &ready.tools.wasm_bindgen)
            .env("WASM_OPT_BIN", ready.place.npm_program("wasm-opt"))
            .env("ESBUILD_BIN", esbuild(root)?)
            .env("RUST_BACKTRACE", "0");
        run(&mut worker_build, "building the Worker")
    })
}

/// The app: `dist/<page>` for each page, and the headers they are served with.
pub(crate) fn app(ready: &Ready) -> Outcome {
    for page in PAGES {
        app_page(ready, page)?;
    }
    content_security_policy(ready)
}

fn app_page(ready: &Ready, page: &str) -> Outcome {
    let root = &ready.place.root;
    let dist = root.join("dist").join(page);
    let html = format!("app/{page}.html");
    // The Worker's own page is started without an inline script.
    let config = if page == "hosted" { "Trunk.hosted.toml" } else { "Trunk.toml" };
    let sources = inputs(root, &[config, "app/Cargo.toml", "app/src", "app/hosted", &html, "style"]);
    let stamp = Stamp::new(stamp_file(&ready.place, page), sources, vec![dist.clone()], "trunk");
    made_from(&stamp, &format!("app ({page})"), || {
        let mut trunk = command(&ready.tools.trunk);
        trunk
            .args(["build", "--config", config, "--dist"])
            .arg(&dist)
            .arg(&html)
            .current_dir(root)
            .env("PATH", path(ready)?)
            .env("CARGO_TARGET_DIR", ready.place.target())
            .env("RUST_BACKTRACE", "0")
            // Trunk takes the conventional NO_COLOR=1 for a malformed option.
            .env_remove("NO_COLOR");
        run(&mut trunk, &format!("building the app's page {page}"))?;
        minify(root, &dist)
    })
}

/// Trunk's own minifier does not understand what wasm-bindgen writes.
fn minify(root: &Path, dist: &Path) -> Outcome {
    let is_text = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "js" || kind == "css");
    let files: Vec<PathBuf> = files_below(&[dist.to_path_buf()])?.into_iter().filter(is_text).collect();
    let mut esbuild = command(esbuild(root)?);
    esbuild.args(["--minify", "--legal-comments=none", "--log-level=warning", "--allow-overwrite"]);
    run(esbuild.arg(format!("--outdir={}", dist.display())).args(files), "minifying the app")
}

/// The sandbox; cargo knows whether it is up to date.
pub(crate) fn sandbox(place: &Place) -> Outcome {
    let began = Instant::now();
    run(cargo(place).args(["build", "--package", "sandbox"]), "building the sandbox")?;
    say::line("sandbox", &format!("built in {}", say::seconds(began.elapsed())));
    Ok(())
}

/// The headers Forge would serve the built pages with; the sandbox puts its own address in.
fn content_security_policy(ready: &Ready) -> Outcome {
    let mut node = command(&ready.node);
    node.current_dir(&ready.place.root).args(["tests/conformance/csp.mjs", "--out"]);
    node.arg(ready.place.sandbox_state().join("csp.json"));
    run(&mut node, "computing the content security policy")
}

fn made_from(stamp: &Stamp, what: &str, make: impl FnOnce() -> Outcome) -> Outcome {
    let inputs = stamp.inputs()?;
    if stamp.is_fresh(&inputs)? {
        say::line(what, "up to date");
        return Ok(());
    }
    let began = Instant::now();
    say::line(what, "building …");
    make()?;
    stamp.keep(&inputs)?;
    say::line(what, &format!("built in {}", say::seconds(began.elapsed())));
    Ok(())
}

/// What decides the outcome of every WebAssembly build, and `own`.
fn inputs(root: &Path, own: &[&str]) -> Vec<PathBuf> {
    let shared =
        ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "package-lock.json", "engine/Cargo.toml", "engine/src"];
    shared.iter().chain(own).map(|path| root.join(path)).collect()
}

fn stamp_file(place: &Place, name: &str) -> PathBuf {
    place.target().join("stamps").join(name)
}

/// PATH with the pinned tools first: Trunk looks for wasm-bindgen and wasm-opt there, and wasm-opt for Node.
fn path(ready: &Ready) -> Outcome<std::ffi::OsString> {
    let wasm_bindgen = ready.tools.wasm_bindgen.parent().map(Path::to_path_buf).unwrap_or_default();
    path_with(&[wasm_bindgen, ready.place.root.join("node_modules/.bin")])
}

/// worker-build needs the program itself; `.bin/esbuild` is a script around it.
fn esbuild(root: &Path) -> Outcome<PathBuf> {
    let os = if OS == "macos" { "darwin" } else { OS };
    let arch = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let program = root.join(format!("node_modules/@esbuild/{os}-{arch}/bin/esbuild"));
    if program.is_file() {
        Ok(program)
    } else {
        trouble(format!("npm has no esbuild for {os} on {arch}; use Linux or macOS."))
    }
}
