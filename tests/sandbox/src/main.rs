//! A stand-in for Confluence Cloud and Forge on one machine: a site with people, pages and an editor; real invocation
//! tokens, product events, the REST calls the edge makes; a mailbox and a ledger of every effect; trouble on request.
//!
//! Two origins: the site (UI, REST under `/ex/confluence/{cloudId}`, JWKS, mail, `/control` for tests) and the asset
//! host the app's frames are served from.

mod app;
mod assets;
mod bridge;
mod clock;
mod control;
mod edit;
mod events;
mod faults;
mod fit;
mod flags;
mod host;
mod keys;
mod label;
mod ledger;
mod mailbox;
mod many;
mod model;
mod platform;
mod random;
mod rest;
mod rights;
mod sandbox;
mod seed;
mod serve;
mod storage;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use clap::Parser;
use sandbox::Sandbox;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[tokio::main]
async fn main() -> ExitCode {
    match run(flags::Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("sandbox: {message}");
            ExitCode::from(2)
        }
    }
}

async fn run(flags: flags::Flags) -> Result<(), String> {
    let site = serve::bind(flags.site_port, "site", "--site-port").await?;
    let assets = serve::bind(flags.asset_port, "asset host", "--asset-port").await?;
    let address = |listener: &tokio::net::TcpListener| {
        listener.local_addr().map(|at| format!("http://{at}")).map_err(|why| why.to_string())
    };
    let setup = flags.setup(address(&site)?, address(&assets)?)?;
    let keys = keys::Keys::load(flags.state.as_deref())?;
    let sandbox = Sandbox::new(setup, keys, flags.edge.trim_end_matches('/').to_owned());

    tokio::spawn(serve::serve(site, site_router(&sandbox)));
    tokio::spawn(serve::serve(assets, assets::routes().with_state(Arc::clone(&sandbox))));
    tokio::spawn(platform::run(Arc::clone(&sandbox)));
    if flags.minute_clock {
        tokio::spawn(minute_clock(Arc::clone(&sandbox)));
    }
    let ready = serde_json::json!({ "ready": true, "site": sandbox.setup.site, "assets": sandbox.setup.assets });
    println!("{ready}");

    let mut every_second = tokio::time::interval(Duration::from_secs(1));
    let stop = stop();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = every_second.tick() => sandbox.keep(),
        }
    }
    sandbox.keep();
    // Open connections have nothing to lose.
    std::process::exit(0)
}

fn site_router(sandbox: &Arc<Sandbox>) -> Router {
    let troubled = Router::new()
        .route("/ex/confluence/{site}/{*path}", any(rest::remote))
        .route("/media/{site}/{page}/{attachment}/{version}", get(rest::file))
        .route("/mail/emails", post(mailbox::accept))
        .route(
            "/.well-known/jwks.json",
            get(|State(sandbox): State<Arc<Sandbox>>| async move { axum::Json(sandbox.keys.jwks()) }),
        )
        .layer(from_fn_with_state(Arc::clone(sandbox), faults::layer))
        .route("/csp-report", post(assets::violated));
    troubled
        .merge(host::routes())
        .nest("/control", control::routes())
        .layer(DefaultBodyLimit::max(20 * 1024 * 1024))
        .with_state(Arc::clone(sandbox))
}

async fn minute_clock(sandbox: Arc<Sandbox>) {
    let mut every_minute = tokio::time::interval(Duration::from_secs(60));
    every_minute.tick().await;
    loop {
        every_minute.tick().await;
        if let Err(why) = platform::clock(&sandbox).await {
            eprintln!("sandbox: the minute clock could not be fired: {why}");
        }
    }
}

async fn stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
