//! How a mail is sent. Addresses, names and time zones are asked of Confluence when it is, and kept nowhere; those of people
//! without an account, of whom Confluence knows nothing, are opened from where they are sealed.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::confluence::user::{self, Profile};
use crate::hosted::not_me;
use crate::http::EdgeError;
use crate::mail::{Mail, Reader};
use crate::secret::invited::Kept;
use crate::store::queue::Claimed;
use crate::store::{self, zone};
use engine::ids::AccountId;
use engine::page::view::ERASED;
use std::collections::BTreeMap;

/// Names of people, asked together.
pub(super) struct People(BTreeMap<AccountId, Profile>);

impl People {
    /// Asks Confluence about all of them at once.
    pub(super) async fn ask<'a>(
        errand: &Errand<'_>,
        people: impl IntoIterator<Item = &'a AccountId>,
    ) -> Result<Self, Obstacle> {
        let mut asked: Vec<AccountId> = people.into_iter().cloned().collect();
        asked.sort_unstable();
        asked.dedup();
        if asked.iter().all(AccountId::is_invited) {
            return Ok(Self(BTreeMap::new()));
        }
        errand.called(1);
        Ok(Self(user::profiles(&errand.app().await?, &asked).await?))
    }

    /// The name to show; the account id where there is none.
    pub(super) fn name(&self, account: &AccountId) -> String {
        self.0.get(account).map_or_else(|| account.as_str().to_owned(), |profile| profile.name.clone())
    }

    /// Somebody who is to be mailed.
    pub(super) async fn reader(&self, errand: &Errand<'_>, to: &AccountId) -> Result<Reader, Obstacle> {
        if to.is_invited() {
            return invited(errand, to).await?.ok_or(Obstacle::NoAddress);
        }
        errand.called(1);
        let address = user::email(&errand.app().await?, to).await?.ok_or(Obstacle::NoAddress)?;
        let zone = zone::of_name(self.0.get(to).and_then(|profile| profile.time_zone.as_deref()));
        Ok(Reader { to: address, name: self.name(to), zone, not_me: None })
    }
}

/// Somebody who is to be mailed about nobody else.
pub(super) async fn reader(errand: &Errand<'_>, to: &AccountId) -> Result<Reader, Obstacle> {
    People::ask(errand, [to]).await?.reader(errand, to).await
}

/// The same, with an address at which they lock what they confirm with: for mails about that. The mail is the same whenever it
/// is tried again. Without such an address it goes out all the same.
pub(super) fn who_may_lock(errand: &Errand<'_>, row: &Claimed, to: &AccountId, reader: Reader) -> Reader {
    let link = not_me::link(errand.cx, errand.site, to, &row.key, row.created_at);
    if let Err(fault) = &link {
        fault.log("outbox");
    }
    Reader { not_me: link.ok(), ..reader }
}

/// Somebody without an account who is to be mailed; [`None`] if they were erased.
pub(super) async fn invited(errand: &Errand<'_>, to: &AccountId) -> Result<Option<Reader>, Obstacle> {
    let Some(found) = errand.db.ask(store::invited::of_account(errand.site, to)).await? else { return Ok(None) };
    if found.erased_at.is_some() {
        return Ok(None);
    }
    let settings = |fault: EdgeError| {
        fault.log("outbox");
        Obstacle::Settings
    };
    let keyring = errand.cx.keyring().map_err(settings)?;
    let kept = Kept::open(keyring, errand.site, &found.id, &found.address_sealed);
    let kept = kept.map_err(|fault| settings(fault.into()))?;
    let name = found.name.unwrap_or_else(|| ERASED.to_owned());
    Ok(Some(Reader { to: kept.address().to_owned(), name, zone: zone::of_name(None), not_me: None }))
}

/// Hands a mail to the provider. `key` is the same each time the same mail is tried.
pub(super) async fn send(errand: &Errand<'_>, mail: &Mail, key: &str) -> Result<Carried, Obstacle> {
    let mailer = errand.cx.mail().map_err(|fault| {
        fault.log("outbox");
        Obstacle::Settings
    })?;
    errand.called(1);
    mailer.send(mail, key).await?;
    Ok(Carried::Done)
}
