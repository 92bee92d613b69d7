//! v2: lists of pages — of a site, a space, a label, and of a page's surroundings in the tree.

use super::page::{shape, visible};
use super::paging::{Window, not_ours, portion};
use super::{Answer, Asked};
use crate::model::{Page, Site};
use crate::rights;
use crate::sandbox::Sandbox;
use crate::tree;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::Bound;

/// Ids a list can be asked for at once.
const MOST_IDS: usize = 250;
/// How far down descendants are shown.
const DEEPEST: u32 = 10;

/// `GET /pages`
pub(super) fn of_site(sandbox: &Sandbox, asked: &Asked<'_>) -> Answer {
    let (ids, spaces) = match (numbers(asked, "id"), numbers(asked, "space-id")) {
        (Ok(ids), Ok(spaces)) => (ids, spaces),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    if ids.as_ref().is_some_and(|ids| ids.len() > MOST_IDS) {
        return Answer::bad(asked.path, "At most 250 ids can be asked for at once.");
    }
    on_site(sandbox, asked, |site| {
        let fits = |page: &Page| spaces.as_ref().is_none_or(|spaces| spaces.contains(&page.space));
        pages(sandbox, asked, site, ids.as_ref(), fits)
    })
}

/// `GET /spaces/{id}/pages`
pub(super) fn of_space(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let only_top = match asked.param("depth").as_deref() {
        None | Some("all") => false,
        Some("root") => true,
        Some(_) => return Answer::bad(asked.path, "depth must be all or root."),
    };
    on_site(sandbox, asked, |site| {
        let Some(space) = id.parse().ok().and_then(|id| site.space(id)) else { return Answer::not_found(asked.path) };
        let fits = |page: &Page| page.space == space.id && !(only_top && page.parent.is_some());
        pages(sandbox, asked, site, None, fits)
    })
}

/// `GET /labels/{id}/pages`
pub(super) fn of_label(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let spaces = match numbers(asked, "space-id") {
        Ok(spaces) => spaces,
        Err(refusal) => return refusal,
    };
    on_site(sandbox, asked, |site| {
        let Some(label) = id.parse().ok().and_then(|id: u64| site.labels.get(&id)) else {
            return Answer::not_found(asked.path);
        };
        let here = |page: &Page| spaces.as_ref().is_none_or(|spaces| spaces.contains(&page.space));
        pages(sandbox, asked, site, None, |page| page.labels.contains(label) && here(page))
    })
}

/// `GET /pages/{id}/ancestors`: the nearest ones, the highest of them first.
pub(super) fn ancestors(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let window = match Window::of(asked, 25) {
        Ok(window) => window,
        Err(refusal) => return refusal,
    };
    visible(sandbox, asked, id, |site, page| {
        let nearest = tree::above(site, page).take(window.limit);
        let mut results: Vec<Value> =
            nearest.map(|page| json!({ "id": page.id.to_string(), "type": "page" })).collect();
        results.reverse();
        portion(sandbox, asked, &results, None)
    })
}

/// `GET /pages/{id}/descendants`
pub(super) fn descendants(sandbox: &Sandbox, asked: &Asked<'_>, id: &str) -> Answer {
    let depth = match asked.param("depth").map(|depth| depth.parse::<u32>()) {
        None => 2,
        Some(Ok(depth)) if (1..=DEEPEST).contains(&depth) => depth,
        Some(_) => return Answer::bad(asked.path, "The depth must lie between 1 and 10."),
    };
    let window = match Window::of(asked, 25) {
        Ok(window) => window,
        Err(refusal) => return refusal,
    };
    let after = match window.after.as_deref().map(|mark| mark.split_once(':')) {
        None => (0, 0),
        Some(Some((depth, id))) => match (depth.parse::<u32>(), id.parse::<u64>()) {
            (Ok(depth), Ok(id)) => (depth, id),
            _ => return not_ours(asked),
        },
        Some(None) => return not_ours(asked),
    };
    visible(sandbox, asked, id, |site, page| {
        let open = |page: &Page| !page.trashed && rights::may_view(site, page, asked.who);
        let mut found = tree::below(site, page.id, depth, open);
        found.retain(|one| (one.depth, one.page.id) > after);
        let more = found.len() > window.limit;
        found.truncate(window.limit);
        let mark = found.last().map(|last| format!("{}:{}", last.depth, last.page.id));
        let results: Vec<Value> = found
            .iter()
            .map(|one| {
                json!({
                    "id": one.page.id.to_string(), "status": "current", "title": one.page.current().title, "type": "page",
                    "parentId": one.page.parent.map(|parent| parent.to_string()), "depth": one.depth, "childPosition": 0,
                })
            })
            .collect();
        portion(sandbox, asked, &results, mark.filter(|_| more))
    })
}

/// Pages that fit, in the order asked for. By id, nothing but the pages shown is looked at closely.
fn pages(
    sandbox: &Sandbox,
    asked: &Asked<'_>,
    site: &Site,
    ids: Option<&BTreeSet<u64>>,
    fits: impl Fn(&Page) -> bool,
) -> Answer {
    let (window, statuses) = match (Window::of(asked, 25), statuses(asked)) {
        (Ok(window), Ok(statuses)) => (window, statuses),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal,
    };
    let title = asked.param("title");
    let fits = |page: &&Page| {
        statuses.contains(if page.trashed { "trashed" } else { "current" })
            && fits(page)
            && title.as_ref().is_none_or(|title| page.current().title == *title)
            && rights::may_view(site, page, asked.who)
    };
    let show = |page: &Page| shape(page, page.current(), asked, false);
    let sort = asked.param("sort");
    if let Some("id") | None = sort.as_deref() {
        let after = match window.number(asked, "id") {
            Ok(after) => after.map_or(Bound::Unbounded, Bound::Excluded),
            Err(refusal) => return refusal,
        };
        let range = (after, Bound::Unbounded);
        let candidates: Box<dyn Iterator<Item = &Page>> = match ids {
            Some(ids) => Box::new(ids.range(range).filter_map(|id| site.pages.get(id))),
            None => Box::new(site.pages.range(range).map(|(_, page)| page)),
        };
        let mut found: Vec<&Page> = candidates.filter(fits).take(window.limit.saturating_add(1)).collect();
        let more = found.len() > window.limit;
        found.truncate(window.limit);
        let mark = found.last().map(|last| format!("id:{}", last.id)).filter(|_| more);
        let results: Vec<Value> = found.into_iter().map(show).collect();
        return portion(sandbox, asked, &results, mark);
    }
    let asked_for = |page: &&Page| ids.is_none_or(|ids| ids.contains(&page.id));
    let mut found: Vec<&Page> = site.pages.values().filter(asked_for).filter(fits).collect();
    let sort = sort.unwrap_or_default();
    match sort.trim_start_matches('-') {
        "id" => {}
        "title" => found.sort_by(|a, b| a.current().title.cmp(&b.current().title)),
        "created-date" => found.sort_by_key(|page| page.first().at),
        "modified-date" => found.sort_by_key(|page| page.current().at),
        _ => return Answer::bad(asked.path, "Pages can't be sorted by that."),
    }
    if sort.starts_with('-') {
        found.reverse();
    }
    let all: Vec<Value> = found.into_iter().map(show).collect();
    super::paging::paged(sandbox, asked, &all, 25)
}

fn on_site(sandbox: &Sandbox, asked: &Asked<'_>, with: impl FnOnce(&Site) -> Answer) -> Answer {
    sandbox.look(|world| world.sites.get(asked.site).map_or_else(|| Answer::not_found(asked.path), with))
}

/// The statuses asked for; archived pages there are none of here.
fn statuses(asked: &Asked<'_>) -> Result<BTreeSet<String>, Answer> {
    let all = asked.param("status").unwrap_or_else(|| "current,archived".to_owned());
    let all: BTreeSet<String> = all.split(',').map(str::to_owned).collect();
    let known = |status: &String| matches!(status.as_str(), "current" | "archived" | "deleted" | "trashed");
    if all.iter().all(known) { Ok(all) } else { Err(Answer::bad(asked.path, "There is no such status.")) }
}

/// Ids given as a list, or several times.
fn numbers(asked: &Asked<'_>, name: &str) -> Result<Option<BTreeSet<u64>>, Answer> {
    let Some(list) = asked.param(name) else { return Ok(None) };
    let all: Result<BTreeSet<u64>, _> = list.split(',').map(|number| number.trim().parse()).collect();
    all.map(Some).map_err(|_| Answer::bad(asked.path, "An id must be a number."))
}
