//! One page's stream, with the version of the workflow it runs on, as the journal has them.

use super::fault::PageFault;
use crate::store::d1::Db;
use crate::store::journal::Stored;
use crate::store::load::{Loaded, Loading, Slot};
use crate::store::workflow::{self, Stored as Version};
use crate::store::{page as stored_page, text};
use engine::ids::{PageId, Seq, SiteId, SpaceId, StreamId, WorkflowId};
use engine::page::decide::Workflow;
use engine::page::fold::PageFold;
use engine::page::view::Names;
use engine::workflow::definition::Definition;
use std::rc::Rc;

/// What was loaded of a page.
pub struct Known {
    /// The page.
    pub page: PageId,
    /// Its fold; [`None`] if it never was under a workflow.
    pub fold: Option<PageFold>,
    /// Texts the fold refers to.
    pub names: Names,
    /// The workflow it runs on, or ran on until it was taken out.
    pub running: Option<Running>,
}

/// A version of a workflow, for pages of one space.
#[derive(Clone, Debug)]
pub struct Running {
    /// The workflow.
    pub workflow: WorkflowId,
    /// The version.
    pub version: u32,
    /// What it says.
    pub definition: Rc<Definition>,
    /// Where the workflow's stream ends: a precondition of whatever is decided by it.
    pub head: Seq,
}

impl Running {
    /// From the journal.
    ///
    /// # Errors
    /// If it can't be read, or has faults with the values for this space.
    pub fn of(site: &SiteId, space: &SpaceId, stored: &Version) -> Result<Self, PageFault> {
        Ok(Self {
            workflow: stored.workflow(),
            version: stored.version(),
            definition: stored.definition(site, space)?,
            head: stored.head,
        })
    }

    /// As the engine takes it.
    #[must_use]
    pub fn workflow(&self) -> Workflow<'_> {
        Workflow { version: self.version, definition: &self.definition }
    }
}

/// Where the parts of [`Known`] will be.
pub struct Slots {
    page: PageId,
    stream: Slot<Stored>,
    names: Slot<Names>,
    workflow: Slot<Option<Version>>,
}

/// Adds what a page needs to a batch of reads.
#[must_use]
pub fn ask(loading: &mut Loading, site: &SiteId, page: &PageId) -> Slots {
    let stream = StreamId::page(page);
    Slots {
        page: page.clone(),
        stream: loading.add(stored_page::stream(site, page)),
        names: loading.add(text::of_snapshot(site, &stream)),
        workflow: loading.add(workflow::of_page(site, page)),
    }
}

/// Reads what [`ask`] asked for. A stream that is newer than its snapshot is folded on, and its texts are fetched; where
/// the row for lists is missing or behind, the version the page runs on is fetched.
///
/// # Errors
/// [`PageFault`].
pub async fn read(db: &Db, site: &SiteId, loaded: &Loaded, slots: &Slots) -> Result<Known, PageFault> {
    let stored = loaded.get(&slots.stream)?;
    let page = slots.page.clone();
    let Some(fold) = stored_page::fold(&stored)? else {
        return Ok(Known { page, fold: None, names: Names::new(), running: None });
    };
    let names = if stored.newer.is_empty() {
        loaded.get(&slots.names)?
    } else {
        db.ask(text::of_ids(site, &fold.texts())).await?
    };
    let found = loaded.get(&slots.workflow)?;
    let fits = |found: &Version| found.workflow() == fold.workflow && found.version() == fold.workflow_version;
    let version = match found.filter(fits) {
        Some(found) => Some(found),
        None => db.ask(workflow::version(site, &fold.workflow, fold.workflow_version)).await?,
    };
    let version = version
        .ok_or_else(|| PageFault::Broken("a page runs on a workflow version that is not in the journal".to_owned()))?;
    let running = Running::of(site, &fold.space, &version)?;
    Ok(Known { page, fold: Some(fold), names, running: Some(running) })
}

/// Loads a page by itself: one round trip, two where what follows from the journal is missing or behind.
///
/// # Errors
/// [`PageFault`].
pub async fn load(db: &Db, site: &SiteId, page: &PageId) -> Result<Known, PageFault> {
    let mut loading = Loading::new();
    let slots = ask(&mut loading, site, page);
    let loaded = loading.run(db).await?;
    read(db, site, &loaded, &slots).await
}

impl Known {
    /// The stream's head.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.fold.as_ref().map(|fold| fold.seq).unwrap_or_default()
    }

    /// The workflow it is under now; [`None`] if it never was under one, or was taken out.
    #[must_use]
    pub fn under(&self) -> Option<(&PageFold, &Running)> {
        let fold = self.fold.as_ref().filter(|fold| !fold.ended)?;
        Some((fold, self.running.as_ref()?))
    }
}
