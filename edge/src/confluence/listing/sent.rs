//! Lists as Confluence sends them.

use super::Listed;
use crate::confluence::error::ConfluenceError;
use crate::confluence::page::{SentVersion, doer};
use engine::ids::{AccountId, PageId, SpaceId};
use serde::Deserialize;

/// A page in a list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentListed {
    id: String,
    #[serde(default)]
    status: Option<String>,
    title: String,
    space_id: String,
    #[serde(default)]
    parent_id: Option<String>,
    #[serde(default, deserialize_with = "doer")]
    author_id: Option<AccountId>,
    version: SentVersion,
}

impl SentListed {
    pub(super) fn is_current(&self) -> bool {
        self.status.as_deref() == Some("current")
    }

    pub(super) fn space(&self) -> &str {
        &self.space_id
    }

    pub(super) fn into_listed(self) -> Result<Listed, ConfluenceError> {
        let (version, version_author, version_created_at) = self.version.read()?;
        Ok(Listed {
            page: PageId::new(self.id),
            space: SpaceId::new(self.space_id),
            parent: self.parent_id.filter(|id| !id.is_empty()).map(PageId::new),
            title: self.title,
            version,
            version_author,
            version_created_at,
            created_by: self.author_id.ok_or(ConfluenceError::Unreadable("creator of a page"))?,
        })
    }
}

/// A label found by its name.
#[derive(Deserialize)]
pub(super) struct FoundLabel {
    label: LabelItself,
}

#[derive(Deserialize)]
struct LabelItself {
    id: String,
    name: String,
    prefix: String,
}

impl FoundLabel {
    /// Its id, if it is the shared label of this name and no person's own.
    pub(super) fn id_if_named(self, name: &str) -> Option<String> {
        let Self { label } = self;
        (label.prefix == "global" && label.name.to_lowercase() == name.to_lowercase()).then_some(label.id)
    }
}

/// Something in the tree below a page.
#[derive(Deserialize)]
pub(super) struct Node {
    pub(super) id: String,
    #[serde(default)]
    status: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    #[serde(default)]
    pub(super) depth: u32,
}

impl Node {
    /// Its id, if it is a page that is current.
    pub(super) fn into_current_page(self) -> Option<String> {
        (self.kind == Kind::Page && self.status.as_deref() == Some("current")).then_some(self.id)
    }
}

/// What lies in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Page,
    Folder,
    Whiteboard,
    Database,
    Embed,
    /// Not known to us: nothing is looked for below it.
    #[serde(other)]
    Other,
}

#[cfg(test)]
impl Node {
    pub(super) fn of(id: u64, kind: Kind, depth: u32) -> Self {
        Self { id: id.to_string(), status: Some("current".to_owned()), kind, depth }
    }
}
