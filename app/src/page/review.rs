//! The review under way: which version, from whom, and the approvals it asks for.

use super::{Page, invited, phrases};
use crate::clock;
use crate::ui::{El, el, folded, names, quoted, signature, when_ago, when_exact, when_until};
use engine::time::Timestamp;
use engine::wire::status::{ApprovalView, DecisionView, EmergencyView, ReviewView, Standing};

/// Nothing where no review is under way.
pub(super) fn view(page: Page) -> Option<El> {
    page.read(|status| status.review.as_ref().map(|review| of(page, review))).flatten()
}

fn of(page: Page, review: &ReviewView) -> El {
    let when = el("span", "subtle").text(" · ").add(when_ago(review.submitted_at));
    el("section", "review")
        .attr("aria-label", "Review")
        .id("review")
        .add(el("p", "").text(&phrases::review(review)).add(when))
        .add_all(quoted(review.comment.as_deref()))
        .add_all(review.emergency.as_ref().map(emergency))
        .add(el("ul", "approvals").add_all(review.approvals.iter().map(|one| approval(page, one))))
        .add_all(earlier(&review.earlier))
}

/// Loud on purpose: whoever sees the page can object before it is carried out.
fn emergency(request: &EmergencyView) -> El {
    let title = [
        "Emergency access asked for: to ",
        phrases::to_do(request.decision),
        " in place of “",
        &request.approval_name,
        "”",
    ];
    let who = el("p", "").text(&request.by).text(" asked for it ").add(when_exact(request.at)).text(".");
    let next = match request.alone_from {
        None => el("p", "").text("Another Confluence admin has to carry it out before ").add(when_exact(request.until)),
        Some(from) => el("p", "").text("There is no other admin: it can be carried out from ").add(when_exact(from)),
    };
    let text = el("div", "notice-text").add(el("p", "notice-title").text(&title.concat())).add(who);
    let text = text.add_all(quoted(Some(&request.reason))).add(next.text("."));
    el("div", "notice warning").id("emergency").attr("role", "note").add(text)
}

/// One approval: its name and how it stands, how it is counted, who has decided, who has not.
fn approval(page: Page, approval: &ApprovalView) -> El {
    let class = match approval.standing {
        Standing::Waiting => "approval waiting",
        Standing::Pending => "approval pending",
        Standing::Approved => "approval approved",
        Standing::Rejected => "approval rejected",
    };
    let standing = el("span", "standing").id("standing").text(phrases::standing(approval.standing));
    let head = el("div", "approval-head").add(el("h2", "approval-name").text(&approval.name)).add(standing);
    let after: Vec<&str> = approval.after.iter().map(String::as_str).collect();
    let waits = (approval.standing == Standing::Waiting && !after.is_empty())
        .then(|| names("Asked after ", &after).id("after"));
    let due = approval.due_at.filter(|_| approval.standing == Standing::Pending);
    let decided =
        (!approval.decisions.is_empty()).then(|| folded("signatures", approval.decisions.iter().map(signed).collect()));
    let unnamed = phrases::unnamed(approval).map(|who| {
        // Where groups are listed by their members, the members are what matters.
        let lead = if approval.standing == Standing::Waiting { "To be asked: " } else { "Asked: " };
        el("p", "").id("asked").add(el("span", "subtle").text(lead)).text(&who)
    });
    let missing: Vec<&str> =
        approval.people.iter().filter(|person| person.decision.is_none()).map(|person| person.name.as_str()).collect();
    let missing = (!missing.is_empty()).then(|| names(phrases::undecided(approval.standing), &missing).id("missing"));
    el("li", class)
        .id("approval")
        .attr("data-approval", approval.id.as_str())
        .add(head)
        .add(el("p", "subtle").id("rule").text(&phrases::rule(approval)))
        .add_all(waits)
        .add_all(due.map(due_date))
        .add_all(decided)
        .add_all(unnamed)
        .add_all(missing)
        .add_all(invited::list(page, approval))
}

/// Until when. What is late says so in a word, and not by its colour alone.
fn due_date(at: Timestamp) -> El {
    if at <= clock::now() {
        let late = el("span", "tag warning").text("Overdue");
        return el("p", "due overdue").id("due").add(late).text(" It was due ").add(when_exact(at));
    }
    el("p", "due").id("due").add(el("span", "subtle").text("Due ")).add(when_until(at))
}

fn signed(decision: &DecisionView) -> El {
    signature(decision, false)
}

/// Approvals of the same version that were given in the states before.
fn earlier(decisions: &[DecisionView]) -> Option<El> {
    (!decisions.is_empty()).then(|| {
        let label = match decisions.len() {
            1 => "1 approval from an earlier stage".to_owned(),
            more => more.to_string() + " approvals from earlier stages",
        };
        let list = folded("signatures", decisions.iter().map(|decision| signature(decision, true)).collect());
        el("details", "earlier").id("earlier").add(el("summary", "").text(&label)).add(list)
    })
}
