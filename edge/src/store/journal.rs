//! The journal: streams of entries.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::snapshot::Snapshot;
use super::sql;
use super::statement::Statement;
use engine::audit::entry::{Entry, Sealed};
use engine::ids::{AccountId, Seq, SiteId, StreamId};
use engine::time::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// Its place in its stream.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// What kind of event.
    pub kind: String,
    /// The canonical bytes; absent if retention cleared them.
    pub entry: Option<String>,
}

impl Row {
    /// The entry, typed.
    ///
    /// # Errors
    /// [`DbFault::Unreadable`] if the body is gone or of another kind.
    pub fn read<E: DeserializeOwned>(&self) -> Result<Entry<E>, DbFault> {
        let bytes = self.entry.as_deref().ok_or(DbFault::Unreadable)?;
        serde_json::from_str(bytes).map_err(|_| DbFault::Unreadable)
    }
}

/// An entry out of any stream, for whoever is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Told {
    /// The stream.
    pub stream: String,
    /// When.
    pub at: Timestamp,
    /// What kind of event.
    pub kind: String,
    /// The canonical bytes; absent if retention cleared them.
    pub entry: Option<String>,
}

/// What somebody confirmed last, the latest first.
#[must_use]
pub fn signed_by(site: &SiteId, person: &AccountId, limit: u32) -> Query<Vec<Told>> {
    Query::all(Statement::of(site, sql!("journal/signed_by")).text(person).int(limit))
}

/// The latest entries of a stream, the latest first.
#[must_use]
pub fn latest(site: &SiteId, stream: &StreamId, limit: u32) -> Query<Vec<Told>> {
    Query::all(Statement::of(site, sql!("journal/latest")).text(stream).int(limit))
}

/// A stream as stored: a fold of its beginning, and what came after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// The snapshot, if there is one of the format asked for.
    pub snapshot: Option<Snapshot>,
    /// Entries the snapshot doesn't hold, in order.
    pub newer: Vec<Row>,
}

impl Stored {
    /// The stream's head; 0 if the stream is empty.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.newer.last().map(|row| row.seq).or(self.snapshot.as_ref().map(|snapshot| snapshot.seq)).unwrap_or_default()
    }
}

/// A stream: its snapshot of `format` and whatever is newer.
#[must_use]
pub fn stream(site: &SiteId, stream: &StreamId, format: u32) -> Query<Stored> {
    Query::of(
        vec![
            Statement::of(site, sql!("snapshot/get")).text(stream).int(format),
            Statement::of(site, sql!("journal/since_snapshot")).text(stream).int(format),
        ],
        |rows| match rows {
            [snapshot, newer] => Ok(Stored { snapshot: snapshot.first()?, newer: newer.all()? }),
            _ => Err(DbFault::Unreadable),
        },
    )
}

/// Every entry of a stream after `seq`.
#[must_use]
pub fn since(site: &SiteId, stream: &StreamId, seq: Seq) -> Query<Vec<Row>> {
    Query::all(Statement::of(site, sql!("journal/since")).text(stream).int(seq))
}

/// The newest entry of a stream.
#[must_use]
pub fn head(site: &SiteId, stream: &StreamId) -> Query<Option<Row>> {
    Query::first(Statement::of(site, sql!("journal/head")).text(stream))
}

/// One entry of a stream.
#[must_use]
pub fn entry(site: &SiteId, stream: &StreamId, seq: Seq) -> Query<Option<Row>> {
    Query::first(Statement::of(site, sql!("journal/entry")).text(stream).int(seq))
}

/// Only the place of a stream's newest entry; 0 if it is empty.
#[must_use]
pub fn head_seq(site: &SiteId, stream: &StreamId) -> Query<Seq> {
    #[derive(Deserialize)]
    struct Head {
        seq: Option<Seq>,
    }
    fn decode(rows: &[Rows]) -> Result<Seq, DbFault> {
        let head: Option<Head> = rows.first().ok_or(DbFault::Unreadable)?.first()?;
        Ok(head.and_then(|head| head.seq).unwrap_or_default())
    }
    Query::of(vec![Statement::of(site, sql!("journal/head_seq")).text(stream)], decode)
}

/// Appends a decision's entry at `seq`. The position is computed inside the INSERT.
#[must_use]
pub fn append(site: &SiteId, sealed: &Sealed, seq: Seq) -> Statement {
    Statement::of(site, sql!("journal/append"))
        .text(&sealed.stream)
        .int(seq)
        .int(sealed.at)
        .text(&sealed.kind)
        .text(&sealed.bytes)
        .text(&sealed.leaf)
}

/// Appends a plain fact wherever its stream ends.
#[must_use]
pub fn append_fact(site: &SiteId, sealed: &Sealed) -> Statement {
    Statement::of(site, sql!("journal/append_fact"))
        .text(&sealed.stream)
        .int(sealed.at)
        .text(&sealed.kind)
        .text(&sealed.bytes)
        .text(&sealed.leaf)
}
