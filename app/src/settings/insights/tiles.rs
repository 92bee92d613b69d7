//! How many active approvers there are of each sort. Each number leads to the people behind it.

use super::Insights;
use engine::token::policy::FactorKind;
use engine::wire::insights::{Counts, Filter, Standing};
use leptos::prelude::*;

pub(super) fn view(it: Insights) -> AnyView {
    let of = move |external: bool| Memo::new(move |_| it.people.with(|people| Counts::of(people, external)));
    let (inside, outside) = (of(false), of(true));
    view! {
        <div class="counts">
            {group(it, "internal", "Internal", false, inside)}
            {group(it, "external", "External", true, outside)}
        </div>
    }
    .into_any()
}

fn group(it: Insights, name: &'static str, title: &'static str, external: bool, counts: Memo<Counts>) -> AnyView {
    let heading = ["h-counts-", name].concat();
    let standings = Standing::ALL.map(|standing| {
        let filter = Filter { standing: Some(standing), external: Some(external), ..Filter::default() };
        tile(it, standing.word(), filter, Signal::derive(move || counts.get().standing(standing)))
    });
    let locked = Filter { locked: Some(true), external: Some(external), ..Filter::default() };
    let with = |kind| Filter { factor_kind: Some(kind), external: Some(external), ..Filter::default() };
    let all = Filter { external: Some(external), ..Filter::default() };
    let id = heading.clone();
    view! {
        <div role="group" aria-labelledby=heading data-testid=["counts-", name].concat()>
            <h3 id=id>{title} " approvers"</h3>
            <div class="tiles">
                {tile(it, "In all", all, Signal::derive(move || counts.get().people))}
                {standings.into_iter().collect_view()}
                {tile(it, "Locked", locked, Signal::derive(move || counts.get().locked))}
                {tile(it, "With an app", with(FactorKind::Totp), Signal::derive(move || counts.get().totp))}
                {tile(it, "With a passkey", with(FactorKind::Passkey), Signal::derive(move || counts.get().passkey))}
            </div>
        </div>
    }
    .into_any()
}

fn tile(it: Insights, label: &'static str, filter: Filter, count: Signal<u32>) -> AnyView {
    let wanted = StoredValue::new(filter);
    let chosen = move || it.filter.with(|filter| wanted.with_value(|wanted| filter == wanted)).to_string();
    view! {
        <button
            type="button"
            class="tile"
            data-testid="tile"
            data-label=label
            aria-pressed=chosen
            on:click=move |_| {
                it.filter.set(wanted.get_value());
                it.page.set(0);
            }
        >
            <span class="tile-count">{move || count.get()}</span>
            <span class="tile-label">{label}</span>
        </button>
    }
    .into_any()
}
