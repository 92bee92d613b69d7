//! The Cloudflare Worker of Countersign: authenticate, load, ask the engine, commit, carry out.
//!
//! * [`http`]: the router, how bodies are read, how answers and refusals look.
//! * [`fit`]: who is calling: Forge Invocation Tokens.
//! * [`config`], [`clock`], [`random`], [`secret`]: settings, time, randomness, keys and sealing. Each has one place.
//!   [`within`]: work that must not take forever.
//! * [`confluence`]: every call to Confluence's REST API. Whoever replaces Confluence rewrites this.
//! * [`hosted`]: pages the Worker serves itself: links to them, visits, who may send what from them.
//! * [`mail`]: the mail provider.
//! * [`page`]: a page under a workflow: what is known, what Confluence says, what follows.
//! * [`time`]: what is due becomes effects in the outbox; people's time zones.
//! * [`job`]: work on many pages, in portions. [`reseal`]: what is sealed, brought under the newest key.
//! * `store`, `outbox`: the journal and what a committed event causes outside.
//! * `confirm`: how somebody confirms what they do.
//! * `handlers`: one module a route.

pub mod clock;
pub mod config;
mod confirm;
pub mod confluence;
pub mod cx;
pub mod fit;
mod handlers;
pub mod hosted;
pub mod http;
pub mod job;
pub mod mail;
pub mod operator;
pub mod outbox;
pub mod page;
pub mod random;
pub mod reseal;
pub mod secret;
pub mod store;
pub mod time;
pub mod within;

use crate::cx::{Cx, Lifeline};
use worker::{Context, Env, ScheduleContext, ScheduledEvent, event};

/// Answers a request. It never fails: a refusal and a fault are answers too.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    Ok(http::router::answer(request, env, Lifeline::Request(context)).await)
}

/// Cloudflare's clock, each minute: timers, the outbox, jobs. It brings no Confluence token.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, context: ScheduleContext) {
    let done = match Cx::new(env, Lifeline::Clock(context)) {
        Ok(cx) => handlers::clock(&cx).await,
        Err(fault) => Err(fault),
    };
    if let Err(fault) = done {
        fault.log("scheduled");
    }
}
