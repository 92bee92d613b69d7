//! v2: pages, their versions and attachments, and what one may do.

use super::paging::paged;
use super::{Answer, Asked};
use crate::clock;
use crate::edit::{self, Draft};
use crate::model::{Attachment, Page, Site, Version, World};
use crate::rights::{self, Principal};
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

/// Does `with` to the page if the caller may see it; otherwise it does not exist.
pub(super) fn visible(
    sandbox: &Sandbox,
    asked: &Asked<'_>,
    id: &str,
    with: impl FnOnce(&Site, &Page) -> Answer,
) -> Answer {
    sandbox.look(|world| match find(world, asked, id) {
        Some((site, page)) => with(site, page),
        None => Answer::not_found(asked.path),
    })
}

/// The page's id if the caller may change it, else the refusal.
pub(super) fn editable(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Result<u64, Answer> {
    sandbox.look(|world| {
        let (site, page) = find(world, asked, id).ok_or_else(|| Answer::not_found(asked.path))?;
        if rights::may_edit(site, page, asked.who) {
            Ok(page.id)
        } else {
            Err(Answer::refusal(asked.path, 403, "You do not have permission to update this page."))
        }
    })
}

fn find<'a>(world: &'a World, asked: &Asked<'_>, id: &str) -> Option<(&'a Site, &'a Page)> {
    let site = world.sites.get(asked.site)?;
    let page = site.pages.get(&id.parse().ok()?)?;
    rights::may_view(site, page, asked.who).then_some((site, page))
}

pub(super) fn get(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let number = match asked.param("version").map(|number| number.parse::<u32>()) {
        Some(Err(_)) => return Answer::bad(asked.path, "The version is not a number."),
        Some(Ok(number)) => Some(number),
        None => None,
    };
    visible(sandbox, asked, id, |site, page| {
        let version = match number {
            Some(number) => page.version(number),
            None => Some(page.current()),
        };
        let Some(version) = version else { return Answer::not_found(asked.path) };
        let mut made = shape(page, version, asked, true);
        put_in(&mut made, "_links", json!({ "base": format!("{}/wiki", sandbox.setup.site) }));
        if asked.flag("include-operations") {
            let results = operations_of(site, page, asked.who);
            let link = format!("/wiki/api/v2/pages/{}/operations", page.id);
            put_in(&mut made, "operations", collection(&results, &link));
        }
        if asked.flag("include-versions") {
            let results: Vec<Value> = page.versions.iter().rev().map(version_shape).collect();
            let link = format!("/wiki/api/v2/pages/{}/versions", page.id);
            put_in(&mut made, "versions", collection(&results, &link));
        }
        Answer::ok(made)
    })
}

pub(super) fn put(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let page = match editable(sandbox, asked, id) {
        Ok(page) => page,
        Err(refusal) => return refusal,
    };
    let body = asked.body.as_ref();
    let text = |pointer: &str| body.and_then(|body| body.pointer(pointer)).and_then(Value::as_str);
    let storage = text("/body/value").or_else(|| text("/body/storage/value"));
    let representation = text("/body/representation").or_else(|| text("/body/storage/representation"));
    let number = body.and_then(|body| body.pointer("/version/number")).and_then(Value::as_u64);
    let (Some(named), Some("current"), Some(title), Some(storage), Some(number)) =
        (text("/id"), text("/status"), text("/title"), storage, number.and_then(|number| u32::try_from(number).ok()))
    else {
        return Answer::bad(asked.path, "id, status \"current\", title, body and version.number are required.");
    };
    if named != id || representation != Some("storage") {
        return Answer::bad(asked.path, "The id must be the page's, and the body's representation \"storage\".");
    }
    let draft = Draft {
        title: title.to_owned(),
        body: storage.to_owned(),
        message: text("/version/message").unwrap_or_default().to_owned(),
    };
    let account = asked.who.account();
    let made =
        sandbox.act(asked.site, false, |world| edit::publish(world, asked.site, page, account, draft, Some(number)));
    match made {
        Ok(_) => get(sandbox, asked, id),
        Err(why) => Answer::refused(asked.path, why),
    }
}

pub(super) fn operations(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    visible(sandbox, asked, id, |site, page| Answer::ok(json!({ "operations": operations_of(site, page, asked.who) })))
}

pub(super) fn versions(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    visible(sandbox, asked, id, |_, page| {
        let bodies = asked.param("body-format").as_deref() == Some("storage");
        let mut all: Vec<Value> = page
            .versions
            .iter()
            .map(|version| {
                let mut made = version_shape(version);
                let mut of = json!({ "title": version.title, "id": page.id.to_string() });
                if bodies {
                    put_in(&mut of, "body", body_shape(version));
                }
                put_in(&mut made, "page", of);
                made
            })
            .collect();
        if asked.param("sort").as_deref() != Some("modified-date") {
            all.reverse();
        }
        paged(sandbox, asked, &all, 25)
    })
}

pub(super) fn attachments(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    visible(sandbox, asked, id, |_, page| {
        let all: Vec<Value> = page.attachments.iter().map(|one| attachment_shape(page, one)).collect();
        paged(sandbox, asked, &all, 50)
    })
}

pub(super) fn space_operations(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    sandbox.look(|world| {
        let site = world.sites.get(asked.site);
        let space = site.zip(id.parse().ok()).and_then(|(site, id)| Some((site, site.space(id)?)));
        let Some((site, space)) = space else { return Answer::not_found(asked.path) };
        let person = site.person(asked.who.account());
        let mut may = vec![("read", "space")];
        if *asked.who == Principal::App || person.is_some_and(|person| person.editor) {
            may.extend([("create", "page"), ("create", "comment"), ("create", "attachment")]);
        }
        if rights::administers(site, space, asked.who) {
            may.extend([("administer", "space"), ("export", "space")]);
        }
        Answer::ok(json!({ "operations": operations_list(&may) }))
    })
}

fn operations_of(site: &Site, page: &Page, who: &Principal) -> Vec<Value> {
    let mut may = vec![("read", "page")];
    if rights::may_edit(site, page, who) {
        may.extend([("update", "page"), ("delete", "page"), ("restrict_content", "page"), ("create", "attachment")]);
    }
    if rights::is_admin(site, who) {
        may.extend([("purge_version", "page"), ("archive", "page")]);
    }
    operations_list(&may)
}

fn operations_list(may: &[(&str, &str)]) -> Vec<Value> {
    may.iter().map(|(operation, target)| json!({ "operation": operation, "targetType": target })).collect()
}

/// A page as v2 shows it; in lists, not `alone`.
pub(super) fn shape(page: &Page, version: &Version, asked: &Asked<'_>, alone: bool) -> Value {
    let historical = version.number != page.current().number;
    let mut made = json!({
        "id": page.id.to_string(),
        "status": if page.trashed { "trashed" } else if historical { "historical" } else { "current" },
        "title": version.title,
        "spaceId": page.space.to_string(),
        "position": 0,
        "authorId": page.first().author,
        "ownerId": page.first().author,
        "createdAt": clock::iso(page.first().at),
        "body": {},
        "_links": links(page),
    });
    if let Some(parent) = page.parent {
        put_in(&mut made, "parentId", json!(parent.to_string()));
        put_in(&mut made, "parentType", json!("page"));
    }
    // `include-version` is on unless it is turned off; the list always has it.
    if !alone || asked.param("include-version").as_deref() != Some("false") {
        put_in(&mut made, "version", version_shape(version));
    }
    if asked.param("body-format").as_deref() == Some("storage") {
        put_in(&mut made, "body", body_shape(version));
    }
    made
}

fn links(page: &Page) -> Value {
    json!({
        "webui": format!("/pages/viewpage.action?pageId={}", page.id),
        "editui": format!("/pages/resumedraft.action?draftId={}", page.id),
        "tinyui": format!("/x/{:x}", page.id),
    })
}

fn body_shape(version: &Version) -> Value {
    json!({ "storage": { "representation": "storage", "value": version.body } })
}

fn version_shape(version: &Version) -> Value {
    json!({
        "number": version.number, "message": version.message, "minorEdit": false,
        "authorId": version.author, "createdAt": clock::iso(version.at),
    })
}

fn attachment_shape(page: &Page, attachment: &Attachment) -> Value {
    let Some(last) = attachment.versions.last() else { return json!({}) };
    let download = format!("/download/attachments/{}/{}?version={}", page.id, attachment.title, last.number);
    let webui = format!("/pages/viewpageattachments.action?pageId={}", page.id);
    json!({
        "id": attachment.id(),
        "status": "current",
        "title": attachment.title,
        "createdAt": clock::iso(last.at),
        "pageId": page.id.to_string(),
        "mediaType": attachment.media_type,
        "mediaTypeDescription": attachment.media_type,
        "comment": "",
        "fileId": crate::random::uuid_of(&attachment.id()),
        "fileSize": last.size,
        "webuiLink": webui,
        "downloadLink": download,
        "version": {
            "number": last.number, "message": "", "minorEdit": false,
            "authorId": last.author, "createdAt": clock::iso(last.at),
        },
        "_links": { "webui": webui, "download": download },
    })
}

fn collection(results: &[Value], link: &str) -> Value {
    json!({ "results": results, "meta": { "hasMore": false, "cursor": "" }, "_links": { "self": link } })
}

/// Sets a member of an object; objects already there are kept beside.
fn put_in(target: &mut Value, name: &str, value: Value) {
    crate::fit::merge(target, &Value::Object([(name.to_owned(), value)].into_iter().collect()));
}
