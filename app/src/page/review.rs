//! The review under way.

use super::{Page, phrases};
use crate::ui::{El, el, quoted, signature, when_ago};
use engine::wire::status::{ApprovalView, Decision};

/// Which version, from whom, and how far it has come.
pub(super) fn view(page: Page) -> Option<El> {
    page.read(|status| {
        status.review.as_ref().map(|review| {
            let when = el("span", "subtle").text(" · ").add(when_ago(review.submitted_at));
            el("section", "review")
                .attr("aria-label", "Review")
                .id("review")
                .add(el("p", "").text(&phrases::review(review)).add(when))
                .add_all(quoted(review.comment.as_deref()))
                .add_all(review.approvals.iter().map(approval))
        })
    })
    .flatten()
}

fn approval(approval: &ApprovalView) -> El {
    let given = approval.decisions.iter().filter(|decision| decision.decision == Decision::Approve).count();
    let how_far = format!(" · {given} of {} approvals", approval.required);
    let head = el("p", "").add(el("strong", "").text(&approval.name)).add(el("span", "subtle").text(&how_far));
    let decisions = (!approval.decisions.is_empty())
        .then(|| el("ul", "signatures").add_all(approval.decisions.iter().map(signature)));
    el("div", "approval").add(head).add_all(decisions)
}
