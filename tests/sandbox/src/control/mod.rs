//! `/control`: everything a test or `cargo xtask dev` needs to bring about or to look at. JSON in, JSON out.
//!
//! | call | does |
//! |---|---|
//! | `POST reset` | everything as at the first start |
//! | `GET token?account=`, `GET app-token` | OAuth tokens (`&site=`, `&seconds=`) |
//! | `POST fit` | an invocation token: `{account, module, page?, space?}` or `{endpoint}`, `claims` and `header` laid over |
//! | `GET key` | `{kid, pem}`: the private key, to forge with another library |
//! | `POST page`, `GET page/{id}`, `POST page/{id}/{edit,copy,move,labels,trash,delete,restrict,attach,detach}` | pages |
//! | `POST pages/many` | pages that were always there, by the thousand |
//! | `GET/POST people`, `GET/POST groups`, `POST space` | list, upsert |
//! | `POST people/{account}` | changes what is named: `{timeZone, deactivated, emailVisible, …}` |
//! | `GET/POST property`, `POST property/copy` | content properties, forged as an editor would |
//! | `GET/POST/DELETE faults` | trouble |
//! | `GET events`, `POST events/{mode,release,settle}` | product events |
//! | `POST schedule`, `POST lifecycle`, `POST start`, `POST clock` | the platform's calls |
//! | `POST ahead` | `{ms}`: how far this Confluence's time is ahead of the machine's |
//! | `GET/POST edge`, `POST bridge`, `POST license` | settings |
//! | `GET ledger`, `GET mail?to=`, `GET/DELETE requests`, `GET csp-reports` | what happened |
//!
//! Everything takes `site` (a cloud id); without it the first site is meant.

mod pages;
mod things;

use crate::app;
use crate::edit::Refusal;
use crate::sandbox::Sandbox;
use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::Arc;

/// Routes below `/control`.
pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/reset", post(things::reset))
        .route("/token", get(things::token))
        .route("/app-token", get(things::app_token))
        .route("/fit", post(things::fit))
        .route("/key", get(things::key))
        .route("/people", get(things::people).post(things::put_person))
        .route("/people/{account}", post(things::change_person))
        .route("/groups", get(things::groups).post(things::put_group))
        .route("/space", post(things::put_space))
        .route("/faults", get(things::faults).post(things::add_fault).delete(things::clear_faults))
        .route("/events", get(things::events))
        .route("/events/mode", get(things::mode).post(things::set_mode))
        .route("/events/release", post(things::release))
        .route("/events/settle", post(things::settle))
        .route("/schedule", post(things::schedule))
        .route("/lifecycle", post(things::lifecycle))
        .route("/start", post(things::start))
        .route("/clock", post(things::clock))
        .route("/ahead", post(things::ahead))
        .route("/edge", get(things::edge).post(things::set_edge))
        .route("/bridge", post(things::bridge))
        .route("/license", post(things::license))
        .route("/ledger", get(things::ledger))
        .route("/mail", get(things::mail))
        .route("/requests", get(things::requests).delete(things::forget_requests))
        .route("/csp-reports", get(things::csp_reports))
        .route("/page", post(pages::create))
        .route("/pages/many", post(pages::many))
        .route("/page/{id}", get(pages::show))
        .route("/page/{id}/move", post(pages::relocate))
        .route("/page/{id}/labels", post(pages::labels))
        .route("/page/{id}/edit", post(pages::edit))
        .route("/page/{id}/copy", post(pages::copy))
        .route("/page/{id}/trash", post(pages::trash))
        .route("/page/{id}/delete", post(pages::delete))
        .route("/page/{id}/restrict", post(pages::restrict))
        .route("/page/{id}/attach", post(pages::attach))
        .route("/page/{id}/detach", post(pages::detach))
        .route("/property", get(pages::property).post(pages::forge_property))
        .route("/property/copy", post(pages::copy_property))
        .fallback(|| async { error(StatusCode::NOT_FOUND, "There is no such control call.") })
}

fn done(value: Value) -> Response {
    Json(value).into_response()
}

fn error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}

fn refused(why: Refusal) -> Response {
    match why {
        Refusal::NotFound => error(StatusCode::NOT_FOUND, "There is no such page, space or attachment."),
        Refusal::Conflict(message) => error(StatusCode::CONFLICT, &message),
        Refusal::Invalid(message) => error(StatusCode::UNPROCESSABLE_ENTITY, &message),
    }
}

/// The site meant.
fn site_of(given: Option<String>) -> String {
    given.unwrap_or_else(|| app::SITE.to_owned())
}
