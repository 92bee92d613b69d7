//! Mails that hold a code, and what becomes of wrong ones. A code is opened only to be put into its mail.

use super::carry::Carried;
use super::errand::Errand;
use super::mail::{reader, send, who_may_lock};
use super::obstacle::Obstacle;
use crate::clock;
use crate::confluence::mention::mentions;
use crate::mail::texts::{self, Confirming};
use crate::secret::seal::{self, Binding};
use crate::store::enrolment::{self, Stage};
use crate::store::invitation;
use crate::store::pending::{self, Kind, State};
use crate::store::queue::Claimed;
use core::time::Duration;
use engine::ids::{AccountId, InvitationId, PageId};
use engine::time::Timestamp;
use engine::token::challenge::{ActChallenge, BulkChallenge, DecisionChallenge, authentic};
use engine::token::guessing::{FINAL_FAILURE, Lock, pause_after};
use engine::wire::status::Decision;
use zeroize::Zeroizing;

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
    let code = open(errand, &enrolment::mail_code_binding(errand.site, person, enrolment), &sealed)?;
    let minutes = minutes(pending.expires_at - pending.created_at);
    let reader = who_may_lock(errand, row, person, reader(errand, person).await?);
    send(errand, &texts::enrolment_code(&reader, &code, minutes), &row.key).await
}

/// Mails the code that confirms a challenge, and says what it confirms. One that was replaced, used or ran out meanwhile is
/// not mailed any more.
///
/// # Errors
/// What stood in the way.
pub async fn sign_code(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    mailed: &str,
) -> Result<Carried, Obstacle> {
    let found = errand.db.ask(pending::by_nonce(errand.site, person, mailed)).await?;
    let alive = |found: &pending::Pending| {
        found.kind == Kind::MailCode && found.state == State::Waiting && clock::now() < found.expires_at
    };
    let Some(found) = found.filter(alive) else { return Ok(Carried::Done) };
    let Some(sealed) = found.code_sealed.as_deref() else { return Ok(Carried::Done) };
    let code = open(errand, &pending::code_binding(errand.site, person, &found.nonce), sealed)?;
    let challenge =
        open(errand, &pending::challenge_binding(errand.site, person, &found.nonce), &found.challenge_sealed)?;
    let about = About::of(errand, &challenge)?;
    // What a page is called is shown to whoever was invited, in their visit; it is not sent through mailboxes.
    let title = match about.page().filter(|_| !person.is_invited()) {
        Some(page) => title(errand, page).await?,
        None => None,
    };
    let reader = who_may_lock(errand, row, person, reader(errand, person).await?);
    let minutes = minutes(found.expires_at - found.created_at);
    let mail = texts::sign_code(&reader, about.confirming(title.as_deref()), &code, found.expires_at, minutes);
    send(errand, &mail, &row.key).await
}

/// Mails the code that opens an invitation. One that was replaced, used or ran out meanwhile is not mailed any more. It says
/// nothing of the page: whoever reads the mail has not shown yet that they are the one who asked for it.
///
/// # Errors
/// What stood in the way.
pub async fn invitation_code(
    errand: &Errand<'_>,
    row: &Claimed,
    person: &AccountId,
    id: &InvitationId,
) -> Result<Carried, Obstacle> {
    let found = errand.db.ask(invitation::of_id(errand.site, id)).await?;
    let alive = |found: &invitation::Invitation| found.person == *person && clock::now() < found.code_expires_at;
    // An older row, or one claimed again, mails the newest code, which is the one that counts.
    let Some(found) = found.filter(alive).filter(|found| !found.code_sealed.is_empty()) else {
        return Ok(Carried::Done);
    };
    let code = open(errand, &invitation::code_binding(errand.site, person, id), &found.code_sealed)?;
    let reader = reader(errand, person).await?;
    send(errand, &texts::invitation_code(&reader, &code, invitation::CODE_LIFE.as_secs() / 60), &row.key).await
}

/// What a challenge is about.
enum About {
    Decision(Box<DecisionChallenge>),
    /// Verdicts on many pages, as a sentence.
    List(String),
    Act(Box<ActChallenge>),
}

impl About {
    fn of(errand: &Errand<'_>, challenge: &str) -> Result<Self, Obstacle> {
        let keys = errand.cx.challenge_keys().map_err(|_| Obstacle::Settings)?;
        if let Ok(decision) = authentic::<DecisionChallenge>(&keys, challenge) {
            return Ok(Self::Decision(Box::new(decision)));
        }
        if let Ok(list) = authentic::<BulkChallenge>(&keys, challenge) {
            return Ok(Self::List(list.sentence()));
        }
        // None of them: the key it was made with is gone.
        authentic::<ActChallenge>(&keys, challenge).map(|act| Self::Act(Box::new(act))).map_err(|_| Obstacle::Settings)
    }

    fn page(&self) -> Option<&PageId> {
        match self {
            Self::Decision(decision) => Some(&decision.page),
            Self::List(_) => None,
            Self::Act(act) => act.page.as_ref().map(|on| &on.page),
        }
    }

    fn confirming<'a>(&'a self, title: Option<&'a str>) -> Confirming<'a> {
        match self {
            Self::Decision(decision) => Confirming::Verdict {
                approve: decision.decision == Decision::Approve,
                version: decision.version.0,
                title,
                meaning: &decision.meaning,
            },
            Self::List(sentence) => Confirming::Act { sentence, title },
            Self::Act(act) => Confirming::Act { sentence: act.act.sentence(), title },
        }
    }
}

/// A title is a help, no more: a code is waited for, and goes out without one.
async fn title(errand: &Errand<'_>, page: &PageId) -> Result<Option<String>, Obstacle> {
    let app = errand.app().await?;
    errand.called(1);
    let found = mentions(&app, [page]).await.ok();
    Ok(found.and_then(|mut found| found.remove(page)).map(|mention| mention.title))
}

fn open(errand: &Errand<'_>, binding: &Binding<'_>, sealed: &str) -> Result<Zeroizing<String>, Obstacle> {
    let keyring = errand.cx.keyring().map_err(|_| Obstacle::Settings)?;
    let plain = seal::open(keyring, binding, sealed).map_err(|_| Obstacle::Settings)?;
    let text = core::str::from_utf8(&plain).map_err(|_| Obstacle::Settings)?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn minutes(life: Duration) -> u64 {
    life.as_secs().div_ceil(60)
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
    let reader = who_may_lock(errand, row, person, reader(errand, person).await?);
    send(errand, &texts::locked_owner(&reader, failures, lock(failures, row.created_at)), &row.key).await
}

/// The lock that so many wrong codes led to, at the time it was noted.
pub(super) fn lock(failures: u32, noted_at: Timestamp) -> Lock {
    if failures >= FINAL_FAILURE { Lock::UntilUnlocked } else { Lock::Until { at: noted_at + pause_after(failures) } }
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
