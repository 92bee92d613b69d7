//! What a draft changes: plain sentences, to be read before it is confirmed.

use super::check::Draft;
use super::{Force, Invitations, Rule, Who};
use std::collections::BTreeSet;

/// What `after` changes of `before`. Empty: nothing.
#[must_use]
pub fn changes(before: &Draft, after: &Draft) -> Vec<String> {
    let mut said = Vec::new();
    for rule in &after.rules {
        match before.rules.iter().find(|other| other.id == rule.id) {
            None => said.push(format!("New rule “{}”: {}.", rule.name, summary(rule))),
            Some(other) if other == rule => {}
            Some(other) => said.extend(of_rule(other, rule)),
        }
    }
    for rule in before.rules.iter().filter(|rule| !after.rules.iter().any(|other| other.id == rule.id)) {
        said.push(format!("The rule “{}” is removed: {}.", rule.name, summary(rule)));
    }
    if order(before, after) != order(after, before) {
        said.push("The order of default rules changes: the first that means somebody counts.".to_owned());
    }
    said.extend(of_settings(before, after));
    said
}

/// A rule in one line: "required of external users, to approve a page: a passkey, each time".
#[must_use]
pub fn summary(rule: &Rule) -> String {
    let actions: Vec<&str> = rule.actions.iter().map(|action| action.doing()).collect();
    let force = match rule.force {
        Force::Default => "asked of",
        Force::Required => "required of",
    };
    format!("{force} {}, to {}: {}", whom(&rule.who), actions.join(", "), rule.demand.phrase())
}

fn whom(who: &Who) -> &'static str {
    match who {
        Who::Everyone => "everyone",
        Who::External => "external users",
        Who::Internal => "people of the organisation",
        Who::Group { .. } => "members of a group",
    }
}

fn of_rule(before: &Rule, after: &Rule) -> Vec<String> {
    let name = &before.name;
    let mut said = Vec::new();
    if before.name != after.name {
        said.push(format!("The rule “{name}” is called “{}” now.", after.name));
    }
    if before.force != after.force {
        said.push(match after.force {
            Force::Required => format!("“{name}” is required: no workflow can ask for less."),
            Force::Default => format!("“{name}” is no longer required: a workflow can ask for less, or for nothing."),
        });
    }
    if before.who != after.who {
        let also = if whom(&before.who) == whom(&after.who) { " (another one)" } else { "" };
        said.push(format!("“{name}” is about {}{also}, not {}.", whom(&after.who), whom(&before.who)));
    }
    let doing = |one: &Rule, other: &Rule| -> Option<String> {
        let list: Vec<&str> = one.actions.difference(&other.actions).map(|action| action.doing()).collect();
        (!list.is_empty()).then(|| list.join(", "))
    };
    said.extend(doing(after, before).map(|list| format!("“{name}” is also about those who {list}.")));
    said.extend(doing(before, after).map(|list| format!("“{name}” is no longer about those who {list}.")));
    if before.demand.phrase() != after.demand.phrase() {
        said.push(format!("“{name}” asks for {}; until now for {}.", after.demand.phrase(), before.demand.phrase()));
    }
    if before.demand.meanings != after.demand.meanings {
        said.push(match after.demand.meanings.as_slice() {
            [] => format!("“{name}” leaves what a signature means to the workflow."),
            meanings => format!("“{name}” lets a signature mean: {}", meanings.join(" · ")),
        });
    }
    said
}

/// Default rules of one that the other has too, in their order.
fn order<'a>(one: &'a Draft, other: &Draft) -> Vec<&'a str> {
    let both = |rule: &&Rule| {
        rule.force == Force::Default
            && other.rules.iter().any(|same| same.id == rule.id && same.force == Force::Default)
    };
    one.rules.iter().filter(both).map(|rule| rule.id.as_str()).collect()
}

fn of_settings(before: &Draft, after: &Draft) -> Vec<String> {
    let mut said = Vec::new();
    if before.enrolment.life_days != after.enrolment.life_days {
        said.push(match after.enrolment.life_days {
            Some(1) => "A factor set up from now on counts for a day.".to_owned(),
            Some(days) => format!("A factor set up from now on counts for {days} days."),
            None => "A factor set up from now on counts until it is removed.".to_owned(),
        });
    }
    if before.enrolment.mail_proof != after.enrolment.mail_proof {
        said.push(if after.enrolment.mail_proof {
            "A first factor needs a code mailed to the account's address.".to_owned()
        } else {
            "A first factor needs no mailed code any more: whoever has a person's session can set one up.".to_owned()
        });
    }
    let (was, is) = (&before.people, &after.people);
    said.extend(listed("Managed mail domains", &strings(&was.managed_domains), &strings(&is.managed_domains)));
    let count = |what: &str, was: usize, is: usize| format!("{what}: {is} listed, until now {was}.");
    if was.external != is.external {
        said.push(count("External whatever else is known", was.external.len(), is.external.len()));
    }
    if was.internal != is.internal {
        said.push(count("Not external although their address says so", was.internal.len(), is.internal.len()));
    }
    let (was, is) = (&before.invitations, &after.invitations);
    let ids = |of: &Invitations| of.workflows.iter().map(ToString::to_string).collect::<BTreeSet<String>>();
    let (had, has) = (ids(was), ids(is));
    said.extend(listed("People without an account may be invited to pages of", &strings(&had), &strings(&has)));
    if had.difference(&has).next().is_some() {
        said.push("Whoever was invited to pages of what is removed sees nothing of them any more, at once.".to_owned());
    }
    if was.days != is.days {
        said.push(format!("An invitation made from now on stands for {} days; until now for {}.", is.days, was.days));
    }
    said
}

fn strings(set: &BTreeSet<String>) -> BTreeSet<&str> {
    set.iter().map(String::as_str).collect()
}

fn listed(what: &str, was: &BTreeSet<&str>, is: &BTreeSet<&str>) -> Option<String> {
    let list =
        |one: &BTreeSet<&str>, other: &BTreeSet<&str>| one.difference(other).copied().collect::<Vec<_>>().join(", ");
    let (new, gone) = (list(is, was), list(was, is));
    match (new.is_empty(), gone.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("{what}: {new} added.")),
        (true, false) => Some(format!("{what}: {gone} removed.")),
        (false, false) => Some(format!("{what}: {new} added, {gone} removed.")),
    }
}
