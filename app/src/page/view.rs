//! The panel.

use super::{Page, actions, approved, confirm_line, history, mine, review};
use crate::advice::{self, Step};
use crate::bridge;
use crate::ui::{El, el, failure_notice, lozenge};
use leptos::prelude::*;

/// The whole panel. The popup of the byline is small and leaves the history to the macro.
pub(super) fn view(page: Page, byline: bool) -> El {
    // The claim, and beneath it at once whether it holds for what the reader sees.
    let claim = el("div", "claim")
        .live(move || approved::line(page))
        .live(move || page.shown.get().then(|| confirm_line::view(page)))
        .live(move || approved::expiry(page));
    el("div", "panel")
        .id("panel")
        .live(move || head(page))
        .live(move || failure(page))
        .add(claim)
        .live(move || confirm_line::stale(page))
        .live(move || approved::ended(page))
        .live(move || approved::signatures(page))
        .live(move || review::view(page))
        .live(move || actions::view(page))
        .live(move || actions::trouble(page))
        .live(move || {
            (page.shown.get() && !byline).then(|| el("div", "foot").add(history::view(page)).add(mine::view(page)))
        })
}

fn head(page: Page) -> Option<El> {
    let title = |text: &str| el("h1", "title").attr("tabindex", "-1").text(text);
    let head = page.read(|status| {
        let state = if status.ended {
            el("span", "lozenge grey").id("state").text("Workflow ended")
        } else {
            lozenge(&status.state, "state")
        };
        el("div", "head").add(title(&status.workflow.name)).add(state)
    });
    Some(head.unwrap_or_else(|| el("div", "head").add(title("Approval"))))
}

fn failure(page: Page) -> Option<El> {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => page.retry(),
    });
    page.failed.with(|failed| {
        failed.as_ref().map(|failure| {
            // Whatever it is, asking again is harmless here.
            let step = match advice::step(failure) {
                Step::ReloadPage => Step::ReloadPage,
                Step::Nothing => Step::Nothing,
                _ => Step::TryAgain,
            };
            failure_notice(failure, step, page.busy.into(), press)
        })
    })
}
