//! How pages move between states.

use crate::ids::StateId;
use crate::workflow::definition::{Definition, State};
use crate::workflow::fault::quoted;
use crate::workflow::transition::Updated;
use crate::workflow::trigger::{Action, Condition, Event, Trigger};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a trigger can fire for a page in a state, as far as the definition tells: only conditions on the state itself
/// can say no.
pub(super) fn may_fire(trigger: &Trigger, state: &State) -> bool {
    let event = match trigger.event {
        Event::ApprovalGiven | Event::Rejected | Event::ReviewerAssigned | Event::ReviewDue => {
            !state.approvals.is_empty()
        }
        Event::StateEntered | Event::Expired | Event::PageUpdated => true,
    };
    event
        && trigger.conditions.iter().all(|condition| match condition {
            Condition::State(id) => *id == state.id,
            Condition::Final(wanted) => *wanted == state.is_final,
            Condition::Initial(wanted) => *wanted == state.initial,
            Condition::From(_)
            | Condition::Approval(_)
            | Condition::Label(_)
            | Condition::NoLabel(_)
            | Condition::Approved(_) => true,
        })
}

/// Whether nothing but the state decides whether a trigger fires.
pub(super) fn surely_fires(trigger: &Trigger, state: &State) -> bool {
    let only_state =
        |condition: &Condition| matches!(condition, Condition::State(_) | Condition::Final(_) | Condition::Initial(_));
    trigger.event == Event::StateEntered && trigger.conditions.iter().all(only_state) && may_fire(trigger, state)
}

/// Where a trigger moves pages.
pub(super) fn moved_to(trigger: &Trigger) -> impl Iterator<Item = &StateId> {
    trigger.actions.iter().filter_map(|action| match action {
        Action::ChangeState { to } => Some(to),
        _ => None,
    })
}

/// Every state a page can move to from this one, and by what; not by `previous`, which leads where it has been before.
fn moves<'a>(definition: &'a Definition, state: &'a State) -> Vec<(&'static str, &'a State)> {
    let transitions = &state.transitions;
    let mut ids: Vec<(&'static str, &StateId)> = Vec::new();
    ids.extend(transitions.submit.as_ref().map(|submit| ("submit", &submit.to)));
    ids.extend(transitions.approved.as_ref().map(|to| ("approved", to)));
    ids.extend(transitions.rejected.as_ref().map(|to| ("rejected", to)));
    match &transitions.updated {
        Updated::To(to) => ids.push(("updated", to)),
        Updated::Initial => ids.extend(definition.initial().map(|initial| ("updated", &initial.id))),
        // An edit ends a review, and a page can't wait for one that is over.
        Updated::Stay if !state.approvals.is_empty() => {
            ids.extend(definition.initial().map(|initial| ("updated", &initial.id)));
        }
        Updated::Stay | Updated::Previous => {}
    }
    ids.extend(transitions.expired.as_ref().map(|to| ("expired", to)));
    ids.extend(transitions.select.iter().map(|select| ("select", &select.to)));
    for trigger in definition.triggers.iter().filter(|trigger| may_fire(trigger, state)) {
        ids.extend(moved_to(trigger).map(|to| ("a trigger", to)));
    }
    ids.into_iter().filter_map(|(by, id)| Some((by, definition.state(id)?))).collect()
}

/// All moves of a definition.
pub(super) struct Moves<'a>(Vec<(&'a State, Vec<(&'static str, &'a State)>)>);

impl<'a> Moves<'a> {
    pub(super) fn of(definition: &'a Definition) -> Self {
        Self(definition.states.iter().map(|state| (state, moves(definition, state))).collect())
    }

    /// States a page can come from.
    pub(super) fn before(&self, state: &State) -> impl Iterator<Item = &'a State> {
        let others = self.0.iter().filter(|(other, _)| other.id != state.id);
        others.filter(|(_, moves)| moves.iter().any(|(_, to)| to.id == state.id)).map(|(other, _)| *other)
    }

    /// A move that leads to a state without a submit, in words.
    pub(super) fn entered_without_submit(&self, state: &State) -> Option<String> {
        self.0.iter().find_map(|(other, moves)| {
            let by = moves.iter().find(|(by, to)| *by != "submit" && to.id == state.id).map(|(by, _)| *by);
            let goes_back = || {
                let back = other.transitions.updated == Updated::Previous && other.id != state.id;
                (back && self.before(other).any(|earlier| earlier.id == state.id)).then_some("updated")
            };
            let by = by.or_else(goes_back)?;
            let by = if by == "a trigger" { by.to_owned() } else { format!("“{by}”") };
            Some(format!("{by} from {}", quoted(&other.name)))
        })
    }

    /// States in which a page can be from where it never comes to a final state again. Where "previous" leads depends on
    /// the state before, so pages are followed together with that.
    pub(super) fn endless(&self, definition: &'a Definition) -> Vec<&'a State> {
        let Some(initial) = definition.initial() else { return Vec::new() };
        let begin = Position { state: initial, before: None };
        let mut numbers = BTreeMap::from([(begin.key(), 0)]);
        let mut positions = vec![begin];
        let mut come_from: Vec<Vec<usize>> = vec![Vec::new()];
        let mut seen = 0;
        while let Some(position) = positions.get(seen).copied() {
            for next in self.next(position, initial) {
                let number = *numbers.entry(next.key()).or_insert(positions.len());
                if number == positions.len() {
                    positions.push(next);
                    come_from.push(Vec::new());
                }
                come_from.get_mut(number).into_iter().for_each(|before| before.push(seen));
            }
            seen += 1;
        }
        let is_final = |(number, position): (usize, &Position<'_>)| position.state.is_final.then_some(number);
        let mut open: Vec<usize> = positions.iter().enumerate().filter_map(is_final).collect();
        let mut ends: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(number) = open.pop() {
            open.extend(come_from.get(number).into_iter().flatten().copied().filter(|before| ends.insert(*before)));
        }
        let endless = positions.iter().enumerate().filter(|(number, _)| !ends.contains(number));
        let endless: BTreeSet<&StateId> = endless.map(|(_, position)| &position.state.id).collect();
        self.0.iter().map(|(state, _)| *state).filter(|state| endless.contains(&state.id)).collect()
    }

    fn next(&self, position: Position<'a>, initial: &'a State) -> Vec<Position<'a>> {
        let Position { state, before } = position;
        let moves = self.0.iter().filter(|(other, _)| other.id == state.id).flat_map(|(_, moves)| moves);
        let back = (state.transitions.updated == Updated::Previous)
            .then(|| before.filter(|before| !(before.is_final && state.is_final)).unwrap_or(initial));
        let targets = moves.map(|(_, to)| *to).chain(back).filter(|to| to.id != state.id);
        targets.map(|to| Position { state: to, before: Some(state) }).collect()
    }

    /// The states a page can get to from this one, which is included.
    pub(super) fn reached(&self, from: &'a State) -> Vec<&'a State> {
        let mut found = vec![from];
        let mut open = vec![from];
        while let Some(state) = open.pop() {
            let moves = self.0.iter().filter(|(other, _)| other.id == state.id).flat_map(|(_, moves)| moves);
            for (_, next) in moves {
                if !found.iter().any(|before| before.id == next.id) {
                    found.push(next);
                    open.push(next);
                }
            }
        }
        found
    }
}

/// Where a page is, and where it was before.
#[derive(Clone, Copy)]
struct Position<'a> {
    state: &'a State,
    before: Option<&'a State>,
}

impl<'a> Position<'a> {
    fn key(&self) -> (&'a StateId, Option<&'a StateId>) {
        (&self.state.id, self.before.map(|before| &before.id))
    }
}
