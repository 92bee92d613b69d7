//! Confluence's REST API, as far as the edge uses it, in the shapes of Atlassian's own descriptions.

mod answer;
mod content;
mod group;
mod label;
mod list;
mod media;
mod page;
mod paging;
mod property;
mod search;
mod user;

pub(crate) use answer::Answer;
pub(crate) use media::file;

use crate::rights::Principal;
use crate::sandbox::{Call, Sandbox};
use crate::{clock, tokens};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use serde_json::Value;
use std::sync::Arc;

/// A call, understood as far as its envelope goes.
pub(crate) struct Asked<'a> {
    /// The cloud id.
    pub site: &'a str,
    /// Whose rights it has.
    pub who: &'a Principal,
    /// The method.
    pub method: &'a str,
    /// The path from `/wiki` on.
    pub path: &'a str,
    /// The query string.
    pub query: &'a str,
    /// The body, if it is JSON.
    pub body: Option<Value>,
}

impl Asked<'_> {
    /// A query parameter.
    #[must_use]
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        param(self.query, name)
    }

    /// Whether a parameter says `true`.
    #[must_use]
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.param(name).as_deref() == Some("true")
    }
}

/// A parameter of a query string; values given several times are joined by commas.
#[must_use]
pub(crate) fn param(query: &str, name: &str) -> Option<String> {
    let uri: Uri = format!("/?{query}").parse().ok()?;
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
    let values: Vec<String> = pairs.0.into_iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// `/ex/confluence/{cloudId}/…`
pub(crate) async fn remote(
    State(sandbox): State<Arc<Sandbox>>,
    Path((site, path)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = format!("/{path}");
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    let who = bearer
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(|token| tokens::read(&sandbox.keys, &site, token, clock::seconds()));
    // The token of an account that was deactivated is good for nothing.
    let who = who.map(|who| who.filter(|who| !sandbox.look(|world| world.has_deactivated(&site, who.account()))));
    let json: Option<Value> = serde_json::from_slice(&body).ok();
    let query = uri.query().unwrap_or_default();
    let acting = who.clone().flatten();
    let nobody = Principal::App;
    let asked = Asked {
        site: &site,
        who: acting.as_ref().unwrap_or(&nobody),
        method: method.as_str(),
        path: &path,
        query,
        body: json,
    };
    let answer = match &who {
        // The gateway answers a missing credential one way, and a rejected one as each API's age has it.
        Some(None) if path.starts_with("/wiki/api/v2/") => Answer::not_found(&path),
        None | Some(None) => Answer::unauthorized(&path),
        Some(Some(_)) => answer(&sandbox, &asked),
    };
    note(&sandbox, "remote", acting.as_ref(), &asked, &answer);
    answer.into_response()
}

/// A call made through the bridge, as the person looking.
pub(crate) fn through_bridge(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let answer = answer(sandbox, asked);
    note(sandbox, "bridge", Some(asked.who), asked, &answer);
    answer
}

fn answer(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    if sandbox.look(|world| !world.sites.contains_key(asked.site)) {
        return Answer::not_found(asked.path);
    }
    let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    match (asked.method, parts.as_slice()) {
        ("GET", ["wiki", "api", "v2", "pages"]) => list::of_site(sandbox, asked),
        ("GET", ["wiki", "api", "v2", "pages", id]) => page::get(sandbox, asked, id),
        ("PUT", ["wiki", "api", "v2", "pages", id]) => page::put(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "operations"]) => page::operations(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "versions"]) => page::versions(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "attachments"]) => page::attachments(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "labels"]) => label::of_page(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "ancestors"]) => list::ancestors(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "descendants"]) => list::descendants(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "properties"]) => property::list(sandbox, asked, id),
        ("POST", ["wiki", "api", "v2", "pages", id, "properties"]) => property::create(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "pages", id, "properties", property]) => {
            property::get(sandbox, asked, id, property)
        }
        ("PUT", ["wiki", "api", "v2", "pages", id, "properties", property]) => {
            property::put(sandbox, asked, id, property)
        }
        ("DELETE", ["wiki", "api", "v2", "pages", id, "properties", property]) => {
            property::delete(sandbox, asked, id, property)
        }
        ("GET", ["wiki", "api", "v2", "labels", id, "pages"]) => list::of_label(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "spaces", id, "pages"]) => list::of_space(sandbox, asked, id),
        ("GET", ["wiki", "api", "v2", "spaces", id, "operations"]) => page::space_operations(sandbox, asked, id),
        ("POST", ["wiki", "api", "v2", "users-bulk"]) => user::statuses(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "label"]) => label::by_name(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "group", "by-id"]) => group::by_id(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "group", "picker"]) => group::picker(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "group", id, "membersByGroupId"]) => group::members(sandbox, asked, id),
        ("GET", ["wiki", "rest", "api", "search", "user"]) => search::people(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "user"]) => user::get(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "user", "bulk"]) => user::bulk(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "user", "current"]) => user::current(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "user", "email"]) => user::email(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "user", "email", "bulk"]) => user::emails(sandbox, asked),
        ("GET", ["wiki", "rest", "api", "user", "memberof"]) => user::member_of(sandbox, asked),
        ("POST", ["wiki", "rest", "api", "content", id, "permission", "check"]) => {
            content::permission_check(sandbox, asked, id)
        }
        ("GET", ["wiki", "rest", "api", "content", id, "child", "attachment", attachment, "download"]) => {
            media::download(sandbox, asked, id, attachment)
        }
        _ => {
            eprintln!("sandbox: UNKNOWN REST CALL {} {}", asked.method, asked.path);
            Answer::not_found(asked.path)
        }
    }
}

fn note(sandbox: &Sandbox, via: &'static str, who: Option<&Principal>, asked: &Asked<'_>, answer: &Answer) {
    sandbox.remember(Call {
        n: 0,
        at: clock::iso(clock::millis()),
        site: asked.site.to_owned(),
        account: who.map(|who| who.account().to_owned()),
        via,
        method: asked.method.to_owned(),
        path: asked.path.to_owned(),
        query: asked.query.to_owned(),
        status: answer.status,
        request: asked.body.clone(),
        response: answer.body.clone(),
    });
}
