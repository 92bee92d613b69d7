//! How far it is, and how each page came out.

use super::outcome::{Outcome, Tally};
use super::{Bulk, Stage, pages};
use crate::advice::Step;
use crate::bridge::{self, Failure};
use crate::ui::{El, Look, Tone, button, failure_notice, notice};
use engine::wire::bulk::{BULK_MIN, BulkItem};
use engine::wire::status::Decision;
use leptos::prelude::*;

/// While it runs, and when it ended.
pub(super) fn view(it: Bulk) -> AnyView {
    let rows = it.list.with_untracked(|list| {
        let items = list.as_ref().map(|list| list.items.as_slice()).unwrap_or_default();
        items.iter().enumerate().map(|(index, item)| row(it, index, item)).collect_view()
    });
    let tally = Memo::new(move |_| it.outcomes.with(|all| Tally::of(all)));
    view! {
        <div class="dialog-body" data-testid="bulk-result">
            {move || if it.stage.get() == Stage::Running { progress(it, tally.get()) } else { summary(it, tally.get()) }}
            <p class="sr" role="status" data-testid="bulk-said">{move || said(it)}</p>
            {move || it.failure.with(|failure| failure.as_ref().map(|(failure, step)| trouble(it, failure, *step)))}
            <div class="scroll tall" tabindex="0" role="group" aria-label="Pages, each with its result">
                <ol class="apart">{rows}</ol>
            </div>
        </div>
        {move || if it.stage.get() == Stage::Running { stop(it) } else { foot(it, tally.get()) }}
    }
    .into_any()
}

fn progress(it: Bulk, tally: Tally) -> AnyView {
    let label = format!("{} of {} done", tally.done(), tally.all);
    view! {
        <div class="progress" data-testid="bulk-progress">
            <p>{label}{move || it.stopping.get().then_some(". Stopping after this page…")}</p>
            <progress max=tally.all.to_string() value=tally.done().to_string() aria-label="Pages decided on"></progress>
        </div>
    }
    .into_any()
}

fn summary(it: Bulk, tally: Tally) -> AnyView {
    let rest = tally.rest();
    if tally.recorded == tally.all {
        let said = "Each has an entry of its own in its page’s record.";
        return notice(Tone::Success, "bulk-summary", "", said, None).into_any();
    }
    let tone = if tally.recorded == 0 { Tone::Error } else { Tone::Warning };
    let over = if !it.over.get() || tally.open() == 0 {
        ""
    } else if tally.open() < BULK_MIN {
        " Open it to decide on it alone."
    } else {
        " You can ask for them again."
    };
    notice(tone, "bulk-summary", "", &[&rest, over].concat(), None).into_any()
}

/// What is read out: one sentence a page, and the summary once.
fn said(it: Bulk) -> String {
    if it.stage.get() != Stage::Running {
        // The summary is a status of its own.
        return String::new();
    }
    let now = it.outcomes.with(|all| all.iter().rposition(|one| !matches!(one, Outcome::Waiting | Outcome::Sending)));
    let Some(index) = now else { return String::new() };
    let title = it.list.with_untracked(|list| {
        list.as_ref().and_then(|list| list.items.get(index)).map(|item| item.title.clone()).unwrap_or_default()
    });
    let words = it.outcomes.with(|all| all.get(index).map(|one| it.words(one).1)).unwrap_or_default();
    format!("{title}: {words}")
}

fn trouble(it: Bulk, failure: &Failure, step: Step) -> El {
    // What helps is in the foot; only a page that has to be loaded anew has its button here.
    let step = if step == Step::ReloadPage { step } else { Step::Nothing };
    let press = Callback::new(move |_| bridge::reload_page());
    failure_notice(failure, step, it.frame.busy.into(), press)
}

fn row(it: Bulk, index: usize, item: &BulkItem) -> AnyView {
    let outcome = Memo::new(move |_| it.outcomes.with(|all| all.get(index).cloned()).unwrap_or(Outcome::Waiting));
    view! {
        <li data-testid="bulk-outcome" data-page=item.listed.page.as_str().to_owned() data-is=move || outcome.with(|one| it.words(one).0)>
            <p>{pages::title(&item.listed.page, item.title.clone())} " " <span class="subtle">{format!("version {}", item.listed.version.0)}</span></p>
            <p class="came-out">{move || outcome.with(|one| it.words(one).1)}</p>
        </li>
    }
    .into_any()
}

impl Bulk {
    /// The word tests and styles tell it by, and what is said of it.
    fn words(self, outcome: &Outcome) -> (&'static str, String) {
        match outcome {
            Outcome::Waiting if self.stage.get() == Stage::Running => ("waiting", "Not reached yet".to_owned()),
            Outcome::Waiting => ("waiting", "Not reached".to_owned()),
            Outcome::Sending => ("sending", "Under way…".to_owned()),
            Outcome::Recorded => {
                let said = match self.decision {
                    Decision::Approve => "Approved",
                    Decision::Reject => "Rejected",
                };
                ("recorded", said.to_owned())
            }
            Outcome::Refused(why) => ("refused", ["Refused. ", why].concat()),
            Outcome::Unsure(why) => ("unsure", ["Not known: ", why].concat()),
        }
    }
}

fn stop(it: Bulk) -> AnyView {
    let stop = Callback::new(move |()| it.stopping.set(true));
    let stopping: Signal<bool> = it.stopping.into();
    view! { <div class="dialog-foot">{button("bulk-stop", Look::Default, "Stop after this page", stopping, stop)}</div> }.into_any()
}

fn foot(it: Bulk, tally: Tally) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let close = Callback::new(move |()| it.frame.close());
    let pages = if tally.open() == 1 { "1 page".to_owned() } else { format!("{} pages", tally.open()) };
    let go_on = match (tally.open(), it.over.get()) {
        (0, _) => None,
        (_, false) => {
            let label = ["Go on with ", &pages].concat();
            Some(button("bulk-go-on", Look::Primary, &label, busy, Callback::new(move |()| it.run())))
        }
        (left, true) if left >= BULK_MIN => {
            let label = format!("Ask again for {pages}");
            let again = Callback::new(move |()| it.ask_for_the_rest());
            Some(button("bulk-ask-again", Look::Primary, &label, busy, again))
        }
        (_, true) => None,
    };
    let look = if go_on.is_some() { Look::Subtle } else { Look::Primary };
    // The last one in the order of the Tab key is the one to press.
    let last = button("bulk-close", look, "Close", busy, close);
    view! {
        <div class="dialog-foot">
            {last} {go_on}
        </div>
    }
    .into_any()
}
