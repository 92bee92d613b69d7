//! Who would be asked for what, on a page: for an admin about anybody.

use crate::advice;
use crate::bridge::{Failure, ask, spawn};
use crate::dialog::picker::{Picker, Source};
use crate::settings::page_link::PageField;
use crate::ui::{Look, Tone, button, failure_notice, notice};
use engine::wire::policy::{AskedFor, WhoIsAskedRequest, WhoIsAskedResponse};
use engine::wire::route;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Asking {
    page: PageField,
    person: Picker,
    told: RwSignal<Option<WhoIsAskedResponse>>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
}

impl Asking {
    fn send(self) {
        let Some(page) = self.page.page() else { return };
        let Some(person) = self.person.first_untracked() else {
            self.person.refuse("Choose a person.".to_owned());
            return self.person.focus();
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        spawn(async move {
            let request = WhoIsAskedRequest { page, person: person.account, draft: None };
            let answer: Result<WhoIsAskedResponse, Failure> = ask(route::POLICY_WHAT_IF, &request).await;
            self.busy.set(false);
            match answer {
                Ok(told) => self.told.set(Some(told)),
                Err(failure) => {
                    self.told.set(None);
                    self.failed.set(Some(failure));
                }
            }
        });
    }
}

/// The panel.
pub(super) fn view() -> AnyView {
    let it = Asking {
        page: PageField::new("ask-page"),
        person: Picker::one("ask-person".to_owned(), "Person".to_owned(), Source::Confluence),
        told: RwSignal::new(None),
        failed: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let send = Callback::new(move |()| it.send());
    let again = Callback::new(move |_| it.send());
    view! {
        <details class="more" data-testid="policy-ask">
            <summary>"Who would be asked for what?"</summary>
            <div class="policy-form">
                {it.page.view()}
                {it.person.view()}
                <div class="buttons">{button("ask-send", Look::Default, "Show", it.busy.into(), send)}</div>
                {move || it.failed.with(|failed| failed.as_ref().map(|failure| {
                    failure_notice(failure, advice::step(failure), it.busy.into(), again)
                }))}
                <div role="status">{move || it.told.with(|told| told.as_ref().map(answer))}</div>
            </div>
        </details>
    }
    .into_any()
}

fn answer(told: &WhoIsAskedResponse) -> AnyView {
    let kinds = |kinds: &[engine::token::policy::FactorKind]| {
        kinds.iter().map(|kind| kind.phrase()).collect::<Vec<_>>().join(", ")
    };
    let has = if told.has.is_empty() { "nothing set up".to_owned() } else { kinds(&told.has) };
    let expired = (!told.expired.is_empty()).then(|| format!(" To be renewed: {}.", kinds(&told.expired)));
    let external = told.external.map(|_| " They count as external.");
    let lock = told.lock.is_some().then(|| {
        notice(
            Tone::Warning,
            "ask-locked",
            "",
            "Codes of this person are not compared now: there were too many wrong ones.",
            None,
        )
    });
    view! {
        <div class="policy-form" data-testid="ask-answer">
            <p>
                <strong>{told.name.clone()}</strong> " on “" {told.title.clone()} "”: " {has} "." {expired} {external}
            </p>
            {lock}
            <ul class="cards">{told.asked.iter().map(row).collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn row(asked: &AskedFor) -> AnyView {
    let what = match &asked.approval {
        Some(approval) => format!("To {}, for “{approval}”", asked.action.doing()),
        None => format!("To {}", asked.action.doing()),
    };
    let demand = asked.demand.as_ref().map_or_else(|| "nothing".to_owned(), engine::token::policy::Demand::phrase);
    let stuck = (asked.demand.is_some() && asked.ways.is_empty())
        .then(|| view! { " " <span class="lozenge yellow">"Has none of it"</span> });
    let because = asked.because.iter().map(|one| view! { <li>{one.clone()}</li> }).collect_view();
    view! {
        <li class="card" data-testid="ask-row" data-action=format!("{:?}", asked.action)>
            <div>
                <p>{what} ": " <strong>{demand}</strong> {stuck}</p>
                <ul class="plain-list subtle small">{because}</ul>
            </div>
        </li>
    }
    .into_any()
}
