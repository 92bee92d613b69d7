//! Everybody's factors: who can confirm and who cannot, who is locked, and what an admin does about it.

mod arrange;
mod care;
mod csv;
mod export;
mod person;
mod remind;
mod table;
mod tiles;
mod words;

use crate::advice;
use crate::bridge::{Failure, ask, spawn};
use crate::ui::{self, Look, Tone, button, failure_notice, notice};
use arrange::{By, Sort};
use engine::ids::AccountId;
use engine::time::Timestamp;
use engine::wire::insights::{Filter, InsightsRequest, InsightsResponse, PersonLine, PersonRequest, PersonResponse};
use engine::wire::route;
use leptos::prelude::*;

/// Portions fetched at most; see [`engine::wire::insights::PORTION`].
const MOST_PORTIONS: u32 = 200;

/// What the section knows.
#[derive(Clone, Copy)]
struct Insights {
    people: RwSignal<Vec<PersonLine>>,
    /// How far the list is; [`None`]: nothing was told yet.
    progress: RwSignal<Option<Progress>>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    filter: RwSignal<Filter>,
    sort: RwSignal<Sort>,
    page: RwSignal<usize>,
    /// The person's time zone, for days to choose.
    zone: StoredValue<String>,
    /// Which loading is under way: an earlier one is given up.
    run: StoredValue<u32>,
}

/// How far the list is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Progress {
    looked_at: u32,
    total: u32,
    departed: u32,
    /// Whether everybody was looked at.
    whole: bool,
    /// Whether some groups could not be listed whole.
    cut: bool,
    /// Whether Confluence could be asked.
    told: bool,
    life_days: Option<u32>,
    now: Timestamp,
}

impl Insights {
    /// Fetches the list anew, portion by portion. What is on screen stays until the first portion is there.
    fn load(self) {
        let run = self.run.get_value().wrapping_add(1);
        self.run.set_value(run);
        self.busy.set(true);
        self.failed.set(None);
        spawn(async move {
            let mut after = None;
            let mut found: Vec<PersonLine> = Vec::new();
            let mut progress = Progress { told: true, ..Progress::default() };
            for _ in 0..MOST_PORTIONS {
                let filter = Filter { who: engine::wire::insights::Listed::Everybody, ..Filter::default() };
                let answer: Result<InsightsResponse, Failure> =
                    ask(route::INSIGHTS, &InsightsRequest { after, filter }).await;
                if self.run.get_value() != run {
                    return;
                }
                let portion = match answer {
                    Ok(portion) => portion,
                    Err(failure) => {
                        self.failed.set(Some(failure));
                        break;
                    }
                };
                progress.take(&portion);
                after = portion.next;
                found.extend(portion.people);
                self.people.set(found.clone());
                self.progress.set(Some(progress.clone()));
                if after.is_none() {
                    break;
                }
            }
            self.busy.set(false);
        });
    }

    /// Fetches one person anew, after something was done for them.
    fn refresh(self, account: AccountId) {
        spawn(async move {
            let request = PersonRequest { account };
            let answer: Result<PersonResponse, Failure> = ask(route::INSIGHTS_PERSON, &request).await;
            match answer {
                Ok(answer) => self.people.update(|people| {
                    people.retain(|person| person.account != request.account);
                    people.extend(answer.person);
                }),
                Err(failure) => self.failed.set(Some(failure)),
            }
        });
    }
}

impl Progress {
    fn take(&mut self, portion: &InsightsResponse) {
        self.looked_at = self.looked_at.saturating_add(portion.looked_at);
        self.departed = self.departed.saturating_add(portion.departed);
        self.total = portion.total;
        self.whole = portion.next.is_none();
        self.cut |= !portion.cut.is_empty();
        self.told &= portion.told;
        self.life_days = portion.life_days;
        self.now = portion.now;
    }
}

/// The section. What it shows is asked for when it comes on screen: the rest of the settings does not wait for it.
pub(super) fn view(zone: Option<String>) -> AnyView {
    let it = Insights {
        people: RwSignal::new(Vec::new()),
        progress: RwSignal::new(None),
        failed: RwSignal::new(None),
        busy: RwSignal::new(false),
        filter: RwSignal::new(Filter::default()),
        sort: RwSignal::new(Sort { by: By::Name, backwards: false }),
        page: RwSignal::new(0),
        zone: StoredValue::new(zone.unwrap_or_else(|| "UTC".to_owned())),
        run: StoredValue::new(0),
    };
    it.load();
    let again = Callback::new(move |()| it.load());
    let retry = Callback::new(move |_| it.load());
    let there = Memo::new(move |_| it.progress.with(Option::is_some));
    view! {
        <section class="section insights" data-testid="section-insights" aria-labelledby="h-insights">
            <h2 id="h-insights">"Approvers and what they confirm with"</h2>
            <p class="subtle">
                "Active approvers are the people workflows really ask: whoever a page waits for, whoever decided or was asked in the \
                 last 90 days, and whoever a workflow in use names, by name or as a member of a group. Deactivated accounts are left out."
            </p>
            {move || it.failed.with(|failed| {
                failed.as_ref().map(|failure| failure_notice(failure, advice::step(failure), it.busy.into(), retry))
            })}
            {move || standing_by(it)}
            {move || there.get().then(|| {
                view! {
                    {tiles::view(it)}
                    {table::view(it)}
                    {remind::view(it)}
                }
            })}
            <div class="buttons">
                {button("insights-again", Look::Default, "Look again", it.busy.into(), again)}
                {move || there.get().then(|| export::view(it))}
            </div>
        </section>
    }
    .into_any()
}

/// How far the list is, and what is missing from it.
fn standing_by(it: Insights) -> AnyView {
    it.progress.with(|progress| match progress {
        None if it.busy.get() => view! { <div data-testid="insights-loading">{ui::loading()}</div> }.into_any(),
        None => ().into_any(),
        Some(progress) => {
            let going = (!progress.whole && it.busy.get()).then(|| {
                let said = format!("Looked at {} of {} people…", progress.looked_at, progress.total);
                view! { <p role="status" class="subtle" data-testid="insights-progress">{said}</p> }
            });
            let untold = (!progress.told).then(|| {
                let detail =
                    "Names, groups, and who is external or deactivated are missing from this list. Look again later.";
                notice(Tone::Warning, "insights-untold", "Confluence can’t be asked now", detail, None)
            });
            let cut = (progress.cut && progress.told).then(|| {
                let detail =
                    "Of each group up to 200 members are listed, and up to 16 groups. Others may be asked as well.";
                notice(Tone::Information, "insights-cut", "Not everybody is listed", detail, None)
            });
            let departed = (progress.departed > 0).then(|| {
                let said = format!("Left out because their accounts are deactivated: {}.", progress.departed);
                view! { <p class="subtle small" data-testid="insights-departed">{said}</p> }
            });
            view! { {going} {untold} {cut} {departed} }.into_any()
        }
    })
}
