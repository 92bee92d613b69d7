//! The pages a workflow is assigned to, in portions, each page with what is needed to start a workflow on it.
//!
//! Fewest calls, so that thousands of pages take no hour. For 10,000 pages at 250 a portion:
//!
//! | extent | calls | by |
//! |---|---|---|
//! | a space | 40 | the space's list of pages |
//! | a label in a space | 41 | the label's list of pages, after one call for the label's id |
//! | a tree | 82 | descendants, which come without versions, and the list of pages by id, 249 at a time |
//!
//! The search index knows labels and trees too, but lags behind what people see, and needs a scope of its own.

mod place;
mod sent;

use super::client::{Client, escape};
use super::error::ConfluenceError;
use super::paging::{self, MOST_AT_ONCE, Sent};
use engine::ids::{AccountId, PageId, PageVersion, SpaceId};
use engine::time::Timestamp;
use place::{Place, Walk};
use sent::{FoundLabel, Node, SentListed};

/// Descendants come together with the page they lie below: one less than can be asked for by id at once.
const MOST_DESCENDANTS: usize = MOST_AT_ONCE - 1;
/// Calls down a tree within one portion that may come to nothing before it is given back empty.
const MOST_STEPS: u32 = 4;

/// Which pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of a space.
    Space(SpaceId),
    /// Those of a space with a label.
    Label {
        /// The space.
        space: SpaceId,
        /// The label.
        label: String,
    },
    /// A page and all below it.
    Tree {
        /// The space it lies in.
        space: SpaceId,
        /// The page.
        root: PageId,
    },
}

impl Extent {
    /// The space all its pages are in.
    #[must_use]
    pub fn space(&self) -> &SpaceId {
        match self {
            Self::Space(space) | Self::Label { space, .. } | Self::Tree { space, .. } => space,
        }
    }
}

/// A page, current and not in the bin, that the actor may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub page: PageId,
    /// Its space.
    pub space: SpaceId,
    /// What it lies directly below, if anything.
    pub parent: Option<PageId>,
    /// Its title.
    pub title: String,
    /// Its current version.
    pub version: PageVersion,
    /// Who made that version.
    pub version_author: AccountId,
    /// When.
    pub version_created_at: Timestamp,
    /// Who created the page.
    pub created_by: AccountId,
}

/// Some of an extent's pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// The pages. There may be none though more are to come.
    pub pages: Vec<Listed>,
    /// Where to go on; [`None`] at the end. At most 4,000 signs of the alphabet, digits, `-` and `_`; good for as long as
    /// Confluence knows its part of it, which outlives a restart.
    pub next: Option<String>,
}

/// The next pages of an extent: from the beginning, or from where `next` said. About `limit` of them, 250 at most.
///
/// A page that is changed, moved or labelled meanwhile may be listed twice or not at all: its own event is what counts.
///
/// # Errors
/// * `NotFound` if there is no such space or page, or the actor may not see it. A label nobody has is an empty list.
/// * `Unreadable` for a `cursor` that is not one of ours for this extent.
/// * `Refused` with 400 if Confluence has forgotten its part of it: begin again.
pub async fn list(
    client: &Client,
    extent: &Extent,
    cursor: Option<&str>,
    limit: usize,
) -> Result<Portion, ConfluenceError> {
    let limit = limit.clamp(1, MOST_AT_ONCE);
    let place = cursor.map(|cursor| Place::read(cursor, extent)).transpose()?;
    match (extent, place) {
        (Extent::Space(space), place) => {
            let at = match place {
                Some(Place::Space { at }) => Some(at),
                _ => None,
            };
            let sent = pages(client, &space_path(space, limit), at.as_deref()).await?;
            portion(extent, sent, |at| Place::Space { at })
        }
        (Extent::Label { space, .. }, Some(Place::Label { label, at })) => {
            let sent = pages(client, &label_path(&label, space, limit), Some(&at)).await?;
            portion(extent, sent, |at| Place::Label { label, at })
        }
        (Extent::Label { space, label }, _) => {
            let nobody = Portion { pages: Vec::new(), next: None };
            let found: FoundLabel = match client.get(&label_by_name(label), "label").await {
                Err(ConfluenceError::NotFound(_)) => return Ok(nobody),
                other => other?,
            };
            let Some(label) = found.id_if_named(label) else { return Ok(nobody) };
            let sent = match pages(client, &label_path(&label, space, limit), None).await {
                // The credential was good a moment ago: it is the label that went.
                Err(ConfluenceError::NotFound(_)) => return Ok(nobody),
                other => other?,
            };
            portion(extent, sent, |at| Place::Label { label, at })
        }
        (Extent::Tree { .. }, Some(Place::Tree(walk))) => tree(client, extent, walk, Vec::new()).await,
        (Extent::Tree { root, .. }, _) => {
            tree(client, extent, Walk::from(root, limit.min(MOST_DESCENDANTS)), vec![root.as_str().to_owned()]).await
        }
    }
}

/// Those of these pages, 250 at most, that are current and that the actor may see, in whatever space.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn of_ids(client: &Client, pages: &[PageId]) -> Result<Vec<Listed>, ConfluenceError> {
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = pages.iter().map(|page| page.as_str().to_owned()).collect();
    let sent: Sent<SentListed> = client.get(&by_id(&ids), "list of pages").await?;
    sent.results.into_iter().filter(SentListed::is_current).map(SentListed::into_listed).collect()
}

/// `wanted` are pages to be listed besides those found.
async fn tree(
    client: &Client,
    extent: &Extent,
    mut walk: Walk,
    mut wanted: Vec<String>,
) -> Result<Portion, ConfluenceError> {
    for _ in 0..MOST_STEPS {
        let Some((path, is_top)) = walk.path() else { break };
        let sent: Sent<Node> = match client.get(&path, "list of descendants").await {
            // Something deep down went meanwhile. Were it the credential, the top could not be read again either.
            Err(ConfluenceError::NotFound(_)) if !is_top => Sent::none(),
            other => other?,
        };
        if walk.step(&sent.results, sent.next()?)? {
            wanted.extend(sent.results.into_iter().filter_map(Node::into_current_page));
        }
        if !wanted.is_empty() {
            break;
        }
    }
    let mut pages = Vec::new();
    if !wanted.is_empty() {
        let sent: Sent<SentListed> = client.get(&by_id(&wanted), "list of pages").await?;
        pages = listed(extent, sent.results)?;
    }
    let next = if walk.is_over() { None } else { Some(Place::Tree(walk).write()?) };
    Ok(Portion { pages, next })
}

async fn pages(client: &Client, path: &str, at: Option<&str>) -> Result<Sent<SentListed>, ConfluenceError> {
    client.get(&paging::at(path, at), "list of pages").await
}

fn portion(
    extent: &Extent,
    sent: Sent<SentListed>,
    place: impl FnOnce(String) -> Place,
) -> Result<Portion, ConfluenceError> {
    let next = sent.next()?.map(|at| place(at).write()).transpose()?;
    Ok(Portion { pages: listed(extent, sent.results)?, next })
}

/// Pages of another space, or not current, are none of ours, whatever was asked for.
fn listed(extent: &Extent, sent: Vec<SentListed>) -> Result<Vec<Listed>, ConfluenceError> {
    let ours = sent.into_iter().filter(|page| page.is_current() && page.space() == extent.space().as_str());
    ours.map(SentListed::into_listed).collect()
}

// In the order of ids, places hold though titles and times change.
fn space_path(space: &SpaceId, limit: usize) -> String {
    format!("/wiki/api/v2/spaces/{}/pages?status=current&sort=id&limit={limit}", escape(space.as_str()))
}

fn label_by_name(label: &str) -> String {
    format!("/wiki/rest/api/label?name={}&type=page&limit=1", escape(&label.to_lowercase()))
}

fn label_path(label: &str, space: &SpaceId, limit: usize) -> String {
    format!("/wiki/api/v2/labels/{}/pages?space-id={}&sort=id&limit={limit}", escape(label), escape(space.as_str()))
}

fn by_id(pages: &[String]) -> String {
    let ids: String = pages.iter().map(|page| format!("&id={}", escape(page))).collect();
    format!("/wiki/api/v2/pages?status=current&limit={MOST_AT_ONCE}{ids}")
}

#[cfg(test)]
mod tests;
