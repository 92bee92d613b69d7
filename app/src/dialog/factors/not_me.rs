//! "This wasn't me".

use super::Factors;
use crate::advice;
use crate::bridge::Failure;
use crate::ui::{Look, button, failure_notice};
use engine::wire::factors::NotMeRequest;
use engine::wire::route;
use leptos::prelude::*;

pub(super) fn view(it: Factors) -> AnyView {
    it.frame.title.set("This wasn’t me".to_owned());
    let failure: RwSignal<Option<Failure>> = RwSignal::new(None);
    let busy: Signal<bool> = it.frame.busy.into();
    let said = "Your codes are locked, and the admins are being told.";
    let lock = Callback::new(move |()| it.send(route::NOT_ME, NotMeRequest {}, said, failure));
    let problem = move || {
        failure.with(|failure| {
            failure
                .as_ref()
                .map(|one| failure_notice(one, advice::step(one), busy, Callback::new(move |_| lock.run(()))))
        })
    };
    view! {
        <div class="dialog-body" data-testid="not-me-dialog">
            <p>"If somebody used your codes, or tried to, lock them now:"</p>
            {what_it_does()}
            {problem}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Back", busy, Callback::new(move |()| it.back(None)))}
            {button("not-me-lock", Look::Danger, "Lock my codes", busy, lock)}
        </div>
    }
    .into_any()
}

/// What locking does, wherever it is pressed.
pub(crate) fn what_it_does() -> AnyView {
    view! {
        <ul class="reasons">
            <li>"None of your codes is accepted any more, whoever enters it."</li>
            <li>"A confirmation that would have held for a while ends."</li>
            <li>"You and every Countersign admin get a mail."</li>
            <li>"You can decide on nothing until an admin has looked into it and unlocks you."</li>
        </ul>
        <p>"What is recorded already stays recorded: tell the admins which entry was not yours."</p>
    }
    .into_any()
}
