//! People without an account who were ever invited: who they are, what they confirm with, and what an admin does about them.

mod act;

use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::focus;
use crate::ui::{Look, Tone, button, failure_notice, notice, when_ago, when_until};
use act::Act;
use engine::token::guessing::Lock;
use engine::wire::invitation::{InvitedPerson, InvitedRequest, InvitedResponse};
use engine::wire::route;
use leptos::prelude::*;

/// What the section knows.
#[derive(Clone, Copy)]
struct People {
    people: RwSignal<Option<Vec<InvitedPerson>>>,
    more: RwSignal<bool>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    /// What was done here a moment ago.
    said: RwSignal<Option<String>>,
}

impl People {
    /// Fetches the list anew, or its next portion.
    fn load(self, next: bool) {
        if self.busy.get_untracked() {
            return;
        }
        let last = self.people.with_untracked(|people| people.as_ref()?.last().map(|last| last.person.clone()));
        let after = last.filter(|_| next);
        self.busy.set(true);
        spawn(async move {
            let goes_on = after.is_some();
            let answer: Result<InvitedResponse, Failure> = ask(route::INVITED_PEOPLE, &InvitedRequest { after }).await;
            self.busy.set(false);
            match answer {
                Ok(told) => {
                    self.failed.set(None);
                    self.more.set(told.more);
                    self.people.update(|people| match people {
                        Some(people) if goes_on => people.extend(told.people),
                        _ => *people = Some(told.people),
                    });
                }
                Err(failure) => self.failed.set(Some(failure)),
            }
        });
    }

    /// Something was done about somebody.
    fn done(self, said: String) {
        bridge::show_success("countersign-invited", &said);
        self.said.set(Some(said));
        self.load(false);
        focus::soon("#h-invited");
    }
}

/// The section.
pub(super) fn view() -> AnyView {
    let it = People {
        people: RwSignal::new(None),
        more: RwSignal::new(false),
        failed: RwSignal::new(None),
        busy: RwSignal::new(false),
        said: RwSignal::new(None),
    };
    it.load(false);
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => it.load(false),
    });
    let failure = move || {
        it.failed.with(|failed| {
            failed.as_ref().map(|failure| failure_notice(failure, advice::step(failure), it.busy.into(), press))
        })
    };
    let next = Callback::new(move |()| it.load(true));
    view! {
        <section class="section" data-testid="section-invited" aria-labelledby="h-invited">
            <h2 id="h-invited" tabindex="-1">"Invited people without an account"</h2>
            <p class="subtle">
                "Where the step-up policy lets them be invited. Their address is kept encrypted. Neither it nor their name stands in the \
                 journal, so erasing them leaves the record of what was decided intact."
            </p>
            {move || it.said.get().map(|said| notice(Tone::Success, "invited-said", "", &said, None))}
            {failure}
            {move || it.people.with(|people| people.as_ref().map(|people| list(it, people)))}
            {move || it.more.get().then(|| view! {
                <div class="buttons">{button("invited-more", Look::Default, "Show more", it.busy.into(), next)}</div>
            })}
        </section>
    }
    .into_any()
}

fn list(it: People, people: &[InvitedPerson]) -> AnyView {
    if people.is_empty() {
        return view! { <div class="empty" data-testid="invited-nobody"><p>"Nobody was invited yet."</p></div> }
            .into_any();
    }
    view! { <ul class="cards" data-testid="invited-people">{people.iter().map(|one| card(it, one)).collect_view()}</ul> }
        .into_any()
}

fn card(it: People, one: &InvitedPerson) -> AnyView {
    let name = one.name.clone().unwrap_or_else(|| "(erased)".to_owned());
    let times = if one.invitations == 1 { "once".to_owned() } else { format!("{} times", one.invitations) };
    let open = (one.open > 0).then(|| {
        let words = if one.open == 1 { "1 open".to_owned() } else { format!("{} open", one.open) };
        view! { " " <span class="lozenge blue">{words}</span> }
    });
    let factor = one.factor.then_some(" They have an authenticator of their own.");
    let person = StoredValue::new(one.clone());
    let act = |act: Act| {
        let press = Callback::new(move |()| act::open(it, act, person.get_value()));
        button(&["invited-", act.id()].concat(), Look::Default, &[act.word(), "…"].concat(), it.busy.into(), press)
            .attr("aria-label", &[act.word(), ": ", &name].concat())
    };
    let acts = match one.erased_at {
        Some(at) => {
            view! { <p class="subtle small" data-testid="invited-erased">"Erased " {when_ago(at)}</p> }.into_any()
        }
        None => view! {
            <div class="buttons">
                {one.lock.is_some().then(|| act(Act::Unlock))} {one.factor.then(|| act(Act::Revoke))} {act(Act::Erase)}
            </div>
        }
        .into_any(),
    };
    let locked = one.lock.is_some().then(|| view! { " " <span class="lozenge red">"Locked"</span> });
    let until = one.lock.map(|lock| match lock {
        Lock::Until { at } => {
            view! { <p class="small" data-testid="invited-locked">"No code of theirs is taken until " {when_until(at)} "."</p> }
                .into_any()
        }
        Lock::UntilUnlocked => view! {
            <p class="small" data-testid="invited-locked">"No code of theirs is taken until an admin unlocks them."</p>
        }
        .into_any(),
    });
    view! {
        <li class="card" data-testid="invited-person" data-person=one.person.as_str().to_owned()>
            <div>
                <p><strong>{name.clone()}</strong> {open} {locked}</p>
                {one.address.clone().map(|address| view! { <p data-testid="invited-address">{address}</p> })}
                <p class="subtle small">"Invited " {times} ", last " {when_ago(one.invited_at)} "." {factor}</p>
                {until}
            </div>
            {acts}
        </li>
    }
    .into_any()
}
