//! Who may do something, or is asked for something.

use crate::ids::{AccountId, GroupId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Any of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// People by account.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<AccountId>,
    /// Members of these groups.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<GroupId>,
    /// People by what they are to the page.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Role>,
}

impl People {
    /// Whether nobody is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.roles.is_empty()
    }

    /// People by what they are to the page.
    #[must_use]
    pub fn of_role(role: Role) -> Self {
        Self { roles: BTreeSet::from([role]), ..Self::default() }
    }
}

/// What somebody is to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Created the page.
    Creator,
    /// Wrote the newest version.
    LastEditor,
    /// Administers the space.
    SpaceAdmin,
    /// May edit the page.
    Editor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Creator, Self::LastEditor, Self::SpaceAdmin, Self::Editor];

    /// The word in a definition.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::LastEditor => "last-editor",
            Self::SpaceAdmin => "space-admin",
            Self::Editor => "editor",
        }
    }

    /// Whether the people of this role can be listed. Who administers a space or may edit a page can only be asked of one
    /// person at a time.
    #[must_use]
    pub fn can_be_listed(self) -> bool {
        matches!(self, Self::Creator | Self::LastEditor)
    }
}
