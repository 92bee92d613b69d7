//! Workflows, for Confluence admins; changes that have to be confirmed.

use super::confirm::{Confirm, Confirmation};
use super::jobs::Preview;
use super::status::StateLabel;
use crate::assignment::Rule;
use crate::ids::{AccountId, SpaceId, StateId, WorkflowId};
use crate::time::Timestamp;
use crate::workflow::definition::Definition;
use crate::workflow::fault::Fault;
use crate::workflow::import::Note;
use crate::workflow::parameter::Parameter;
use crate::workflow::parse::Parameters;
use crate::workflow::version::{Standing, Values};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Answers a request to change something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer<T> {
    /// Pages run on the workflow: say what becomes of them ([`StandingRequest::pages`]).
    InUse(Box<InUse>),
    /// Nothing was changed yet: send the same again with [`Confirmation`].
    Confirm(Confirm),
    /// It was changed.
    Done(T),
}

/// What stands in the way of taking a workflow out of use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InUse {
    /// What would become of its pages if they were taken out, or moved to what was asked for.
    pub preview: Preview,
    /// Rules that put pages under it; they do so no longer once it is out of use.
    pub rules: Vec<RuleUse>,
}

/// A rule that names a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleUse {
    /// In the list of this space; absent: the site's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<SpaceId>,
    /// The rule.
    pub rule: Rule,
}

/// Asks for the site's workflows and the templates.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WorkflowsRequest {}

/// Answers [`WorkflowsRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowsResponse {
    /// By name; deleted ones only while pages still run on them.
    pub workflows: Vec<Listed>,
    /// Workflows to begin with.
    pub templates: Vec<TemplateLine>,
}

/// A workflow as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its id.
    pub id: WorkflowId,
    /// Its name.
    pub name: String,
    /// Its newest version.
    pub version: u32,
    /// Whether new pages may come under it.
    pub standing: Standing,
    /// How many pages run on it.
    pub pages: u64,
    /// How many of them run on an earlier version.
    pub pages_behind: u64,
}

/// A workflow to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: String,
}

/// Asks for a template's document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TemplateRequest {
    /// [`TemplateLine::id`].
    pub template: String,
}

/// Answers [`TemplateRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateResponse {
    /// The document, parameters not filled in.
    pub document: Value,
    /// What it leaves open.
    pub parameters: Vec<Parameter>,
}

/// Asks for one workflow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkflowRequest {
    /// Which.
    pub workflow: WorkflowId,
    /// Which version; absent: the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// Answers [`WorkflowRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkflowResponse {
    /// Which.
    pub workflow: WorkflowId,
    /// Which version this is.
    pub version: u32,
    /// The newest version.
    pub newest: u32,
    /// Whether new pages may come under it, as this version says.
    pub standing: Standing,
    /// The document as the admin wrote it.
    pub document: Value,
    /// Values of its parameters.
    pub values: Values,
    /// What it leaves open.
    pub parameters: Vec<Parameter>,
    /// What it says with the site's values; absent if it has faults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<Definition>,
    /// Its versions, the newest first.
    pub history: Vec<VersionLine>,
    /// Pages on it, by version and state.
    pub pages: Vec<PagesOn>,
    /// Rules that put pages under it.
    pub rules: Vec<RuleUse>,
}

/// One version in a workflow's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLine {
    /// Which.
    pub version: u32,
    /// Since when.
    pub at: Timestamp,
    /// Who made it; absent: Countersign itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// Its standing.
    pub standing: Standing,
}

/// How many pages are in a state of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagesOn {
    /// The version.
    pub version: u32,
    /// The state.
    pub state: StateLabel,
    /// How many pages.
    pub pages: u64,
}

/// Asks what is to be said about a document. Nothing is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckRequest {
    /// The document.
    pub document: Value,
    /// Values of its parameters.
    #[serde(default)]
    pub values: Values,
}

/// Answers [`CheckRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResponse {
    /// What keeps it from being put in force.
    pub faults: Vec<Fault>,
    /// What may not be meant, though it works.
    pub warnings: Vec<Fault>,
    /// What this version of Countersign can't do yet; it keeps the workflow from being put in force, too.
    pub not_carried_out: Vec<Fault>,
    /// What the document leaves open, as far as that could be read.
    pub parameters: Vec<Parameter>,
}

/// Puts a new workflow, or a new version of one, in force.
#[derive(Clone, Serialize, Deserialize)]
pub struct DefineRequest {
    /// The document; its `id` names the workflow.
    pub document: Value,
    /// Values of its parameters.
    #[serde(default)]
    pub values: Values,
    /// The newest version this was made from; 0 for a new workflow.
    pub based_on: u32,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// A workflow's version that came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defined {
    /// The workflow.
    pub workflow: WorkflowId,
    /// The version.
    pub version: u32,
    /// How many pages run on earlier versions, until they are moved.
    pub pages_behind: u64,
    /// The job that moves or ends pages, where one was begun with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
}

/// Enables, disables or deletes a workflow.
#[derive(Clone, Serialize, Deserialize)]
pub struct StandingRequest {
    /// Which.
    pub workflow: WorkflowId,
    /// Its newest version.
    pub based_on: u32,
    /// What it shall be.
    pub standing: Standing,
    /// What becomes of pages that run on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<PagesThen>,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// What becomes of the pages of a workflow that is taken out of use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum PagesThen {
    /// They stay on it. Only for a workflow that is disabled, not deleted.
    Leave {},
    /// They are taken out of it.
    End {},
    /// They are moved to another.
    MigrateTo {
        /// Which.
        workflow: WorkflowId,
        /// Which of its states stands for which of this one's.
        #[serde(default)]
        states: BTreeMap<StateId, StateId>,
    },
}

/// Sets one space's values of a workflow's parameters.
#[derive(Clone, Serialize, Deserialize)]
pub struct ValuesRequest {
    /// Which workflow.
    pub workflow: WorkflowId,
    /// Its newest version.
    pub based_on: u32,
    /// The space's values; what is left out takes the site's.
    pub values: Parameters,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Reads a workflow of Comala Document Management. Nothing is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportRequest {
    /// The JSON of Comala's code editor.
    pub source: Value,
}

/// Answers [`ImportRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportResponse {
    /// The document, in Countersign's format.
    pub document: Value,
    /// What is not as it was.
    pub report: Vec<Note>,
    /// What must be mended before it can be used.
    pub faults: Vec<Fault>,
    /// What it leaves open.
    pub parameters: Vec<Parameter>,
}
