//! The host's side of Forge's bridge: what the page asks for through it is done here, as the person looking.

use crate::app::{self, Module};
use crate::fit::{self, Caller};
use crate::model::{Person, Site};
use crate::rest::{self, Asked};
use crate::rights::{self, Principal};
use crate::sandbox::Sandbox;
use crate::{clock, random};
use axum::http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use std::time::Duration;

const REQUEST_BYTES: usize = 500 * 1024;
const RESPONSE_BYTES: usize = 5 * 1024 * 1024;
const SECONDS: u64 = 25;
/// What a page sees when the remote says 401. Forge's own sentence.
const UNVERIFIED: &str = "Remote could not verify the Forge Invocation Token";

/// Which module a frame shows, and where.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Frame {
    /// The module's key.
    pub module: String,
    /// The page it is on.
    #[serde(default)]
    pub page: Option<String>,
    /// The space it is in.
    #[serde(default)]
    pub space: Option<String>,
    /// What the opener of a modal passed on.
    #[serde(default)]
    pub modal: Option<Value>,
}

/// Does one command for the person `account`. The error is what the caller's promise is rejected with.
pub(crate) async fn call(
    sandbox: &Sandbox,
    account: &str,
    frame: &Frame,
    cmd: &str,
    data: &Value,
) -> Result<Value, String> {
    let view = sandbox.look(|world| {
        let site = world.sites.get(app::SITE).ok_or("There is no site.")?;
        View::of(sandbox, site, account, frame)
    })?;
    match cmd {
        "getContext" => Ok(view.full),
        "invoke" => invoke(sandbox, &view, data).await,
        "fetchRemote" => fetch_remote(sandbox, &view, data).await,
        "fetchProduct" => fetch_product(sandbox, &view, data),
        _ => Err(format!("unsupported_bridge_call {cmd}")),
    }
}

/// The claims of an invocation token for a frame, on any site.
pub(crate) fn claims(sandbox: &Sandbox, site: &Site, account: &str, frame: &Frame) -> Result<Value, String> {
    View::of(sandbox, site, account, frame).map(|view| view.claims)
}

/// What is known about a frame and who looks at it.
struct View {
    account: String,
    guest: bool,
    claims: Value,
    full: Value,
}

impl View {
    fn of(sandbox: &Sandbox, site: &Site, account: &str, frame: &Frame) -> Result<Self, String> {
        let person = site.person(account).filter(|person| !person.app).ok_or("Nobody is signed in.")?;
        let module = Module::by_key(&frame.module).ok_or_else(|| format!("There is no module {}.", frame.module))?;
        let extension = extension(site, person, module, frame)?;
        let place = frame.page.as_deref().or(frame.space.as_deref()).unwrap_or("global");
        let account_type = if person.guest { "unlicensed" } else { "licensed" };
        let mut context = json!({
            "cloudId": site.cloud_id,
            "localId": random::uuid_of(&format!("{}/{}/{place}", site.cloud_id, frame.module)),
            "moduleKey": frame.module,
            "siteUrl": sandbox.site_url(&site.cloud_id),
            "environmentId": app::ENVIRONMENT,
            "environmentType": "DEVELOPMENT",
            "accountType": account_type,
            "accountId": account,
            "userAccess": { "enabled": false, "hasAccess": true },
            "extension": extension,
        });
        let caller = Caller::Ui { account, module, context: context.clone() };
        let claims = fit::claims(site, &sandbox.api(&site.cloud_id), &caller);
        // The typed front-end context knows no account type, and more about how things should look.
        fit::merge(
            &mut context,
            &json!({ "accountType": null, "locale": "en-GB", "timezone": "Europe/Vienna", "license": site.license }),
        );
        if let Some(modal) = &frame.modal {
            fit::merge(&mut context, &json!({ "extension": { "modal": modal } }));
        }
        Ok(Self { account: account.to_owned(), guest: person.guest, claims, full: context })
    }
}

/// The part of the context that says where the module is shown. Refused where the person could not open it.
fn extension(site: &Site, person: &Person, module: Module, frame: &Frame) -> Result<Value, String> {
    match module {
        Module::Macro | Module::Byline => {
            let page = frame.page.as_deref().and_then(|id| id.parse().ok()).and_then(|id: u64| site.pages.get(&id));
            let page = page.ok_or("The frame is on no page.")?;
            if !rights::may_view(site, page, &Principal::Person(person.account_id.clone())) {
                return Err("The person may not view this page.".to_owned());
            }
            let space = site.space(page.space).ok_or("The page is in no space.")?;
            let content = json!({ "id": page.id.to_string(), "type": "page", "subtype": null });
            let space = json!({ "id": space.id.to_string(), "key": space.key });
            Ok(if module == Module::Macro {
                json!({
                    "type": "macro", "content": content, "space": space, "isEditing": false, "references": [],
                    "config": {},
                })
            } else {
                json!({ "type": module.kind(), "content": content, "space": space, "isEditing": false })
            })
        }
        Module::Space => {
            let id = frame.space.as_deref().and_then(|id| id.parse().ok());
            let space = id.and_then(|id| site.space(id)).ok_or("The frame is in no space.")?;
            Ok(json!({ "type": module.kind(), "space": { "id": space.id.to_string(), "key": space.key } }))
        }
        Module::Settings if person.admin => Ok(json!({ "type": module.kind() })),
        Module::Settings => Err("Only administrators can open the settings of an app.".to_owned()),
    }
}

/// `invokeRemote`: through Forge's proxy, with all tokens.
async fn invoke(sandbox: &Sandbox, view: &View, data: &Value) -> Result<Value, String> {
    if data.get("invokeType").and_then(Value::as_str) != Some("ui-remote-fetch") {
        return Err("unsupported_bridge_call invoke of a function: this app has only a remote".to_owned());
    }
    let body = data.get("body").filter(|body| !body.is_null());
    if body.is_some_and(|body| !body.is_object()) {
        return Err("invokeRemote: the body must be an object".to_owned());
    }
    let body = body.map(Value::to_string);
    if body.as_ref().is_some_and(|body| body.len() > REQUEST_BYTES) {
        return Err("invokeRemote: the request is larger than 500 KB".to_owned());
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in data.get("headers").and_then(Value::as_object).into_iter().flatten() {
        headers.push((name.to_lowercase(), value.as_str().unwrap_or_default().to_owned()));
    }
    let mut own = vec![
        ("x-forge-oauth-system".to_owned(), sandbox.token(app::SITE, &Principal::App)),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    if !view.guest {
        own.push(("x-forge-oauth-user".to_owned(), sandbox.token(app::SITE, &Principal::Person(view.account.clone()))));
    }
    let answer = send(sandbox, view, data, headers, own, body).await?;
    if answer.body.len() > RESPONSE_BYTES {
        return Err("invokeRemote: the response is larger than 5 MB".to_owned());
    }
    if (300..400).contains(&answer.status) {
        return Err("invokeRemote: the remote answered with a redirect".to_owned());
    }
    let mut headers = json!({});
    for (name, value) in &answer.headers {
        match headers.get_mut(name).and_then(Value::as_array_mut) {
            Some(values) => values.push(json!(value)),
            None => fit::merge(&mut headers, &json!({ name: [value] })),
        }
    }
    let mut payload = json!({ "status": answer.status, "headers": headers });
    if !answer.body.is_empty() {
        let parsed: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| format!("invokeRemote: the remote's answer ({}) is not JSON", answer.status))?;
        if let Some(payload) = payload.as_object_mut() {
            payload.insert("body".to_owned(), parsed);
        }
    }
    let refused = !(200..300).contains(&answer.status);
    Ok(if refused && sandbox.refusals_as_errors.load(Ordering::Relaxed) {
        json!({ "success": false, "error": payload })
    } else {
        json!({ "success": true, "payload": payload })
    })
}

/// `requestRemote`: straight to the remote, with the invocation token and nothing else.
async fn fetch_remote(sandbox: &Sandbox, view: &View, data: &Value) -> Result<Value, String> {
    let init = data.get("fetchRequestInit").ok_or("fetchRemote: fetchRequestInit is missing")?;
    let body = init.get("body").and_then(Value::as_str).map(str::to_owned);
    let answer = send(sandbox, view, init, pairs(init), Vec::new(), body).await?;
    Ok(fetched(answer.status, answer.headers, &String::from_utf8_lossy(&answer.body)))
}

/// `requestConfluence`: the REST API with the person's own rights.
fn fetch_product(sandbox: &Sandbox, view: &View, data: &Value) -> Result<Value, String> {
    if view.guest {
        return Err("requestConfluence is not available to unlicensed users".to_owned());
    }
    if data.get("product").and_then(Value::as_str) != Some("confluence") {
        return Err("unsupported_bridge_call fetchProduct of another product".to_owned());
    }
    let path = data.get("restPath").and_then(Value::as_str).ok_or("fetchProduct: restPath is missing")?;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let init = data.get("fetchRequestInit").cloned().unwrap_or_default();
    let body = init.get("body").and_then(Value::as_str).and_then(|body| serde_json::from_str(body).ok());
    let who = Principal::Person(view.account.clone());
    let method = init.get("method").and_then(Value::as_str).unwrap_or("GET").to_uppercase();
    let asked = Asked { site: app::SITE, who: &who, method: &method, path, query, body };
    let answer = rest::through_bridge(sandbox, &asked);
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let body = answer.body.map(|body| body.to_string()).unwrap_or_default();
    Ok(fetched(answer.status, headers, &body))
}

fn fetched(status: u16, headers: Vec<(String, String)>, body: &str) -> Value {
    let reason = axum::http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let headers: serde_json::Map<String, Value> =
        headers.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    json!({ "body": body, "headers": headers, "status": status, "statusText": reason.unwrap_or_default() })
}

fn pairs(init: &Value) -> Vec<(String, String)> {
    let list = init.get("headers").and_then(Value::as_array);
    let pair = |entry: &Value| {
        Some((entry.get(0)?.as_str()?.to_lowercase(), entry.get(1)?.as_str().unwrap_or_default().to_owned()))
    };
    list.into_iter().flatten().filter_map(pair).collect()
}

struct Answered {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Calls the edge. `given` comes from the page and may say anything but who is calling; `own` is laid over it.
async fn send(
    sandbox: &Sandbox,
    view: &View,
    data: &Value,
    given: Vec<(String, String)>,
    own: Vec<(String, String)>,
    body: Option<String>,
) -> Result<Answered, String> {
    let path = data.get("path").and_then(Value::as_str).filter(|path| path.starts_with('/'));
    let path = path.ok_or("The path must begin with a slash")?;
    let method = data.get("method").and_then(Value::as_str).unwrap_or("GET").to_uppercase();
    let method = method.parse().map_err(|_| format!("{method} is no method"))?;
    let mut request = reqwest::Request::new(
        method,
        format!("{}{path}", sandbox.edge()).parse().map_err(|why| format!("The path can't be used: {why}"))?,
    );
    // A token is good for seconds only: its times are those of this call.
    let mut claims = view.claims.clone();
    let now = clock::seconds();
    let times = json!({ "iat": now, "nbf": now, "exp": now + fit::SECONDS, "jti": random::hex::<20>() });
    fit::merge(&mut claims, &times);
    let kept =
        |name: &str| !["authorization", "host", "content-length", "connection", "transfer-encoding"].contains(&name);
    let always = [
        ("authorization".to_owned(), format!("Bearer {}", fit::sign(&sandbox.keys, &claims))),
        ("x-b3-traceid".to_owned(), random::hex::<16>()),
        ("x-b3-spanid".to_owned(), random::hex::<8>()),
    ];
    for (name, value) in given.into_iter().filter(|(name, _)| kept(name)).chain(own).chain(always) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            request.headers_mut().insert(name, value);
        }
    }
    *request.body_mut() = body.map(reqwest::Body::from);
    *request.timeout_mut() = Some(Duration::from_secs(SECONDS));
    let answer = sandbox.http.execute(request).await.map_err(|why| {
        if why.is_timeout() {
            "The remote did not answer in time".to_owned()
        } else {
            "The remote could not be reached".to_owned()
        }
    })?;
    let status = answer.status().as_u16();
    if status == 401 {
        return Err(UNVERIFIED.to_owned());
    }
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())
    };
    let headers = answer.headers().iter().map(text).collect();
    let body = answer.bytes().await.map_err(|_| "The remote's answer broke off".to_owned())?.to_vec();
    Ok(Answered { status, headers, body })
}
