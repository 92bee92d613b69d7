//! One person's decision, as it was signed.

use super::comment::quoted;
use super::el::{El, el};
use super::when::when_exact;
use crate::words;
use engine::wire::status::{Decision, DecisionView};

/// Who, when, with what meaning, for whom besides, and whether a code confirmed it. Where decisions on different approvals
/// stand together, each names its own.
pub(crate) fn signature(decision: &DecisionView, name_approval: bool) -> El {
    let (class, verb) = match decision.decision {
        Decision::Approve => ("signature approved", " approved"),
        Decision::Reject => ("signature rejected", " rejected"),
    };
    let confirmed =
        (decision.signed && decision.invited.is_none()).then(|| el("span", "tag").text("Confirmed with a code"));
    // Without an account it says what stands behind it, in the words of the entry.
    let invited = decision.invited.map(|proven| el("span", "tag").id("proven").text(proven.phrase()));
    let approval = (name_approval && !decision.approval.is_empty())
        .then(|| el("span", "").text(" for “").text(&decision.approval).text("”"));
    let others: Vec<&str> = decision.for_others.iter().map(String::as_str).collect();
    let others = (!others.is_empty()).then(|| el("span", "").text(" for ").text(&words::list(&others)).text(" (away)"));
    let emergency = decision.emergency.as_ref().map(|emergency| {
        let who = ["asked for by ", &emergency.asked_by].concat();
        el("div", "emergency")
            .add(el("p", "").add(el("span", "tag warning").text("Emergency access")).text(" ").text(&who))
            .add_all(quoted(Some(&emergency.reason)))
    });
    el("li", class)
        .add(
            el("p", "")
                .add(el("strong", "").text(&decision.name))
                .text(verb)
                .add_all(others)
                .add_all(approval)
                .add(el("span", "subtle").text(" · "))
                .add(when_exact(decision.at)),
        )
        .add(el("p", "meaning").text("“").text(&decision.meaning).text("” ").add_all(confirmed).add_all(invited))
        .add_all(emergency)
        .add_all(quoted(decision.comment.as_deref()))
}
