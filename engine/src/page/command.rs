//! What somebody, or Confluence, wants of a page.

use super::event::{Proof, Signatory};
use crate::audit::commitment::TextRef;
use crate::content::ContentHash;
use crate::ids::{AccountId, GroupId, PageVersion, Seq, SpaceId};
use crate::time::Timestamp;
use crate::token::policy::Policy;
use crate::wire::status::Decision;
use std::collections::BTreeSet;

/// What is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// The page holds our macro: put it under the workflow, unless it is already.
    Start {
        /// The space it is in.
        space: SpaceId,
        /// Its version.
        version: PageVersion,
    },
    /// Submit for review.
    Submit(Submit),
    /// Approve or reject.
    Decide(Box<Decide>),
    /// Confluence says the content is now this.
    RecordEdit(Edit),
}

/// Submit for review.
#[derive(Clone, Debug, PartialEq)]
pub struct Submit {
    /// The space the page is in, should it not be under the workflow yet.
    pub space: SpaceId,
    /// Who.
    pub by: Signatory,
    /// Whether Confluence lets them edit the page.
    pub may_edit: bool,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// When Confluence made that version.
    pub made_at: Timestamp,
    /// Its title.
    pub title: TextRef,
    /// What they say.
    pub comment: Option<TextRef>,
}

/// The page as Confluence has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageNow {
    /// The version.
    pub version: PageVersion,
    /// Its content.
    pub content_hash: ContentHash,
    /// Who wrote that version.
    pub author: AccountId,
}

/// A person as far as being a reviewer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// Who.
    pub account: AccountId,
    /// Their groups, as Confluence says.
    pub groups: BTreeSet<GroupId>,
}

/// Approve or reject.
#[derive(Clone, Debug, PartialEq)]
pub struct Decide {
    /// Who, with rights.
    pub reviewer: Reviewer,
    /// Who, as recorded.
    pub by: Signatory,
    /// The verdict.
    pub decision: Decision,
    /// The page as Confluence has it now.
    pub page: PageNow,
    /// The seq at which the state was entered, as the challenge bound it.
    pub state_seq: Seq,
    /// The meaning, as the challenge bound it.
    pub meaning: String,
    /// What they say.
    pub comment: Option<TextRef>,
    /// The consumed challenge and factor.
    pub proof: Proof,
    /// The policy in force.
    pub policy: Policy,
}

/// A change of content that Confluence told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The version now.
    pub version: PageVersion,
    /// Its content, where it was read.
    pub content_hash: Option<ContentHash>,
    /// Who edited, where it is known.
    pub by: Option<AccountId>,
    /// When Confluence made that version, where it is known: an approval recorded after it is void.
    pub made_at: Option<Timestamp>,
}
