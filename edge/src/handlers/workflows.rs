//! The site's workflows, for Confluence admins.

use super::sensitive::{Change, Made, Stage, changed_meanwhile};
use super::settings::require_admin;
use super::{job_preview, jobs, site};
use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::assignment;
use crate::store::bulk::{self, Count};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::workflow::{self, Defining, Stored};
use engine::audit::entry::Actor;
use engine::ids::{Seq, SpaceId, StreamId, WorkflowId};
use engine::token::challenge::Act;
use engine::wire::jobs::{Destination, JobSpec};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::workflows::{
    Answer, CheckRequest, CheckResponse, DefineRequest, Defined, ImportRequest, ImportResponse, InUse, Listed, PagesOn,
    PagesThen, RuleUse, StandingRequest, TemplateLine, TemplateRequest, TemplateResponse, VersionLine, WorkflowRequest,
    WorkflowResponse, WorkflowsRequest, WorkflowsResponse,
};
use engine::workflow::fault::Fault;
use engine::workflow::parse::{self, not_carried_out};
use engine::workflow::version::{Standing, Values, WorkflowVersion};
use engine::workflow::{import, parameter, template};
use serde_json::Value;
use std::collections::BTreeMap;

/// Workflows and versions listed at most.
const MOST: u32 = 500;

pub(super) async fn list(cx: &Cx, caller: &UiCaller, _: WorkflowsRequest) -> Result<WorkflowsResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    let mut loading = Loading::new();
    let all = loading.add(workflow::all(site, MOST));
    let totals = loading.add(bulk::totals(site));
    let loaded = loading.run(&db).await?;
    let totals: BTreeMap<WorkflowId, (u64, u64)> =
        loaded.get(&totals)?.into_iter().map(|one| (one.workflow, (one.pages, one.behind))).collect();
    let listed = loaded.get(&all)?.into_iter().map(|one| {
        let (pages, pages_behind) = totals.get(&one.id).copied().unwrap_or_default();
        Listed { id: one.id, name: one.name, version: one.version, standing: one.standing, pages, pages_behind }
    });
    Ok(WorkflowsResponse {
        workflows: listed.filter(|one| one.standing != Standing::Deleted || one.pages > 0).collect(),
        templates: template::all()
            .iter()
            .map(|one| TemplateLine {
                id: one.id.to_owned(),
                name: one.name.to_owned(),
                summary: one.summary.to_owned(),
            })
            .collect(),
    })
}

pub(super) async fn get(cx: &Cx, caller: &UiCaller, body: WorkflowRequest) -> Result<WorkflowResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    let mut loading = Loading::new();
    let stored = loading.add(match body.version {
        Some(version) => workflow::version(site, &body.workflow, version),
        None => workflow::newest(site, &body.workflow),
    });
    let history = loading.add(workflow::history(site, &body.workflow, MOST));
    let counts = loading.add(bulk::counts(site, &body.workflow));
    let lists = loading.add(assignment::everywhere(site));
    let loaded = loading.run(&db).await?;
    let stored = loaded.get(&stored)?.ok_or_else(no_workflow)?;
    let (says, _) = stored.content()?;
    let line = |one: workflow::Line| VersionLine {
        version: u32::try_from(one.seq.0).unwrap_or(u32::MAX),
        at: one.at,
        by: one.person,
        standing: one.standing,
    };
    Ok(WorkflowResponse {
        version: stored.version(),
        newest: u32::try_from(stored.head.0).unwrap_or(u32::MAX),
        standing: says.standing,
        parameters: parameter::declared(&says.document).unwrap_or_default(),
        definition: parse::parse(&says.document, &says.values.site).ok(),
        history: loaded.get(&history)?.into_iter().map(line).collect(),
        pages: loaded.get(&counts)?.into_iter().map(pages_on).collect(),
        rules: uses(loaded.get(&lists)?, &body.workflow),
        workflow: body.workflow,
        document: says.document,
        values: says.values,
    })
}

fn pages_on(count: Count) -> PagesOn {
    PagesOn { version: count.version, state: count.state, pages: count.pages }
}

fn uses(lists: Vec<(Option<SpaceId>, assignment::List)>, workflow: &WorkflowId) -> Vec<RuleUse> {
    let in_list = |(space, list): (Option<SpaceId>, assignment::List)| {
        let rules: Vec<_> = list.rules.naming(workflow).cloned().collect();
        rules.into_iter().map(move |rule| RuleUse { space: space.clone(), rule })
    };
    lists.into_iter().flat_map(in_list).collect()
}

pub(super) async fn check(cx: &Cx, caller: &UiCaller, body: CheckRequest) -> Result<CheckResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    Ok(examine(&body.document, &body.values))
}

/// What is to be said about a document, with the site's values and with each space's.
pub(super) fn examine(document: &Value, values: &Values) -> CheckResponse {
    let parameters = parameter::declared(document).unwrap_or_default();
    let (mut faults, mut warnings, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    match parse::check(document, &values.site) {
        Ok(checked) => {
            missing = not_carried_out(&checked.definition);
            warnings = checked.warnings;
        }
        Err(found) => faults = found,
    }
    if faults.is_empty() {
        for space in values.spaces.keys() {
            let found = parse::check(document, &values.of(space)).err().unwrap_or_default();
            let of_space =
                |fault: Fault| Fault { what: format!("With the values of the space {space}: {}", fault.what), ..fault };
            faults.extend(found.into_iter().map(of_space));
        }
    }
    CheckResponse { faults, warnings, not_carried_out: missing, parameters }
}

/// Only what has no fault, and what can be carried out, comes into force.
pub(super) fn usable(document: &Value, values: &Values) -> Result<(), EdgeError> {
    let examined = examine(document, values);
    let faults: Vec<Fault> = examined.faults.into_iter().chain(examined.not_carried_out).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let many =
        if faults.len() == 1 { "There is 1 fault".to_owned() } else { format!("There are {} faults", faults.len()) };
    let detail = format!("{many} to mend before it can be used. Each says where and how.");
    let mut problem = Problem::new(ProblemKind::BadDefinition, detail).at("document");
    problem.faults = faults;
    Err(problem.into())
}

pub(super) async fn template(cx: &Cx, caller: &UiCaller, body: TemplateRequest) -> Result<TemplateResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let document = template::document(&body.template)
        .ok_or_else(|| EdgeError::refuse(ProblemKind::NotFound, "There is no such template. Reload the list."))?;
    let parameters = parameter::declared(&document).unwrap_or_default();
    Ok(TemplateResponse { document, parameters })
}

pub(super) async fn import(cx: &Cx, caller: &UiCaller, body: ImportRequest) -> Result<ImportResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let imported = import::comala(&body.source);
    let parameters = parameter::declared(&imported.document).unwrap_or_default();
    Ok(ImportResponse { document: imported.document, report: imported.report, faults: imported.faults, parameters })
}

/// Rules: (1) a Confluence admin, asked afresh, (2) the document has no fault, (3) it was made from the newest version,
/// (4) confirmed, (5) one batch.
pub(super) async fn define(cx: &Cx, caller: &UiCaller, body: DefineRequest) -> Result<Answer<Defined>, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    // (2)
    usable(&body.document, &body.values)?;
    let id = body.document.get("id").and_then(Value::as_str).map(WorkflowId::new).ok_or_else(no_workflow)?;
    let change = Change { cx, caller, db: &db, act: Act::DefineWorkflow };
    if let Some(before) = change.before(&body, body.confirm.as_ref()).await? {
        return made(&change, &id, before.seq).await;
    }
    // (3)
    let before = newest_is(&change, &id, body.based_on).await?;
    let standing = match before.map(|stored| stored.content()).transpose()? {
        Some((WorkflowVersion { standing: Standing::Disabled, .. }, _)) => Standing::Disabled,
        _ => Standing::Active,
    };
    // (4)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        Stage::Ask(confirm) => return Ok(Answer::Confirm(confirm)),
        Stage::Made(before) => return made(&change, &id, before.seq).await,
        Stage::Make(permit) => permit,
    };
    // (5)
    let says = WorkflowVersion { standing, document: body.document, values: body.values };
    let commit = Commit::new(site, cx.now);
    let (commit, stream, seq) = next(&change, commit, &id, body.based_on, &says)?;
    change.make(&permit, commit, &stream, seq).await?;
    made(&change, &id, seq).await
}

/// Rules: (1) to (5) as for [`define`], and (6) the pages of a workflow that is taken out of use are moved, taken out, or,
/// if it is only disabled, left on purpose.
pub(super) async fn standing(cx: &Cx, caller: &UiCaller, body: StandingRequest) -> Result<Answer<Defined>, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let (site, db) = (&caller.site, Db::new(cx.db()?));
    site::open(cx, &db, site).await?;
    let change = Change { cx, caller, db: &db, act: Act::SetStanding };
    let (id, job) = (&body.workflow, body.pages.as_ref().and_then(|pages| job_for(&body.workflow, pages)));
    if let Some(before) = change.before(&body, body.confirm.as_ref()).await? {
        return stood(&change, id, before, job.is_some()).await;
    }
    // (3)
    let stored = newest_is(&change, id, body.based_on).await?.ok_or_else(no_workflow)?;
    let (says, _) = stored.content()?;
    if says.standing == body.standing {
        let detail = "It is that already. Reload the list.";
        return Err(Problem::new(ProblemKind::BadField, detail).at("standing").into());
    }
    // (2)
    if body.standing == Standing::Active {
        usable(&says.document, &says.values)?;
    }
    // (6)
    let job = match job {
        Some(spec) => Some(jobs::settle(&db, site, spec).await?),
        None => None,
    };
    if body.standing != Standing::Active {
        let leave = matches!(body.pages, Some(PagesThen::Leave {}));
        if leave && body.standing == Standing::Deleted {
            let detail = "Pages can't stay on a workflow that is deleted. Move them to another, or take them out.";
            return Err(Problem::new(ProblemKind::BadField, detail).at("pages").into());
        }
        if job.is_none() && !leave {
            let spec = JobSpec::MigratePages { from: id.clone(), from_version: None, to: Destination::End {} };
            let preview = job_preview::of(cx, caller, &db, spec).await?;
            if preview.pages > 0 {
                let rules = uses(db.ask(assignment::everywhere(site)).await?, id);
                return Ok(Answer::InUse(Box::new(InUse { preview, rules })));
            }
        }
    } else if job.is_some() {
        let detail = "Only when a workflow is disabled or deleted something has to become of its pages.";
        return Err(Problem::new(ProblemKind::BadField, detail).at("pages").into());
    }
    // (4)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        Stage::Ask(confirm) => return Ok(Answer::Confirm(confirm)),
        Stage::Made(before) => return stood(&change, id, before, job.is_some()).await,
        Stage::Make(permit) => permit,
    };
    // (5)
    let says = WorkflowVersion { standing: body.standing, ..says };
    let mut commit = Commit::new(site, cx.now);
    if let Some(spec) = &job {
        let total = jobs::total(&db, site, spec).await?;
        commit = jobs::beginning(cx, caller, commit, permit.name(), spec, total)?;
    }
    let (commit, stream, seq) = next(&change, commit, id, body.based_on, &says)?;
    change.make(&permit, commit, &stream, seq).await?;
    if job.is_some() {
        jobs::kick(cx, site);
    }
    stood(&change, id, Made { seq, name: permit.name().to_owned() }, job.is_some()).await
}

/// The answer to a standing that was set, and the job that was begun with it.
async fn stood(
    change: &Change<'_>,
    workflow: &WorkflowId,
    before: Made,
    begun: bool,
) -> Result<Answer<Defined>, EdgeError> {
    let mut answer = made(change, workflow, before.seq).await?;
    if let Answer::Done(done) = &mut answer {
        done.job = begun.then_some(before.name);
    }
    Ok(answer)
}

fn job_for(workflow: &WorkflowId, pages: &PagesThen) -> Option<JobSpec> {
    let to = match pages {
        PagesThen::Leave {} => return None,
        PagesThen::End {} => Destination::End {},
        PagesThen::MigrateTo { workflow, states } => {
            Destination::Workflow { workflow: workflow.clone(), version: 0, states: states.clone() }
        }
    };
    Some(JobSpec::MigratePages { from: workflow.clone(), from_version: None, to })
}

/// Adds the next version to a commit, with where it will stand.
pub(super) fn next(
    change: &Change<'_>,
    commit: Commit,
    workflow: &WorkflowId,
    based_on: u32,
    says: &WorkflowVersion,
) -> Result<(Commit, StreamId, Seq), EdgeError> {
    let actor = Actor::person(&change.caller.person);
    let version = based_on.saturating_add(1);
    let defining = Defining { workflow, version, says, actor: &actor, at: change.cx.now };
    let commit = workflow::define(commit, &change.caller.site, defining).map_err(|fault| {
        Problem::new(ProblemKind::BadField, format!("This can't be recorded: {fault}.")).at("document")
    })?;
    Ok((commit, StreamId::workflow(workflow), Seq(u64::from(version))))
}

/// The newest version, which must be `based_on`; [`None`] where that is 0.
pub(super) async fn newest_is(
    change: &Change<'_>,
    workflow: &WorkflowId,
    based_on: u32,
) -> Result<Option<Stored>, EdgeError> {
    let newest = change.db.ask(workflow::newest(&change.caller.site, workflow)).await?;
    if newest.as_ref().map_or(0, Stored::version) == based_on { Ok(newest) } else { Err(changed_meanwhile()) }
}

/// The answer to a version that was made.
pub(super) async fn made(change: &Change<'_>, workflow: &WorkflowId, seq: Seq) -> Result<Answer<Defined>, EdgeError> {
    let version = u32::try_from(seq.0).unwrap_or(u32::MAX);
    let counts = change.db.ask(bulk::counts(&change.caller.site, workflow)).await?;
    let behind = counts.iter().filter(|count| count.version < version).map(|count| count.pages).sum();
    Ok(Answer::Done(Defined { workflow: workflow.clone(), version, pages_behind: behind, job: None }))
}

fn no_workflow() -> EdgeError {
    EdgeError::refuse(ProblemKind::NotFound, "There is no such workflow, or no such version of it. Reload the list.")
}
