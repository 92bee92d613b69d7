//! Which pages come under which workflow: for Confluence admins, and for space admins where the site lets them.

use super::confirm::Confirmation;
use crate::assignment::{Checked, Explanation, Rules};
use crate::ids::{PageId, SpaceId, WorkflowId};
use crate::workflow::parameter::Parameter;
use crate::workflow::parse::Parameters;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Asks for a list of rules. From a space's view, the space is always that view's.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AssignmentsRequest {
    /// The space whose list is meant; absent: the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<SpaceId>,
}

/// Answers [`AssignmentsRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentsResponse {
    /// The space whose list this is; absent: the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<SpaceId>,
    /// The list's version; 0: none was set yet.
    pub version: u32,
    /// The list.
    pub rules: Rules,
    /// The rules of the level above; none for the site's own list.
    pub higher: Rules,
    /// What is to be said about the list as it is.
    pub checked: Checked,
    /// Whether space admins may set their own space's.
    pub space_admins: bool,
    /// For the site's list: spaces with a list of their own.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub spaces: BTreeSet<SpaceId>,
    /// Workflows a rule may name.
    pub workflows: Vec<Choice>,
}

/// A workflow a rule may name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id.
    pub workflow: WorkflowId,
    /// Its name.
    pub name: String,
    /// Its newest version.
    pub version: u32,
    /// In a space's view: what the workflow leaves open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// In a space's view: the space's own values.
    #[serde(default, skip_serializing_if = "Parameters::is_empty")]
    pub values: Parameters,
}

/// Sets a list of rules.
#[derive(Clone, Serialize, Deserialize)]
pub struct AssignRequest {
    /// The space whose list is meant; absent: the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<SpaceId>,
    /// The version this was made from.
    pub based_on: u32,
    /// The whole list.
    pub rules: Rules,
    /// With the site's list: whether space admins may set their own space's. Absent: as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space_admins: Option<bool>,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// A list that came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Its version.
    pub version: u32,
}

/// Asks which rule decides for a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WhatIfRequest {
    /// The page.
    pub page: PageId,
    /// With this list in the place of the one in force: the site's, or with `for_space` the space's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// Whether `rules` are the space's.
    #[serde(default)]
    pub for_space: bool,
}

/// Answers [`WhatIfRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhatIfResponse {
    /// The page.
    pub page: PageId,
    /// Its title.
    pub title: String,
    /// Its space.
    pub space: SpaceId,
    /// Its labels, where a rule is about labels.
    pub labels: BTreeSet<String>,
    /// What it lies below, the highest first, where a rule is about a tree.
    pub ancestors: Vec<PageId>,
    /// Which rule decides, and which it overrules.
    pub explanation: Explanation,
    /// The workflow the page runs on now; a rule moves no page that runs on one already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_on: Option<WorkflowId>,
}
