//! Who is away, and who decides for them: at most one absence a person, ahead or under way.

use super::commit::Commit;
use super::d1::Query;
use super::sql;
use super::statement::Statement;
use engine::audit::canonical::NotCanonical;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::AbsenceEvent;
use engine::ids::{AccountId, Seq, SiteId, StreamId};
use engine::time::Timestamp;
use serde::Deserialize;

/// Absent people one person stands in for at most; the rest of them have to find somebody else.
const MOST_STOOD_IN_FOR: u32 = 10;

/// Somebody is away.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Absent {
    /// Who.
    pub person: AccountId,
    /// Who decides for them.
    pub stand_in: AccountId,
    /// From when.
    pub from_at: Timestamp,
    /// Until when, not included.
    pub until_at: Timestamp,
}

/// A person's absence, under way or ahead.
#[must_use]
pub fn of_person(site: &SiteId, person: &AccountId, now: Timestamp) -> Query<Option<Absent>> {
    Query::first(Statement::of(site, sql!("absence/of_person")).text(person).int(now))
}

/// People who are away now and named `person`.
#[must_use]
pub fn stands_in(site: &SiteId, person: &AccountId, now: Timestamp) -> Query<Vec<Absent>> {
    Query::all(Statement::of(site, sql!("absence/stands_in")).text(person).int(now).int(MOST_STOOD_IN_FOR))
}

/// Adds to `commit`: the person's stream still ends at `head`; the entry; the row that follows from it.
///
/// # Errors
/// [`NotCanonical`]: a fault of ours.
pub fn record(
    commit: Commit,
    site: &SiteId,
    person: &AccountId,
    head: Seq,
    at: Timestamp,
    event: &AbsenceEvent,
) -> Result<Commit, NotCanonical> {
    let stream = StreamId::absence(person);
    let (site, actor) = (site.clone(), Actor::person(person));
    let sealed = Entry { v: ENCODING, site: site.clone(), stream: stream.clone(), at, actor, event }.seal()?;
    let row = match event {
        AbsenceEvent::AbsenceSet { stand_in, from, until } => {
            Statement::of(&site, sql!("absence/put")).text(person).text(stand_in).int(*from).int(*until)
        }
        AbsenceEvent::AbsenceEnded => Statement::of(&site, sql!("absence/end")).text(person),
    };
    Ok(commit.require_head(&stream, head).append(&sealed, head.next()).raw(row))
}
