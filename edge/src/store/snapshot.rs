//! Folds of streams, so that nobody has to read a whole stream.

use super::sql;
use super::statement::Statement;
use engine::ids::{Seq, SiteId, StreamId};
use serde::Deserialize;

/// A fold as stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Snapshot {
    /// The stream's head it reflects.
    pub seq: Seq,
    /// How it is written.
    pub format: u32,
    /// The fold, as JSON.
    pub fold: String,
}

/// Stores the fold of a stream. It belongs into the batch that appends what it reflects.
#[must_use]
pub fn put(site: &SiteId, stream: &StreamId, seq: Seq, format: u32, json: &str) -> Statement {
    Statement::of(site, sql!("snapshot/put")).text(stream).int(seq).int(format).text(json)
}
