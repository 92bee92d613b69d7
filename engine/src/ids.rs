//! Names of things. Newtypes, so that a page id can't stand where an account id belongs.

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// One installation's data: cloud id and Forge environment id, `"<cloudId>/<environmentId>"`.
    /// Every row and key begins with it.
    SiteId
);
text_id!(
    /// A Confluence content id (decimal digits, but never a number to us).
    PageId
);
text_id!(
    /// A Confluence space id.
    SpaceId
);
text_id!(
    /// An Atlassian account id, or what stands for somebody without an account: see [`AccountId::invited`]. Never an e-mail
    /// address.
    AccountId
);

/// What the id of somebody without an account begins with. No Atlassian account id does.
const INVITED: &str = "invited:";

impl AccountId {
    /// What stands for somebody who has no account and is known by their mailbox alone: `invited:` and 32 hexadecimal digits.
    #[must_use]
    pub fn invited(id: &str) -> Self {
        Self(format!("{INVITED}{id}"))
    }

    /// The part behind `invited:`, where it is no account.
    #[must_use]
    pub fn invited_id(&self) -> Option<&str> {
        self.0.strip_prefix(INVITED)
    }

    /// Whether it is no account. Confluence is never asked about such an id.
    #[must_use]
    pub fn is_invited(&self) -> bool {
        self.0.starts_with(INVITED)
    }
}
text_id!(
    /// A Confluence group id.
    GroupId
);
text_id!(
    /// A workflow's id, unique within a site.
    WorkflowId
);
text_id!(
    /// A state's id, unique within a workflow.
    StateId
);
text_id!(
    /// An approval's id, unique within a state.
    ApprovalId
);
text_id!(
    /// A person's factor: one enrolled authenticator.
    FactorId
);
text_id!(
    /// A rule of the step-up policy.
    RuleId
);
text_id!(
    /// A step-up session: for a while after a confirmation no other one is asked for.
    SessionId
);
text_id!(
    /// An invitation of somebody without an account to one approval: 32 hexadecimal digits.
    InvitationId
);
text_id!(
    /// Names one row of erasable text.
    TextId
);

/// The number of a page version, as Confluence counts them: 1, 2, 3 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageVersion(pub u32);

/// An entry's place within its stream: 1, 2, 3 …; 0 means "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The place after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A stream of the journal: all entries about one thing, in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(String);

impl StreamId {
    /// Decisions about a page.
    #[must_use]
    pub fn page(page: &PageId) -> Self {
        Self(format!("page/{page}"))
    }

    /// Plain facts about a page (an effect carried out, a hint altered): they never clash with decisions.
    #[must_use]
    pub fn page_facts(page: &PageId) -> Self {
        Self(format!("page-facts/{page}"))
    }

    /// Versions of a workflow's definition.
    #[must_use]
    pub fn workflow(workflow: &WorkflowId) -> Self {
        Self(format!("workflow/{workflow}"))
    }

    /// Versions of the list of rules that put pages under workflows: the site's, or a space's.
    #[must_use]
    pub fn assignment(space: Option<&SpaceId>) -> Self {
        match space {
            None => Self("assignment/site".to_owned()),
            Some(space) => Self(format!("assignment/{space}")),
        }
    }

    /// Plain facts about the administration of workflows: work on many pages begun and ended.
    #[must_use]
    pub fn workflow_facts(workflow: &WorkflowId) -> Self {
        Self(format!("workflow-facts/{workflow}"))
    }

    /// Versions of the site's step-up policy.
    #[must_use]
    pub fn policy() -> Self {
        Self("policy".to_owned())
    }

    /// A person's factors.
    #[must_use]
    pub fn factors(person: &AccountId) -> Self {
        Self(format!("factors/{person}"))
    }

    /// When a person is away, and who decides for them.
    #[must_use]
    pub fn absence(person: &AccountId) -> Self {
        Self(format!("absence/{person}"))
    }

    /// Plain facts about a person: failed attempts, locks and their release.
    #[must_use]
    pub fn person_facts(person: &AccountId) -> Self {
        Self(format!("person-facts/{person}"))
    }

    /// Plain facts about the site as a whole: its secrets brought under another key.
    #[must_use]
    pub fn site_facts() -> Self {
        Self("site-facts".to_owned())
    }

    /// The stream's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Display for StreamId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}
