//! The step-up policy: who is asked for what, and by which factors.
//!
//! * [`form`], [`fields`], [`edit`], [`invitations`]: it is edited. * [`review`]: what changes is read, then confirmed.
//! * [`ask`]: who would be asked for what on a page.

mod ask;
mod edit;
mod fields;
mod form;
mod invitations;
mod review;

use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::focus;
use crate::ui::{Look, Tone, button, failure_notice, notice, when_exact};
use engine::token::policy::{Action, Force, Rule, Who};
use engine::wire::policy::{PolicyRequest, PolicyResponse};
use engine::wire::route;
use form::Form;
use invitations::Names;
use leptos::prelude::*;

/// What the section knows.
#[derive(Clone, Copy)]
struct Shown {
    told: RwSignal<Option<PolicyResponse>>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    editing: RwSignal<Option<Form>>,
    names: Names,
}

impl Shown {
    fn load(self, version: Option<u32>) {
        self.busy.set(true);
        spawn(async move {
            let answer: Result<PolicyResponse, Failure> = ask(route::POLICY, &PolicyRequest { version }).await;
            self.busy.set(false);
            match answer {
                Ok(told) => {
                    self.failed.set(None);
                    self.told.set(Some(told));
                }
                Err(failure) => self.failed.set(Some(failure)),
            }
        });
    }

    fn edit(self) {
        self.editing.set(self.told.with_untracked(|told| told.as_ref().map(Form::of)));
        focus::soon("#h-policy");
    }

    /// Away from the form, what was typed is dropped.
    fn leave(self) {
        self.editing.set(None);
        self.load(None);
        focus::soon("#h-policy");
    }
}

/// The section. What it shows is asked for when it comes on screen: the rest of the settings does not wait for it.
pub(super) fn view() -> AnyView {
    let shown = Shown {
        told: RwSignal::new(None),
        failed: RwSignal::new(None),
        busy: RwSignal::new(false),
        editing: RwSignal::new(None),
        names: Names::new(),
    };
    shown.load(None);
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => shown.load(None),
    });
    let failure = move || {
        shown.failed.with(|failed| {
            failed.as_ref().map(|failure| failure_notice(failure, advice::step(failure), shown.busy.into(), press))
        })
    };
    let body = move || match shown.editing.get() {
        Some(form) => edit::view(shown, form),
        None => shown.told.with(|told| told.as_ref().map(|told| reading(shown, told))).into_any(),
    };
    view! {
        <section class="section" data-testid="section-policy" aria-labelledby="h-policy">
            <h2 id="h-policy" tabindex="-1">"Step-up policy"</h2>
            <p class="subtle">"Logging in is not enough for what matters. These rules say who confirms what, how freshly, and with what."</p>
            {failure}
            {body}
        </section>
    }
    .into_any()
}

fn reading(shown: Shown, told: &PolicyResponse) -> AnyView {
    let is_newest = told.version == told.newest;
    let edit = Callback::new(move |()| shown.edit());
    let back = Callback::new(move |()| shown.load(None));
    let standing = if is_newest {
        format!("Version {}, in force.", told.version)
    } else {
        format!("Version {}. In force is version {}.", told.version, told.newest)
    };
    let act = if is_newest {
        button("policy-edit", Look::Default, "Change the policy", shown.busy.into(), edit)
    } else {
        button("policy-back", Look::Default, "Show the version in force", shown.busy.into(), back)
    };
    let warnings = told
        .warnings
        .iter()
        .map(|fault| notice(Tone::Warning, "policy-warning", "", &[&fault.what, " ", &fault.mend].concat(), None));
    view! {
        <p data-testid="policy-version">{standing}</p>
        {warnings.collect_view()}
        {told.draft.rules.is_empty().then(|| view! {
            <div class="empty"><p>"There are no rules."</p><p class="subtle">"Nobody is asked for anything but what a workflow asks for."</p></div>
        })}
        <ol class="cards" data-testid="policy-rules">{told.draft.rules.iter().map(|rule| card(rule, told)).collect_view()}</ol>
        {settings(shown, told)}
        <div class="buttons">{act}</div>
        {history(shown, told)}
        {is_newest.then(ask::view)}
    }
    .into_any()
}

fn card(rule: &Rule, told: &PolicyResponse) -> AnyView {
    let (class, word) = match rule.force {
        Force::Required => ("lozenge blue", "Required"),
        Force::Default => ("lozenge grey", "Default"),
    };
    let whom = match &rule.who {
        Who::Everyone => "Everyone".to_owned(),
        Who::External => "External users".to_owned(),
        Who::Internal => "People of the organisation".to_owned(),
        Who::Group { group } => {
            let name = told.groups.get(group).map_or(group.as_str(), String::as_str);
            format!("Members of “{name}”")
        }
    };
    let actions: Vec<&str> = rule.actions.iter().map(|action| doing(*action)).collect();
    let meanings = (!rule.demand.meanings.is_empty()).then(|| {
        let list = rule.demand.meanings.iter().map(|one| view! { <li>{one.clone()}</li> }).collect_view();
        view! { <div><p class="subtle small">"An approval means one of:"</p><ul class="plain-list">{list}</ul></div> }
    });
    let asked = rule.demand.phrase();
    view! {
        <li class="card" data-testid="policy-rule" data-id=rule.id.as_str().to_owned()>
            <div>
                <p><strong>{rule.name.clone()}</strong> " " <span class=class>{word}</span></p>
                <p>{whom} ", to " {actions.join(", ")} "."</p>
                <p>"Asked for: " {asked} "."</p>
                {meanings}
            </div>
        </li>
    }
    .into_any()
}

fn doing(action: Action) -> &'static str {
    action.doing()
}

fn settings(shown: Shown, told: &PolicyResponse) -> AnyView {
    let draft = &told.draft;
    let life = match draft.enrolment.life_days {
        Some(days) => format!("Authenticators and passkeys count for {days} days, then they are renewed."),
        None => "Authenticators and passkeys count until they are removed.".to_owned(),
    };
    let proof = if draft.enrolment.mail_proof {
        "A first one needs a code mailed to the account’s address."
    } else {
        "A first one needs no mailed code."
    };
    let domains: Vec<&str> = draft.people.managed_domains.iter().map(String::as_str).collect();
    let external = if domains.is_empty() {
        "External: guests of Confluence.".to_owned()
    } else {
        format!("External: guests of Confluence, and addresses outside of {}.", domains.join(", "))
    };
    let listed = |lead: &str, accounts: &std::collections::BTreeSet<engine::ids::AccountId>| {
        let name =
            |one: &engine::ids::AccountId| told.people.get(one).map_or_else(|| one.as_str().to_owned(), Clone::clone);
        let names: Vec<String> = accounts.iter().map(name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| crate::ui::names(lead, &names))
    };
    view! {
        <ul class="plain-list" data-testid="policy-settings">
            <li>{life} " " {proof}</li>
            <li>{external}</li>
            <li data-testid="policy-invited">{invitations::sentence(shown.names, &draft.invitations)}</li>
        </ul>
        {listed("Always external: ", &draft.people.external)}
        {listed("Never external by address: ", &draft.people.internal)}
    }
    .into_any()
}

fn history(shown: Shown, told: &PolicyResponse) -> AnyView {
    let showing = told.version;
    let rows = told.history.iter().map(|line| {
        let version = line.version;
        let by = line.by_name.clone().or_else(|| line.by.as_ref().map(|by| by.as_str().to_owned()));
        let show = Callback::new(move |()| shown.load(Some(version)));
        let label = format!("Show version {version}");
        let press = (version != showing)
            .then(|| button("policy-show", Look::Subtle, &label, shown.busy.into(), show));
        view! {
            <li>
                {format!("Version {version}, ")} {when_exact(line.at)} {format!(", by {}. ", by.unwrap_or_else(|| "Countersign".to_owned()))} {press}
            </li>
        }
    });
    view! {
        <details class="more" data-testid="policy-history">
            <summary>"Earlier versions"</summary>
            <ul class="plain-list">{rows.collect_view()}</ul>
        </details>
    }
    .into_any()
}
