//! Answering: what is asked of the edge, and what is made of it.

use super::Visit;
use crate::advice::{self, Step as NextStep};
use crate::bridge::{Failure, ask, spawn};
use crate::confirming::{Confirming, Verdict};
use crate::focus;
use crate::ui::comment_is_fine;
use engine::ids::PageVersion;
use engine::wire::act::DecisionRequest;
use engine::wire::invited::{
    InvitedAbstainRequest, InvitedAnswered, InvitedChallenge, InvitedChallengeRequest, InvitedShown,
};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::route;
use engine::wire::status::Decision;
use leptos::prelude::*;

/// What the panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Approve, reject or abstain.
    Choose,
    /// What would be signed is being fetched, or could not be.
    Preparing(Decision),
    /// It is shown; comment and code can be typed.
    Signing(Decision),
    /// Saying why nothing is decided.
    Abstaining,
    /// Setting up an authenticator; then this is decided.
    Factor(Option<Decision>),
}

/// An answer on its way.
#[derive(Clone, Copy)]
pub(super) struct Answering {
    pub(super) visit: Visit,
    pub(super) version: PageVersion,
    pub(super) step: RwSignal<Step>,
    pub(super) challenge: RwSignal<Option<InvitedChallenge>>,
    meaning: RwSignal<Option<String>>,
    pub(super) comment: RwSignal<String>,
    pub(super) comment_fault: RwSignal<Option<String>>,
    pub(super) confirming: Confirming,
    pub(super) busy: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<(Failure, NextStep)>>,
    /// Whether they have an authenticator of their own.
    pub(super) own_factor: RwSignal<bool>,
    /// The set-up's heading.
    pub(super) title: RwSignal<String>,
}

impl Answering {
    pub(super) fn new(visit: Visit, shown: &InvitedShown) -> Self {
        let busy = visit.busy;
        Self {
            visit,
            version: shown.version,
            step: RwSignal::new(Step::Choose),
            challenge: RwSignal::new(None),
            meaning: RwSignal::new(None),
            comment: RwSignal::new(String::new()),
            comment_fault: RwSignal::new(None),
            confirming: Confirming::new(busy).of_somebody_invited(),
            busy,
            failure: RwSignal::new(None),
            own_factor: RwSignal::new(shown.own_factor),
            title: RwSignal::new(String::new()),
        }
    }

    /// Another step; what was typed stays.
    pub(super) fn go(self, step: Step) {
        self.failure.set(None);
        self.comment_fault.set(None);
        self.step.set(step);
        focus::soon("#dialog-title");
    }

    /// Asks what would be signed.
    pub(super) fn prepare(self, decision: Decision) {
        if self.busy.get_untracked() {
            return;
        }
        let is_fine = Callback::new(move |()| self.comment_is_fine());
        self.confirming.is_for(Verdict { decision, version: self.version, comment: self.comment, is_fine });
        self.go(Step::Preparing(decision));
        self.ask(decision, "#dialog-title");
    }

    /// The signature shall mean something else: that is another challenge.
    pub(super) fn choose(self, decision: Decision, meaning: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.failure.set(None);
        self.meaning.set(Some(meaning));
        self.ask(decision, "#meanings input:checked");
    }

    fn ask(self, decision: Decision, then: &'static str) {
        self.busy.set(true);
        spawn(async move {
            let meaning = self.meaning.get_untracked();
            let request = InvitedChallengeRequest { decision, page_version: self.version, meaning };
            let answer: Result<InvitedChallenge, Failure> = ask(route::INVITED_CHALLENGE, &request).await;
            self.busy.set(false);
            match answer {
                Ok(challenge) => {
                    self.confirming.ask_for(challenge.challenge.clone(), challenge.how.clone(), String::new());
                    self.challenge.set(Some(challenge));
                    self.step.set(Step::Signing(decision));
                    focus::soon(then);
                }
                Err(failure) if failure.kind() == Some(ProblemKind::NoFactor) => self.go(Step::Factor(Some(decision))),
                Err(failure) => {
                    self.meaning.set(None);
                    let step = advice::step(&failure);
                    self.failed(failure, step);
                }
            }
        });
    }

    fn comment_is_fine(self) -> bool {
        let Some(challenge) = self.challenge.get_untracked() else {
            return false;
        };
        let missing = match challenge.decision {
            Decision::Approve => "Say why: this approval asks for a comment.",
            Decision::Reject => "Say why, so that the author knows what to change.",
        };
        let missing = challenge.comment_required.then_some(missing);
        let fine = comment_is_fine(self.comment, missing, self.comment_fault);
        if !fine {
            focus::now("#comment");
        }
        fine
    }

    /// Sends the decision, if what was typed can be right.
    pub(super) fn sign(self) {
        if self.busy.get_untracked() || self.confirming.is_locked() {
            return;
        }
        // Every fault is shown; the focus goes to the first.
        let code_fine = self.confirming.is_fine();
        if !self.comment_is_fine() || !code_fine {
            return;
        }
        let (Some(confirmation), Some(challenge)) = (self.confirming.confirmation(), self.challenge.get_untracked())
        else {
            return;
        };
        let request = DecisionRequest {
            challenge: confirmation.challenge,
            decision: challenge.decision,
            page_version: self.version,
            comment: self.comment.get_untracked(),
            code: confirmation.code,
            identification: confirmation.identification,
        };
        self.failure.set(None);
        self.busy.set(true);
        spawn(async move {
            let answer = ask(route::INVITED_DECISION, &request).await;
            self.take(answer);
        });
    }

    /// Says that nothing is decided.
    pub(super) fn abstain(self) {
        if self.busy.get_untracked() || !comment_is_fine(self.comment, None, self.comment_fault) {
            return;
        }
        self.failure.set(None);
        self.busy.set(true);
        spawn(async move {
            let request = InvitedAbstainRequest { page_version: self.version, reason: self.comment.get_untracked() };
            let answer = ask(route::INVITED_ABSTAIN, &request).await;
            self.take(answer);
        });
    }

    fn take(self, answer: Result<InvitedAnswered, Failure>) {
        self.busy.set(false);
        match answer {
            Ok(answered) => self.visit.answered(answered),
            Err(Failure::Refused(problem)) if self.placed(&problem) => {}
            Err(failure) => {
                let step = advice::step_after_decision(&failure);
                self.failed(failure, step);
            }
        }
    }

    /// Shows a refusal beside the field it is about, and says whether it did.
    fn placed(self, problem: &Problem) -> bool {
        if matches!(problem.field.as_deref(), Some("comment" | "reason")) {
            self.comment_fault.set(Some(problem.detail.clone()));
            focus::now("#comment");
            return true;
        }
        matches!(self.step.get_untracked(), Step::Signing(_)) && self.confirming.refused(problem)
    }

    fn failed(self, failure: Failure, step: NextStep) {
        let ends = matches!(
            failure.kind(),
            Some(ProblemKind::LinkOver | ProblemKind::InvitationOver | ProblemKind::PageMoved)
        );
        if ends {
            return self.visit.failed(failure);
        }
        self.failure.set(Some((failure, step)));
        // The panel scrolls by itself: what went wrong must not lie out of sight.
        request_animation_frame(|| {
            if let Some(problem) = focus::find(".side [data-testid='problem']") {
                problem.scroll_into_view();
            }
        });
    }

    /// The way on after a failure.
    pub(super) fn go_on(self, step: NextStep) {
        match (step, self.step.get_untracked()) {
            (NextStep::ReloadPage, _) | (_, Step::Choose | Step::Factor(_)) => self.visit.load(),
            (NextStep::Enrol, Step::Preparing(decision) | Step::Signing(decision)) => {
                self.go(Step::Factor(Some(decision)));
            }
            (NextStep::CheckAgain, Step::Signing(_)) => self.sign(),
            (_, Step::Preparing(decision) | Step::Signing(decision)) => self.prepare(decision),
            (_, Step::Abstaining) => self.abstain(),
        }
    }
}
