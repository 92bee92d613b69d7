//! Personal text, which may be erased. The journal holds a salted commitment of each.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::audit::commitment::ErasableText;
use engine::ids::{SiteId, StreamId, TextId};
use engine::page::view::Names;
use serde::Deserialize;

/// Stores texts, in one statement however many there are. Their references stand in entries of the same batch.
#[must_use]
pub fn put<'a>(site: &SiteId, texts: impl IntoIterator<Item = &'a ErasableText>) -> Statement {
    let row = |text: &ErasableText| {
        serde_json::json!({
            "id": text.id,
            "salt": data_encoding::HEXLOWER.encode(&text.salt),
            "body": text.text,
        })
    };
    let rows: serde_json::Value = texts.into_iter().map(row).collect();
    Statement::of(site, sql!("text/put")).text(rows)
}

/// The texts of these rows. What was erased is left out.
#[must_use]
pub fn of_ids(site: &SiteId, ids: &[TextId]) -> Query<Names> {
    let list = serde_json::Value::from(ids.iter().map(TextId::as_str).collect::<Vec<_>>());
    Query::of(vec![Statement::of(site, sql!("text/of_ids")).text(list)], decode)
}

/// The texts a stream's snapshot refers to, in the same round trip as the snapshot. Where entries are newer than the
/// snapshot their texts are missing: ask for them by [`of_ids`].
#[must_use]
pub fn of_snapshot(site: &SiteId, stream: &StreamId) -> Query<Names> {
    Query::of(vec![Statement::of(site, sql!("text/of_snapshot")).text(stream)], decode)
}

fn decode(rows: &[Rows]) -> Result<Names, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        id: TextId,
        body: String,
    }
    let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
    Ok(rows.into_iter().map(|row| (row.id, row.body)).collect())
}
