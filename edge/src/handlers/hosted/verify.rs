//! Using a passkey on our own page. It signs the challenge the person was shown, token and all.
//!
//! The order, as for every factor: (1) whose visit, and the challenge that waits; (2) the attempt is counted, *then*
//! everything needed is read; (3) the answer is verified; (4) one batch: the challenge still waits, the passkey is in use,
//! its counter has not passed, and from then on the challenge is proved. (5) A verdict is carried out at once, by the very
//! handler that takes codes; anything else waits for the request it confirms, which the person sends from Confluence.
//!
//! What is proved stays proved until the challenge ends: an answer that was lost, Confluence being out of reach, or a
//! closed tab lose nothing.

use super::{caller, shown};
use crate::cx::Cx;
use crate::handlers::attempt::{self, Trying};
use crate::handlers::passkey::{Typed, credential, passkeys};
use crate::handlers::refusal::locked;
use crate::handlers::{challenge, decision};
use crate::hosted::over;
use crate::http::EdgeError;
use crate::secret::seal::{self, Binding};
use crate::store::commit::Commit;
use crate::store::consumed;
use crate::store::d1::Db;
use crate::store::factor::{self, Factor};
use crate::store::fault::{CommitFault, Precondition};
use crate::store::guess::{self, Attempt};
use crate::store::load::Loading;
use crate::store::pending::{self, Kind, Pending, State};
use data_encoding::BASE64URL_NOPAD;
use engine::audit::fact::{AttemptFault, AttemptPurpose};
use engine::token::challenge::{Act, ActChallenge, BulkChallenge, DecisionChallenge, authentic};
use engine::token::guessing::Lock;
use engine::token::link::{Errand, Going};
use engine::token::policy::FactorKind;
use engine::token::webauthn::{self, Assertion, Fault, RelyingParty, challenge_for_use};
use engine::wire::act::DecisionRequest;
use engine::wire::passkey::{AssertRequest, Task, UseOptions};
use engine::wire::problem::ProblemKind;
use engine::wire::status::Decision;

/// What a visit is to confirm.
enum What {
    Verdict(Box<DecisionChallenge>),
    /// Verdicts on many pages.
    List(Box<BulkChallenge>),
    Act(Act),
}

/// What waits, opened.
struct Waiting {
    row: Pending,
    token: String,
    typed: Typed,
    what: What,
}

impl Waiting {
    /// Whether a passkey counts that has to be renewed: for its own renewal.
    fn expired_counts(&self) -> bool {
        matches!(self.what, What::Act(Act::RenewFactor))
    }
}

/// What is to be done. Rule: (1) the challenge of the visit waits, or is proved, or was carried out.
pub(super) async fn task(cx: &Cx, going: &Going) -> Result<Task, EdgeError> {
    let db = Db::new(cx.db()?);
    let (site, person) = (&going.site, &going.account);
    let mut loading = Loading::new();
    let row = loading.add(pending::by_nonce(site, person, &going.about));
    let used = loading.add(consumed::by_nonce(site, &going.about));
    let factors = loading.add(factor::of_person(site, person));
    let loaded = loading.run(&db).await?;
    let waiting = opened(cx, going, loaded.get(&row)?)?;
    if loaded.get(&used)?.is_some() {
        return Ok(done(&waiting.what));
    }
    if waiting.row.state == State::Proved {
        return finish(cx, going, waiting).await;
    }
    let mut allow = Vec::new();
    for one in passkeys(cx, &loaded.get(&factors)?, waiting.expired_counts()) {
        allow.push(credential(cx, site, person, &one.id, &one.secret_sealed)?.id);
    }
    let options = UseOptions {
        challenge: BASE64URL_NOPAD.encode(&challenge_for_use(&waiting.token)),
        rp_id: cx.hosted()?.rp_id,
        allow,
        expires_at: waiting.row.expires_at,
    };
    Ok(match waiting.what {
        What::Act(act) => Task::Prove { sentence: act.sentence().to_owned(), options },
        What::List(list) => {
            Task::Prove { sentence: shown::list(cx, &db, &going.site, &list, &waiting.typed.items).await?, options }
        }
        What::Verdict(record) => {
            let caller = caller(going, Some(record.page.clone()));
            let shown = Box::new(shown::again(cx, &db, &caller, *record).await?);
            Task::Sign { shown, comment: waiting.typed.comment, options }
        }
    })
}

/// A passkey was used.
pub(super) async fn assert(cx: &Cx, going: &Going, body: AssertRequest) -> Result<Task, EdgeError> {
    let (site, person) = (&going.site, &going.account);
    // (1)
    if going.errand != Errand::UsePasskey {
        return Err(over());
    }
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let row = loading.add(pending::by_nonce(site, person, &going.about));
    let used = loading.add(consumed::by_nonce(site, &going.about));
    let loaded = loading.run(&db).await?;
    let waiting = opened(cx, going, loaded.get(&row)?)?;
    if loaded.get(&used)?.is_some() {
        return Ok(done(&waiting.what));
    }
    if waiting.row.state == State::Waiting {
        prove(cx, &db, going, &waiting, &body.assertion).await?;
    }
    // (5)
    finish(cx, going, waiting).await
}

async fn prove(cx: &Cx, db: &Db, going: &Going, waiting: &Waiting, sent: &Assertion) -> Result<(), EdgeError> {
    let (site, person) = (&going.site, &going.account);
    // (2)
    let mut loading = Loading::new();
    let attempt = loading.add(guess::attempt(site, person, Some(&going.about), cx.now));
    let factors = loading.add(factor::of_person(site, person));
    let loaded = loading.run(db).await?;
    let attempt = loaded.get(&attempt)?;
    if !attempt.admitted {
        return Err(locked(attempt.after.lock(cx.now).unwrap_or(Lock::Until { at: cx.now })));
    }
    // (3)
    let purpose = match waiting.what {
        What::Verdict(_) | What::List(_) => AttemptPurpose::Decision,
        What::Act(_) => AttemptPurpose::Change,
    };
    let trying = Trying { site, person, purpose };
    let (factor, counter) = match verified(cx, going, waiting, &loaded.get(&factors)?, sent)? {
        Ok(found) => found,
        Err(fault) => {
            let reason = if fault == Fault::Counter { AttemptFault::Counter } else { AttemptFault::Wrong };
            return Err(refused(fault, failed(cx, db, trying, attempt, reason).await?));
        }
    };
    // (4)
    let commit = Commit::new(site, cx.now)
        .require_pending(person, &going.about, Kind::Passkey, State::Waiting)
        .require_not_held(person)
        .require_passkey(person, &factor.id, counter, waiting.expired_counts())
        .advance_factor(person, &factor.id, counter)
        .raw(pending::prove(site, person, &going.about, &factor.id, counter))
        .reset_guesses(person);
    match commit.run(db).await {
        Ok(()) => Ok(()),
        // Raced by itself: the other one proved it.
        Err(CommitFault::Failed(Precondition::Pending)) => {
            let row = db.ask(pending::by_nonce(site, person, &going.about)).await?;
            let proved = row.is_some_and(|row| row.state != State::Waiting && cx.now < row.expires_at);
            if proved { Ok(()) } else { Err(over()) }
        }
        Err(CommitFault::Failed(Precondition::Step)) => {
            Err(refused(Fault::Counter, failed(cx, db, trying, attempt, AttemptFault::Counter).await?))
        }
        Err(CommitFault::Failed(Precondition::Factor)) => Err(attempt::no_factor()),
        Err(CommitFault::Failed(Precondition::Held)) => Err(locked(Lock::UntilUnlocked)),
        Err(fault) => Err(fault.into()),
    }
}

async fn failed(
    cx: &Cx,
    db: &Db,
    trying: Trying<'_>,
    attempt: Attempt,
    reason: AttemptFault,
) -> Result<EdgeError, EdgeError> {
    attempt::failed(cx, db, trying, attempt, reason, Some(FactorKind::Passkey)).await
}

/// Which passkey answered, and its counter.
fn verified(
    cx: &Cx,
    going: &Going,
    waiting: &Waiting,
    factors: &[Factor],
    sent: &Assertion,
) -> Result<Result<(Factor, u64), Fault>, EdgeError> {
    let hosted = cx.hosted()?;
    let party = RelyingParty { origin: hosted.origin, id: hosted.rp_id };
    let challenge = challenge_for_use(&waiting.token);
    for factor in passkeys(cx, factors, waiting.expired_counts()) {
        let known = credential(cx, &going.site, &going.account, &factor.id, &factor.secret_sealed)?;
        if known.id != sent.credential {
            continue;
        }
        let kept = u32::try_from(factor.last_step).unwrap_or(u32::MAX);
        let checked = webauthn::assert(sent, &known, kept, &challenge, &party);
        return Ok(checked.map(|counter| (factor.clone(), u64::from(counter))));
    }
    Ok(Err(Fault::Credential))
}

/// What follows once the challenge is proved.
async fn finish(cx: &Cx, going: &Going, waiting: Waiting) -> Result<Task, EdgeError> {
    if let What::Verdict(record) = &waiting.what {
        let caller = caller(going, Some(record.page.clone()));
        let request = DecisionRequest {
            challenge: waiting.token.clone(),
            decision: record.decision,
            page_version: record.version,
            comment: waiting.typed.comment.clone(),
            code: String::new(),
            identification: waiting.typed.identification.clone(),
        };
        decision::handle(cx, &caller, request).await?;
    }
    Ok(done(&waiting.what))
}

fn done(what: &What) -> Task {
    let sentence = match what {
        What::Verdict(record) => {
            let did = match record.decision {
                Decision::Approve => "approved",
                Decision::Reject => "rejected",
            };
            format!("You {did} version {}. It is recorded.", record.version.0)
        }
        What::List(list) => {
            format!("Confirmed: {}. Go back to Confluence, where each page is carried out.", list.sentence())
        }
        What::Act(act) => format!("Confirmed: {}. Go back to Confluence, where it is carried out.", act.sentence()),
    };
    Task::Done { sentence }
}

/// Opens what waits. Rules: (1) it waits for a passkey, and is not over; (2) the challenge is genuine and this person's own.
fn opened(cx: &Cx, going: &Going, row: Option<Pending>) -> Result<Waiting, EdgeError> {
    let (site, person) = (&going.site, &going.account);
    // (1)
    let row = row.filter(|row| row.kind == Kind::Passkey && cx.now < row.expires_at).ok_or_else(over)?;
    let token = text(cx, &pending::challenge_binding(site, person, &row.nonce), &row.challenge_sealed)?;
    let typed = match &row.comment_sealed {
        Some(sealed) => {
            let json = text(cx, &pending::comment_binding(site, person, &row.nonce), sealed)?;
            serde_json::from_str(&json).map_err(|_| EdgeError::internal("what was typed is not what was kept"))?
        }
        None => Typed::default(),
    };
    // (2)
    let keys = challenge::keys(cx)?;
    let (what, of) = match authentic::<DecisionChallenge>(&keys, &token) {
        Ok(record) => {
            let of = (record.site.clone(), record.account.clone());
            (What::Verdict(Box::new(record)), of)
        }
        Err(_) => match authentic::<BulkChallenge>(&keys, &token) {
            Ok(list) => {
                let of = (list.site.clone(), list.account.clone());
                (What::List(Box::new(list)), of)
            }
            Err(_) => {
                let record = authentic::<ActChallenge>(&keys, &token).map_err(|_| over())?;
                (What::Act(record.act), (record.site, record.account))
            }
        },
    };
    if of.0 != *site || of.1 != *person {
        return Err(over());
    }
    Ok(Waiting { row, token, typed, what })
}

fn text(cx: &Cx, binding: &Binding<'_>, sealed: &str) -> Result<String, EdgeError> {
    let opened = seal::open(cx.keyring()?, binding, sealed)?;
    String::from_utf8(opened.to_vec()).map_err(|_| EdgeError::internal("what waits is no text"))
}

/// The words are about passkeys; locks and tries left stay as they were counted.
fn refused(fault: Fault, counted: EdgeError) -> EdgeError {
    match counted {
        EdgeError::Refused(mut problem) => {
            let kind = ProblemKind::PasskeyRefused;
            problem.kind = kind;
            problem.status = kind.status();
            kind.title().clone_into(&mut problem.title);
            problem.type_uri = format!("{}{}", engine::wire::problem::TYPE_PREFIX, kind.slug());
            problem.field = None;
            problem.detail = format!("Nothing was confirmed: {fault}. Try again, or go back and use another way.");
            EdgeError::Refused(problem)
        }
        other => other,
    }
}
