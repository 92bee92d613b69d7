//! The engine's refusals and the database's faults, as problems that say what to do next.

use crate::http::EdgeError;
use crate::store::fault::{CommitFault, DbFault, Precondition};
use engine::page::decide::{Excluded, Refusal};
use engine::token::guessing::Lock;
use engine::wire::problem::{Problem, ProblemKind};

/// A refusal of the engine.
pub(super) fn refused(refusal: &Refusal) -> EdgeError {
    let (kind, detail) = match refusal {
        Refusal::MayNotEdit => (
            ProblemKind::NotAllowed,
            "Only people who may edit this page can submit it. Ask its author, or ask for edit rights.".to_owned(),
        ),
        Refusal::WrongState { state } => (
            ProblemKind::WrongState,
            format!("The page is in \u{201c}{state}\u{201d} now, where this can't be done. Reload to see what can."),
        ),
        Refusal::NotReviewer => (
            ProblemKind::NotReviewer,
            "This review does not ask you. If it should, ask an admin to add you to the reviewers.".to_owned(),
        ),
        Refusal::Excluded(Excluded::Author) => (
            ProblemKind::Excluded,
            "You wrote this version, so somebody else has to decide on it.".to_owned(),
        ),
        Refusal::Excluded(Excluded::Submitter) => (
            ProblemKind::Excluded,
            "You submitted this version, so somebody else has to decide on it.".to_owned(),
        ),
        Refusal::AlreadyDecided => (
            ProblemKind::AlreadyDecided,
            "Your decision in this review is recorded. There is nothing left to do for you.".to_owned(),
        ),
        Refusal::PageMoved { now } => {
            let mut problem = Problem::new(
                ProblemKind::PageMoved,
                format!("The page has changed since: it is now at version {}. Reload it, read it again, and decide then.", now.0),
            );
            problem.page_version = Some(*now);
            return problem.into();
        }
        Refusal::ReviewRestarted => (
            ProblemKind::WrongState,
            "The review was ended and started anew meanwhile. Reload the page and look again.".to_owned(),
        ),
        Refusal::WrongMeaning => (
            ProblemKind::ChallengeInvalid,
            "The workflow changed meanwhile. Close this and start again.".to_owned(),
        ),
        Refusal::CommentRequired => {
            return Problem::new(ProblemKind::BadField, "Say what has to change, so that the author can mend it.")
                .at("comment")
                .into();
        }
        Refusal::ProofMissing => (
            ProblemKind::ChallengeInvalid,
            "This needs your authenticator's code, or the rules for codes changed meanwhile. Close this and start again."
                .to_owned(),
        ),
        Refusal::DamagedDefinition => return EdgeError::internal("the workflow definition lacks a state it names"),
    };
    EdgeError::refuse(kind, detail)
}

/// The person's codes are not compared now.
pub(super) fn locked(lock: Lock) -> EdgeError {
    let detail = match lock {
        Lock::Until { .. } => {
            "Your codes are not accepted for a while, because too many were wrong. Wait until the pause is over; what you typed is kept."
        }
        Lock::UntilUnlocked => {
            "Your codes are not accepted until a Confluence admin unlocks you in Countersign's settings."
        }
    };
    let mut problem = Problem::new(ProblemKind::Locked, detail);
    problem.lock = Some(lock);
    problem.into()
}

/// Somebody else was faster, too often to go on trying.
pub(super) fn clash() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::Conflict,
        "Several people acted on this at the same moment. Nothing was recorded for you; try again.",
    )
}

/// The journal gave no usable answer to a question: nothing was written.
impl From<DbFault> for EdgeError {
    fn from(fault: DbFault) -> Self {
        let detail = "The journal did not answer. Nothing was recorded; try again in a minute.";
        Self::outage(ProblemKind::ConfluenceUnavailable, detail, fault.to_string())
    }
}

/// The journal was told to write something.
impl From<CommitFault> for EdgeError {
    fn from(fault: CommitFault) -> Self {
        match fault {
            CommitFault::Failed(Precondition::Schema) => Self::internal(fault.to_string()),
            CommitFault::Failed(_) => clash(),
            CommitFault::Unknown => Self::outage(
                ProblemKind::OutcomeUnknown,
                "The journal's answer was lost, so it is not known whether this was recorded. Press again: it can't be recorded twice.",
                fault.to_string(),
            ),
        }
    }
}
