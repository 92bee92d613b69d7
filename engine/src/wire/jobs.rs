//! Work on many pages: started under a workflow, or moved to another.

use super::confirm::Confirmation;
use super::status::StateLabel;
use crate::ids::{AccountId, PageId, SpaceId, StateId, WorkflowId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum JobSpec {
    /// Pages that are under no workflow yet come under one.
    StartPages {
        /// Which pages.
        extent: Extent,
        /// Under which workflow.
        workflow: WorkflowId,
        /// Its version: the newest when the job is begun.
        version: u32,
    },
    /// Pages of a workflow are moved, or taken out of it.
    MigratePages {
        /// From which workflow.
        from: WorkflowId,
        /// Only those on this version; absent: on any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_version: Option<u32>,
        /// Where to.
        to: Destination,
    },
}

/// Which pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Extent {
    /// All of a space.
    Space {
        /// The space.
        space: SpaceId,
    },
    /// Those of a space with a label.
    Label {
        /// The space.
        space: SpaceId,
        /// The label.
        label: String,
    },
    /// A page and all below it.
    Tree {
        /// The space it lies in.
        space: SpaceId,
        /// The page.
        root: PageId,
    },
}

/// Where pages are moved to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Destination {
    /// A workflow.
    Workflow {
        /// Which.
        workflow: WorkflowId,
        /// Its version: the newest when the job is begun.
        version: u32,
        /// Which of its states stands for which of the old one's. States of the same id stand for each other; what is left
        /// goes to the initial state.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        states: BTreeMap<StateId, StateId>,
    },
    /// Out of any workflow. What was approved stays approved.
    End {},
}

impl JobSpec {
    /// The workflow in whose stream of facts the job is noted.
    #[must_use]
    pub fn workflow(&self) -> &WorkflowId {
        match self {
            Self::StartPages { workflow, .. } => workflow,
            Self::MigratePages { from, .. } => from,
        }
    }
}

/// Whether a job goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    /// It goes on.
    Open,
    /// Every page was looked at.
    Done,
    /// Something keeps it from going on.
    Failed,
    /// An admin stopped it. What was done stays done.
    Cancelled,
}

/// What was done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCounts {
    /// Pages looked at.
    pub seen: u64,
    /// Pages started, moved or taken out.
    pub done: u64,
    /// Pages for which there was nothing to do.
    pub skipped: u64,
    /// Pages for which it could not be done.
    pub failed: u64,
}

/// Asks what a job would do. Nothing is changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewRequest {
    /// The job. Versions of 0 stand for the newest.
    pub spec: JobSpec,
}

/// What a job would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The job, with the versions it would use.
    pub spec: JobSpec,
    /// How many pages.
    pub pages: u64,
    /// Whether there are more than were counted.
    pub more: bool,
    /// For each version and state pages are in now, what becomes of them.
    pub states: Vec<StateThen>,
    /// How many lose decisions of a review under way.
    pub lose_decisions: u64,
    /// How many are under no workflow afterwards.
    pub without_workflow: u64,
    /// How many are left as they are, since they are under a workflow already.
    pub skipped: u64,
    /// The first pages.
    pub listed: Vec<PageThen>,
}

/// What becomes of the pages in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateThen {
    /// The version they run on; absent: under no workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Their state; absent: under no workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateLabel>,
    /// How many.
    pub pages: u64,
    /// Their state then; absent: under no workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<StateLabel>,
    /// How many of them lose decisions of a review under way.
    pub lose_decisions: u64,
}

/// What becomes of one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageThen {
    /// The page.
    pub page: PageId,
    /// Its title; absent where it can't be learned now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its state; absent: under no workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateLabel>,
    /// Its state then; absent: under no workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<StateLabel>,
}

/// Begins a job.
#[derive(Clone, Serialize, Deserialize)]
pub struct BeginRequest {
    /// What is to be done. Versions of 0 stand for the newest.
    pub spec: JobSpec,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Asks for a job, or cancels it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobRequest {
    /// [`Job::id`].
    pub job: String,
}

/// Asks for the latest jobs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobsRequest {}

/// Answers [`JobsRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobsResponse {
    /// The latest first.
    pub jobs: Vec<Job>,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub spec: JobSpec,
    /// Whether it goes on.
    pub state: JobState,
    /// What was done so far.
    pub counts: JobCounts,
    /// How many pages there are to look at, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Who began it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// What stands in its way now, a plain sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
    /// Pages that were passed over or could not be done, with reasons; not in lists of jobs, and not all of very many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageNote>,
}

/// Why a page was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageNote {
    /// The page.
    pub page: PageId,
    /// Whether it could not be done; else there was nothing to do.
    pub failed: bool,
    /// Why, a plain sentence.
    pub reason: String,
}
