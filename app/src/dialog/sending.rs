//! Sending what a dialog asks for, and what is made of the answer; where the policy asks for it, it is confirmed first. For
//! dialogs without a verdict.

use super::Frame;
use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::confirming::Confirming;
use crate::ui::{El, Look, button, failure_notice};
use engine::wire::act::Acted;
use engine::wire::confirm::Confirmation;
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::status::PageStatus;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(Clone, Copy)]
pub(crate) struct Sending {
    frame: Frame,
    failure: RwSignal<Option<Failure>>,
    /// An answer was lost before: if the page has moved on now, that may be our own doing.
    unsure: StoredValue<bool>,
    confirming: Confirming,
    /// What is sent once it is confirmed: exactly what was asked to be confirmed.
    resume: StoredValue<Option<Callback<Confirmation>>>,
}

impl Sending {
    pub(crate) fn new(frame: Frame) -> Self {
        Self {
            frame,
            failure: RwSignal::new(None),
            unsure: StoredValue::new(false),
            confirming: Confirming::new(frame.busy),
            resume: StoredValue::new(None),
        }
    }

    /// Whether nothing may be sent now.
    pub(crate) fn is_busy(self) -> bool {
        self.frame.busy.get_untracked()
    }

    /// Sends it. `done` gets the answer, or nothing where it was recorded the first time and only the answer was lost.
    /// `place` shows a refusal beside the field it is about, and says whether it did.
    pub(crate) fn send<Question: Serialize + 'static, Answer: DeserializeOwned + 'static>(
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

    /// The same for what may have to be confirmed: then that is asked for, and the very same is sent again with it.
    pub(crate) fn act<Question: Serialize + Clone + 'static>(
        self,
        path: &'static str,
        question: impl Fn(Option<Confirmation>) -> Question + Clone + Send + Sync + 'static,
        done: impl Fn(Option<PageStatus>) + Clone + Send + Sync + 'static,
        place: impl Fn(&Problem) -> bool + Clone + Send + Sync + 'static,
    ) {
        self.act_with(path, question, done, place, None);
    }

    fn act_with<Question: Serialize + Clone + 'static>(
        self,
        path: &'static str,
        question: impl Fn(Option<Confirmation>) -> Question + Clone + Send + Sync + 'static,
        done: impl Fn(Option<PageStatus>) + Clone + Send + Sync + 'static,
        place: impl Fn(&Problem) -> bool + Clone + Send + Sync + 'static,
        confirm: Option<Confirmation>,
    ) {
        let confirms = confirm.is_some();
        let sent = question(confirm);
        let (again, then, placed) = (question, done.clone(), place.clone());
        let answered = move |answer: Option<Acted>| match answer {
            Some(Acted::Done { status }) => done(Some(*status)),
            None => done(None),
            Some(Acted::Confirm { confirm }) => {
                let confirm = *confirm;
                let resume = move |confirmation| {
                    self.act_with(path, again.clone(), then.clone(), place.clone(), Some(confirmation));
                };
                self.resume.set_value(Some(Callback::new(resume)));
                self.confirming.ask_for(confirm.challenge, confirm.how, confirm.sentence);
                if self.confirming.needs_nothing() {
                    // An earlier confirmation stands for it.
                    self.confirm();
                } else {
                    self.frame.focus_heading();
                }
            }
        };
        let refused = move |problem: &Problem| {
            if confirms && self.confirming.refused(problem) {
                return true;
            }
            // What cannot be confirmed any more, or was wrong itself, is for the form to say.
            self.forget();
            placed(problem)
        };
        self.send(path, sent, answered, refused);
    }

    /// Whether something is to be confirmed now.
    pub(crate) fn is_confirming(self) -> bool {
        self.confirming.is_asked()
    }

    fn confirm(self) {
        let send = Callback::new(move |confirmation: Option<Confirmation>| {
            if let (Some(confirmation), Some(resume)) = (confirmation, self.resume.get_value()) {
                resume.run(confirmation);
            }
        });
        self.confirming.press(send);
    }

    fn forget(self) {
        self.confirming.forget();
        self.resume.set_value(None);
    }

    /// What is to be confirmed, and how; nothing as long as nothing is.
    pub(crate) fn confirmation(self) -> AnyView {
        let press = Callback::new(move |()| self.confirm());
        view! {
            {self.confirming.view(press)}
            {self.confirming.problem(press)}
        }
        .into_any()
    }

    /// The buttons below the dialog: its own, or those of what is to be confirmed.
    pub(crate) fn foot(self, testid: &'static str, label: String, go: Callback<()>) -> AnyView {
        let busy: Signal<bool> = self.frame.busy.into();
        (move || {
            if self.is_confirming() {
                let held_back = Signal::derive(move || busy.get() || self.confirming.is_held_back());
                let back = Callback::new(move |()| self.forget());
                let confirm = Callback::new(move |()| self.confirm());
                view! {
                    <div class="dialog-foot">
                        {button("back", Look::Subtle, "Back", busy, back)}
                        {button("act-confirm", Look::Primary, "Confirm", held_back, confirm)}
                    </div>
                }
                .into_any()
            } else {
                let close = Callback::new(move |()| self.frame.close());
                view! {
                    <div class="dialog-foot">
                        {button("cancel", Look::Subtle, "Cancel", busy, close)}
                        {button(testid, Look::Primary, &label, busy, go)}
                    </div>
                }
                .into_any()
            }
        })
        .into_any()
    }

    /// Why it failed, and the way on; `again` sends it once more.
    pub(crate) fn problem(self, again: Callback<()>) -> impl Fn() -> Option<El> {
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
