//! Confluence and the journal cannot commit together: after a decision the page is read again, and if it moved, that is
//! recorded as any edit is; the engine then voids an approval of a version that was no longer the page's.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::page::{self, Wanted};
use crate::store::commit::Commit;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::page as pages;
use engine::audit::entry::Actor;
use engine::ids::{PageId, Seq};
use engine::page::command::{Command, Edit};
use engine::page::decide::{Workflow, decide};
use engine::page::fold::PageFold;
use engine::workflow::definition::Definition;

/// How often it is decided anew if somebody else was faster.
const MOST_ROUNDS: u32 = 3;

/// Looks at the page, and records that it moved.
///
/// # Errors
/// What stood in the way.
pub async fn look(errand: &Errand<'_>, page: &PageId) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    let Some((mut fold, mut version, mut definition)) = load(errand, page).await? else { return Ok(Carried::Done) };
    errand.called(2);
    let now = page::get(&app, page, Wanted { version: None, body: true }).await?;
    let attachments = page::attachments(&app, page).await?;
    let content_hash = now.content_hash(&attachments);
    for _ in 0..MOST_ROUNDS {
        // Who changed an attachment is not known: the version's author need not be the one.
        let by = (now.version > fold.latest.version).then(|| now.version_author.clone());
        let edit = Edit {
            version: now.version,
            content_hash: Some(content_hash.clone()),
            by,
            made_at: Some(now.version_created_at),
        };
        let workflow = Workflow { version, definition: &definition };
        let events = decide(Some(&fold), &workflow, &Command::RecordEdit(edit)).map_err(|_| Obstacle::Database)?;
        if events.is_empty() {
            return Ok(Carried::Fact(fold.seq));
        }
        match record(errand, page, &fold, &definition, &events).await {
            Ok(seq) => return Ok(Carried::Fact(seq)),
            Err(CommitFault::Failed(Precondition::Head)) => match load(errand, page).await? {
                Some(newer) => (fold, version, definition) = newer,
                None => return Ok(Carried::Done),
            },
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Obstacle::Contended)
}

async fn record(
    errand: &Errand<'_>,
    page: &PageId,
    fold: &PageFold,
    definition: &Definition,
    events: &[engine::page::event::PageEvent],
) -> Result<Seq, CommitFault> {
    let at = clock::now();
    let recorded = pages::Recorded { page, before: Some(fold), definition, actor: &Actor::System, at, events };
    let (commit, after) = recorded
        .into_commit(errand.site, Commit::new(errand.site, at))
        .map_err(|_| CommitFault::Failed(Precondition::Schema))?;
    commit.run(errand.db).await?;
    Ok(after.map(|fold| fold.seq).unwrap_or_default())
}

/// The page's fold and the definition it runs on.
async fn load(errand: &Errand<'_>, page: &PageId) -> Result<Option<(PageFold, u32, Definition)>, Obstacle> {
    let mut loading = Loading::new();
    let stored = loading.add(pages::stream(errand.site, page));
    let workflow = loading.add(pages::workflow_of_snapshot(errand.site, page));
    let loaded = loading.run(errand.db).await?;
    let Some(fold) = pages::fold(&loaded.get(&stored)?)? else { return Ok(None) };
    let row = match loaded.get(&workflow)? {
        Some(row) => row,
        None => errand.db.ask(pages::workflow(errand.site, &fold)).await?.ok_or(Obstacle::Database)?,
    };
    let (version, definition) = pages::definition(&row)?;
    Ok(Some((fold, version, definition)))
}
