//! Brings what is sealed at rest under the newest key, a portion a minute, so that an older key can be taken away.
//!
//! ```text
//! other keys, or a day has passed ──look──▶ all is under the newest key ──▶ done
//!                                    │ ▲
//!                  older texts there │ │ all was looked at
//!                                    ▼ │
//!                           open: portion by portion        what is left does not open ──▶ stuck, looked at each hour
//! ```
//!
//! A portion is one batch: each text is changed only if nobody changed it since it was read, and the batch only counts if
//! no other clock went on meanwhile. So the Worker may die at any instant, and whatever people do goes on beside it.

use crate::clock;
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::secret::keys::Keyring;
use crate::secret::{recovery, seal};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::reseal::{self, AT_END, Progress, State};
use crate::store::sealed::{self, Inherited, Kept, Renewed, Row, Under};
use crate::store::statement::Statement;
use core::time::Duration;
use engine::audit::entry::{Actor, ENCODING, Entry, Sealed};
use engine::audit::fact::SiteFact;
use engine::ids::{SiteId, StreamId};
use engine::time::Timestamp;
use std::collections::BTreeMap;

/// After so many statements a run begins no further step. One takes twenty at most, and what people wait for has the rest.
const ENOUGH_STATEMENTS: usize = 8;
/// Texts of one portion: opening and sealing a hundred takes milliseconds.
const PORTION: u32 = 100;
/// When everything was under the newest key, it is looked at again after this: a Worker that was being replaced may have
/// sealed something with the key before.
const LOOK_AGAIN: Duration = Duration::from_secs(24 * 3600);
/// The same where something did not open: the key may have been put back.
const STUCK_AGAIN: Duration = Duration::from_secs(3600);

/// The keys, newest first, as rows remember them.
#[must_use]
pub fn ring_of(keyring: &Keyring) -> String {
    keyring.ids().collect::<Vec<_>>().join(",")
}

/// Goes on with whatever site wants it, as far as one run may. Each minute.
///
/// # Errors
/// If the journal can't be read or written, or the keys are missing.
pub async fn drain(cx: &Cx, db: &Db) -> Result<(), EdgeError> {
    let keyring = cx.keyring()?;
    let ring = ring_of(keyring);
    let before = db.used().statements;
    while db.used().statements - before <= ENOUGH_STATEMENTS {
        let Some(site) = db.ask(reseal::due(clock::now(), &ring)).await? else { break };
        let went_on = if site.state == State::Open && site.ring == ring && site.place != AT_END {
            portion(db, keyring, &site).await?
        } else {
            look(db, keyring, &ring, &site).await?
        };
        if !went_on {
            break;
        }
    }
    Ok(())
}

/// What a look comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// There are texts to be sealed anew.
    Pass,
    /// Everything is under the newest key.
    Done,
    /// What is left does not open.
    Stuck,
}

fn next(site: &Progress, ring: &str, under: &Under, keyring: &Keyring) -> Next {
    let older = under.older(keyring);
    // A pass that has just looked at all of them could not open these.
    let hopeless = if site.ring == ring && site.place == AT_END { site.unopened } else { 0 };
    if older > hopeless {
        Next::Pass
    } else if older > 0 || under.lost(keyring) > 0 {
        Next::Stuck
    } else {
        Next::Done
    }
}

/// Looks at what is under which key, and begins a pass or ends one.
async fn look(db: &Db, keyring: &Keyring, ring: &str, site: &Progress) -> Result<bool, EdgeError> {
    let (now, newest) = (clock::now(), keyring.newest_id());
    let mut loading = Loading::new();
    let under = loading.add(sealed::under(&site.site));
    let kept = loading.add(sealed::kept(&site.site, now));
    let loaded = loading.run(db).await?;
    let (under, kept) = (loaded.get(&under)?, loaded.get(&kept)?);
    let is_newest = site.ring.split(',').next() == Some(newest);
    let since = if is_newest { site.newest_since } else { now };
    // A pass that is begun again, because something was sealed behind its back, goes on counting.
    let goes_on = site.state == State::Open && is_newest;
    let resealed = if goes_on { site.resealed } else { 0 };
    let commit = Commit::new(&site.site, now).raw(site.require());
    let commit = match next(site, ring, &under, keyring) {
        Next::Pass => commit.raw(site.begin(ring, (resealed + under.older(keyring), resealed), since, now)),
        Next::Stuck => commit.raw(site.end(ring, None, since, now, now + STUCK_AGAIN)),
        Next::Done => {
            let commit = commit.raw(site.end(ring, Some(newest), since, now, now + LOOK_AGAIN));
            let commit = commit.raws(bequests(keyring, &site.site, &kept)?).raw(sealed::forget_inherited(&site.site));
            match is_news(site, newest, resealed) {
                true => commit.append_fact(&fact(site, newest, resealed, now)?),
                false => commit,
            }
        }
    };
    written(commit, db).await
}

/// What recovery codes need of older keys is put by: such a code can't be kept anew without its owner.
fn bequests(keyring: &Keyring, site: &SiteId, kept: &Kept) -> Result<Vec<Statement>, EdgeError> {
    let mut statements = Vec::new();
    for id in keyring.ids().skip(1).filter(|id| kept.recovery.contains_key(*id)) {
        if let Some(key_sealed) = recovery::bequest(keyring, site, id)? {
            statements.push(sealed::inherit(site, &Inherited { key_id: id.to_owned(), key_sealed }));
        }
    }
    Ok(statements)
}

/// Whether the journal should tell of it: texts were sealed anew, or the key is another than the last time.
fn is_news(site: &Progress, newest: &str, resealed: u64) -> bool {
    resealed > 0 || (!site.settled.is_empty() && site.settled != newest)
}

fn fact(site: &Progress, newest: &str, texts: u64, at: Timestamp) -> Result<Sealed, EdgeError> {
    let before = Some(site.settled.clone()).filter(|before| !before.is_empty() && before != newest);
    let event = SiteFact::KeysRotated { key: newest.to_owned(), before, texts };
    let (stream, site) = (StreamId::site_facts(), site.site.clone());
    let entry = Entry { v: ENCODING, site, stream, at, actor: Actor::System, event };
    entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))
}

/// Seals a portion anew.
async fn portion(db: &Db, keyring: &Keyring, site: &Progress) -> Result<bool, EdgeError> {
    let after = [site.place.as_str(), &site.person, &site.id];
    let rows = db.ask(sealed::older(&site.site, keyring.newest_id(), after, PORTION)).await?;
    let is_last = rows.len() < usize::try_from(PORTION).unwrap_or(usize::MAX);
    let (anew, unopened) = renewed(keyring, &site.site, &rows)?;
    let now = clock::now();
    let mut commit = Commit::new(&site.site, now).raw(site.require());
    for (name, texts) in &anew {
        if let Some(place) = sealed::place(name) {
            commit = commit.raw(sealed::put(&site.site, place, texts)).raw(site.count());
        }
    }
    let last = rows.last().map_or(after, |row| [row.place.as_str(), row.person.as_str(), row.id.as_str()]);
    let at = if is_last { [AT_END, "", ""] } else { last };
    written(commit.raw(site.come_to(at, unopened, now)), db).await
}

/// The texts sealed anew, by place, and how many do not open.
fn renewed(
    keyring: &Keyring,
    site: &SiteId,
    rows: &[Row],
) -> Result<(BTreeMap<&'static str, Vec<Renewed>>, u64), EdgeError> {
    let (mut anew, mut unopened) = (BTreeMap::<_, Vec<Renewed>>::new(), 0);
    for row in rows {
        // A place only another version of the Worker knows is left to it.
        let Some(place) = sealed::place(&row.place) else {
            unopened += 1;
            continue;
        };
        match seal::renew(keyring, &row.binding(site, place), &row.body)? {
            Ok(Some(new)) => anew.entry(place.name).or_default().push(text(row, new)),
            Ok(None) => {}
            Err(fault) => {
                // Which key is missing was told; a text that was damaged is named by where it lies, not by whose it is.
                if !matches!(fault, seal::SealError::KeyMissing(_)) {
                    worker::console_error!("keys: a text in {} can't be sealed anew: {fault}", place.name);
                }
                unopened += 1;
            }
        }
    }
    Ok((anew, unopened))
}

fn text(row: &Row, new: String) -> Renewed {
    Renewed { person: row.person.clone(), id: row.id.clone(), old: row.body.clone(), new }
}

/// `false`: another clock was faster, and this one leaves it to that.
async fn written(commit: Commit, db: &Db) -> Result<bool, EdgeError> {
    match commit.run(db).await {
        Ok(()) => Ok(true),
        Err(CommitFault::Failed(Precondition::Lease)) => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    fn keyring() -> Keyring {
        let key = BASE64.encode(&[1; 32]);
        Keyring::parse(&format!("k2:{key},k1:{key}")).unwrap()
    }

    fn site(change: impl FnOnce(&mut Progress)) -> Progress {
        let none = String::new;
        let mut site = Progress {
            site: SiteId::new("s"),
            ring: "k2,k1".to_owned(),
            state: State::Open,
            place: AT_END.to_owned(),
            person: none(),
            id: none(),
            total: 4,
            resealed: 4,
            unopened: 0,
            settled: "k1".to_owned(),
            newest_since: Timestamp(1),
            ended_at: None,
        };
        change(&mut site);
        site
    }

    fn under(keys: &[(&str, u64)]) -> Under {
        Under { keys: keys.iter().map(|(id, texts)| ((*id).to_owned(), *texts)).collect(), unreadable: 0 }
    }

    #[test]
    fn a_pass_goes_on_until_nothing_is_left_that_opens() {
        let next = |site: &Progress, under: &Under| next(site, "k2,k1", under, &keyring());
        let whole = site(|_| ());
        assert_eq!(next(&whole, &under(&[("k2", 9)])), Next::Done);
        assert_eq!(next(&whole, &under(&[("k2", 9), ("k1", 1)])), Next::Pass, "sealed behind its back");
        assert_eq!(next(&whole, &under(&[("k2", 9), ("k0", 1)])), Next::Stuck, "its key is missing");
        assert_eq!(next(&whole, &Under { unreadable: 1, ..under(&[]) }), Next::Stuck);
        let damaged = site(|site| site.unopened = 1);
        assert_eq!(next(&damaged, &under(&[("k1", 1)])), Next::Stuck);
        assert_eq!(next(&damaged, &under(&[("k1", 2)])), Next::Pass);
        let other_keys = site(|site| {
            site.ring = "k1".to_owned();
            site.unopened = 1;
        });
        assert_eq!(next(&other_keys, &under(&[("k1", 1)])), Next::Pass, "another key may open it");
    }

    #[test]
    fn the_journal_tells_of_another_key_and_of_texts_sealed_anew() {
        assert!(is_news(&site(|_| ()), "k2", 4));
        assert!(is_news(&site(|_| ()), "k2", 0));
        assert!(!is_news(&site(|site| site.settled = "k2".to_owned()), "k2", 0), "the daily look");
        assert!(is_news(&site(|site| site.settled = "k2".to_owned()), "k2", 1), "something was left behind");
        assert!(!is_news(&site(|site| site.settled = String::new()), "k2", 0), "a new site");
    }
}
