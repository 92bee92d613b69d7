//! A great many pages at once, as they would have been there long before the app: no event, no entry in the ledger.

use crate::edit::{self, Refusal};
use crate::model::{Page, Version, World, id_or_none};
use crate::{clock, label, tree};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Pages made at once, at most.
const MOST: u32 = 100_000;

/// What is wanted.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wanted {
    /// The site; the first without one.
    pub site: Option<String>,
    /// The space's id.
    #[serde(deserialize_with = "id_or_none")]
    pub space: Option<u64>,
    /// How many.
    pub count: u32,
    /// Titles are this and a number.
    #[serde(default = "title")]
    pub title_prefix: String,
    /// A label they all have.
    pub label: Option<String>,
    /// The page they lie below; the space's home page without one.
    #[serde(default, deserialize_with = "id_or_none")]
    pub parent: Option<u64>,
    /// Pages lie below one another this many deep: 1 lays all below `parent`, 3 makes chains of three.
    #[serde(default = "one")]
    pub depth: u32,
    /// The text.
    #[serde(default = "body")]
    pub body: String,
    /// Who wrote them.
    #[serde(default = "author")]
    pub account: String,
}

fn title() -> String {
    "Page".to_owned()
}

fn body() -> String {
    "<p>An old page.</p>".to_owned()
}

fn author() -> String {
    "712020:author".to_owned()
}

fn one() -> u32 {
    1
}

/// Makes them; the ids of the first and the last. Ids are consecutive.
pub(crate) fn make(world: &mut World, site: &str, wanted: &Wanted) -> Result<(u64, u64), Refusal> {
    if wanted.count == 0 || wanted.count > MOST || wanted.depth == 0 {
        return Err(Refusal::Invalid(format!("count must lie between 1 and {MOST}, depth must not be 0.")));
    }
    edit::check(&wanted.title_prefix, &wanted.body)?;
    let at = world.sites.get_mut(site).ok_or(Refusal::NotFound)?;
    let space = wanted.space.ok_or(Refusal::NotFound)?;
    let parent = tree::place(at, space, wanted.parent)?;
    let labels: BTreeSet<String> = wanted.label.iter().map(|name| label::known(at, name)).collect::<Result<_, _>>()?;
    let (first, now) = (at.next_id + 1, clock::millis());
    let mut last = first;
    for number in 0..wanted.count {
        let above = if number % wanted.depth == 0 { parent } else { Some(last) };
        last = at.fresh_id();
        let version = Version {
            number: 1,
            title: format!("{} {}", wanted.title_prefix, number + 1),
            body: wanted.body.clone(),
            author: wanted.account.clone(),
            at: now,
            message: String::new(),
        };
        let page = Page {
            id: last,
            space,
            parent: above,
            trashed: false,
            versions: vec![version],
            attachments: Vec::new(),
            properties: Vec::new(),
            restriction: None,
            labels: labels.clone(),
        };
        at.pages.insert(last, page);
    }
    Ok((first, last))
}
