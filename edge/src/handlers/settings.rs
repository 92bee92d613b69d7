//! The settings view, for Confluence admins.

use super::site::{PolicyHead, builtin_workflow};
use super::{heal, site};
use crate::confluence::rights::is_confluence_admin;
use crate::confluence::{Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::outbox::obstacle::Obstacle;
use crate::page::Running;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::installation::{self, Installation as Stored};
use crate::store::load::Loading;
use crate::store::{queue, workflow};
use core::time::Duration;
use engine::ids::SpaceId;
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::settings::{
    CheckWorkflowRequest, CheckWorkflowResponse, FailedEffect, Installation, OverviewRequest, OverviewResponse,
    RetryRequest, RetryResponse, WorkflowVersion,
};
use engine::wire::status::ViewerKind;
use engine::workflow::parse::{Parameters, parse};

/// The most rows of a list.
const MOST_ROWS: u32 = 100;
/// Without a valid token for this long, the installation is called unreachable.
const UNREACHABLE_AFTER: Duration = Duration::from_secs(3 * 3600);

/// The caller administers Confluence: asked with their own token, which must be their own.
pub(super) async fn require_admin(cx: &Cx, caller: &UiCaller, freshness: Freshness) -> Result<(), EdgeError> {
    // A guest brings no token to ask with, and is none.
    if caller.kind == ViewerKind::Licensed {
        let person = Client::as_person(&cx.config, caller)?;
        if is_confluence_admin(&person, caller, freshness, cx.now).await? {
            return Ok(());
        }
    }
    Err(EdgeError::refuse(ProblemKind::NotAllowed, "Only Confluence admins can use Countersign's settings."))
}

pub(super) async fn overview(cx: &Cx, caller: &UiCaller, _: OverviewRequest) -> Result<OverviewResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    let site = &caller.site;
    let db = Db::new(cx.db()?);
    site::open(cx, &db, site).await?;
    let mut loading = Loading::new();
    let newest = loading.add(workflow::newest(site, &builtin_workflow()));
    let policy = loading.add(PolicyHead::query(site));
    let failed = loading.add(queue::failed(site, MOST_ROWS));
    let stored = loading.add(installation::of_site(site));
    let loaded = loading.run(&db).await?;
    let lost = || EdgeError::internal("an opened site has no workflow or policy");
    let newest = loaded.get(&newest)?.ok_or_else(lost)?;
    let policy = PolicyHead::read(loaded.get(&policy)?.as_ref())?.ok_or_else(lost)?;
    // As pages see it whose space has no values of its own.
    let running = Running::of(site, &SpaceId::new(""), &newest)?;
    let stored = loaded.get(&stored)?;
    // Whoever opened the settings as an admin is told of locks from now on.
    Commit::new(site, cx.now).raw(installation::admin_seen(site, &caller.person, cx.now)).run(&db).await?;
    Ok(OverviewResponse {
        workflow: WorkflowVersion {
            version: running.version,
            since: newest.at,
            definition: (*running.definition).clone(),
        },
        policy: policy.policy,
        failed_effects: loaded
            .get(&failed)?
            .into_iter()
            .map(|failed| FailedEffect {
                id: failed.id,
                what: failed.effect.sentence(),
                why: Obstacle::sentence_for(failed.last_error.as_deref()).to_owned(),
                attempts: failed.attempts,
                last_tried_at: failed.tried_at.unwrap_or_default(),
            })
            .collect(),
        installation: reachability(cx, stored.as_ref()),
    })
}

fn reachability(cx: &Cx, stored: Option<&Stored>) -> Installation {
    let token_until = stored.and_then(|stored| stored.token_exp);
    let last_heard_at = stored.map(|stored| stored.last_heard_at);
    let good = stored.is_some_and(|stored| stored.usable_token(cx.now).is_some());
    // When the last good token ended; without any, when the platform was last heard of.
    let lost_at = token_until.or(last_heard_at).unwrap_or_default();
    Installation { last_heard_at, token_until, unreachable: !good && cx.now - lost_at >= UNREACHABLE_AFTER }
}

pub(super) async fn retry(cx: &Cx, caller: &UiCaller, body: RetryRequest) -> Result<RetryResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Fresh).await?;
    let db = Db::new(cx.db()?);
    let queued = db.ask(queue::retry(&caller.site, body.effect, cx.now)).await?;
    if queued {
        heal::carry_out(cx, &caller.site);
    }
    Ok(RetryResponse { queued })
}

pub(super) async fn check_workflow(
    cx: &Cx,
    caller: &UiCaller,
    body: CheckWorkflowRequest,
) -> Result<CheckWorkflowResponse, EdgeError> {
    require_admin(cx, caller, Freshness::Cached).await?;
    match parse(&body.definition, &Parameters::new()) {
        Ok(_) => Ok(CheckWorkflowResponse { warnings: Vec::new() }),
        Err(faults) => {
            let detail = format!("{} to mend before it can be used. Each says where and how.", count(faults.len()));
            let mut problem = Problem::new(ProblemKind::BadDefinition, detail).at("definition");
            problem.faults = faults;
            Err(problem.into())
        }
    }
}

fn count(faults: usize) -> String {
    if faults == 1 { "There is 1 fault".to_owned() } else { format!("There are {faults} faults") }
}
