//! What people see: a wiki with people to switch between, an editor, the app's modules, and a look behind the scenes.
//!
//! Handles for browser tests: `[data-person="712020:author"]` switches, `iframe[data-module="approval-macro"]` is the
//! macro, `[data-byline] button` the byline item, `#theme` the light and dark switch, `#edit` the editor's form with
//! `[name=title]`, `#editor` (text) and `#source` (storage format), `#publish`.

mod behind;
mod calls;
mod chrome;
mod editor;
mod mail;
mod modules;
mod page;
mod times;

use crate::assets;
use crate::sandbox::Sandbox;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use std::sync::Arc;

const HOST: &str = concat!(include_str!("../../ui/rpc.js"), include_str!("../../ui/host.js"));
const EDITOR: &str = include_str!("../../ui/editor.js");
const STYLE: &str = include_str!("../../ui/host.css");

/// Routes of the site's pages.
pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/wiki/spaces/POL") }))
        .route("/favicon.ico", get(|| async { ([(header::CONTENT_TYPE, "image/svg+xml")], chrome::LOGO) }))
        .route("/_ui/host.js", get(|| async { typed("text/javascript; charset=utf-8", HOST) }))
        .route("/_ui/editor.js", get(|| async { typed("text/javascript; charset=utf-8", EDITOR) }))
        .route("/_ui/host.css", get(|| async { typed("text/css; charset=utf-8", STYLE) }))
        .route("/tokens.css", get(assets::tokens))
        .route("/_as/{account}", post(calls::switch))
        .route("/_host/call", post(calls::bridge))
        .route("/_host/byline", get(calls::byline))
        .route("/_host/editor", post(calls::storage_as_text))
        .route("/wiki/spaces/{key}", get(page::space))
        .route("/wiki/spaces/{key}/create", get(editor::new).post(editor::create))
        .route("/wiki/spaces/{key}/apps/approval-space", get(modules::space))
        .route("/wiki/spaces/{key}/pages/{id}", get(page::show))
        .route("/wiki/spaces/{key}/pages/{id}/edit", get(editor::edit).post(editor::publish))
        .route("/wiki/spaces/{key}/pages/{id}/copy", post(editor::copy))
        .route("/wiki/spaces/{key}/pages/{id}/trash", post(editor::trash))
        .route("/wiki/spaces/{key}/pages/{id}/restrict", post(editor::restrict))
        .route("/wiki/spaces/{key}/pages/{id}/attach", post(editor::attach))
        .route("/wiki/spaces/{key}/pages/{id}/detach/{attachment}", post(editor::detach))
        .route("/wiki/download/attachments/{id}/{name}", get(page::download))
        .route("/wiki/admin/approval-settings", get(modules::settings))
        .route("/wiki/pages/viewpage.action", get(page::by_id))
        .route("/mailbox", get(mail::list))
        .route("/mailbox/{id}", get(mail::show))
        .route("/behind", get(|| async { Redirect::to("/behind/events") }))
        .route("/behind/{tab}", get(behind::show))
        .route("/behind/do/{action}", post(behind::act))
        .fallback(page::nothing)
}

fn typed(kind: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], body).into_response()
}

/// Sends the browser on. What no address may contain is escaped: it may come from another program's error message.
fn go(to: &str) -> Response {
    let mut address = String::with_capacity(to.len());
    for byte in to.bytes() {
        match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'~' => {
                address.push(char::from(byte));
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    Redirect::to(&address).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_text_can_be_in_an_address() {
        let response = super::go("/behind/clocks?said=50%\u{fc} \n<x>");
        assert_eq!(response.headers()["location"], "/behind/clocks?said=50%%C3%BC%20%0A%3Cx%3E");
    }
}
