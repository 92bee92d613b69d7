//! Notices about factors: to whom they belong, and to the admins.

use super::carry::Carried;
use super::code_mail::lock;
use super::errand::Errand;
use super::mail::{People, send, who_may_lock};
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::user;
use crate::mail::account_texts as accounts;
use crate::mail::factor_texts::{self as texts, Named};
use crate::mail::texts::locked_admin;
use crate::store::notice::{self, Standing};
use crate::store::queue::Claimed;
use crate::store::{installation, text};
use engine::effect::{AdminNotice, Effect, OwnerNotice};
use engine::ids::{AccountId, FactorId, TextId};
use engine::time::Timestamp;

/// Admins told of one thing.
const MOST_ADMINS: u32 = 20;

/// Tells a person something about their own factors.
///
/// # Errors
/// What stood in the way.
pub async fn owner(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    notice: &OwnerNotice,
) -> Result<Carried, Obstacle> {
    let at = row.created_at;
    // Said only if it still holds.
    let standing = match notice {
        OwnerNotice::FactorExpiresSoon { factor, until } | OwnerNotice::FactorExpired { factor, until } => {
            match unrenewed(errand, person, factor, *until).await? {
                None => return Ok(Carried::Done),
                standing => standing,
            }
        }
        _ => None,
    };
    let people = People::ask(errand, core::iter::once(person).chain(admin_of(notice))).await?;
    let reader = match people.reader(errand, person).await {
        // Whoever left needs no warning, and there is nothing for admins to mend.
        Err(Obstacle::NoAddress) if standing.is_some() => return Ok(Carried::Done),
        reader => &who_may_lock(errand, row, person, reader?),
    };
    let label = match name_of(notice) {
        Some(name) => called(errand, name).await?,
        None => None,
    };
    let named = |kind| Named { kind, name: label.as_deref() };
    let stood = standing.as_ref().map(|standing| Named { kind: standing.kind, name: standing.name.as_deref() });
    let mail = match notice {
        OwnerNotice::FactorEnrolled { factor_kind, .. } => texts::enrolled(reader, named(*factor_kind), at),
        OwnerNotice::FactorRenewed { factor_kind, until, .. } => texts::renewed(reader, named(*factor_kind), *until),
        OwnerNotice::FactorRemoved { factor_kind, by, .. } => {
            let by = by.as_ref().map(|by| people.name(by));
            texts::removed(reader, named(*factor_kind), by.as_deref(), at)
        }
        OwnerNotice::FactorExpirySet { factor_kind, by, until, .. } => {
            texts::expiry_set(reader, named(*factor_kind), &people.name(by), *until)
        }
        OwnerNotice::FactorExpiresSoon { until, .. } => match stood {
            // Too late to warn: that it has expired is told by another notice.
            Some(stood) if clock::now() < *until => texts::expires_soon(reader, stood, *until),
            _ => return Ok(Carried::Done),
        },
        OwnerNotice::FactorExpired { until, .. } => match stood {
            Some(stood) => texts::expired(reader, stood, *until),
            None => return Ok(Carried::Done),
        },
        OwnerNotice::RecoveryCodesMade { count } => texts::recovery_codes_made(reader, *count, at),
        OwnerNotice::RecoveryCodeUsed { left } => texts::recovery_code_used(reader, *left, at),
        OwnerNotice::NotMe => accounts::not_me_owner(reader, at),
        OwnerNotice::Unlocked { by } => accounts::unlocked(reader, &people.name(by), at),
        OwnerNotice::Operator { act, reason } => {
            accounts::operator_owner(reader, *act, self::called(errand, reason).await?.as_deref(), at)
        }
        OwnerNotice::EnrolmentReminder { by } => {
            let by = by.as_ref().map(|by| people.name(by));
            accounts::enrolment_reminder(reader, by.as_deref())
        }
    };
    send(errand, &mail, &row.key).await
}

/// The admin a notice names.
fn admin_of(notice: &OwnerNotice) -> Option<&AccountId> {
    match notice {
        OwnerNotice::FactorRemoved { by, .. } | OwnerNotice::EnrolmentReminder { by } => by.as_ref(),
        OwnerNotice::FactorExpirySet { by, .. } | OwnerNotice::Unlocked { by } => Some(by),
        _ => None,
    }
}

/// The factor's name in the texts.
fn name_of(notice: &OwnerNotice) -> Option<&TextId> {
    match notice {
        OwnerNotice::FactorEnrolled { name, .. }
        | OwnerNotice::FactorRenewed { name, .. }
        | OwnerNotice::FactorRemoved { name, .. }
        | OwnerNotice::FactorExpirySet { name, .. } => name.as_ref(),
        _ => None,
    }
}

/// What people typed, unless it was erased.
pub(super) async fn called(errand: &Errand<'_>, name: &TextId) -> Result<Option<String>, Obstacle> {
    Ok(errand.db.ask(text::of_ids(errand.site, core::slice::from_ref(name))).await?.remove(name))
}

/// The factor, if it still ends when the notice says.
async fn unrenewed(
    errand: &Errand<'_>,
    person: &AccountId,
    factor: &FactorId,
    until: Timestamp,
) -> Result<Option<Standing>, Obstacle> {
    let found = errand.db.ask(notice::standing(errand.site, person, factor)).await?;
    Ok(found.filter(|found| found.expires_at == Some(until)))
}

/// A mail of its own for each admin: whoever installed the app, and those seen last, without those who left.
///
/// # Errors
/// What stood in the way.
pub async fn admins(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    notice: &AdminNotice,
) -> Result<Carried, Obstacle> {
    let at = row.created_at;
    let one = |admin| Effect::MailAdmin { admin, person: person.clone(), notice: notice.clone(), at };
    Ok(Carried::Instead(known_admins(errand).await?.into_iter().map(one).collect()))
}

/// The admins who can be told of something.
///
/// # Errors
/// [`Obstacle::NoAdmin`] if nobody is left.
pub(super) async fn known_admins(errand: &Errand<'_>) -> Result<Vec<AccountId>, Obstacle> {
    let mut admins = errand.db.ask(installation::admins(errand.site, clock::now(), MOST_ADMINS)).await?;
    if !admins.is_empty() {
        errand.called(1);
        let departed = user::departed(&errand.app().await?, &admins).await?;
        admins.retain(|admin| !departed.contains(admin));
    }
    if admins.is_empty() { Err(Obstacle::NoAdmin) } else { Ok(admins) }
}

/// Tells one admin something about a person.
///
/// # Errors
/// What stood in the way.
pub async fn admin(
    errand: &Errand<'_>,
    row: &Claimed,
    admin: &AccountId,
    person: &AccountId,
    notice: &AdminNotice,
    at: Timestamp,
) -> Result<Carried, Obstacle> {
    let people = People::ask(errand, [admin, person]).await?;
    let reader = people.reader(errand, admin).await?;
    let name = people.name(person);
    let mail = match notice {
        AdminNotice::Locked { failures } => locked_admin(&reader, &name, *failures, lock(*failures, at)),
        AdminNotice::NotMe => accounts::not_me_admin(&reader, &name, at),
        AdminNotice::Operator { act, reason } => {
            accounts::operator_admin(&reader, &name, *act, called(errand, reason).await?.as_deref(), at)
        }
    };
    send(errand, &mail, &row.key).await
}
