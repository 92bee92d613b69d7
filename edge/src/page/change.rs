//! Deciding on a page, and writing what follows.

use super::cast::Troupe;
use super::fault::PageFault;
use super::known::{self, Known, Running};
use crate::clock;
use crate::confluence::Client;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::page::Recorded;
use engine::audit::commitment::ErasableText;
use engine::audit::entry::Actor;
use engine::ids::{PageId, Seq, SiteId, StreamId};
use engine::page::command::Command;
use engine::page::event::PageEvent;
use engine::page::fold::PageFold;
use engine::page::refusal::Refusal;
use engine::time::Timestamp;

/// How often a lost race is run again.
const ROUNDS: usize = 5;

/// What happened to a page, and by which version of which workflow it was decided.
pub struct Happened<'a> {
    /// The page as it was loaded.
    pub known: &'a Known,
    /// The workflow it was decided by.
    pub running: &'a Running,
    /// Who caused it.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub events: &'a [PageEvent],
    /// Texts the events refer to.
    pub texts: Vec<&'a ErasableText>,
}

impl Happened<'_> {
    /// Adds all that follows to `commit`, provided that the page's stream and the workflow's still end where they were
    /// read. Gives back the fold after it.
    ///
    /// # Errors
    /// [`PageFault::Broken`]: a fault of ours.
    pub fn into_commit(self, site: &SiteId, commit: Commit) -> Result<(Commit, PageFold), PageFault> {
        let Self { known, running, actor, at, events, texts } = self;
        let commit = commit.require_head(&StreamId::workflow(&running.workflow), running.head).texts(texts);
        let definition = &running.definition;
        let recorded = Recorded { page: &known.page, before: known.fold.as_ref(), definition, actor, at, events };
        let (commit, fold) = recorded.into_commit(site, commit)?;
        let fold = fold.ok_or_else(|| PageFault::Broken("a page without events has no fold".to_owned()))?;
        Ok((commit, fold))
    }
}

/// On which page, and for whom, something is done that no person waits for.
#[derive(Clone, Copy)]
pub struct On<'a> {
    /// The journal.
    pub db: &'a Db,
    /// Confluence, as the app.
    pub app: &'a Client,
    /// The site.
    pub site: &'a SiteId,
    /// The page.
    pub page: &'a PageId,
    /// Who causes it.
    pub actor: &'a Actor,
}

/// What a command came to.
#[derive(Debug)]
pub enum Changed {
    /// There was nothing to do.
    Nothing {
        /// The head of the page's stream.
        head: Seq,
    },
    /// It is in the journal.
    Recorded {
        /// The page after it.
        fold: Box<PageFold>,
        /// What happened.
        events: Vec<PageEvent>,
    },
    /// It may not happen, or [`Refusal::Unknown`]: not without the page as it is now.
    Refused(Refusal),
}

/// A workflow a page is put under, or moved to, and the lists that say so.
#[derive(Clone, Debug)]
pub struct Onto<'a> {
    /// The workflow.
    pub running: &'a Running,
    /// Streams that must still end where they were read.
    pub heads: &'a [(StreamId, Seq)],
}

/// Decides and writes, again on a newer fold where somebody else was faster. `known` is the page where it was loaded a
/// moment ago. `onto` is the workflow for [`Command::Start`] and [`Command::Move`]; everything else is decided by the one
/// the page runs on.
///
/// # Errors
/// [`PageFault`].
pub async fn carry_out(
    on: On<'_>,
    known: Option<Known>,
    onto: Option<Onto<'_>>,
    command: &Command,
) -> Result<Changed, PageFault> {
    carry_out_with(on, known, onto, command, &[]).await
}

/// The same, where the command refers to `texts`.
///
/// # Errors
/// [`PageFault`].
pub async fn carry_out_with(
    on: On<'_>,
    known: Option<Known>,
    onto: Option<Onto<'_>>,
    command: &Command,
    texts: &[&ErasableText],
) -> Result<Changed, PageFault> {
    let mut troupe = Troupe::new(on.app);
    let mut loaded = known;
    for _ in 0..ROUNDS {
        let known = match loaded.take() {
            Some(known) => known,
            None => known::load(on.db, on.site, on.page).await?,
        };
        let Some(running) = onto.as_ref().map(|onto| onto.running).or(known.running.as_ref()) else {
            return Ok(Changed::Refused(Refusal::NotUnderWorkflow));
        };
        // The time of an entry is that of its commit: an edit in between came before it.
        let at = clock::now();
        let events = match troupe.decide(known.fold.as_ref(), running.workflow(), command, at).await? {
            Ok(events) => events,
            Err(refusal) => return Ok(Changed::Refused(refusal)),
        };
        if events.is_empty() {
            return Ok(Changed::Nothing { head: known.head() });
        }
        let mut commit = Commit::new(on.site, at);
        for (stream, head) in onto.iter().flat_map(|onto| onto.heads) {
            commit = commit.require_head(stream, *head);
        }
        let texts = texts.iter().copied().chain(troupe.texts(&events)).collect();
        let happened = Happened { known: &known, running, actor: on.actor, at, events: &events, texts };
        let (commit, fold) = happened.into_commit(on.site, commit)?;
        match commit.run(on.db).await {
            Ok(()) => return Ok(Changed::Recorded { fold: Box::new(fold), events }),
            // A workflow that the page does not run on yet has to be read anew by whoever chose it.
            Err(CommitFault::Failed(Precondition::Workflow)) if onto.is_some() => return Err(PageFault::Contended),
            Err(CommitFault::Failed(Precondition::Head | Precondition::Workflow)) => {}
            Err(fault) => return Err(PageFault::Commit(fault)),
        }
    }
    Err(PageFault::Contended)
}
