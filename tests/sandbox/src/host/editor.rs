//! Changing pages.

use super::chrome::Chrome;
use super::page::with_page;
use crate::app::{self, SITE};
use crate::edit::{self, Draft, Refusal};
use crate::model::Restriction;
use crate::rights;
use crate::sandbox::Sandbox;
use crate::storage::{self, For};
use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;
type At = Path<(String, u64)>;

/// What the editor sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    title: String,
    body: String,
    message: String,
    base: Option<u32>,
    quiet: Option<String>,
}

pub(super) async fn new(State(sandbox): Shared, Path(key): Path<String>, headers: HeaderMap) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    if !chrome.person.editor {
        return chrome.missing("You can't create pages", "You may only read in this space.");
    }
    let action = format!("/wiki/spaces/{key}/create");
    let written = Written { body: "<p></p>".to_owned(), ..Written::default() };
    chrome.page("New page", &action, &form(&written, &action, &format!("/wiki/spaces/{key}"), None))
}

pub(super) async fn create(
    State(sandbox): Shared,
    Path(key): Path<String>,
    headers: HeaderMap,
    Form(written): Form<Written>,
) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers).filter(|chrome| chrome.person.editor) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let made = sandbox.act(SITE, written.quiet.is_some(), |world| {
        let space = world.sites.get(SITE).and_then(|site| site.space_by_key(&key)).map(|space| space.id);
        edit::create(world, SITE, &chrome.person.account_id, space.ok_or(Refusal::NotFound)?, None, draft(&written))
    });
    match made {
        Ok(id) => super::go(&format!("/wiki/spaces/{key}/pages/{id}")),
        Err(why) => {
            let action = format!("/wiki/spaces/{key}/create");
            let back = format!("/wiki/spaces/{key}");
            chrome.page_with(status(&why), "New page", &action, &form(&written, &action, &back, Some(&sentence(&why))))
        }
    }
}

pub(super) async fn edit(State(sandbox): Shared, Path((key, id)): At, headers: HeaderMap) -> Response {
    with_page(&sandbox, &headers, id, |chrome, site, page| {
        if !rights::may_edit(site, page, &chrome.who()) {
            return chrome.missing("You can't edit this page", "You may only read in this space.");
        }
        let current = page.current();
        let written = Written {
            title: current.title.clone(),
            body: current.body.clone(),
            base: Some(current.number),
            ..Written::default()
        };
        let here = format!("/wiki/spaces/{key}/pages/{id}");
        chrome.page(&format!("Edit {}", current.title), &here, &form(&written, &format!("{here}/edit"), &here, None))
    })
}

pub(super) async fn publish(
    State(sandbox): Shared,
    Path((key, id)): At,
    headers: HeaderMap,
    Form(written): Form<Written>,
) -> Response {
    let chrome = match editor_of(&sandbox, &headers, id) {
        Ok(chrome) => chrome,
        Err(refusal) => return *refusal,
    };
    let here = format!("/wiki/spaces/{key}/pages/{id}");
    let next = written.base.map(|base| base + 1);
    let account = &chrome.person.account_id;
    let made = sandbox
        .act(SITE, written.quiet.is_some(), |world| edit::publish(world, SITE, id, account, draft(&written), next));
    match made {
        Ok(_) => super::go(&here),
        Err(why) => {
            let action = format!("{here}/edit");
            chrome.page_with(status(&why), "Edit", &here, &form(&written, &action, &here, Some(&sentence(&why))))
        }
    }
}

pub(super) async fn copy(State(sandbox): Shared, Path((key, id)): At, headers: HeaderMap) -> Response {
    change(&sandbox, &headers, id, |account| {
        sandbox
            .act(SITE, false, |world| edit::copy(world, SITE, id, account))
            .map(|copy| format!("/wiki/spaces/{key}/pages/{copy}"))
    })
}

pub(super) async fn trash(State(sandbox): Shared, Path((key, id)): At, headers: HeaderMap) -> Response {
    change(&sandbox, &headers, id, |account| {
        sandbox.act(SITE, false, |world| {
            let trashed = world.sites.get(SITE).and_then(|site| site.pages.get(&id)).is_some_and(|page| page.trashed);
            edit::trash(world, SITE, id, account, !trashed)
        })?;
        Ok(format!("/wiki/spaces/{key}/pages/{id}"))
    })
}

pub(super) async fn restrict(State(sandbox): Shared, Path((key, id)): At, headers: HeaderMap) -> Response {
    change(&sandbox, &headers, id, |_| {
        sandbox.change(|world| {
            let site = world.sites.get_mut(SITE).ok_or(Refusal::NotFound)?;
            let editors = site.people.iter().filter(|person| person.editor && !person.app);
            let accounts = editors.map(|person| person.account_id.clone()).collect();
            let page = site.pages.get_mut(&id).ok_or(Refusal::NotFound)?;
            let only = Restriction { accounts, ..Restriction::default() };
            page.restriction = if page.restriction.is_some() { None } else { Some(only) };
            Ok(format!("/wiki/spaces/{key}/pages/{id}"))
        })
    })
}

pub(super) async fn attach(
    State(sandbox): Shared,
    Path((key, id)): At,
    headers: HeaderMap,
    mut parts: Multipart,
) -> Response {
    let Ok(Some(part)) = parts.next_field().await else {
        return (StatusCode::BAD_REQUEST, "No file was sent.").into_response();
    };
    let name = part.file_name().unwrap_or_default().to_owned();
    let kind = part.content_type().unwrap_or("application/octet-stream").to_owned();
    let Ok(content) = part.bytes().await else {
        return (StatusCode::BAD_REQUEST, "The file did not arrive whole.").into_response();
    };
    change(&sandbox, &headers, id, |account| {
        sandbox.act(SITE, false, |world| edit::attach(world, SITE, id, account, &name, &kind, &content))?;
        Ok(format!("/wiki/spaces/{key}/pages/{id}"))
    })
}

pub(super) async fn detach(
    State(sandbox): Shared,
    Path((key, id, attachment)): Path<(String, u64, String)>,
    headers: HeaderMap,
) -> Response {
    change(&sandbox, &headers, id, |account| {
        sandbox.act(SITE, false, |world| edit::detach(world, SITE, id, account, &attachment))?;
        Ok(format!("/wiki/spaces/{key}/pages/{id}"))
    })
}

/// The surroundings of somebody who may edit the page, or the refusal.
fn editor_of(sandbox: &Sandbox, headers: &HeaderMap, id: u64) -> Result<Chrome, Box<Response>> {
    let chrome = Chrome::of(sandbox, headers).ok_or_else(|| Box::new(StatusCode::NOT_FOUND.into_response()))?;
    let allowed = sandbox.look(|world| {
        let found = world.sites.get(SITE).and_then(|site| site.pages.get(&id).map(|page| (site, page)));
        found.is_some_and(|(site, page)| rights::may_edit(site, page, &chrome.who()))
    });
    if allowed {
        Ok(chrome)
    } else {
        Err(Box::new(chrome.missing("You can't change this page", "You may only read in this space.")))
    }
}

fn change(
    sandbox: &Sandbox,
    headers: &HeaderMap,
    id: u64,
    with: impl FnOnce(&str) -> Result<String, Refusal>,
) -> Response {
    match editor_of(sandbox, headers, id) {
        Err(refusal) => *refusal,
        Ok(chrome) => match with(&chrome.person.account_id) {
            Ok(to) => super::go(&to),
            Err(why) => chrome.missing("That did not work", &sentence(&why)),
        },
    }
}

fn draft(written: &Written) -> Draft {
    Draft { title: written.title.clone(), body: written.body.clone(), message: written.message.clone() }
}

fn status(why: &Refusal) -> StatusCode {
    match why {
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::Conflict(_) => StatusCode::CONFLICT,
        Refusal::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn sentence(why: &Refusal) -> String {
    match why {
        Refusal::NotFound => "It is no longer there.".to_owned(),
        Refusal::Conflict(_) => {
            "Somebody published a newer version meanwhile. Copy your text, open the page again and add it there."
                .to_owned()
        }
        Refusal::Invalid(why) => why.clone(),
    }
}

fn form(written: &Written, action: &str, back: &str, error: Option<&str>) -> Markup {
    let tools = [
        ("formatBlock <h2>", "Heading", "H"),
        ("formatBlock <p>", "Paragraph", "¶"),
        ("bold", "Bold", "B"),
        ("italic", "Italic", "I"),
        ("insertUnorderedList", "Bullet list", "•"),
        ("insertOrderedList", "Numbered list", "#"),
    ];
    html! {
        form #edit .editing method="post" action=(action) {
            h1 .hidden { @if written.base.is_some() { "Edit this page" } @else { "New page" } }
            @if let Some(error) = error { p .banner .danger role="alert" { (error) } }
            input .title-field name="title" value=(written.title) placeholder="Give the page a title" aria-label="Title" required;
            @if let Some(base) = written.base { input type="hidden" name="base" value=(base); }
            div .toolbar role="toolbar" aria-label="Text" {
                @for (command, name, sign) in tools {
                    button type="button" data-command=(command) title=(name) aria-label=(name) { (sign) }
                }
                button .wide type="button" data-insert-macro=(app::macro_storage()) { "Insert approval macro" }
                span .grow {}
                button .mode type="button" data-mode="text" aria-pressed="true" { "Text" }
                button .mode type="button" data-mode="storage" aria-pressed="false" { "Storage format" }
            }
            div { div #editor .body contenteditable="true" role="textbox" aria-multiline="true" aria-label="Body" {
                (storage::render(&written.body, &For::Editor))
            } }
            textarea #source name="body" hidden spellcheck="false" aria-label="Body in storage format" { (written.body) }
            div .publish {
                input name="message" value=(written.message) placeholder="What changed? (optional)" aria-label="What changed";
                label .check { input type="checkbox" name="quiet"; " Send no event" }
                span .grow {}
                a .button .subtle href=(back) { "Cancel" }
                button #publish .button .primary { "Publish" }
            }
            script src="/_ui/editor.js" defer {}
        }
    }
}
