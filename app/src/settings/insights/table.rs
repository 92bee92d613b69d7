//! The list: searched, filtered, sorted, a page at a time.

use super::arrange::{By, PAGE, Sort, arranged, page};
use super::{Insights, person, words};
use crate::ui::{Look, button, el, when_ago, when_day};
use engine::token::policy::FactorKind;
use engine::wire::insights::{Filter, Listed, PersonLine, Standing};
use leptos::prelude::*;

pub(super) fn view(it: Insights) -> AnyView {
    view! {
        {filters(it)}
        {move || rows(it)}
    }
    .into_any()
}

fn filters(it: Insights) -> AnyView {
    let change = move |with: &dyn Fn(&mut Filter)| {
        it.filter.update(|filter| with(filter));
        it.page.set(0);
    };
    let mut standings = vec![("", "Whatever it is"), ("locked", "Locked")];
    standings.extend(Standing::ALL.map(|standing| (slug(standing), standing.word())));
    let state = Signal::derive(move || {
        it.filter.with(|filter| match (filter.standing, filter.locked) {
            (Some(standing), _) => slug(standing),
            (None, Some(true)) => "locked",
            (None, _) => "",
        })
    });
    let set_state = Callback::new(move |value: String| {
        change(&|filter| {
            filter.standing = Standing::ALL.into_iter().find(|standing| slug(*standing) == value);
            filter.locked = (value == "locked").then_some(true);
        });
    });
    let kinds = [("", "Any"), ("totp", "Authenticator app"), ("passkey", "Passkey")];
    let kind = Signal::derive(move || it.filter.with(|filter| filter.factor_kind.map_or("", FactorKind::as_str)));
    let set_kind = Callback::new(move |value: String| {
        change(&|filter| {
            filter.factor_kind =
                [FactorKind::Totp, FactorKind::Passkey].into_iter().find(|kind| kind.as_str() == value);
        });
    });
    let places = [("", "Internal and external"), ("no", "Internal"), ("yes", "External")];
    let external = Signal::derive(move || {
        it.filter.with(|filter| filter.external.map_or("", |external| if external { "yes" } else { "no" }))
    });
    let set_external = Callback::new(move |value: String| {
        change(&|filter| filter.external = (!value.is_empty()).then_some(value == "yes"));
    });
    let lists =
        [("approvers", "Active approvers"), ("others", "Others with a factor or lock"), ("everybody", "Everybody")];
    let who = Signal::derive(move || it.filter.with(|filter| who_slug(filter.who)));
    let set_who = Callback::new(move |value: String| {
        let all = [Listed::Approvers, Listed::Others, Listed::Everybody];
        let found = all.into_iter().find(|who| who_slug(*who) == value).unwrap_or_default();
        change(&|filter| filter.who = found);
    });
    view! {
        <div class="filters" role="search" aria-label="People">
            <div class="field">
                <label for="insights-text">"Search by name or account id"</label>
                <input
                    id="insights-text"
                    data-testid="insights-text"
                    type="search"
                    autocomplete="off"
                    prop:value=move || it.filter.with(|filter| filter.text.clone())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        change(&|filter| filter.text.clone_from(&text));
                    }
                />
            </div>
            {choice("insights-who", "People", &lists, who, set_who)}
            {choice("insights-state", "Can confirm with", &standings, state, set_state)}
            {choice("insights-kind", "Kind of factor", &kinds, kind, set_kind)}
            {choice("insights-external", "Where they belong", &places, external, set_external)}
        </div>
    }
    .into_any()
}

fn choice(
    id: &'static str,
    label: &'static str,
    options: &[(&'static str, &'static str)],
    value: Signal<&'static str>,
    set: Callback<String>,
) -> AnyView {
    let options = options
        .iter()
        .map(|(slug, word)| {
            let slug = *slug;
            view! { <option value=slug prop:selected=move || value.get() == slug>{*word}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id data-testid=id on:change=move |event| set.run(event_target_value(&event))>{options}</select>
        </div>
    }
    .into_any()
}

fn slug(standing: Standing) -> &'static str {
    match standing {
        Standing::Enrolled => "enrolled",
        Standing::ExpiresSoon => "expires-soon",
        Standing::Expired => "expired",
        Standing::Ended => "ended",
        Standing::MailboxOnly => "mailbox-only",
        Standing::NeverEnrolled => "never-enrolled",
    }
}

fn who_slug(who: Listed) -> &'static str {
    match who {
        Listed::Approvers => "approvers",
        Listed::Others => "others",
        Listed::Everybody => "everybody",
    }
}

fn rows(it: Insights) -> AnyView {
    let (filter, sort) = (it.filter.get(), it.sort.get());
    it.people.with(|people| {
        let wanted = arranged(people, &filter, sort);
        let found = words::people(wanted.len());
        if wanted.is_empty() {
            let said = if people.is_empty() {
                "Nobody is asked by a workflow yet, and nobody has set up a factor."
            } else {
                "Nobody fits. Change the filter to see more."
            };
            return view! { <p class="empty" role="status" data-testid="insights-empty">{said}</p> }.into_any();
        }
        let at = page(it.page.get(), wanted.len());
        let shown = wanted.iter().skip(at * PAGE).take(PAGE).map(|person| row(it, person)).collect_view();
        view! {
            <p class="subtle" role="status" data-testid="insights-found">{found}</p>
            <table class="table pages people">
                <thead>
                    <tr>
                        {head(it, sort, By::Name, "Person")}
                        {head(it, sort, By::Standing, "Can confirm with")}
                        <th scope="col">"Counts until"</th>
                        {head(it, sort, By::LastUse, "Last confirmed")}
                        {head(it, sort, By::Failures, "Wrong codes")}
                    </tr>
                </thead>
                <tbody>{shown}</tbody>
            </table>
            {pager(it, at, wanted.len())}
        }
        .into_any()
    })
}

fn head(it: Insights, sort: Sort, by: By, label: &'static str) -> AnyView {
    let sorted = match (sort.by == by, sort.backwards) {
        (false, _) => "none",
        (true, false) => "ascending",
        (true, true) => "descending",
    };
    let arrow = match sorted {
        "ascending" => " ↑",
        "descending" => " ↓",
        _ => "",
    };
    view! {
        <th scope="col" aria-sort=sorted>
            <button type="button" class="link sort" data-testid="sort" on:click=move |_| it.sort.update(|sort| *sort = sort.pressed(by))>
                {label} <span aria-hidden="true">{arrow}</span>
            </button>
        </th>
    }
    .into_any()
}

fn row(it: Insights, person: &PersonLine) -> AnyView {
    let account = StoredValue::new(person.account.clone());
    let external = person.external.map(|why| {
        view! { <span class="tag information" data-testid="external" title=words::external(why)>"External"</span> }
    });
    let other = (!person.is_approver())
        .then(|| view! { <span class="tag" data-testid="no-approver">"No active approver"</span> });
    let locked =
        person.lock.is_some().then(|| view! { <span class="lozenge red" data-testid="locked">"Locked"</span> });
    let mut kinds: Vec<&str> =
        person.factors.iter().filter(|one| one.stage.counts()).map(|one| words::kind(one.factor_kind)).collect();
    kinds.dedup();
    let kinds = (!kinds.is_empty()).then(|| view! { <span class="subtle small">{kinds.join(", ")}</span> });
    let never = || el("span", "subtle").text("Never").into_any();
    let failures = if person.failures_of_late == 0 && person.failures == 0 {
        el("span", "subtle").text("None")
    } else {
        el("span", "").text(&format!("{} in a row, {} in 90 days", person.failures, person.failures_of_late))
    };
    view! {
        <tr data-testid="person" data-account=person.account.as_str().to_owned() data-standing=slug(person.standing)>
            <th scope="row" data-label="Person">
                <button type="button" class="link" data-testid="person-open" on:click=move |_| person::open(it, account.get_value())>
                    {person.name.clone()}
                </button>
                {external} {other}
            </th>
            <td data-label="Can confirm with">
                <span class="stack">
                    <span><span class=words::colour(person.standing)>{person.standing.word()}</span> " " {locked}</span>
                    {kinds}
                </span>
            </td>
            <td data-label="Counts until">{until(person)}</td>
            <td data-label="Last confirmed">{person.last_use.map_or_else(never, |at| when_ago(at).into_any())}</td>
            <td data-label="Wrong codes">{failures}</td>
        </tr>
    }
    .into_any()
}

/// Until when the factor counts that counts for longest.
fn until(person: &PersonLine) -> AnyView {
    if person.factors.is_empty() {
        return el("span", "subtle").text("–").into_any();
    }
    if person.factors.iter().any(|factor| factor.expires_at.is_none()) {
        return "For good".into_any();
    }
    match person.factors.iter().filter_map(|factor| factor.expires_at).max() {
        Some(at) => when_day(at).into_any(),
        None => ().into_any(),
    }
}

fn pager(it: Insights, at: usize, count: usize) -> Option<AnyView> {
    let last = page(usize::MAX, count);
    if last == 0 {
        return None;
    }
    let go = move |to: usize| Callback::new(move |()| it.page.set(to));
    let (first, end) = (Signal::derive(move || at == 0), Signal::derive(move || at == last));
    Some(
        view! {
            <nav class="pager" aria-label="Pages of the list" data-testid="pager">
                {button("page-before", Look::Default, "Previous", first, go(at.saturating_sub(1)))}
                <span role="status">{format!("Page {} of {}", at + 1, last + 1)}</span>
                {button("page-next", Look::Default, "Next", end, go(at.saturating_add(1)))}
            </nav>
        }
        .into_any(),
    )
}
