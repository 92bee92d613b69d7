//! Transitions lead to states that can be entered that way.

use super::ground::Ground;
use super::states::told_apart;
use crate::workflow::definition::State;
use crate::workflow::fault::quoted;
use crate::workflow::transition::Updated;
use std::collections::BTreeSet;

pub(super) fn check(ground: &mut Ground<'_>) {
    for (at, state) in ground.states() {
        let at = format!("{at}/transitions");
        submit(ground, &at, state);
        of_approvals(ground, &at, state);
        if let Updated::To(to) = &state.transitions.updated {
            let at = ground.inside(&format!("{at}/updated"), "to");
            ground.need_state(at, to);
        }
        if let Some(to) = &state.transitions.expired {
            ground.need_state(format!("{at}/expired"), to);
        }
        selects(ground, &at, state);
    }
}

fn submit(ground: &mut Ground<'_>, at: &str, state: &State) {
    let Some(submit) = &state.transitions.submit else { return };
    let at = format!("{at}/submit");
    if !state.approvals.is_empty() {
        ground.fault(
            &*at,
            "A page that waits for approvals can't be submitted.",
            "Remove “submit”, or move the approvals to a state of their own.",
        );
    }
    let to = ground.inside(&at, "to");
    ground.need_state(&*to, &submit.to);
    let target = ground.states().into_iter().find(|(_, target)| target.id == submit.to);
    if let Some((target_at, target)) = target
        && target.approvals.is_empty()
        && ground.is_whole(&format!("{target_at}/approvals"))
    {
        ground.fault(
            to,
            format!("“submit” leads to {}, which asks for no approval.", quoted(&target.name)),
            "Lead it to a state with approvals, or use “select” instead.",
        );
    }
}

fn of_approvals(ground: &mut Ground<'_>, at: &str, state: &State) {
    let moves = [
        ("approved", &state.transitions.approved, "every approval is complete"),
        ("rejected", &state.transitions.rejected, "an approval is rejected"),
    ];
    let state_at = at.strip_suffix("/transitions").unwrap_or(at);
    let asks_nobody = state.approvals.is_empty() && ground.is_whole(&format!("{state_at}/approvals"));
    for (member, target, when) in moves {
        let at = format!("{at}/{member}");
        match target {
            None if state.approvals.is_empty() => {}
            None => ground.fault(
                at,
                format!("It does not say where a page goes when {when}."),
                format!("Add “{member}” with the id of a state."),
            ),
            Some(_) if asks_nobody => ground.fault(
                at,
                "This can't happen: the state asks for no approval.",
                format!("Add an approval, or remove “{member}”."),
            ),
            Some(to) if *to == state.id => ground.fault(
                at,
                format!("A page would stay where it is when {when}."),
                "Write the id of another state.",
            ),
            Some(to) => ground.need_state(at, to),
        }
    }
}

fn selects(ground: &mut Ground<'_>, at: &str, state: &State) {
    let list = format!("{at}/select");
    let (mut targets, mut buttons) = (BTreeSet::new(), BTreeSet::new());
    for (index, select) in state.transitions.select.iter().enumerate() {
        let at = ground.item(&list, index);
        let to = ground.inside(&at, "to");
        if select.to == state.id {
            ground.fault(to, "This leads to the state the page is in already.", "Write the id of another state.");
            continue;
        }
        let target = ground.definition.state(&select.to);
        ground.need_state(&*to, &select.to);
        if !targets.insert(&select.to) {
            ground.fault(
                to,
                format!("Two transitions lead to {}.", quoted(select.to.as_str())),
                "Keep one; name everybody who may pick it in its “who”.",
            );
            continue;
        }
        let says = if select.name.is_empty() { target.map_or("", |target| target.name.as_str()) } else { &select.name };
        if !says.is_empty() && !buttons.insert(told_apart(says)) {
            let at = if select.name.is_empty() { at } else { format!("{at}/name") };
            ground.fault(
                at,
                format!("Two buttons of this state say {}.", quoted(says)),
                "Give each a “name” of its own.",
            );
        }
    }
}
