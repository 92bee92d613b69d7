//! Whether something may happen to a page, and what then happens.

mod clock;
mod edit;
mod emergency;
mod enter;
mod invitation;
mod invited;
mod moved;
mod reassign;
mod select;
mod start;
mod submit;
mod verdict;

pub use emergency::{ALONE_AFTER, MEANING_OF_EMERGENCY, REQUEST_LIFE};
pub use invitation::{INVITED_EVER_MAX, INVITED_MAX};
pub use invited::standing_invitation;
pub use moved::becomes;

use super::command::{Cast, Command, Confirmed, PageNow};
use super::event::{PageEvent, Proof};
use super::fold::{PageFold, Review};
use super::refusal::Refusal;
use crate::time::Timestamp;
use crate::token::policy::{Action, Evidence};
use crate::wire::status::Decision;
use crate::workflow::definition::{Definition, State, StepUp};

/// A definition with its version.
#[derive(Clone, Copy, Debug)]
pub struct Workflow<'a> {
    /// The version.
    pub version: u32,
    /// What it says.
    pub definition: &'a Definition,
}

/// What a command is decided by, besides the fold.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The workflow the page runs on; for [`Command::Start`] and [`Command::Move`] the one it shall run on.
    pub workflow: Workflow<'a>,
    /// What is known of people and groups.
    pub cast: &'a Cast,
    /// When.
    pub now: Timestamp,
}

/// Decides.
///
/// # Errors
/// [`Refusal`]: nothing happens. [`Refusal::Unknown`] is a question, not an answer.
pub fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    command: &Command,
) -> Result<Vec<PageEvent>, Refusal> {
    match command {
        Command::Start(start) => start::decide(fold, situation, start),
        Command::Submit(submit) => submit::decide(fold, situation, submit),
        Command::Decide(decide) => verdict::decide(fold, situation, decide),
        Command::Select(select) => select::decide(fold, situation, select),
        Command::Invite(invite) => invitation::invite(fold, situation, invite),
        Command::RevokeInvitation(revoke) => invitation::revoke(fold, situation, revoke),
        Command::Abstain(abstain) => invited::abstain(fold, situation, abstain),
        Command::Reassign(reassign) => reassign::decide(fold, situation, reassign),
        Command::RecordEdit(edit) => edit::decide(fold, situation, edit),
        Command::AskEmergency(ask) => emergency::ask(fold, situation, ask),
        Command::WithdrawEmergency { by } => emergency::withdraw(fold, situation, by),
        Command::DecideEmergency(decide) => emergency::decide(fold, situation, decide),
        Command::Tick(tick) => clock::decide(fold, situation, tick),
        Command::Move(to) => moved::decide(fold, situation, to),
        Command::End { by } => moved::end(fold, by.as_ref()),
    }
}

impl Workflow<'_> {
    /// The state the page is in.
    ///
    /// # Errors
    /// [`Refusal::DamagedDefinition`] if the definition does not know it.
    pub fn current(&self, fold: Option<&PageFold>) -> Result<&State, Refusal> {
        match fold {
            Some(fold) if !fold.ended => self.definition.state(&fold.state.id),
            _ => self.definition.initial(),
        }
        .ok_or(Refusal::DamagedDefinition)
    }
}

/// A page that is under its workflow.
fn under_workflow(fold: Option<&PageFold>) -> Result<&PageFold, Refusal> {
    fold.filter(|fold| !fold.ended).ok_or(Refusal::NotUnderWorkflow)
}

/// The review under way, and the state that asks for it.
///
/// # Errors
/// [`Refusal::WrongState`] if there is none.
pub fn under_review<'a>(
    fold: Option<&'a PageFold>,
    workflow: &'a Workflow<'_>,
) -> Result<(&'a PageFold, &'a State, &'a Review), Refusal> {
    let state = workflow.current(fold)?;
    let wrong = || Refusal::WrongState { state: state.name.clone() };
    let fold = fold.filter(|fold| !fold.ended).ok_or_else(wrong)?;
    let review = fold.review.as_ref().filter(|_| !state.approvals.is_empty()).ok_or_else(wrong)?;
    Ok((fold, state, review))
}

/// Whether Confluence still has what is under review.
///
/// # Errors
/// [`Refusal::PageMoved`] if not.
pub fn same_content(review: &Review, page: &PageNow) -> Result<(), Refusal> {
    if review.version != page.version || review.content_hash != page.content_hash {
        return Err(Refusal::PageMoved { now: page.version });
    }
    Ok(())
}

/// What is recorded of how something other than a verdict was confirmed.
///
/// # Errors
/// [`Refusal::ProofMissing`] if the policy asks for more.
fn confirmed(by: &Confirmed, action: Action, now: Timestamp) -> Result<Option<Proof>, Refusal> {
    let Confirmed { proof, policy, subject } = by;
    let fits = proof.as_ref().is_none_or(|proof| proof.policy_version == policy.version);
    let evidence = proof.as_ref().map(Evidence::of).unwrap_or_default();
    let asked = policy.requirement(&StepUp::Policy, subject, action);
    if fits && asked.accepts(&evidence, now) { Ok(proof.clone()) } else { Err(Refusal::ProofMissing) }
}

/// What is recorded of how something was confirmed that needs a factor whatever the policy says.
///
/// # Errors
/// [`Refusal::ProofMissing`] if there is none that counts.
fn confirmed_with(by: &Confirmed, action: Action, now: Timestamp) -> Result<Proof, Refusal> {
    let Confirmed { proof, policy, subject } = by;
    let proof = proof.as_ref().filter(|proof| proof.policy_version == policy.version).ok_or(Refusal::ProofMissing)?;
    let asked = policy.requirement(&StepUp::Required, subject, action);
    if asked.accepts(&Evidence::of(proof), now) { Ok(proof.clone()) } else { Err(Refusal::ProofMissing) }
}

/// What a verdict is to the step-up policy.
#[must_use]
pub fn action(decision: Decision) -> Action {
    match decision {
        Decision::Approve => Action::Approve,
        Decision::Reject => Action::Reject,
    }
}
