//! Work on many pages, for Confluence admins: what it would do, begin it, how far it is.

use super::sensitive::{Change, Stage};
use super::settings::require_admin;
use super::{job_preview, site};
use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::job;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::workflow::{self, Stored};
use crate::store::{bulk, job as stored_job, journal};
use engine::audit::entry::Actor;
use engine::audit::fact::WorkflowFact;
use engine::ids::{SiteId, SpaceId, StateId, StreamId, WorkflowId};
use engine::token::challenge::Act;
use engine::wire::jobs::{
    BeginRequest, Destination, Extent, Job, JobRequest, JobSpec, JobState, JobsRequest, JobsResponse, Preview,
    PreviewRequest,
};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::workflows::Answer;
use engine::workflow::definition::Definition;
use engine::workflow::version::Standing;
use std::rc::Rc;

/// Jobs listed.
const MOST_JOBS: u32 = 50;

pub(super) async fn preview(cx: &Cx, caller: &UiCaller, body: PreviewRequest) -> Result<Preview, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let db = Db::new(cx.db()?);
    site::open(cx, &db, &caller.site).await?;
    let spec = settle(&db, &caller.site, body.spec).await?;
    job_preview::of(cx, caller, &db, spec).await
}

/// Rules: (1) a Confluence admin, asked afresh, (2) the job makes sense, (3) confirmed, (4) one batch; the work itself goes
/// on after the answer.
pub(super) async fn begin(cx: &Cx, caller: &UiCaller, body: BeginRequest) -> Result<Answer<Job>, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    let change = Change { cx, caller, db: &db, act: Act::BeginJob };
    if let Some(before) = change.before(&body, body.confirm.as_ref()).await? {
        return Ok(Answer::Done(one(&db, site, &before.name).await?));
    }
    // (2)
    let spec = settle(&db, site, body.spec.clone()).await?;
    // (3)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        Stage::Ask(confirm) => return Ok(Answer::Confirm(confirm)),
        Stage::Made(before) => return Ok(Answer::Done(one(&db, site, &before.name).await?)),
        Stage::Make(permit) => permit,
    };
    // (4)
    let total = total(&db, site, &spec).await?;
    let stream = StreamId::workflow_facts(spec.workflow());
    let head = db.ask(journal::head_seq(site, &stream)).await?;
    let commit = beginning(cx, caller, Commit::new(site, cx.now), permit.name(), &spec, total)?;
    // A plain fact takes its place in SQL; the one noted with the challenge is where it was about to stand.
    change.make(&permit, commit, &stream, head.next()).await?;
    kick(cx, site);
    Ok(Answer::Done(one(&db, site, permit.name()).await?))
}

/// Adds a job to a commit: its row, and the fact that it was begun.
pub(super) fn beginning(
    cx: &Cx,
    caller: &UiCaller,
    commit: Commit,
    id: &str,
    spec: &JobSpec,
    total: Option<u64>,
) -> Result<Commit, EdgeError> {
    let fact = WorkflowFact::JobBegun { job: id.to_owned(), spec: spec.clone() };
    let sealed = job::run::sealed(&caller.site, spec, Actor::person(&caller.person), fact)
        .ok_or_else(|| EdgeError::internal("a job has no canonical form"))?;
    Ok(commit.raw(stored_job::put(&caller.site, id, spec, total, &caller.person, cx.now)).append_fact(&sealed))
}

/// Goes on with the site's jobs after the answer.
pub(super) fn kick(cx: &Cx, site: &SiteId) {
    cx.wait_until(job::run::kick(cx.clone(), site.clone()));
}

pub(super) async fn get(cx: &Cx, caller: &UiCaller, body: JobRequest) -> Result<Job, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    one(&Db::new(cx.db()?), &caller.site, &body.job).await
}

pub(super) async fn list(cx: &Cx, caller: &UiCaller, _: JobsRequest) -> Result<JobsResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let jobs = Db::new(cx.db()?).ask(stored_job::latest(&caller.site, MOST_JOBS)).await?;
    Ok(JobsResponse { jobs: jobs.into_iter().map(shown).collect() })
}

/// What was done stays done.
pub(super) async fn cancel(cx: &Cx, caller: &UiCaller, body: JobRequest) -> Result<Job, EdgeError> {
    require_admin(cx, caller, Freshness::Fresh).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    let stored = db.ask(stored_job::get(site, &body.job)).await?.ok_or_else(no_job)?;
    if stored.state == JobState::Open {
        let fact = WorkflowFact::JobEnded { job: stored.id.clone(), state: JobState::Cancelled, counts: stored.counts };
        let sealed = job::run::sealed(site, &stored.spec, Actor::person(&caller.person), fact)
            .ok_or_else(|| EdgeError::internal("a job has no canonical form"))?;
        let commit = Commit::new(site, cx.now).raws(stored_job::cancel(site, &stored.id, cx.now)).append_fact(&sealed);
        match commit.run(&db).await {
            // It ended by itself at the same moment.
            Ok(()) | Err(CommitFault::Failed(Precondition::Lease)) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    one(&db, site, &stored.id).await
}

async fn one(db: &Db, site: &SiteId, id: &str) -> Result<Job, EdgeError> {
    let mut loading = Loading::new();
    let stored = loading.add(stored_job::get(site, id));
    let notes = loading.add(stored_job::notes(site, id));
    let loaded = loading.run(db).await?;
    let stored = loaded.get(&stored)?.ok_or_else(no_job)?;
    Ok(Job { pages: loaded.get(&notes)?, ..shown(stored) })
}

fn shown(stored: stored_job::Stored) -> Job {
    Job {
        id: stored.id,
        spec: stored.spec,
        state: stored.state,
        counts: stored.counts,
        total: stored.total,
        by: stored.created_by,
        at: stored.created_at,
        ended_at: stored.ended_at,
        waits: stored.last_error.map(|word| job::sentence(&word).to_owned()),
        pages: Vec::new(),
    }
}

/// A job with the versions it will use, if it makes sense.
pub(super) async fn settle(db: &Db, site: &SiteId, spec: JobSpec) -> Result<JobSpec, EdgeError> {
    match spec {
        JobSpec::StartPages { extent, workflow, version } => {
            let space = check_extent(&extent)?;
            let newest = in_force(db, site, &workflow, version, "workflow").await?;
            if newest.version() != newest_version(&newest) {
                return Err(field("version", "Pages start on the newest version only. Leave the version out."));
            }
            works_in(&newest, site, space)?;
            Ok(JobSpec::StartPages { extent, version: newest.version(), workflow })
        }
        JobSpec::MigratePages { from, from_version, to } => {
            if db.ask(workflow::newest(site, &from)).await?.is_none() {
                return Err(field("from", "There is no such workflow. Reload the list."));
            }
            let Destination::Workflow { workflow, version, states } = to else {
                return Ok(JobSpec::MigratePages { from, from_version, to });
            };
            let target = in_force(db, site, &workflow, version, "to").await?;
            let version = target.version();
            if workflow == from && from_version == Some(version) {
                return Err(field("to", "Those pages are on that version already."));
            }
            let definition = works_in(&target, site, &SpaceId::new(""))?;
            if let Some(unknown) = states.values().find(|state| definition.state(state).is_none()) {
                let detail = format!("The workflow has no state \u{201c}{unknown}\u{201d}. Choose one of its states.");
                return Err(field("to", &detail));
            }
            let fits = |state: &StateId| state.as_str().len() <= 64 && state.as_str().is_ascii();
            if states.len() > 100 || !states.keys().all(fits) {
                return Err(field("to", "Name states by their ids."));
            }
            let to = Destination::Workflow { workflow, version, states };
            Ok(JobSpec::MigratePages { from, from_version, to })
        }
    }
}

pub(super) fn check_extent(extent: &Extent) -> Result<&SpaceId, EdgeError> {
    let is_id = |id: &str| (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    let (space, root) = match extent {
        Extent::Space { space } => (space, None),
        Extent::Label { space, label } => {
            if label.trim().is_empty() || label.chars().count() > engine::assignment::check::LABEL_MAX {
                return Err(field("extent", "Name the label."));
            }
            (space, None)
        }
        Extent::Tree { space, root } => (space, Some(root)),
    };
    if !is_id(space.as_str()) || root.is_some_and(|root| !is_id(root.as_str())) {
        return Err(field("extent", "Name the space and the page by their ids: the numbers in their addresses."));
    }
    Ok(space)
}

/// A version of a workflow that pages may come under.
async fn in_force(
    db: &Db,
    site: &SiteId,
    workflow: &WorkflowId,
    version: u32,
    at: &'static str,
) -> Result<Stored, EdgeError> {
    let newest = db.ask(workflow::newest(site, workflow)).await?;
    let newest = newest.ok_or_else(|| field(at, "There is no such workflow. Reload the list."))?;
    if newest.content()?.0.standing != Standing::Active {
        return Err(field(at, "This workflow is disabled or deleted. Enable it first, or choose another."));
    }
    if version == 0 || version == newest.version() {
        return Ok(newest);
    }
    let stored = db.ask(workflow::version(site, workflow, version)).await?;
    stored.ok_or_else(|| field(at, "There is no such version of this workflow. Reload the list."))
}

fn newest_version(stored: &Stored) -> u32 {
    u32::try_from(stored.head.0).unwrap_or(u32::MAX)
}

pub(super) fn works_in(stored: &Stored, site: &SiteId, space: &SpaceId) -> Result<Rc<Definition>, EdgeError> {
    stored.definition(site, space).map_err(|unusable| match unusable {
        workflow::Unusable::Database(fault) => fault.into(),
        workflow::Unusable::Faults(faults) => {
            let detail = "The workflow has faults with this space's values of its parameters. Correct them first.";
            let mut problem = Problem::new(ProblemKind::BadDefinition, detail);
            problem.faults = faults;
            problem.into()
        }
    })
}

/// How many pages a job looks at, where that is known beforehand.
pub(super) async fn total(db: &Db, site: &SiteId, spec: &JobSpec) -> Result<Option<u64>, EdgeError> {
    let JobSpec::MigratePages { from, from_version, .. } = spec else { return Ok(None) };
    let not = not(spec);
    let counts = db.ask(bulk::counts(site, from)).await?;
    let ours = counts.iter().filter(|count| from_version.is_none_or(|version| version == count.version));
    Ok(Some(ours.filter(|count| Some(count.version) != not).map(|count| count.pages).sum()))
}

/// The version whose pages have nothing to do.
pub(super) fn not(spec: &JobSpec) -> Option<u32> {
    match spec {
        JobSpec::MigratePages { from, to: Destination::Workflow { workflow, version, .. }, .. } if workflow == from => {
            Some(*version)
        }
        JobSpec::StartPages { .. } | JobSpec::MigratePages { .. } => None,
    }
}

pub(super) fn field(at: &str, detail: &str) -> EdgeError {
    Problem::new(ProblemKind::BadField, detail).at(at).into()
}

fn no_job() -> EdgeError {
    EdgeError::refuse(ProblemKind::NotFound, "There is no such job. Reload the list.")
}
