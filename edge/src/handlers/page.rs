//! One page as a request needs it: with the policy in force, and with what is said of a page that is under no workflow.

use super::app;
use super::refusal::refused;
use super::site::{self, PolicyHead};
use crate::confluence::Client;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::assigned::{Starting, workflow_for_new_page};
use crate::page::known::{self, Running};
use crate::page::{Known, PageFault};
use crate::store::d1::Db;
use crate::store::journal::Row;
use crate::store::load::{Loaded, Loading, Slot};
use engine::ids::{PageId, SiteId, SpaceId};
use engine::page::fold::PageFold;
use engine::page::refusal::Refusal;
use engine::page::view;
use engine::wire::status::PageStatus;

/// Where the page and the policy will be.
pub(super) struct Slots {
    page: known::Slots,
    policy: Slot<Option<Row>>,
}

/// Adds what a page needs to a batch of reads, with the policy.
pub(super) fn ask(loading: &mut Loading, site: &SiteId, page: &PageId) -> Slots {
    Slots { page: known::ask(loading, site, page), policy: loading.add(PolicyHead::query(site)) }
}

/// Reads what [`ask`] asked for. A site that was never used is opened first.
pub(super) async fn read(
    cx: &Cx,
    db: &Db,
    site: &SiteId,
    loaded: &Loaded,
    slots: &Slots,
) -> Result<(Known, PolicyHead), EdgeError> {
    let policy = match PolicyHead::read(loaded.get(&slots.policy)?.as_ref())? {
        Some(policy) => policy,
        None => {
            site::open(cx, db, site).await?;
            PolicyHead::read(db.ask(PolicyHead::query(site)).await?.as_ref())?
                .ok_or_else(|| EdgeError::internal("a site could not be opened"))?
        }
    };
    Ok((known::read(db, site, loaded, &slots.page).await?, policy))
}

/// Loads a page and the policy by themselves: one round trip.
pub(super) async fn load(cx: &Cx, db: &Db, site: &SiteId, page: &PageId) -> Result<(Known, PolicyHead), EdgeError> {
    let mut loading = Loading::new();
    let slots = ask(&mut loading, site, page);
    let loaded = loading.run(db).await?;
    read(cx, db, site, &loaded, &slots).await
}

/// The workflow the page is under.
///
/// # Errors
/// `not-under-workflow`.
pub(super) fn under(known: &Known) -> Result<(&PageFold, &Running), EdgeError> {
    known.under().ok_or_else(|| refused(&Refusal::NotUnderWorkflow))
}

/// The workflow a page of `space` would come under.
pub(super) async fn starting(
    cx: &Cx,
    db: &Db,
    site: &SiteId,
    app: Option<&Client>,
    page: &PageId,
    space: &SpaceId,
) -> Result<Option<Starting>, EdgeError> {
    match workflow_for_new_page(db, site, app, page, space).await {
        Err(PageFault::NotOpened) => {
            site::open(cx, db, site).await?;
            Ok(workflow_for_new_page(db, site, app, page, space).await?)
        }
        other => Ok(other?),
    }
}

/// What is shown of a page: what the journal says, or, if it never was under a workflow, the state it would begin in.
///
/// # Errors
/// `not-under-workflow` if none is assigned to it.
pub(super) async fn status(cx: &Cx, db: &Db, caller: &UiCaller, known: &Known) -> Result<PageStatus, EdgeError> {
    if let Some(fold) = &known.fold {
        return Ok(view::status(fold, &known.names));
    }
    let starting = would_start(cx, db, caller, known).await?;
    let workflow = starting.running.workflow();
    view::not_started(workflow.definition, workflow.version)
        .ok_or_else(|| EdgeError::internal("the workflow has no initial state"))
}

/// The workflow the caller's page would come under, by the space their token names.
///
/// # Errors
/// `not-under-workflow` if none is assigned to it.
pub(super) async fn would_start(cx: &Cx, db: &Db, caller: &UiCaller, known: &Known) -> Result<Starting, EdgeError> {
    // Without a token only rules about labels and trees can't be resolved.
    let app = app::client_for(cx, db, &caller.site).await.ok();
    let space = caller.space.clone().unwrap_or_else(|| SpaceId::new(""));
    let starting = starting(cx, db, &caller.site, app.as_ref(), &known.page, &space).await?;
    starting.ok_or_else(|| refused(&Refusal::NotUnderWorkflow))
}
