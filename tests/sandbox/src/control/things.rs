//! Control calls about everything but pages.

use super::{done, error, site_of};
use crate::app::Module;
use crate::bridge::{self, Frame};
use crate::faults::Fault;
use crate::fit::{self as invocation, Caller};
use crate::model::{Group, Person, Space};
use crate::platform::{self, Mode};
use crate::rights::Principal;
use crate::sandbox::Sandbox;
use crate::{clock as time, tokens};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

type Shared = State<Arc<Sandbox>>;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Params {
    site: Option<String>,
    account: Option<String>,
    seconds: Option<i64>,
    id: Option<u64>,
    n: Option<u64>,
    ms: Option<u64>,
    to: Option<String>,
    kind: Option<String>,
    page: Option<String>,
    url: Option<String>,
}

pub(super) async fn reset(State(sandbox): Shared) -> Response {
    sandbox.reset();
    done(json!({}))
}

pub(super) async fn token(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    let Some(account) = params.account else { return error(StatusCode::BAD_REQUEST, "account is missing") };
    let exp = time::seconds() + params.seconds.unwrap_or(tokens::USER_SECONDS);
    let token = tokens::issue(&sandbox.keys, &site_of(params.site), &Principal::Person(account), exp);
    done(json!({ "token": token, "exp": exp }))
}

pub(super) async fn app_token(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    let exp = time::seconds() + params.seconds.unwrap_or(tokens::APP_SECONDS);
    done(json!({ "token": tokens::issue(&sandbox.keys, &site_of(params.site), &Principal::App, exp), "exp": exp }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    site: Option<String>,
    account: Option<String>,
    module: Option<String>,
    page: Option<String>,
    space: Option<String>,
    endpoint: Option<String>,
    claims: Option<Value>,
    header: Option<Value>,
}

pub(super) async fn fit(State(sandbox): Shared, Json(wanted): Json<Wanted>) -> Response {
    let site = site_of(wanted.site);
    let claims = sandbox.look(|world| {
        let at = world.sites.get(&site).ok_or("There is no such site.")?;
        if let Some(endpoint) = &wanted.endpoint {
            return Ok(invocation::claims(at, &sandbox.api(&site), &Caller::Platform { endpoint }));
        }
        let frame = Frame {
            module: wanted.module.unwrap_or_else(|| Module::Macro.key().to_owned()),
            page: wanted.page,
            space: wanted.space,
            modal: None,
        };
        let account = wanted.account.ok_or("account (or endpoint) is missing")?;
        bridge::claims(&sandbox, at, &account, &frame)
    });
    let mut claims = match claims {
        Ok(claims) => claims,
        Err(why) => return error(StatusCode::UNPROCESSABLE_ENTITY, &why),
    };
    if let Some(patch) = &wanted.claims {
        invocation::merge(&mut claims, patch);
    }
    let mut header = json!({ "alg": "RS256", "kid": sandbox.keys.kid() });
    if let Some(patch) = &wanted.header {
        invocation::merge(&mut header, patch);
    }
    done(json!({ "token": sandbox.keys.sign(&header, &claims), "claims": claims, "header": header }))
}

pub(super) async fn key(State(sandbox): Shared) -> Response {
    done(json!({ "kid": sandbox.keys.kid(), "pem": sandbox.keys.pem() }))
}

pub(super) async fn people(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    let site = site_of(params.site);
    done(json!(sandbox.look(|world| world.sites.get(&site).map(|site| site.people.clone()))))
}

pub(super) async fn put_person(
    State(sandbox): Shared,
    Query(params): Query<Params>,
    Json(person): Json<Person>,
) -> Response {
    let site = site_of(params.site);
    sandbox.change(|world| {
        let Some(site) = world.sites.get_mut(&site) else { return };
        site.people.retain(|one| one.account_id != person.account_id);
        site.people.push(person);
    });
    done(json!({}))
}

/// Changes what is named, as RFC 7396 says.
pub(super) async fn change_person(
    State(sandbox): Shared,
    Path(account): Path<String>,
    Query(params): Query<Params>,
    Json(patch): Json<Value>,
) -> Response {
    let site = site_of(params.site);
    sandbox.change(|world| {
        let people = world.sites.get_mut(&site).map(|site| &mut site.people);
        let person = people.and_then(|people| people.iter_mut().find(|person| person.account_id == account));
        let Some(person) = person else { return error(StatusCode::NOT_FOUND, "There is no such person.") };
        let mut changed = json!(person);
        invocation::merge(&mut changed, &patch);
        match serde_json::from_value::<Person>(changed).map(|changed| Person { account_id: account, ..changed }) {
            Ok(changed) => {
                let made = json!(changed);
                *person = changed;
                done(made)
            }
            Err(why) => error(StatusCode::UNPROCESSABLE_ENTITY, &why.to_string()),
        }
    })
}

pub(super) async fn groups(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    let site = site_of(params.site);
    done(json!(sandbox.look(|world| world.sites.get(&site).map(|site| site.groups.clone()))))
}

pub(super) async fn put_group(
    State(sandbox): Shared,
    Query(params): Query<Params>,
    Json(group): Json<Group>,
) -> Response {
    let site = site_of(params.site);
    sandbox.change(|world| {
        let Some(site) = world.sites.get_mut(&site) else { return };
        site.groups.retain(|one| one.id != group.id);
        site.groups.push(group);
    });
    done(json!({}))
}

pub(super) async fn put_space(
    State(sandbox): Shared,
    Query(params): Query<Params>,
    Json(space): Json<Space>,
) -> Response {
    let site = site_of(params.site);
    sandbox.change(|world| {
        let Some(site) = world.sites.get_mut(&site) else { return };
        site.spaces.retain(|one| one.id != space.id);
        site.spaces.push(space);
    });
    done(json!({}))
}

pub(super) async fn faults(State(sandbox): Shared) -> Response {
    done(json!(sandbox.faults.list()))
}

pub(super) async fn add_fault(State(sandbox): Shared, Json(fault): Json<Fault>) -> Response {
    done(json!({ "id": sandbox.faults.add(fault) }))
}

pub(super) async fn clear_faults(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    sandbox.faults.clear(params.id);
    done(json!({}))
}

pub(super) async fn events(State(sandbox): Shared) -> Response {
    done(json!(sandbox.platform.items()))
}

pub(super) async fn mode(State(sandbox): Shared) -> Response {
    done(json!(sandbox.platform.mode()))
}

/// Sets what is named and leaves the rest. `mode` may be given as `hold` or `deliver` too.
pub(super) async fn set_mode(State(sandbox): Shared, Json(mut patch): Json<Value>) -> Response {
    if let Some(word) = patch.as_object_mut().and_then(|patch| patch.remove("mode")) {
        invocation::merge(&mut patch, &json!({ "hold": word == "hold" }));
    }
    let mut mode = json!(sandbox.platform.mode());
    invocation::merge(&mut mode, &patch);
    match serde_json::from_value::<Mode>(mode) {
        Ok(mode) => {
            sandbox.platform.set_mode(mode.clone());
            done(json!(mode))
        }
        Err(why) => error(StatusCode::UNPROCESSABLE_ENTITY, &why.to_string()),
    }
}

pub(super) async fn release(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    done(json!({ "released": sandbox.platform.release(params.n) }))
}

pub(super) async fn settle(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    done(json!({ "settled": sandbox.platform.settle(Duration::from_millis(params.ms.unwrap_or(10_000))).await }))
}

pub(super) async fn schedule(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    match platform::schedule(&sandbox, &site_of(params.site)).await {
        Ok(()) => done(json!({ "taken": true })),
        Err(why) => done(json!({ "taken": false, "reason": why.reason, "why": why.text })),
    }
}

pub(super) async fn lifecycle(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    let kind = params.kind.unwrap_or_else(|| "avi:forge:installed:app".to_owned());
    platform::lifecycle(&sandbox, &site_of(params.site), &kind);
    done(json!({}))
}

pub(super) async fn start(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    done(platform::start(&sandbox, &site_of(params.site)).await)
}

pub(super) async fn clock(State(sandbox): Shared) -> Response {
    match platform::clock(&sandbox).await {
        Ok(()) => done(json!({ "fired": true })),
        Err(why) => done(json!({ "fired": false, "why": why })),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ahead {
    ms: i64,
}

pub(super) async fn ahead(Json(ahead): Json<Ahead>) -> Response {
    time::set_ahead(ahead.ms);
    done(json!({}))
}

pub(super) async fn edge(State(sandbox): Shared) -> Response {
    done(json!({ "url": sandbox.edge() }))
}

pub(super) async fn set_edge(State(sandbox): Shared, Json(params): Json<Params>) -> Response {
    match params.url.filter(|url| url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:")) {
        Some(url) => {
            sandbox.set_edge(&url);
            done(json!({ "url": sandbox.edge() }))
        }
        None => error(StatusCode::UNPROCESSABLE_ENTITY, "url must be an http address on this machine."),
    }
}

/// `{"refusalsAsErrors": true}`: how non-2xx answers of the remote are handed to the page.
pub(super) async fn bridge(State(sandbox): Shared, Json(body): Json<Value>) -> Response {
    let as_errors = body.get("refusalsAsErrors") == Some(&Value::Bool(true));
    sandbox.refusals_as_errors.store(as_errors, Ordering::Relaxed);
    done(json!({}))
}

/// The licence claim, such as `{"active": false}`; `null` for none.
pub(super) async fn license(State(sandbox): Shared, Query(params): Query<Params>, Json(body): Json<Value>) -> Response {
    let site = site_of(params.site);
    sandbox.change(|world| {
        if let Some(site) = world.sites.get_mut(&site) {
            site.license = (!body.is_null()).then_some(body);
        }
    });
    done(json!({}))
}

pub(super) async fn ledger(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    done(sandbox.look(|world| {
        let fits =
            |wanted: &Option<String>, have: Option<&str>| wanted.as_deref().is_none_or(|want| have == Some(want));
        let entries = world.ledger.iter().filter(|entry| {
            fits(&params.kind, Some(&entry.kind))
                && fits(&params.page, entry.page.as_deref())
                && fits(&params.account, Some(&entry.by))
                && fits(&params.site, entry.site.as_deref())
        });
        json!(entries.collect::<Vec<_>>())
    }))
}

pub(super) async fn mail(State(sandbox): Shared, Query(params): Query<Params>) -> Response {
    done(sandbox.look(|world| {
        let mine = world.mails.iter().filter(|mail| params.to.as_ref().is_none_or(|to| mail.to.contains(to)));
        json!(mine.collect::<Vec<_>>())
    }))
}

pub(super) async fn requests(State(sandbox): Shared) -> Response {
    done(json!(sandbox.calls()))
}

pub(super) async fn forget_requests(State(sandbox): Shared) -> Response {
    sandbox.forget_calls();
    done(json!({}))
}

pub(super) async fn csp_reports(State(sandbox): Shared) -> Response {
    done(json!(*sandbox.violations.lock()))
}
