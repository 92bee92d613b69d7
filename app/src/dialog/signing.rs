//! Approving or rejecting: what is known, what is typed, and what is sent.

use super::opening::{SharedReporter, tell_status};
use super::{Frame, draft};
use crate::advice::{self, Step};
use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::context::Context;
use crate::ui::comment_is_fine;
use crate::{focus, words};
use core::time::Duration;
use engine::ids::{ApprovalId, PageVersion};
use engine::token::guessing::Lock;
use engine::wire::act::{ChallengeRequest, ChallengeResponse, DecisionRequest, DecisionResponse};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::route;
use engine::wire::status::Decision;
use leptos::prelude::*;

/// How long the confirmation stays before the dialog closes by itself.
const CONFIRMATION: Duration = Duration::from_millis(2500);

/// Where the dialog stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// An authenticator has to be set up first.
    Enrolling,
    /// What is to be signed is being fetched, or could not be.
    Preparing,
    /// It is shown; comment and code can be typed.
    Signing,
    /// It is recorded.
    Done,
}

#[derive(Clone, Copy)]
pub(super) struct Signing {
    pub(super) frame: Frame,
    pub(super) decision: Decision,
    pub(super) version: PageVersion,
    /// For which approval; the first that is open to the person if it is not said.
    pub(super) approval: StoredValue<Option<ApprovalId>>,
    pub(super) context: StoredValue<Context>,
    pub(super) reporter: SharedReporter,
    pub(super) stage: RwSignal<Stage>,
    pub(super) challenge: RwSignal<Option<ChallengeResponse>>,
    pub(super) comment: RwSignal<String>,
    pub(super) comment_fault: RwSignal<Option<String>>,
    pub(super) code: RwSignal<String>,
    pub(super) code_fault: RwSignal<Option<String>>,
    pub(super) failure: RwSignal<Option<(Failure, Step)>>,
    pub(super) lock: RwSignal<Option<Lock>>,
    /// What the last press sent, for sending the very same again.
    pub(super) sent: StoredValue<Option<DecisionRequest>>,
    pub(super) recorded: RwSignal<Option<DecisionResponse>>,
}

impl Signing {
    pub(super) fn enter(self, stage: Stage) {
        self.failure.set(None);
        self.stage.set(stage);
        self.frame.focus_heading();
    }

    /// Asks what would be signed. The comment and the code stay as they are.
    pub(super) fn prepare(self) {
        self.enter(Stage::Preparing);
        self.frame.busy.set(true);
        spawn(async move {
            let approval = self.approval.get_value();
            let request = ChallengeRequest { decision: self.decision, page_version: self.version, approval };
            let answer = ask(route::CHALLENGE, &request).await;
            self.frame.busy.set(false);
            match answer {
                Ok(challenge) => {
                    self.challenge.set(Some(challenge));
                    self.enter(Stage::Signing);
                }
                Err(failure) if failure.kind() == Some(ProblemKind::NoFactor) => self.enter(Stage::Enrolling),
                Err(failure) => {
                    let step = advice::step(&failure);
                    self.failed(failure, step);
                }
            }
        });
    }

    /// Sends the decision, if what was typed can be right.
    pub(super) fn sign(self) {
        let Some(challenge) = self.challenge.get_untracked() else {
            return;
        };
        if self.frame.busy.get_untracked() || self.lock.get_untracked().is_some() {
            return;
        }
        let missing = match self.decision {
            Decision::Approve => "Say why: this approval asks for a comment.",
            Decision::Reject => "Say why, so that the author knows what to change.",
        };
        let missing = challenge.shown.comment_required.then_some(missing);
        let comment_fine = comment_is_fine(self.comment, missing, self.comment_fault);
        let code_fault = if challenge.code_required { words::code_fault(&self.code.read_untracked()) } else { None };
        self.code_fault.set(code_fault.map(str::to_owned));
        if !comment_fine {
            focus::now("#comment");
        } else if code_fault.is_some() {
            focus::now("#code");
        } else {
            self.send(DecisionRequest {
                challenge: challenge.challenge,
                decision: self.decision,
                page_version: self.version,
                comment: self.comment.get_untracked(),
                code: words::bare_code(&self.code.read_untracked()),
            });
        }
    }

    fn send(self, request: DecisionRequest) {
        self.sent.set_value(Some(request.clone()));
        self.failure.set(None);
        self.frame.busy.set(true);
        spawn(async move {
            let answer: Result<DecisionResponse, Failure> = ask(route::DECISION, &request).await;
            self.frame.busy.set(false);
            match answer {
                Ok(answer) => self.done(answer),
                Err(failure) => {
                    let step = advice::step_after_decision(&failure);
                    self.failed(failure, step);
                }
            }
        });
    }

    fn done(self, answer: DecisionResponse) {
        tell_status(self.reporter, answer.status.clone());
        self.recorded.set(Some(answer));
        self.comment.set(String::new());
        self.context.with_value(|context| draft::keep(context, ""));
        let (id, title) = match self.decision {
            Decision::Approve => ("countersign-approved", "Your approval is recorded"),
            Decision::Reject => ("countersign-rejected", "Your rejection is recorded"),
        };
        bridge::show_success(id, title);
        self.frame.title.set(title.to_owned());
        self.enter(Stage::Done);
        set_timeout(move || self.frame.close(), CONFIRMATION);
    }

    /// Each refusal goes to its own place; only a code that is known to be spent or wrong is cleared.
    fn failed(self, failure: Failure, step: Step) {
        if let Failure::Refused(problem) = &failure
            && self.has_a_place(problem)
        {
            return;
        }
        self.failure.set(Some((failure, step)));
    }

    fn has_a_place(self, problem: &Problem) -> bool {
        let at = |id, fault: RwSignal<Option<String>>| {
            fault.set(Some(advice::refused_code(problem)));
            focus::now(id);
            true
        };
        match (problem.kind, problem.field.as_deref()) {
            // The wrong code that was one too many comes with the lock it led to.
            (ProblemKind::Locked | ProblemKind::WrongCode | ProblemKind::CodeUsed, _) if problem.lock.is_some() => {
                self.code.set(String::new());
                self.code_fault.set(None);
                self.lock.set(problem.lock);
                true
            }
            (ProblemKind::WrongCode | ProblemKind::CodeUsed, _) => {
                self.code.set(String::new());
                at("#code", self.code_fault)
            }
            (ProblemKind::BadField, Some("code")) => at("#code", self.code_fault),
            (ProblemKind::BadField, Some("comment")) => at("#comment", self.comment_fault),
            _ => false,
        }
    }

    /// The button beside a failure.
    pub(super) fn take(self, step: Step) {
        match step {
            Step::ReloadPage => bridge::reload_page(),
            Step::AskAgain => self.prepare(),
            Step::Enrol => self.enter(Stage::Enrolling),
            Step::TryAgain | Step::CheckAgain => match self.sent.get_value() {
                Some(request) if self.stage.get_untracked() == Stage::Signing => self.send(request),
                _ => self.prepare(),
            },
            Step::Correct | Step::Wait | Step::Nothing => {}
        }
    }
}
