//! Behind the scenes: what Confluence, Forge and the mail provider would do out of sight, and trouble to make for them.

use super::chrome::Chrome;
use super::times::exact;
use crate::app::{self, SITE};
use crate::clock;
use crate::edit::{self, Refusal};
use crate::faults::{Fault, Trouble};
use crate::model::{Page, Site};
use crate::platform::{self, Progress};
use crate::sandbox::Sandbox;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

const TABS: [(&str, &str); 6] = [
    ("events", "Events"),
    ("clocks", "Clocks"),
    ("faults", "Faults"),
    ("byline", "Byline"),
    ("ledger", "Ledger"),
    ("requests", "Requests"),
];
/// Lines of ledger and requests shown.
const SHOWN: usize = 200;

#[derive(Deserialize)]
pub(super) struct Said {
    said: Option<String>,
}

pub(super) async fn show(
    State(sandbox): State<Arc<Sandbox>>,
    Path(tab): Path<String>,
    Query(Said { said }): Query<Said>,
    headers: HeaderMap,
) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    let content = match tab.as_str() {
        "events" => events(&sandbox),
        "clocks" => clocks(),
        "faults" => faults(&sandbox),
        "byline" => sandbox.look(|world| world.sites.get(SITE).map(byline).unwrap_or_default()),
        "ledger" => ledger(&sandbox),
        "requests" => requests(&sandbox),
        _ => return chrome.missing("There is nothing here", "Check the address."),
    };
    let whole = html! {
        h1 .title { "Behind the scenes" }
        nav .tabs aria-label="Behind the scenes" {
            @for (key, name) in TABS { a .current[key == tab] href={"/behind/" (key)} { (name) } }
        }
        @if let Some(said) = said { p .banner role="status" { (said) } }
        (content)
    };
    chrome.page("Behind the scenes", "/behind", &whole)
}

fn events(sandbox: &Sandbox) -> Markup {
    let mode = sandbox.platform.mode();
    let items = sandbox.platform.items();
    let held = items.iter().filter(|item| item.progress == Progress::Held).count();
    let switch = |name: &str, on: bool, text: &str| {
        html! { label .check { input type="checkbox" name=(name) checked[on] data-submit; " " (text) } }
    };
    html! {
        p .lead { "What Confluence tells the app when pages and files change." }
        form .row method="post" action="/behind/do/mode" {
            (switch("hold", mode.hold, "Hold back"))
            (switch("double", mode.double, "Deliver twice"))
            (switch("reorder", mode.reorder, "Turn the order round"))
            (switch("wrapped", mode.wrapped, "Wrap in “payload”"))
        }
        @if held > 0 { form .row method="post" action="/behind/do/release" { button .button .primary { "Release " (held) } } }
        @if items.is_empty() { p .empty-line { "No events yet. Edit a page." } } @else {
            (table(&["Time", "Event", "About", "Sent", "Came out"], items.iter().rev().take(SHOWN).map(|item| {
                let about = item.body.pointer("/content/title").or_else(|| item.body.pointer("/attachment/title"));
                let version = item.body.pointer("/content/version/number").map(|n| format!(" v{n}")).unwrap_or_default();
                html! {
                    td { (exact(&item.at)) }
                    td { code { (item.kind.trim_start_matches("avi:confluence:")) } }
                    td { (about.and_then(|title| title.as_str()).unwrap_or("the app")) (version) }
                    td { (item.attempts) "×" }
                    td { (progress(item.progress)) @if let Some(last) = &item.last { " " span .quiet { (last) } } }
                }
            })))
        }
    }
}

fn progress(progress: Progress) -> Markup {
    let (kind, text) = match progress {
        Progress::Held => ("warn", "held"),
        Progress::Waiting => ("", "waiting"),
        Progress::Underway => ("", "on its way"),
        Progress::Retrying => ("warn", "to be repeated"),
        Progress::Delivered => ("good", "delivered"),
        Progress::Failed => ("bad", "given up"),
    };
    html! { span .lozenge .(kind) { (text) } }
}

fn clocks() -> Markup {
    let button = |action: &str, text: &str, why: &str| {
        html! { li { form method="post" action={"/behind/do/" (action)} { button .button { (text) } } p .quiet { (why) } } }
    };
    html! {
        p .lead { "What happens by itself on a real site happens here when you say so." }
        ul .choices {
            (button("clock", "A minute passes", "Cloudflare's clock: the Worker sends what waits in its outbox and runs its timers."))
            (button("schedule", "An hour passes", "Forge's schedule: brings the app a fresh token."))
            (button("installed", "The app is installed", "The life-cycle event an administrator's installation causes."))
            (button("start", "Install from scratch", "Installation, first schedule, and an event for each page with the macro."))
        }
    }
}

fn faults(sandbox: &Sandbox) -> Markup {
    let list = sandbox.faults.list();
    html! {
        p .lead { "Trouble for the calls the Worker makes: to Confluence, to the mail provider, for the keys of invocation tokens." }
        form .row method="post" action="/behind/do/fault" {
            label { "Method" select name="method" { option { "*" } option { "GET" } option { "POST" } option { "PUT" } option { "DELETE" } } }
            label .wide { "Path begins with" input name="path" value="/wiki/api/v2/pages" required; }
            label { "What happens" select name="kind" {
                option value="500" { "Answers 500" } option value="429" { "Answers 429" } option value="403" { "Answers 403" }
                option value="slow" { "Takes 5 s longer" } option value="drop" { "Connection breaks before" }
                option value="lost" { "Connection breaks after" }
            } }
            label { "Times" input name="times" type="number" min="1" value="1"; }
            button .button .primary { "Add" }
        }
        p .quiet { "Mail: /mail/emails. Keys: /.well-known/jwks.json. Properties: /wiki/api/v2/pages/98305/properties." }
        @if list.is_empty() { p .empty-line { "No trouble ahead." } } @else {
            (table(&["Request", "What happens", "Times left", ""], list.iter().map(|fault| html! {
                td { code { (fault.method.as_deref().unwrap_or("*")) " " (fault.path) } }
                td { (trouble(&fault.trouble)) }
                td { (fault.times.map_or("always".to_owned(), |times| times.to_string())) }
                td { form method="post" action="/behind/do/unfault" { button .link name="id" value=(fault.id) { "Take away" } } }
            })))
        }
    }
}

fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Slow { ms } => format!("{ms} ms longer"),
        Trouble::Status { status, retry_after: Some(seconds) } => format!("answers {status}, retry after {seconds} s"),
        Trouble::Status { status, retry_after: None } => format!("answers {status}"),
        Trouble::Drop => "connection breaks before".to_owned(),
        Trouble::Lost => "connection breaks after".to_owned(),
    }
}

fn byline(site: &Site) -> Markup {
    let pages: Vec<&Page> = site.pages.values().take(SHOWN).collect();
    let options = html! { @for page in &pages { option value=(page.id) { (page.current().title) } } };
    html! {
        p .lead {
            "The byline item is drawn from a content property that every editor can write, and that is copied with a page. "
            "Forge one here and see whether the app heals it."
        }
        form .row method="post" action="/behind/do/forge" {
            label { "Page" select name="page" { (options) } }
            label .wide { "Title" input name="title" value="Approved" required; }
            label .wide { "Tooltip" input name="tooltip" value="Version 1 approved by Nobody"; }
            button .button .primary { "Forge" }
        }
        form .row method="post" action="/behind/do/copy-property" {
            label { "Copy from" select name="from" { (options) } }
            label { "to" select name="page" { (options) } }
            button .button { "Copy" }
        }
        (table(&["Page", "Property", "Version", "Written by"], pages.iter().filter_map(|page| {
            let property = page.property(app::BYLINE_PROPERTY)?;
            Some(html! {
                td { (page.current().title) }
                td { code { (property.value) } }
                td { (property.version) }
                td { (site.name_of(&property.author)) }
            })
        })))
    }
}

fn ledger(sandbox: &Sandbox) -> Markup {
    sandbox.look(|world| {
        let site = world.sites.get(SITE);
        html! {
            p .lead { "Every effect on the outside, in order: pages, properties, files, mails." }
            @if world.ledger.is_empty() { p .empty-line { "Nothing yet." } } @else {
                (table(&["Time", "Kind", "Who", "What", "Page"], world.ledger.iter().rev().take(SHOWN).map(|entry| html! {
                    td { (exact(&clock::iso(entry.at))) }
                    td { span .lozenge { (entry.kind) } }
                    td { (site.map_or(entry.by.as_str(), |site| site.name_of(&entry.by))) }
                    td { (entry.what) }
                    td { (entry.page.as_deref().unwrap_or("")) }
                })))
            }
        }
    })
}

fn requests(sandbox: &Sandbox) -> Markup {
    let calls = sandbox.calls();
    html! {
        p .lead { "Calls to Confluence's REST API, from the Worker and from the macro through the bridge." }
        @if calls.is_empty() { p .empty-line { "None yet." } } @else {
            (table(&["Time", "Call", "As", "Status"], calls.iter().rev().take(SHOWN).map(|call| html! {
                td { (exact(&call.at)) }
                td { code { (call.method) " " (call.path) @if !call.query.is_empty() { "?" (call.query) } } }
                td { (call.account.as_deref().unwrap_or("nobody")) @if call.via == "bridge" { " " span .quiet { "(bridge)" } } }
                td { span .lozenge .bad[call.status >= 400] .good[call.status < 400] { (call.status) } }
            })))
        }
    }
}

fn table(heads: &[&str], rows: impl Iterator<Item = Markup>) -> Markup {
    html! {
        div .scroll tabindex="0" role="group" aria-label="Table" { table .list {
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody { @for row in rows { tr { (row) } } }
        } }
    }
}

/// Everything the forms send.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    hold: Option<String>,
    double: Option<String>,
    reorder: Option<String>,
    wrapped: Option<String>,
    method: Option<String>,
    path: String,
    kind: String,
    times: Option<u32>,
    id: Option<u64>,
    page: Option<u64>,
    from: Option<u64>,
    title: String,
    tooltip: String,
}

pub(super) async fn act(
    State(sandbox): State<Arc<Sandbox>>,
    Path(action): Path<String>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    let account = &chrome.person.account_id;
    let (tab, said) = match action.as_str() {
        "mode" => {
            let mode = platform::Mode {
                hold: sent.hold.is_some(),
                double: sent.double.is_some(),
                reorder: sent.reorder.is_some(),
                wrapped: sent.wrapped.is_some(),
                ..sandbox.platform.mode()
            };
            sandbox.platform.set_mode(mode);
            ("events", None)
        }
        "release" => ("events", Some(format!("{} released.", sandbox.platform.release(None)))),
        "clock" => {
            ("clocks", Some(platform::clock(&sandbox).await.map_or_else(|why| why, |()| "A minute passed.".to_owned())))
        }
        "schedule" => {
            let outcome = platform::schedule(&sandbox, SITE).await;
            ("clocks", Some(outcome.map_or_else(|why| why.text, |()| "An hour passed.".to_owned())))
        }
        "installed" => {
            platform::lifecycle(&sandbox, SITE, "avi:forge:installed:app");
            ("events", None)
        }
        "start" => {
            platform::start(&sandbox, SITE).await;
            ("events", None)
        }
        "fault" => {
            sandbox.faults.add(fault(&sent));
            ("faults", None)
        }
        "unfault" => {
            sandbox.faults.clear(sent.id);
            ("faults", None)
        }
        "forge" => {
            let value = json!({ "title": sent.title, "tooltip": sent.tooltip });
            let write = |world: &mut _| {
                let page = sent.page.ok_or(Refusal::NotFound)?;
                edit::write_property(world, SITE, page, account, app::BYLINE_PROPERTY, value, None)
            };
            ("byline", Some(outcome(&sandbox.change(write))))
        }
        "copy-property" => {
            let made = sandbox.change(|world| {
                let (from, to) = sent.from.zip(sent.page).ok_or(Refusal::NotFound)?;
                let page = world.sites.get(SITE).and_then(|site| site.pages.get(&from));
                let value = page.and_then(|page| page.property(app::BYLINE_PROPERTY)).map(|one| one.value.clone());
                let value = value.ok_or(Refusal::NotFound)?;
                edit::write_property(world, SITE, to, account, app::BYLINE_PROPERTY, value, None)
            });
            ("byline", Some(outcome(&made)))
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    // A sign that means something in a query would cut the sentence short.
    let said = said.map(|said| format!("?said={}", said.replace(['&', '#', '%', '+'], " "))).unwrap_or_default();
    super::go(&format!("/behind/{tab}{said}"))
}

fn outcome<T>(made: &Result<T, Refusal>) -> String {
    if made.is_ok() { "The property was written." } else { "That page has no such property." }.to_owned()
}

fn fault(sent: &Sent) -> Fault {
    let trouble = match sent.kind.as_str() {
        "slow" => Trouble::Slow { ms: 5000 },
        "drop" => Trouble::Drop,
        "lost" => Trouble::Lost,
        "429" => Trouble::Status { status: 429, retry_after: Some(5) },
        status => Trouble::Status { status: status.parse().unwrap_or(500), retry_after: None },
    };
    Fault { id: 0, method: sent.method.clone(), path: sent.path.clone(), times: sent.times, trouble }
}
