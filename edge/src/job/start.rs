//! Pages come under a workflow. However many a portion lists, they are written in one batch.

use super::run::Work;
use super::{BAD_VALUES, EXTENT_GONE, Step, Stop, WORKFLOW_OUT, long};
use crate::clock;
use crate::confluence::listing::{self, Listed};
use crate::confluence::page::{self, Wanted};
use crate::confluence::{Client, ConfluenceError};
use crate::outbox::obstacle::Obstacle;
use crate::page::PageFault;
use crate::page::known::Running;
use crate::store::bulk::{self, Begun, Many, One};
use crate::store::job::{Noted, Progress};
use crate::store::load::Loading;
use crate::store::workflow;
use engine::content_date::date_in_row;
use engine::ids::{PageId, WorkflowId};
use engine::page::command::{Cast, Command, Dates, Start};
use engine::page::decide::{Situation, decide};
use engine::wire::jobs::{Extent, JobCounts};
use engine::workflow::definition::Definition;
use engine::workflow::version::Standing;
use std::collections::{BTreeMap, BTreeSet};

/// Pages listed at once.
pub(crate) const MOST_PAGES: usize = 250;
/// Where each page has to be read, for the date on it.
const MOST_READ: usize = 8;

/// Where Confluence is asked for them.
#[must_use]
pub fn listed_extent(extent: &Extent) -> listing::Extent {
    match extent.clone() {
        Extent::Space { space } => listing::Extent::Space(space),
        Extent::Label { space, label } => listing::Extent::Label { space, label },
        Extent::Tree { space, root } => listing::Extent::Tree { space, root },
    }
}

/// Rules: (1) the workflow may still be started, (2) the next pages are listed, (3) pages that are or were under a workflow
/// are passed over, (4) the others come under it, in one batch with where to go on.
pub(super) async fn portion(
    work: &Work<'_>,
    cursor: Option<String>,
    extent: &Extent,
    workflow: &WorkflowId,
    version: u32,
) -> Result<Step, Stop> {
    let errand = work.errand;
    let app = errand.app().await?;
    let extent = listed_extent(extent);
    // (1)
    let running = running(work, &extent, workflow, version).await?;
    let reads_date = reads_date(&running.definition);
    // (2)
    let most = if reads_date { MOST_READ } else { MOST_PAGES };
    errand.called(if matches!(extent, listing::Extent::Tree { .. }) { 5 } else { 2 });
    let listed = match listing::list(&app, &extent, cursor.as_deref(), most).await {
        Err(ConfluenceError::NotFound(_)) => return Err(Stop::Hopeless(EXTENT_GONE)),
        Err(ConfluenceError::Refused { status: 400 } | ConfluenceError::Unreadable(_)) if cursor.is_some() => {
            return begin_again(work).await;
        }
        other => other?,
    };
    let mut seen = BTreeSet::new();
    let pages: Vec<Listed> = listed.pages.into_iter().filter(|one| seen.insert(one.page.clone())).collect();
    // (3)
    let ids: Vec<PageId> = pages.iter().map(|one| one.page.clone()).collect();
    let begun = if ids.is_empty() { BTreeMap::new() } else { errand.db.ask(bulk::begun(errand.site, &ids)).await? };
    let mut progress = Progress { cursor: listed.next.clone(), ..Progress::default() };
    // (4)
    let at = clock::now();
    let mut many = Many::new(errand.site, &work.actor, at);
    for one in &pages {
        if let Some(begun) = begun.get(&one.page) {
            progress.notes.extend(passed_over(begun, workflow));
            continue;
        }
        let dates = if reads_date {
            errand.called(1);
            match dates(&app, one, &running.definition).await {
                // It went to the bin a moment ago.
                Err(ConfluenceError::NotFound(_)) => continue,
                other => other?,
            }
        } else {
            Dates::new()
        };
        let command = Command::Start(Start { space: one.space.clone(), version: one.version, dates });
        let situation = Situation { workflow: running.workflow(), cast: &Cast::default(), now: at };
        let events = decide(None, &situation, &command).map_err(|_| Obstacle::Database)?;
        many.add(&One { page: &one.page, before: None, definition: &running.definition, events: &events })?;
    }
    let (all, done) = (long(pages.len()), long(many.len()));
    progress.counts = JobCounts { seen: all, done, skipped: all.saturating_sub(done), failed: 0 };
    let is_over = progress.cursor.is_none();
    let written = work.write(many.into_commit(work.commit()), &progress, is_over).await?;
    Ok(match (written, is_over) {
        (true, true) => Step::Over,
        (true, false) => Step::More(progress.cursor),
        // A page came under a workflow meanwhile: the same portion again, which then knows.
        (false, _) => Step::More(cursor),
    })
}

async fn running(
    work: &Work<'_>,
    extent: &listing::Extent,
    workflow: &WorkflowId,
    version: u32,
) -> Result<Running, Stop> {
    let site = work.errand.site;
    let mut loading = Loading::new();
    let of_job = loading.add(workflow::version(site, workflow, version));
    let newest = loading.add(workflow::newest(site, workflow));
    let loaded = loading.run(work.errand.db).await?;
    let (of_job, newest) = (loaded.get(&of_job)?, loaded.get(&newest)?);
    let (Some(of_job), Some(newest)) = (of_job, newest) else { return Err(Stop::Hopeless(WORKFLOW_OUT)) };
    let (says, _) = newest.content()?;
    if says.standing != Standing::Active {
        return Err(Stop::Hopeless(WORKFLOW_OUT));
    }
    usable(Running::of(site, extent.space(), &of_job))
}

/// A version with the values of a space.
pub(super) fn usable(running: Result<Running, PageFault>) -> Result<Running, Stop> {
    running.map_err(|fault| match fault {
        PageFault::Broken(_) => Stop::Hopeless(BAD_VALUES),
        fault => fault.into(),
    })
}

async fn begin_again(work: &Work<'_>) -> Result<Step, Stop> {
    let commit = work.commit().raw(work.lease.begin_again());
    match commit.run(work.errand.db).await {
        Ok(()) => {
            work.begun_again();
            Ok(Step::More(None))
        }
        Err(fault) => super::refused(fault).map(|()| Step::More(None)),
    }
}

/// Whether the state pages start in expires on a date they carry.
pub(super) fn reads_date(definition: &Definition) -> bool {
    definition.initial().and_then(|state| state.expiry.as_ref()).is_some_and(|expiry| expiry.on_date.is_some())
}

async fn dates(app: &Client, one: &Listed, definition: &Definition) -> Result<Dates, ConfluenceError> {
    let read = page::get(app, &one.page, Wanted { version: None, body: true }).await?;
    let dates = definition
        .date_headings()
        .filter_map(|heading| Some((heading.to_owned(), date_in_row(&read.storage_body, heading)?)));
    Ok(dates.collect())
}

/// Pages under the same workflow are as they should be; about others somebody may want to know.
fn passed_over(begun: &Begun, workflow: &WorkflowId) -> Option<Noted> {
    let reason = match &begun.workflow {
        _ if begun.ended => {
            "It was taken out of its workflow before. Whoever submits it puts it under one again.".to_owned()
        }
        Some(other) if other == workflow => return None,
        Some(other) => {
            format!("It runs on the workflow \u{201c}{other}\u{201d} already. Move its pages to change that.")
        }
        None => "It was under a workflow before.".to_owned(),
    };
    Some(Noted { page: begun.page.clone(), failed: false, reason })
}
