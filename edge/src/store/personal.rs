//! What people set for themselves.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, SiteId};
use engine::wire::me::Digest;
use serde::Deserialize;

/// How often somebody gets a list of what waits for them.
#[must_use]
pub fn digest(site: &SiteId, person: &AccountId) -> Query<Digest> {
    #[derive(Deserialize)]
    struct Row {
        digest: Digest,
    }
    fn decode(rows: &[Rows]) -> Result<Digest, DbFault> {
        let row: Option<Row> = rows.first().ok_or(DbFault::Unreadable)?.first()?;
        Ok(row.map(|row| row.digest).unwrap_or_default())
    }
    Query::of(vec![Statement::of(site, sql!("personal/get")).text(person)], decode)
}

/// Sets it. The timer belongs into the same batch.
#[must_use]
pub fn set_digest(site: &SiteId, person: &AccountId, digest: Digest) -> Statement {
    let word = match digest {
        Digest::Off => "off",
        Digest::Daily => "daily",
        Digest::Weekly => "weekly",
    };
    Statement::of(site, sql!("personal/put")).text(person).text(word)
}
