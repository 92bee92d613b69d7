//! The asset host: the app's files under the production Content-Security-Policy, with the bridge put in front.

use crate::app::Module;
use crate::sandbox::Sandbox;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::path::{Component, PathBuf};
use std::sync::Arc;

const BRIDGE: &str = concat!(include_str!("../ui/rpc.js"), include_str!("../ui/global-bridge.js"));

/// Routes of the asset host.
pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_ctx/{module}/{resource}/{*file}", get(file))
        .route("/global-bridge.js", get(|| async { typed("text/javascript; charset=utf-8", BRIDGE.to_owned()) }))
        .route("/tokens.css", get(tokens))
}

/// Atlassian's design tokens.
pub(crate) async fn tokens(State(sandbox): State<Arc<Sandbox>>) -> Response {
    typed("text/css; charset=utf-8", sandbox.setup.tokens_css.clone())
}

/// What a browser reports when the policy stopped something: loud, and kept for tests.
pub(crate) async fn violated(State(sandbox): State<Arc<Sandbox>>, body: String) -> StatusCode {
    eprintln!("sandbox: CONTENT SECURITY POLICY VIOLATED {body}");
    sandbox.violations.lock().push(serde_json::from_str(&body).unwrap_or_default());
    StatusCode::NO_CONTENT
}

async fn file(
    State(sandbox): State<Arc<Sandbox>>,
    Path((module, resource, file)): Path<(String, String, String)>,
) -> Response {
    let known = Module::by_key(&module).is_some() && sandbox.setup.csp.contains_key(&resource);
    let relative = PathBuf::from(&file);
    if !known || !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return (StatusCode::NOT_FOUND, "There is no such module or resource.").into_response();
    }
    let path = sandbox.setup.dist.join(&resource).join(&relative);
    let Ok(bytes) = std::fs::read(&path) else {
        let message = if file == "index.html" {
            format!("dist/{resource}/index.html is missing: build the app first (cargo xtask build).")
        } else {
            format!("dist/{resource}/{file} is missing.")
        };
        return (StatusCode::NOT_FOUND, message).into_response();
    };
    let mut headers = HeaderMap::new();
    let set = |headers: &mut HeaderMap, name: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    let kind = mime_guess::from_path(&relative).first_or_octet_stream();
    let kind = if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    set(&mut headers, header::CONTENT_TYPE, &kind);
    set(&mut headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let cache = if is_hashed(&file) { "public, max-age=31536000, immutable" } else { "no-cache" };
    set(&mut headers, header::CACHE_CONTROL, cache);
    if relative.extension().is_some_and(|extension| extension == "html") {
        let csp = sandbox.setup.csp.get(&resource).map(String::as_str).unwrap_or_default();
        set(&mut headers, header::CONTENT_SECURITY_POLICY, csp);
        let page = with_bridge(&String::from_utf8_lossy(&bytes), &sandbox.setup.assets);
        return (headers, page).into_response();
    }
    (headers, bytes).into_response()
}

/// The page with the bridge's script at the top of its head.
fn with_bridge(page: &str, assets: &str) -> String {
    let script = format!("<script src=\"{assets}/global-bridge.js\"></script>");
    let lower = page.to_ascii_lowercase();
    let end_of_tag = |from: usize| lower.get(from..).and_then(|rest| rest.find('>')).map(|to| from + to + 1);
    let place = lower.find("<head").and_then(end_of_tag).or_else(|| lower.find("<html").and_then(end_of_tag));
    let (before, after) = page.split_at(place.unwrap_or(0));
    format!("{before}{script}{after}")
}

/// Whether a file's name carries a hash of its content, so that it may be kept forever.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.', '/']).any(|part| {
        part.len() >= 8 && part.chars().all(|c| c.is_ascii_hexdigit()) && part.chars().any(|c| c.is_ascii_digit())
    })
}

fn typed(kind: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bridge_comes_first_in_the_head() {
        let page = "<!doctype html><html lang=\"en\"><head data-x><meta charset=\"utf-8\"></head></html>";
        let made = with_bridge(page, "http://a");
        assert!(made.contains("<head data-x><script src=\"http://a/global-bridge.js\"></script><meta"), "{made}");
    }

    #[test]
    fn hashes_are_told_from_names() {
        assert!(is_hashed("macro-3f2a9c1b7d5e4f60_bg.wasm"));
        assert!(!is_hashed("macro_bg.wasm"));
        assert!(!is_hashed("settings.js"));
    }
}
