//! A version of a workflow as the journal holds it: the document as the admin wrote it, and the values of its parameters.

use super::definition::Definition;
use super::fault::Fault;
use super::parse::{Parameters, parse};
use crate::ids::SpaceId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One version. Versions are immutable; every change, of the document, of a value, of its standing, makes a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowVersion {
    /// Whether new pages may come under it.
    pub standing: Standing,
    /// The document, its parameters not filled in.
    pub document: Value,
    /// Values of its parameters.
    #[serde(default)]
    pub values: Values,
}

/// Whether new pages may come under a workflow. Pages under it stay until they are moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// They may.
    #[default]
    Active,
    /// They may not, for now.
    Disabled,
    /// They may not, and it is no longer listed.
    Deleted,
}

/// Values of a workflow's parameters: a space's own go before the site's, those before the document's defaults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Values {
    /// For every space.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub site: Parameters,
    /// For one space.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub spaces: BTreeMap<SpaceId, Parameters>,
}

impl Values {
    /// The values for a space.
    #[must_use]
    pub fn of(&self, space: &SpaceId) -> Parameters {
        let mut values = self.site.clone();
        if let Some(own) = self.spaces.get(space) {
            values.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        values
    }
}

impl WorkflowVersion {
    /// What it says for pages of a space.
    ///
    /// # Errors
    /// Every fault of the document with these values.
    pub fn definition(&self, space: &SpaceId) -> Result<Definition, Vec<Fault>> {
        parse(&self.document, &self.values.of(space))
    }
}
