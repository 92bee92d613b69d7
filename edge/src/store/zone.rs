//! People's time zones, as Confluence said when it was last asked.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use crate::confluence::user::Profile;
use engine::calendar::Zone;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use engine::timer::Zones;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Row {
    person: AccountId,
    zone: String,
}

/// The zone a stored or sent name stands for: UTC where there is none, or none we know.
#[must_use]
pub fn of_name(name: Option<&str>) -> Zone {
    name.and_then(|name| name.parse().ok()).unwrap_or_else(Zone::utc)
}

/// The zones of these people. Who was never asked about is not in the answer; who keeps it to themselves is, with UTC.
#[must_use]
pub fn of_people<'a>(site: &SiteId, people: impl IntoIterator<Item = &'a AccountId>) -> Query<Zones> {
    fn decode(rows: &[Rows]) -> Result<Zones, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| (row.person, of_name(Some(&row.zone)))).collect())
    }
    Query::of(vec![Statement::of(site, sql!("zone/of_people")).text(list(people))], decode)
}

/// Those who were asked about before `before` and have something timed to come, with the name kept of their zone.
#[must_use]
pub fn oldest(site: &SiteId, before: Timestamp, limit: u32) -> Query<BTreeMap<AccountId, String>> {
    fn decode(rows: &[Rows]) -> Result<BTreeMap<AccountId, String>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| (row.person, row.zone)).collect())
    }
    Query::of(vec![Statement::of(site, sql!("zone/oldest")).int(before).int(limit)], decode)
}

/// Remembers the zones of these people, as they were told just now.
#[must_use]
pub fn put<'a>(
    site: &SiteId,
    told: impl IntoIterator<Item = (&'a AccountId, Option<&'a str>)>,
    now: Timestamp,
) -> Statement {
    #[derive(Serialize)]
    struct Told<'a> {
        person: &'a AccountId,
        zone: &'a str,
    }
    let told: Vec<Told<'_>> =
        told.into_iter().map(|(person, zone)| Told { person, zone: zone.unwrap_or_default() }).collect();
    let list = serde_json::to_string(&told).unwrap_or_else(|_| "[]".to_owned());
    Statement::of(site, sql!("zone/put")).text(list).int(now)
}

/// Remembers the zones in profiles that were read for any reason.
#[must_use]
pub fn put_profiles<'a>(site: &SiteId, profiles: impl IntoIterator<Item = &'a Profile>, now: Timestamp) -> Statement {
    put(site, profiles.into_iter().map(|profile| (&profile.account, profile.time_zone.as_deref())), now)
}

/// A JSON array of accounts, for `json_each`.
pub(super) fn list<'a>(people: impl IntoIterator<Item = &'a AccountId>) -> String {
    let people: Vec<&AccountId> = people.into_iter().collect();
    serde_json::to_string(&people).unwrap_or_else(|_| "[]".to_owned())
}
