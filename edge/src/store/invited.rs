//! People without an account who were invited: by what they are found, what is kept of them, and what is left once they were
//! erased.

use super::d1::{Query, flag};
use super::guess;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, InvitationId, PageId, SiteId, TextId};
use engine::time::Timestamp;
use engine::token::guessing::{Guesses, Lock};
use serde::Deserialize;

/// Somebody who was invited.
#[derive(Clone, Deserialize)]
pub struct Invited {
    /// What stands behind `invited:`.
    pub id: String,
    /// The address, sealed; empty once they were erased.
    pub address_sealed: String,
    /// Their name as it was written last; [`None`] once it was erased.
    pub name: Option<String>,
    /// When they were invited last.
    pub invited_at: Timestamp,
    /// When they were erased.
    pub erased_at: Option<Timestamp>,
}

/// The site's key for looking addresses up.
#[derive(Clone, Deserialize)]
pub struct Key {
    /// It, sealed.
    pub key_sealed: String,
}

/// The site's key for looking addresses up, if there is one yet.
#[must_use]
pub fn key(site: &SiteId) -> Query<Option<Key>> {
    Query::first(Statement::of(site, sql!("invited/key")))
}

/// Keeps a key, unless there is one.
#[must_use]
pub fn put_key(site: &SiteId, sealed: &str) -> Statement {
    Statement::of(site, sql!("invited/put_key")).text(sealed)
}

/// Whoever has this address.
#[must_use]
pub fn by_lookup(site: &SiteId, lookup: &str) -> Query<Option<Invited>> {
    Query::first(Statement::of(site, sql!("invited/by_lookup")).text(lookup))
}

/// The person of this account id; there is none for an account of Confluence's.
#[must_use]
pub fn of_account(site: &SiteId, account: &AccountId) -> Query<Option<Invited>> {
    Query::first(Statement::of(site, sql!("invited/get")).text(account.invited_id().unwrap_or_default()))
}

/// Somebody about to be invited.
#[derive(Clone)]
pub struct Putting {
    /// What stands behind `invited:`.
    pub id: String,
    /// By what the address is found.
    pub lookup: String,
    /// The address, sealed.
    pub address_sealed: String,
    /// The row of their name.
    pub name: TextId,
}

/// Keeps them, in the batch that invites them. It fails, as a race that was lost, where somebody else was faster to keep the
/// same address under another id, or erased them meanwhile.
#[must_use]
pub fn put(site: &SiteId, person: &Putting, now: Timestamp) -> [Statement; 2] {
    let put = Statement::of(site, sql!("invited/put"))
        .text(&person.id)
        .text(&person.lookup)
        .text(&person.address_sealed)
        .text(&person.name)
        .int(now);
    [put, Statement::of(site, sql!("invited/require")).text(&person.id).text(&person.lookup)]
}

/// One line of the admins' list.
#[derive(Clone, Deserialize)]
pub struct Line {
    /// As [`Invited::id`].
    pub id: String,
    /// As [`Invited::address_sealed`].
    pub address_sealed: String,
    /// As [`Invited::name`].
    pub name: Option<String>,
    /// As [`Invited::invited_at`].
    pub invited_at: Timestamp,
    /// As [`Invited::erased_at`].
    pub erased_at: Option<Timestamp>,
    /// How often they were invited.
    pub invitations: u32,
    /// How many of these wait.
    pub open: u32,
    /// Whether they have a factor.
    #[serde(deserialize_with = "flag")]
    pub factor: bool,
    #[serde(flatten)]
    guesses: guess::Row,
}

impl Line {
    /// Why codes of theirs are not taken now.
    #[must_use]
    pub fn lock(&self, now: Timestamp) -> Option<Lock> {
        Guesses::from(self.guesses).lock(now)
    }
}

/// People, those invited last first, after the one given.
#[must_use]
pub fn list(site: &SiteId, after: Option<&AccountId>, limit: u32) -> Query<Vec<Line>> {
    let after = after.and_then(AccountId::invited_id).unwrap_or_default();
    Query::all(Statement::of(site, sql!("invited/list")).text(after).int(limit))
}

/// An invitation that waits.
#[derive(Clone, Deserialize)]
pub struct Waiting {
    /// Which.
    pub id: InvitationId,
    /// To which page.
    pub page: PageId,
}

/// Invitations of theirs that wait.
#[must_use]
pub fn waiting(site: &SiteId, account: &AccountId) -> Query<Vec<Waiting>> {
    Query::all(Statement::of(site, sql!("invited/waiting")).text(account))
}

/// A page they were ever invited to.
#[derive(Clone, Deserialize)]
pub struct OnPage {
    /// Which.
    pub page: PageId,
}

/// Pages they were ever invited to: their name may be shown there.
#[must_use]
pub fn pages(site: &SiteId, account: &AccountId) -> Query<Vec<OnPage>> {
    Query::all(Statement::of(site, sql!("invited/pages")).text(account))
}

/// Address and names are gone, and no way in is left.
#[must_use]
pub fn erase(site: &SiteId, account: &AccountId, now: Timestamp) -> Vec<Statement> {
    let id = account.invited_id().unwrap_or_default();
    vec![
        Statement::of(site, sql!("invited/erase_names")).text(account).text(id).int(now),
        Statement::of(site, sql!("invited/erase")).text(id).int(now),
        Statement::of(site, sql!("invited/end_visits")).text(account),
        Statement::of(site, sql!("invited/end_factors")).text(account).int(now),
    ]
}
