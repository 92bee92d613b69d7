//! An admin releases somebody's lock: with a reason and a code of their own.

use super::attempt::{self, Trying};
use super::refusal::{locked, refused};
use super::settings::require_admin;
use super::site::{self, PolicyHead};
use super::{app, challenge, text};
use crate::confluence::{Freshness, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::consumed::{self, Consumed};
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::{factor, guess, journal};
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{AttemptPurpose, PersonFact};
use engine::ids::{Seq, StreamId};
use engine::page::refusal::Refusal;
use engine::token::challenge::{Nonce, UnlockChallenge, authentic, digest, issue};
use engine::token::guessing::Lock;
use engine::token::policy::Action;
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::settings::{UnlockChallengeRequest, UnlockChallengeResponse, UnlockRequest, UnlockResponse};

/// Rules: (1) a Confluence admin, asked afresh, (2) somebody else is locked, (3) where a token is needed the admin has one.
pub(super) async fn ask(
    cx: &Cx,
    caller: &UiCaller,
    body: UnlockChallengeRequest,
) -> Result<UnlockChallengeResponse, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let site = &caller.site;
    let db = Db::new(cx.db()?);
    site::open(cx, &db, site).await?;
    let mut loading = Loading::new();
    let subject = loading.add(guess::of_person(site, &body.account));
    let policy = loading.add(PolicyHead::query(site));
    let factors = loading.add(factor::of_person(site, &caller.person));
    let own = loading.add(guess::of_person(site, &caller.person));
    let loaded = loading.run(&db).await?;
    // (2)
    not_oneself(caller, &body.account)?;
    if loaded.get(&subject)?.lock(cx.now).is_none() {
        return Err(EdgeError::refuse(ProblemKind::NotFound, "This person is not locked any more. Reload the list."));
    }
    let policy = policy_of(loaded.get(&policy)?.as_ref())?.policy;
    // (3)
    let code_required = policy.asks_for_token(Action::Override);
    if code_required {
        if loaded.get(&factors)?.is_empty() {
            return Err(attempt::no_factor());
        }
        if let Some(lock) = loaded.get(&own)?.lock(cx.now) {
            return Err(locked(lock));
        }
    }
    let record = UnlockChallenge {
        site: site.clone(),
        subject: body.account.clone(),
        policy_version: policy.version,
        account: caller.person.clone(),
        nonce: Nonce::from_random(*random::bytes::<16>()?),
        expires_at: cx.now + cx.challenge_lifetime()?,
    };
    let token =
        issue(&challenge::keys(cx)?, &record).ok_or_else(|| EdgeError::internal("a challenge could not be made"))?;
    let app = app::client_for(cx, &db, site).await?;
    let name =
        user::profile(&app, &body.account).await?.map_or_else(|| body.account.as_str().to_owned(), |one| one.name);
    Ok(UnlockChallengeResponse {
        challenge: token,
        account: body.account,
        name,
        code_required,
        expires_at: record.expires_at,
    })
}

/// Rules as for a decision: (1) an admin, asked afresh, with a reason, (2) the challenge is ours, theirs, for this person
/// and in time, (4) the attempt is counted before (5) the code is compared, (6) one batch with preconditions.
pub(super) async fn unlock(cx: &Cx, caller: &UiCaller, body: UnlockRequest) -> Result<UnlockResponse, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    not_oneself(caller, &body.account)?;
    let reason = text::typed("reason", &body.reason)?.ok_or_else(|| {
        Problem::new(ProblemKind::BadField, "Say why you unlock this person: the reason is kept with the entry.")
            .at("reason")
    })?;
    let reason = text::erasable(reason)?;
    // (2)
    let record: UnlockChallenge = authentic(&challenge::keys(cx)?, &body.challenge).map_err(|_| invalid())?;
    if record.site != caller.site || record.account != caller.person || record.subject != body.account {
        return Err(invalid());
    }
    let db = Db::new(cx.db()?);
    let site = &caller.site;
    let used_by = digest(&body.challenge);
    if cx.now > record.expires_at {
        let used = db.ask(consumed::by_nonce(site, record.nonce.as_str())).await?;
        return repeated(used, caller, &used_by).unwrap_or_else(|| {
            Err(EdgeError::refuse(ProblemKind::ChallengeExpired, "It took too long. Start again; your reason is kept."))
        });
    }
    let code = if body.code.is_empty() { None } else { Some(attempt::code(&body.code)?) };
    // (4)
    let mut loading = Loading::new();
    let used = loading.add(consumed::by_nonce(site, record.nonce.as_str()));
    let attempt =
        code.as_ref().map(|_| loading.add(guess::attempt(site, &caller.person, Some(record.nonce.as_str()), cx.now)));
    let policy = loading.add(PolicyHead::query(site));
    let factors = loading.add(factor::of_person(site, &caller.person));
    let stream = StreamId::person_facts(&record.subject);
    let head = loading.add(journal::head_seq(site, &stream));
    let loaded = loading.run(&db).await?;
    if let Some(answer) = repeated(loaded.get(&used)?, caller, &used_by) {
        return answer;
    }
    let policy = policy_of(loaded.get(&policy)?.as_ref())?;
    // (5)
    let factor = if policy.policy.asks_for_token(Action::Override) {
        let attempt = attempt.map(|attempt| loaded.get(&attempt)).transpose()?;
        let (Some(code), Some(attempt)) = (&code, attempt) else {
            return Err(Problem::new(ProblemKind::BadField, "Enter the six digits your authenticator shows.")
                .at("code")
                .into());
        };
        let trying = Trying { site, person: &caller.person, purpose: AttemptPurpose::Override };
        Some(attempt::compare(cx, &db, trying, attempt, code, &loaded.get(&factors)?).await?)
    } else {
        None
    };
    if !policy.policy.accepts(Action::Override, factor.as_ref().map(|factor| factor.kind))
        || policy.policy.version != record.policy_version
    {
        return Err(refused(&Refusal::ProofMissing));
    }
    // (6)
    let fact = PersonFact::Unlocked {
        by: caller.person.clone(),
        reason: reason.reference(),
        challenge: used_by.clone(),
        factor: factor.as_ref().map(|factor| factor.factor.clone()),
        step: factor.as_ref().map(|factor| factor.step),
    };
    let entry = Entry {
        v: ENCODING,
        site: site.clone(),
        stream: stream.clone(),
        at: cx.now,
        actor: Actor::person(&caller.person),
        event: fact,
    };
    let entry = entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let mut commit = Commit::new(site, cx.now)
        .require_nonce_unused(record.nonce.as_str())
        .require_not_held(&caller.person)
        .require_head(&StreamId::policy(), policy.head);
    if let Some(factor) = &factor {
        commit = commit
            .require_factor(&caller.person, &factor.factor, factor.step)
            .advance_factor(&caller.person, &factor.factor, factor.step)
            .reset_guesses(&caller.person);
    }
    // A plain fact takes its place in SQL; the one noted with the challenge is where it was about to stand.
    let seq: Seq = loaded.get(&head)?.next();
    commit = commit
        .text(&reason)
        .append_fact(&entry)
        .consume(record.nonce.as_str(), &caller.person, &used_by, &stream, seq, record.expires_at)
        .raw(guess::release(site, &record.subject));
    match commit.run(&db).await {
        Ok(()) => Ok(UnlockResponse { at: cx.now }),
        Err(CommitFault::Failed(Precondition::Step)) => {
            let detail = "This code was used already. Wait for the next one, and enter that.";
            Err(Problem::new(ProblemKind::CodeUsed, detail).at("code").into())
        }
        Err(CommitFault::Failed(Precondition::Factor)) => Err(attempt::no_factor()),
        Err(CommitFault::Failed(Precondition::Held)) => Err(locked(Lock::UntilUnlocked)),
        Err(CommitFault::Failed(Precondition::Policy)) => Err(refused(&Refusal::ProofMissing)),
        Err(fault) => {
            // Raced by itself, or an answer lost: the challenge knows.
            let used = db.ask(consumed::by_nonce(site, record.nonce.as_str())).await.unwrap_or_default();
            repeated(used, caller, &used_by).unwrap_or_else(|| Err(fault.into()))
        }
    }
}

/// The answer given before, if the challenge was used.
fn repeated(used: Option<Consumed>, caller: &UiCaller, digest: &str) -> Option<Result<UnlockResponse, EdgeError>> {
    used.map(|used| {
        if used.person == caller.person && used.digest == digest {
            Ok(UnlockResponse { at: used.at })
        } else {
            Err(EdgeError::refuse(ProblemKind::ChallengeUsed, "This confirmation was used already. Start again."))
        }
    })
}

/// A lock that its owner can open is none.
fn not_oneself(caller: &UiCaller, subject: &engine::ids::AccountId) -> Result<(), EdgeError> {
    if caller.person == *subject {
        return Err(EdgeError::refuse(
            ProblemKind::Excluded,
            "You can't unlock yourself. Ask another Confluence admin.",
        ));
    }
    Ok(())
}

fn policy_of(row: Option<&journal::Row>) -> Result<PolicyHead, EdgeError> {
    PolicyHead::read(row)?.ok_or_else(|| EdgeError::internal("an opened site has no policy"))
}

fn invalid() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeInvalid,
        "This confirmation was not made for you and this person. Close it and start again; your reason is kept.",
    )
}
