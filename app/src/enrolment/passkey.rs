//! Making a passkey: on a page of our own, because the frame inside of Confluence may not. It counts once the same person says
//! here that it was them.

use super::Enrolment;
use crate::bridge::{self, Failure, ask, spawn};
use crate::ui::{Look, button};
use core::time::Duration;
use engine::wire::passkey::{GoTo, MadeRequest, MadeResponse, MakeRequest};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use leptos::prelude::*;

/// How often it is asked whether it was made.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// How far it is.
#[derive(Clone, PartialEq, Eq)]
enum Progress {
    /// Not begun.
    Idle,
    /// The page for it is open; its address, should it have been closed.
    Waiting(String),
    /// It was made; digits the page shows too.
    Made(String),
}

pub(super) fn view(it: Enrolment) -> AnyView {
    let made = RwSignal::new(Progress::Idle);
    let busy: Signal<bool> = it.busy.into();
    let open = Callback::new(move |()| open(it, made));
    let confirm = Callback::new(move |()| it.confirm_passkey());
    (move || match made.get() {
        Progress::Idle => view! {
            <p>"A page of Countersign opens in a new tab. Make the passkey there, then come back."</p>
            <div class="buttons">{button("make-passkey", Look::Primary, "Make a passkey", busy, open)}</div>
        }
        .into_any(),
        Progress::Waiting(url) => view! {
            <div role="status" data-testid="passkey-waiting">
                <p>"Waiting for your passkey. Come back here once you have made it; this goes on by itself."</p>
                <p class="small">
                    <a href=url target="_blank" rel="noopener noreferrer" data-testid="passkey-link">"Open the page again"</a>
                </p>
            </div>
        }
        .into_any(),
        Progress::Made(check) => view! {
            <div role="status" data-testid="passkey-made">
                <p>"A passkey was made. The page showed the number " <strong data-testid="passkey-check">{check}</strong> ": if it was the same, and it was you, confirm it."</p>
                <div class="buttons">{button("passkey-confirm", Look::Primary, "It was me", busy, confirm)}</div>
            </div>
        }
        .into_any(),
    })
    .into_any()
}

fn open(it: Enrolment, made: RwSignal<Progress>) {
    if it.is_held_back() {
        return;
    }
    it.start();
    spawn(async move {
        let answer: Result<GoTo, Failure> = ask(route::PASSKEY_MAKE, &MakeRequest {}).await;
        it.busy.set(false);
        match answer {
            Ok(to) => {
                bridge::open_tab(&to.url);
                made.set(Progress::Waiting(to.url));
                watch(it, made);
            }
            Err(failure) => it.failed(failure, "#dialog-title"),
        }
    });
}

/// Looks again and again whether it was made, as long as it is waited for.
fn watch(it: Enrolment, made: RwSignal<Progress>) {
    set_timeout(
        move || {
            if !made.try_with_untracked(|made| matches!(made, Progress::Waiting(_))).unwrap_or(false) {
                return;
            }
            spawn(async move {
                let answer: Result<MadeResponse, Failure> = ask(route::PASSKEY_MADE, &MadeRequest {}).await;
                match answer {
                    Ok(MadeResponse::Made { check, .. }) => made.set(Progress::Made(check)),
                    Ok(MadeResponse::Over) => {
                        let words = "This set-up is over: it took too long, or a newer one was begun. Start again.";
                        let problem = engine::wire::problem::Problem::new(ProblemKind::EnrolmentExpired, words);
                        it.failed(Failure::Refused(Box::new(problem)), "#dialog-title");
                    }
                    // A lost answer is asked for again.
                    Ok(MadeResponse::Waiting { .. }) | Err(_) => watch(it, made),
                }
            });
        },
        ASK_AGAIN,
    );
}
