//! Whether the approved version is the one on screen.

use super::Page;
use super::verdict::{Verdict, VersionLook, verdict};
use crate::bridge;
use crate::ui::{El, Look, Tone, button, el, never, notice};
use leptos::prelude::*;

/// The line, always there so that a screen reader hears it change; empty if nothing was approved.
pub(super) fn view(page: Page) -> El {
    let line = el("p", "confirm-line").id("confirm-line").attr("role", "status").live_text(move || words(page));
    el("div", "confirm").live_attr("data-verdict", move || said(page).slug().to_owned()).add(line).live(move || {
        matches!(&*page.look.read(), VersionLook::Unknown(_)).then(|| {
            let press = Callback::new(move |()| page.confirm_again());
            button("retry", Look::Subtle, "Try again", never(), press)
        })
    })
}

fn said(page: Page) -> Verdict {
    page.read(|status| {
        let approved = status.approved.as_ref().map(|approved| approved.version);
        verdict(approved, status.changed_since_approval, &page.look.read())
    })
    .unwrap_or(Verdict::Checking)
}

fn words(page: Page) -> String {
    match (said(page), &*page.look.read()) {
        // Where nothing was approved there is no claim to confirm, but submitting needs the version all the same.
        (Verdict::NothingApproved, VersionLook::Unknown(reason)) => {
            ["The page’s version could not be confirmed: ", reason].concat()
        }
        (said, _) => said.sentence(),
    }
}

/// The page moved on after this frame was loaded: what the person reads is not what is there now.
pub(super) fn stale(page: Page) -> Option<El> {
    is_stale(page).then(|| {
        let reload = button("reload", Look::Default, "Reload page", never(), Callback::new(|()| bridge::reload_page()));
        let words = "The page was changed after you opened it. Reload it to read the version it is at now.";
        notice(Tone::Warning, "stale", "", words, Some(reload))
    })
}

/// Whether the version on screen is no longer the page's.
pub(super) fn is_stale(page: Page) -> bool {
    match (page.on_screen.get(), &*page.look.read()) {
        (Some(on_screen), VersionLook::Seen(now)) => *now > on_screen,
        _ => false,
    }
}
