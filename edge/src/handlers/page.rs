//! One page's stream, with the definition it runs on and the policy in force, as the journal has them.

use super::site::{self, Definitions, PolicyHead};
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::journal::{Row, Stored};
use crate::store::load::{Loaded, Loading, Slot};
use crate::store::page::{self as stored_page, Recorded};
use crate::store::text;
use engine::audit::entry::Actor;
use engine::ids::{PageId, Seq, SiteId, StreamId};
use engine::page::command::Command;
use engine::page::decide::{Refusal, Workflow, decide};
use engine::page::event::PageEvent;
use engine::page::fold::PageFold;
use engine::page::view::{self, Names};
use engine::time::Timestamp;
use engine::wire::status::PageStatus;

/// What was loaded of a page.
pub(super) struct Known {
    /// The page.
    pub(super) page: PageId,
    /// Its fold; [`None`] while it is not under the workflow.
    pub(super) fold: Option<PageFold>,
    /// Texts the fold refers to.
    pub(super) names: Names,
    /// The workflow's versions.
    pub(super) definitions: Definitions,
    /// The policy in force.
    pub(super) policy: PolicyHead,
}

/// Where the parts of [`Known`] will be.
pub(super) struct Slots {
    page: PageId,
    stream: Slot<Stored>,
    names: Slot<Names>,
    definitions: Slot<Vec<Row>>,
    policy: Slot<Option<Row>>,
}

/// Adds what a page needs to a batch of reads.
pub(super) fn ask(loading: &mut Loading, site: &SiteId, page: &PageId) -> Slots {
    let stream = StreamId::page(page);
    Slots {
        page: page.clone(),
        stream: loading.add(stored_page::stream(site, page)),
        names: loading.add(text::of_snapshot(site, &stream)),
        definitions: loading.add(Definitions::query(site)),
        policy: loading.add(PolicyHead::query(site)),
    }
}

/// Reads what [`ask`] asked for. A site that was never used is opened first; a stream that is newer than its snapshot is
/// folded on, and its texts are fetched.
pub(super) async fn read(cx: &Cx, db: &Db, site: &SiteId, loaded: &Loaded, slots: &Slots) -> Result<Known, EdgeError> {
    let definitions = Definitions::read(&loaded.get(&slots.definitions)?)?;
    let policy = PolicyHead::read(loaded.get(&slots.policy)?.as_ref())?;
    let (definitions, policy) = match (definitions, policy) {
        (Some(definitions), Some(policy)) => (definitions, policy),
        _ => opened(cx, db, site).await?,
    };
    let stored = loaded.get(&slots.stream)?;
    let fold = stored_page::fold(&stored)?;
    let names = match &fold {
        Some(fold) if !stored.newer.is_empty() => db.ask(text::of_ids(site, &fold.texts())).await?,
        _ => loaded.get(&slots.names)?,
    };
    Ok(Known { page: slots.page.clone(), fold, names, definitions, policy })
}

/// Loads a page by itself: one round trip.
pub(super) async fn load(cx: &Cx, db: &Db, site: &SiteId, page: &PageId) -> Result<Known, EdgeError> {
    let mut loading = Loading::new();
    let slots = ask(&mut loading, site, page);
    let loaded = loading.run(db).await?;
    read(cx, db, site, &loaded, &slots).await
}

async fn opened(cx: &Cx, db: &Db, site: &SiteId) -> Result<(Definitions, PolicyHead), EdgeError> {
    site::open(cx, db, site).await?;
    let definitions = Definitions::read(&db.ask(Definitions::query(site)).await?)?;
    let policy = PolicyHead::read(db.ask(PolicyHead::query(site)).await?.as_ref())?;
    definitions.zip(policy).ok_or_else(|| EdgeError::internal("a site could not be opened"))
}

impl Known {
    /// The stream's head.
    pub(super) fn head(&self) -> Seq {
        self.fold.as_ref().map(|fold| fold.seq).unwrap_or_default()
    }

    /// The definition the page runs on.
    pub(super) fn workflow(&self) -> Result<Workflow<'_>, EdgeError> {
        self.definitions.of(self.fold.as_ref().map(|fold| fold.workflow_version))
    }

    /// The page's status, ready to be shown.
    pub(super) fn status(&self) -> Result<PageStatus, EdgeError> {
        let workflow = self.workflow()?;
        let status = match &self.fold {
            Some(fold) => Some(view::status(fold, &self.names)),
            None => view::not_started(workflow.definition, workflow.version),
        };
        status.ok_or_else(|| EdgeError::internal("the workflow has no initial state"))
    }

    /// What the engine says to a command.
    pub(super) fn decide(&self, command: &Command) -> Result<Result<Vec<PageEvent>, Refusal>, EdgeError> {
        Ok(decide(self.fold.as_ref(), &self.workflow()?, command))
    }
}

/// Adds everything that follows from `events` to a commit, provided that the page's stream and the workflow's still end
/// where they were read. Gives back the fold after it.
pub(super) fn commit(
    commit: Commit,
    site: &SiteId,
    known: &Known,
    actor: &Actor,
    at: Timestamp,
    events: &[PageEvent],
) -> Result<(Commit, PageFold), EdgeError> {
    let version = known.fold.as_ref().map(|fold| fold.workflow_version);
    let definition = known.definitions.of(version)?.definition;
    let recorded = Recorded { page: &known.page, before: known.fold.as_ref(), definition, actor, at, events };
    let workflow = StreamId::workflow(&site::workflow_id());
    let (commit, fold) = recorded
        .into_commit(site, commit.require_head(&workflow, known.definitions.head))
        .map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let fold = fold.ok_or_else(|| EdgeError::internal("a page without events has no fold"))?;
    Ok((commit, fold))
}
