//! Moves that happen by themselves come to an end.

use super::graph;
use super::ground::Ground;
use crate::ids::StateId;
use crate::workflow::definition::{Definition, State};
use crate::workflow::fault::quoted;
use crate::workflow::trigger::{Action, Event, Trigger};
use std::collections::BTreeMap;

pub(super) fn check(ground: &mut Ground<'_>) {
    let rounds = Rounds::of(ground.definition);
    for (at, trigger) in ground.triggers().into_iter().filter(|(_, trigger)| is_automatic(trigger)) {
        let list = format!("{at}/actions");
        for (index, action) in trigger.actions.iter().enumerate() {
            let Action::ChangeState { to } = action else { continue };
            if let Some(round) = rounds.round(ground.definition, trigger, to) {
                let way = round.iter().map(|state| quoted(&state.name)).collect::<Vec<_>>().join(" → ");
                ground.fault(
                    format!("{}/to", ground.item(&list, index)),
                    format!("Pages would move round and round by themselves: {way}."),
                    "Add a condition on the state that ends this, or lead the move elsewhere.",
                );
            }
        }
    }
}

/// Entering a state and asking its reviewers happen without anybody doing something.
fn is_automatic(trigger: &Trigger) -> bool {
    matches!(trigger.event, Event::StateEntered | Event::ReviewerAssigned)
}

/// The shortest ways by automatic moves from a state to every other, the state itself first.
type Ways<'a> = BTreeMap<&'a StateId, Vec<&'a State>>;

struct Rounds<'a>(BTreeMap<&'a StateId, Ways<'a>>);

impl<'a> Rounds<'a> {
    fn of(definition: &'a Definition) -> Self {
        let triggers: Vec<&Trigger> = definition.triggers.iter().filter(|trigger| is_automatic(trigger)).collect();
        let next = |state: &'a State| {
            let fires = triggers.iter().copied().filter(|trigger| graph::may_fire(trigger, state));
            let mut next: Vec<&State> = fires.flat_map(graph::moved_to).filter_map(|to| definition.state(to)).collect();
            next.sort_by(|left, right| left.id.cmp(&right.id));
            next.dedup_by(|left, right| left.id == right.id);
            (&state.id, next)
        };
        let next: BTreeMap<&StateId, Vec<&State>> = definition.states.iter().map(next).collect();
        Self(definition.states.iter().map(|from| (&from.id, ways(from, &next))).collect())
    }

    /// The way from a state in which the trigger fires, by this move and others like it, back to that state.
    fn round(&self, definition: &'a Definition, trigger: &Trigger, to: &StateId) -> Option<Vec<&'a State>> {
        let ways = self.0.get(to)?;
        definition.states.iter().filter(|state| graph::may_fire(trigger, state)).find_map(|start| {
            let back = ways.get(&start.id)?;
            Some([start].into_iter().chain(back.iter().copied()).collect())
        })
    }
}

fn ways<'a>(from: &'a State, next: &BTreeMap<&StateId, Vec<&'a State>>) -> Ways<'a> {
    let mut found: Ways<'a> = BTreeMap::from([(&from.id, vec![from])]);
    let mut open = vec![from];
    while !open.is_empty() {
        let mut farther = Vec::new();
        for state in open {
            let way = found.get(&state.id).cloned().unwrap_or_default();
            for next in next.get(&state.id).into_iter().flatten().copied() {
                if !found.contains_key(&next.id) {
                    found.insert(&next.id, way.iter().copied().chain([next]).collect());
                    farther.push(next);
                }
            }
        }
        open = farther;
    }
    found
}
