//! Mails. Addresses are asked of Confluence when a mail is sent, and kept nowhere.

use super::carry::Carried;
use super::errand::Errand;
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::{Client, user};
use crate::mail::{Mail, texts};
use crate::secret::seal;
use crate::store::enrolment::{self, Stage};
use crate::store::installation;
use crate::store::queue::Claimed;
use engine::ids::AccountId;
use engine::time::Timestamp;
use engine::token::guessing::{FINAL_FAILURE, Lock, pause_after};

/// Admins told of one lock.
const MOST_ADMINS: u32 = 5;

/// Mails the pending enrolment's code. One that was replaced, entered or ran out meanwhile is not mailed any more.
///
/// # Errors
/// What stood in the way.
pub async fn enrolment_code(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    enrolment: &str,
) -> Result<Carried, Obstacle> {
    let pending = errand.db.ask(enrolment::of_person(errand.site, person)).await?;
    let pending = pending.filter(|pending| {
        pending.id == enrolment && pending.stage == Stage::Mailed && clock::now() < pending.expires_at
    });
    let Some((pending, sealed)) = pending.and_then(|pending| {
        let sealed = pending.mail_code_sealed.clone()?;
        Some((pending, sealed))
    }) else {
        return Ok(Carried::Done);
    };
    let keyring = errand.cx.keyring().map_err(|_| Obstacle::Settings)?;
    let binding = enrolment::mail_code_binding(errand.site, person, enrolment);
    let code = seal::open(keyring, &binding, &sealed).map_err(|_| Obstacle::Settings)?;
    let code = core::str::from_utf8(&code).map_err(|_| Obstacle::Settings)?;
    let minutes = (pending.expires_at - pending.created_at).as_secs().div_ceil(60);
    let (to, name) = addressee(errand, &errand.app().await?, person).await?;
    send(errand, &texts::enrolment_code(&to, &name, code, minutes), &row.key).await
}

/// Tells the owner of a new authenticator.
///
/// # Errors
/// What stood in the way.
pub async fn enrolled(errand: &Errand<'_>, row: &Claimed, person: &AccountId) -> Result<Carried, Obstacle> {
    let (to, name) = addressee(errand, &errand.app().await?, person).await?;
    send(errand, &texts::authenticator_set_up(&to, &name, row.created_at), &row.key).await
}

/// Tells the owner of a lock.
///
/// # Errors
/// What stood in the way.
pub async fn locked(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    failures: u32,
) -> Result<Carried, Obstacle> {
    let (to, name) = addressee(errand, &errand.app().await?, person).await?;
    send(errand, &texts::locked_owner(&to, &name, failures, lock(failures, row.created_at)), &row.key).await
}

/// Tells the admins of a lock: whoever installed the app, and those last seen in the settings.
///
/// # Errors
/// What stood in the way.
pub async fn locked_admins(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    failures: u32,
) -> Result<Carried, Obstacle> {
    let app = errand.app().await?;
    let admins = errand.db.ask(installation::admins(errand.site, clock::now(), MOST_ADMINS)).await?;
    let mut asked = admins.clone();
    asked.push(person.clone());
    errand.called(1);
    let profiles = user::profiles(&app, &asked).await?;
    let name = |account: &AccountId| {
        profiles.get(account).map_or_else(|| account.as_str().to_owned(), |profile| profile.name.clone())
    };
    let mut reached = false;
    for admin in &admins {
        errand.called(1);
        // An admin who left has no address; that must not keep the others from being told.
        let Some(to) = user::email(&app, admin).await? else { continue };
        let mail = texts::locked_admin(&to, &name(admin), &name(person), failures, lock(failures, row.created_at));
        send(errand, &mail, &format!("{}/{admin}", row.key)).await?;
        reached = true;
    }
    if reached { Ok(Carried::Done) } else { Err(Obstacle::NoAdmin) }
}

/// The lock that so many wrong codes led to, at the time it was noted.
fn lock(failures: u32, noted_at: Timestamp) -> Lock {
    if failures >= FINAL_FAILURE { Lock::UntilUnlocked } else { Lock::Until { at: noted_at + pause_after(failures) } }
}

async fn addressee(errand: &Errand<'_>, app: &Client, person: &AccountId) -> Result<(String, String), Obstacle> {
    errand.called(2);
    let to = user::email(app, person).await?.ok_or(Obstacle::NoAddress)?;
    let profile = user::profile(app, person).await?;
    Ok((to, profile.map_or_else(|| person.as_str().to_owned(), |profile| profile.name)))
}

pub(super) async fn send(errand: &Errand<'_>, mail: &Mail, key: &str) -> Result<Carried, Obstacle> {
    let api = errand.cx.mail().map_err(|fault| {
        fault.log("outbox");
        Obstacle::Settings
    })?;
    errand.called(1);
    api.send(mail, key).await?;
    Ok(Carried::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_told_is_the_lock_that_was_set() {
        let at = Timestamp(1_000_000);
        assert_eq!(lock(5, at), Lock::Until { at: Timestamp(1_060_000) });
        assert_eq!(lock(7, at), Lock::Until { at: Timestamp(1_240_000) });
        assert_eq!(lock(FINAL_FAILURE, at), Lock::UntilUnlocked);
    }
}
