//! Before anything is shown: a code is mailed to the address that was invited, and typed here.

use super::Visit;
use super::view::problem;
use crate::ui::{Keys, Look, Tone, button, code_field, countdown, notice, when_until};
use engine::time::Timestamp;
use engine::token::guessing::Lock;
use engine::token::mail_code;
use leptos::prelude::*;

/// What is wrong with a code before it is sent; nothing if it may be sent.
pub(super) fn fault(typed: &str) -> Option<&'static str> {
    if typed.trim().is_empty() {
        Some("Enter the code from the mail.")
    } else if mail_code::normalise(typed).is_none() {
        Some("The code has eight letters and digits, like ABCD-1234.")
    } else {
        None
    }
}

pub(super) fn view(it: Visit) -> AnyView {
    view! {
        <div class="card" data-testid="invited-door" data-busy=move || it.busy.get().to_string()>
            <p class="brand">"Countersign"</p>
            <h1 tabindex="-1">"You are asked for a decision"</h1>
            {move || it.remark.get().map(|(tone, words)| notice(tone, "door-remark", "", words, None))}
            {move || match it.sent.get() {
                None => asking(it),
                Some(until) => entering(it, until),
            }}
            {move || it.lock.get().map(|lock| locked(lock, Callback::new(move |()| it.lock.set(None))))}
            {problem(it)}
        </div>
    }
    .into_any()
}

fn held_back(it: Visit) -> Signal<bool> {
    Signal::derive(move || it.busy.get() || it.lock.with(Option::is_some))
}

fn asking(it: Visit) -> AnyView {
    let send = Callback::new(move |()| it.send_code());
    view! {
        <p>
            "Somebody invited you by mail to approve or reject one version of a document. You need no account for it. To show that \
             the mailbox is yours, have a code sent to it. Until then nothing is shown."
        </p>
        <div class="buttons">{button("send-code", Look::Primary, "Send me a code", held_back(it), send)}</div>
        <p class="subtle small">
            "The code goes to the address the invitation was sent to, and nowhere else. Was the link passed on to you? Then ask for an \
             invitation of your own."
        </p>
    }
    .into_any()
}

fn entering(it: Visit, until: Timestamp) -> AnyView {
    let enter = Callback::new(move |()| it.enter());
    let again = Callback::new(move |()| it.send_code());
    let locked = Signal::derive(move || it.lock.with(Option::is_some));
    view! {
        <p role="status" data-testid="code-sent">
            "A code was sent to the address you were invited at. It is good until " {when_until(until)} "; a newer one ends it."
        </p>
        {code_field("entry-code", Keys::Text, "Code from the mail", it.code, it.code_fault, locked, enter)}
        <div class="buttons">{button("enter", Look::Primary, "Show me the document", held_back(it), enter)}</div>
        <p class="again">"No mail? Look in the spam folder. " {button("send-again", Look::Subtle, "Send another one", held_back(it), again)}</p>
    }
    .into_any()
}

/// Codes are refused for now. Whoever has no account knows no administrator: they ask who invited them.
pub(super) fn locked(lock: Lock, at_end: Callback<()>) -> AnyView {
    match lock {
        Lock::Until { at } => view! {
            <div class="notice warning" role="status" data-testid="locked">
                <div class="notice-text">
                    <p class="notice-title">"Too many wrong codes"</p>
                    <p>"To protect you, codes are refused for another " {countdown(at, at_end)} ". You can go on after that."</p>
                </div>
            </div>
        }
        .into_any(),
        Lock::UntilUnlocked => notice(
            Tone::Error,
            "locked",
            "Your codes are locked",
            "There were too many wrong ones. Write to whoever invited you: a Confluence administrator of theirs can unlock you.",
            None,
        )
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn a_code_is_looked_at_before_it_is_sent() {
        assert_eq!(fault("abcd 1234"), None);
        assert!(fault(" ").is_some());
        assert!(fault("123456").is_some());
    }
}
