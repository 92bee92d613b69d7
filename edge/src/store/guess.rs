//! The guessing limit: one counter per person, raised before a code is compared.

use super::d1::{Query, Rows, flag};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use engine::token::guessing::{FINAL_FAILURE, FIRST_PAUSE, FREE_FAILURES, Guesses, LONGEST_PAUSE};
use serde::Deserialize;

/// A counter as stored; for who has none, what is read beside other things says 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Row {
    pub(super) failures: u32,
    pub(super) locked_until: Timestamp,
    #[serde(deserialize_with = "flag")]
    pub(super) held: bool,
}

impl From<Row> for Guesses {
    fn from(row: Row) -> Self {
        Self { failures: row.failures, locked_until: row.locked_until, held: row.held }
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whether it was counted, so that a code may be compared. If not: the person is locked, or the challenge was
    /// consumed before.
    pub admitted: bool,
    /// The counter after it.
    pub after: Guesses,
}

/// Counts one attempt of `person`, unless they are locked or `nonce` was consumed. SQLite runs one writer at a time, so
/// of any number of racing attempts each sees the one before it.
#[must_use]
pub fn attempt(site: &SiteId, person: &AccountId, nonce: Option<&str>, now: Timestamp) -> Query<Attempt> {
    let count = Statement::of(site, sql!("guess/attempt"))
        .text(person)
        .int(now)
        .opt_text(nonce)
        .int(FREE_FAILURES)
        .int(FINAL_FAILURE)
        .int(millis(FIRST_PAUSE))
        .int(millis(LONGEST_PAUSE));
    let read = Statement::of(site, sql!("guess/get")).text(person);
    Query::of(vec![count, read], |rows| match rows {
        [counted, after] => {
            let counted: Option<Row> = counted.first()?;
            let after: Option<Row> = after.first()?;
            Ok(Attempt { admitted: counted.is_some(), after: after.map(Guesses::from).unwrap_or_default() })
        }
        _ => Err(DbFault::Unreadable),
    })
}

/// The person's counter. A missing row counts as none.
#[must_use]
pub fn of_person(site: &SiteId, person: &AccountId) -> Query<Guesses> {
    fn decode(rows: &[Rows]) -> Result<Guesses, DbFault> {
        let row: Option<Row> = rows.first().ok_or(DbFault::Unreadable)?.first()?;
        Ok(row.map(Guesses::from).unwrap_or_default())
    }
    Query::of(vec![Statement::of(site, sql!("guess/get")).text(person)], decode)
}

/// A success: the count starts anew.
#[must_use]
pub fn reset(site: &SiteId, person: &AccountId) -> Statement {
    Statement::of(site, sql!("guess/reset")).text(person)
}

/// An attempt was right, but shows nothing about the codes that were wrong before it (the first code of a secret that was
/// shown a moment ago, say): it alone is taken back, and the count is not set back.
#[must_use]
pub fn take_back(site: &SiteId, person: &AccountId, attempt: &Attempt) -> Statement {
    Statement::of(site, sql!("guess/take_back")).text(person).int(attempt.after.locked_until)
}

/// The owner has their own codes locked ("this wasn't me"): only an admin releases it.
#[must_use]
pub fn hold(site: &SiteId, person: &AccountId) -> Statement {
    Statement::of(site, sql!("guess/hold")).text(person)
}

/// An admin releases the lock.
#[must_use]
pub fn release(site: &SiteId, person: &AccountId) -> Statement {
    Statement::of(site, sql!("guess/release")).text(person)
}

fn millis(pause: core::time::Duration) -> u64 {
    u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "guess_tests.rs"]
mod tests;
