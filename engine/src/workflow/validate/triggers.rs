//! Triggers can fire, and their actions can be carried out.

use super::graph;
use super::ground::Ground;
use crate::ids::ApprovalId;
use crate::workflow::fault::quoted;
use crate::workflow::nearest::nearest;
use crate::workflow::people::People;
use crate::workflow::trigger::{Action, Condition, Event, Trigger};

pub(super) fn check(ground: &mut Ground<'_>) {
    let triggers = ground.triggers();
    for (index, (at, trigger)) in triggers.iter().enumerate() {
        if triggers.iter().take(index).any(|(_, other)| other == trigger) && ground.is_whole(at) {
            ground.fault(&**at, "This trigger is there twice.", "Remove one of the two.");
            continue;
        }
        let faults_in_conditions = conditions(ground, at, trigger);
        let fires = ground.definition.states.iter().any(|state| graph::may_fire(trigger, state));
        if !fires
            && !faults_in_conditions
            && ground.knows_states()
            && ground.is_whole(&format!("{at}/conditions"))
            && !ground.is_broken(&format!("{at}/event"))
        {
            ground.warn(
                &**at,
                "This never happens: no state fits the event and the conditions.",
                "Change the conditions, or remove the trigger.",
            );
        }
        let list = format!("{at}/actions");
        for (index, action) in trigger.actions.iter().enumerate() {
            let at = ground.item(&list, index);
            self::action(ground, &at, trigger, action);
        }
    }
}

/// Whether a condition names something that does not exist.
fn conditions(ground: &mut Ground<'_>, at: &str, trigger: &Trigger) -> bool {
    let mut unknown = false;
    let list = format!("{at}/conditions");
    for (index, condition) in trigger.conditions.iter().enumerate() {
        let at = ground.item(&list, index);
        match condition {
            Condition::State(id) | Condition::From(id) => {
                let member = if matches!(condition, Condition::State(_)) { "state" } else { "from" };
                unknown |= ground.definition.state(id).is_none();
                ground.need_state(format!("{at}/{member}"), id);
            }
            Condition::Approval(_)
                if !is_about_an_approval(trigger.event) && !ground.is_broken(&format!("{}/event", trigger_of(&at))) =>
            {
                unknown = true;
                ground.fault(
                    format!("{at}/approval"),
                    "This event is about no approval, so the condition never holds.",
                    "Remove it, or use one of the events approval-given, rejected, reviewer-assigned, review-due.",
                );
            }
            Condition::Approval(id) => unknown |= !need_approval(ground, &format!("{at}/approval"), trigger, id),
            Condition::Final(_)
            | Condition::Initial(_)
            | Condition::Label(_)
            | Condition::NoLabel(_)
            | Condition::Approved(_) => {}
        }
    }
    unknown
}

fn trigger_of(condition: &str) -> &str {
    condition.split("/conditions").next().unwrap_or(condition)
}

fn is_about_an_approval(event: Event) -> bool {
    matches!(event, Event::ApprovalGiven | Event::Rejected | Event::ReviewerAssigned | Event::ReviewDue)
}

fn action(ground: &mut Ground<'_>, at: &str, trigger: &Trigger, action: &Action) {
    match action {
        Action::ChangeState { to } => ground.need_state(format!("{at}/to"), to),
        Action::Assign { approval, who } | Action::Unassign { approval, who } => {
            need_approval(ground, &format!("{at}/approval"), trigger, approval);
            listed(ground, &format!("{at}/who"), who);
        }
        Action::SendEmail { to, .. } => listed(ground, &format!("{at}/to"), to),
        Action::AddRestrictions { who, .. } if who.is_empty() => ground.fault(
            format!("{at}/who"),
            "Nobody is named: nobody could open the page any more.",
            "Name users, groups or roles.",
        ),
        Action::SetExpiration { .. } => {
            let states = &ground.definition.states;
            let leads_on = |state: &&crate::workflow::definition::State| state.transitions.expired.is_some();
            let fitting: Vec<_> = states.iter().filter(|state| graph::may_fire(trigger, state)).collect();
            if !fitting.is_empty() && !fitting.iter().any(leads_on) && ground.knows_moves() {
                ground.fault(
                    at,
                    "The time would end, but no state in which this happens says where a page goes then.",
                    "Add “expired” to the state's transitions.",
                );
            }
        }
        Action::AddRestrictions { .. }
        | Action::ClearExpiration {}
        | Action::SetMessage { .. }
        | Action::ClearMessages {}
        | Action::RemoveRestrictions { .. }
        | Action::PublishPage { .. }
        | Action::CopyPage { .. }
        | Action::AddLabel { .. }
        | Action::RemoveLabel { .. }
        | Action::AddComment { .. }
        | Action::Webhook { .. } => {}
    }
}

/// Somebody is named, and it can be told who that is.
fn listed(ground: &mut Ground<'_>, at: &str, people: &People) {
    if !ground.is_whole(at) {
        return;
    }
    if people.is_empty() {
        ground.fault(at, "Nobody is named.", "Name users, groups or roles.");
    }
    if let Some(role) = people.roles.iter().find(|role| !role.can_be_listed()) {
        ground.fault(
            format!("{at}/roles"),
            format!("The people of the role \"{}\" can't be listed.", role.as_str()),
            "Name users or groups, or one of the roles creator and last-editor.",
        );
    }
}

/// A fault if no state in which the trigger can fire has such an approval.
fn need_approval(ground: &mut Ground<'_>, at: &str, trigger: &Trigger, id: &ApprovalId) -> bool {
    let states: Vec<_> = ground.states();
    let known = states.iter().all(|(at, state)| {
        !ground.is_broken(&format!("{at}/approvals"))
            && (0..state.approvals.len())
                .all(|index| !ground.is_broken(&ground.item(&format!("{at}/approvals"), index)))
            && state.approvals.iter().all(|approval| !approval.id.as_str().is_empty())
    });
    let named = trigger.conditions.iter().find_map(|condition| match condition {
        Condition::State(id) => Some(id),
        _ => None,
    });
    let fitting = || states.iter().filter(|(_, state)| named.is_none_or(|id| *id == state.id));
    if !known || fitting().next().is_none() || fitting().any(|(_, state)| state.approval(id).is_some()) {
        return true;
    }
    let ids = fitting().flat_map(|(_, state)| &state.approvals).map(|approval| approval.id.as_str());
    let mend = match nearest(id.as_str(), ids) {
        Some(near) => format!("Did you mean \"{near}\"?"),
        None => "Write the id of an approval of the state.".to_owned(),
    };
    ground.fault(at, format!("There is no approval {}.", quoted(id.as_str())), mend);
    false
}
