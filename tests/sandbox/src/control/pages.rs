//! Control calls about pages.

use super::{done, error, refused, site_of};
use crate::edit::{self, Draft, Refusal};
use crate::model::{Restriction, id_or_none};
use crate::sandbox::Sandbox;
use crate::{app, label, many};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One shape for every change of a page; each call reads what it needs.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Change {
    site: Option<String>,
    account: Option<String>,
    title: Option<String>,
    body: Option<String>,
    message: String,
    #[serde(rename = "macro")]
    with_macro: bool,
    #[serde(deserialize_with = "id_or_none")]
    space: Option<u64>,
    #[serde(deserialize_with = "id_or_none")]
    parent: Option<u64>,
    labels: Option<Vec<String>>,
    quiet: bool,
    restore: bool,
    name: String,
    media_type: Option<String>,
    content: String,
    /// How often the content comes, one after the other: large files in small requests.
    times: usize,
    attachment: String,
}

impl Change {
    fn who(&self) -> &str {
        self.account.as_deref().unwrap_or("712020:author")
    }
}

type Shared = State<Arc<Sandbox>>;

pub(super) async fn create(State(sandbox): Shared, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let text = change.body.clone().unwrap_or_default();
    let draft = Draft {
        title: change.title.clone().unwrap_or_else(|| "New page".to_owned()),
        body: if change.with_macro { format!("{}{text}", app::macro_storage()) } else { text },
        message: change.message.clone(),
    };
    let space = change.space.unwrap_or(65537);
    let made = sandbox.act(&site, change.quiet, |world| {
        let made = edit::create(world, &site, change.who(), space, change.parent, draft)?;
        if let (Some(labels), Some(at)) = (&change.labels, world.sites.get_mut(&site)) {
            label::set(at, made.0, labels)?;
        }
        Ok(made)
    });
    match made {
        Ok(id) => done(json!({ "id": id.to_string(), "version": 1 })),
        Err(why) => refused(why),
    }
}

pub(super) async fn show(State(sandbox): Shared, Path(id): Path<u64>, Query(at): Query<Change>) -> Response {
    let site = site_of(at.site);
    let page = sandbox.look(|world| world.sites.get(&site).and_then(|site| site.pages.get(&id)).cloned());
    let Some(page) = page else { return refused(Refusal::NotFound) };
    let mut made = serde_json::to_value(&page).unwrap_or_default();
    let current = page.current();
    let now = json!({
        "id": id.to_string(), "version": current.number, "title": current.title, "body": current.body,
        "author": current.author,
    });
    crate::fit::merge(&mut made, &now);
    done(made)
}

pub(super) async fn edit(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let made = sandbox.act(&site, change.quiet, |world| {
        let page = world.sites.get(&site).and_then(|site| site.pages.get(&id)).ok_or(Refusal::NotFound)?;
        let draft = Draft {
            title: change.title.clone().unwrap_or_else(|| page.current().title.clone()),
            body: change.body.clone().unwrap_or_else(|| page.current().body.clone()),
            message: change.message.clone(),
        };
        edit::publish(world, &site, id, change.who(), draft, None)
    });
    made.map_or_else(refused, |version| done(json!({ "version": version })))
}

pub(super) async fn copy(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let made = sandbox.act(&site, change.quiet, |world| edit::copy(world, &site, id, change.who()));
    made.map_or_else(refused, |copy| done(json!({ "id": copy.to_string() })))
}

/// `{count, space, titlePrefix?, label?, parent?, depth?}`: pages that were always there.
pub(super) async fn many(State(sandbox): Shared, Json(wanted): Json<many::Wanted>) -> Response {
    let site = site_of(wanted.site.clone());
    match sandbox.change(|world| many::make(world, &site, &wanted)) {
        Ok((first, last)) => done(json!({ "first": first.to_string(), "last": last.to_string() })),
        Err(why) => refused(why),
    }
}

/// `{parent}`, or `{space}` for the top of another space, or `{}` for the top of its own.
pub(super) async fn relocate(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let made = sandbox
        .act(&site, change.quiet, |world| edit::relocate(world, &site, id, change.who(), change.parent, change.space));
    made.map_or_else(refused, |()| done(json!({})))
}

/// `{labels: […]}`: exactly these. There is no product event for labels.
pub(super) async fn labels(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site);
    let labels = change.labels.unwrap_or_default();
    let made = sandbox.change(|world| {
        let at = world.sites.get_mut(&site).ok_or(Refusal::NotFound)?;
        label::set(at, id, &labels)
    });
    made.map_or_else(refused, |()| done(json!({})))
}

pub(super) async fn trash(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let made = sandbox.act(&site, change.quiet, |world| edit::trash(world, &site, id, change.who(), !change.restore));
    made.map_or_else(refused, |()| done(json!({})))
}

pub(super) async fn delete(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let made = sandbox.act(&site, change.quiet, |world| edit::delete(world, &site, id, change.who()));
    made.map_or_else(refused, |()| done(json!({})))
}

/// Who may see a page from now on; nothing of it lifts the restriction.
#[derive(Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Restrict {
    accounts: Option<BTreeSet<String>>,
    groups: Option<BTreeSet<String>>,
    app_excluded: Option<bool>,
}

pub(super) async fn restrict(
    State(sandbox): Shared,
    Path(id): Path<u64>,
    Query(at): Query<Change>,
    Json(to): Json<Restrict>,
) -> Response {
    let site = site_of(at.site);
    let restriction = (to != Restrict::default()).then(|| Restriction {
        accounts: to.accounts.unwrap_or_default(),
        groups: to.groups.unwrap_or_default(),
        app_excluded: to.app_excluded.unwrap_or_default(),
    });
    sandbox.change(|world| {
        let page = world.sites.get_mut(&site).and_then(|site| site.pages.get_mut(&id));
        let Some(page) = page else { return refused(Refusal::NotFound) };
        page.restriction = restriction;
        done(json!({}))
    })
}

/// `content` is base64.
pub(super) async fn attach(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let Ok(content) = data_encoding::BASE64.decode(change.content.as_bytes()) else {
        return error(StatusCode::UNPROCESSABLE_ENTITY, "content must be base64.");
    };
    let content = content.repeat(change.times.max(1));
    let media_type = change.media_type.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    let made = sandbox.act(&site, change.quiet, |world| {
        edit::attach(world, &site, id, change.who(), &change.name, &media_type, &content)
    });
    made.map_or_else(refused, |attachment| done(json!({ "attachment": attachment })))
}

pub(super) async fn detach(State(sandbox): Shared, Path(id): Path<u64>, Json(change): Json<Change>) -> Response {
    let site = site_of(change.site.clone());
    let made =
        sandbox.act(&site, change.quiet, |world| edit::detach(world, &site, id, change.who(), &change.attachment));
    made.map_or_else(refused, |_| done(json!({})))
}

#[derive(Deserialize)]
pub(super) struct PropertyAt {
    site: Option<String>,
    page: String,
    key: Option<String>,
}

pub(super) async fn property(State(sandbox): Shared, Query(at): Query<PropertyAt>) -> Response {
    let site = site_of(at.site);
    let key = at.key.as_deref().unwrap_or(app::BYLINE_PROPERTY);
    let found = sandbox.look(|world| {
        let page = at.page.parse().ok().and_then(|id: u64| world.sites.get(&site).and_then(|site| site.pages.get(&id)));
        page.and_then(|page| page.property(key)).map(|one| serde_json::to_value(one).unwrap_or_default())
    });
    done(json!({ "property": found }))
}

#[derive(Deserialize)]
pub(super) struct Forged {
    site: Option<String>,
    account: Option<String>,
    page: String,
    key: Option<String>,
    value: Value,
}

/// Writes a property as any editor can, without the version being checked.
pub(super) async fn forge_property(State(sandbox): Shared, Json(forged): Json<Forged>) -> Response {
    let site = site_of(forged.site);
    let account = forged.account.as_deref().unwrap_or("712020:author");
    let key = forged.key.as_deref().unwrap_or(app::BYLINE_PROPERTY);
    let Ok(page) = forged.page.parse() else { return refused(Refusal::NotFound) };
    let made = sandbox.change(|world| edit::write_property(world, &site, page, account, key, forged.value, None));
    made.map_or_else(refused, |one| done(json!({ "id": one.id.to_string(), "version": one.version })))
}

#[derive(Deserialize)]
pub(super) struct Copied {
    site: Option<String>,
    account: Option<String>,
    from: String,
    to: String,
    key: Option<String>,
}

/// Writes one page's property onto another.
pub(super) async fn copy_property(State(sandbox): Shared, Json(copied): Json<Copied>) -> Response {
    let site = site_of(copied.site);
    let account = copied.account.as_deref().unwrap_or("712020:author");
    let key = copied.key.as_deref().unwrap_or(app::BYLINE_PROPERTY);
    let (Ok(from), Ok(to)) = (copied.from.parse::<u64>(), copied.to.parse::<u64>()) else {
        return refused(Refusal::NotFound);
    };
    let made = sandbox.change(|world| {
        let page = world.sites.get(&site).and_then(|site| site.pages.get(&from));
        let value = page.and_then(|page| page.property(key)).map(|one| one.value.clone()).ok_or(Refusal::NotFound)?;
        edit::write_property(world, &site, to, account, key, value, None)
    });
    made.map_or_else(refused, |one| done(json!({ "id": one.id.to_string(), "version": one.version })))
}
