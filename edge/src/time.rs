//! The clock: timers whose time has come become effects in the outbox, which carries them out once, tries again, waits for
//! the app's token, and shows what failed.
//!
//! A timer goes off in one batch: the effect is put there and the timer marked, both or none, and only if no other clock was
//! faster. So nothing is lost or doubled if the Worker stops at any instant.

use crate::clock;
use crate::confluence::user;
use crate::outbox::errand::Errand;
use crate::outbox::obstacle::Obstacle;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::DbFault;
use crate::store::load::Loading;
use crate::store::{timer, zone};
use core::time::Duration;
use engine::effect::Effect;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;

/// Sites one run of the clock looks after.
const SITES_AT_ONCE: u32 = 4;
/// Timers of one site that go off together.
const TIMERS_AT_ONCE: u32 = 100;
/// How old what we know of somebody's time zone may be.
const ZONE_GOOD_FOR: Duration = Duration::from_secs(24 * 3600);
/// People asked about at once.
const PEOPLE_AT_ONCE: u32 = 100;
/// Pages whose reminders are set anew at once because somebody moved.
const PAGES_AT_ONCE: u32 = 50;

/// Lets go off what is due on all sites, the longest waiting first, each site's share the same. Three round trips at most.
///
/// # Errors
/// If the journal can't be read or written.
pub async fn go_off(db: &Db) -> Result<(), DbFault> {
    let now = clock::now();
    let sites = db.ask(timer::due_sites(now, SITES_AT_ONCE)).await?;
    go_off_on(db, &sites, now).await
}

/// The same for one site, after a call of its own: Cloudflare's clock may be missing.
///
/// # Errors
/// As [`go_off`].
pub async fn go_off_here(db: &Db, site: &SiteId) -> Result<(), DbFault> {
    go_off_on(db, core::slice::from_ref(site), clock::now()).await
}

async fn go_off_on(db: &Db, sites: &[SiteId], now: Timestamp) -> Result<(), DbFault> {
    if sites.is_empty() {
        return Ok(());
    }
    let mut loading = Loading::new();
    let slots: Vec<_> = sites.iter().map(|site| loading.add(timer::due(site, now, TIMERS_AT_ONCE))).collect();
    let loaded = loading.run(db).await?;
    let mut statements = Vec::new();
    for (site, slot) in sites.iter().zip(&slots) {
        let due = loaded.get(slot)?;
        if !due.is_empty() {
            statements.extend(timer::go_off(site, &due, now));
        }
    }
    db.batch(&statements).await?;
    Ok(())
}

/// Rules: (1) Confluence is asked again about people it was asked about more than a day ago, the longest ago first; (2) what
/// is timed by the clocks of those who moved is set anew; (3) a digest whose timer is missing gets one.
///
/// # Errors
/// What stood in the way.
pub async fn look_after_zones(errand: &Errand<'_>) -> Result<(), Obstacle> {
    let (db, site, now) = (errand.db, errand.site, clock::now());
    let before = Timestamp(now.millis().saturating_sub(u64::try_from(ZONE_GOOD_FOR.as_millis()).unwrap_or(u64::MAX)));
    // (1)
    let known = db.ask(zone::oldest(site, before, PEOPLE_AT_ONCE)).await?;
    let mut commit = Commit::new(site, now);
    if !known.is_empty() {
        let app = errand.app().await?;
        let people: Vec<AccountId> = known.keys().cloned().collect();
        errand.called(1);
        let profiles = user::profiles(&app, &people).await?;
        let told = |person: &AccountId| profiles.get(person).and_then(|profile| profile.time_zone.as_deref());
        commit = commit.raw(zone::put(site, people.iter().map(|person| (person, told(person))), now));
        // (2)
        let moved: Vec<AccountId> = known
            .iter()
            .filter(|(person, zone)| told(person).unwrap_or_default() != zone.as_str())
            .map(|(person, _)| person.clone())
            .collect();
        if !moved.is_empty() {
            let pages = db.ask(timer::pages_of(site, &moved, PAGES_AT_ONCE)).await?;
            let effects: Vec<Effect> = pages.into_iter().map(|page| Effect::Timers { page }).collect();
            commit = commit.effects(&effects, "zones");
            let wanted = db.ask(timer::digests_of(site, &moved)).await?;
            let next =
                wanted.iter().filter_map(|one| Some((&one.person, one.next(now, &zone::of_name(told(&one.person)))?)));
            commit = commit.raw(timer::set_digests(site, next));
        }
    }
    // (3)
    let lost = db.ask(timer::lost_digests(site, PEOPLE_AT_ONCE)).await?;
    if !lost.is_empty() {
        let next = lost.iter().filter_map(|one| Some((&one.person, one.next_in_zone(now)?)));
        commit = commit.raw(timer::set_digests(site, next));
    }
    commit.run(db).await?;
    Ok(())
}
