//! Lists of rules that put pages under workflows: read from their streams, and written.

use super::commit::Commit;
use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::assignment::{AssignmentEvent, Rules};
use engine::audit::canonical::NotCanonical;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::ids::{Seq, SiteId, SpaceId, StreamId};
use engine::time::Timestamp;
use serde::Deserialize;

/// A list as its newest entry has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Its version, and where its stream ends; 0 if none was set yet.
    pub version: u32,
    /// The rules.
    pub rules: Rules,
    /// Of the site's list: whether space admins may set their own space's.
    pub space_admins: bool,
}

/// The site's list, and the space's where one was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// The site's.
    pub site: List,
    /// The space's.
    pub space: List,
}

/// The lists in force for a space; without one, the site's alone.
#[must_use]
pub fn lists(site: &SiteId, space: Option<&SpaceId>) -> Query<Lists> {
    fn decode(rows: &[Rows]) -> Result<Lists, DbFault> {
        let mut lists = Lists::default();
        for (space, list) in read(rows)? {
            match space {
                None => lists.site = list,
                Some(_) => lists.space = list,
            }
        }
        Ok(lists)
    }
    Query::of(vec![Statement::of(site, sql!("assignment/lists")).text(StreamId::assignment(space))], decode)
}

/// Every list there is, the spaces' in the order of their ids.
#[must_use]
pub fn everywhere(site: &SiteId) -> Query<Vec<(Option<SpaceId>, List)>> {
    Query::of(vec![Statement::of(site, sql!("assignment/everywhere"))], read)
}

fn read(rows: &[Rows]) -> Result<Vec<(Option<SpaceId>, List)>, DbFault> {
    #[derive(Deserialize)]
    struct Row {
        stream: String,
        entry: Option<String>,
    }
    let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
    let one = |row: Row| {
        let entry: Entry<AssignmentEvent> =
            serde_json::from_str(row.entry.as_deref().ok_or(DbFault::Unreadable)?).map_err(|_| DbFault::Unreadable)?;
        let AssignmentEvent::AssignmentsSet { version, rules, space_admins, .. } = entry.event;
        let space = row.stream.strip_prefix("assignment/").filter(|space| *space != "site").map(SpaceId::new);
        Ok((space, List { version, rules, space_admins }))
    };
    rows.into_iter().map(one).collect()
}

/// Adds a new version of a list to `commit`: its stream still ends at the version before; the entry.
///
/// # Errors
/// [`NotCanonical`] if a rule holds what has no canonical form.
pub fn set(
    commit: Commit,
    site: &SiteId,
    space: Option<&SpaceId>,
    list: &List,
    actor: &Actor,
    at: Timestamp,
) -> Result<Commit, NotCanonical> {
    let stream = StreamId::assignment(space);
    let event = AssignmentEvent::AssignmentsSet {
        version: list.version,
        space: space.cloned(),
        rules: list.rules.clone(),
        space_admins: list.space_admins,
    };
    let seq = Seq(u64::from(list.version));
    let entry = Entry { v: ENCODING, site: site.clone(), stream: stream.clone(), at, actor: actor.clone(), event };
    let sealed = entry.seal()?;
    Ok(commit.require_head(&stream, Seq(seq.0.saturating_sub(1))).append(&sealed, seq))
}
