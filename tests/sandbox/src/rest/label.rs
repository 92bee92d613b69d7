//! Labels: of a page (v2), and by name (v1).

use super::paging::paged;
use super::{Answer, Asked, page};
use crate::rights;
use crate::sandbox::Sandbox;
use serde_json::{Value, json};

/// v2 `GET /pages/{id}/labels`
pub(super) fn of_page(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let all_are_asked_for = match asked.param("prefix").as_deref() {
        None | Some("global") => true,
        Some("my" | "team" | "system") => false,
        Some(_) => return Answer::bad(asked.path, "There is no such prefix."),
    };
    page::visible(sandbox, asked, id, |site, page| {
        let shown = page.labels.iter().filter(|_| all_are_asked_for);
        let all: Vec<Value> = shown
            .filter_map(|name| Some(json!({ "id": site.label(name)?.to_string(), "name": name, "prefix": "global" })))
            .collect();
        paged(sandbox, asked, &all, 25)
    })
}

/// v1 `GET /label?name=`: the label, and what has it.
pub(super) fn by_name(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let Some(name) = asked.param("name") else { return Answer::bad(asked.path, "name is required.") };
    let number = |name: &str, default: usize| asked.param(name).map_or(Ok(default), |text| text.parse());
    let (Ok(start), Ok(limit)) = (number("start", 0), number("limit", 200)) else {
        return Answer::bad(asked.path, "start and limit must be numbers.");
    };
    let pages_too = asked.param("type").is_none_or(|kind| kind == "page");
    sandbox.look(|world| {
        let Some(site) = world.sites.get(asked.site) else { return Answer::not_found(asked.path) };
        let Some(id) = site.label(&name) else { return Answer::not_found(asked.path) };
        let labelled = site.pages.values().filter(|page| pages_too && !page.trashed && page.labels.contains(&name));
        let seen = labelled.filter(|page| rights::may_view(site, page, asked.who)).skip(start).take(limit);
        let results: Vec<Value> = seen
            .map(|page| json!({ "contentType": "page", "contentId": page.id, "title": page.current().title }))
            .collect();
        let size = results.len();
        Answer::ok(json!({
            "label": { "id": id.to_string(), "name": name, "prefix": "global", "label": name },
            "associatedContents": { "results": results, "start": start, "limit": limit, "size": size },
        }))
    })
}
