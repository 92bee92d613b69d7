//! The new factor's first use, and what is written then.

use super::super::attempt::{self, Trying};
use super::super::factors::{Set, named};
use super::super::heal;
use super::super::refusal::locked;
use super::super::site::PolicyHead;
use super::{alive, entry, policy_of, prove, too_late, under_way, unfinished};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::enrolment::{self, Enrolment, Stage};
use crate::store::factor::{self, Factor};
use crate::store::guess::{self, Attempt};
use crate::store::load::{Loaded, Loading, Slot};
use crate::store::{journal, recovery, session};
use engine::audit::fact::{AttemptFault, AttemptPurpose, EnrolmentProof, FactorEvent};
use engine::effect::{Effect, OwnerNotice};
use engine::ids::{FactorId, Seq, StreamId};
use engine::token::guessing::Lock;
use engine::token::life;
use engine::token::policy::FactorKind;
use engine::token::totp::accept;
use engine::wire::enrolment::{ConfirmRequest, ConfirmResponse};

/// What is known when the new factor is about to count.
struct Known {
    factors: Slot<Vec<Factor>>,
    policy: Slot<Option<journal::Row>>,
    left: Slot<recovery::Left>,
    head: Slot<Seq>,
}

impl Known {
    fn ask(loading: &mut Loading, caller: &UiCaller) -> Self {
        let (site, person) = (&caller.site, &caller.person);
        Self {
            factors: loading.add(factor::of_person(site, person)),
            policy: loading.add(PolicyHead::query(site)),
            left: loading.add(recovery::left(site, person)),
            head: loading.add(journal::head_seq(site, &StreamId::factors(person))),
        }
    }
}

/// Rules: (1) an enrolment waits for its first use: a passkey was registered, or (2) six digits are there, (3) counted before
/// compared, (4) a code of the new secret; then the factor counts, and its owner is told.
pub(in super::super) async fn confirm(
    cx: &Cx,
    caller: &UiCaller,
    body: ConfirmRequest,
) -> Result<ConfirmResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let db = Db::new(cx.db()?);
    // (1)
    let pending = under_way(cx, &db, caller, &[Stage::Proved, Stage::Registered]).await?;
    let mut loading = Loading::new();
    if pending.kind != FactorKind::Totp {
        if pending.stage != Stage::Registered {
            return Err(too_late());
        }
        let known = Known::ask(&mut loading, caller);
        let loaded = loading.run(&db).await?;
        let step = pending.step;
        return finish(cx, &db, caller, pending, step, None, (&loaded, &known)).await;
    }
    // (2)
    let code = attempt::code(&body.code)?;
    let secret = prove::secret_of(cx, caller, &pending)?;
    // (3)
    let attempt = loading.add(guess::attempt(site, person, None, cx.now));
    let known = Known::ask(&mut loading, caller);
    let loaded = loading.run(&db).await?;
    let attempt = loaded.get(&attempt)?;
    if !attempt.admitted {
        return Err(locked(attempt.after.lock(cx.now).unwrap_or(Lock::UntilUnlocked)));
    }
    // (4)
    let Ok(step) = accept(&secret, &code, cx.now, None) else {
        let trying = Trying { site, person, purpose: AttemptPurpose::EnrolmentConfirm };
        return Err(attempt::failed(cx, &db, trying, attempt, AttemptFault::Wrong, Some(FactorKind::Totp)).await?);
    };
    finish(cx, &db, caller, pending, step.0, Some(attempt), (&loaded, &known)).await
}

/// Writes it all: the factor, the end of the one whose place it takes, new recovery codes where there are none. What was
/// confirmed before without being asked again is asked for again: factors changed.
async fn finish(
    cx: &Cx,
    db: &Db,
    caller: &UiCaller,
    pending: Enrolment,
    step: u64,
    attempt: Option<Attempt>,
    (loaded, known): (&Loaded, &Known),
) -> Result<ConfirmResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let proved_by = pending.proved_by.ok_or_else(|| EdgeError::internal("an enrolment was never proved"))?;
    let (kind, factor) = (pending.kind, FactorId::new(&pending.id));
    let expires_at = life::end(&policy_of(loaded.get(&known.policy)?.as_ref())?.enrolment, cx.now);
    let (name, head, left) = (named(&pending.name)?, loaded.get(&known.head)?, loaded.get(&known.left)?);
    let replaced = alive(loaded.get(&known.factors)?, cx.now)
        .into_iter()
        .find(|factor| Some(&factor.id) == pending.replaces.as_ref());
    let stream = StreamId::factors(person);
    let is_first = matches!(proved_by, EnrolmentProof::MailCode | EnrolmentProof::WaivedByPolicy);
    let enrolled = FactorEvent::FactorEnrolled {
        factor: factor.clone(),
        factor_kind: kind,
        name: name.as_ref().map(|name| name.reference()),
        expires_at,
        proved_by,
        replaces: replaced.as_ref().map(|factor| factor.id.clone()),
    };
    let new = Factor {
        id: factor.clone(),
        kind,
        secret_sealed: pending.secret_sealed.ok_or_else(|| EdgeError::internal("an enrolment holds no secret"))?,
        last_step: step,
        enrolled_at: cx.now,
        name: name.as_ref().map(|name| name.id.clone()),
        expires_at,
        last_used_at: None,
    };
    let mut commit = Commit::new(site, cx.now);
    if is_first {
        commit = commit.require_no_factor(person);
    }
    commit = commit
        .require_enrolment(person, &pending.id, pending.stage)
        .require_not_held(person)
        .raw(factor::end_over(site, person, cx.now))
        .require_room_for_factor(person, replaced.as_ref().map(|factor| &factor.id))
        .require_head(&stream, head)
        .texts(name.as_ref())
        .append(&entry(cx, caller, &enrolled)?, head.next())
        .raw(factor::put(site, person, &new))
        .raw(enrolment::end(site, person, &pending.id))
        .raw(session::end_all(site, person, cx.now));
    if let Some(attempt) = &attempt {
        commit = commit.raw(guess::take_back(site, person, attempt));
    }
    let tell = |notice| Effect::MailOwner { person: person.clone(), notice };
    let notice = OwnerNotice::FactorEnrolled { factor_kind: kind, name: new.name.clone() };
    commit = commit.effect(&tell(notice), &format!("enrolled/{factor}"));
    if let Some(old) = replaced {
        let notice = OwnerNotice::FactorRemoved { factor_kind: old.kind, name: old.name.clone(), by: None };
        commit = commit
            .raw(factor::end(site, person, &old.id, cx.now))
            .effect(&tell(notice), &format!("removed/{}", old.id));
    }
    let mut recovery_codes = Vec::new();
    if is_first || left.count == 0 {
        let set = Set::make(cx, caller)?;
        commit = set.put(cx, caller, commit, head.next().next(), left)?;
        recovery_codes = set.codes;
    }
    commit.run(db).await.map_err(unfinished)?;
    heal::carry_out(cx, site);
    Ok(ConfirmResponse { factor, enrolled_at: cx.now, expires_at, recovery_codes })
}
