//! What of a policy works, but may not be meant.

use super::check::Draft;
use super::{Action, Force, Rule, Who};
use crate::workflow::fault::{Fault, quoted};
use std::collections::BTreeMap;

/// Everything that is to be said about a draft without faults.
pub(super) fn warnings(draft: &Draft) -> Vec<Fault> {
    let mut found = Vec::new();
    never_reached(&draft.rules, &mut found);
    nothing_left(&draft.rules, &mut found);
    unguarded(&draft.rules, &mut found);
    meanings_unused(&draft.rules, &mut found);
    people_unused(draft, &mut found);
    invitations(draft, &mut found);
    found
}

/// Whether everybody `one` means is meant by `by`.
fn covers(by: &Who, one: &Who) -> bool {
    *by == Who::Everyone || by == one
}

fn is_covered<'a>(who: &Who, action: Action, rules: impl Iterator<Item = &'a Rule> + Clone) -> bool {
    let mut about = rules.filter(|rule| rule.actions.contains(&action));
    about.clone().any(|rule| covers(&rule.who, who))
        || (about.clone().any(|rule| rule.who == Who::External) && about.any(|rule| rule.who == Who::Internal))
}

/// A default rule behind others that take everybody it means.
fn never_reached(rules: &[Rule], found: &mut Vec<Fault>) {
    for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.force == Force::Default) {
        let before = rules.iter().enumerate().filter(|(at, other)| other.force == Force::Required || *at < index);
        let before = before.map(|(_, other)| other);
        if rule.actions.iter().all(|action| is_covered(&rule.who, *action, before.clone())) {
            found.push(Fault::new(
                format!("/rules/{index}"),
                format!("{} never counts: other rules ask everybody it means already.", quoted(&rule.name)),
                "Move it up, make it required, or remove it. Of default rules the first that means somebody counts.",
            ));
        }
    }
}

/// Required rules that together no factor satisfies, for the same people and the same action. Whoever is in every group is
/// the one most is asked of.
fn nothing_left(rules: &[Rule], found: &mut Vec<Fault>) {
    let mut at: BTreeMap<usize, Vec<Action>> = BTreeMap::new();
    for action in Action::ALL {
        for other_side in [Who::Internal, Who::External] {
            let about = rules.iter().enumerate().filter(|(_, rule)| {
                rule.force == Force::Required && rule.actions.contains(&action) && rule.who != other_side
            });
            let mut left = None;
            for (index, rule) in about {
                let both =
                    left.take().map_or_else(|| rule.demand.clone(), |left: super::Demand| left.and(&rule.demand));
                if both.factors.is_empty() {
                    let actions = at.entry(index).or_default();
                    if !actions.contains(&action) {
                        actions.push(action);
                    }
                    break;
                }
                left = Some(both);
            }
        }
    }
    for (index, actions) in at {
        let doing: Vec<&str> = actions.iter().map(|action| action.doing()).collect();
        let what = if actions.contains(&Action::ChangePolicy) {
            "Together with the required rules before it, it leaves no factor: nobody it means could change this policy again."
                .to_owned()
        } else {
            format!(
                "Together with the required rules before it, it leaves no factor: nobody they all mean could do this: {}.",
                doing.join(", ")
            )
        };
        let mend = "Let all required rules about the same people share a kind of factor.";
        found.push(Fault::new(format!("/rules/{index}/demand/factors"), what, mend));
    }
}

/// What would undo everything else is done without being asked for anything.
fn unguarded(rules: &[Rule], found: &mut Vec<Fault>) {
    for action in [Action::ChangePolicy, Action::ResetFactor, Action::Override] {
        if !is_covered(&Who::Everyone, action, rules.iter()) {
            found.push(Fault::new(
                "/rules",
                format!("Not everybody is asked for something who is about to {}.", action.doing()),
                "Add a rule for everyone about it: a stolen session would be enough otherwise.",
            ));
        }
    }
}

fn meanings_unused(rules: &[Rule], found: &mut Vec<Fault>) {
    for (index, rule) in rules.iter().enumerate() {
        if !rule.demand.meanings.is_empty() && !rule.actions.contains(&Action::Approve) {
            found.push(Fault::new(
                format!("/rules/{index}/demand/meanings"),
                format!("{} is not about approving, so nobody chooses from these meanings.", quoted(&rule.name)),
                "Remove them, or add approving.",
            ));
        }
    }
}

/// To invite is to disclose, and a verdict from outside counts for what it takes.
fn invitations(draft: &Draft, found: &mut Vec<Fault>) {
    if draft.invitations.workflows.is_empty() {
        return;
    }
    if !is_covered(&Who::Everyone, Action::Invite, draft.rules.iter()) {
        found.push(Fault::new(
            "/invitations/workflows",
            "Not everybody is asked for something who is about to invite somebody without an account.",
            "Add a rule for everyone about it: an invitation shows a page to somebody outside.",
        ));
    }
    let part_11 =
        |rule: &&Rule| rule.demand.part_11 && rule.who != Who::Internal && rule.actions.contains(&Action::Approve);
    for rule in draft.rules.iter().filter(part_11) {
        found.push(Fault::new(
            "/invitations/workflows",
            format!(
                "{} keeps to Part 11, so nobody without an account approves with a mailed code alone: they set up a factor of their own first, and type their address.",
                quoted(&rule.name)
            ),
            "Nothing has to be done; tell those who are invited.",
        ));
    }
}

fn people_unused(draft: &Draft, found: &mut Vec<Fault>) {
    let asks = draft.rules.iter().any(|rule| matches!(rule.who, Who::External | Who::Internal));
    let lists = [
        ("managed_domains", !draft.people.managed_domains.is_empty()),
        ("external", !draft.people.external.is_empty()),
        ("internal", !draft.people.internal.is_empty()),
    ];
    for (member, _) in lists.into_iter().filter(|(_, is_set)| *is_set && !asks) {
        found.push(Fault::new(
            format!("/people/{member}"),
            "No rule tells external users from others, so this changes nobody's confirmations.",
            "Add a rule for external users. Reports count them apart all the same.",
        ));
    }
}
