//! The mail address of whoever is asked for something, with an account or without one.

use super::app;
use crate::confluence::user;
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::secret::invited::Kept;
use crate::store::d1::Db;
use crate::store::invited;
use engine::ids::{AccountId, SiteId};

/// Asks Confluence for it; of whoever was invited without an account it is kept here, sealed. [`None`]: there is none, or no
/// longer.
///
/// # Errors
/// If Confluence or the journal can't be asked, or what is kept does not open.
pub(crate) async fn of(cx: &Cx, db: &Db, site: &SiteId, person: &AccountId) -> Result<Option<String>, EdgeError> {
    let Some(id) = person.invited_id() else {
        return Ok(user::email(&app::client_for(cx, db, site).await?, person).await?);
    };
    let found = db.ask(invited::of_account(site, person)).await?;
    let Some(found) = found.filter(|found| !found.address_sealed.is_empty()) else { return Ok(None) };
    Ok(Some(Kept::open(cx.keyring()?, site, id, &found.address_sealed)?.address().to_owned()))
}
