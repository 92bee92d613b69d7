//! Confluence as the app, remembered for a minute.

use crate::confluence::{Actor, Client, ConfluenceError};
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::store::app;
use crate::store::d1::Db;
use crate::store::installation::{self, Installation};
use core::time::Duration;
use engine::ids::SiteId;
use engine::time::Timestamp;
use std::cell::RefCell;
use std::collections::HashMap;

/// How long an opened token is kept in memory. It saves a round trip where Confluence must be asked before the journal.
const KEPT: Duration = Duration::from_secs(60);
const MOST_KEPT: usize = 500;

thread_local! {
    static CLIENTS: RefCell<HashMap<SiteId, (Client, Timestamp)>> = RefCell::default();
}

/// Confluence as the app, from the installation as loaded.
///
/// # Errors
/// `confluence-unavailable` if the site has no token that is still good: Confluence brings one at least each hour.
pub(super) fn client(cx: &Cx, site: &SiteId, installation: Option<&Installation>) -> Result<Client, EdgeError> {
    let missing = || EdgeError::from(ConfluenceError::NoToken(Actor::App));
    let installation = installation.ok_or_else(missing)?;
    let client = app::client(&cx.config, cx.keyring()?, site, installation, cx.now)?.ok_or_else(missing)?;
    let until = installation.token_exp.map_or(cx.now, |until| until.min(cx.now + KEPT));
    CLIENTS.with_borrow_mut(|clients| {
        if clients.len() >= MOST_KEPT {
            clients.clear();
        }
        clients.insert(site.clone(), (client.clone(), until));
    });
    Ok(client)
}

/// Confluence as the app, from memory where it was asked for a moment ago, else after one read of the installation.
///
/// # Errors
/// As [`client`].
pub(crate) async fn client_for(cx: &Cx, db: &Db, site: &SiteId) -> Result<Client, EdgeError> {
    let kept = CLIENTS.with_borrow(|clients| {
        clients.get(site).filter(|(_, until)| cx.now < *until).map(|(client, _)| client.clone())
    });
    match kept {
        Some(kept) => Ok(kept),
        None => client(cx, site, db.ask(installation::of_site(site)).await?.as_ref()),
    }
}

/// Nothing kept in memory is used any more: the platform brought another token.
pub(super) fn forget(site: &SiteId) {
    CLIENTS.with_borrow_mut(|clients| clients.remove(site));
}
