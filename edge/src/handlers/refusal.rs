//! The engine's refusals and the database's faults, as problems that say what to do next.

use crate::http::EdgeError;
use crate::store::fault::{CommitFault, DbFault, Precondition};
use engine::page::ROSTER_MAX;
use engine::page::decide::{INVITED_EVER_MAX, INVITED_MAX};
use engine::page::refusal::{CannotBeAsked, Excluded, Refusal};
use engine::token::guessing::Lock;
use engine::wire::problem::{Problem, ProblemKind};

/// A refusal of the engine.
pub(crate) fn refused(refusal: &Refusal) -> EdgeError {
    let (kind, detail) = match refusal {
        Refusal::Unknown(_) => return EdgeError::internal("the engine asked for what a request always brings"),
        Refusal::DamagedDefinition => return EdgeError::internal("the workflow definition lacks a state it names"),
        Refusal::PageMoved { now } => {
            let mut problem = Problem::new(
                ProblemKind::PageMoved,
                format!("The page has changed since: it is now at version {}. Reload it, read it again, and decide then.", now.0),
            );
            problem.page_version = Some(*now);
            return problem.into();
        }
        Refusal::CommentRequired => {
            return Problem::new(ProblemKind::BadField, "Say why: the workflow asks for a comment here.")
                .at("comment")
                .into();
        }
        Refusal::NameReviewers { .. } | Refusal::CannotBeAsked { .. } => {
            let (kind, detail) = about_reviewers(refusal);
            return Problem::new(kind, detail).at("assigned").into();
        }
        Refusal::TooFewToAsk { .. } | Refusal::TooManyToAsk { .. } => about_reviewers(refusal),
        Refusal::NotUnderWorkflow => (
            ProblemKind::NotUnderWorkflow,
            "No workflow is assigned to this page, so there is nothing to submit or approve. An admin can assign one in Countersign's settings.".to_owned(),
        ),
        Refusal::MayNotEdit => (
            ProblemKind::NotAllowed,
            "Only people who may edit this page can do this. Ask its author, or ask for edit rights.".to_owned(),
        ),
        Refusal::NotForYou => (
            ProblemKind::NotForYou,
            "The workflow lets only certain people do this. Ask the page's author or an admin of the space.".to_owned(),
        ),
        Refusal::WrongState { state } => (
            ProblemKind::WrongState,
            format!("The page is in \u{201c}{state}\u{201d} now, where this can't be done. Reload to see what can."),
        ),
        Refusal::NotReviewer => (
            ProblemKind::NotReviewer,
            "This review does not ask you. If it should, ask an admin to add you to the reviewers.".to_owned(),
        ),
        Refusal::Excluded(excluded) => (ProblemKind::Excluded, excluded_sentence(*excluded).to_owned()),
        Refusal::AlreadyDecided => (
            ProblemKind::AlreadyDecided,
            "Your decision in this review is recorded. There is nothing left to do for you.".to_owned(),
        ),
        Refusal::ApprovalComplete { approval } => (
            ProblemKind::ApprovalComplete,
            format!("Enough people have decided on \u{201c}{approval}\u{201d}. Reload to see how it ended."),
        ),
        Refusal::NotYet { approval } => (
            ProblemKind::NotYet,
            format!("\u{201c}{approval}\u{201d} waits for other approvals. Come back when they are complete."),
        ),
        Refusal::NoSuchApproval => (
            ProblemKind::NoSuchApproval,
            "The page's state does not ask for this approval any more. Reload to see what it asks for.".to_owned(),
        ),
        Refusal::ReviewRestarted => (
            ProblemKind::WrongState,
            "The review was ended and started anew meanwhile. Reload the page and look again.".to_owned(),
        ),
        Refusal::WrongMeaning => (
            ProblemKind::ChallengeInvalid,
            "The workflow changed meanwhile. Close this and start again.".to_owned(),
        ),
        Refusal::InvitationsOff => (
            ProblemKind::InvitationsOff,
            "The step-up policy lets nobody without an account be invited to pages of this workflow. A Confluence admin can allow it in Countersign's settings.".to_owned(),
        ),
        Refusal::InvitedAlready => (
            ProblemKind::InvitedAlready,
            "This person was invited to this approval already. Take that invitation back first, if it has to be another one.".to_owned(),
        ),
        Refusal::TooManyInvited => (
            ProblemKind::TooManyInvited,
            format!(
                "At most {INVITED_MAX} invitations of a review can wait for an answer, and at most {INVITED_EVER_MAX} can be made. Take one back that waits, or wait for the next review."
            ),
        ),
        Refusal::InvitationOver => (
            ProblemKind::InvitationOver,
            "This invitation is over: it was answered or taken back, took too long, or its review has ended. Reload to see how the page stands.".to_owned(),
        ),
        Refusal::EmergencyAsked => (
            ProblemKind::EmergencyAsked,
            "Emergency access was asked for already. Carry that out, or have it withdrawn first.".to_owned(),
        ),
        Refusal::NoEmergency => (
            ProblemKind::NoEmergency,
            "This request for emergency access was withdrawn, carried out, or is too old. Reload to see how the page stands."
                .to_owned(),
        ),
        Refusal::NeedsSecond { alone_from } => {
            let problem = Problem { retry_at: *alone_from, ..needs_second(alone_from.is_some()) };
            return problem.into();
        }
        Refusal::ProofMissing => (
            ProblemKind::ChallengeInvalid,
            "This needs your authenticator's code, or the rules for codes changed meanwhile. Close this and start again."
                .to_owned(),
        ),
    };
    EdgeError::refuse(kind, detail)
}

fn needs_second(alone: bool) -> Problem {
    let detail = if alone {
        "You asked for this, and nobody else could second it: you can carry it out yourself once a day has passed."
    } else {
        "You asked for this, so another Confluence admin has to carry it out."
    };
    Problem::new(ProblemKind::NeedsSecond, detail)
}

/// What is wrong with who would be asked.
fn about_reviewers(refusal: &Refusal) -> (ProblemKind, String) {
    match refusal {
        Refusal::NameReviewers { approval, at_least } => (
            ProblemKind::NameReviewers,
            format!(
                "Name at least {} for \u{201c}{approval}\u{201d}.",
                people(usize::try_from(*at_least).unwrap_or(usize::MAX))
            ),
        ),
        Refusal::TooFewToAsk { approval, needed, can } => (
            ProblemKind::TooFewToAsk,
            format!(
                "\u{201c}{approval}\u{201d} needs {}, but only {can} can be asked: reviewers must have an account in use, and must not have worked on this version themselves where the workflow says so. Name others, or ask an admin to add reviewers.",
                people(*needed)
            ),
        ),
        Refusal::TooManyToAsk { approval } => (
            ProblemKind::TooManyToAsk,
            format!(
                "\u{201c}{approval}\u{201d} asks everybody of a group that has more than {ROSTER_MAX} members. Ask an admin to choose a smaller group, or to let fewer approvals be enough."
            ),
        ),
        Refusal::CannotBeAsked { approval, why } => {
            let why = match why {
                CannotBeAsked::NobodyIsNamed => {
                    "its reviewers are set by the workflow, and nobody can be named. Leave them out"
                }
                CannotBeAsked::NotInGroup => {
                    "somebody you named is not in the group its reviewers must come from. Choose from that group"
                }
                CannotBeAsked::Excluded(Excluded::Submitter) => {
                    "whoever submits can't review, and you named yourself. Choose somebody else"
                }
                CannotBeAsked::Excluded(_) => {
                    "somebody you named worked on this page and so can't review it. Choose somebody else"
                }
                CannotBeAsked::CannotSee => {
                    "somebody you named has no account in use or can't see the page. Choose somebody else, or give them access first"
                }
                CannotBeAsked::AskedAlready => "the person you chose is asked already. Choose somebody else",
            };
            (ProblemKind::CannotBeAsked, format!("\u{201c}{approval}\u{201d}: {why}."))
        }
        _ => (ProblemKind::CannotBeAsked, "The reviewers can't be asked. Choose others.".to_owned()),
    }
}

fn people(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}

/// Why separation of duties keeps somebody from deciding.
pub(super) fn excluded_sentence(excluded: Excluded) -> &'static str {
    match excluded {
        Excluded::LastEditor => "You wrote this version, so somebody else has to decide on it.",
        Excluded::EditorSinceApproval => {
            "You edited this page since it was last approved, so somebody else has to decide on it."
        }
        Excluded::Author => "You created this page, so somebody else has to decide on it.",
        Excluded::Submitter => "You submitted this version, so somebody else has to decide on it.",
    }
}

/// The person's codes are not compared now.
pub(crate) fn locked(lock: Lock) -> EdgeError {
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
