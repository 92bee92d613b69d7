//! The app's modules that have a page of their own.

use super::chrome::{self, Chrome};
use crate::app::{self, Module};
use crate::sandbox::Sandbox;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use std::sync::Arc;

pub(super) async fn space(
    State(sandbox): State<Arc<Sandbox>>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    let found =
        sandbox.look(|world| world.sites.get(app::SITE).and_then(|site| site.space_by_key(&key)).map(|space| space.id));
    let Some(space) = found else { return chrome.missing("This space does not exist", "Check the address.") };
    let content = html! {
        h1 .title { "Approvals" }
        (chrome::frame(&sandbox, Module::Space, None, Some(space), "Approvals"))
    };
    chrome.page("Approvals", &format!("/wiki/spaces/{key}/apps/approval-space"), &content)
}

pub(super) async fn settings(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    if !chrome.person.admin {
        let why = "Only Confluence administrators can open an app's settings. Switch to Sam Carter at the top.";
        return chrome.missing("You can't open the settings", why);
    }
    let content = html! {
        h1 .title { "Countersign" }
        (chrome::frame(&sandbox, Module::Settings, None, None, "Countersign settings"))
    };
    chrome.page("Countersign settings", "/wiki/admin/approval-settings", &content)
}
