//! Sending what a dialog asks for, and what is made of the answer. For dialogs without a signature.

use super::Frame;
use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::ui::{El, failure_notice};
use engine::wire::problem::{Problem, ProblemKind};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(Clone, Copy)]
pub(super) struct Sending {
    frame: Frame,
    failure: RwSignal<Option<Failure>>,
    /// An answer was lost before: if the page has moved on now, that may be our own doing.
    unsure: StoredValue<bool>,
}

impl Sending {
    pub(super) fn new(frame: Frame) -> Self {
        Self { frame, failure: RwSignal::new(None), unsure: StoredValue::new(false) }
    }

    /// Whether nothing may be sent now.
    pub(super) fn is_busy(self) -> bool {
        self.frame.busy.get_untracked()
    }

    /// Sends it. `done` gets the answer, or nothing where it was recorded the first time and only the answer was lost.
    /// `place` shows a refusal beside the field it is about, and says whether it did.
    pub(super) fn send<Question: Serialize + 'static, Answer: DeserializeOwned + 'static>(
        self,
        path: &'static str,
        question: Question,
        done: impl FnOnce(Option<Answer>) + 'static,
        place: impl FnOnce(&Problem) -> bool + 'static,
    ) {
        self.frame.busy.set(true);
        self.failure.set(None);
        spawn(async move {
            let answer: Result<Answer, Failure> = ask(path, &question).await;
            self.frame.busy.set(false);
            match answer {
                Ok(answer) => done(Some(answer)),
                Err(failure) if failure.kind() == Some(ProblemKind::WrongState) && self.unsure.get_value() => {
                    done(None);
                }
                Err(Failure::Refused(problem)) if place(&problem) => {}
                Err(failure) => {
                    if advice::step_after_decision(&failure) == Step::CheckAgain {
                        self.unsure.set_value(true);
                    }
                    self.failure.set(Some(failure));
                }
            }
        });
    }

    /// Why it failed, and the way on; `again` sends it once more.
    pub(super) fn problem(self, again: Callback<()>) -> impl Fn() -> Option<El> {
        let press = Callback::new(move |step| match step {
            Step::ReloadPage => bridge::reload_page(),
            _ => again.run(()),
        });
        move || {
            self.failure.with(|failure| {
                failure
                    .as_ref()
                    .map(|failure| failure_notice(failure, advice::step(failure), self.frame.busy.into(), press))
            })
        }
    }
}
