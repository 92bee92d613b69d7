//! What went wrong, in words, and what the person can do next. Pure.

use crate::bridge::Failure;
use engine::wire::problem::{Problem, ProblemKind};

/// The way on that a button offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send the same again: nothing was done.
    TryAgain,
    /// Send the same again: whether something was done is not known, and the edge answers the same twice.
    CheckAgain,
    /// Ask for a new challenge.
    AskAgain,
    /// Load the page anew.
    ReloadPage,
    /// Set up an authenticator.
    Enrol,
    /// Correct what was typed.
    Correct,
    /// Wait for the lock to end.
    Wait,
    /// Nothing to press; the sentence says it.
    Nothing,
}

impl Step {
    /// The button's label, where there is a button.
    pub(crate) fn label(self) -> Option<&'static str> {
        match self {
            Self::TryAgain => Some("Try again"),
            Self::CheckAgain => Some("Check again"),
            Self::AskAgain => Some("Ask again"),
            Self::ReloadPage => Some("Reload page"),
            Self::Enrol => Some("Set up authenticator"),
            Self::Correct | Self::Wait | Self::Nothing => None,
        }
    }
}

/// What helps after a failed request.
pub(crate) fn step(failure: &Failure) -> Step {
    match failure {
        Failure::Refused(problem) => step_for(problem.kind),
        Failure::Offline | Failure::Unreachable | Failure::Silent => Step::TryAgain,
        Failure::Unverified | Failure::Garbled => Step::ReloadPage,
    }
}

/// What helps after a decision failed: where the answer was lost on the way, it may be recorded all the same.
pub(crate) fn step_after_decision(failure: &Failure) -> Step {
    match failure {
        Failure::Refused(problem) => step_for(problem.kind),
        Failure::Offline | Failure::Unreachable | Failure::Silent | Failure::Garbled => Step::CheckAgain,
        Failure::Unverified => Step::ReloadPage,
    }
}

fn step_for(kind: ProblemKind) -> Step {
    match kind {
        ProblemKind::PageMoved
        | ProblemKind::WrongState
        | ProblemKind::AlreadyDecided
        | ProblemKind::NotUnderWorkflow
        | ProblemKind::ApprovalComplete
        | ProblemKind::NotYet
        | ProblemKind::NoSuchApproval
        | ProblemKind::EmergencyAsked
        | ProblemKind::NoEmergency
        | ProblemKind::BadInvocation
        | ProblemKind::WrongRoute
        | ProblemKind::NoSuchRoute
        | ProblemKind::WrongMethod
        | ProblemKind::BadJson
        | ProblemKind::BadRequest => Step::ReloadPage,
        ProblemKind::ChallengeUsed | ProblemKind::ChallengeExpired | ProblemKind::ChallengeInvalid => Step::AskAgain,
        ProblemKind::Conflict
        | ProblemKind::ConfluenceUnavailable
        | ProblemKind::Internal
        | ProblemKind::TooMany
        | ProblemKind::PasskeyRefused
        | ProblemKind::NotFound => Step::TryAgain,
        ProblemKind::OutcomeUnknown => Step::CheckAgain,
        ProblemKind::NoFactor => Step::Enrol,
        ProblemKind::Locked => Step::Wait,
        ProblemKind::WrongCode
        | ProblemKind::CodeUsed
        | ProblemKind::BadField
        | ProblemKind::TooLarge
        | ProblemKind::NameReviewers
        | ProblemKind::CannotBeAsked
        | ProblemKind::InvitedAlready
        | ProblemKind::TooFewToAsk
        | ProblemKind::TooManyToAsk
        | ProblemKind::BadPolicy
        | ProblemKind::BadDefinition => Step::Correct,
        ProblemKind::NotAllowed
        | ProblemKind::NotReviewer
        | ProblemKind::NotForYou
        | ProblemKind::Excluded
        | ProblemKind::PageNotFound
        | ProblemKind::EnrolmentExpired
        | ProblemKind::LinkOver
        | ProblemKind::InvitationOver
        | ProblemKind::InvitationsOff
        | ProblemKind::TooManyInvited
        | ProblemKind::FactorExists
        | ProblemKind::NeedsSecond
        | ProblemKind::SignAlone
        | ProblemKind::MailCodeNotAllowed
        | ProblemKind::ReadOnly => Step::Nothing,
    }
}

/// A short sentence: what happened.
pub(crate) fn title(failure: &Failure, step: Step) -> String {
    match failure {
        Failure::Refused(problem) => problem.title.clone(),
        _ if step == Step::CheckAgain => "It is not known whether this was recorded".to_owned(),
        Failure::Offline => "You are offline".to_owned(),
        Failure::Unverified => "Confluence could not vouch for this request".to_owned(),
        Failure::Unreachable => "Countersign can’t be reached".to_owned(),
        Failure::Silent => "There was no answer in time".to_owned(),
        Failure::Garbled => "The answer could not be read".to_owned(),
    }
}

/// What it means here and what to do.
pub(crate) fn detail(failure: &Failure, step: Step) -> String {
    match failure {
        Failure::Refused(problem) => problem.detail.clone(),
        _ if step == Step::CheckAgain => {
            "The answer was lost on the way: ".to_owned()
                + &in_a_line(failure)
                + " Check again in a moment. Nothing can be recorded twice, and what you typed is kept."
        }
        Failure::Offline => "Reconnect to the internet, then try again. Nothing you typed is lost.".to_owned(),
        Failure::Unverified => {
            "Your session may have ended. Reload the page and log in if you are asked to.".to_owned()
        }
        Failure::Unreachable => {
            "Confluence did not pass the request on. Try again in a moment. If it stays like this, \
             tell your Confluence administrator."
                .to_owned()
        }
        Failure::Silent => "The connection may be slow. Try again in a moment.".to_owned(),
        Failure::Garbled => "Countersign may have been updated while this page was open. Reload the page.".to_owned(),
    }
}

/// Why a code was refused, and how many wrong ones are left before the next pause.
pub(crate) fn refused_code(problem: &Problem) -> String {
    match problem.tries_left {
        Some(1) => [problem.detail.as_str(), " 1 try is left before a pause."].concat(),
        Some(left @ 2..) => format!("{} {left} tries are left before a pause.", problem.detail),
        Some(0) | None => problem.detail.clone(),
    }
}

/// Both in one line, for places with little room.
pub(crate) fn in_a_line(failure: &Failure) -> String {
    match failure {
        Failure::Refused(problem) => problem.detail.clone(),
        Failure::Offline => "you are offline.".to_owned(),
        Failure::Unverified => "your session may have ended. Reload the page.".to_owned(),
        Failure::Unreachable => "Countersign can’t be reached.".to_owned(),
        Failure::Silent => "there was no answer in time.".to_owned(),
        Failure::Garbled => "the answer could not be read. Reload the page.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kind: ProblemKind) -> Failure {
        Failure::Refused(Box::new(Problem::new(kind, "Because. Do this.")))
    }

    #[test]
    fn refusals_lead_to_their_own_way_on() {
        for (kind, expected) in [
            (ProblemKind::PageMoved, Step::ReloadPage),
            (ProblemKind::ChallengeExpired, Step::AskAgain),
            (ProblemKind::OutcomeUnknown, Step::CheckAgain),
            (ProblemKind::NoFactor, Step::Enrol),
            (ProblemKind::Locked, Step::Wait),
            (ProblemKind::WrongCode, Step::Correct),
            (ProblemKind::ConfluenceUnavailable, Step::TryAgain),
            (ProblemKind::NotReviewer, Step::Nothing),
        ] {
            assert_eq!(step(&refused(kind)), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_lost_answer_to_a_decision_is_checked_and_not_just_repeated() {
        for failure in [Failure::Offline, Failure::Unreachable, Failure::Silent, Failure::Garbled] {
            assert_eq!(step_after_decision(&failure), Step::CheckAgain);
            assert_ne!(step(&failure), Step::CheckAgain);
            assert!(title(&failure, Step::CheckAgain).contains("not known"));
            assert!(!title(&failure, step(&failure)).contains("not known"));
        }
        assert_eq!(step_after_decision(&refused(ProblemKind::WrongCode)), Step::Correct);
    }

    #[test]
    fn a_wrong_code_says_how_many_are_left() {
        let said = |tries_left| {
            refused_code(&Problem { tries_left, ..Problem::new(ProblemKind::WrongCode, "The code is not right.") })
        };
        assert_eq!(said(None), "The code is not right.");
        assert_eq!(said(Some(0)), "The code is not right.");
        assert_eq!(said(Some(1)), "The code is not right. 1 try is left before a pause.");
        assert_eq!(said(Some(4)), "The code is not right. 4 tries are left before a pause.");
    }

    #[test]
    fn every_refusal_shows_the_words_of_the_edge() {
        for kind in ProblemKind::ALL {
            let failure = refused(*kind);
            assert_eq!(title(&failure, step(&failure)), kind.title());
            assert_eq!(detail(&failure, step(&failure)), "Because. Do this.");
            assert_eq!(in_a_line(&failure), "Because. Do this.");
        }
    }
}
