//! Approving or rejecting: what is known, what is typed, and what is sent.

use super::opening::{SharedReporter, tell_status};
use super::{Frame, draft};
use crate::advice::{self, Step};
use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::confirming::Confirming;
use crate::context::Context;
use crate::focus;
use crate::ui::comment_is_fine;
use core::time::Duration;
use engine::ids::{ApprovalId, PageVersion};
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
    /// It is explained why the person is asked. What was typed waits.
    Why,
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
    pub(super) confirming: Confirming,
    /// What the signature shall mean, once the person chose.
    pub(super) meaning: RwSignal<Option<String>>,
    pub(super) failure: RwSignal<Option<(Failure, Step)>>,
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
        self.ask("#dialog-title");
    }

    /// The signature shall mean something else: that is another challenge. All that was typed stays.
    pub(super) fn choose(self, meaning: String) {
        if self.frame.busy.get_untracked() {
            return;
        }
        self.failure.set(None);
        self.meaning.set(Some(meaning));
        self.ask("#meanings input:checked");
    }

    fn ask(self, then: &'static str) {
        self.frame.busy.set(true);
        spawn(async move {
            let approval = self.approval.get_value();
            let meaning = self.meaning.get_untracked();
            let request = ChallengeRequest { decision: self.decision, page_version: self.version, approval, meaning };
            let answer: Result<ChallengeResponse, Failure> = ask(route::CHALLENGE, &request).await;
            self.frame.busy.set(false);
            match answer {
                Ok(challenge) => {
                    self.confirming.ask_for(challenge.challenge.clone(), challenge.how.clone(), String::new());
                    self.challenge.set(Some(challenge));
                    self.failure.set(None);
                    self.stage.set(Stage::Signing);
                    focus::soon(then);
                }
                Err(failure) if failure.kind() == Some(ProblemKind::NoFactor) => self.enter(Stage::Enrolling),
                Err(failure) => {
                    // What the meaning was chosen from has changed: begin with what there is now.
                    self.meaning.set(None);
                    let step = advice::step(&failure);
                    self.failed(failure, step);
                }
            }
        });
    }

    /// Whether the comment may be sent; says so beside the field if not.
    pub(super) fn comment_is_fine(self) -> bool {
        let Some(challenge) = self.challenge.get_untracked() else {
            return false;
        };
        let missing = match self.decision {
            Decision::Approve => "Say why: this approval asks for a comment.",
            Decision::Reject => "Say why, so that the author knows what to change.",
        };
        let missing = challenge.shown.comment_required.then_some(missing);
        let fine = comment_is_fine(self.comment, missing, self.comment_fault);
        if !fine {
            focus::now("#comment");
        }
        fine
    }

    /// Sends the decision, if what was typed can be right.
    pub(super) fn sign(self) {
        if self.frame.busy.get_untracked() || self.confirming.is_locked() {
            return;
        }
        // Every fault is shown; the focus goes to the first.
        let code_fine = self.confirming.is_fine();
        if !self.comment_is_fine() || !code_fine {
            return;
        }
        let Some(confirmation) = self.confirming.confirmation() else {
            return;
        };
        self.send(DecisionRequest {
            challenge: confirmation.challenge,
            decision: self.decision,
            page_version: self.version,
            comment: self.comment.get_untracked(),
            code: confirmation.code,
            identification: confirmation.identification,
        });
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
        // A code is asked for where none was a moment ago: the session that stood for it is over, so how it is confirmed now
        // has to be asked again.
        let no_field = matches!(&failure, Failure::Refused(problem)
            if problem.kind == ProblemKind::BadField && problem.field.as_deref() == Some("code"));
        let step = if no_field { Step::AskAgain } else { step };
        self.failure.set(Some((failure, step)));
    }

    fn has_a_place(self, problem: &Problem) -> bool {
        match (problem.kind, problem.field.as_deref()) {
            (ProblemKind::BadField, Some("comment")) => {
                self.comment_fault.set(Some(advice::refused_code(problem)));
                focus::now("#comment");
                true
            }
            _ => self.confirming.refused(problem),
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
