//! Messages in the flow of the page.

use super::button::{Look, button};
use super::el::{El, el};
use crate::advice::{self, Step};
use crate::bridge::Failure;
use leptos::prelude::*;

/// What a message is about.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    /// Good to know.
    Information,
    /// Done.
    Success,
    /// Attention needed.
    Warning,
    /// It did not work.
    Error,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Information => "notice information",
            Self::Success => "notice success",
            Self::Warning => "notice warning",
            Self::Error => "notice error",
        }
    }

    /// Errors interrupt a screen reader, others wait for a pause.
    fn role(self) -> &'static str {
        if matches!(self, Self::Error) { "alert" } else { "status" }
    }
}

/// A message: what happened and what to do. Buttons can be added to it.
pub(crate) fn notice(tone: Tone, testid: &str, title: &str, detail: &str, buttons: Option<El>) -> El {
    notice_of(tone, testid, title, el("p", "").text(detail), buttons)
}

/// The same with more than words in it.
pub(super) fn notice_of(tone: Tone, testid: &str, title: &str, detail: El, buttons: Option<El>) -> El {
    let title = (!title.is_empty()).then(|| el("p", "notice-title").text(title));
    let text = el("div", "notice-text").add_all(title).add(detail);
    let text = text.add_all(buttons.map(|buttons| el("div", "buttons").add(buttons)));
    el("div", tone.class()).attr("role", tone.role()).id(testid).add(text)
}

/// A failed request: its words and, where a press helps, the button. `data-kind` lets a test tell them apart.
pub(crate) fn failure_notice(failure: &Failure, step: Step, busy: Signal<bool>, press: Callback<Step>) -> El {
    let kind = failure.kind().map_or("no-answer", engine::wire::problem::ProblemKind::slug);
    let on_the_way = matches!(failure, Failure::Offline | Failure::Unreachable | Failure::Silent);
    let tone = if on_the_way { Tone::Warning } else { Tone::Error };
    let again = step
        .label()
        .map(|label| button("problem-step", Look::Default, label, busy, Callback::new(move |()| press.run(step))));
    notice(tone, "problem", &advice::title(failure, step), &advice::detail(failure, step), again)
        .attr("role", "alert")
        .attr("data-kind", kind)
}
