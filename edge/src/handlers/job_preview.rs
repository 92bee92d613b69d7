//! What work on many pages would do.

use super::jobs::{check_extent, field, not, works_in};
use crate::confluence::{Client, ConfluenceError, listing};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::job::start;
use crate::store::bulk;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::workflow;
use engine::ids::{PageId, SpaceId, WorkflowId};
use engine::page::decide::becomes;
use engine::wire::jobs::{Destination, Extent, JobSpec, PageThen, Preview, StateThen};
use engine::wire::status::StateLabel;
use std::collections::BTreeMap;

/// Pages a preview names.
const MOST_LISTED: usize = 50;

/// What a settled job would do.
pub(super) async fn of(cx: &Cx, caller: &UiCaller, db: &Db, spec: JobSpec) -> Result<Preview, EdgeError> {
    match &spec {
        JobSpec::StartPages { extent, workflow, version } => {
            let stored = db.ask(workflow::version(&caller.site, workflow, *version)).await?;
            let stored = stored.ok_or_else(|| field("workflow", "There is no such version. Reload the list."))?;
            let definition = works_in(&stored, &caller.site, check_extent(extent)?)?;
            let initial = definition.initial().map(|state| state.label());
            start_preview(cx, caller, db, &spec, extent, initial).await
        }
        JobSpec::MigratePages { from, from_version, to } => {
            let then = match to {
                Destination::End {} => None,
                Destination::Workflow { workflow, version, states } => {
                    let stored = db.ask(workflow::version(&caller.site, workflow, *version)).await?;
                    let stored = stored.ok_or_else(|| field("to", "There is no such version. Reload the list."))?;
                    Some((works_in(&stored, &caller.site, &SpaceId::new(""))?, states))
                }
            };
            let then = |state: &StateLabel| {
                let (definition, states) = then.as_ref()?;
                definition.state(becomes(definition, states, &state.id)?).map(|state| state.label())
            };
            migrate_preview(cx, caller, db, &spec, (from, *from_version), then).await
        }
    }
}

async fn start_preview(
    cx: &Cx,
    caller: &UiCaller,
    db: &Db,
    spec: &JobSpec,
    extent: &Extent,
    initial: Option<StateLabel>,
) -> Result<Preview, EdgeError> {
    // As the admin: a title they may not see is not shown. The job itself works as the app.
    let person = Client::as_person(&cx.config, caller)?;
    let listed = listing::list(&person, &start::listed_extent(extent), None, start::MOST_PAGES).await;
    let listed = listed.map_err(|error| match error {
        ConfluenceError::NotFound(_) => field("extent", "Confluence did not find this space or page."),
        error => error.into(),
    })?;
    let ids: Vec<PageId> = listed.pages.iter().map(|one| one.page.clone()).collect();
    let begun = db.ask(bulk::begun(&caller.site, &ids)).await?;
    let new: Vec<_> = listed.pages.into_iter().filter(|one| !begun.contains_key(&one.page)).collect();
    let (pages, skipped) = (long(new.len()), long(begun.len()));
    let line = StateThen { version: None, state: None, pages, then: initial.clone(), lose_decisions: 0 };
    let shown = new.into_iter().take(MOST_LISTED).map(|one| PageThen {
        page: one.page,
        title: Some(one.title),
        state: None,
        then: initial.clone(),
    });
    Ok(Preview {
        spec: spec.clone(),
        pages,
        more: listed.next.is_some(),
        states: if pages == 0 { Vec::new() } else { vec![line] },
        lose_decisions: 0,
        without_workflow: 0,
        skipped,
        listed: shown.collect(),
    })
}

async fn migrate_preview(
    cx: &Cx,
    caller: &UiCaller,
    db: &Db,
    spec: &JobSpec,
    (from, from_version): (&WorkflowId, Option<u32>),
    then: impl Fn(&StateLabel) -> Option<StateLabel>,
) -> Result<Preview, EdgeError> {
    let not = not(spec);
    let most = u32::try_from(MOST_LISTED).unwrap_or(u32::MAX);
    let mut loading = Loading::new();
    let counts = loading.add(bulk::counts(&caller.site, from));
    let first = loading.add(bulk::first(&caller.site, from, from_version, not, most));
    let loaded = loading.run(db).await?;
    let ours =
        |count: &bulk::Count| from_version.is_none_or(|version| version == count.version) && Some(count.version) != not;
    let line = |count: bulk::Count| StateThen {
        version: Some(count.version),
        then: then(&count.state),
        state: Some(count.state),
        pages: count.pages,
        lose_decisions: count.decided,
    };
    let states: Vec<StateThen> = loaded.get(&counts)?.into_iter().filter(ours).map(line).collect();
    let first = loaded.get(&first)?;
    let ids: Vec<PageId> = first.iter().map(|one| one.page.clone()).collect();
    // Titles are for the eye: where Confluence does not answer, the numbers have to do.
    let mut titles: BTreeMap<PageId, String> = BTreeMap::new();
    if let Ok(person) = Client::as_person(&cx.config, caller)
        && let Ok(found) = listing::of_ids(&person, &ids).await
    {
        titles = found.into_iter().map(|one| (one.page, one.title)).collect();
    }
    let pages = states.iter().map(|line| line.pages).sum();
    Ok(Preview {
        pages,
        more: false,
        lose_decisions: states.iter().map(|line| line.lose_decisions).sum(),
        without_workflow: states.iter().filter(|line| line.then.is_none()).map(|line| line.pages).sum(),
        skipped: 0,
        states,
        listed: first
            .into_iter()
            .map(|one| PageThen {
                title: titles.remove(&one.page),
                then: then(&one.state),
                state: Some(one.state),
                page: one.page,
            })
            .collect(),
        spec: spec.clone(),
    })
}

fn long(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
