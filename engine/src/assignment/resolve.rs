//! The rule that decides for a page.
//!
//! All rules have one order, and the first that matches the page decides:
//! 1. those with [`Mode::Required`], from the highest level down: the site's, then the space's; within a list those for
//!    everything, then labels and trees, then single pages; then as listed. So a lower level cannot undo a Required.
//! 2. all others: the space's as listed, then the site's as listed.

use super::rule::{Mode, Rule, Rules, Scope};
use crate::ids::{PageId, WorkflowId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What has to be known of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFacts {
    /// The page.
    pub page: PageId,
    /// Its labels; may be left empty unless [`Needs::labels`].
    pub labels: BTreeSet<String>,
    /// What it lies below; may be left empty unless [`Needs::ancestors`].
    pub ancestors: BTreeSet<PageId>,
}

/// What a page's facts must hold for these rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Some rule is about a label.
    pub labels: bool,
    /// Some rule is about a tree.
    pub ancestors: bool,
}

/// Whose list a rule is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The site's.
    Site,
    /// The space's.
    Space,
}

impl Level {
    /// As people read it.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Site => "the site",
            Self::Space => "the space",
        }
    }
}

/// A page's workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Which.
    pub workflow: WorkflowId,
    /// How firmly.
    pub mode: Mode,
    /// By which rule.
    pub rule: String,
    /// In whose list.
    pub level: Level,
}

impl Assigned {
    /// Whether the page comes under the workflow by itself, without being submitted.
    #[must_use]
    pub fn starts(&self, has_macro: bool) -> bool {
        match self.mode {
            Mode::Default | Mode::Required => true,
            Mode::Enabled => has_macro,
            Mode::Disabled => false,
        }
    }
}

/// Why a page has the workflow it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Its workflow, if it has one.
    pub assigned: Option<Assigned>,
    /// The rule that decided; it may have decided that there is none.
    pub decided: Option<Placed>,
    /// Other rules that match the page, in the order they would have decided.
    pub overruled: Vec<Placed>,
}

/// A rule and whose list it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Whose list.
    pub level: Level,
    /// The rule.
    pub rule: Rule,
}

/// What a page's facts must hold for the rules of these lists.
pub fn needs<'a>(lists: impl IntoIterator<Item = &'a Rules>) -> Needs {
    let mut needs = Needs::default();
    for rule in lists.into_iter().flat_map(Rules::iter) {
        needs.labels |= matches!(rule.scope, Scope::Label { .. });
        needs.ancestors |= matches!(rule.scope, Scope::Tree { .. });
    }
    needs
}

/// The page's workflow; [`None`] if no rule matches it, or one that says there shall be none.
#[must_use]
pub fn resolve(site: &Rules, space: &Rules, page: &PageFacts) -> Option<Assigned> {
    let (level, rule) = in_force(site, space).into_iter().find(|(_, rule)| rule.scope.holds(page))?;
    assigned(level, rule)
}

/// The same, with the reasons.
#[must_use]
pub fn explain(site: &Rules, space: &Rules, page: &PageFacts) -> Explanation {
    let matching = in_force(site, space).into_iter().filter(|(_, rule)| rule.scope.holds(page));
    let mut matching = matching.map(|(level, rule)| Placed { level, rule: rule.clone() });
    let decided = matching.next();
    Explanation {
        assigned: decided.as_ref().and_then(|placed| assigned(placed.level, &placed.rule)),
        decided,
        overruled: matching.collect(),
    }
}

fn assigned(level: Level, rule: &Rule) -> Option<Assigned> {
    let workflow = rule.workflow.clone().filter(|_| rule.mode != Mode::Disabled)?;
    Some(Assigned { workflow, mode: rule.mode, rule: rule.id.clone(), level })
}

/// All rules in the order in which they decide.
pub(super) fn in_force<'a>(site: &'a Rules, space: &'a Rules) -> Vec<(Level, &'a Rule)> {
    let listed =
        |level: Level, rules: &'a Rules| rules.iter().enumerate().map(move |(index, rule)| (level, index, rule));
    let mut all: Vec<_> = listed(Level::Site, site).chain(listed(Level::Space, space)).collect();
    all.sort_by_key(|(level, index, rule)| match (rule.mode, level) {
        (Mode::Required, level) => (0, u8::from(*level == Level::Space), rule.scope.rank(), *index),
        (_, Level::Space) => (1, 0, 0, *index),
        (_, Level::Site) => (1, 1, 0, *index),
    });
    all.into_iter().map(|(level, _, rule)| (level, rule)).collect()
}

impl Scope {
    /// Whether the page is among those meant.
    #[must_use]
    pub fn holds(&self, page: &PageFacts) -> bool {
        match self {
            Self::Site | Self::Space => true,
            Self::Label { label } => page.labels.contains(label),
            Self::Tree { root } => page.page == *root || page.ancestors.contains(root),
            Self::Page { page: one } => page.page == *one,
        }
    }

    /// Whether every page `other` is about is among those meant, whatever its labels and wherever it lies. Both are about
    /// pages of the same space.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Site, _) => true,
            (Self::Space, other) => *other != Self::Site,
            (Self::Tree { root }, Self::Page { page }) => root == page,
            (one, other) => one == other,
        }
    }

    /// How far down a scope is: everything, a part, a single page.
    fn rank(&self) -> u8 {
        match self {
            Self::Site | Self::Space => 0,
            Self::Label { .. } | Self::Tree { .. } => 1,
            Self::Page { .. } => 2,
        }
    }
}
