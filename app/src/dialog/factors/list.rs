//! Everything there is, and what can be done with it.

use super::acting::Act;
use super::{Factors, Panel, called, foot, kind_name, uses};
use crate::advice;
use crate::bridge::Failure;
use crate::ui::{Look, Tone, button, failure_notice, lock_notice, notice, when_ago, when_day};
use engine::token::life::{RENEWAL_DAYS, Stage};
use engine::wire::factors::{EndSessionsRequest, FactorView, FactorsResponse, RecoveryView, SessionView};
use engine::wire::route;
use leptos::prelude::*;

pub(super) fn view(it: Factors, now: &FactorsResponse) -> AnyView {
    let busy = it.frame.busy.into();
    let failure: RwSignal<Option<Failure>> = RwSignal::new(None);
    let lock = now.lock.map(|lock| lock_notice(lock, Callback::new(move |()| it.load())));
    let said = it.said.get().map(|said| notice(Tone::Success, "factors-said", "", said, None));
    let add = Callback::new(move |()| it.open(Panel::Add { replaces: None }));
    let not_me = Callback::new(move |()| it.open(Panel::NotMe));
    let why = Callback::new(move |()| it.open(Panel::Why));
    let label = if now.factors.is_empty() { "Set up a way to confirm" } else { "Set up another one" };
    let problem = move || {
        failure.with(|failure| {
            failure.as_ref().map(|one| failure_notice(one, advice::step(one), busy, Callback::new(move |_| it.load())))
        })
    };
    view! {
        <div class="dialog-body" data-testid="factors-dialog">
            {said} {lock}
            <section class="part" aria-labelledby="ways-title">
                <h3 id="ways-title">"Ways to confirm"</h3>
                {life(now)}
                <ul class="factors">{now.factors.iter().map(|factor| one(it, factor)).collect_view()}</ul>
                <div class="buttons">
                    {button("factor-add", Look::Default, label, busy, add)}
                    {button("factors-why", Look::Subtle, "Why am I asked?", busy, why)}
                </div>
            </section>
            {now.recovery.map(|left| recovery(it, left))}
            {(!now.sessions.is_empty()).then(|| sessions(it, &now.sessions, failure))}
            <section class="part" aria-labelledby="uses-title">
                <h3 id="uses-title">"Last uses"</h3>
                {uses::view(&now.uses)}
            </section>
            <section class="part" aria-labelledby="not-me-title">
                <h3 id="not-me-title">"Something here was not you?"</h3>
                <p class="subtle">"Lock your codes at once. The admins are told, and one of them unlocks you after a look at it."</p>
                <div class="buttons">{button("not-me", Look::Danger, "This wasn’t me", busy, not_me)}</div>
            </section>
            {problem}
        </div>
        {foot(it)}
    }
    .into_any()
}

fn life(now: &FactorsResponse) -> AnyView {
    if now.factors.is_empty() {
        return view! { <p data-testid="factors-none">"Nothing is set up yet. You need an authenticator app or a passkey to decide on pages."</p> }
            .into_any();
    }
    match now.life_days {
        Some(days) => view! {
            <p class="subtle">"Each counts for " {days} " days. Renew it with a code of its own, before it ends or up to " {RENEWAL_DAYS} " days after."</p>
        }
        .into_any(),
        None => ().into_any(),
    }
}

fn one(it: Factors, factor: &FactorView) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let held = StoredValue::new(factor.clone());
    let open = move |panel: fn(FactorView) -> Panel| Callback::new(move |()| it.open(panel(held.get_value())));
    let renews = factor.expires_at.is_some();
    let stage = match factor.stage {
        Stage::Counts => None,
        Stage::Soon => Some(view! { <span class="lozenge yellow">"Ends soon"</span> }),
        Stage::Expired | Stage::Over => Some(view! { <span class="lozenge red">"Expired"</span> }),
    };
    let until = match (factor.expires_at, factor.stage.counts()) {
        (Some(at), true) => view! { "Counts until " {when_day(at)} }.into_any(),
        (Some(at), false) => {
            view! { "Ended on " {when_day(at)} ": it counts for nothing until you renew it" }.into_any()
        }
        (None, _) => view! { "Does not expire" }.into_any(),
    };
    let used = match factor.last_used_at {
        Some(at) => view! { "last used " {when_ago(at)} }.into_any(),
        None => view! { "not used yet" }.into_any(),
    };
    let kind = factor.name.is_some().then(|| kind_name(factor.factor_kind));
    view! {
        <li class="factor" data-testid="factor" data-factor=factor.id.as_str().to_owned() data-stage=stage_word(factor.stage)>
            <p class="factor-name"><strong>{called(factor)}</strong> " " {stage}</p>
            <p class="subtle small">{kind} {kind.map(|_| ". ")} "Set up on " {when_day(factor.enrolled_at)} ", " {used} ". " {until} "."</p>
            <div class="buttons">
                {renews.then(|| button("factor-renew", Look::Default, "Renew", busy, open(|factor| Panel::Act(Act::Renew(factor)))))}
                {button("factor-rename", Look::Subtle, "Rename", busy, open(Panel::Rename))}
                {button("factor-replace", Look::Subtle, "Replace", busy, open(|factor| Panel::Add { replaces: Some(factor.id) }))}
                {button("factor-remove", Look::Subtle, "Remove", busy, open(|factor| Panel::Act(Act::Remove(factor))))}
            </div>
        </li>
    }
    .into_any()
}

fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Counts => "counts",
        Stage::Soon => "soon",
        Stage::Expired => "expired",
        Stage::Over => "over",
    }
}

fn recovery(it: Factors, left: RecoveryView) -> AnyView {
    let new = Callback::new(move |()| it.open(Panel::Act(Act::NewCodes)));
    let few = left.few.then(|| {
        notice(
            Tone::Warning,
            "codes-few",
            "",
            "Few recovery codes are left. Make new ones while you can still confirm; the old ones end then.",
            None,
        )
    });
    view! {
        <section class="part" aria-labelledby="codes-title">
            <h3 id="codes-title">"Recovery codes"</h3>
            <p data-testid="codes-left">{left.left} " left of the set made on " {when_day(left.made_at)} ". Each works once, to set up a way to confirm in place of a lost one."</p>
            {few}
            <div class="buttons">{button("codes-new", Look::Default, "Make new codes", it.frame.busy.into(), new)}</div>
        </section>
    }
    .into_any()
}

fn sessions(it: Factors, sessions: &[SessionView], failure: RwSignal<Option<Failure>>) -> AnyView {
    let said = "You are asked again from now on.";
    let end = Callback::new(move |()| it.send(route::SESSIONS_END, EndSessionsRequest {}, said, failure));
    let one = |session: &SessionView| {
        view! { <li>{kind_name(session.factor_kind)} ", since " {when_ago(session.began_at)} ", at most until " {when_day(session.until)}</li> }
    };
    view! {
        <section class="part" aria-labelledby="sessions-title">
            <h3 id="sessions-title">"Not asked again for a while"</h3>
            <p class="subtle">"You confirmed something, and the policy lets that stand for what follows."</p>
            <ul data-testid="sessions">{sessions.iter().map(one).collect_view()}</ul>
            <div class="buttons">{button("sessions-end", Look::Default, "Ask me again from now on", it.frame.busy.into(), end)}</div>
        </section>
    }
    .into_any()
}
