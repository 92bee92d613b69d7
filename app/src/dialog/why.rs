//! Why somebody is asked to confirm: the whole of it. Which rules apply to them, since when, what is asked for what they may
//! do, how fresh it has to be, with what of what they have, and whom they can ask.

use super::Frame;
use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::ui::{self, Look, Tone, button, failure_notice, notice, when_day};
use crate::words;
use engine::token::policy::{Demand, FactorKind, Freshness};
use engine::wire::policy::{AskedFor, WhyRequest, WhyResponse};
use engine::wire::route;
use leptos::prelude::*;

type Told = RwSignal<Option<Result<WhyResponse, Failure>>>;

/// The dialog's content; `back` leads where the person came from.
pub(super) fn view(frame: Frame, back: Callback<()>) -> AnyView {
    frame.title.set("Why you are asked".to_owned());
    let told: Told = RwSignal::new(None);
    load(told);
    view! {
        <div class="dialog-body" data-testid="why-dialog">
            {move || told.with(|now| match now {
                None => ui::loading(),
                Some(Err(failure)) => failed(frame, told, failure),
                Some(Ok(now)) => all(now),
            })}
        </div>
        <div class="dialog-foot">{button("why-back", Look::Default, "Back", frame.busy.into(), back)}</div>
    }
    .into_any()
}

fn load(told: Told) {
    told.set(None);
    spawn(async move { told.set(Some(ask(route::WHY, &WhyRequest {}).await)) });
}

fn failed(frame: Frame, told: Told, failure: &Failure) -> AnyView {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => load(told),
    });
    failure_notice(failure, advice::step(failure), frame.busy.into(), press).into_any()
}

fn all(told: &WhyResponse) -> AnyView {
    let place = if told.on_a_page {
        "What your site’s step-up policy and this page’s workflow ask of you here."
    } else {
        "What your site’s step-up policy asks of you. A page’s workflow may ask for more."
    };
    let external = told.external.clone().map(|because| view! { <p data-testid="why-external">{because}</p> });
    view! {
        <p>{place}</p>
        <p class="subtle small" data-testid="why-policy">"Version " {told.version} " of the policy, in force since " {when_day(told.since)} "."</p>
        {external}
        <section class="part" aria-labelledby="why-have-title">
            <h3 id="why-have-title">"What you can confirm with"</h3>
            {have(told)}
        </section>
        <section class="part" aria-labelledby="why-asked-title">
            <h3 id="why-asked-title">"What is asked for what you do"</h3>
            <ul class="factors">{alike(&told.asked).iter().map(one).collect_view()}</ul>
        </section>
        <section class="part" aria-labelledby="why-ask-title">
            <h3 id="why-ask-title">"Whom you can ask"</h3>
            <p data-testid="why-admins">{whom(&told.admins)}</p>
        </section>
    }
    .into_any()
}

fn have(told: &WhyResponse) -> AnyView {
    let has = match told.has.as_slice() {
        [] if told.expired.is_empty() => "Nothing is set up yet.".to_owned(),
        [] => "Nothing that counts now.".to_owned(),
        has => ["Set up, and good: ", &kinds(has, " and "), "."].concat(),
    };
    let expired = (!told.expired.is_empty()).then(|| {
        let said = [
            "To be renewed first: ",
            &kinds(&told.expired, " and "),
            ". Until then it confirms nothing, and a mailed code does not take its place. Without it, use a recovery code or ask an admin.",
        ]
        .concat();
        notice(Tone::Warning, "why-expired", "", &said, None)
    });
    let lock = told.lock.is_some().then(|| {
        notice(
            Tone::Warning,
            "why-locked",
            "",
            "Your codes are not accepted now: there were too many wrong ones, or you locked them.",
            None,
        )
    });
    view! { <p data-testid="why-has">{has}</p> {expired} {lock} }.into_any()
}

/// Things of which the same is asked for the same reasons, told of together.
struct Alike<'a> {
    doing: Vec<String>,
    asked: &'a AskedFor,
}

fn alike(all: &[AskedFor]) -> Vec<Alike<'_>> {
    let mut found: Vec<Alike<'_>> = Vec::new();
    for asked in all {
        let doing = match &asked.approval {
            None => asked.action.doing().to_owned(),
            Some(approval) => [asked.action.doing(), " (“", approval, "”)"].concat(),
        };
        let same = |one: &&mut Alike<'_>| {
            one.asked.demand == asked.demand && one.asked.because == asked.because && one.asked.ways == asked.ways
        };
        match found.iter_mut().find(same) {
            Some(one) => one.doing.push(doing),
            None => found.push(Alike { doing: vec![doing], asked }),
        }
    }
    found
}

fn one(alike: &Alike<'_>) -> AnyView {
    let doing: Vec<&str> = alike.doing.iter().map(String::as_str).collect();
    let because = alike.asked.because.iter().map(|one| view! { <li>{one.clone()}</li> }).collect_view();
    view! {
        <li class="factor" data-testid="why-row">
            <p class="factor-name"><strong>{words::capital(&words::list(&doing))}</strong></p>
            {match &alike.asked.demand {
                None => view! { <p>"Nothing is asked."</p> }.into_any(),
                Some(demand) => facts(demand, &alike.asked.ways),
            }}
            <ul class="reasons subtle small">{because}</ul>
        </li>
    }
    .into_any()
}

fn facts(demand: &Demand, ways: &[FactorKind]) -> AnyView {
    let asked: Vec<FactorKind> = demand.factors.iter().rev().copied().collect();
    let yours = match ways {
        [] => view! { <span class="lozenge yellow">"None of it yet"</span> }.into_any(),
        ways => sentence(ways).into_any(),
    };
    let meanings =
        (!demand.meanings.is_empty()).then(|| view! { <dt>"Meaning"</dt> <dd>{demand.meanings.join(", ")}</dd> });
    view! {
        <dl class="facts">
            <dt>"With"</dt>
            <dd>{if asked.is_empty() { "Nothing there is: two rules ask for different things at once".to_owned() } else { sentence(&asked) }}</dd>
            <dt>"You have"</dt>
            <dd>{yours}</dd>
            <dt>"How fresh"</dt>
            <dd>{fresh(demand)}</dd>
            {meanings}
        </dl>
    }
    .into_any()
}

fn fresh(demand: &Demand) -> String {
    match (demand.fresh, demand.part_11) {
        (Freshness::EachTime, false) => "Each time".to_owned(),
        (Freshness::EachTime, true) => "Each time, with the address of your account (21 CFR 11.200)".to_owned(),
        (Freshness::Session { .. }, false) => {
            [&words::capital(&demand.fresh.phrase()), ": after one confirmation nothing is asked for so long"].concat()
        }
        (Freshness::Session { .. }, true) => [
            "The address of your account ",
            &demand.fresh.phrase(),
            ", and a code or your passkey each time (21 CFR 11.200)",
        ]
        .concat(),
    }
}

fn whom(admins: &[String]) -> String {
    let rules = "Confluence admins set these rules in Countersign’s settings, under “Step-up policy”; a workflow may ask for more in one of its approvals.";
    match admins {
        [] => rules.to_owned(),
        admins => {
            let names: Vec<&str> = admins.iter().map(String::as_str).collect();
            [rules, " Admins here: ", &words::list(&names), "."].concat()
        }
    }
}

/// "A passkey or an authenticator app".
fn sentence(some: &[FactorKind]) -> String {
    words::capital(&kinds(some, " or "))
}

fn kinds(some: &[FactorKind], joined: &str) -> String {
    let names: Vec<&str> = some.iter().map(|kind| kind.phrase()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => [&first.join(", "), joined, last].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::token::policy::Action;

    fn asked(action: Action, demand: Option<Demand>) -> AskedFor {
        AskedFor { action, approval: None, demand, because: vec!["A rule.".to_owned()], ways: Vec::new() }
    }

    #[test]
    fn what_is_asked_alike_is_told_of_once() {
        let all = [
            asked(Action::Submit, None),
            asked(Action::Approve, Some(Demand::standard())),
            asked(Action::Reject, Some(Demand::standard())),
            asked(Action::Publish, None),
        ];
        let found = alike(&all);
        let doing: Vec<_> = found.iter().map(|one| one.doing.join("; ")).collect();
        assert_eq!(doing, ["submit a page for review; publish a page", "approve a page; reject a page"]);
    }

    #[test]
    fn kinds_are_joined_as_people_say_it() {
        assert_eq!(sentence(&[FactorKind::Passkey, FactorKind::Totp]), "A passkey or an authenticator app");
        assert_eq!(kinds(&[FactorKind::MailCode], " and "), "a mailed code");
    }
}
