//! The last approved version.

use super::{Page, phrases};
use crate::ui::{El, el, signature};

/// Which version was approved, and by whom.
pub(super) fn line(page: Page) -> Option<El> {
    page.read(|status| {
        let line = |class| el("p", class).id("approved-line");
        match &status.approved {
            Some(approved) => line("approved-line").text(&phrases::approved(approved)),
            None => line("approved-line none").text("No version of this page has been approved yet."),
        }
    })
}

/// Each approval: who, when, with what meaning. On a page nothing has happened to, what comes next.
pub(super) fn signatures(page: Page) -> Option<El> {
    page.read(|status| match &status.approved {
        Some(approved) => Some(el("ul", "signatures").add_all(approved.signatures.iter().map(signature))),
        None if status.latest_version.is_none() && status.review.is_none() => {
            let hint = "When the page is ready, its author submits it for review here.";
            Some(el("p", "subtle").id("empty").text(hint))
        }
        None => None,
    })
    .flatten()
}
