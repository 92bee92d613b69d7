//! Claims a row, has it carried out, says how it went.
//!
//! ```text
//! open ──claim──▶ leased 120 s ──▶ done
//!   ▲                 │ └────────▶ open again, later: 5 s, 30 s, 2 min, 10 min, 1 h, 1 h, 1 h
//!   │                 └──8 tries─▶ failed ──an admin's retry──▶ open
//!   └── the lease runs out: the Worker died
//! ```

use super::carry::{Carried, carry, page_of};
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, DbFault, Precondition};
use crate::store::queue::{self, Claimed, Lease};
use crate::within::within;
use crate::{clock, random, time};
use core::cell::Cell;
use core::time::Duration;
use engine::audit::fact::PageFact;
use engine::effect::Effect;
use engine::ids::SiteId;

/// How long a claimed row is ours.
const LEASE: Duration = Duration::from_secs(120);
/// What carrying out may take: well within the lease, so that two Workers are never at one lane.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long a row without an app token waits.
const TOKEN_PAUSE: Duration = Duration::from_secs(60);
/// After so many tries it is given up.
const MOST_TRIES: u32 = 8;
/// Sites one run of the clock looks after.
const SITES_AT_ONCE: u32 = 10;

/// Carries out what is due for one site, as far as one invocation goes. To be run after the answer. Never fails: what is
/// left, the clock's run finds.
pub async fn kick(cx: Cx, site: SiteId) {
    let outcome = async {
        let db = Db::new(cx.db()?);
        time::go_off_here(&db, &site).await.map_err(internal)?;
        work(&Errand::new(&cx, &db, &site, &Cell::new(0))).await
    };
    if let Err(fault) = outcome.await {
        fault.log("outbox");
    }
}

/// Carries out what is due for all sites, as far as one invocation goes, a row of each in turn. `calls` is what the
/// invocation made so far.
///
/// # Errors
/// If the journal can't be read.
pub async fn drain(cx: &Cx, db: &Db, calls: &Cell<usize>) -> Result<(), EdgeError> {
    let mut sites = db.ask(queue::due_sites(clock::now(), SITES_AT_ONCE)).await.map_err(internal)?;
    // Where one invocation is enough for a row only, chance sees to it that no site's queue is in the way of another's.
    let [first] = *random::bytes::<1>()?;
    if !sites.is_empty() {
        let by = usize::from(first) % sites.len();
        sites.rotate_left(by);
    }
    let mut errands: Vec<Errand<'_>> = sites.iter().map(|site| Errand::new(cx, db, site, calls)).collect();
    while !errands.is_empty() {
        let mut going_on = Vec::with_capacity(errands.len());
        for errand in errands {
            if next(&errand).await? {
                going_on.push(errand);
            }
        }
        errands = going_on;
    }
    Ok(())
}

async fn work(errand: &Errand<'_>) -> Result<(), EdgeError> {
    while next(errand).await? {}
    Ok(())
}

/// The next row of a site; says whether to go on.
async fn next(errand: &Errand<'_>) -> Result<bool, EdgeError> {
    if !errand.may_go_on() {
        return Ok(false);
    }
    let lease = random::id()?;
    let now = clock::now();
    let claim = queue::claim(errand.site, now, now + LEASE, &lease, 1);
    let Some(row) = errand.db.ask(claim).await.map_err(internal)?.pop() else { return Ok(false) };
    if !errand.has_room_for(row.effect.as_ref()) {
        let lease = Lease { site: errand.site, id: row.id, lease: &lease };
        errand.db.batch(&[lease.put_back()]).await.map_err(internal)?;
        return Ok(false);
    }
    one(errand, &row, &lease).await.map_err(internal)?;
    Ok(true)
}

async fn one(errand: &Errand<'_>, row: &Claimed, lease: &str) -> Result<(), DbFault> {
    let outcome = if row.attempts > MOST_TRIES {
        // Eight times somebody claimed it and never came back to say how it went.
        Err(Obstacle::Stopped)
    } else {
        within(PATIENCE, carry(errand, row)).await.unwrap_or(Err(Obstacle::TooSlow))
    };
    let lease = Lease { site: errand.site, id: row.id, lease };
    let name = row.effect.as_ref().map_or("unknown", Effect::name);
    let now = clock::now();
    let commit = Commit::new(errand.site, now);
    let commit = match outcome {
        Ok(Carried::Done) => commit.raw(lease.done(row.effect.as_ref())),
        Ok(Carried::Fact(seq)) => {
            let done = PageFact::EffectDone { effect: name.to_owned(), seq: Some(seq) };
            with_fact(errand, commit.raw(lease.require()).raw(lease.done(row.effect.as_ref())), row, done)
        }
        // The lease is required: two Workers at one row must not put these there twice.
        Ok(Carried::Instead(effects)) => commit
            .raw(lease.require())
            .raws(queue::put(errand.site, &effects, &row.key, now))
            .raw(lease.done(row.effect.as_ref())),
        Err(obstacle) => {
            worker::console_warn!("outbox: {name}: {}", obstacle.word());
            match fate(obstacle, row.attempts) {
                Fate::Wait => commit.raw(lease.wait(now + TOKEN_PAUSE, obstacle.word())),
                Fate::Later(pause) => commit.raw(lease.later(now + pause, obstacle.word())),
                Fate::GiveUp => {
                    let commit = commit.raw(lease.require()).raw(lease.fail(obstacle.word()));
                    with_fact(errand, commit, row, PageFact::EffectFailed { effect: name.to_owned() })
                }
            }
        }
    };
    match commit.run(errand.db).await {
        // Our lease ran out and somebody else is at it: it is theirs to say how it went.
        Ok(()) | Err(CommitFault::Failed(Precondition::Lease)) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}

/// Only whoever holds the lease may journal how it went: the batch has to require it first.
fn with_fact(errand: &Errand<'_>, commit: Commit, row: &Claimed, fact: PageFact) -> Commit {
    let sealed = row.effect.as_ref().and_then(page_of).and_then(|page| errand.page_fact(page, fact, clock::now()));
    match sealed {
        Some(sealed) => commit.append_fact(&sealed),
        None => commit,
    }
}

/// What becomes of a row that was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// This was no try.
    Wait,
    /// To be tried again after this.
    Later(Duration),
    /// Somebody has to look.
    GiveUp,
}

fn fate(obstacle: Obstacle, attempts: u32) -> Fate {
    if obstacle == Obstacle::NoToken {
        Fate::Wait
    } else if obstacle.is_final() || attempts >= MOST_TRIES {
        Fate::GiveUp
    } else {
        Fate::Later(pause_after(attempts).max(obstacle.not_before()))
    }
}

fn pause_after(attempts: u32) -> Duration {
    Duration::from_secs(match attempts {
        0 | 1 => 5,
        2 => 30,
        3 => 120,
        4 => 600,
        _ => 3600,
    })
}

fn internal(fault: DbFault) -> EdgeError {
    EdgeError::internal(fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_eight_times_with_growing_pauses() {
        let pauses: Vec<Fate> = (1..=8).map(|attempts| fate(Obstacle::ConfluenceDown, attempts)).collect();
        let later = |seconds| Fate::Later(Duration::from_secs(seconds));
        assert_eq!(
            pauses,
            [later(5), later(30), later(120), later(600), later(3600), later(3600), later(3600), Fate::GiveUp]
        );
    }

    #[test]
    fn waiting_for_a_token_is_no_try_and_a_busy_confluence_is_obeyed() {
        assert_eq!(fate(Obstacle::NoToken, 8), Fate::Wait);
        let busy = Obstacle::ConfluenceBusy(Duration::from_secs(90));
        assert_eq!(fate(busy, 1), Fate::Later(Duration::from_secs(90)));
        assert_eq!(fate(busy, 4), Fate::Later(Duration::from_secs(600)));
        assert_eq!(fate(Obstacle::NoAddress, 1), Fate::GiveUp);
    }
}
