//! The mailbox: mails as the people they were sent to would read them.

use super::chrome::Chrome;
use super::times::ago;
use crate::model::Mail;
use crate::sandbox::Sandbox;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(super) struct Whose {
    all: Option<String>,
}

pub(super) async fn list(
    State(sandbox): State<Arc<Sandbox>>,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Response {
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    let (all, address) = (whose.all.is_some(), &chrome.person.email);
    let content = sandbox.look(|world| {
        let mails: Vec<&Mail> = world.mails.iter().rev().filter(|mail| all || mail.to.contains(address)).collect();
        html! {
            h1 .title { "Mailbox" }
            p .lead { @if all { "Everything that was mailed." } @else { "What was mailed to " strong { (address) } "." } " Nothing leaves this machine." }
            p .tabs {
                a .current[!all] href="/mailbox" { (chrome.person.name) }
                a .current[all] href="/mailbox?all" { "Everybody" }
            }
            @if mails.is_empty() { p .empty-line { "No mail yet." } }
            ul .mails {
                @for mail in mails {
                    li .unread[!mail.read] {
                        a href={"/mailbox/" (mail.id)} { (mail.subject) }
                        span .quiet { (mail.from) @if all { " to " (mail.to.join(", ")) } }
                        span .quiet { (ago(mail.at)) }
                    }
                }
            }
        }
    });
    chrome.page("Mailbox", "/mailbox", &content)
}

pub(super) async fn show(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let mail = sandbox.change(|world| {
        let mail = world.mails.iter_mut().find(|mail| mail.id == id)?;
        mail.read = true;
        Some(mail.clone())
    });
    let Some(chrome) = Chrome::of(&sandbox, &headers) else { return StatusCode::NOT_FOUND.into_response() };
    match mail {
        Some(mail) => chrome.page(&mail.subject, "/mailbox", &one(&mail)),
        None => chrome.missing("This mail does not exist", "It may have been there before a reset."),
    }
}

fn one(mail: &Mail) -> Markup {
    html! {
        p .tabs { a href="/mailbox" { "← Mailbox" } }
        article .mail {
            h1 .title { (mail.subject) }
            dl {
                dt { "From" } dd { (mail.from) }
                dt { "To" } dd { (mail.to.join(", ")) }
                dt { "Sent" } dd { (ago(mail.at)) }
            }
            @if mail.text.is_empty() {
                iframe .mail-html title="Mail" sandbox="" srcdoc=(mail.html) {}
            } @else {
                pre .mail-text { (mail.text) }
            }
        }
    }
}
