//! Rules.

use crate::ids::{PageId, SpaceId, WorkflowId};
use serde::{Deserialize, Serialize};

/// One rule: these pages, this workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id, unique within its list.
    pub id: String,
    /// Which pages.
    pub scope: Scope,
    /// Which workflow. [`Mode::Disabled`] takes every workflow away and names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<WorkflowId>,
    /// How firmly.
    pub mode: Mode,
}

/// Which pages a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Scope {
    /// All pages of the site. Only in the site's list.
    Site,
    /// All pages of the space. Only in a space's list.
    Space,
    /// Pages with a label.
    Label {
        /// The label, as Confluence writes labels: in lower case.
        label: String,
    },
    /// A page and all below it.
    Tree {
        /// The page at the top.
        root: PageId,
    },
    /// A single page.
    Page {
        /// The page.
        page: PageId,
    },
}

/// How firmly a rule puts pages under its workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A page comes under it when it holds the macro, or when somebody submits it.
    Enabled,
    /// Every page comes under it. A lower level may say otherwise.
    Default,
    /// Every page comes under it, whatever lower levels say.
    Required,
    /// Pages come under no workflow.
    Disabled,
}

/// The ordered list of one level: of the site, or of one space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rules(pub Vec<Rule>);

impl Rules {
    /// No rules.
    pub const NONE: &'static Self = &Self(Vec::new());

    /// The rules, in order.
    pub fn iter(&self) -> core::slice::Iter<'_, Rule> {
        self.0.iter()
    }

    /// The rules that put pages under this workflow.
    pub fn naming<'a>(&'a self, workflow: &'a WorkflowId) -> impl Iterator<Item = &'a Rule> {
        self.iter().filter(move |rule| rule.workflow.as_ref() == Some(workflow))
    }
}

impl Scope {
    /// As people read it.
    #[must_use]
    pub fn phrase(&self) -> String {
        match self {
            Self::Site => "all pages of the site".to_owned(),
            Self::Space => "all pages of the space".to_owned(),
            Self::Label { label } => format!("pages with the label \u{201c}{label}\u{201d}"),
            Self::Tree { root } => format!("page {root} and all pages below it"),
            Self::Page { page } => format!("page {page}"),
        }
    }
}

impl Mode {
    /// As people read it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Default => "Default",
            Self::Required => "Required",
            Self::Disabled => "Disabled",
        }
    }
}

/// An event of an assignment's stream. Version n of a list is entry n of its stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AssignmentEvent {
    /// The list became this.
    AssignmentsSet {
        /// 1, 2, 3 …
        version: u32,
        /// Whose list; absent: the site's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        space: Option<SpaceId>,
        /// The whole list.
        rules: Rules,
        /// Of the site's list: whether space admins may set their own space's.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        space_admins: bool,
    },
}
