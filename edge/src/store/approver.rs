//! Who approves: whom pages wait for, whom workflows name, who was asked or decided of late. A trigger of the schema keeps
//! the table in step with the journal, in the batch of each entry.

use super::d1::{Query, Rows};
use super::dashboard::Waiting;
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use super::workflow::Stored;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use engine::token::guessing::FINAL_FAILURE;
use engine::token::life;
use serde::Deserialize;

/// Somebody who was asked by name, or decided, of late.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Approver {
    /// Who.
    pub person: AccountId,
    /// When they were asked last; 0: never.
    pub asked_at: Timestamp,
    /// When they decided last; 0: never.
    pub decided_at: Timestamp,
}

/// Who was asked by name, or decided, after `since`; the latest first.
#[must_use]
pub fn of_late(site: &SiteId, since: Timestamp, limit: u32) -> Query<Vec<Approver>> {
    Query::all(Statement::of(site, sql!("approver/of_late")).int(since).int(limit))
}

/// For whom pages wait now, each different answer once.
#[must_use]
pub fn waiting(site: &SiteId, limit: u32) -> Query<Vec<Waiting>> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(deserialize_with = "super::d1::json")]
        waiting: Vec<Waiting>,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<Waiting>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().flat_map(|row| row.waiting).collect())
    }
    Query::of(vec![Statement::of(site, sql!("approver/waiting")).int(limit)], decode)
}

/// The newest version of each workflow that pages may come under.
#[must_use]
pub fn workflows(site: &SiteId, limit: u32) -> Query<Vec<Stored>> {
    Query::all(Statement::of(site, sql!("approver/workflows")).int(limit))
}

/// Who has a factor that counts or can be renewed, or is locked.
#[must_use]
pub fn holders(site: &SiteId, now: Timestamp, limit: u32) -> Query<Vec<AccountId>> {
    #[derive(Deserialize)]
    struct Row {
        person: AccountId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<AccountId>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.person).collect())
    }
    let statement = Statement::of(site, sql!("approver/holders"));
    Query::of(vec![statement.int(now).int(life::over_before(now)).int(FINAL_FAILURE).int(limit)], decode)
}
