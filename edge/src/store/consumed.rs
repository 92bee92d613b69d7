//! Challenges that were used. A repeated request gets the answer the first one got.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, Seq, SiteId};
use engine::time::Timestamp;
use serde::Deserialize;

/// A used challenge.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Consumed {
    /// Whose it was.
    pub person: AccountId,
    /// SHA-256 of its record: the same nonce with another record is no repetition.
    pub digest: String,
    /// The stream of the entry it led to.
    pub stream: String,
    /// That entry's place.
    pub seq: Seq,
    /// When it was used.
    pub at: Timestamp,
}

/// The challenge of this nonce, if it was used.
#[must_use]
pub fn by_nonce(site: &SiteId, nonce: &str) -> Query<Option<Consumed>> {
    Query::first(Statement::of(site, sql!("consumed/get")).text(nonce))
}

/// Marks a challenge as used. Fails if it was used before.
#[must_use]
pub fn put(site: &SiteId, nonce: &str, used: &Consumed, expires_at: Timestamp) -> Statement {
    Statement::of(site, sql!("consumed/put"))
        .text(nonce)
        .text(&used.person)
        .text(&used.digest)
        .text(&used.stream)
        .int(used.seq)
        .int(used.at)
        .int(expires_at)
}
