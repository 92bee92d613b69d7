//! Sessions that are good for one list of pages, for nothing else: begun by what confirmed the list. They end as any other
//! session does ([`super::session::end_all`]), and a list is opened once.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, FactorId, SessionId, SiteId};
use engine::page::event::{FactorUse, Opened};
use engine::time::Timestamp;
use engine::token::policy::FactorKind;
use serde::Deserialize;

/// What opened a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListSession {
    /// Its id.
    pub id: SessionId,
    /// The factor that was used.
    pub factor: FactorId,
    /// Of which kind that is.
    pub kind: FactorKind,
    /// What was used up with it.
    pub step: u64,
    /// When.
    pub began_at: Timestamp,
}

impl ListSession {
    /// As it is recorded with each page.
    #[must_use]
    pub fn opened(self) -> Opened {
        Opened {
            session: self.id,
            factor: FactorUse { factor: self.factor, kind: self.kind, step: self.step },
            at: self.began_at,
        }
    }
}

/// What opened the list of this nonce, unless it was ended.
#[must_use]
pub fn of_list(site: &SiteId, person: &AccountId, nonce: &str, now: Timestamp) -> Query<Option<ListSession>> {
    Query::first(Statement::of(site, sql!("list_session/of_list")).text(person).text(nonce).int(now))
}

/// Opens the list of this nonce until then.
#[must_use]
pub fn begin(site: &SiteId, person: &AccountId, opened: &Opened, nonce: &str, until: Timestamp) -> Statement {
    Statement::of(site, sql!("list_session/begin"))
        .text(person)
        .text(&opened.session)
        .text(&opened.factor.factor)
        .text(opened.factor.kind.as_str())
        .int(opened.factor.step)
        .int(opened.at)
        .int(until)
        .text(nonce)
}
