//! The last approved version.

use super::{Page, phrases};
use crate::clock;
use crate::ui::{El, el, folded, signature, when_ago, when_day};
use engine::wire::status::{ApprovedView, PageStatus};

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
        Some(approved) => Some(signed(approved)),
        None if status.latest_version.is_none() && status.review.is_none() => {
            let hint = "When the page is ready, its author submits it for review here.";
            Some(el("p", "subtle").id("empty").text(hint))
        }
        None => None,
    })
    .flatten()
}

/// Where several approvals were asked for, each signature names its own.
fn signed(approved: &ApprovedView) -> El {
    let mut names = approved.signatures.iter().map(|signature| signature.approval.as_str());
    let first = names.next();
    let several = names.any(|name| Some(name) != first);
    folded("signatures", approved.signatures.iter().map(|one| signature(one, several)).collect())
}

/// Until when the state holds.
pub(super) fn expiry(page: Page) -> Option<El> {
    page.read(expires).flatten()
}

fn expires(status: &PageStatus) -> Option<El> {
    let at = status.expires_at.filter(|_| !status.ended)?;
    let to_come = at > clock::now();
    // What was approved is looked at again; anything else just ends.
    let reviewed = status.approved.is_some() && status.review.is_none() && !status.changed_since_approval;
    let words = match (reviewed, to_come) {
        (true, true) => "Review due by ",
        (true, false) => "The review was due by ",
        (false, true) => "Expires on ",
        (false, false) => "Expired on ",
    };
    let line = el("p", "subtle").id("expiry");
    let late = (!to_come).then(|| el("span", "tag warning").text("Overdue"));
    let line = if to_come { line } else { line.add_all(late).text(" ") };
    let ago = (!to_come).then(|| el("span", "").text(" (").add(when_ago(at)).text(")"));
    Some(line.text(words).add(when_day(at)).add_all(ago))
}

/// The page was taken out of the workflow.
pub(super) fn ended(page: Page) -> Option<El> {
    page.read(|status| status.ended).filter(|ended| *ended).map(|_| {
        el("p", "ended").id("ended").text(
            "This page was taken out of the workflow: nothing is asked for it any more. What was approved stays approved.",
        )
    })
}
