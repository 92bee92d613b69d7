//! Pages are moved to another workflow or version, or taken out.
//!
//! Where the state a page goes to asks for no approval and reads no date, nothing but its version has to be learned of it:
//! all such pages of a portion are written in one batch. Every other page is read, what was not seen of it is recorded, and
//! whoever is asked there is asked anew: one page, one batch.

use super::one::Asking;
use super::run::Work;
use super::start::usable;
use super::{Step, Stop, WORKFLOW_OUT, long};
use crate::clock;
use crate::confluence::{Client, listing};
use crate::outbox::obstacle::Obstacle;
use crate::page::known::Running;
use crate::random;
use crate::store::bulk::{self, Many, One};
use crate::store::job::Progress;
use crate::store::load::Loading;
use crate::store::workflow::{self, Stored};
use engine::audit::commitment::ErasableText;
use engine::content::ContentHash;
use engine::ids::{PageId, SpaceId, StateId, TextId, WorkflowId};
use engine::page::command::{Cast, Command, Dates, Move, PageNow};
use engine::page::decide::{Situation, Workflow, becomes, decide};
use engine::page::event::{PageEvent, Signatory};
use engine::page::fold::PageFold;
use engine::time::Timestamp;
use engine::wire::jobs::{Destination, JobCounts};
use engine::workflow::definition::State;
use engine::workflow::version::Standing;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Pages looked at in one portion.
const MOST_PAGES: u32 = 100;

/// Where pages go.
pub(super) struct Target<'a> {
    /// The version, and which states stand for which; [`None`]: out of any workflow.
    pub(super) to: Option<(Stored, &'a BTreeMap<StateId, StateId>)>,
}

/// Rules: (1) the workflow pages go to may still be started, (2) pages that need not be read go together, (3) each of the
/// others by itself. Pages that went are no longer found, so only those that could not go have to be passed: the cursor is
/// the last page that was looked at by itself.
pub(super) async fn portion(
    work: &Work<'_>,
    cursor: Option<String>,
    from: &WorkflowId,
    from_version: Option<u32>,
    to: &Destination,
) -> Result<Step, Stop> {
    let errand = work.errand;
    // (1)
    let target = target(work, to).await?;
    let not = match to {
        Destination::Workflow { workflow, version, .. } if workflow == from => Some(*version),
        Destination::Workflow { .. } | Destination::End {} => None,
    };
    let after = cursor.as_deref().unwrap_or_default();
    let pages = bulk::pages_of(errand.site, from, from_version, not, after, MOST_PAGES);
    let pages = errand.db.ask(pages).await?;
    if pages.is_empty() {
        let over = work.write(work.commit(), &Progress { cursor, ..Progress::default() }, true).await?;
        return Ok(if over { Step::Over } else { Step::More(None) });
    }
    // (2)
    let app = errand.app().await?;
    let slow = together(work, &app, &cursor, &pages, &target).await?;
    // (3)
    let mut cursor = cursor;
    for page in &slow {
        if !errand.may_go_on() {
            return Ok(Step::More(cursor));
        }
        let asking = Asking { work, app: &app, from, from_version, target: &target };
        asking.one(page).await?;
        cursor = Some(page.as_str().to_owned());
    }
    Ok(Step::More(cursor))
}

async fn target<'a>(work: &Work<'_>, to: &'a Destination) -> Result<Target<'a>, Stop> {
    let Destination::Workflow { workflow, version, states } = to else { return Ok(Target { to: None }) };
    let site = work.errand.site;
    let mut loading = Loading::new();
    let wanted = loading.add(workflow::version(site, workflow, *version));
    let newest = loading.add(workflow::newest(site, workflow));
    let loaded = loading.run(work.errand.db).await?;
    let (Some(wanted), Some(newest)) = (loaded.get(&wanted)?, loaded.get(&newest)?) else {
        return Err(Stop::Hopeless(WORKFLOW_OUT));
    };
    let (says, _) = newest.content()?;
    if says.standing == Standing::Deleted {
        return Err(Stop::Hopeless(WORKFLOW_OUT));
    }
    Ok(Target { to: Some((wanted, states)) })
}

/// Moves those of the pages that need not be read. Gives back the others, in order.
async fn together(
    work: &Work<'_>,
    app: &Client,
    cursor: &Option<String>,
    pages: &[PageId],
    target: &Target<'_>,
) -> Result<Vec<PageId>, Stop> {
    let errand = work.errand;
    let folds = errand.db.ask(bulk::folds(errand.site, pages)).await?;
    let mut versions = BTreeMap::new();
    if target.to.is_some() {
        errand.called(1);
        versions = listing::of_ids(app, pages).await?.into_iter().map(|one| (one.page, one.version)).collect();
    }
    let (by, name) = signatory(work, app).await?;
    let at = clock::now();
    let mut many = Many::new(errand.site, &work.actor, at);
    let mut slow = Vec::new();
    let mut running: BTreeMap<SpaceId, Running> = BTreeMap::new();
    for one in &folds {
        let fold = one.fold.as_ref().filter(|fold| !fold.ended);
        let written = match (fold, &target.to) {
            (Some(fold), Some((stored, states))) => {
                let running = match running.entry(fold.space.clone()) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(usable(Running::of(errand.site, &fold.space, stored))?),
                };
                let is_seen = versions.get(&one.page) == Some(&fold.latest.version);
                let events = unread(fold, running.workflow(), states, &by, at).filter(|_| is_seen);
                events.map(|events| {
                    many.add(&One {
                        page: &one.page,
                        before: Some(fold),
                        definition: &running.definition,
                        events: &events,
                    })
                })
            }
            (Some(fold), None) => {
                let known = definition_of(work, fold, &mut running).await?;
                let situation = Situation { workflow: known.workflow(), cast: &Cast::default(), now: at };
                let events = decide(Some(fold), &situation, &Command::End { by: Some(by.clone()) });
                events.ok().map(|events| {
                    many.add(&One {
                        page: &one.page,
                        before: Some(fold),
                        definition: &known.definition,
                        events: &events,
                    })
                })
            }
            (None, _) => None,
        };
        match written {
            Some(added) => added?,
            None => slow.push(one.page.clone()),
        }
        if many.is_full() {
            // What is left comes first the next time, and only then those that have to be read.
            slow.clear();
            break;
        }
    }
    if many.is_empty() {
        return Ok(slow);
    }
    let done = long(many.len());
    let counts = JobCounts { seen: done, done, ..JobCounts::default() };
    let progress = Progress { cursor: cursor.clone(), counts, notes: Vec::new() };
    let commit = many.into_commit(work.commit().text(&name));
    if work.write(commit, &progress, false).await? {
        Ok(slow)
    } else {
        // Somebody acted on one of them meanwhile. Which one is not told, so the portion is done anew.
        Err(Obstacle::Contended.into())
    }
}

/// A definition for the lists' row of a page that ends: of any version, since nothing is asked of anybody there.
async fn definition_of<'m>(
    work: &Work<'_>,
    fold: &PageFold,
    running: &'m mut BTreeMap<SpaceId, Running>,
) -> Result<&'m Running, Stop> {
    if !running.contains_key(&fold.space) {
        let stored = workflow::version(work.errand.site, &fold.workflow, fold.workflow_version);
        let stored = work.errand.db.ask(stored).await?.ok_or(Obstacle::Database)?;
        running.insert(fold.space.clone(), usable(Running::of(work.errand.site, &fold.space, &stored))?);
    }
    running.get(&fold.space).ok_or_else(|| Obstacle::Database.into())
}

/// What moving a page comes to that need not be read; [`None`] if it must be.
fn unread(
    fold: &PageFold,
    workflow: Workflow<'_>,
    states: &BTreeMap<StateId, StateId>,
    by: &Signatory,
    at: Timestamp,
) -> Option<Vec<PageEvent>> {
    let state = workflow.definition.state(becomes(workflow.definition, states, &fold.state.id)?)?;
    if must_be_read(state) {
        return None;
    }
    let page = PageNow {
        version: fold.latest.version,
        // Only a review would hold it, and none begins here.
        content_hash: fold.latest.content_hash.clone().unwrap_or_else(|| ContentHash::from_hex(String::new())),
        author: by.account.clone(),
        creator: by.account.clone(),
        contributors: BTreeSet::new(),
        made_at: at,
        dates: Dates::new(),
    };
    let command = Command::Move(Box::new(Move { states: states.clone(), page, by: Some(by.clone()) }));
    decide(Some(fold), &Situation { workflow, cast: &Cast::default(), now: at }, &command).ok()
}

/// Whether entering a state takes more than the page's version.
fn must_be_read(state: &State) -> bool {
    !state.approvals.is_empty() || state.expiry.as_ref().is_some_and(|expiry| expiry.on_date.is_some())
}

/// Who began the job, with the name they have now: one row of text for all pages of a batch.
async fn signatory(work: &Work<'_>, app: &Client) -> Result<(Signatory, ErasableText), Stop> {
    let account = work.job.created_by.clone();
    work.errand.called(1);
    let profile = crate::confluence::user::profile(app, &account).await?;
    let text = profile.map_or_else(|| account.as_str().to_owned(), |profile| profile.name);
    let broken = |_| Stop::from(Obstacle::Settings);
    let id = TextId::new(random::id().map_err(broken)?);
    let name = ErasableText { id, salt: *random::bytes::<16>().map_err(broken)?, text };
    Ok((Signatory { account, name: name.reference() }, name))
}
