//! Editing the policy.

use super::Shown;
use super::fields::{either, fault, line, lines, tick};
use super::form::{Form, RuleForm, Whom};
use super::{invitations, review};
use crate::focus;
use crate::ui::{Look, button, never};
use engine::token::policy::{Action, FactorKind};
use leptos::prelude::*;

/// The actions, with what the box says.
const ACTIONS: [(Action, &str, &str); 12] = [
    (Action::Approve, "approve", "Approve"),
    (Action::Reject, "reject", "Reject"),
    (Action::Submit, "submit", "Submit for review"),
    (Action::Select, "select", "Move to another state"),
    (Action::Reassign, "reassign", "Change reviewers"),
    (Action::Invite, "invite", "Invite people without an account"),
    (Action::Publish, "publish", "Publish"),
    (Action::Override, "override", "Emergency access"),
    (Action::ChangeWorkflow, "change-workflow", "Change a workflow"),
    (Action::ChangeAssignment, "change-assignment", "Assign workflows, change many pages"),
    (Action::ChangePolicy, "change-policy", "Change this policy"),
    (Action::ResetFactor, "reset-factor", "Change others’ authenticators"),
];

const FACTORS: [(FactorKind, &str, &str); 3] = [
    (FactorKind::Passkey, "passkey", "Passkey"),
    (FactorKind::Totp, "totp", "Authenticator app"),
    (
        FactorKind::MailCode,
        "mail-code",
        "Mailed code, for those who have nothing stronger (shows control of a mailbox only)",
    ),
];

/// The whole form.
pub(super) fn view(shown: Shown, form: Form) -> AnyView {
    let add = Callback::new(move |()| {
        let key = form.add();
        request_animation_frame(move || focus::now(&format!("#rule-name-{key}")));
    });
    let cancel = Callback::new(move |()| shown.leave());
    let save = Callback::new(move |()| review::begin(shown, form));
    view! {
        <div class="policy-form" data-testid="policy-form">
            <p class="subtle">
                "Required rules hold always and together: the strictest of all that mean somebody counts, and no workflow can ask for less. \
                 Default rules hold where a workflow says nothing else: the first that means somebody counts, so their order matters."
            </p>
            <p class="field-error" role="alert">{move || form.fault_at("/rules").filter(|_| form.rules.with(Vec::is_empty))}</p>
            <For each=move || form.rules.get() key=|rule| rule.key let:rule>{card(form, rule)}</For>
            {button("rule-add", Look::Default, "Add a rule", never(), add)}
            {enrolment(form)}
            {people(form)}
            {invitations::part(shown, form)}
            <div class="buttons">
                {button("policy-save", Look::Primary, "Review the changes", shown.busy.into(), save)}
                {button("policy-cancel", Look::Subtle, "Cancel", shown.busy.into(), cancel)}
            </div>
        </div>
    }
    .into_any()
}

fn card(form: Form, rule: RuleForm) -> AnyView {
    let key = rule.key;
    let id = move |part: &str| format!("rule-{part}-{key}");
    let at = move |member: &'static str| move || format!("/rules/{}/{member}", form.place(key));
    let shift = move |up: bool| {
        Callback::new(move |()| {
            form.shift(key, up);
            // The focus stays with what was pressed, wherever it has gone.
            let pressed = format!("[data-testid='rule-{}-{key}']", if up { "up" } else { "down" });
            request_animation_frame(move || focus::now(&pressed));
        })
    };
    let heading = move || {
        let name = rule.name.get();
        let name = if name.trim().is_empty() { "New rule".to_owned() } else { name };
        format!("{}. {name}", form.place(key) + 1)
    };
    let remove = Callback::new(move |()| {
        form.remove(key);
        request_animation_frame(|| focus::now("[data-testid='rule-add']"));
    });
    view! {
        <fieldset class="rule" data-testid="rule" data-key=key.to_string()>
            <legend>{heading}</legend>
            {line(id("name"), "Name, as people are told it", false, rule.name, form, at("name"))}
            <fieldset class="plain">
                <legend>"How it holds"</legend>
                {either(&id("required"), &id("force"), "Required: no workflow can ask for less", true, rule.required)}
                {either(&id("default"), &id("force"), "Default: a workflow can ask for something else, or nothing", false, rule.required)}
                {fault(form, id("force-error"), at("force"))}
            </fieldset>
            <div class="field">
                <label for=id("whom")>"Whom it is about"</label>
                <select
                    id=id("whom")
                    data-testid=id("whom")
                    on:change=move |event| {
                        let chosen = event_target_value(&event);
                        if let Some((whom, ..)) = Whom::ALL.into_iter().find(|(_, word, _)| *word == chosen) {
                            rule.whom.set(whom);
                        }
                    }
                >
                    {Whom::ALL.map(|(whom, word, label)| view! {
                        <option value=word selected=move || rule.whom.get() == whom>{label}</option>
                    }).collect_view()}
                </select>
            </div>
            {move || (rule.whom.get() == Whom::Group).then(|| view! {
                {rule.group.view()}
                {fault(form, id("group-error"), at("who/group"))}
            })}
            <fieldset class="plain">
                <legend>"What they do"</legend>
                <div class="ticks">
                    {ACTIONS.map(|(action, word, label)| {
                        let on = Signal::derive(move || rule.actions.with(|actions| actions.contains(&action)));
                        tick(id(word), label, on, move |set| rule.actions.update(|actions| {
                            if set { actions.insert(action); } else { actions.remove(&action); }
                        }))
                    }).collect_view()}
                </div>
                {fault(form, id("actions-error"), at("actions"))}
            </fieldset>
            <fieldset class="plain">
                <legend>"What they confirm it with: one of"</legend>
                <div class="ticks">
                    {FACTORS.map(|(kind, word, label)| {
                        let on = Signal::derive(move || rule.factors.with(|factors| factors.contains(&kind)));
                        tick(id(word), label, on, move |set| rule.factors.update(|factors| {
                            if set { factors.insert(kind); } else { factors.remove(&kind); }
                        }))
                    }).collect_view()}
                </div>
                {fault(form, id("factors-error"), at("demand/factors"))}
            </fieldset>
            <fieldset class="plain">
                <legend>"How fresh"</legend>
                {either(&id("each-time"), &id("fresh"), "Each time", false, rule.session)}
                {either(&id("session"), &id("fresh"), "Not again for a while", true, rule.session)}
                {move || rule.session.get().then(|| {
                    line(id("minutes"), "For how many minutes (5 to 43200, which is 30 days)", true, rule.minutes, form, at("demand/fresh"))
                })}
            </fieldset>
            {lines(
                id("meanings"),
                "What an approval may mean (optional)",
                "One a line, to choose from. Empty: what the workflow says.",
                rule.meanings,
                form,
                at("demand/meanings"),
            )}
            {tick(
                id("part-11"),
                "Keep 21 CFR 11.200 to the letter: the first signature of a series also asks for the account’s address, each one for a factor",
                rule.part_11.into(),
                move |set| rule.part_11.set(set),
            )}
            {fault(form, id("id-error"), at("id"))}
            <div class="buttons">
                {button(&id("up"), Look::Subtle, "Move up", never(), shift(true))}
                {button(&id("down"), Look::Subtle, "Move down", never(), shift(false))}
                {button(&id("remove"), Look::Subtle, "Remove this rule", never(), remove)}
            </div>
        </fieldset>
    }
    .into_any()
}

fn enrolment(form: Form) -> AnyView {
    view! {
        <fieldset class="rule">
            <legend>"Setting up authenticators and passkeys"</legend>
            {either("life-ends", "life", "They have to be renewed after a while", true, form.ends)}
            {move || form.ends.get().then(|| {
                line("life-days".to_owned(), "After how many days", true, form.life_days, form, || "/enrolment/life_days".to_owned())
            })}
            {either("life-stays", "life", "They count until they are removed", false, form.ends)}
            {tick(
                "mail-proof".to_owned(),
                "A first one needs a code mailed to the account’s address",
                form.mail_proof.into(),
                move |set| form.mail_proof.set(set),
            )}
        </fieldset>
    }
    .into_any()
}

fn people(form: Form) -> AnyView {
    view! {
        <fieldset class="rule">
            <legend>"Who counts as external"</legend>
            <p class="subtle">"Guests of Confluence do. So does whoever has an address outside of the organisation’s domains, once you name them."</p>
            {lines(
                "policy-domains".to_owned(),
                "Mail domains of the organisation",
                "One a line, such as example.com. Empty: addresses tell nothing. A subdomain is a domain of its own.",
                form.domains,
                form,
                || "/people/managed_domains".to_owned(),
            )}
            {form.external.view()}
            {fault(form, "external-error".to_owned(), || "/people/external".to_owned())}
            {form.internal.view()}
            {fault(form, "internal-error".to_owned(), || "/people/internal".to_owned())}
        </fieldset>
    }
    .into_any()
}
