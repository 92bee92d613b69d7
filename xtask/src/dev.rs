//! `cargo xtask dev`: the Worker under workerd, the sandbox around it, one address.

use crate::arguments::Arguments;
use crate::build;
use crate::command::{command, quietly};
use crate::http::request;
use crate::ports::{Port, are_free};
use crate::server::Server;
use crate::setup::{Ready, set_up};
use crate::trouble::{Because, Outcome, trouble};
use crate::{say, secrets};
use serde::Deserialize;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

struct Ports {
    edge: Port,
    site: Port,
    asset: Port,
}

/// What the sandbox says of the platform's first calls.
#[derive(Deserialize)]
struct Seeded {
    installed: bool,
    settled: bool,
    failed: Vec<serde_json::Value>,
}

impl Ports {
    fn from(arguments: &mut Arguments) -> Outcome<Self> {
        let mut port =
            |purpose, flag, usual| Ok(Port { purpose, flag, number: arguments.value(flag)?.unwrap_or(usual) });
        Ok(Self {
            edge: port("the Worker", "--edge-port", 8787)?,
            site: port("the Confluence-like site", "--site-port", 8788)?,
            asset: port("the app's assets", "--asset-port", 8789)?,
        })
    }

    fn are_free(&self) -> Outcome {
        are_free(&[self.edge, self.site, self.asset])
    }

    fn edge_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.edge.number)
    }

    fn site_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.site.number)
    }
}

/// Runs until Ctrl-C, or until one of the servers ends.
pub(crate) fn dev(mut arguments: Arguments) -> Outcome {
    let ports = Ports::from(&mut arguments)?;
    let (keep, fresh) = (arguments.flag("--keep"), arguments.flag("--fresh"));
    arguments.done()?;
    ports.are_free()?;

    let ready = set_up()?;
    build::for_dev(&ready)?;

    let stopped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopped);
    ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst))
        .because(|| "Ctrl-C could not be caught".to_owned())?;

    say::heading("start");
    let state = ready.place.sandbox_state();
    prepare_state(&state, keep, fresh)?;
    match migrate(&ready, &state) {
        // It was stopped as well.
        Err(_) if stopped.load(Ordering::SeqCst) => return Ok(()),
        outcome => outcome?,
    }
    ports.are_free()?;

    let started = Instant::now();
    let mut servers = vec![Server::start("sandbox", &mut sandbox(&ready, &ports, &state), state.join("sandbox.log"))?];
    servers.push(Server::start("edge", &mut edge(&ready, &ports, &state), state.join("edge.log"))?);
    until_it_answers("sandbox", &ports.site, "/", &mut servers, &stopped)?;
    until_it_answers("edge", &ports.edge, "/health", &mut servers, &stopped)?;
    seed(&ports)?;
    say::line(
        "sandbox and Worker",
        &format!("up after {}; their logs are in target/sandbox", say::seconds(started.elapsed())),
    );

    if !stopped.load(Ordering::SeqCst) {
        println!("\n  Countersign runs at   {}\n\n  Ctrl-C stops it.", ports.site_origin());
    }
    watch(&mut servers, &stopped)?;
    println!("\nstopping …");
    drop(servers);
    println!("stopped");
    Ok(())
}

/// The site and the journal about its pages begin afresh together, or are kept together.
fn prepare_state(state: &Path, keep: bool, fresh: bool) -> Outcome {
    let wiped = match (fresh, keep) {
        (true, _) => Some((["edge", "site.json", "secrets.env"].as_slice(), "wiped, with the local secrets")),
        (false, false) => Some((["edge", "site.json"].as_slice(), "wiped (--keep keeps the site and the journal)")),
        (false, true) => None,
    };
    say::line("earlier data", wiped.as_ref().map_or("kept", |(_, words)| words));
    for path in wiped.map(|(names, _)| names).unwrap_or_default().iter().map(|name| state.join(name)) {
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return trouble(format!("{} could not be removed: {error}", path.display()));
            }
            _ => {}
        }
    }
    secrets::keep(&state.join("secrets.env"))
}

fn wrangler(ready: &Ready, state: &Path) -> Command {
    let mut wrangler = command(&ready.node);
    wrangler
        .arg(ready.place.root.join("node_modules/wrangler/bin/wrangler.js"))
        .current_dir(&ready.place.root)
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_HIDE_BANNER", "true")
        .env("WRANGLER_LOG_PATH", state.join("wrangler"))
        // Otherwise it asks Cloudflare where this machine is.
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    wrangler
}

fn migrate(ready: &Ready, state: &Path) -> Outcome {
    let mut migrations = wrangler(ready, state);
    migrations.args(["d1", "migrations", "apply", "DB", "--local", "--persist-to"]).arg(state.join("edge"));
    quietly(&mut migrations, "applying the D1 migrations")?;
    say::line("D1 migrations", "applied");
    Ok(())
}

fn sandbox(ready: &Ready, ports: &Ports, state: &Path) -> Command {
    let root = &ready.place.root;
    let mut sandbox = command(ready.place.sandbox_program());
    sandbox
        .current_dir(root)
        .args(["--site-port", &ports.site.number.to_string(), "--asset-port", &ports.asset.number.to_string()])
        .args(["--edge", &ports.edge_origin(), "--minute-clock", "--keep", "--dist"])
        .arg(root.join("dist"))
        .arg("--csp")
        .arg(state.join("csp.json"))
        .arg("--state")
        .arg(state)
        .arg("--node-modules")
        .arg(root.join("node_modules"));
    sandbox
}

fn edge(ready: &Ready, ports: &Ports, state: &Path) -> Command {
    let site = ports.site_origin();
    let mut edge = wrangler(ready, state);
    edge.arg("dev").arg(ready.place.quick_edge_build().join("index.js"));
    edge.args(["--local", "--ip", "127.0.0.1", "--port", &ports.edge.number.to_string()]);
    edge.args(["--inspector-port", "0", "--show-interactive-dev-session=false"]);
    edge.arg("--persist-to").arg(state.join("edge")).arg("--env-file").arg(state.join("secrets.env"));
    for (name, value) in [
        ("FORGE_JWKS_URL", format!("{site}/.well-known/jwks.json")),
        ("CONFLUENCE_API_ORIGIN", site.clone()),
        // Whatever is deployed: here every mail lies in the sandbox's mailbox.
        ("MAIL_PROVIDER", "api".to_owned()),
        ("MAIL_API_URL", format!("{site}/mail")),
        // By name: a WebAuthn RP id can't be an IP address.
        ("HOSTED_ORIGIN", format!("http://localhost:{}", ports.edge.number)),
    ] {
        edge.arg("--var").arg(format!("{name}:{value}"));
    }
    edge
}

fn until_it_answers(name: &str, port: &Port, path: &str, servers: &mut [Server], stopped: &AtomicBool) -> Outcome {
    let began = Instant::now();
    while !stopped.load(Ordering::SeqCst) {
        if request("GET", port.number, path, Duration::from_secs(2)).is_some_and(|(status, _)| status < 500) {
            return Ok(());
        }
        if let Some(obituary) = servers.iter_mut().find_map(Server::obituary) {
            return trouble(obituary);
        }
        if began.elapsed() > PATIENCE {
            return trouble(format!(
                "{name} does not answer on port {} after a minute. See target/sandbox/{name}.log.",
                port.number
            ));
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// The platform's first calls: installed, scheduled, every page told of.
fn seed(ports: &Ports) -> Outcome {
    match request("POST", ports.site.number, "/control/start", PATIENCE) {
        Some((200..=299, body)) if went_well(&body) => Ok(()),
        Some((status, body)) => trouble(format!("The sandbox could not be seeded: it answered {status} {body}")),
        None => trouble("The sandbox could not be seeded: it did not answer. See target/sandbox/sandbox.log."),
    }
}

fn went_well(report: &str) -> bool {
    serde_json::from_str::<Seeded>(report)
        .is_ok_and(|seeded| seeded.installed && seeded.settled && seeded.failed.is_empty())
}

fn watch(servers: &mut [Server], stopped: &AtomicBool) -> Outcome {
    while !stopped.load(Ordering::SeqCst) {
        if let Some(obituary) = servers.iter_mut().find_map(Server::obituary) {
            return trouble(obituary);
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}
