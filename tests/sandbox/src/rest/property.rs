//! v2: content properties of a page.

use super::page::{editable, visible};
use super::paging::paged;
use super::{Answer, Asked};
use crate::clock;
use crate::edit;
use crate::model::Property;
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

pub(super) fn list(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let key = asked.param("key");
    visible(sandbox, asked, id, |_, page| {
        let wanted = page.properties.iter().filter(|one| key.as_ref().is_none_or(|key| *key == one.key));
        let all: Vec<Value> = wanted.map(shape).collect();
        paged(sandbox, asked, &all, 25)
    })
}

pub(super) fn get(sandbox: &Sandbox, asked: &Asked<'_>, id: &str, property: &str) -> Answer {
    visible(sandbox, asked, id, |_, page| {
        let found = page.properties.iter().find(|one| one.id.to_string() == property);
        found.map_or_else(|| Answer::not_found(asked.path), |one| Answer::ok(shape(one)))
    })
}

pub(super) fn create(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let page = match editable(sandbox, asked, id) {
        Ok(page) => page,
        Err(refusal) => return refusal,
    };
    let Some((key, value)) = key_and_value(asked) else {
        return Answer::bad(asked.path, "key and value are required.");
    };
    let made = sandbox
        .change(|world| edit::write_property(world, asked.site, page, asked.who.account(), &key, value, Some(1)));
    match made {
        Ok(property) => Answer::ok(shape(&property)),
        Err(edit::Refusal::Conflict(_)) => {
            Answer::refusal(asked.path, 409, "A property with this key exists already on this page.")
        }
        Err(why) => Answer::refused(asked.path, why),
    }
}

pub(super) fn put(sandbox: &Sandbox, asked: &Asked<'_>, id: &str, property: &str) -> Answer {
    let page = match editable(sandbox, asked, id) {
        Ok(page) => page,
        Err(refusal) => return refusal,
    };
    let number = asked.body.as_ref().and_then(|body| body.pointer("/version/number")).and_then(Value::as_u64);
    let (Some((key, value)), Some(number)) = (key_and_value(asked), number.and_then(|n| u32::try_from(n).ok())) else {
        return Answer::bad(asked.path, "key, value and version.number are required.");
    };
    let exists = sandbox.look(|world| {
        let page = world.sites.get(asked.site).and_then(|site| site.pages.get(&page));
        page.is_some_and(|page| page.property(&key).is_some_and(|one| one.id.to_string() == property))
    });
    if !exists {
        return Answer::not_found(asked.path);
    }
    let made = sandbox
        .change(|world| edit::write_property(world, asked.site, page, asked.who.account(), &key, value, Some(number)));
    match made {
        Ok(property) => Answer::ok(shape(&property)),
        Err(why) => Answer::refused(asked.path, why),
    }
}

pub(super) fn delete(sandbox: &Sandbox, asked: &Asked<'_>, id: &str, property: &str) -> Answer {
    let page = match editable(sandbox, asked, id) {
        Ok(page) => page,
        Err(refusal) => return refusal,
    };
    let Ok(property) = property.parse() else { return Answer::not_found(asked.path) };
    let account = asked.who.account();
    match sandbox.change(|world| edit::remove_property(world, asked.site, page, account, property)) {
        Ok(_) => Answer::no_content(),
        Err(why) => Answer::refused(asked.path, why),
    }
}

fn key_and_value(asked: &Asked<'_>) -> Option<(String, Value)> {
    let body = asked.body.as_ref()?;
    let key = body.get("key")?.as_str().filter(|key| !key.is_empty())?;
    Some((key.to_owned(), body.get("value")?.clone()))
}

fn shape(property: &Property) -> Value {
    json!({
        "id": property.id.to_string(),
        "key": property.key,
        "value": property.value,
        "version": {
            "number": property.version, "message": "", "minorEdit": false,
            "authorId": property.author, "createdAt": clock::iso(property.at),
        },
    })
}
