//! What somebody has to confirm with, as it is now.

use crate::store::factor::{self, Factor};
use crate::store::fault::DbFault;
use crate::store::guess;
use crate::store::load::{Loaded, Loading, Slot};
use crate::store::recovery::{self, Left};
use crate::store::session::{self, Session};
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use engine::token::guessing::Guesses;

/// Where it will be.
pub(crate) struct Slots {
    factors: Slot<Vec<Factor>>,
    sessions: Slot<Vec<Session>>,
    guesses: Slot<Guesses>,
    recovery: Slot<Left>,
}

/// What somebody has.
pub(crate) struct Standing {
    /// Factors, expired ones included.
    pub(crate) factors: Vec<Factor>,
    /// Sessions that may count.
    pub(crate) sessions: Vec<Session>,
    /// Wrong codes.
    pub(crate) guesses: Guesses,
    /// Recovery codes.
    pub(crate) recovery: Left,
}

/// Adds it to a batch of reads.
pub(crate) fn ask(loading: &mut Loading, site: &SiteId, person: &AccountId, now: Timestamp) -> Slots {
    Slots {
        factors: loading.add(factor::of_person(site, person)),
        sessions: loading.add(session::alive(site, person, now)),
        guesses: loading.add(guess::of_person(site, person)),
        recovery: loading.add(recovery::left(site, person)),
    }
}

/// Reads what [`ask`] asked for.
///
/// # Errors
/// If a row has another shape.
pub(crate) fn read(loaded: &Loaded, slots: &Slots) -> Result<Standing, DbFault> {
    Ok(Standing {
        factors: loaded.get(&slots.factors)?,
        sessions: loaded.get(&slots.sessions)?,
        guesses: loaded.get(&slots.guesses)?,
        recovery: loaded.get(&slots.recovery)?,
    })
}
