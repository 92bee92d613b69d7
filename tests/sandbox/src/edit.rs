//! Changes to a site. Each says what it did in the ledger and returns the product event Confluence would send.

use crate::events::{self, Event};
use crate::ledger;
use crate::model::{Attachment, FileVersion, Page, Property, Site, Version, World};
use crate::{app, clock, tree};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Why a change was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such thing.
    NotFound,
    /// The version named is not the next one.
    Conflict(String),
    /// The values are not acceptable.
    Invalid(String),
}

/// A change that worked: what it made, and what Confluence tells the app.
pub(crate) type Changed<T> = Result<(T, Event), Refusal>;

/// What a new version consists of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// The title.
    pub title: String,
    /// The body in storage format.
    pub body: String,
    /// What the author says about it.
    pub message: String,
}

impl Draft {
    fn check(&self) -> Result<(), Refusal> {
        check(&self.title, &self.body)
    }

    fn version(self, number: u32, author: &str) -> Version {
        let Self { title, body, message } = self;
        Version { number, title, body, author: author.to_owned(), at: clock::millis(), message }
    }
}

/// Whether Confluence would take this title and this body.
pub(crate) fn check(title: &str, body: &str) -> Result<(), Refusal> {
    if title.trim().is_empty() {
        return Err(Refusal::Invalid("The title is missing.".to_owned()));
    }
    crate::storage::check(body).map_err(Refusal::Invalid)
}

/// Creates a page below `parent`, or below its space's home page.
pub(crate) fn create(
    world: &mut World,
    site: &str,
    author: &str,
    space: u64,
    parent: Option<u64>,
    draft: Draft,
) -> Changed<u64> {
    draft.check()?;
    let at = site_mut(world, site)?;
    let parent = tree::place(at, space, parent)?;
    let id = at.fresh_id();
    let page = Page {
        id,
        space,
        parent,
        trashed: false,
        versions: vec![draft.version(1, author)],
        attachments: Vec::new(),
        properties: Vec::new(),
        restriction: None,
        labels: BTreeSet::new(),
    };
    at.pages.insert(id, page);
    tell(world, site, author, id, "created:page", "page", "created the page")
}

/// Publishes the next version. `expected` is the number it must get, where the caller states one.
pub(crate) fn publish(
    world: &mut World,
    site: &str,
    id: u64,
    author: &str,
    draft: Draft,
    expected: Option<u32>,
) -> Changed<u32> {
    draft.check()?;
    let page = page_mut(world, site, id)?;
    let number = page.current().number + 1;
    if let Some(expected) = expected.filter(|expected| *expected != number) {
        return Err(Refusal::Conflict(format!(
            "Version must be incremented on update. Current version is {}, the request says {expected}.",
            number - 1
        )));
    }
    page.versions.push(draft.version(number, author));
    let what = format!("published version {number}");
    let (_, event) = tell(world, site, author, id, "updated:page", "page", &what)?;
    Ok((number, event))
}

/// Copies a page with its properties and attachments, as Confluence does.
pub(crate) fn copy(world: &mut World, site: &str, id: u64, author: &str) -> Changed<u64> {
    let at = site_mut(world, site)?;
    let original = at.pages.get(&id).ok_or(Refusal::NotFound)?.clone();
    let copy = at.fresh_id();
    let draft = Draft {
        title: format!("Copy of {}", original.current().title),
        body: original.current().body.clone(),
        message: String::new(),
    };
    let parent = tree::place(at, original.space, original.parent)?;
    let mut page = Page { id: copy, parent, versions: vec![draft.version(1, author)], restriction: None, ..original };
    for property in &mut page.properties {
        property.id = at.fresh_id();
    }
    for attachment in &mut page.attachments {
        attachment.number = at.fresh_id();
    }
    at.pages.insert(copy, page);
    let (_, mut event) = tell(world, site, author, copy, "copied:page", "page", &format!("copied page {id}"))?;
    event.extend("originContentId", json!(id.to_string()));
    Ok((copy, event))
}

/// Moves a page, and all below it, below another page or, without one, below the home page of `space`.
pub(crate) fn relocate(
    world: &mut World,
    site: &str,
    id: u64,
    author: &str,
    parent: Option<u64>,
    space: Option<u64>,
) -> Changed<()> {
    let at = site_mut(world, site)?;
    let page = at.pages.get(&id).ok_or(Refusal::NotFound)?;
    let above = parent.and_then(|parent| at.pages.get(&parent));
    let space = above.map(|above| above.space).or(space).unwrap_or(page.space);
    let before = events::content(at, page);
    let parent = tree::place(at, space, parent)?;
    if parent.is_some_and(|parent| tree::contains(at, id, parent)) {
        return Err(Refusal::Invalid("A page can't be moved below itself.".to_owned()));
    }
    tree::put(at, id, parent, space);
    let (_, mut event) = tell(world, site, author, id, "moved:page", "page", "moved the page")?;
    event.extend("prevContent", before);
    Ok(((), event))
}

/// Moves a page to the trash, or back.
pub(crate) fn trash(world: &mut World, site: &str, id: u64, author: &str, trashed: bool) -> Changed<()> {
    page_mut(world, site, id)?.trashed = trashed;
    if trashed {
        tree::lift(site_mut(world, site)?, id);
    }
    let (kind, what) =
        if trashed { ("trashed:page", "moved the page to the trash") } else { ("restored:page", "restored the page") };
    let (_, event) = tell(world, site, author, id, kind, "page", what)?;
    Ok(((), event))
}

/// Deletes a page for good.
pub(crate) fn delete(world: &mut World, site: &str, id: u64, author: &str) -> Changed<()> {
    let (_, event) = tell(world, site, author, id, "deleted:page", "page", "deleted the page")?;
    let at = site_mut(world, site)?;
    tree::lift(at, id);
    at.pages.remove(&id);
    Ok(((), event))
}

/// Adds a file, or a new version of the file with the same name.
pub(crate) fn attach(
    world: &mut World,
    site: &str,
    id: u64,
    author: &str,
    name: &str,
    media_type: &str,
    content: &[u8],
) -> Changed<String> {
    if name.trim().is_empty() {
        return Err(Refusal::Invalid("The file has no name.".to_owned()));
    }
    let fresh = site_mut(world, site)?.fresh_id();
    let page = page_mut(world, site, id)?;
    let file = |number| FileVersion {
        number,
        author: author.to_owned(),
        at: clock::millis(),
        content: data_encoding::BASE64.encode(content),
        size: u64::try_from(content.len()).unwrap_or(u64::MAX),
    };
    let (kind, number) = match page.attachments.iter_mut().find(|attachment| attachment.title == name) {
        Some(attachment) => {
            let next = attachment.versions.last().map_or(1, |version| version.number + 1);
            attachment.versions.push(file(next));
            media_type.clone_into(&mut attachment.media_type);
            ("updated", attachment.number)
        }
        None => {
            page.attachments.push(Attachment {
                number: fresh,
                title: name.to_owned(),
                media_type: media_type.to_owned(),
                versions: vec![file(1)],
            });
            ("created", fresh)
        }
    };
    attachment_event(world, site, id, author, number, kind)
}

/// Takes a file off a page.
pub(crate) fn detach(world: &mut World, site: &str, id: u64, author: &str, attachment: &str) -> Changed<String> {
    let page = page_mut(world, site, id)?;
    let number =
        page.attachments.iter().find(|one| one.id() == attachment).map(|one| one.number).ok_or(Refusal::NotFound)?;
    let made = attachment_event(world, site, id, author, number, "trashed")?;
    page_mut(world, site, id)?.attachments.retain(|one| one.number != number);
    Ok(made)
}

/// Writes a content property: makes it where there is none, else replaces its value.
/// `expected` is the version the write must make, where the caller states one. No product event exists for this.
pub(crate) fn write_property(
    world: &mut World,
    site: &str,
    id: u64,
    author: &str,
    key: &str,
    value: Value,
    expected: Option<u32>,
) -> Result<Property, Refusal> {
    let fresh = site_mut(world, site)?.fresh_id();
    let page = page_mut(world, site, id)?;
    let (place, version) = match page.properties.iter().position(|one| one.key == key) {
        Some(place) => (Some(place), page.properties.get(place).map_or(1, |one| one.version + 1)),
        None => (None, 1),
    };
    if let Some(expected) = expected.filter(|expected| *expected != version) {
        return Err(Refusal::Conflict(format!(
            "Version {expected} is not the next one: the property is at version {}.",
            version - 1
        )));
    }
    let id_of = place.and_then(|place| page.properties.get(place)).map_or(fresh, |one| one.id);
    let property =
        Property { id: id_of, key: key.to_owned(), value, version, author: author.to_owned(), at: clock::millis() };
    match place.and_then(|place| page.properties.get_mut(place)) {
        Some(old) => *old = property.clone(),
        None => page.properties.push(property.clone()),
    }
    let detail = json!({ "key": key, "version": version, "value": property.value });
    ledger::enter(world, Some(site), "property", author, Some(id), format!("wrote property {key}"), detail);
    Ok(property)
}

/// Removes a content property.
pub(crate) fn remove_property(
    world: &mut World,
    site: &str,
    id: u64,
    author: &str,
    property: u64,
) -> Result<Property, Refusal> {
    let page = page_mut(world, site, id)?;
    let place = page.properties.iter().position(|one| one.id == property).ok_or(Refusal::NotFound)?;
    let gone = page.properties.remove(place);
    let what = format!("removed property {}", gone.key);
    ledger::enter(world, Some(site), "property", author, Some(id), what, json!({ "key": gone.key, "removed": true }));
    Ok(gone)
}

fn attachment_event(world: &mut World, site: &str, id: u64, author: &str, number: u64, kind: &str) -> Changed<String> {
    let at = site_mut(world, site)?;
    let page = at.pages.get(&id).ok_or(Refusal::NotFound)?;
    let attachment = page.attachments.iter().find(|one| one.number == number).ok_or(Refusal::NotFound)?;
    let event = events::attachment(at, page, attachment, author, kind);
    let (attachment_id, title) = (attachment.id(), attachment.title.clone());
    let detail = json!({ "attachment": attachment_id, "event": kind });
    ledger::enter(world, Some(site), "attachment", author, Some(id), format!("{kind} {title}"), detail);
    Ok((attachment_id, event))
}

fn tell(world: &mut World, site: &str, author: &str, id: u64, event: &str, kind: &str, what: &str) -> Changed<u64> {
    let at = site_mut(world, site)?;
    let page = at.pages.get(&id).ok_or(Refusal::NotFound)?;
    let made = events::page(at, page, author, event);
    let detail = json!({ "event": event, "version": page.current().number, "title": page.current().title });
    ledger::enter(world, Some(site), kind, author, Some(id), what.to_owned(), detail);
    Ok((id, made))
}

fn site_mut<'a>(world: &'a mut World, site: &str) -> Result<&'a mut Site, Refusal> {
    world.sites.get_mut(site).ok_or(Refusal::NotFound)
}

fn page_mut<'a>(world: &'a mut World, site: &str, id: u64) -> Result<&'a mut Page, Refusal> {
    site_mut(world, site)?.pages.get_mut(&id).ok_or(Refusal::NotFound)
}

/// Whether a write was the app's own.
#[must_use]
pub(crate) fn is_ours(author: &str) -> bool {
    author == app::ACCOUNT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    const AUTHOR: &str = "712020:author";

    fn draft(body: &str) -> Draft {
        Draft { title: "Title".to_owned(), body: body.to_owned(), message: String::new() }
    }

    #[test]
    fn a_page_write_must_name_the_next_version() {
        let mut world = seed::world();
        let refused = publish(&mut world, app::SITE, 98305, AUTHOR, draft("<p>x</p>"), Some(3));
        assert!(matches!(refused, Err(Refusal::Conflict(_))));
        let (number, event) = publish(&mut world, app::SITE, 98305, AUTHOR, draft("<p>x</p>"), Some(2)).unwrap();
        assert_eq!((number, event.body["content"]["version"]["number"].clone()), (2, json!(2)));
        assert_eq!(world.sites[app::OTHER_SITE].pages[&98305].current().number, 1, "the other site is untouched");
    }

    #[test]
    fn broken_storage_is_refused() {
        let mut world = seed::world();
        let refused = publish(&mut world, app::SITE, 98305, AUTHOR, draft("<p>x</h1>"), None);
        assert!(matches!(refused, Err(Refusal::Invalid(_))));
    }

    #[test]
    fn a_property_write_must_name_the_next_version() {
        let mut world = seed::world();
        let mut write = |expected| write_property(&mut world, app::SITE, 98305, AUTHOR, "k", json!(1), expected);
        assert_eq!(write(None).unwrap().version, 1);
        assert!(matches!(write(Some(1)), Err(Refusal::Conflict(_))));
        let second = write(Some(2)).unwrap();
        assert_eq!(second.version, 2);
        assert_eq!(world.sites[app::SITE].pages[&98305].properties.len(), 1);
    }

    #[test]
    fn a_copy_has_the_properties_under_new_ids() {
        let mut world = seed::world();
        let original =
            write_property(&mut world, app::SITE, 98305, AUTHOR, app::BYLINE_PROPERTY, json!({"title": "x"}), None)
                .unwrap();
        let (copied, event) = copy(&mut world, app::SITE, 98305, AUTHOR).unwrap();
        let property = world.sites[app::SITE].pages[&copied].property(app::BYLINE_PROPERTY).unwrap();
        assert_eq!(property.value, original.value);
        assert_ne!(property.id, original.id);
        assert_eq!(event.kind, "avi:confluence:copied:page");
        assert_eq!(event.body["originContentId"], "98305");
    }
}
