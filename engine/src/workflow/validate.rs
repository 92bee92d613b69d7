//! What a well-formed definition must make sense of, so that no page is ever left without a way on.

use super::definition::{Definition, OnEdit, State};
use super::fault::Fault;
use crate::ids::StateId;
use std::collections::BTreeSet;

/// The most states and approvals a definition may have: more is a mistake, and a fold must stay small.
const MOST: usize = 50;
/// The longest name.
const NAME_MAX: usize = 80;

/// Every fault, in the document's order.
pub(super) fn faults(definition: &Definition) -> Vec<Fault> {
    let mut faults = Vec::new();
    name(&definition.name, "/name", &mut faults);
    initial(definition, &mut faults);
    let mut ids = BTreeSet::new();
    if definition.states.len() > MOST {
        faults.push(Fault::new("/states", format!("There are more than {MOST} states."), "Split the workflow."));
    }
    for (index, state) in definition.states.iter().enumerate() {
        let at = format!("/states/{index}");
        if !ids.insert(&state.id) {
            faults.push(Fault::new(
                format!("{at}/id"),
                format!("The id \u{201c}{}\u{201d} is used twice.", state.id),
                "Give each state an id of its own.",
            ));
        }
        name(&state.name, &format!("{at}/name"), &mut faults);
        targets(definition, state, &at, &mut faults);
        approvals(state, &at, &mut faults);
        way_on(state, &at, &mut faults);
    }
    reachable(definition, &mut faults);
    faults
}

fn name(name: &str, at: &str, faults: &mut Vec<Fault>) {
    let length = name.chars().count();
    if name.trim().is_empty() || length > NAME_MAX {
        faults.push(Fault::new(at, "A name is missing or too long.", format!("Use 1 to {NAME_MAX} characters.")));
    }
}

fn initial(definition: &Definition, faults: &mut Vec<Fault>) {
    let mut initial = definition.states.iter().enumerate().filter(|(_, state)| state.initial);
    if initial.next().is_none() {
        faults.push(Fault::new(
            "/states",
            "No state is initial.",
            "Mark the state pages start in with \"initial\": true.",
        ));
    }
    for (index, _) in initial {
        faults.push(Fault::new(
            format!("/states/{index}/initial"),
            "A second state is initial.",
            "Leave one state with \"initial\": true.",
        ));
    }
}

fn targets(definition: &Definition, state: &State, at: &str, faults: &mut Vec<Fault>) {
    let transitions = &state.transitions;
    let edit = match &state.on_edit {
        OnEdit::To(id) => Some(id),
        OnEdit::Stay | OnEdit::Initial => None,
    };
    let named: [(&str, Option<&StateId>); 4] = [
        ("transitions/submit", transitions.submit.as_ref()),
        ("transitions/approved", transitions.approved.as_ref()),
        ("transitions/rejected", transitions.rejected.as_ref()),
        ("on_edit", edit),
    ];
    for (member, target) in named {
        if let Some(target) = target.filter(|target| definition.state(target).is_none()) {
            faults.push(Fault::new(
                format!("{at}/{member}"),
                format!("There is no state \u{201c}{target}\u{201d}."),
                "Name a state's id.",
            ));
        }
    }
}

fn approvals(state: &State, at: &str, faults: &mut Vec<Fault>) {
    if state.approvals.len() > MOST {
        faults.push(Fault::new(
            format!("{at}/approvals"),
            format!("There are more than {MOST} approvals."),
            "Ask for fewer.",
        ));
    }
    let mut ids = BTreeSet::new();
    for (index, approval) in state.approvals.iter().enumerate() {
        let at = format!("{at}/approvals/{index}");
        if !ids.insert(&approval.id) {
            faults.push(Fault::new(
                format!("{at}/id"),
                format!("The id \u{201c}{}\u{201d} is used twice.", approval.id),
                "Give each approval an id of its own.",
            ));
        }
        name(&approval.name, &format!("{at}/name"), faults);
        for (member, meaning) in
            [("meaning", &approval.meaning), ("meaning_of_rejection", &approval.meaning_of_rejection)]
        {
            if meaning.trim().is_empty() || meaning.chars().count() > 500 {
                faults.push(Fault::new(
                    format!("{at}/{member}"),
                    "The meaning of the signature is missing or too long.",
                    "Write what a person states by signing, in at most 500 characters.",
                ));
            }
        }
        if approval.minimum == 0 {
            faults.push(Fault::new(format!("{at}/minimum"), "The minimum must be at least 1.", "Write 1 or more."));
        }
        let (users, groups) = (approval.reviewers.users.len(), approval.reviewers.groups.len());
        if users == 0 && groups == 0 {
            faults.push(Fault::new(format!("{at}/reviewers"), "Nobody is asked.", "Name people or groups."));
        } else if groups == 0 && u64::from(approval.minimum) > users as u64 {
            faults.push(Fault::new(
                format!("{at}/minimum"),
                format!("{} approvals are needed, but only {users} people are asked.", approval.minimum),
                "Lower the minimum or ask more people.",
            ));
        }
    }
    let transitions = &state.transitions;
    if state.approvals.is_empty() {
        for (member, target) in [("approved", &transitions.approved), ("rejected", &transitions.rejected)] {
            if target.is_some() {
                faults.push(Fault::new(
                    format!("{at}/transitions/{member}"),
                    "This transition can't happen: the state asks for no approval.",
                    "Add an approval or remove the transition.",
                ));
            }
        }
    } else {
        for (member, target, when) in [
            ("approved", &transitions.approved, "approvals are complete"),
            ("rejected", &transitions.rejected, "somebody rejects"),
        ] {
            if target.is_none() {
                faults.push(Fault::new(
                    format!("{at}/transitions/{member}"),
                    format!("A state with approvals needs a way on when {when}."),
                    "Name a state.",
                ));
            }
        }
        if transitions.submit.is_some() {
            faults.push(Fault::new(
                format!("{at}/transitions/submit"),
                "A state with approvals can't be submitted from.",
                "Move the approvals or the transition to a state of its own.",
            ));
        }
    }
}

fn way_on(state: &State, at: &str, faults: &mut Vec<Fault>) {
    let transitions = &state.transitions;
    let out = transitions.submit.is_some() || transitions.approved.is_some() || transitions.rejected.is_some();
    let edit = match &state.on_edit {
        OnEdit::Stay => false,
        OnEdit::Initial => !state.initial,
        OnEdit::To(id) => *id != state.id,
    };
    if !out && !state.is_final && !edit {
        faults.push(Fault::new(
            at,
            format!("There is no way out of \u{201c}{}\u{201d}.", state.name),
            "Add a transition, or mark it \"final\": true.",
        ));
    }
    if state.is_final && !edit {
        faults.push(Fault::new(
            format!("{at}/on_edit"),
            format!("An edited page would stay in the final state \u{201c}{}\u{201d}.", state.name),
            "Say where an edit leads: { \"to\": a state's id } or \"initial\".",
        ));
    }
}

fn reachable(definition: &Definition, faults: &mut Vec<Fault>) {
    let Some(initial) = definition.initial() else { return };
    let mut found = BTreeSet::from([&initial.id]);
    let mut open = vec![initial];
    while let Some(state) = open.pop() {
        let transitions = &state.transitions;
        let edit = match &state.on_edit {
            OnEdit::To(id) => Some(id),
            OnEdit::Stay | OnEdit::Initial => None,
        };
        let next = [transitions.submit.as_ref(), transitions.approved.as_ref(), transitions.rejected.as_ref(), edit];
        for id in next.into_iter().flatten() {
            if let Some(target) = definition.state(id).filter(|_| found.insert(id)) {
                open.push(target);
            }
        }
    }
    for (index, state) in definition.states.iter().enumerate() {
        if !found.contains(&state.id) {
            faults.push(Fault::new(
                format!("/states/{index}"),
                format!("No page can ever reach \u{201c}{}\u{201d}.", state.name),
                "Lead a transition to it, or remove it.",
            ));
        }
    }
}
