//! A space, and a page as its readers see it.

use super::chrome::{self, Chrome};
use super::times::ago;
use crate::app::{self, Module};
use crate::model::{Page, Site, Version};
use crate::rights;
use crate::sandbox::Sandbox;
use crate::storage::{self, For};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

/// Pages shown in a space, at most.
const MOST_CARDS: usize = 100;

/// Looks up the page for the person looking, or says why they can't see it.
pub(super) fn with_page(
    sandbox: &Sandbox,
    headers: &HeaderMap,
    id: u64,
    show: impl FnOnce(&Chrome, &Site, &Page) -> Response,
) -> Response {
    let Some(chrome) = Chrome::of(sandbox, headers) else { return StatusCode::NOT_FOUND.into_response() };
    sandbox.look(|world| {
        let found = world.sites.get(app::SITE).and_then(|site| site.pages.get(&id).map(|page| (site, page)));
        match found {
            Some((site, page)) if rights::may_view(site, page, &chrome.who()) => show(&chrome, site, page),
            Some(_) => chrome.missing("You can't see this page", "Somebody restricted who may view it."),
            None => chrome.missing("This page does not exist", "It may have been deleted."),
        }
    })
}

pub(super) async fn nothing(State(sandbox): Shared, headers: HeaderMap) -> Response {
    match Chrome::of(&sandbox, &headers) {
        Some(chrome) => chrome.missing("There is nothing here", "Check the address."),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
pub(super) struct ById {
    #[serde(rename = "pageId")]
    page: u64,
}

pub(super) async fn by_id(Query(ById { page }): Query<ById>) -> Redirect {
    Redirect::to(&format!("/wiki/spaces/POL/pages/{page}"))
}

pub(super) async fn space(State(sandbox): Shared, Path(key): Path<String>, headers: HeaderMap) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    sandbox.look(|world| {
        let site = world.sites.get(app::SITE);
        let Some((site, space)) = site.and_then(|site| site.space_by_key(&key).map(|space| (site, space))) else {
            return chrome.missing("This space does not exist", "Check the address.");
        };
        let who = chrome.who();
        let here = |page: &&Page| page.space == space.id && !page.trashed && space.home != Some(page.id);
        let pages = site.pages.values().filter(here);
        let content = html! {
            h1 .title { (space.name) }
            p .lead { "A small wiki for trying Countersign out. Switch people at the top, open a page, and see what each of them can do." }
            ul .cards {
                @for page in pages.filter(|page| rights::may_view(site, page, &who)).take(MOST_CARDS) {
                    li {
                        a href={"/wiki/spaces/" (key) "/pages/" (page.id)} { (page.current().title) }
                        p {
                            (chrome::avatar(site, &page.current().author))
                            (site.name_of(&page.current().author)) " · Version " (page.current().number) " · " (ago(page.current().at))
                        }
                        @if page.property(app::BYLINE_PROPERTY).is_some() || page.has_macro() {
                            p .card-state { (chrome::byline_label(page)) }
                        }
                    }
                }
            }
        };
        chrome.page(&space.name, &format!("/wiki/spaces/{key}"), &content)
    })
}

#[derive(Deserialize)]
pub(super) struct At {
    version: Option<u32>,
}

pub(super) async fn show(
    State(sandbox): Shared,
    Path((key, id)): Path<(String, u64)>,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Response {
    with_page(&sandbox, &headers, id, |chrome, site, page| {
        let here = format!("/wiki/spaces/{key}/pages/{id}");
        let wanted = at.version.filter(|number| *number != page.current().number);
        let version = match wanted {
            Some(number) => page.version(number),
            None => Some(page.current()),
        };
        let Some(version) = version else {
            return chrome.missing("This version does not exist", "The page has no version with this number.");
        };
        let may_edit = rights::may_edit(site, page, &chrome.who());
        let macro_frame = || match wanted {
            None => chrome::frame(&sandbox, Module::Macro, Some(page), None, "Approval").into_string(),
            Some(_) => html! { div .panel .panel-note { "The approval macro is shown on the current version only." } }
                .into_string(),
        };
        let content = html! {
            article .page {
                div .page-actions {
                    @if may_edit && wanted.is_none() { a .button href={(here) "/edit"} { "Edit" } (menu(&here, page)) }
                }
                @if page.trashed { p .banner .warn { "This page is in the trash." } }
                @if wanted.is_some() {
                    p .banner { "You are looking at an old version. " a href=(here) { "Go to version " (page.current().number) } }
                }
                @if page.restriction.is_some() { p .banner .warn { "Not everybody can see this page." } }
                h1 .title { (version.title) }
                (byline(site, page, version, wanted.is_none()))
                div .body { (storage::render(&version.body, &For::Reader(&macro_frame))) }
                @if wanted.is_none() { (attachments(site, page, &here, may_edit)) }
                (history(site, page, version, &here))
            }
        };
        chrome.page(&version.title, &here, &content)
    })
}

fn byline(site: &Site, page: &Page, version: &Version, current: bool) -> Markup {
    html! {
        div .byline {
            (chrome::avatar(site, &page.first().author))
            span { "By " (site.name_of(&page.first().author)) }
            span { "Version " (version.number) }
            span { "Last edited by " (site.name_of(&version.author)) ", " (ago(version.at)) }
            @if current {
                div .byline-item data-byline data-module=(Module::Byline.key()) data-resource=(Module::Byline.resource()) data-page=(page.id) {
                    button type="button" aria-expanded="false" aria-haspopup="dialog" { (chrome::byline_label(page)) }
                    div .byline-popup hidden {}
                }
            }
        }
    }
}

fn menu(here: &str, page: &Page) -> Markup {
    let restricted = page.restriction.is_some();
    html! {
        details .menu {
            summary .button aria-label="More" { "•••" }
            div {
                form method="post" action={(here) "/copy"} { button { "Copy this page" } }
                form method="post" action={(here) "/restrict"} {
                    button { @if restricted { "Let everybody see it" } @else { "Let only editors see it" } }
                }
                form method="post" action={(here) "/trash"} {
                    button { @if page.trashed { "Restore from the trash" } @else { "Move to the trash" } }
                }
            }
        }
    }
}

fn attachments(site: &Site, page: &Page, here: &str, may_edit: bool) -> Markup {
    html! {
        @if may_edit || !page.attachments.is_empty() {
            section .attachments {
                h2 { "Attachments" }
                @if page.attachments.is_empty() { p .quiet { "None yet. A file with the name of one that is here becomes its next version." } }
                ul {
                    @for attachment in &page.attachments {
                        @if let Some(last) = attachment.versions.last() {
                            li {
                                a href={"/wiki/download/attachments/" (page.id) "/" (attachment.title)} { (attachment.title) }
                                span .quiet { "Version " (last.number) " · " (size(last.size)) " · " (site.name_of(&last.author)) ", " (ago(last.at)) }
                                @if may_edit {
                                    form method="post" action={(here) "/detach/" (attachment.id())} { button .link { "Remove" } }
                                }
                            }
                        }
                    }
                }
                @if may_edit {
                    form method="post" action={(here) "/attach"} enctype="multipart/form-data" {
                        label .button { "Add or replace a file" input .hidden type="file" name="file" data-submit; }
                    }
                }
            }
        }
    }
}

fn history(site: &Site, page: &Page, shown: &Version, here: &str) -> Markup {
    html! {
        details .history open[shown.number != page.current().number] {
            summary { "Page history" span .count { (page.versions.len()) } }
            ol {
                @for version in page.versions.iter().rev() {
                    li .current[version.number == shown.number] {
                        a href={(here) "?version=" (version.number)} { "Version " (version.number) }
                        span { (site.name_of(&version.author)) ", " (ago(version.at)) }
                        @if !version.message.is_empty() { span .quiet { (version.message) } }
                    }
                }
            }
        }
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

pub(super) async fn download(
    State(sandbox): Shared,
    Path((id, name)): Path<(u64, String)>,
    headers: HeaderMap,
) -> Response {
    with_page(&sandbox, &headers, id, |chrome, _, page| {
        let last = page.attachments.iter().find(|one| one.title == name).and_then(|one| one.versions.last());
        let content = last.and_then(|last| data_encoding::BASE64.decode(last.content.as_bytes()).ok());
        let Some(content) = content else { return chrome.missing("This file does not exist", "It was removed.") };
        // Always a download: a file somebody attached must not run as a page of the site.
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
        (headers, content).into_response()
    })
}
