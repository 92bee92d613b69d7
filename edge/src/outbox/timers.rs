//! A page's timers, reminders by the clocks of the people asked.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::user;
use crate::page::known;
use crate::store::commit::Commit;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::{timer as timers, zone};
use engine::ids::{AccountId, PageId, StreamId};
use engine::timer::{Zones, missing, pending, timers_of};
use std::collections::BTreeSet;

/// Sets a page's timers anew. Of people nobody asked about yet Confluence is asked now; without its answer they are
/// reminded by UTC until the next look.
///
/// # Errors
/// What stood in the way.
pub async fn set(errand: &Errand<'_>, page: &PageId) -> Result<Carried, Obstacle> {
    let known = known::load(errand.db, errand.site, page).await?;
    let Some((fold, running)) = known.under() else { return Ok(Carried::Done) };
    let people: BTreeSet<&AccountId> = fold
        .review
        .iter()
        .flat_map(|review| pending(review).filter(|now| now.due_at.is_some()).flat_map(|now| missing(review, now)))
        .collect();
    let mut zones = errand.db.ask(zone::of_people(errand.site, people.iter().copied())).await?;
    let unknown: Vec<AccountId> = people.into_iter().filter(|one| !zones.contains_key(*one)).cloned().collect();
    let now = clock::now();
    let mut commit = Commit::new(errand.site, now).require_head(&StreamId::page(page), fold.seq);
    if let Some(told) = ask(errand, &unknown).await {
        commit = commit.raw(zone::put(errand.site, told.iter().map(|(who, zone)| (who, zone.as_deref())), now));
        zones.extend(told.into_iter().map(|(who, zone)| (who, zone::of_name(zone.as_deref()))));
    }
    let zones: Zones = zones;
    let set = timers_of(fold, &running.definition, &zones);
    match commit.raws(timers::replace(errand.site, page, fold, &set)).run(errand.db).await {
        // Whoever was faster put an effect of its own there.
        Ok(()) | Err(CommitFault::Failed(Precondition::Head)) => Ok(Carried::Done),
        Err(fault) => Err(fault.into()),
    }
}

/// The zones these people have; who is unknown to Confluence has none. [`None`]: it can't be asked now.
async fn ask(errand: &Errand<'_>, people: &[AccountId]) -> Option<Vec<(AccountId, Option<String>)>> {
    if people.is_empty() {
        return None;
    }
    let app = errand.app().await.ok()?;
    errand.called(people.len().div_ceil(100));
    let mut profiles = user::profiles(&app, people).await.ok()?;
    let told = |person: &AccountId| (person.clone(), profiles.remove(person).and_then(|profile| profile.time_zone));
    Some(people.iter().map(told).collect())
}
