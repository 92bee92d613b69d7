//! How a mail is sent. Addresses, names and time zones are asked of Confluence when it is, and kept nowhere.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::confluence::user::{self, Profile};
use crate::mail::{Mail, Reader};
use crate::store::zone;
use engine::ids::AccountId;
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
        errand.called(1);
        Ok(Self(user::profiles(&errand.app().await?, &asked).await?))
    }

    /// The name to show; the account id where there is none.
    pub(super) fn name(&self, account: &AccountId) -> String {
        self.0.get(account).map_or_else(|| account.as_str().to_owned(), |profile| profile.name.clone())
    }

    /// Somebody who is to be mailed.
    pub(super) async fn reader(&self, errand: &Errand<'_>, to: &AccountId) -> Result<Reader, Obstacle> {
        errand.called(1);
        let address = user::email(&errand.app().await?, to).await?.ok_or(Obstacle::NoAddress)?;
        let zone = zone::of_name(self.0.get(to).and_then(|profile| profile.time_zone.as_deref()));
        Ok(Reader { to: address, name: self.name(to), zone })
    }
}

/// Somebody who is to be mailed about nobody else.
pub(super) async fn reader(errand: &Errand<'_>, to: &AccountId) -> Result<Reader, Obstacle> {
    People::ask(errand, [to]).await?.reader(errand, to).await
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
