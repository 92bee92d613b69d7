//! The sandbox as its callers see it, over its own router.

mod lists;

use crate::keys::tests::keys;
use crate::platform::{Mode, Progress, RETRIES};
use crate::rights::Principal;
use crate::sandbox::{Sandbox, Setup};
use crate::{app, clock, edit, platform, serve, site_router, tokens};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

const AUTHOR: &str = "712020:author";

fn sandbox(edge: &str) -> Arc<Sandbox> {
    let setup = Setup {
        site: "http://site".to_owned(),
        assets: "http://assets".to_owned(),
        dist: PathBuf::new(),
        csp: BTreeMap::new(),
        tokens_css: String::new(),
        world_file: None,
    };
    Sandbox::new(setup, keys(), edge.to_owned())
}

fn person(account: &str) -> Principal {
    Principal::Person(account.to_owned())
}

/// One REST call; `token` as it stands in the header.
async fn rest(
    sandbox: &Arc<Sandbox>,
    token: Option<&str>,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let mut request = Request::builder().method(method).uri(format!("/ex/confluence/{}{path}", app::SITE));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let response = site_router(sandbox).oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn a_bad_token_is_answered_as_each_api_does() {
    let sandbox = sandbox("");
    let (v2, v1) = ("/wiki/api/v2/pages/98305", "/wiki/rest/api/user/current");
    let other_site = tokens::issue(&sandbox.keys, app::OTHER_SITE, &person(AUTHOR), clock::seconds() + 60);
    let old = tokens::issue(&sandbox.keys, app::SITE, &person(AUTHOR), clock::seconds());
    for bad in ["nonsense", &other_site, &old] {
        assert_eq!(rest(&sandbox, Some(bad), "GET", v2, None).await.0, 404);
        assert_eq!(rest(&sandbox, Some(bad), "GET", v1, None).await.0, 401);
    }
    assert_eq!(rest(&sandbox, None, "GET", v2, None).await.0, 401);
    assert_eq!(rest(&sandbox, None, "GET", v1, None).await.0, 401);
    let good = sandbox.token(app::SITE, &person(AUTHOR));
    assert_eq!(rest(&sandbox, Some(&good), "GET", v2, None).await.0, 200);
    assert_eq!(rest(&sandbox, Some(&good), "GET", v1, None).await.1["accountId"], AUTHOR);
}

#[tokio::test]
async fn the_list_leaves_out_what_may_not_be_seen() {
    let sandbox = sandbox("");
    sandbox.change(|world| {
        let page = world.sites.get_mut(app::SITE).unwrap().pages.get_mut(&98306).unwrap();
        page.restriction =
            Some(crate::model::Restriction { accounts: [AUTHOR.to_owned()].into(), ..Default::default() });
    });
    let ids = async |account: &str| {
        let token = sandbox.token(app::SITE, &person(account));
        let (_, body) = rest(&sandbox, Some(&token), "GET", "/wiki/api/v2/pages?id=98305,98306", None).await;
        body["results"].as_array().unwrap().iter().map(|page| page["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(AUTHOR).await, ["98305", "98306"]);
    assert_eq!(ids("712020:viewer").await, ["98305"]);
}

#[tokio::test]
async fn a_list_is_read_to_its_end_by_its_cursor() {
    let sandbox = sandbox("");
    let token = sandbox.token(app::SITE, &Principal::App);
    let mut path = "/wiki/api/v2/pages?limit=2".to_owned();
    let mut titles = Vec::new();
    for _ in 0..5 {
        let (_, body) = rest(&sandbox, Some(&token), "GET", &path, None).await;
        titles.extend(body["results"].as_array().unwrap().iter().map(|page| page["title"].to_string()));
        match body["_links"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(titles.len(), 5, "{titles:?}");
}

#[tokio::test]
async fn a_property_is_written_version_by_version() {
    let sandbox = sandbox("");
    let token = sandbox.token(app::SITE, &Principal::App);
    let all = "/wiki/api/v2/pages/98305/properties";
    let made = json!({ "key": "k", "value": { "title": "Draft" } });
    let (status, property) = rest(&sandbox, Some(&token), "POST", all, Some(made.clone())).await;
    assert_eq!((status, &property["version"]["number"]), (200, &json!(1)));
    assert_eq!(rest(&sandbox, Some(&token), "POST", all, Some(made)).await.0, 409, "the key is taken");
    let one = format!("{all}/{}", property["id"].as_str().unwrap());
    let put = |number: u32| json!({ "key": "k", "value": { "title": "Approved" }, "version": { "number": number } });
    assert_eq!(rest(&sandbox, Some(&token), "PUT", &one, Some(put(1))).await.0, 409);
    assert_eq!(rest(&sandbox, Some(&token), "PUT", &one, Some(put(2))).await.0, 200);
    let viewer = sandbox.token(app::SITE, &person("712020:viewer"));
    assert_eq!(rest(&sandbox, Some(&viewer), "PUT", &one, Some(put(3))).await.0, 403);
    let (_, found) = rest(&sandbox, Some(&viewer), "GET", &format!("{all}?key=k"), None).await;
    assert_eq!(found["results"][0]["value"]["title"], "Approved");
    assert_eq!(sandbox.look(|world| world.ledger.len()), 2, "refused writes leave no trace");
    assert_eq!(rest(&sandbox, Some(&token), "DELETE", &one, None).await.0, 204);
}

#[tokio::test]
async fn only_the_app_learns_addresses_and_others_rights() {
    let sandbox = sandbox("");
    let (mine, ours) = (sandbox.token(app::SITE, &person(AUTHOR)), sandbox.token(app::SITE, &Principal::App));
    let path = "/wiki/rest/api/user/email?accountId=712020:guest";
    assert_eq!(rest(&sandbox, Some(&mine), "GET", path, None).await.0, 401);
    assert_eq!(rest(&sandbox, Some(&ours), "GET", path, None).await.1["email"], "elena@partner.example");
    let path = "/wiki/rest/api/user/email/bulk?accountId=712020:guest,712020:nobody,712020:author";
    assert_eq!(rest(&sandbox, Some(&mine), "GET", path, None).await.0, 401);
    let (_, both) = rest(&sandbox, Some(&ours), "GET", path, None).await;
    assert_eq!(both.as_array().map(Vec::len), Some(2), "{both}");
    assert_eq!(both[0]["email"], "elena@partner.example");
    let path = "/wiki/rest/api/content/98305/permission/check";
    let ask = |operation: &str| {
        Some(json!({ "subject": { "type": "user", "identifier": "712020:guest" }, "operation": operation }))
    };
    assert_eq!(rest(&sandbox, Some(&mine), "POST", path, ask("read")).await.0, 403);
    assert_eq!(rest(&sandbox, Some(&ours), "POST", path, ask("read")).await.1["hasPermission"], true);
    assert_eq!(rest(&sandbox, Some(&ours), "POST", path, ask("update")).await.1["hasPermission"], false);
}

#[tokio::test]
async fn what_is_asked_is_remembered() {
    let sandbox = sandbox("");
    let token = sandbox.token(app::SITE, &person(AUTHOR));
    rest(&sandbox, Some(&token), "GET", "/wiki/api/v2/pages/98305?include-operations=true", None).await;
    let calls = sandbox.calls();
    assert_eq!((calls.len(), calls[0].status), (1, 200));
    assert_eq!(
        (calls[0].path.as_str(), calls[0].query.as_str()),
        ("/wiki/api/v2/pages/98305", "include-operations=true")
    );
    assert_eq!(calls[0].account.as_deref(), Some(AUTHOR));
}

/// An edge that refuses the first calls and keeps what it was sent.
#[derive(Clone, Default)]
struct Edge {
    refusals: Arc<Mutex<Vec<u16>>>,
    seen: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

impl Edge {
    async fn listen(&self) -> String {
        let listener = serve::bind(0, "edge", "").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let take = async |State(edge): State<Self>, headers: HeaderMap, axum::Json(body): axum::Json<Value>| {
            edge.seen.lock().push((headers, body));
            let refusal = edge.refusals.lock().pop();
            refusal.map_or(StatusCode::OK, |status| StatusCode::from_u16(status).unwrap())
        };
        tokio::spawn(serve::serve(listener, Router::new().route("/forge/events", post(take)).with_state(self.clone())));
        address
    }

    fn versions(&self) -> Vec<Value> {
        self.seen.lock().iter().map(|(_, body)| body["content"]["version"]["number"].clone()).collect()
    }
}

fn edit_page(sandbox: &Sandbox) {
    let draft = edit::Draft { title: "T".to_owned(), body: "<p>x</p>".to_owned(), message: String::new() };
    sandbox.act(app::SITE, false, |world| edit::publish(world, app::SITE, 98305, AUTHOR, draft, None)).unwrap();
}

async fn with_edge(mode: Mode, refusals: &[u16]) -> (Arc<Sandbox>, Edge) {
    let edge = Edge::default();
    edge.refusals.lock().extend(refusals.iter().rev());
    let sandbox = sandbox(&edge.listen().await);
    sandbox.platform.set_mode(mode);
    tokio::spawn(platform::run(Arc::clone(&sandbox)));
    (sandbox, edge)
}

fn quick() -> Mode {
    Mode { retry_ms: 1, ..Mode::default() }
}

#[tokio::test]
async fn a_refused_event_is_repeated_with_the_reason() {
    let (sandbox, edge) = with_edge(quick(), &[401, 500]).await;
    edit_page(&sandbox);
    assert!(sandbox.platform.settle(Duration::from_secs(5)).await);
    let seen = edge.seen.lock().clone();
    let context = |n: usize| seen[n].1["retryContext"].clone();
    assert_eq!(context(0), Value::Null);
    assert_eq!(context(1), json!({ "retryCount": 1, "retryReason": "INVALID_FORGE_INVOCATION_TOKEN" }));
    assert_eq!(context(2), json!({ "retryCount": 2, "retryReason": "INVALID_REMOTE_INVOCATION_ERROR" }));
    let (headers, body) = &seen[2];
    assert_eq!(body["eventType"], "avi:confluence:updated:page");
    let system = headers["x-forge-oauth-system"].to_str().unwrap();
    assert_eq!(tokens::read(&sandbox.keys, app::SITE, system, clock::seconds() + 7200), Some(Principal::App));
    assert!(headers.get("x-forge-oauth-user").is_none());
}

#[tokio::test]
async fn an_event_is_given_up_after_the_last_repetition() {
    let (sandbox, edge) = with_edge(quick(), &[500; 20]).await;
    edit_page(&sandbox);
    assert!(sandbox.platform.settle(Duration::from_secs(5)).await);
    assert_eq!(sandbox.platform.items()[0].progress, Progress::Failed);
    assert_eq!(edge.seen.lock().len(), usize::try_from(RETRIES).unwrap() + 1);
}

#[tokio::test]
async fn events_are_held_and_released_doubled_and_turned_round() {
    let mode = Mode { hold: true, double: true, reorder: true, ..quick() };
    let (sandbox, edge) = with_edge(mode, &[]).await;
    edit_page(&sandbox);
    edit_page(&sandbox);
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert!(edge.seen.lock().is_empty(), "held back");
    assert_eq!(sandbox.platform.release(None), 2);
    assert!(sandbox.platform.settle(Duration::from_secs(5)).await);
    assert_eq!(edge.versions(), [3, 3, 2, 2]);
}

#[tokio::test]
async fn a_quiet_change_sends_no_event() {
    let sandbox = sandbox("");
    let draft = edit::Draft { title: "T".to_owned(), body: String::new(), message: String::new() };
    sandbox.act(app::SITE, true, |world| edit::publish(world, app::SITE, 98305, AUTHOR, draft, None)).unwrap();
    assert!(sandbox.platform.items().is_empty());
}

#[tokio::test]
async fn a_lost_answer_is_a_broken_connection_after_the_work() {
    let sandbox = sandbox("");
    let listener = serve::bind(0, "site", "").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve::serve(listener, site_router(&sandbox)));
    let fault = json!({ "method": "POST", "path": "/mail/emails", "times": 1, "kind": "lost" });
    sandbox.faults.add(serde_json::from_value(fault).unwrap());
    let send = || {
        let mail = json!({ "from": "a@example.com", "to": ["b@example.com"], "subject": "s", "text": "t" });
        let request = sandbox.http.post(format!("http://{address}/mail/emails")).bearer_auth("key");
        request.header("idempotency-key", "one").json(&mail).send()
    };
    assert!(send().await.is_err(), "the answer was lost");
    assert_eq!(send().await.unwrap().status(), 200);
    assert_eq!(sandbox.look(|world| world.mails.len()), 1, "the repetition is the same mail");
}
