//! Where people without an account may be invited.

use super::Shown;
use super::fields::{fault, line, tick};
use super::form::Form;
use crate::bridge::{Failure, ask, spawn};
use crate::ui::{Look, button};
use crate::words;
use engine::ids::WorkflowId;
use engine::token::policy::Invitations;
use engine::wire::route;
use engine::wire::workflows::{WorkflowsRequest, WorkflowsResponse};
use engine::workflow::version::Standing;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The site's workflows by their ids, asked for where one has to be named.
#[derive(Clone, Copy)]
pub(super) struct Names {
    told: RwSignal<Option<Result<BTreeMap<WorkflowId, String>, Failure>>>,
    asked: StoredValue<bool>,
}

impl Names {
    pub(super) fn new() -> Self {
        Self { told: RwSignal::new(None), asked: StoredValue::new(false) }
    }

    fn load(self) {
        self.asked.set_value(true);
        spawn(async move {
            let answer: Result<WorkflowsResponse, Failure> = ask(route::WORKFLOWS, &WorkflowsRequest {}).await;
            let named = |told: WorkflowsResponse| {
                let there = told.workflows.into_iter().filter(|one| one.standing != Standing::Deleted);
                there.map(|one| (one.id, one.name)).collect()
            };
            self.told.set(Some(answer.map(named)));
        });
    }

    fn load_once(self) {
        if !self.asked.get_value() {
            self.load();
        }
    }

    fn name(self, id: &WorkflowId) -> String {
        self.told
            .with(|told| match told {
                Some(Ok(names)) => names.get(id).cloned(),
                _ => None,
            })
            .unwrap_or_else(|| id.as_str().to_owned())
    }
}

/// What is in force, in a sentence.
pub(super) fn sentence(names: Names, invitations: &Invitations) -> AnyView {
    if invitations.workflows.is_empty() {
        return "People without an account can’t be invited.".into_any();
    }
    names.load_once();
    let (workflows, days) = (invitations.workflows.clone(), invitations.days);
    (move || {
        let all: Vec<String> = workflows.iter().map(|id| ["“", &names.name(id), "”"].concat()).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let stands = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
        format!(
            "People without an account can be invited to pages under {}; an invitation stands for {stands}.",
            words::list(&all)
        )
    })
    .into_any()
}

/// The part of the form.
pub(super) fn part(shown: Shown, form: Form) -> AnyView {
    let names = shown.names;
    names.load_once();
    let again = Callback::new(move |()| names.load());
    let boxes = move || {
        names.told.with(|told| match told {
            None => view! { <p class="subtle" role="status">"Looking for workflows…"</p> }.into_any(),
            Some(Err(_)) => view! {
                <p class="again" role="status">
                    "The workflows could not be read. " {button("invitations-again", Look::Subtle, "Try again", shown.busy.into(), again)}
                </p>
            }
            .into_any(),
            Some(Ok(names)) => ticks(form, names),
        })
    };
    view! {
        <fieldset class="rule" data-testid="policy-invitations">
            <legend>"People without an account"</legend>
            <p class="subtle">
                "Whoever may edit a page can invite a customer or an auditor by mail, to approve or reject one version beside those who are \
                 asked. It discloses that version, and it shows control of a mailbox, no more. It is off unless you choose workflows; \
                 taking one out ends its invitations at once."
            </p>
            <fieldset class="plain">
                <legend>"Workflows whose pages somebody may be invited to"</legend>
                {boxes}
                {fault(form, "invitations-error".to_owned(), || "/invitations/workflows".to_owned())}
            </fieldset>
            {line(
                "invitations-days".to_owned(),
                "For how many days an invitation stands (1 to 90)",
                true,
                form.invitation_days,
                form,
                || "/invitations/days".to_owned(),
            )}
        </fieldset>
    }
    .into_any()
}

/// Also those that are chosen and no longer there, so that they can be taken out.
fn ticks(form: Form, names: &BTreeMap<WorkflowId, String>) -> AnyView {
    let chosen: BTreeSet<WorkflowId> = form.invited_workflows.get_untracked();
    let gone = chosen.iter().filter(|id| !names.contains_key(*id)).map(|id| (id.clone(), id.as_str().to_owned()));
    let mut all: Vec<(WorkflowId, String)> = names.iter().map(|(id, name)| (id.clone(), name.clone())).collect();
    all.sort_by_key(|one| one.1.to_lowercase());
    let one = move |(index, (id, name)): (usize, (WorkflowId, String))| {
        let (held, set) = (id.clone(), id);
        let on = Signal::derive(move || form.invited_workflows.with(|all| all.contains(&held)));
        tick(format!("invitations-workflow-{index}"), name, on, move |ticked| {
            form.invited_workflows.update(|all| {
                if ticked {
                    all.insert(set.clone());
                } else {
                    all.remove(&set);
                }
            });
        })
    };
    let boxes = all.into_iter().chain(gone).enumerate().map(one).collect_view();
    view! { <div class="ticks">{boxes}</div> }.into_any()
}
