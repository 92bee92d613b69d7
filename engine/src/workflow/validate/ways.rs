//! Every state can be reached, and left.

use super::graph;
use super::ground::Ground;
use crate::workflow::definition::{Definition, State};
use crate::workflow::fault::quoted;
use crate::workflow::transition::Updated;

pub(super) fn check(ground: &mut Ground<'_>) {
    dead_ends(ground);
    let definition = ground.definition;
    let initial = definition.states.iter().filter(|state| state.initial).count();
    if !ground.knows_moves() || initial != 1 {
        return;
    }
    unreachable(ground, definition);
    endless(ground, definition);
}

fn dead_ends(ground: &mut Ground<'_>) {
    for (at, state) in ground.states() {
        let transitions = format!("{at}/transitions");
        let unread = !ground.is_whole(&transitions)
            || !ground.is_whole(&format!("{at}/approvals"))
            || !ground.is_whole(&format!("{at}/final"))
            || !ground.is_whole("/triggers");
        if state.is_final || unread || has_way_out(ground.definition, state) {
            continue;
        }
        let on_date = state.transitions.expired.is_some() && state.expiry.is_some();
        if on_date {
            ground.fault(
                format!("{at}/expiry"),
                format!("The only way out of {} is a date that a page may not carry.", quoted(&state.name)),
                "Add “after” to the expiry, or another transition.",
            );
        } else {
            ground.fault(
                transitions,
                format!("There is no way out of {}.", quoted(&state.name)),
                "Add a transition, or write \"final\": true if the workflow ends here.",
            );
        }
    }
}

/// Whether a page can always leave, whatever is written on it.
fn has_way_out(definition: &Definition, state: &State) -> bool {
    let transitions = &state.transitions;
    let by_edit = match &transitions.updated {
        Updated::Stay => false,
        Updated::Initial | Updated::Previous => !state.initial,
        Updated::To(to) => *to != state.id,
    };
    let by_time = transitions.expired.is_some()
        && state.expiry.as_ref().is_some_and(|expiry| expiry.after.is_some() || expiry.on_date.is_none());
    let by_trigger = definition
        .triggers
        .iter()
        .any(|trigger| graph::surely_fires(trigger, state) && graph::moved_to(trigger).any(|to| *to != state.id));
    !state.approvals.is_empty()
        || transitions.submit.is_some()
        || !transitions.select.is_empty()
        || by_edit
        || by_time
        || by_trigger
}

fn unreachable(ground: &mut Ground<'_>, definition: &Definition) {
    let Some(initial) = definition.initial() else { return };
    let found = ground.moves.reached(initial);
    // A way that is missing or misspelt is named already; what it was meant to reach is no second fault.
    if definition
        .states
        .iter()
        .any(|state| found.iter().any(|other| other.id == state.id) && lacks_a_way(definition, state))
    {
        return;
    }
    for (at, state) in ground.states() {
        if !found.iter().any(|other| other.id == state.id) {
            ground.fault(
                at,
                format!("No page can ever reach {}.", quoted(&state.name)),
                "Lead a transition to it, or remove it.",
            );
        }
    }
}

fn lacks_a_way(definition: &Definition, state: &State) -> bool {
    let transitions = &state.transitions;
    let to_edit = match &transitions.updated {
        Updated::To(to) => Some(to),
        Updated::Stay | Updated::Initial | Updated::Previous => None,
    };
    let targets = transitions.submit.iter().map(|submit| &submit.to);
    let targets = targets.chain(transitions.select.iter().map(|select| &select.to));
    let mut targets = targets
        .chain([&transitions.approved, &transitions.rejected, &transitions.expired].into_iter().flatten())
        .chain(to_edit);
    let unfinished = !state.approvals.is_empty() && (transitions.approved.is_none() || transitions.rejected.is_none());
    unfinished
        || targets.any(|to| definition.state(to).is_none())
        || (!state.is_final && !has_way_out(definition, state))
}

fn endless(ground: &mut Ground<'_>, definition: &Definition) {
    if !definition.states.iter().any(|state| state.is_final) {
        ground.warn(
            "/states",
            "No state is final: the workflow never ends.",
            "Write \"final\": true in the state that settles what the page says.",
        );
        return;
    }
    let endless = ground.moves.endless(definition);
    for (at, state) in ground.states() {
        if endless.iter().any(|other| other.id == state.id) {
            ground.warn(
                at,
                format!("From {} a page can never come to a final state.", quoted(&state.name)),
                "Lead a transition from it towards a final state.",
            );
        }
    }
}
