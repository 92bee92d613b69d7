//! The workflow in force, as a list to read.

use crate::ui::{lozenge, when_exact};
use engine::ids::StateId;
use engine::wire::settings::WorkflowVersion;
use engine::wire::status::StateLabel;
use engine::workflow::definition::{Approval, Definition, Exclusion, Mode, State, Updated};
use leptos::prelude::*;

pub(super) fn view(workflow: &WorkflowVersion) -> AnyView {
    let definition = &workflow.definition;
    let states = definition.states.iter().map(|state| view_state(definition, state)).collect_view();
    view! {
        <section class="section" data-testid="section-workflow" aria-labelledby="h-workflow">
            <h2 id="h-workflow">"Workflow: " {definition.name.clone()}</h2>
            <p class="subtle">{format!("Version {}", workflow.version)} ", in force since " {when_exact(workflow.since)}</p>
            {(!definition.description.is_empty()).then(|| view! { <p>{definition.description.clone()}</p> })}
            <ol class="states">{states}</ol>
        </section>
    }
    .into_any()
}

fn view_state(definition: &Definition, state: &State) -> AnyView {
    let mut ways = Vec::new();
    let mut way = |when: &str, to: Option<StateLabel>| {
        if let Some(to) = to {
            let when = when.to_owned();
            ways.push(view! { <li>{when} <span aria-hidden="true">" → "</span><span class="sr">" leads to "</span>{lozenge(&to, "to")}</li> });
        }
    };
    let label = |id: &StateId| definition.state(id).map(State::label);
    way("Submitted for review", state.transitions.submit.as_ref().and_then(|submit| label(&submit.to)));
    way("All approvals given", state.transitions.approved.as_ref().and_then(label));
    way("Rejected", state.transitions.rejected.as_ref().and_then(label));
    for select in &state.transitions.select {
        way(if select.name.is_empty() { "Somebody picks it" } else { &select.name }, label(&select.to));
    }
    way("The time is over", state.transitions.expired.as_ref().and_then(label));
    way(
        "Page edited",
        match &state.transitions.updated {
            // Which state was before can only be said of a page.
            Updated::Stay | Updated::Previous => None,
            Updated::Initial => definition.initial().map(State::label),
            Updated::To(id) => label(id),
        },
    );
    let mark = match (state.initial, state.is_final) {
        (true, _) => "Pages start here",
        (false, true) => "Pages end here",
        (false, false) => "",
    };
    view! {
        <li class="state">
            <div class="state-head">{lozenge(&state.label(), "workflow-state")} <span class="subtle">{mark}</span></div>
            {state.approvals.iter().map(approval).collect_view()}
            <ul class="ways">{ways}</ul>
        </li>
    }
    .into_any()
}

fn approval(approval: &Approval) -> AnyView {
    let users = approval.reviewers.users.iter().map(|user| ("Account ", user.as_str()));
    let groups = approval.reviewers.groups.iter().map(|group| ("Members of the group ", group.as_str()));
    let asked = groups
        .chain(users)
        .map(|(kind, id)| {
            let id = id.to_owned();
            view! { <li>{kind} <code>{id}</code></li> }
        })
        .collect_view();
    let excluded: Vec<&str> = approval
        .exclude
        .iter()
        .map(|exclusion| match exclusion {
            Exclusion::Author => "whoever created the page",
            Exclusion::LastEditor => "whoever wrote the version under review",
            Exclusion::Submitter => "whoever submitted it",
            Exclusion::EditorsSinceApproval => "whoever edited the page since it was last approved",
        })
        .collect();
    let excluded =
        (!excluded.is_empty()).then(|| view! { <dt>"Excluded"</dt><dd>{crate::words::list(&excluded)}</dd> });
    let needed = match approval.mode {
        Mode::Any => "1".to_owned(),
        Mode::All => "Everybody asked".to_owned(),
        Mode::Majority => "More than half of those asked".to_owned(),
        Mode::Minimum(least) => least.to_string(),
    };
    let on_reject = if approval.comment_on_reject { " A comment is required." } else { "" };
    view! {
        <div class="approval">
            <p><strong>{approval.name.clone()}</strong></p>
            <dl class="facts">
                <dt>"Asked"</dt>
                <dd><ul class="plain-list">{asked}</ul></dd>
                <dt>"Approvals needed"</dt>
                <dd>{needed}</dd>
                {excluded}
                <dt>"Approving means"</dt>
                <dd>"“" {approval.meaning.clone()} "”"</dd>
                <dt>"Rejecting means"</dt>
                <dd>"“" {approval.meaning_of_rejection.clone()} "”" {on_reject}</dd>
            </dl>
        </div>
    }
    .into_any()
}
