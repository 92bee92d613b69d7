//! How far a list was read. Written down so that it can be gone on with tomorrow, by another isolate.

use super::Extent;
use super::sent::{Kind, Node};
use crate::confluence::client::escape;
use crate::confluence::error::ConfluenceError;
use crate::confluence::paging::{self, is_cursor};
use data_encoding::BASE64URL_NOPAD;
use engine::ids::PageId;
use serde::{Deserialize, Serialize};

/// Confluence shows descendants this far down; what lies deeper is asked for from there.
const DEEPEST: u32 = 10;
/// So many times ten levels.
const MOST_LEGS: usize = 6;
const LONGEST: usize = 4000;
const NOT_OURS: ConfluenceError = ConfluenceError::Unreadable("place this list could be gone on from");

/// Where to go on. `at` is Confluence's own cursor.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "lowercase")]
pub(super) enum Place {
    Space { at: String },
    Label { label: String, at: String },
    Tree(Walk),
}

impl Place {
    /// As it is handed out.
    pub(super) fn write(&self) -> Result<String, ConfluenceError> {
        let json = serde_json::to_vec(self).map_err(|_| NOT_OURS)?;
        let text = BASE64URL_NOPAD.encode(&json);
        if text.len() <= LONGEST { Ok(text) } else { Err(ConfluenceError::Unreadable("cursor of bearable length")) }
    }

    /// As it was handed out, for the same extent.
    pub(super) fn read(text: &str, extent: &Extent) -> Result<Self, ConfluenceError> {
        if text.len() > LONGEST {
            return Err(NOT_OURS);
        }
        let json = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NOT_OURS)?;
        let place: Self = serde_json::from_slice(&json).map_err(|_| NOT_OURS)?;
        let fits = match (&place, extent) {
            (Self::Space { at }, Extent::Space(_)) | (Self::Label { at, .. }, Extent::Label { .. }) => is_cursor(at),
            (Self::Tree(walk), Extent::Tree { root, .. }) => walk.is_below(root),
            _ => false,
        };
        if fits { Ok(place) } else { Err(NOT_OURS) }
    }
}

/// The way down a tree that is deeper than Confluence shows at once. A leg lists ten levels in portions; whatever lies at
/// the tenth gets a leg of its own before the next portion. As a portion can't be kept, it is read again after each.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Walk {
    /// Portions must have the same borders each time.
    size: usize,
    legs: Vec<Leg>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Leg {
    from: String,
    kind: Kind,
    /// The portion's cursor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// The portion was listed, and what lies below its tenth level up to this id as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done: Option<u64>,
}

impl Walk {
    /// From the top.
    pub(super) fn from(root: &PageId, size: usize) -> Self {
        Self { size, legs: vec![Leg { from: root.as_str().to_owned(), kind: Kind::Page, at: None, done: None }] }
    }

    fn is_below(&self, root: &PageId) -> bool {
        let good = |leg: &Leg| leg.at.as_deref().is_none_or(is_cursor);
        (1..=super::MOST_DESCENDANTS).contains(&self.size)
            && (1..=MOST_LEGS).contains(&self.legs.len())
            && self.legs.iter().all(good)
            && self.legs.first().is_some_and(|leg| leg.from == root.as_str())
    }

    /// Whether all was seen.
    pub(super) fn is_over(&self) -> bool {
        self.legs.is_empty()
    }

    /// What to read next, and whether that is the top of the tree.
    pub(super) fn path(&self) -> Option<(String, bool)> {
        let leg = self.legs.last()?;
        let (from, size) = (escape(&leg.from), self.size);
        let path = match leg.kind {
            Kind::Page | Kind::Other => format!("/wiki/api/v2/pages/{from}/descendants?depth={DEEPEST}&limit={size}"),
            Kind::Folder => format!("/wiki/api/v2/folders/{from}/descendants?depth={DEEPEST}&limit={size}"),
            Kind::Whiteboard => format!("/wiki/api/v2/whiteboards/{from}/descendants?depth={DEEPEST}&limit={size}"),
            Kind::Database => format!("/wiki/api/v2/databases/{from}/descendants?depth={DEEPEST}&limit={size}"),
            Kind::Embed => format!("/wiki/api/v2/embeds/{from}/descendants?depth={DEEPEST}&limit={size}"),
        };
        Some((paging::at(&path, leg.at.as_deref()), self.legs.len() == 1))
    }

    /// Goes on after a portion was read. Says whether its pages were not listed before.
    pub(super) fn step(&mut self, portion: &[Node], next: Option<String>) -> Result<bool, ConfluenceError> {
        let Some(leg) = self.legs.last_mut() else { return Ok(false) };
        let is_new = leg.done.is_none();
        let mut deeper = None;
        for node in portion.iter().filter(|node| node.depth >= DEEPEST && node.kind != Kind::Other) {
            let id: u64 = node.id.parse().map_err(|_| ConfluenceError::Unreadable("id of a descendant"))?;
            let is_next = leg.done.is_none_or(|done| id > done) && deeper.is_none_or(|(least, _)| id < least);
            if is_next {
                deeper = Some((id, node.kind));
            }
        }
        if let Some((id, kind)) = deeper {
            leg.done = Some(id);
            self.legs.push(Leg { from: id.to_string(), kind, at: None, done: None });
            if self.legs.len() > MOST_LEGS {
                return Err(ConfluenceError::Unreadable("bottom of a tree"));
            }
        } else if let Some(next) = next {
            (leg.at, leg.done) = (Some(next), None);
        } else {
            self.legs.pop();
        }
        Ok(is_new)
    }
}
