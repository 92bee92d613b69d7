//! v1: may somebody do something with a content?

use super::{Answer, Asked};
use crate::rights::{self, Principal};
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

pub(super) fn permission_check(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let text = |pointer: &str| asked.body.as_ref().and_then(|body| body.pointer(pointer)).and_then(Value::as_str);
    let (kind, identifier, operation) = (text("/subject/type"), text("/subject/identifier"), text("/operation"));
    let (Some("user"), Some(account), Some(operation @ ("read" | "update" | "delete"))) = (kind, identifier, operation)
    else {
        return Answer::bad(asked.path, "subject {type: \"user\", identifier} and operation are required.");
    };
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let Some(page) = id.parse().ok().and_then(|id: u64| site.pages.get(&id)) else {
            return Answer::not_found(asked.path);
        };
        if !rights::may_view(site, page, asked.who) {
            return Answer::not_found(asked.path);
        }
        let about_self = asked.who.account() == account;
        if *asked.who != Principal::App && !about_self && !rights::is_admin(site, asked.who) {
            return Answer::refusal(asked.path, 403, "Only administrators may check the permissions of others.");
        }
        let subject = Principal::Person(account.to_owned());
        let known = site.person(account).is_some_and(|person| !person.app);
        let has = known
            && match operation {
                "read" => rights::may_view(site, page, &subject),
                _ => rights::may_edit(site, page, &subject),
            };
        let errors: Vec<Value> = if has {
            Vec::new()
        } else {
            vec![json!({ "translation": "The subject lacks the permission.", "args": [] })]
        };
        Answer::ok(json!({ "hasPermission": has, "errors": errors }))
    })
}
