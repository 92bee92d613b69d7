//! v1: people.

use super::{Answer, Asked, group};
use crate::model::{Person, Site};
use crate::rights::{self, Principal};
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

/// People asked for at once, at most.
const BULK: usize = 100;

/// Does `with` to the person `accountId` names.
fn named(sandbox: &Sandbox, asked: &Asked<'_>, with: impl FnOnce(&Site, &Person) -> Answer) -> Answer {
    let Some(account) = asked.param("accountId") else { return Answer::bad(asked.path, "accountId is required.") };
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        match site.person(&account) {
            Some(person) => with(site, person),
            None => Answer::not_found(asked.path),
        }
    })
}

pub(super) fn get(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    named(sandbox, asked, |site, person| Answer::ok(shape(site, person, asked)))
}

pub(super) fn bulk(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let wanted = asked.param("accountId").unwrap_or_default();
    let wanted: Vec<&str> = wanted.split(',').filter(|account| !account.is_empty()).collect();
    if wanted.is_empty() || wanted.len() > BULK {
        return Answer::bad(asked.path, "1 to 100 accountId parameters are required.");
    }
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let found = wanted.iter().filter_map(|account| site.person(account));
        let results: Vec<Value> = found.map(|person| shape(site, person, asked)).collect();
        let size = results.len();
        Answer::ok(json!({
            "results": results, "start": 0, "limit": BULK, "size": size,
            "_links": { "base": format!("{}/wiki", sandbox.setup.site), "context": "/wiki" },
        }))
    })
}

/// v2 `POST /users-bulk`: the one call that says whether an account is active.
pub(super) fn statuses(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let list = asked.body.as_ref().and_then(|body| body.get("accountIds")).and_then(Value::as_array);
    let wanted: Option<Vec<&str>> = list.and_then(|list| list.iter().map(Value::as_str).collect());
    let Some(wanted) = wanted.filter(|wanted| (1..=250).contains(&wanted.len())) else {
        return Answer::bad(asked.path, "1 to 250 accountIds are required.");
    };
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let results: Vec<Value> = wanted
            .iter()
            .filter_map(|account| site.person(account))
            .map(|person| {
                let mut made = json!({
                    "accountId": person.account_id,
                    "accountType": if person.app { "app" } else { "atlassian" },
                    "accountStatus": if person.deactivated { "inactive" } else { "active" },
                    "displayName": person.name,
                    "publicName": person.name,
                    "email": if person.email_visible { person.email.as_str() } else { "" },
                    "isExternalCollaborator": person.guest,
                    "profilePicture": {
                        "path": format!("/wiki/aa-avatar/{}", person.account_id), "isDefault": true,
                    },
                });
                if let Some(zone) = &person.time_zone {
                    crate::fit::merge(&mut made, &json!({ "timeZone": zone }));
                }
                made
            })
            .collect();
        Answer::ok(json!({ "results": results, "_links": { "base": format!("{}/wiki", sandbox.setup.site) } }))
    })
}

pub(super) fn current(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    sandbox.look(|world| {
        let site = world.sites.get(asked.site);
        match site.and_then(|site| site.person(asked.who.account()).map(|person| (site, person))) {
            Some((site, person)) => Answer::ok(shape(site, person, asked)),
            None => Answer::unauthorized(asked.path),
        }
    })
}

pub(super) fn email(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    if *asked.who != Principal::App {
        return Answer::scope_mismatch();
    }
    named(sandbox, asked, |_, person| {
        if person.email.is_empty() {
            return Answer::not_found(asked.path);
        }
        Answer::ok(json!({ "accountId": person.account_id, "email": person.email }))
    })
}

/// Whose address is not there is left out.
pub(super) fn emails(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    if *asked.who != Principal::App {
        return Answer::scope_mismatch();
    }
    let wanted = asked.param("accountId").unwrap_or_default();
    let wanted: Vec<&str> = wanted.split(',').filter(|account| !account.is_empty()).collect();
    if wanted.is_empty() || wanted.len() > BULK {
        return Answer::bad(asked.path, "1 to 100 accountIds are required.");
    }
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let found = wanted.iter().filter_map(|account| site.person(account)).filter(|person| !person.email.is_empty());
        let shape = |person: &Person| json!({ "accountId": person.account_id, "email": person.email });
        Answer::ok(Value::Array(found.map(shape).collect()))
    })
}

pub(super) fn member_of(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let number = |name: &str, default: usize| match asked.param(name) {
        Some(text) => text.parse().ok(),
        None => Some(default),
    };
    let (Some(start), Some(limit)) = (number("start", 0), number("limit", 200)) else {
        return Answer::refusal(asked.path, 400, "start and limit must be numbers.");
    };
    let Some(account) = asked.param("accountId") else { return Answer::bad(asked.path, "accountId is required.") };
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let all: Vec<Value> =
            site.groups.iter().filter(|group| group.members.contains(&account)).map(group::shape).collect();
        let results: Vec<Value> = all.iter().skip(start).take(limit).cloned().collect();
        let end = start + results.len();
        let mut links = json!({ "base": format!("{}/wiki", sandbox.setup.site), "context": "/wiki" });
        if end < all.len() {
            let next = format!("{}?accountId={account}&start={end}&limit={limit}", asked.path);
            crate::fit::merge(&mut links, &json!({ "next": next }));
        }
        let (size, total) = (results.len(), all.len());
        Answer::ok(json!({
            "results": results, "start": start, "limit": limit, "size": size, "totalSize": total, "_links": links,
        }))
    })
}

/// A person as v1 shows them.
pub(super) fn shape(site: &Site, person: &Person, asked: &Asked<'_>) -> Value {
    let expand = asked.param("expand").unwrap_or_default();
    let mut made = json!({
        "type": "known",
        "accountId": person.account_id,
        "accountType": if person.app { "app" } else { "atlassian" },
        // Most keep it to themselves, by the settings of their profile.
        "email": if person.email_visible { person.email.as_str() } else { "" },
        "publicName": person.name,
        "displayName": person.name,
        "timeZone": person.time_zone,
        "isExternalCollaborator": person.guest,
        "isGuest": person.guest,
        "profilePicture": {
            "path": format!("/wiki/aa-avatar/{}", person.account_id), "width": 48, "height": 48, "isDefault": true,
        },
        "_expandable": { "operations": "", "personalSpace": "" },
        "_links": { "self": format!("{}?accountId={}", "/wiki/rest/api/user", person.account_id) },
    });
    if expand.split(',').any(|one| one == "operations") {
        let who = if person.app { Principal::App } else { Principal::Person(person.account_id.clone()) };
        let mut may = vec![json!({ "operation": "use", "targetType": "application" })];
        if rights::is_admin(site, &who) {
            may.push(json!({ "operation": "administer", "targetType": "application" }));
            may.push(json!({ "operation": "create_space", "targetType": "application" }));
        }
        crate::fit::merge(&mut made, &json!({ "operations": may }));
    }
    made
}
