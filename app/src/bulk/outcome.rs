//! What an answer about one page means for it, and for the rest of the list. Pure.

use crate::bridge::Failure;
use engine::wire::problem::ProblemKind;
use engine::wire::status::Decision;

/// How a page of the list came out, so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Not reached.
    Waiting,
    /// Under way.
    Sending,
    /// The decision is recorded.
    Recorded,
    /// Refused, because of this; asking again would change nothing.
    Refused(String),
    /// Not known, or not done this time, because of this; it can be asked for again.
    Unsure(String),
}

impl Outcome {
    /// Whether there is something left to do about it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Unsure(_))
    }
}

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// What confirms it: it is asked for again.
    Confirmation,
    /// This page alone: the others go on.
    Page,
    /// This page at this moment: the others go on, and it can be tried again.
    Moment,
    /// The way there: nothing goes on for now.
    Way,
    /// The list: nothing of it goes on any more.
    List,
}

/// Sorts a failure of a request about one page.
pub(super) fn about(failure: &Failure) -> About {
    let Failure::Refused(problem) = failure else {
        return About::Way;
    };
    match problem.kind {
        ProblemKind::WrongCode | ProblemKind::CodeUsed | ProblemKind::Locked | ProblemKind::PasskeyRefused => {
            About::Confirmation
        }
        ProblemKind::BadField if problem.field.as_deref() == Some("code") => About::Confirmation,
        ProblemKind::ChallengeExpired
        | ProblemKind::ChallengeInvalid
        | ProblemKind::ChallengeUsed
        | ProblemKind::NoFactor
        | ProblemKind::MailCodeNotAllowed
        | ProblemKind::BadInvocation
        | ProblemKind::WrongRoute
        | ProblemKind::NoSuchRoute
        | ProblemKind::WrongMethod
        | ProblemKind::TooLarge
        | ProblemKind::BadJson
        | ProblemKind::BadRequest
        | ProblemKind::ReadOnly => About::List,
        ProblemKind::Conflict | ProblemKind::OutcomeUnknown => About::Moment,
        ProblemKind::Internal | ProblemKind::ConfluenceUnavailable | ProblemKind::TooMany => About::Way,
        _ => About::Page,
    }
}

/// How many came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) all: usize,
    pub(super) recorded: usize,
    pub(super) refused: usize,
    pub(super) unsure: usize,
    pub(super) waiting: usize,
}

impl Tally {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
        Self {
            all: outcomes.len(),
            recorded: count(|one| *one == Outcome::Recorded),
            refused: count(|one| matches!(one, Outcome::Refused(_))),
            unsure: count(|one| matches!(one, Outcome::Unsure(_))),
            waiting: count(|one| matches!(one, Outcome::Waiting | Outcome::Sending)),
        }
    }

    /// What is left to do.
    pub(super) fn open(self) -> usize {
        self.unsure + self.waiting
    }

    /// How far it is: pages there is an answer about.
    pub(super) fn done(self) -> usize {
        self.recorded + self.refused + self.unsure
    }

    /// "3 of 5 pages approved."
    pub(super) fn headline(self, decision: Decision) -> String {
        let did = did(decision);
        match (self.recorded, self.all) {
            (1, 1) => format!("1 page {did}"),
            (recorded, all) if recorded == all => format!("All {all} pages {did}"),
            (0, _) => format!("No page was {did}"),
            (recorded, all) => format!("{recorded} of {all} pages {did}"),
        }
    }

    /// "1 was refused, 2 were not reached."; empty where all are recorded.
    pub(super) fn rest(self) -> String {
        let part = |count: usize, what: &str| match count {
            0 => None,
            1 => Some(["1 was ", what].concat()),
            more => Some(format!("{more} were {what}")),
        };
        let unsure = match self.unsure {
            0 => None,
            more => Some(format!("{more} may or may not be recorded")),
        };
        let parts = [part(self.refused, "refused"), unsure, part(self.waiting, "not reached")];
        let text = parts.into_iter().flatten().collect::<Vec<String>>().join(", ");
        if text.is_empty() { text } else { text + "." }
    }
}

/// What was done, as a participle.
pub(super) fn did(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approved",
        Decision::Reject => "rejected",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::wire::problem::Problem;

    fn refused(kind: ProblemKind) -> Failure {
        Failure::Refused(Box::new(Problem::new(kind, "Because.")))
    }

    #[test]
    fn a_page_that_moved_keeps_no_other_from_being_decided_on() {
        for kind in [
            ProblemKind::PageMoved,
            ProblemKind::WrongState,
            ProblemKind::AlreadyDecided,
            ProblemKind::Excluded,
            ProblemKind::NotReviewer,
            ProblemKind::PageNotFound,
            ProblemKind::SignAlone,
        ] {
            assert_eq!(about(&refused(kind)), About::Page, "{kind:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_list_ends_it_and_what_is_wrong_with_the_way_only_stops_it() {
        for kind in [ProblemKind::ChallengeExpired, ProblemKind::ChallengeInvalid, ProblemKind::NoFactor] {
            assert_eq!(about(&refused(kind)), About::List, "{kind:?}");
        }
        for failure in [Failure::Offline, Failure::Silent, Failure::Garbled, refused(ProblemKind::Internal)] {
            assert_eq!(about(&failure), About::Way, "{failure:?}");
        }
        assert_eq!(about(&refused(ProblemKind::Conflict)), About::Moment);
    }

    #[test]
    fn a_code_is_asked_for_again_and_a_comment_is_not_a_code() {
        assert_eq!(about(&refused(ProblemKind::WrongCode)), About::Confirmation);
        let field = |field: &str| {
            let problem = Problem::new(ProblemKind::BadField, "Correct it.");
            Failure::Refused(Box::new(Problem { field: Some(field.to_owned()), ..problem }))
        };
        assert_eq!(about(&field("code")), About::Confirmation);
        assert_eq!(about(&field("comment")), About::Page);
    }

    #[test]
    fn the_summary_counts_every_page_once() {
        let outcomes = [
            Outcome::Recorded,
            Outcome::Refused(String::new()),
            Outcome::Unsure(String::new()),
            Outcome::Waiting,
            Outcome::Waiting,
        ];
        let tally = Tally::of(&outcomes);
        assert_eq!((tally.all, tally.done(), tally.open()), (5, 3, 3));
        assert_eq!(tally.headline(Decision::Approve), "1 of 5 pages approved");
        assert_eq!(tally.rest(), "1 was refused, 1 may or may not be recorded, 2 were not reached.");
        let all = Tally::of(&[Outcome::Recorded, Outcome::Recorded]);
        assert_eq!(all.headline(Decision::Reject), "All 2 pages rejected");
        assert_eq!(all.rest(), "");
        assert_eq!(Tally::of(&[Outcome::Waiting]).headline(Decision::Approve), "No page was approved");
        assert!(outcomes.iter().filter(|one| one.is_open()).count() == 3);
    }
}
