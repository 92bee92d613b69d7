//! One person: what is known of their factors, and what an admin may do about them.

use super::care::{self, Act, Caring};
use super::{Insights, words};
use crate::dialog::{Frame, show};
use crate::focus;
use crate::ui::{Look, button, el, never, when_ago, when_exact, when_until};
use engine::ids::AccountId;
use engine::time::Timestamp;
use engine::token::guessing::Lock;
use engine::wire::factors::FactorView;
use engine::wire::insights::PersonLine;
use leptos::prelude::*;

/// Opens the dialog for this person.
pub(super) fn open(it: Insights, account: AccountId) {
    let person = it.people.with_untracked(|people| people.iter().find(|one| one.account == account).cloned());
    let Some(person) = person else { return };
    let build = move |frame: Frame| {
        let caring = Caring::new(it, frame, person);
        view(caring)
    };
    show(focus::top(), build, move || it.refresh(account.clone()));
}

fn view(caring: Caring) -> AnyView {
    (move || match caring.act.get() {
        None => shown(caring),
        Some(act) => care::view(caring, act),
    })
    .into_any()
}

fn shown(caring: Caring) -> AnyView {
    caring.person.with_value(|person| {
        caring.frame.title.set(person.name.clone());
        let begin = move |act: Act| Callback::new(move |()| caring.begin(act.clone()));
        let unlock =
            person.lock.is_some().then(|| button("care-unlock", Look::Default, "Unlock…", never(), begin(Act::Unlock)));
        let all = (!person.factors.is_empty())
            .then(|| button("care-revoke-all", Look::Default, "Revoke everything…", never(), begin(Act::Revoke(None))));
        view! {
            <div class="dialog-body" data-testid="person-dialog">
                {care::said(caring)}
                {facts(person)}
                <section class="part" aria-labelledby="h-factors">
                    <h3 id="h-factors">"What they confirm with"</h3>
                    {factors(caring, person)}
                </section>
                {unlock.is_some().then(|| view! {
                    <p class="subtle">{crate::words::BEFORE_UNLOCKING}</p>
                })}
            </div>
            <div class="dialog-foot">
                {unlock}
                {all}
                {button("close-person", Look::Subtle, "Close", never(), Callback::new(move |()| caring.frame.close()))}
            </div>
        }
        .into_any()
    })
}

fn facts(person: &PersonLine) -> AnyView {
    let asked: Vec<String> = person.asked.iter().map(|why| words::asked(*why).to_owned()).collect();
    let asked = if asked.is_empty() {
        "No. They are listed because of what they have set up, or a lock.".to_owned()
    } else {
        asked.join("; ")
    };
    let external = person.external.map_or("No", words::external);
    let lock = person.lock.map(|lock| {
        let until = match lock {
            Lock::Until { at } => view! { "Until " {when_until(at)} }.into_any(),
            Lock::UntilUnlocked => "Until an admin unlocks them".into_any(),
        };
        view! { <dt>"Locked"</dt><dd data-testid="person-lock">{until}</dd> }
    });
    let failures = format!("{} in a row, {} in the last 90 days", person.failures, person.failures_of_late);
    view! {
        <dl class="facts">
            <dt>"Account"</dt>
            <dd><code>{person.account.as_str().to_owned()}</code></dd>
            <dt>"Active approver"</dt>
            <dd>{asked}</dd>
            <dt>"External"</dt>
            <dd>{external}</dd>
            <dt>"Can confirm with"</dt>
            <dd><span class=words::colour(person.standing)>{person.standing.word()}</span></dd>
            {lock}
            <dt>"Wrong codes"</dt>
            <dd>{failures}</dd>
            <dt>"Last confirmed"</dt>
            <dd>{moment(person.last_use)}</dd>
            <dt>"Last seen"</dt>
            <dd>{moment(person.last_seen)}</dd>
            <dt>"Recovery codes left"</dt>
            <dd>{person.recovery_left}</dd>
            <dt>"Last reminded"</dt>
            <dd>{moment(person.reminded_at)}</dd>
        </dl>
    }
    .into_any()
}

fn moment(at: Option<Timestamp>) -> AnyView {
    at.map_or_else(|| "Never".into_any(), |at| when_ago(at).into_any())
}

fn factors(caring: Caring, person: &PersonLine) -> AnyView {
    if person.factors.is_empty() {
        return el("p", "subtle").id("no-factors").text("Nothing.").into_any();
    }
    view! { <ul class="cards">{person.factors.iter().map(|factor| card(caring, factor)).collect_view()}</ul> }
        .into_any()
}

fn card(caring: Caring, factor: &FactorView) -> AnyView {
    let (class, word) = words::stage(factor.stage);
    let name = factor.name.as_ref().map(|name| format!(" “{name}”"));
    let id = StoredValue::new(factor.id.clone());
    let life = Callback::new(move |()| caring.begin(Act::Life(Some(id.get_value()))));
    let revoke = Callback::new(move |()| caring.begin(Act::Revoke(Some(id.get_value()))));
    let until = factor
        .expires_at
        .map_or_else(|| "Counts for good".into_any(), |at| view! { "Counts until " {when_exact(at)} }.into_any());
    view! {
        <li class="card" data-testid="factor">
            <div>
                <p><strong>{words::kind(factor.factor_kind)}</strong> {name} " " <span class=class>{word}</span></p>
                <p>{until}</p>
                <p class="subtle small">"Set up " {when_ago(factor.enrolled_at)} ", last used " {moment(factor.last_used_at)}</p>
            </div>
            <div class="buttons">
                {button("care-life", Look::Default, "Set expiry…", never(), life)}
                {button("care-revoke", Look::Default, "Revoke…", never(), revoke)}
            </div>
        </li>
    }
    .into_any()
}
