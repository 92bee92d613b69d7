//! A state's time has somewhere to lead, and only a state with a time has.

use super::graph;
use super::ground::Ground;
use crate::workflow::fault::quoted;
use crate::workflow::trigger::Action;

pub(super) fn check(ground: &mut Ground<'_>) {
    for (at, state) in ground.states() {
        let expired = format!("{at}/transitions/expired");
        let set_by_trigger = ground.definition.triggers.iter().any(|trigger| {
            graph::may_fire(trigger, state)
                && trigger.actions.iter().any(|action| matches!(action, Action::SetExpiration { .. }))
        });
        match (&state.expiry, &state.transitions.expired) {
            (Some(_), None) => ground.fault(
                expired,
                format!("The time in {} ends, but nothing says where a page goes then.", quoted(&state.name)),
                "Add “expired” with the id of a state, or remove “expiry”.",
            ),
            (None, Some(_))
                if !set_by_trigger && ground.is_whole(&format!("{at}/expiry")) && ground.is_whole("/triggers") =>
            {
                ground.fault(
                    expired,
                    format!("The time in {} never ends, so this can't happen.", quoted(&state.name)),
                    "Add “expiry” to the state, or remove “expired”.",
                );
            }
            (_, Some(to)) if *to == state.id => ground.fault(
                expired,
                "The time would end in the same state and begin again without end.",
                "Write the id of another state.",
            ),
            _ => {}
        }
    }
}
