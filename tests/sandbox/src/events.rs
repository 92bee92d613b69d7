//! Product events in the shape Confluence sends them. Personal data is replaced by the account id, as there.

use crate::clock;
use crate::edit;
use crate::model::{Attachment, Page, Site, Space, Version};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Something the platform tells the app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    /// `avi:confluence:updated:page` and the like.
    pub kind: String,
    /// The body, flat.
    pub body: Value,
}

impl Event {
    /// Adds a member to the body.
    pub(crate) fn extend(&mut self, name: &str, value: Value) {
        if let Some(body) = self.body.as_object_mut() {
            body.insert(name.to_owned(), value);
        }
    }
}

/// An event about a page; `kind` is the part after `avi:confluence:`.
#[must_use]
pub(crate) fn page(site: &Site, page: &Page, account: &str, kind: &str) -> Event {
    let mut event = base(kind, account);
    event.extend("content", content(site, page));
    if kind == "updated:page" {
        event.extend("updateTrigger", json!("edit_page"));
    }
    event
}

/// An event about a file on a page; `kind` is `created`, `updated` or `trashed`.
#[must_use]
pub(crate) fn attachment(site: &Site, page: &Page, attachment: &Attachment, account: &str, kind: &str) -> Event {
    let mut event = base(&format!("{kind}:attachment"), account);
    let (first, last) = (attachment.versions.first(), attachment.versions.last());
    let creator = first.map_or(account, |version| version.author.as_str());
    event.extend(
        "attachment",
        json!({
            "id": attachment.id(),
            "type": "attachment",
            "status": if kind == "trashed" { "trashed" } else { "current" },
            "title": attachment.title,
            "space": space(site.space(page.space)),
            "history": history(creator, first.map_or(0, |version| version.at)),
            "version": {
                "by": user(last.map_or(account, |version| version.author.as_str())),
                "when": clock::iso(last.map_or(0, |version| version.at)),
                "number": last.map_or(0, |version| version.number),
            },
            "container": content(site, page),
            "extensions": {
                "mediaType": attachment.media_type,
                "fileSize": last.map_or(0, |version| version.size),
                "mediaTypeDescription": attachment.media_type,
                "fileId": crate::random::uuid_of(&attachment.id()),
                "downloadPath": format!("/wiki/download/attachments/{}/{}", page.id, attachment.title),
            },
        }),
    );
    if kind == "updated" {
        event.extend("updateTrigger", json!("content_update"));
    }
    event
}

fn base(kind: &str, account: &str) -> Event {
    let kind = format!("avi:confluence:{kind}");
    let body = json!({
        "eventType": kind,
        "atlassianId": account,
        "eventCreatedDate": clock::iso(clock::millis()),
        "suppressNotifications": false,
        "selfGenerated": edit::is_ours(account),
    });
    Event { kind, body }
}

/// A page as events show it.
#[must_use]
pub(crate) fn content(site: &Site, page: &Page) -> Value {
    let (first, current) = (page.first(), page.current());
    json!({
        "id": page.id.to_string(),
        "type": "page",
        "status": if page.trashed { "trashed" } else { "current" },
        "title": current.title,
        "space": space(site.space(page.space)),
        "history": history(&first.author, first.at),
        "version": version(current),
    })
}

fn version(version: &Version) -> Value {
    json!({ "by": user(&version.author), "when": clock::iso(version.at), "number": version.number })
}

fn history(author: &str, at: i64) -> Value {
    json!({ "latest": true, "createdBy": user(author), "ownedBy": user(author), "createdDate": clock::iso(at) })
}

fn space(space: Option<&Space>) -> Value {
    let Some(space) = space else { return Value::Null };
    json!({
        "id": space.id, "key": space.key, "alias": space.key, "name": space.name,
        "type": "global", "status": "current", "icon": picture("/images/logo/default-space-logo-256.png"),
    })
}

fn user(account: &str) -> Value {
    json!({
        "type": "known",
        "username": account,
        "accountId": account,
        "accountType": if edit::is_ours(account) { "app" } else { "atlassian" },
        "email": account,
        "publicName": account,
        "displayName": account,
        "profilePicture": picture(&format!("/wiki/aa-avatar/{account}")),
        "isExternalCollaborator": false,
    })
}

fn picture(path: &str) -> Value {
    json!({ "path": path, "width": 48, "height": 48, "isDefault": false })
}
