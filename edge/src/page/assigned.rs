//! The workflow a page comes under that is under none: by the site's rules and its space's.

use super::fault::PageFault;
use super::known::Running;
use crate::confluence::{Actor, Client, ConfluenceError, label, tree};
use crate::store::assignment::{self as assignment_lists, List, Lists};
use crate::store::d1::Db;
use crate::store::workflow;
use engine::assignment::{self, Assigned, PageFacts};
use engine::ids::{PageId, Seq, SiteId, SpaceId, StreamId};
use engine::workflow::version::Standing;
use std::collections::BTreeSet;

/// The workflow a page would come under now.
#[derive(Clone, Debug)]
pub struct Starting {
    /// Its newest version.
    pub running: Running,
    /// The rule that says so.
    pub assigned: Assigned,
    /// The lists it was resolved from, and where their streams end: preconditions of starting by them.
    pub heads: Vec<(StreamId, Seq)>,
}

/// Resolves the rules for a page of `space`. `app` is asked for labels and what the page lies below only where some rule
/// is about that. [`None`]: no workflow is assigned, or it is disabled or deleted.
///
/// # Errors
/// [`PageFault::NotOpened`] if the site has no rules at all yet; otherwise what stood in the way.
pub async fn workflow_for_new_page(
    db: &Db,
    site: &SiteId,
    app: Option<&Client>,
    page: &PageId,
    space: &SpaceId,
) -> Result<Option<Starting>, PageFault> {
    let Lists { site: of_site, space: of_space } = db.ask(assignment_lists::lists(site, Some(space))).await?;
    if of_site.version == 0 {
        return Err(PageFault::NotOpened);
    }
    let head = |space, list: &List| (StreamId::assignment(space), Seq(u64::from(list.version)));
    let heads = vec![head(None, &of_site), head(Some(space), &of_space)];
    let (of_site, of_space) = (of_site.rules, of_space.rules);

    let facts = facts(app, page, assignment::needs([&of_site, &of_space])).await?;
    let Some(assigned) = assignment::resolve(&of_site, &of_space, &facts) else { return Ok(None) };
    let Some(newest) = db.ask(workflow::newest(site, &assigned.workflow)).await? else { return Ok(None) };
    let (says, _) = newest.content()?;
    if says.standing != Standing::Active {
        return Ok(None);
    }
    Ok(Some(Starting { running: Running::of(site, space, &newest)?, assigned, heads }))
}

async fn facts(
    app: Option<&Client>,
    page: &PageId,
    needs: assignment::resolve::Needs,
) -> Result<PageFacts, ConfluenceError> {
    let mut facts = PageFacts { page: page.clone(), labels: BTreeSet::new(), ancestors: BTreeSet::new() };
    let asking = || app.ok_or(ConfluenceError::NoToken(Actor::App));
    if needs.labels {
        facts.labels = label::labels(asking()?, page).await?;
    }
    if needs.ancestors {
        facts.ancestors = tree::ancestors(asking()?, page).await?.into_iter().collect();
    }
    Ok(facts)
}
