//! The list, and the check boxes of what waits for the person.

use super::Space;
use super::picks::{self, can_be_picked};
use crate::bridge;
use crate::bulk;
use crate::ui::{lozenge, when_ago};
use engine::ids::PageId;
use engine::wire::bulk::BULK_MIN;
use engine::wire::space::{SpacePage, SpaceResponse};
use engine::wire::status::Decision;
use leptos::prelude::*;

pub(super) fn view(space: Space, answer: &SpaceResponse) -> AnyView {
    if answer.pages.is_empty() {
        return view! {
            <div class="empty" data-testid="empty">
                <p class="notice-title">"No page of this space is under a workflow yet"</p>
                <p>"Edit a page, type /approval and insert the Countersign macro. The page shows up here once it is published."</p>
            </div>
        }
        .into_any();
    }
    let waiting = answer.pages.iter().filter(|page| page.waits_for_me).count();
    let lead = match waiting {
        0 => "Nothing waits for you.".to_owned(),
        1 => "1 page waits for your decision.".to_owned(),
        more => format!("{more} pages wait for your decision."),
    };
    let can: Vec<PageId> =
        answer.pages.iter().filter(|page| can_be_picked(page)).map(|page| page.page.clone()).collect();
    let together = can.len() >= BULK_MIN;
    let cut = answer.cut.then(|| view! { <p class="subtle">"There are more pages than are shown here."</p> });
    view! {
        <p class="lead" data-testid="banner-waiting">{lead}</p>
        {together.then(|| bar(space, can))}
        <table class="table pages">
            <thead>
                <tr>
                    <th scope="col">"Page"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Approved"</th>
                    <th scope="col">"In this state"</th>
                </tr>
            </thead>
            <tbody>{answer.pages.iter().map(|page| row(space, page, together)).collect_view()}</tbody>
        </table>
        {cut}
    }
    .into_any()
}

/// All of them at a press, and what is done with those that are picked.
fn bar(space: Space, can: Vec<PageId>) -> AnyView {
    let all = can.len();
    let picks = space.picks;
    let is_all = move || picks.count() == all;
    let is_some = move || !is_all() && picks.count() != 0;
    view! {
        <div class="picked" role="group" aria-label="Decide on several pages at once" data-testid="picked">
            <div class="radio">
                <input
                    type="checkbox"
                    id="pick-all"
                    data-testid="pick-all"
                    prop:checked=is_all
                    prop:indeterminate=is_some
                    on:change=move |event| picks.set_all(&can, event_target_checked(&event))
                />
                <label for="pick-all">{format!("All {all} that wait for you")}</label>
            </div>
            <div class="buttons">
                {go(space, Decision::Approve)}
                {go(space, Decision::Reject)}
            </div>
            <p class="subtle small" role="status" data-testid="picked-said">
                {move || picks::fault(picks.count()).unwrap_or_else(|| format!("{} of {all} picked.", picks.count()))}
            </p>
        </div>
    }
    .into_any()
}

fn go(space: Space, decision: Decision) -> AnyView {
    let (testid, class, verb) = match decision {
        Decision::Approve => ("bulk-approve", "button primary", "Approve"),
        Decision::Reject => ("bulk-reject", "button", "Reject"),
    };
    let press = Callback::new(move |()| {
        let picked = space.answer.with_untracked(|answer| answer.as_ref().ok().map(|told| space.picks.of(&told.pages)));
        if let Some(picked) = picked {
            bulk::open(decision, picked, move || space.load());
        }
    });
    let held_back = Signal::derive(move || space.busy.get() || picks::fault(space.picks.count()).is_some());
    let label = move || match space.picks.count() {
        0 => format!("{verb}…"),
        1 => format!("{verb} 1 page…"),
        more => format!("{verb} {more} pages…"),
    };
    view! {
        <button
            type="button"
            class=class
            data-testid=testid
            aria-disabled=move || held_back.get().to_string()
            on:click=move |_| {
                if !held_back.get_untracked() {
                    press.run(());
                }
            }
        >
            {label}
        </button>
    }
    .into_any()
}

fn row(space: Space, page: &SpacePage, together: bool) -> AnyView {
    let id = StoredValue::new(page.page.as_str().to_owned());
    let approved = match page.approved_version {
        Some(version) => format!("Version {}", version.0),
        None => "Not yet".to_owned(),
    };
    let changed = page
        .changed_since_approval
        .then(|| view! { " " <span class="tag warning" data-testid="changed">"Changed since"</span> });
    let waits =
        page.waits_for_me.then(|| view! { <span class="tag information" data-testid="waits">"Waits for you"</span> });
    let pick = (together && can_be_picked(page)).then(|| pick(space, page));
    view! {
        <tr data-testid="space-row" class:pickable=together>
            <th scope="row" data-label="Page">
                <span class="page-name">
                    {pick}
                    <span class="page-title">
                        <button type="button" class="link" on:click=move |_| id.with_value(|id| bridge::navigate_to_page(id))>
                            {page.title.clone()}
                        </button>
                        {waits}
                    </span>
                </span>
            </th>
            <td data-label="State">{lozenge(&page.state, "state")}</td>
            <td data-label="Approved"><span>{approved} {changed}</span></td>
            <td data-label="In this state">{when_ago(page.entered_at)}</td>
        </tr>
    }
    .into_any()
}

fn pick(space: Space, page: &SpacePage) -> AnyView {
    let (shown, changed) = (page.page.clone(), page.page.clone());
    view! {
        <input
            type="checkbox"
            data-testid="pick"
            aria-label=["Pick ", &page.title].concat()
            prop:checked=move || space.picks.has(&shown)
            on:change=move |event| space.picks.set(&changed, event_target_checked(&event))
        />
    }
    .into_any()
}
