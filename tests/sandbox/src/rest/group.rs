//! v1: groups and who is in them.

use super::{Answer, Asked, user};
use crate::model::Group;
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

/// Members shown at once, at most.
const MOST: usize = 200;

/// `GET /group/by-id?id=`
pub(super) fn by_id(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let Some(id) = asked.param("id") else { return Answer::bad(asked.path, "id is required.") };
    sandbox.look(|world| {
        let group = world.sites.get(asked.site).and_then(|site| site.groups.iter().find(|group| group.id == id));
        group.map_or_else(|| Answer::not_found(asked.path), |group| Answer::ok(shape(group)))
    })
}

/// `GET /group/{groupId}/membersByGroupId`
pub(super) fn members(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let number = |name: &str, default: usize| asked.param(name).map_or(Ok(default), |text| text.parse());
    let (Ok(start), Ok(limit)) = (number("start", 0), number("limit", MOST)) else {
        return Answer::bad(asked.path, "start and limit must be numbers.");
    };
    let limit = limit.min(MOST);
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let Some(group) = site.groups.iter().find(|group| group.id == id) else {
            return Answer::not_found(asked.path);
        };
        let known = group.members.iter().filter_map(|account| site.person(account));
        let results: Vec<Value> =
            known.skip(start).take(limit).map(|person| user::shape(site, person, asked)).collect();
        let (size, all) = (results.len(), group.members.len());
        let mut links = json!({ "base": format!("{}/wiki", sandbox.setup.site), "context": "/wiki" });
        let end = start.saturating_add(size);
        if end < all {
            let next = format!("{}?start={end}&limit={limit}", asked.path);
            crate::fit::merge(&mut links, &json!({ "next": next }));
        }
        let mut made = json!({ "results": results, "start": start, "limit": limit, "size": size, "_links": links });
        if asked.flag("shouldReturnTotalSize") {
            crate::fit::merge(&mut made, &json!({ "totalSize": all }));
        }
        Answer::ok(made)
    })
}

/// `GET /group/picker?query=`: groups by a part of their name.
pub(super) fn picker(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let Some(query) = asked.param("query").map(|query| query.to_lowercase()) else {
        return Answer::bad(asked.path, "query is required.");
    };
    let limit = asked.param("limit").and_then(|limit| limit.parse().ok()).unwrap_or(MOST).min(MOST);
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let fits = site.groups.iter().filter(|group| group.name.to_lowercase().contains(&query));
        let results: Vec<Value> = fits.take(limit).map(shape).collect();
        let links = json!({ "base": format!("{}/wiki", sandbox.setup.site), "context": "/wiki" });
        let size = results.len();
        Answer::ok(json!({ "results": results, "start": 0, "limit": limit, "size": size, "_links": links }))
    })
}

/// A group as Confluence shows it.
pub(super) fn shape(group: &Group) -> Value {
    json!({
        "type": "group", "name": group.name, "id": group.id, "usageType": "USERBASE_GROUP", "managedBy": "ADMINS",
        "_links": { "self": format!("/wiki/rest/api/group/by-id?id={}", group.id) },
    })
}
