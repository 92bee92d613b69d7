//! "This wasn't me", from a mail: says what it does, and does it at a press.
//!
//! Nothing is asked of the edge before the press: mail scanners open what a mail links to.

use crate::advice::{self, Step};
use crate::bridge::{Failure, ask, spawn};
use crate::dialog::factors::what_it_does;
use crate::focus;
use crate::ui::{Look, button, failure_notice, when_day};
use engine::wire::not_me::{NotMeDone, NotMeLinkRequest};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Locking {
    link: StoredValue<String>,
    busy: RwSignal<bool>,
    done: RwSignal<Option<Result<NotMeDone, Failure>>>,
}

/// Shows it in `main`.
pub(super) fn start(main: &web_sys::HtmlElement, link: String) {
    let it = Locking { link: StoredValue::new(link), busy: RwSignal::new(false), done: RwSignal::new(None) };
    main.set_text_content(None);
    leptos::mount::mount_to(main.clone(), move || page(it)).forget();
    focus::soon("h1");
}

impl Locking {
    fn lock(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn(async move {
            let question = NotMeLinkRequest { link: self.link.get_value() };
            let answer = ask(route::HOSTED_NOT_ME, &question).await;
            self.busy.set(false);
            let done = answer.is_ok();
            self.done.set(Some(answer));
            focus::soon(if done { "h1" } else { "[data-testid='problem']" });
        });
    }
}

fn page(it: Locking) -> AnyView {
    view! {
        <div class="card" data-testid="not-me-page" data-busy=move || it.busy.get().to_string()>
            <p class="brand">"Countersign"</p>
            <h1 tabindex="-1" data-testid="hosted-title">
                {move || if it.done.with(|done| matches!(done, Some(Ok(NotMeDone::Locked | NotMeDone::LockedBefore)))) { "What you confirm with is locked" } else { "This wasn’t me" }}
            </h1>
            {move || it.done.with(|done| match done {
                Some(Ok(done)) => locked(*done),
                Some(Err(failure)) => view! { {(!is_over(failure)).then(before)} {problem(it, failure)} }.into_any(),
                None => view! { {before()} {press(it)} }.into_any(),
            })}
        </div>
    }
    .into_any()
}

/// A link that locks nothing any more: pressing again changes nothing.
fn is_over(failure: &Failure) -> bool {
    failure.kind() == Some(ProblemKind::LinkOver)
}

fn before() -> AnyView {
    view! {
        <p>
            "You come from a mail about what you confirm approvals with in Confluence. If what it tells of was not you, lock it \
             here:"
        </p>
        {what_it_does()}
        <p class="subtle small">
            "Nothing happens before you press the button, and nobody asks you for a code or a password here. If it was you, \
             close this page."
        </p>
    }
    .into_any()
}

fn press(it: Locking) -> AnyView {
    let lock = Callback::new(move |()| it.lock());
    view! { <div class="buttons">{button("not-me-lock", Look::Danger, "Lock what I confirm with", it.busy.into(), lock)}</div> }
        .into_any()
}

fn problem(it: Locking, failure: &Failure) -> AnyView {
    let step = match advice::step(failure) {
        Step::CheckAgain if !is_over(failure) => Step::CheckAgain,
        _ => Step::Nothing,
    };
    failure_notice(failure, step, it.busy.into(), Callback::new(move |_| it.lock())).into_any()
}

fn locked(done: NotMeDone) -> AnyView {
    let said = match done {
        NotMeDone::Locked => view! { "Nothing can be confirmed with your account any more. You and the admins are being told by mail." }.into_any(),
        NotMeDone::LockedBefore => view! { "It was locked before, so nothing changed: no code of yours is accepted until an admin unlocks you." }.into_any(),
        NotMeDone::Used { at } => view! {
            "This link was used on " {when_day(at)} ", and locked it then. It works once: if an admin has unlocked you since, and \
             something else was not you, use the link of the newest mail."
        }
        .into_any(),
    };
    view! {
        <div class="part" role="status" data-testid="locked">
            <p>{said}</p>
            <ul class="reasons">
                <li>"Tell your Confluence admin what was not you. Only they can unlock you."</li>
                <li>"Change the password of your Atlassian account, and look where it is logged in."</li>
            </ul>
            <p class="subtle small">"You can close this page."</p>
        </div>
    }
    .into_any()
}
