//! What an admin does about somebody else's factors: take them away, set until when they count, release a lock. Each with a
//! reason, confirmed, recorded with the person and told to them.

use super::sensitive::{Change, Permit, Stage};
use super::settings::require_admin;
use super::site::{self, PolicyHead};
use super::{heal, text};
use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::factor::{self, Factor};
use crate::store::load::Loading;
use crate::store::{enrolment, guess, journal, pending, recovery, session};
use engine::audit::commitment::ErasableText;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{FactorEvent, PersonFact};
use engine::effect::{Effect, OwnerNotice};
use engine::ids::{AccountId, FactorId, Seq, StreamId};
use engine::time::Timestamp;
use engine::token::challenge::{Act, digest};
use engine::token::life::Stage as Life;
use engine::token::policy::Policy;
use engine::wire::confirm::Confirmation;
use engine::wire::insights::{Cared, LIFE_DAYS_MAX, LifeRequest, RevokeRequest, UnlockRequest};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::workflows::Answer;
use serde::Serialize;

const DAY_MS: u64 = 24 * 3600 * 1000;

/// An admin, about to care for somebody.
struct Caring<'a> {
    cx: &'a Cx,
    caller: &'a UiCaller,
    db: &'a Db,
    account: &'a AccountId,
    reason: ErasableText,
}

impl<'a> Caring<'a> {
    /// Rules: (1) a Confluence admin, asked afresh, (2) somebody else: what admins may do is no way round what people have to
    /// do for themselves, (3) with a reason.
    async fn begin(
        cx: &'a Cx,
        caller: &'a UiCaller,
        db: &'a Db,
        account: &'a AccountId,
        reason: &str,
    ) -> Result<Self, EdgeError> {
        // (1)
        require_admin(cx, caller, Freshness::Fresh).await?;
        // (2)
        if caller.person == *account {
            return Err(EdgeError::refuse(
                ProblemKind::Excluded,
                "This is for other people. Look after your own factors in “My factors”, or ask another Confluence admin.",
            ));
        }
        // (3)
        let reason = text::typed("reason", reason)?.ok_or_else(|| {
            Problem::new(ProblemKind::BadField, "Say why: the reason is kept with the entry.").at("reason")
        })?;
        site::open(cx, db, &caller.site).await?;
        Ok(Self { cx, caller, db, account, reason: text::erasable(reason)? })
    }

    fn change(&self, act: Act) -> Change<'a> {
        Change { cx: self.cx, caller: self.caller, db: self.db, act }
    }

    fn done(&self) -> Answer<Cared> {
        Answer::Done(Cared { account: self.account.clone() })
    }

    /// Whether it has to be confirmed first, was done before, or may be done.
    async fn permit(
        &self,
        change: &Change<'_>,
        request: &impl Serialize,
        confirm: Option<&Confirmation>,
    ) -> Result<Result<Box<Permit>, Answer<Cared>>, EdgeError> {
        Ok(match change.stage(request, confirm).await? {
            Stage::Ask(confirm) => Err(Answer::Confirm(confirm)),
            Stage::Made(_) => Err(self.done()),
            Stage::Make(permit) => Ok(permit),
        })
    }

    fn commit(&self) -> Commit {
        Commit::new(&self.caller.site, self.cx.now).text(&self.reason)
    }

    /// The person's factors, those that are over left out, and where their stream ends.
    async fn factors(&self) -> Result<(Vec<Factor>, Seq, Option<Policy>), EdgeError> {
        let site = &self.caller.site;
        let mut loading = Loading::new();
        let factors = loading.add(factor::of_person(site, self.account));
        let head = loading.add(journal::head_seq(site, &StreamId::factors(self.account)));
        let policy = loading.add(PolicyHead::query(site));
        let loaded = loading.run(self.db).await?;
        let mut factors = loaded.get(&factors)?;
        factors.retain(|factor| factor.stage(self.cx.now) != Life::Over);
        let policy = PolicyHead::read(loaded.get(&policy)?.as_ref())?.map(|head| head.policy);
        Ok((factors, loaded.get(&head)?, policy))
    }

    /// Writes what happens to some factors: an entry and a mail for each. Whatever else of the person is under way ends:
    /// sessions, confirmations and enrolments that were begun on the strength of what they had.
    async fn make(
        &self,
        change: &Change<'_>,
        permit: &Permit,
        head: Seq,
        happened: Vec<Happened>,
        also: Commit,
    ) -> Result<Answer<Cared>, EdgeError> {
        let (site, now) = (&self.caller.site, self.cx.now);
        let stream = StreamId::factors(self.account);
        let mut commit = also.require_head(&stream, head);
        let mut seq = head;
        let mut effects = Vec::new();
        for Happened { event, notice } in happened {
            seq = seq.next();
            let (v, actor) = (ENCODING, Actor::person(&self.caller.person));
            let entry = Entry { v, site: site.clone(), stream: stream.clone(), at: now, actor, event };
            let entry = entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))?;
            commit = commit.append(&entry, seq);
            effects.push(Effect::MailOwner { person: self.account.clone(), notice });
        }
        commit = commit
            .raw(session::end_all(site, self.account, now))
            .raw(pending::end_all(site, self.account))
            .raw(enrolment::abandon(site, self.account))
            .effects(&effects, &random::id()?);
        change.make(permit, commit, &stream, seq).await?;
        heal::carry_out(self.cx, site);
        Ok(self.done())
    }
}

/// What happens to a factor, and how its owner is told.
struct Happened {
    event: FactorEvent,
    notice: OwnerNotice,
}

/// Takes factors away: one, or all with the recovery codes. The secrets go at once.
pub(super) async fn revoke(cx: &Cx, caller: &UiCaller, body: RevokeRequest) -> Result<Answer<Cared>, EdgeError> {
    let db = Db::new(cx.db()?);
    let caring = Caring::begin(cx, caller, &db, &body.account, &body.reason).await?;
    let change = caring.change(Act::RevokeFactors);
    if change.before(&body, body.confirm.as_ref()).await?.is_some() {
        return Ok(caring.done());
    }
    let (factors, head, _) = caring.factors().await?;
    let chosen = chosen(&factors, body.factor.as_ref())?;
    let permit = match caring.permit(&change, &body, body.confirm.as_ref()).await? {
        Ok(permit) => permit,
        Err(answer) => return Ok(answer),
    };
    let (site, by) = (&caller.site, Some(caller.person.clone()));
    let mut commit = caring.commit().raws(chosen.iter().map(|one| factor::end(site, &body.account, &one.id, cx.now)));
    if body.factor.is_none() {
        commit = commit.raw(recovery::end_all(site, &body.account));
    }
    let happened = chosen.iter().map(|one| Happened {
        event: FactorEvent::FactorRevoked {
            factor: one.id.clone(),
            factor_kind: one.kind,
            reason: caring.reason.reference(),
        },
        notice: OwnerNotice::FactorRemoved { factor_kind: one.kind, name: one.name.clone(), by: by.clone() },
    });
    caring.make(&change, &permit, head, happened.collect(), commit).await
}

/// Sets until when factors count.
pub(super) async fn life(cx: &Cx, caller: &UiCaller, body: LifeRequest) -> Result<Answer<Cared>, EdgeError> {
    let db = Db::new(cx.db()?);
    let caring = Caring::begin(cx, caller, &db, &body.account, &body.reason).await?;
    let change = caring.change(Act::SetFactorLife);
    if change.before(&body, body.confirm.as_ref()).await?.is_some() {
        return Ok(caring.done());
    }
    let (factors, head, policy) = caring.factors().await?;
    let policy = policy.ok_or_else(|| EdgeError::internal("an opened site has no policy"))?;
    allowed(body.until, policy.enrolment.life_days, cx.now)?;
    let chosen = chosen(&factors, body.factor.as_ref())?;
    let permit = match caring.permit(&change, &body, body.confirm.as_ref()).await? {
        Ok(permit) => permit,
        Err(answer) => return Ok(answer),
    };
    let (site, until) = (&caller.site, body.until);
    let commit = caring.commit().raws(chosen.iter().map(|one| factor::set_life(site, &body.account, &one.id, until)));
    let happened = chosen.iter().map(|one| Happened {
        event: FactorEvent::FactorLifeSet {
            factor: one.id.clone(),
            factor_kind: one.kind,
            expires_at: until,
            reason: caring.reason.reference(),
        },
        notice: OwnerNotice::FactorExpirySet {
            factor_kind: one.kind,
            name: one.name.clone(),
            by: caller.person.clone(),
            until,
        },
    });
    caring.make(&change, &permit, head, happened.collect(), commit).await
}

/// Releases a lock, of wrong codes or of "this wasn't me".
pub(super) async fn unlock(cx: &Cx, caller: &UiCaller, body: UnlockRequest) -> Result<Answer<Cared>, EdgeError> {
    let db = Db::new(cx.db()?);
    let caring = Caring::begin(cx, caller, &db, &body.account, &body.reason).await?;
    let change = caring.change(Act::Unlock);
    if change.before(&body, body.confirm.as_ref()).await?.is_some() {
        return Ok(caring.done());
    }
    let (site, stream) = (&caller.site, StreamId::person_facts(&body.account));
    let mut loading = Loading::new();
    let guesses = loading.add(guess::of_person(site, &body.account));
    let head = loading.add(journal::head_seq(site, &stream));
    let loaded = loading.run(&db).await?;
    if loaded.get(&guesses)?.lock(cx.now).is_none() {
        return Err(EdgeError::refuse(ProblemKind::NotFound, "This person is not locked any more. Reload the list."));
    }
    let permit = match caring.permit(&change, &body, body.confirm.as_ref()).await? {
        Ok(permit) => permit,
        Err(answer) => return Ok(answer),
    };
    let by = caller.person.clone();
    let challenge = body.confirm.as_ref().map(|confirm| digest(&confirm.challenge)).unwrap_or_default();
    let event = PersonFact::Unlocked { by: by.clone(), reason: caring.reason.reference(), challenge };
    let (v, actor) = (ENCODING, Actor::person(&by));
    let entry = Entry { v, site: site.clone(), stream: stream.clone(), at: cx.now, actor, event };
    let entry = entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let told = Effect::MailOwner { person: body.account.clone(), notice: OwnerNotice::Unlocked { by } };
    let commit =
        caring.commit().append_fact(&entry).raw(guess::release(site, &body.account)).effect(&told, &random::id()?);
    // A plain fact takes its place in SQL; this is where it was about to stand.
    change.make(&permit, commit, &stream, loaded.get(&head)?.next()).await?;
    heal::carry_out(cx, site);
    Ok(caring.done())
}

/// The factor named, or all there are.
fn chosen(factors: &[Factor], factor: Option<&FactorId>) -> Result<Vec<Factor>, EdgeError> {
    let chosen: Vec<Factor> =
        factors.iter().filter(|one| factor.is_none_or(|factor| one.id == *factor)).cloned().collect();
    if chosen.is_empty() {
        return Err(EdgeError::refuse(
            ProblemKind::NotFound,
            "There is no such factor any more: it was removed or revoked meanwhile. Reload the list.",
        ));
    }
    Ok(chosen)
}

/// Whether a factor may be given this end. Rules: (1) an end lies ahead: to end it now, revoke it, (2) where the policy gives
/// factors an end, so does an admin, and one not too far ahead.
fn allowed(until: Option<Timestamp>, life_days: Option<u32>, now: Timestamp) -> Result<(), EdgeError> {
    let refuse = |detail: String| Err(Problem::new(ProblemKind::BadField, detail).at("until").into());
    match (until, life_days) {
        // (1)
        (Some(until), _) if until <= now => {
            refuse("Choose a day to come. To end it now, revoke it instead.".to_owned())
        }
        // (2)
        (Some(until), Some(days)) => {
            let most = days.max(LIFE_DAYS_MAX);
            if until.millis() > now.millis().saturating_add(u64::from(most).saturating_mul(DAY_MS)) {
                return refuse(format!("Choose a day at most {most} days from now."));
            }
            Ok(())
        }
        (None, Some(days)) => refuse(format!(
            "The step-up policy has factors renewed every {days} days, so one can't be given for good. Choose a day."
        )),
        (_, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_lies_ahead_and_is_there_where_the_policy_wants_one() {
        let now = Timestamp(1_000 * DAY_MS);
        let day = |days: u64| Some(Timestamp(now.0 + days * DAY_MS));
        assert!(allowed(day(1), Some(30), now).is_ok());
        assert!(allowed(day(366), Some(30), now).is_ok());
        assert!(allowed(day(367), Some(30), now).is_err());
        assert!(allowed(day(400), Some(400), now).is_ok());
        assert!(allowed(day(0), Some(30), now).is_err());
        assert!(allowed(day(0), None, now).is_err());
        assert!(allowed(None, Some(30), now).is_err());
        assert!(allowed(None, None, now).is_ok());
        assert!(allowed(day(5000), None, now).is_ok());
    }
}
