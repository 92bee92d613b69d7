//! The page as it is shown.

use super::{Visit, door, reading};
use crate::advice::{self, Step};
use crate::bridge::Failure;
use crate::ui::{self, Tone, failure_notice, notice, when_exact};
use engine::wire::invited::{Invited, InvitedAnswered};
use engine::wire::status::Decision;
use leptos::prelude::*;

pub(super) fn page(it: Visit) -> AnyView {
    (move || {
        it.over.with(|over| match over {
            Some(failure) => ended(failure),
            None => it.at.with(|at| match at {
                None => waiting(it),
                Some(Invited::Door { .. }) => door::view(it),
                Some(Invited::Open { shown }) => reading::view(it, shown),
                Some(Invited::Answered { answered }) => answered_view(answered),
            }),
        })
    })
    .into_any()
}

/// Before the first answer, or where there was none.
fn waiting(it: Visit) -> AnyView {
    let bones = move || it.busy.get().then(ui::loading);
    view! {
        <div class="card" data-testid="invited-waiting">
            <p class="brand">"Countersign"</p>
            <h1 tabindex="-1">"You are asked for a decision"</h1>
            {bones}
            {problem(it)}
        </div>
    }
    .into_any()
}

/// Why the last press led to nothing; `again` is what the person would press.
pub(super) fn problem(it: Visit) -> AnyView {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => crate::bridge::reload_page(),
        _ => it.load(),
    });
    (move || {
        it.failure.with(|failure| {
            failure.as_ref().map(|failure| {
                // At the door the buttons are there to be pressed again.
                let step = match advice::step(failure) {
                    Step::TryAgain | Step::CheckAgain if it.at.with_untracked(Option::is_some) => Step::Nothing,
                    step => step,
                };
                failure_notice(failure, step, it.busy.into(), press)
            })
        })
    })
    .into_any()
}

/// Nothing of the page is shown any more, not even its title.
fn ended(failure: &Failure) -> AnyView {
    let step = advice::step(failure);
    view! {
        <div class="card" data-testid="invited-over" data-kind=failure.kind().map(engine::wire::problem::ProblemKind::slug)>
            <p class="brand">"Countersign"</p>
            <h1 tabindex="-1">{advice::title(failure, step)}</h1>
            <p>{advice::detail(failure, step)}</p>
            <p class="subtle">"You can close this page."</p>
        </div>
    }
    .into_any()
}

fn answered_view(answered: &InvitedAnswered) -> AnyView {
    let title = match answered.decision {
        Some(Decision::Approve) => "You approved",
        Some(Decision::Reject) => "You rejected",
        None => "You abstained",
    };
    view! {
        <div class="card" data-testid="invited-answered">
            <p class="brand">"Countersign"</p>
            <h1 tabindex="-1">{title}</h1>
            {notice(Tone::Success, "answered-sentence", "", &answered.sentence, None)}
            <dl class="facts">
                <dt>"Version"</dt>
                <dd data-testid="answered-version">{answered.version.0}</dd>
                <dt>"Recorded"</dt>
                <dd>{when_exact(answered.at)}</dd>
            </dl>
            <p class="subtle">"Whoever invited you is told by mail. You can close this page."</p>
        </div>
    }
    .into_any()
}
