//! Setting up a factor: its owner is proved, a secret is made or a passkey registered, a first use.
//!
//! The first one takes a code mailed to the account's address (unless the policy waives it), which a stolen session alone does
//! not read. Each further one, and one in the place of another, takes a factor that counts, or a recovery code; a mailbox is
//! not enough any more. Wrong codes of all kinds count into the person's one counter, and nothing here sets it back: what
//! somebody can show who has just been shown it proves nothing about the codes that were wrong before.
//!
//! * [`begin`]: what has to be proved, and proving it.
//! * [`prove`]: what follows once it is proved.
//! * [`confirm`]: the new factor's first use, and what is written then.

mod begin;
mod confirm;
mod prove;

pub(super) use begin::begin;
pub(super) use confirm::confirm;
pub(super) use prove::{mail_code, wrong};

use super::refusal::{clash, locked};
use super::site::PolicyHead;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::d1::{Db, Query};
use crate::store::enrolment::{self, Enrolment, Stage};
use crate::store::factor::Factor;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::journal;
use engine::audit::entry::{Actor, ENCODING, Entry, Sealed};
use engine::audit::fact::FactorEvent;
use engine::ids::StreamId;
use engine::time::Timestamp;
use engine::token::guessing::Lock;
use engine::token::life;
use engine::token::policy::Policy;
use engine::wire::problem::{Problem, ProblemKind};

/// The policy in force; the one a site starts with where it has none yet.
pub(super) fn policy_of(row: Option<&journal::Row>) -> Result<Policy, EdgeError> {
    Ok(PolicyHead::read(row)?.map_or_else(Policy::initial, |head| head.policy))
}

/// Factors that count or can be renewed.
pub(super) fn alive(mut factors: Vec<Factor>, now: Timestamp) -> Vec<Factor> {
    factors.retain(|factor| factor.stage(now) != life::Stage::Over);
    factors
}

/// An entry about the caller's own factors.
pub(super) fn entry(cx: &Cx, caller: &UiCaller, event: &FactorEvent) -> Result<Sealed, EdgeError> {
    let (site, stream, actor) = (caller.site.clone(), StreamId::factors(&caller.person), Actor::person(&caller.person));
    let entry = Entry { v: ENCODING, site, stream, at: cx.now, actor, event };
    entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))
}

/// The person's enrolment, at this stage and in time.
async fn under_way(cx: &Cx, db: &Db, caller: &UiCaller, stages: &[Stage]) -> Result<Enrolment, EdgeError> {
    let found: Query<Option<Enrolment>> = enrolment::of_person(&caller.site, &caller.person);
    let found = db.ask(found).await?;
    found.filter(|found| stages.contains(&found.stage) && cx.now < found.expires_at).ok_or_else(too_late)
}

fn unfinished(fault: CommitFault) -> EdgeError {
    match fault {
        CommitFault::Failed(Precondition::FactorExists) => factor_exists(),
        CommitFault::Failed(Precondition::Enrolment) => too_late(),
        CommitFault::Failed(Precondition::Held) => locked(Lock::UntilUnlocked),
        CommitFault::Failed(Precondition::Room) => no_room(),
        CommitFault::Failed(Precondition::Recovery) => recovery_used(),
        CommitFault::Failed(Precondition::Head) => clash(),
        other => other.into(),
    }
}

fn too_late() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::EnrolmentExpired,
        "This set-up is over: it took too long, or a newer one was begun. Start again.",
    )
}

fn factor_exists() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::FactorExists,
        "Something to confirm with is set up for you already. Use it to set up another one, or use a recovery code.",
    )
}

fn no_room() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::NotAllowed,
        format!("You have {} ways to confirm, and more are not possible. Remove one first.", life::FACTORS_MAX),
    )
}

fn recovery_used() -> EdgeError {
    let detail = "This recovery code was used already, or a newer set was made. Take another one of the newest set.";
    Problem::new(ProblemKind::CodeUsed, detail).at("recovery_code").into()
}
