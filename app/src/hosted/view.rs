//! The page as it is shown.

use super::credentials::Trouble;
use super::{Fault, Hosted};
use crate::advice::{self, Step};
use crate::dialog::shown;
use crate::ui::{Look, Tone, button, failure_notice, notice};
use engine::wire::passkey::Task;
use engine::wire::status::Decision;
use leptos::prelude::*;

pub(super) fn page(it: Hosted) -> AnyView {
    view! {
        <div class="card" data-testid="hosted" data-busy=move || it.busy.get().to_string()>
            <p class="brand">"Countersign"</p>
            <h1 tabindex="-1" data-testid="hosted-title">{move || it.task.with(heading)}</h1>
            {move || it.task.with(|task| body(it, task.as_ref()))}
            {move || it.fault.with(|fault| fault.as_ref().map(|fault| problem(it, fault)))}
            {move || press(it)}
        </div>
    }
    .into_any()
}

fn heading(task: &Option<Task>) -> &'static str {
    match task {
        None => "Confirm with a passkey",
        Some(Task::Make { .. }) => "Create a passkey",
        Some(Task::Made { .. }) => "Your passkey was created",
        Some(Task::Sign { shown, .. }) if shown.decision == Decision::Reject => "Reject this version",
        Some(Task::Sign { .. }) => "Approve this version",
        Some(Task::Prove { .. }) => "Confirm what you are about to do",
        Some(Task::Done { .. }) => "Done",
    }
}

fn body(it: Hosted, task: Option<&Task>) -> AnyView {
    match task {
        None if it.over.get() => ().into_any(),
        None => view! {
            <p>
                "You come from Confluence to create or use a passkey for Countersign. This page does it, because Confluence’s \
                 frames may not. Nothing happens before you press the button."
            </p>
            <p class="subtle small">"Were you sent here by somebody else, or by a mail? Then close this page."</p>
        }
        .into_any(),
        Some(Task::Make { options }) => view! {
            <p>
                "A passkey confirms your decisions with your finger, your face or a PIN. It works on this site only, so nobody \
                 can trick you into using it elsewhere."
            </p>
            <p>"It is for " <strong data-testid="user-name">{options.user_name.clone()}</strong> "."</p>
            <p class="subtle small">"Afterwards you confirm it in Confluence. Until then it counts for nothing."</p>
        }
        .into_any(),
        Some(Task::Made { check }) => view! {
            <p>"Go back to Confluence and confirm it there. It shows the same digits:"</p>
            <p class="check-digits" data-testid="check">{check.clone()}</p>
            <p class="subtle small">"Until you confirm it, the passkey counts for nothing. You can close this page."</p>
        }
        .into_any(),
        Some(Task::Sign { shown, comment, .. }) => view! {
            <h2 class="sr">"What you sign"</h2>
            {shown::view(shown, None)}
            {(!comment.is_empty()).then(|| view! {
                <section>
                    <h2>"Your comment"</h2>
                    <p class="said" data-testid="comment-said">{comment.clone()}</p>
                </section>
            })}
        }
        .into_any(),
        Some(Task::Prove { sentence, .. }) => view! {
            <p><strong data-testid="sentence">{sentence.clone()}</strong></p>
            <p class="subtle small">"Afterwards go back to Confluence: it goes on there."</p>
        }
        .into_any(),
        Some(Task::Done { sentence }) => view! {
            <div role="status" data-testid="done">
                <p>{sentence.clone()}</p>
                <p class="subtle small">"You can close this page and go back to Confluence."</p>
            </div>
        }
        .into_any(),
    }
}

fn press(it: Hosted) -> AnyView {
    if it.over.get() {
        return ().into_any();
    }
    let busy: Signal<bool> = it.busy.into();
    let Some((label, look)) = it.task.with(label) else { return ().into_any() };
    let first = it.task.with(Option::is_none);
    let run = Callback::new(move |()| if first { it.open() } else { it.go_on() });
    view! { <div class="buttons">{button(if first { "open" } else { "go-on" }, look, label, busy, run)}</div> }
        .into_any()
}

fn label(task: &Option<Task>) -> Option<(&'static str, Look)> {
    Some(match task {
        None => ("Continue", Look::Primary),
        Some(Task::Make { .. }) => ("Create passkey", Look::Primary),
        Some(Task::Sign { shown, .. }) if shown.decision == Decision::Reject => ("Reject with passkey", Look::Danger),
        Some(Task::Sign { .. }) => ("Approve with passkey", Look::Primary),
        Some(Task::Prove { .. }) => ("Confirm with passkey", Look::Primary),
        Some(Task::Made { .. } | Task::Done { .. }) => return None,
    })
}

fn problem(it: Hosted, fault: &Fault) -> AnyView {
    match fault {
        Fault::Edge(failure) => {
            let busy: Signal<bool> = it.busy.into();
            // The page's own button tries again; where it can't, Confluence is where to go on.
            let step = match advice::step(failure) {
                Step::CheckAgain => Step::CheckAgain,
                _ => Step::Nothing,
            };
            failure_notice(failure, step, busy, Callback::new(move |_| it.resume())).into_any()
        }
        Fault::Passkey(trouble) => {
            let (title, detail) = words(*trouble);
            notice(Tone::Error, "passkey-problem", title, detail, None).into_any()
        }
    }
}

fn words(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::Unsupported => (
            "This browser can’t do it",
            "It knows no passkeys, or none that check who you are. Use another browser or device, or an authenticator app.",
        ),
        Trouble::NotDone => (
            "Nothing was confirmed",
            "It was cancelled, took too long, or there is no passkey for you on this device. Press the button to try again, or go back to Confluence and use another way.",
        ),
        Trouble::Exists => (
            "You have a passkey here already",
            "This device or key holds a passkey of yours. Use that one, or create one on another device.",
        ),
        Trouble::WrongPlace => (
            "Passkeys don’t work at this address",
            "Countersign’s address was changed, or this is not it. Tell your Confluence admin.",
        ),
        Trouble::Other => (
            "The passkey did not work",
            "The browser did not say why. Try again, or go back to Confluence and use another way.",
        ),
    }
}
