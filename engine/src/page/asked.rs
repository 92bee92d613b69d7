//! What a review asks of whom, as it is recorded when it begins.

use super::proof::Signatory;
use crate::audit::commitment::TextRef;
use crate::calendar::Span;
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, GroupId, PageVersion};
use crate::workflow::definition::{Mode, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The review a state begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewOpened {
    /// The version under review.
    pub version: PageVersion,
    /// Its content.
    pub content_hash: ContentHash,
    /// Who wrote it.
    pub author: AccountId,
    /// Who created the page.
    pub creator: AccountId,
    /// Who else wrote versions since the last approved one.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub contributors: BTreeSet<AccountId>,
    /// Who asked for it, where a person did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<Signatory>,
    /// What they said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comment: Option<TextRef>,
    /// The approvals asked for.
    pub asked: Vec<Asked>,
}

/// An approval a state asks for, with whom it asks: enough to count decisions, and to show who is missing, without the
/// definition at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its id in the definition.
    pub id: ApprovalId,
    /// Its name.
    pub name: String,
    /// How many must approve.
    pub mode: Mode,
    /// How many must reject.
    pub minimum_rejections: u32,
    /// Approvals that must be complete before it is asked for.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub after: BTreeSet<ApprovalId>,
    /// How long the reviewers have.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub due: Option<Span>,
    /// Whether a decision may be changed.
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub change_decision: bool,
    /// Who is asked by name, members of groups counted in where they are known; those kept from deciding left out.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub people: Vec<AskedPerson>,
    /// Groups asked.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub groups: Vec<AskedGroup>,
    /// Roles asked whose people cannot be listed.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub roles: BTreeSet<Role>,
    /// Whether there may be others than `people`: a role, or a group too large to list.
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub open: bool,
}

/// A person who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPerson {
    /// Who.
    pub person: Signatory,
    /// Why they.
    pub via: Via,
}

/// Why a person is asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Via {
    /// The definition names them.
    Named,
    /// By what they are to the page.
    Role {
        /// What.
        role: Role,
    },
    /// The submitter named them.
    Assigned,
    /// They were put in another's place, or asked besides.
    Reassigned,
    /// As a member of a group, as long as they are one.
    Group {
        /// Which.
        group: GroupId,
    },
}

/// A group that is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name then.
    pub name: String,
}

impl ReviewOpened {
    pub(super) fn texts(&self) -> impl Iterator<Item = &TextRef> {
        let people = self.asked.iter().flat_map(|asked| &asked.people).map(|asked| &asked.person.name);
        self.by.iter().map(|by| &by.name).chain(&self.comment).chain(people)
    }
}
