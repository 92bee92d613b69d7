//! One person's decision, as it was signed.

use super::comment::quoted;
use super::el::{El, el};
use super::when::when_exact;
use engine::wire::status::{Decision, DecisionView};

/// Who, when, with what meaning, and whether a code confirmed it.
pub(crate) fn signature(decision: &DecisionView) -> El {
    let (class, verb) = match decision.decision {
        Decision::Approve => ("signature approved", " approved"),
        Decision::Reject => ("signature rejected", " rejected"),
    };
    let confirmed = decision.signed.then(|| el("span", "tag").text("Confirmed with a code"));
    el("li", class)
        .add(
            el("p", "")
                .add(el("strong", "").text(&decision.name))
                .text(verb)
                .add(el("span", "subtle").text(" · "))
                .add(when_exact(decision.at)),
        )
        .add(el("p", "meaning").text("“").text(&decision.meaning).text("” ").add_all(confirmed))
        .add_all(quoted(decision.comment.as_deref()))
}
