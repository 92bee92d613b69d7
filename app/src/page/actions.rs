//! What the person may do: the buttons, or why there are none.

use super::Page;
use super::confirm_line::is_stale;
use super::verdict::VersionLook;
use crate::advice::{self, Step};
use crate::bridge::{self, Failure};
use crate::dialog::What;
use crate::ui::{El, Look, Tone, button, el, failure_notice, lock_notice, notice};
use engine::wire::status::{ActionsResponse, Offer};
use leptos::prelude::*;

/// The actions, once they are known.
pub(super) fn view(page: Page) -> Option<El> {
    page.actions.with(|actions| {
        actions.as_ref().map(|answer| match answer {
            Ok(answer) => offers(page, answer),
            Err(failure) => failed(page, failure),
        })
    })
}

/// Why a dialog could not be opened.
pub(super) fn trouble(page: Page) -> Option<El> {
    page.trouble.get().map(|why| notice(Tone::Error, "problem", "", &why, None))
}

fn offers(page: Page, answer: &ActionsResponse) -> El {
    let submit = matches!(answer.submit, Offer::Open);
    let decide = matches!(answer.decide, Offer::Open);
    let mut reasons: Vec<&str> = [&answer.submit, &answer.decide].into_iter().filter_map(why_not).collect();
    reasons.dedup();
    let waiting = decide.then(|| {
        let detail = "Read it, then approve or reject the version you see.";
        notice(Tone::Information, "banner-waiting", "This page waits for your decision", detail, None)
    });
    let lock = answer.lock.filter(|_| decide);
    let at_end = Callback::new(move |()| page.refresh());
    el("div", "actions")
        .id("actions")
        .add_all(waiting)
        .add_all(lock.map(|lock| lock_notice(lock, at_end)))
        .live(move || buttons(page, submit, decide, lock.is_some()))
        .add_all(reasons.into_iter().map(|why| el("p", "why subtle").id("why-not").text(why)))
}

/// Only where the version on screen is known and still the page's: it is what would be submitted or signed.
fn buttons(page: Page, submit: bool, decide: bool, locked: bool) -> Option<El> {
    let known = matches!(&*page.look.read(), VersionLook::Seen(_)) && page.on_screen.read().is_some();
    (known && !is_stale(page) && (submit || decide)).then(|| {
        let busy: Signal<bool> = page.busy.into();
        let held_back = Signal::derive(move || locked || busy.get());
        let to = |testid, look, label, held_back, what| {
            button(testid, look, label, held_back, Callback::new(move |()| page.open_dialog(what)))
        };
        el("div", "buttons")
            .add_all(decide.then(|| to("approve", Look::Primary, "Approve", held_back, What::Approve)))
            .add_all(decide.then(|| to("reject", Look::Default, "Reject", held_back, What::Reject)))
            .add_all(submit.then(|| to("submit", Look::Primary, "Submit for review", busy, What::Submit)))
    })
}

fn why_not(offer: &Offer) -> Option<&str> {
    match offer {
        Offer::Open => None,
        Offer::Closed { why } => why.as_deref(),
    }
}

fn failed(page: Page, failure: &Failure) -> El {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => page.confirm_again(),
    });
    let step = match advice::step(failure) {
        Step::ReloadPage => Step::ReloadPage,
        _ => Step::TryAgain,
    };
    failure_notice(failure, step, page.busy.into(), press)
}
