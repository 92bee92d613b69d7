//! What the host page's own script asks the server for.

use super::chrome;
use super::page::with_page;
use crate::bridge::{self, Frame};
use crate::sandbox::Sandbox;
use crate::storage::{self, For};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

/// Switches to a person and goes back to where the browser was.
pub(super) async fn switch(Path(account): Path<String>, headers: HeaderMap) -> Response {
    let safe: String = account.chars().filter(|c| c.is_ascii_alphanumeric() || ":-_.".contains(*c)).collect();
    let back = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let back = back.and_then(|url| url.splitn(4, '/').nth(3)).unwrap_or_default();
    let cookie = format!("sandbox-person={safe}; Path=/; Max-Age=31536000; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], super::go(&format!("/{back}"))).into_response()
}

#[derive(Deserialize)]
pub(super) struct Asked {
    cmd: String,
    frame: Frame,
    #[serde(default)]
    data: Value,
}

/// A bridge command that only the server can carry out.
pub(super) async fn bridge(State(sandbox): Shared, headers: HeaderMap, Json(asked): Json<Asked>) -> Response {
    // The frames live on another port of the same machine, which cookies do not tell apart; the browser does.
    let from = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if from.is_some_and(|from| from != "same-origin") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(account) = chrome::Chrome::of(&sandbox, &headers).map(|chrome| chrome.person.account_id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    Json(match bridge::call(&sandbox, &account, &asked.frame, &asked.cmd, &asked.data).await {
        Ok(value) => json!({ "value": value }),
        Err(why) => json!({ "error": why }),
    })
    .into_response()
}

#[derive(Deserialize)]
pub(super) struct OnPage {
    page: u64,
}

/// The byline item as it is now.
pub(super) async fn byline(State(sandbox): Shared, Query(on): Query<OnPage>, headers: HeaderMap) -> Response {
    with_page(&sandbox, &headers, on.page, |_, _, page| Html(chrome::byline_label(page).into_string()).into_response())
}

/// Storage format as the editor shows it, or what is wrong with it.
pub(super) async fn storage_as_text(body: String) -> Response {
    match storage::check(&body) {
        Ok(()) => Html(storage::render(&body, &For::Editor).into_string()).into_response(),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
    }
}
