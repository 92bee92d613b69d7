//! What the platform tells the app: product events, life-cycle events, the schedule.
//!
//! Events go out one after the other and are repeated up to four times, as Forge does; on request they are held back,
//! doubled or turned round, as nothing promises their order. Forge waits a minute between repetitions; here it is a
//! setting.

use crate::events::Event;
use crate::fit::{self, Caller};
use crate::rights::Principal;
use crate::sandbox::Sandbox;
use crate::{app, clock, random};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Repetitions after the first attempt.
pub(crate) const RETRIES: u32 = 4;
/// The app has this long to take an event.
const EVENT_SECONDS: u64 = 5;
/// The schedule and the life cycle may take longer.
const CALL_SECONDS: u64 = 55;

/// How events are delivered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Mode {
    /// Keep them until they are released.
    pub hold: bool,
    /// Deliver each twice.
    pub double: bool,
    /// Deliver what waits together in the opposite order.
    pub reorder: bool,
    /// Put the body under `payload`.
    pub wrapped: bool,
    /// Milliseconds between repetitions.
    pub retry_ms: u64,
}

impl Default for Mode {
    fn default() -> Self {
        Self { hold: false, double: false, reorder: false, wrapped: false, retry_ms: 3000 }
    }
}

/// How far an event got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Progress {
    /// Held back.
    Held,
    /// Next in line.
    Waiting,
    /// On its way.
    Underway,
    /// Refused, to be repeated.
    Retrying,
    /// Taken by the app.
    Delivered,
    /// Refused each time.
    Failed,
}

/// An event in the queue.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    /// 1, 2, 3 …
    pub n: u64,
    /// The cloud id.
    pub site: String,
    /// The event's name.
    pub kind: String,
    /// The endpoint it goes to.
    pub endpoint: &'static str,
    /// The path it is posted to.
    pub path: &'static str,
    /// The body, flat.
    pub body: Value,
    /// When, ISO 8601.
    pub at: String,
    /// How far it got.
    pub progress: Progress,
    /// How often it was sent.
    pub attempts: u32,
    /// What the last attempt led to.
    pub last: Option<String>,
}

#[derive(Default)]
struct Queue {
    mode: Mode,
    items: Vec<Item>,
    count: u64,
}

/// The queue.
#[derive(Default)]
pub(crate) struct Platform {
    queue: Mutex<Queue>,
    wake: Notify,
}

impl Platform {
    /// Queues a product event.
    pub(crate) fn event(&self, site: &str, event: Event) {
        self.push(site, event, "edge-events", "/forge/events", false);
    }

    fn push(&self, site: &str, event: Event, endpoint: &'static str, path: &'static str, at_once: bool) {
        let mut queue = self.queue.lock();
        queue.count += 1;
        let progress = if queue.mode.hold && !at_once { Progress::Held } else { Progress::Waiting };
        let n = queue.count;
        queue.items.push(Item {
            n,
            site: site.to_owned(),
            kind: event.kind,
            endpoint,
            path,
            body: event.body,
            at: clock::iso(clock::millis()),
            progress,
            attempts: 0,
            last: None,
        });
        drop(queue);
        self.wake.notify_one();
    }

    /// How events are delivered now.
    #[must_use]
    pub(crate) fn mode(&self) -> Mode {
        self.queue.lock().mode.clone()
    }

    /// Changes how events are delivered. Turning `hold` off releases nothing.
    pub(crate) fn set_mode(&self, mode: Mode) {
        self.queue.lock().mode = mode;
    }

    /// Everything queued so far, oldest first.
    #[must_use]
    pub(crate) fn items(&self) -> Vec<Item> {
        self.queue.lock().items.clone()
    }

    /// Lets held events go: all, or the one named. Says how many.
    pub(crate) fn release(&self, n: Option<u64>) -> usize {
        let mut queue = self.queue.lock();
        let held = queue.items.iter_mut().filter(|item| item.progress == Progress::Held);
        let released = held.filter(|item| n.is_none_or(|n| item.n == n)).map(|item| item.progress = Progress::Waiting);
        let released = released.count();
        drop(queue);
        self.wake.notify_one();
        released
    }

    /// Forgets everything.
    pub(crate) fn reset(&self) {
        let mut queue = self.queue.lock();
        queue.mode = Mode::default();
        queue.items.clear();
    }

    /// Waits until nothing is waiting, under way or to be repeated. Says whether that came in time.
    pub(crate) async fn settle(&self, within: Duration) -> bool {
        let end = tokio::time::Instant::now() + within;
        let busy = |item: &Item| matches!(item.progress, Progress::Waiting | Progress::Underway | Progress::Retrying);
        while self.queue.lock().items.iter().any(busy) {
            if tokio::time::Instant::now() > end {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        true
    }

    fn take(&self) -> Vec<Item> {
        let mut queue = self.queue.lock();
        let reorder = queue.mode.reorder;
        let waiting = queue.items.iter_mut().filter(|item| item.progress == Progress::Waiting);
        let mut taken: Vec<Item> = waiting
            .map(|item| {
                item.progress = Progress::Underway;
                item.clone()
            })
            .collect();
        if reorder {
            taken.reverse();
        }
        taken
    }

    /// Notes an attempt; says whether it has to be repeated.
    fn note(&self, n: u64, outcome: &Result<(), Refused>) -> bool {
        let mut queue = self.queue.lock();
        let Some(item) = queue.items.iter_mut().find(|item| item.n == n) else { return false };
        item.attempts += 1;
        item.last = Some(outcome.as_ref().map_or_else(|why| why.text.clone(), |()| "taken".to_owned()));
        item.progress = match outcome {
            Ok(()) => Progress::Delivered,
            Err(_) if item.attempts > RETRIES => Progress::Failed,
            Err(_) => Progress::Retrying,
        };
        item.progress == Progress::Retrying
    }

    fn again(&self, n: u64) {
        let mut queue = self.queue.lock();
        if let Some(item) = queue.items.iter_mut().find(|item| item.n == n) {
            item.progress = Progress::Waiting;
        }
        drop(queue);
        self.wake.notify_one();
    }
}

/// Why the app did not take a call.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// Forge's word for it.
    pub reason: &'static str,
    /// For people.
    pub text: String,
}

/// Delivers events for as long as the sandbox runs.
pub(crate) async fn run(sandbox: Arc<Sandbox>) {
    loop {
        sandbox.platform.wake.notified().await;
        // A change often brings several events; they are taken together so that they can be turned round.
        tokio::time::sleep(Duration::from_millis(20)).await;
        for item in sandbox.platform.take() {
            deliver(&sandbox, item).await;
        }
    }
}

async fn deliver(sandbox: &Arc<Sandbox>, item: Item) {
    let mode = sandbox.platform.mode();
    let mut body = item.body.clone();
    if item.attempts > 0 {
        let context = json!({ "retryContext": { "retryCount": item.attempts, "retryReason": last_reason(&item) } });
        fit::merge(&mut body, &context);
    }
    let body = if mode.wrapped { json!({ "payload": body }) } else { body };
    let seconds = if item.endpoint == "edge-events" { EVENT_SECONDS } else { CALL_SECONDS };
    let mut outcome = call(sandbox, &item.site, item.endpoint, item.path, &body, seconds).await;
    if mode.double && outcome.is_ok() {
        outcome = call(sandbox, &item.site, item.endpoint, item.path, &body, seconds).await;
    }
    if sandbox.platform.note(item.n, &outcome) {
        let sandbox = Arc::clone(sandbox);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(mode.retry_ms)).await;
            sandbox.platform.again(item.n);
        });
    }
}

fn last_reason(item: &Item) -> &'static str {
    match item.last.as_deref() {
        Some(text) if text.starts_with("401") => "INVALID_FORGE_INVOCATION_TOKEN",
        Some(text) if text.starts_with("no answer") => "TIMEOUT_ERROR",
        _ => "INVALID_REMOTE_INVOCATION_ERROR",
    }
}

/// Calls an endpoint of the app as the platform: no principal, no context, the app's token beside.
pub(crate) async fn call(
    sandbox: &Sandbox,
    site: &str,
    endpoint: &str,
    path: &str,
    body: &Value,
    seconds: u64,
) -> Result<(), Refused> {
    let claims = sandbox.look(|world| {
        world.sites.get(site).map(|at| fit::claims(at, &sandbox.api(site), &Caller::Platform { endpoint }))
    });
    let claims = claims.ok_or_else(|| Refused { reason: "INVALID_SITE", text: format!("there is no site {site}") })?;
    let answer = sandbox
        .http
        .post(format!("{}{path}", sandbox.edge()))
        .timeout(Duration::from_secs(seconds))
        .bearer_auth(fit::sign(&sandbox.keys, &claims))
        .header("x-forge-oauth-system", sandbox.token(site, &Principal::App))
        .header("x-b3-traceid", random::hex::<16>())
        .header("x-b3-spanid", random::hex::<8>())
        .json(body)
        .send()
        .await;
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => {
            let status = answer.status().as_u16();
            let reason =
                if status == 401 { "INVALID_FORGE_INVOCATION_TOKEN" } else { "INVALID_REMOTE_INVOCATION_ERROR" };
            let text = answer.text().await.unwrap_or_default();
            Err(Refused { reason, text: format!("{status} {}", text.chars().take(300).collect::<String>()) })
        }
        Err(why) if why.is_timeout() => {
            Err(Refused { reason: "TIMEOUT_ERROR", text: format!("no answer within {seconds} s") })
        }
        Err(why) => Err(Refused { reason: "INVALID_REMOTE_INVOCATION_ERROR", text: format!("not reached: {why}") }),
    }
}

/// Fires the app's scheduled trigger. It is not repeated when it fails.
pub(crate) async fn schedule(sandbox: &Sandbox, site: &str) -> Result<(), Refused> {
    let body = json!({ "context": { "cloudId": site, "moduleKey": "countersign-hourly" }, "contextToken": "" });
    call(sandbox, site, "edge-schedule", "/forge/schedule", &body, CALL_SECONDS).await
}

/// Queues a life-cycle event, such as `avi:forge:installed:app`.
pub(crate) fn lifecycle(sandbox: &Sandbox, site: &str, kind: &str) {
    let installation = sandbox.look(|world| world.sites.get(site).map(|site| site.installation.clone()));
    let body = json!({
        "eventType": kind,
        "id": app::installation_ari(&installation.unwrap_or_default()),
        "installerAccountId": "712020:admin",
        "app": { "id": app::ari(), "version": "1.0.0" },
        "environment": { "id": app::environment_ari() },
        "context": format!("ari:cloud:confluence::site/{site}"),
    });
    let event = Event { kind: kind.to_owned(), body };
    sandbox.platform.push(site, event, "edge-lifecycle", "/forge/lifecycle", true);
}

/// What happens when the app is installed on a site: the life-cycle event, the first schedule, and an event for each
/// page that holds the macro already.
pub(crate) async fn start(sandbox: &Sandbox, site: &str) -> Value {
    lifecycle(sandbox, site, "avi:forge:installed:app");
    let installed = sandbox.platform.settle(Duration::from_secs(60)).await;
    let scheduled = schedule(sandbox, site).await;
    let pages: Vec<Event> = sandbox.look(|world| {
        let Some(at) = world.sites.get(site) else { return Vec::new() };
        let with_macro = at.pages.values().filter(|page| page.has_macro() && !page.trashed);
        with_macro.map(|page| crate::events::page(at, page, &page.first().author, "created:page")).collect()
    });
    let told = pages.len();
    for event in pages {
        sandbox.platform.push(site, event, "edge-events", "/forge/events", true);
    }
    let settled = sandbox.platform.settle(Duration::from_secs(60)).await;
    let failed: Vec<Item> =
        sandbox.platform.items().into_iter().filter(|item| item.progress == Progress::Failed).collect();
    json!({
        "installed": installed,
        "scheduled": scheduled.as_ref().err().map_or(json!(true), |why| json!(why.text)),
        "pages": told,
        "settled": settled,
        "failed": failed,
    })
}

/// Fires the Worker's own clock once, the way `wrangler dev` lets it be fired.
pub(crate) async fn clock(sandbox: &Sandbox) -> Result<(), String> {
    let url = format!("{}/cdn-cgi/handler/scheduled", sandbox.edge());
    let answer = sandbox.http.post(url).timeout(Duration::from_secs(30)).send().await;
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("the edge answered {}", answer.status())),
        Err(why) => Err(format!("the edge was not reached: {why}")),
    }
}
