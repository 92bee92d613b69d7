//! Recovery codes, found by their HMAC and used once.

use super::d1::{Query, Rows, flag};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A code to be kept.
#[derive(Clone, Serialize)]
pub struct Kept {
    /// Its row.
    pub id: String,
    /// See [`crate::secret::recovery`].
    pub hmac: String,
}

/// A code that was found.
#[derive(Clone, Deserialize)]
pub struct Found {
    /// Its row.
    pub id: String,
    /// Whether it was used already.
    #[serde(deserialize_with = "flag")]
    pub used: bool,
}

/// What is left of a person's codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// How many were not used.
    pub count: u32,
    /// When they were made; [`None`]: there are none.
    pub made_at: Option<Timestamp>,
}

/// Keeps a new set in place of the old one.
#[must_use]
pub fn put(site: &SiteId, person: &AccountId, codes: &[Kept], now: Timestamp) -> Vec<Statement> {
    let rows = serde_json::to_string(codes).unwrap_or_default();
    vec![end_all(site, person), Statement::of(site, sql!("recovery_code/put")).text(person).text(rows).int(now)]
}

/// Ends every code of a person.
#[must_use]
pub fn end_all(site: &SiteId, person: &AccountId) -> Statement {
    Statement::of(site, sql!("recovery_code/drop")).text(person)
}

/// The person's code with one of these HMACs: one look-up in an index for each key of the Worker.
#[must_use]
pub fn find(site: &SiteId, person: &AccountId, hmacs: &[String]) -> Query<Option<Found>> {
    let hmacs = serde_json::Value::from(hmacs.to_vec());
    Query::first(Statement::of(site, sql!("recovery_code/find")).text(person).text(hmacs))
}

/// Uses a code up. [`super::commit::Commit::require_recovery_code`] belongs before it.
#[must_use]
pub fn consume(site: &SiteId, person: &AccountId, id: &str, now: Timestamp) -> Statement {
    Statement::of(site, sql!("recovery_code/use")).text(person).text(id).int(now)
}

/// How many are left.
#[must_use]
pub fn left(site: &SiteId, person: &AccountId) -> Query<Left> {
    #[derive(Deserialize)]
    struct Row {
        left: Option<u32>,
        made_at: Option<Timestamp>,
    }
    fn decode(rows: &[Rows]) -> Result<Left, DbFault> {
        let row: Option<Row> = rows.first().ok_or(DbFault::Unreadable)?.first()?;
        Ok(row.map(|row| Left { count: row.left.unwrap_or_default(), made_at: row.made_at }).unwrap_or_default())
    }
    Query::of(vec![Statement::of(site, sql!("recovery_code/left")).text(person)], decode)
}
