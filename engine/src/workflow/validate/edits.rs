//! What an edit does makes sense: above all, an edited page never stays in a final state.

use super::ground::Ground;
use crate::workflow::definition::State;
use crate::workflow::fault::quoted;
use crate::workflow::transition::Updated;

pub(super) fn check(ground: &mut Ground<'_>) {
    let moves = ground.moves;
    for (at, state) in ground.states() {
        let updated = format!("{at}/transitions/updated");
        if let Updated::To(to) = &state.transitions.updated
            && *to == state.id
            // In a review it makes sense: the review begins anew.
            && state.approvals.is_empty()
            && ground.knows_states()
        {
            let at = ground.inside(&updated, "to");
            ground.fault(at, "This is the state itself.", "Write \"stay\", or the id of another state.");
        } else if state.is_final {
            leaves_final(ground, &updated, state);
        } else if state.initial && state.transitions.updated == Updated::Initial {
            let what = "In the initial state this is the same as \"stay\".";
            ground.warn(updated, what, "Remove “updated”, or write \"stay\".");
        } else if state.initial && state.transitions.updated == Updated::Previous {
            let what = "A new page was in no state before, and any other goes from the initial state back to where it came from.";
            ground.warn(updated, what, "Write \"stay\", or the id of a state, if that is not meant.");
        } else if let Updated::To(to) = &state.transitions.updated
            && let Some(target) = ground.definition.state(to).filter(|target| target.is_final)
        {
            let at = ground.inside(&updated, "to");
            let what = format!("An edit leads to the final state {}, as if it settled the page.", quoted(&target.name));
            ground.warn(at, what, "Lead it to a state that is not final, if that is not meant.");
        } else if state.transitions.updated == Updated::Previous
            && let Some(before) = moves.before(state).find(|before| before.is_final)
        {
            ground.warn(
                updated,
                format!(
                    "An edit may lead back to the final state {}, as if it settled the page.",
                    quoted(&before.name)
                ),
                "Lead it to a state that is not final, if that is not meant.",
            );
        }
    }
}

fn leaves_final(ground: &mut Ground<'_>, at: &str, state: &State) {
    let name = quoted(&state.name);
    let stays = format!("An edited page would stay in the final state {name}.");
    let initial_is_final = ground.definition.initial().is_some_and(|initial| initial.is_final);
    let what = match &state.transitions.updated {
        // That a final state asks for approvals is a fault of its own.
        Updated::Stay if state.approvals.is_empty() => stays,
        Updated::Initial | Updated::Previous if state.initial => stays,
        Updated::Initial if initial_is_final => format!("An edit leads from {name} to another final state."),
        Updated::To(to) if ground.knows_states() && ground.definition.state(to).is_some_and(|to| to.is_final) => {
            format!("An edit leads from {name} to another final state.")
        }
        Updated::Previous if ground.moves.before(state).any(|before| before.is_final) => {
            format!("An edit may lead from {name} back to another final state.")
        }
        Updated::Stay | Updated::Initial | Updated::Previous | Updated::To(_) => return,
    };
    ground.fault(
        at,
        format!("{what} Nobody has approved what it says then."),
        "Lead an edit to \"initial\", or to the id of a state that is not final.",
    );
}
