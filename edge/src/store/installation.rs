//! The installation: what platform calls tell, and the admins we know of.

use super::d1::{Query, Rows, flag};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use super::{job, queue};
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use serde::Deserialize;

/// An admin not seen for this long is not told of locks any more.
const ADMIN_REMEMBERED_MS: u64 = 180 * 24 * 3600 * 1000;

/// An installation as stored.
#[derive(Clone, Deserialize)]
pub struct Installation {
    /// Its id.
    pub installation: String,
    /// The Confluence site.
    pub cloud_id: String,
    /// The app's token, sealed.
    pub app_token_sealed: Option<String>,
    /// Until when it is good.
    pub token_exp: Option<Timestamp>,
    /// The app's own account, once it was learned.
    pub app_account: Option<AccountId>,
    /// When Confluence last called as the platform.
    pub last_heard_at: Timestamp,
    /// Whether the licence is active.
    #[serde(deserialize_with = "flag")]
    pub licence_active: bool,
    /// Who installed the app, if that was told.
    pub installed_by: Option<AccountId>,
}

impl Installation {
    /// The sealed token, if it is good for a minute more.
    #[must_use]
    pub fn usable_token(&self, now: Timestamp) -> Option<&str> {
        let good = self.token_exp.is_some_and(|until| until.millis() > now.millis().saturating_add(60_000));
        self.app_token_sealed.as_deref().filter(|_| good)
    }
}

/// What a platform call told.
pub struct Heard<'a> {
    /// The installation's id.
    pub installation: &'a str,
    /// The Confluence site.
    pub cloud_id: &'a str,
    /// The app's token, sealed, and until when it is good.
    pub token: Option<(&'a str, Timestamp)>,
    /// Whether the licence is active.
    pub licence_active: bool,
    /// Who installed the app, if this call tells.
    pub installed_by: Option<&'a AccountId>,
}

/// The site's installation.
#[must_use]
pub fn of_site(site: &SiteId) -> Query<Option<Installation>> {
    Query::first(Statement::of(site, sql!("installation/get")))
}

/// Remembers what a platform call told, and wakes what waited for a token if it brought one.
#[must_use]
pub fn heard(site: &SiteId, heard: &Heard<'_>, now: Timestamp) -> Vec<Statement> {
    let mut statements = vec![
        Statement::of(site, sql!("installation/heard"))
            .text(heard.installation)
            .text(heard.cloud_id)
            .opt_text(heard.token.map(|(sealed, _)| sealed))
            .opt_int(heard.token.map(|(_, until)| until))
            .int(now)
            .int(heard.licence_active)
            .opt_text(heard.installed_by),
    ];
    if heard.token.is_some() {
        statements.push(queue::wake(site, now));
        statements.push(job::wake(site, now, queue::NO_TOKEN));
    }
    statements
}

/// Forgets the app's token: Confluence refused this very one (`only`), or the installation is being closed.
#[must_use]
pub fn forget_token(site: &SiteId, only: Option<&str>) -> Statement {
    Statement::of(site, sql!("installation/forget_token")).opt_text(only)
}

/// Remembers the app's own account.
#[must_use]
pub fn set_app_account(site: &SiteId, account: &AccountId) -> Statement {
    Statement::of(site, sql!("installation/app_account")).text(account)
}

/// Remembers a Confluence admin who was checked as such; they are told of locks.
#[must_use]
pub fn admin_seen(site: &SiteId, person: &AccountId, now: Timestamp) -> Statement {
    Statement::of(site, sql!("admin/seen")).text(person).int(now)
}

/// The admins to be told of locks: whoever installed the app, and those seen last.
#[must_use]
pub fn admins(site: &SiteId, now: Timestamp, limit: u32) -> Query<Vec<AccountId>> {
    #[derive(Deserialize)]
    struct Admin {
        person: AccountId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<AccountId>, DbFault> {
        let rows: Vec<Admin> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.person).collect())
    }
    let since = now.millis().saturating_sub(ADMIN_REMEMBERED_MS);
    Query::of(vec![Statement::of(site, sql!("admin/all")).int(since).int(limit)], decode)
}
