//! Step-up sessions: for a while after a confirmation another one is not asked for. A row only says that somebody confirmed
//! something then, and by which factor; what that is still good for is decided by the policy in force when it is used.

use super::d1::{Query, flag};
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, FactorId, SessionId, SiteId};
use engine::time::Timestamp;
use engine::token::policy::FactorKind;
use serde::Deserialize;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// By which factor it was begun.
    pub factor: FactorId,
    /// Of which kind that was.
    pub kind: FactorKind,
    /// When.
    pub began_at: Timestamp,
    /// When it ends at the latest.
    pub until_at: Timestamp,
    /// Whether the person named themselves then.
    #[serde(deserialize_with = "flag")]
    pub identified: bool,
}

/// A person's sessions that were not ended and may still count, the newest first.
#[must_use]
pub fn alive(site: &SiteId, person: &AccountId, now: Timestamp) -> Query<Vec<Session>> {
    Query::all(Statement::of(site, sql!("session/alive")).text(person).int(now))
}

/// Begins one.
#[must_use]
pub fn begin(site: &SiteId, person: &AccountId, session: &Session) -> Statement {
    Statement::of(site, sql!("session/begin"))
        .text(person)
        .text(&session.id)
        .text(&session.factor)
        .text(session.kind.as_str())
        .int(session.began_at)
        .int(session.until_at)
        .int(u64::from(session.identified))
}

/// Ends all of a person's sessions: a lock, a change of their factors, "this wasn't me".
#[must_use]
pub fn end_all(site: &SiteId, person: &AccountId, now: Timestamp) -> Statement {
    Statement::of(site, sql!("session/end_all")).text(person).int(now)
}
