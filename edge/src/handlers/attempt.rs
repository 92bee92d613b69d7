//! A code that was counted, compared; what follows if it is not the one.

use super::heal;
use super::refusal::locked;
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::random;
use crate::secret::seal::{self, Binding};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::factor::Factor;
use crate::store::guess::Attempt;
use crate::store::session;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{AttemptFault, AttemptPurpose, PersonFact};
use engine::effect::Effect;
use engine::ids::{AccountId, FactorId, SiteId, StreamId};
use engine::page::event::FactorUse;
use engine::token::guessing::{FINAL_FAILURE, FREE_FAILURES, Lock};
use engine::token::policy::FactorKind;
use engine::token::totp::{Code, CodeFault, Step, TotpSecret, accept};
use engine::wire::problem::{Problem, ProblemKind};

/// Six digits as typed. Anything else is no attempt and costs none.
pub(super) fn code(typed: &str) -> Result<Code, EdgeError> {
    Code::parse(typed).map_err(|_| {
        Problem::new(ProblemKind::BadField, "A code is the six digits your authenticator shows, nothing else.")
            .at("code")
            .into()
    })
}

/// What sealing a factor's secret is bound to.
pub(super) fn binding<'a>(site: &'a SiteId, person: &'a AccountId, factor: &'a FactorId) -> Binding<'a> {
    Binding { site, person: Some(person), purpose: "totp-secret", id: factor.as_str() }
}

/// Who is trying what.
#[derive(Clone, Copy)]
pub(crate) struct Trying<'a> {
    pub(crate) site: &'a SiteId,
    pub(crate) person: &'a AccountId,
    pub(crate) purpose: AttemptPurpose,
}

/// Compares a counted code with each of these authenticators, which all count. A refusal is journalled, and told to the person.
///
/// # Errors
/// `locked` if nothing may be compared; `wrong-code`, `code-used`; `no-factor`.
pub(crate) async fn compare(
    cx: &Cx,
    db: &Db,
    trying: Trying<'_>,
    attempt: Attempt,
    code: &Code,
    factors: &[Factor],
) -> Result<FactorUse, EdgeError> {
    if !attempt.admitted {
        return Err(locked(attempt.after.lock(cx.now).unwrap_or(Lock::Until { at: cx.now })));
    }
    if factors.is_empty() {
        return Err(no_factor());
    }
    let mut fault = AttemptFault::Wrong;
    for factor in factors {
        let opened =
            seal::open(cx.keyring()?, &binding(trying.site, trying.person, &factor.id), &factor.secret_sealed)?;
        let secret = TotpSecret::from_slice(&opened)
            .ok_or_else(|| EdgeError::internal("a factor's secret has a wrong length"))?;
        match accept(&secret, code, cx.now, Some(Step(factor.last_step))) {
            Ok(step) => return Ok(FactorUse { factor: factor.id.clone(), kind: factor.kind, step: step.0 }),
            Err(CodeFault::Used) => fault = AttemptFault::Used,
            Err(CodeFault::Wrong | CodeFault::Malformed) => {}
        }
    }
    Err(failed(cx, db, trying, attempt, fault, Some(FactorKind::Totp)).await?)
}

/// Journals a refused code, of this kind of factor where it was one; tells the owner and the admins where it locks, and says
/// what to answer.
pub(crate) async fn failed(
    cx: &Cx,
    db: &Db,
    trying: Trying<'_>,
    attempt: Attempt,
    fault: AttemptFault,
    factor_kind: Option<FactorKind>,
) -> Result<EdgeError, EdgeError> {
    let failures = attempt.after.failures;
    let lock = attempt.after.lock(cx.now);
    let mut commit = Commit::new(trying.site, cx.now).append_fact(&sealed(
        cx,
        trying,
        PersonFact::AttemptFailed { purpose: trying.purpose, reason: fault, factor_kind, failures },
    )?);
    if let Some(lock) = lock {
        let until = match lock {
            Lock::Until { at } => Some(at.millis()),
            Lock::UntilUnlocked => None,
        };
        commit = commit
            .append_fact(&sealed(cx, trying, PersonFact::Locked { failures, until })?)
            // Whoever guesses may be at the owner's keyboard: nothing confirmed before stands for anything now.
            .raw(session::end_all(trying.site, trying.person, cx.now));
        // Told when it begins and when it ends up with the admins; not for each pause in between.
        if failures == FREE_FAILURES || failures == FINAL_FAILURE {
            let person = trying.person.clone();
            let owner = Effect::MailLocked { person: person.clone(), failures };
            let admins = Effect::MailLockedAdmins { person, failures };
            commit = commit.effect(&owner, &random::id()?).effect(&admins, &random::id()?);
        }
    }
    if let Err(unwritten) = commit.run(db).await {
        // The attempt was counted before; only its line in the journal is missing. The answer stays the same.
        EdgeError::internal(format!("a failed attempt was not journalled: {unwritten}")).log("attempt");
    }
    if lock.is_some() {
        heal::carry_out(cx, trying.site);
    }
    Ok(refusal(fault, attempt.after.tries_left(), lock))
}

fn refusal(fault: AttemptFault, tries_left: u32, lock: Option<Lock>) -> EdgeError {
    let (kind, detail) = match fault {
        AttemptFault::Used => (
            ProblemKind::CodeUsed,
            "This code was used already. Wait until your authenticator shows the next one, and enter that.",
        ),
        AttemptFault::Counter => (
            ProblemKind::PasskeyRefused,
            "The passkey's counter went back, as if there were a copy of it. Use another way to confirm, and tell your Confluence admin.",
        ),
        AttemptFault::Wrong => (
            ProblemKind::WrongCode,
            "The code is not right. Enter the one your authenticator shows now, and check that your phone's clock is set automatically.",
        ),
    };
    let mut problem = Problem::new(kind, detail).at("code");
    problem.tries_left = Some(tries_left);
    problem.lock = lock;
    problem.into()
}

pub(crate) fn no_factor() -> EdgeError {
    EdgeError::refuse(ProblemKind::NoFactor, "Set up an authenticator app first; it takes a minute and is needed once.")
}

fn sealed(cx: &Cx, trying: Trying<'_>, event: PersonFact) -> Result<engine::audit::entry::Sealed, EdgeError> {
    let entry = Entry {
        v: ENCODING,
        site: trying.site.clone(),
        stream: StreamId::person_facts(trying.person),
        at: cx.now,
        actor: Actor::person(trying.person),
        event,
    };
    entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))
}
