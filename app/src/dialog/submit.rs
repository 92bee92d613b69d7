//! Submitting for review.

use super::opening::{Opening, Reporter, SharedReporter, tell_status};
use super::{Frame, draft};
use crate::advice::{self, Step};
use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::context::Context;
use crate::ui::{Look, button, comment_field, comment_is_fine, failure_notice};
use engine::ids::PageVersion;
use engine::wire::act::{SubmitRequest, SubmitResponse};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Submitting {
    frame: Frame,
    version: PageVersion,
    context: StoredValue<Context>,
    reporter: SharedReporter,
    comment: RwSignal<String>,
    comment_fault: RwSignal<Option<String>>,
    failure: RwSignal<Option<Failure>>,
    /// An answer was lost before: if the page is in another state now, that may be our own doing.
    unsure: StoredValue<bool>,
}

/// The dialog's content.
pub(super) fn view(frame: Frame, opening: &Opening, reporter: Reporter) -> AnyView {
    frame.title.set("Submit for review".to_owned());
    let it = Submitting {
        frame,
        version: opening.version,
        context: StoredValue::new(opening.context.clone()),
        reporter: StoredValue::new_local(reporter),
        comment: RwSignal::new(draft::load(&opening.context)),
        comment_fault: RwSignal::new(None),
        failure: RwSignal::new(None),
        unsure: StoredValue::new(false),
    };
    let busy: Signal<bool> = frame.busy.into();
    let version = opening.version.0;
    let on_step = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => it.submit(),
    });
    Effect::new(move || it.context.with_value(|context| it.comment.with(|text| draft::keep(context, text))));
    view! {
        <div class="dialog-body">
            <p>
                "You submit " <strong>{format!("version {version}")}</strong>
                " for review. Reviewers decide on exactly this version; if the page is edited before they have, it goes back."
            </p>
            {comment_field("comment", "What should reviewers know?", false, it.comment, it.comment_fault)}
            {move || it.failure.with(|failure| {
                failure.as_ref().map(|failure| failure_notice(failure, advice::step(failure), busy, on_step))
            })}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Cancel", busy, Callback::new(move |()| frame.close()))}
            {button("submit-confirm", Look::Primary, "Submit for review", busy, Callback::new(move |()| it.submit()))}
        </div>
    }
    .into_any()
}

impl Submitting {
    fn submit(self) {
        if self.frame.busy.get_untracked() || !comment_is_fine(self.comment, false, self.comment_fault) {
            return;
        }
        self.frame.busy.set(true);
        self.failure.set(None);
        spawn(async move {
            let request = SubmitRequest { page_version: self.version, comment: self.comment.get_untracked() };
            let answer: Result<SubmitResponse, Failure> = ask(route::SUBMIT, &request).await;
            self.frame.busy.set(false);
            match answer {
                Ok(answer) => {
                    tell_status(self.reporter, answer.status);
                    self.done();
                }
                Err(failure) if failure.kind() == Some(ProblemKind::WrongState) && self.unsure.get_value() => {
                    self.done();
                }
                Err(failure) => {
                    if advice::step_after_decision(&failure) == Step::CheckAgain {
                        self.unsure.set_value(true);
                    }
                    self.failure.set(Some(failure));
                }
            }
        });
    }

    fn done(self) {
        self.comment.set(String::new());
        self.context.with_value(|context| draft::keep(context, ""));
        bridge::show_success("countersign-submitted", "Submitted for review");
        self.frame.close();
    }
}
