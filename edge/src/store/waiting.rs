//! What mails have to know of pages besides their folds: which wait for somebody, who submitted one last.

use super::d1::{Query, Rows};
use super::dashboard::DashboardRow;
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use super::zone::list;
use engine::ids::{AccountId, GroupId, PageId, SiteId, StreamId};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Pages that may wait for any of these people or groups, what is due first. [`DashboardRow::waits_for`] says whether they do.
#[must_use]
pub fn pages<'a>(
    site: &SiteId,
    people: impl IntoIterator<Item = &'a AccountId>,
    groups: &BTreeSet<GroupId>,
    limit: u32,
) -> Query<Vec<DashboardRow>> {
    let groups = serde_json::to_string(groups).unwrap_or_else(|_| "[]".to_owned());
    Query::all(Statement::of(site, sql!("dashboard/waiting_for")).text(list(people)).text(groups).int(limit))
}

/// Who submitted the page last, if somebody did.
#[must_use]
pub fn last_submitter(site: &SiteId, page: &PageId) -> Query<Option<AccountId>> {
    #[derive(Deserialize)]
    struct Row {
        account: Option<AccountId>,
    }
    fn decode(rows: &[Rows]) -> Result<Option<AccountId>, DbFault> {
        let row: Option<Row> = rows.first().ok_or(DbFault::Unreadable)?.first()?;
        Ok(row.and_then(|row| row.account))
    }
    Query::of(vec![Statement::of(site, sql!("journal/last_submitter")).text(StreamId::page(page))], decode)
}
