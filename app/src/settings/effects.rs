//! What should have happened in Confluence or by mail, and did not.

use super::Settings;
use crate::advice;
use crate::bridge::spawn;
use crate::bridge::{Failure, ask};
use crate::ui::{Look, Tone, button, el, notice, when_ago};
use core::time::Duration;
use engine::wire::route;
use engine::wire::settings::{FailedEffect, OverviewRequest, RetryRequest, RetryResponse};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// How long a retry is given before the list is fetched again.
const A_MOMENT: Duration = Duration::from_secs(3);

#[derive(Clone, Copy)]
struct Effects {
    settings: Settings,
    /// What became of the retries asked for here, by row.
    retried: RwSignal<BTreeMap<u64, String>>,
    busy: RwSignal<bool>,
    said: RwSignal<Option<(bool, String)>>,
}

pub(super) fn view(settings: Settings) -> AnyView {
    let it = Effects {
        settings,
        retried: RwSignal::new(BTreeMap::new()),
        busy: RwSignal::new(false),
        said: RwSignal::new(None),
    };
    view! {
        <section class="section" data-testid="section-effects" aria-labelledby="h-effects">
            <h2 id="h-effects">"Failed effects"</h2>
            <p class="subtle">"Things a decision should have caused outside the journal. The decisions themselves stand."</p>
            {move || it.said.get().map(|(fine, text)| {
                let tone = if fine { Tone::Success } else { Tone::Error };
                notice(tone, "retry-result", "", &text, None)
            })}
            {move || list(it)}
        </section>
    }
    .into_any()
}

fn list(it: Effects) -> AnyView {
    it.settings
        .overview
        .with(|overview| {
            let failed = overview.as_ref().map(|overview| overview.failed_effects.as_slice()).unwrap_or_default();
            if failed.is_empty() {
                view! { <p class="good" data-testid="no-effects">"Nothing has failed."</p> }.into_any()
            } else {
                view! { <ul class="cards">{failed.iter().map(|effect| card(it, effect)).collect_view()}</ul> }
                    .into_any()
            }
        })
        .into_any()
}

fn card(it: Effects, effect: &FailedEffect) -> AnyView {
    let id = effect.id;
    let retry = Callback::new(move |()| it.retry(id));
    let tried = if effect.attempts == 1 { "Tried once".to_owned() } else { format!("Tried {} times", effect.attempts) };
    view! {
        <li class="card" data-testid="effect">
            <div>
                <p><strong>{effect.what.clone()}</strong></p>
                <p>{effect.why.clone()}</p>
                <p class="subtle small">{tried} ", last " {when_ago(effect.last_tried_at)}</p>
            </div>
            {move || match it.retried.with(|retried| retried.get(&id).cloned()) {
                Some(said) => el("p", "subtle").attr("role", "status").text(&said),
                None => button("retry", Look::Default, "Try again", it.busy.into(), retry),
            }}
        </li>
    }
    .into_any()
}

impl Effects {
    fn retry(self, effect: u64) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        spawn(async move {
            let answer: Result<RetryResponse, Failure> = ask(route::SETTINGS_RETRY, &RetryRequest { effect }).await;
            self.busy.set(false);
            match answer {
                Ok(answer) => {
                    let said =
                        if answer.queued { "Being tried again…" } else { "Somebody else has retried it already." };
                    self.retried.update(|retried| {
                        retried.insert(effect, said.to_owned());
                    });
                    set_timeout(move || self.look(effect), A_MOMENT);
                }
                Err(failure) => self.said.set(Some((false, advice::detail(&failure, advice::step(&failure))))),
            }
        });
    }

    /// Fetches the list again and says what came of it.
    fn look(self, effect: u64) {
        spawn(async move {
            let answer = ask(route::SETTINGS, &OverviewRequest {}).await;
            self.settings.take(answer);
            self.retried.update(|retried| {
                retried.remove(&effect);
            });
            let again = self.settings.overview.with_untracked(|overview| {
                overview.as_ref().is_some_and(|all| all.failed_effects.iter().any(|failed| failed.id == effect))
            });
            self.said.set(Some(if again {
                (false, "It failed again. The reason is below.".to_owned())
            } else {
                (true, "It is no longer among the failed effects.".to_owned())
            }));
        });
    }
}
