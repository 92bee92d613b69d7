//! Every state can be told from the others; exactly one is initial.

use super::ground::Ground;
use crate::workflow::fault::quoted;
use crate::workflow::read::words;
use std::collections::BTreeSet;

pub(super) fn check(ground: &mut Ground<'_>) {
    initial(ground);
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    if ground.definition.states.is_empty() && ground.is_whole("/states") {
        ground.fault("/states", "There is no state.", "Add the states a page goes through.");
    }
    for (at, state) in ground.states() {
        if !ids.insert(&state.id) {
            ground.fault(
                format!("{at}/id"),
                format!("Two states have the id {}.", quoted(state.id.as_str())),
                "Give each state an id of its own.",
            );
        }
        if !names.insert(told_apart(&state.name)) {
            ground.fault(
                format!("{at}/name"),
                format!("Two states are called {}.", quoted(&state.name)),
                "Give each state a name of its own.",
            );
        }
        if words::UPDATED.contains(&state.id.as_str()) {
            let what = format!("{} is also a word that “updated” understands.", quoted(state.id.as_str()));
            let mend =
                format!("Use another id, or write {{ \"to\": \"{}\" }} where “updated” means this state.", state.id);
            ground.warn(format!("{at}/id"), what, mend);
        }
        if state.initial && !state.approvals.is_empty() {
            ground.fault(
                format!("{at}/approvals"),
                "The initial state can't ask for approvals: a page would begin in a review nobody asked for.",
                "Move them to a state that “submit” leads to.",
            );
        }
        if state.is_final && !state.approvals.is_empty() {
            ground.fault(
                format!("{at}/approvals"),
                "A final state can't ask for approvals: the workflow ends there.",
                "Move them to a state before it, or remove \"final\".",
            );
        }
    }
}

fn initial(ground: &mut Ground<'_>) {
    let states = ground.states();
    let mut initial = states.iter().filter(|(_, state)| state.initial);
    let known = states.iter().all(|(at, _)| ground.is_whole(&format!("{at}/initial")) && !ground.is_broken(at))
        && ground.is_whole_list("/states");
    if initial.next().is_none() && known && !states.is_empty() {
        ground.fault("/states", "No state is initial.", "Write \"initial\": true in the state pages start in.");
    }
    let others: Vec<String> = initial.map(|(at, _)| format!("{at}/initial")).collect();
    for at in others {
        ground.fault(at, "Another state is initial already.", "Write \"initial\": true in one state only.");
    }
}

/// Names that look alike are one name. One that could not be read is nobody's.
pub(super) fn told_apart(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
