//! Whether a list of rules makes sense.

use super::resolve::{Level, in_force};
use super::rule::{Mode, Rule, Rules, Scope};
use crate::ids::WorkflowId;
use crate::workflow::fault::{Fault, quoted};
use crate::workflow::version::Standing;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most rules a list may hold.
pub const RULES_MAX: usize = 200;
/// The longest id of a rule.
pub const RULE_ID_MAX: usize = 64;
/// The longest label Confluence knows.
pub const LABEL_MAX: usize = 255;

/// What is to be said about a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What keeps it from being set.
    pub faults: Vec<Fault>,
    /// What may not be meant.
    pub warnings: Vec<Fault>,
}

/// Checks a level's list. `higher` are the rules of the level above: none for the site's own list. Places are JSON Pointers
/// into the list.
#[must_use]
pub fn check(level: Level, rules: &Rules, higher: &Rules, workflows: &BTreeMap<WorkflowId, Standing>) -> Checked {
    let mut checked = Checked::default();
    if rules.0.len() > RULES_MAX {
        let what = format!("There are {} rules; {RULES_MAX} are the most.", rules.0.len());
        checked.faults.push(Fault::new("", what, "Put pages together by a label or below one page, and assign that."));
        return checked;
    }
    let mut ids = BTreeSet::new();
    for (index, rule) in rules.iter().enumerate() {
        let mut fault = |member: &str, what: String, mend: &str| {
            checked.faults.push(Fault::new(format!("/{index}/{member}"), what, mend));
        };
        if !is_id(&rule.id) {
            let what = format!("The id {} cannot be used.", quoted(&rule.id));
            fault("id", what, "Use 1 to 64 letters, digits, “-” and “_”.");
        } else if !ids.insert(rule.id.as_str()) {
            let what = format!("Two rules have the id {}.", quoted(&rule.id));
            fault("id", what, "Give each rule an id of its own.");
        }
        if let Some((what, mend)) = scope_fault(level, &rule.scope) {
            fault("scope", what, mend);
        }
        if let Some((what, mend)) = workflow_fault(rule, workflows) {
            fault("workflow", what, mend);
        }
    }
    for (index, rule) in rules.iter().enumerate() {
        let same =
            |other: &&Rule| other.scope == rule.scope && other.workflow == rule.workflow && other.mode == rule.mode;
        if let Some(before) = rules.iter().take(index).find(same) {
            let what = format!("This rule says the same as the rule {}.", quoted(&before.id));
            checked.faults.push(Fault::new(format!("/{index}"), what, "Remove one of them."));
        } else {
            overruled(level, index, rule, rules, higher, &mut checked);
        }
    }
    checked
}

/// A rule that nothing is left for, since another decides for all its pages.
fn overruled(level: Level, index: usize, rule: &Rule, rules: &Rules, higher: &Rules, checked: &mut Checked) {
    let order = match level {
        Level::Site => in_force(rules, Rules::NONE),
        Level::Space => in_force(higher, rules),
    };
    let before = order.into_iter().take_while(|(_, other)| !core::ptr::eq(*other, rule));
    let covering = |(_, other): &(Level, &Rule)| other.scope.covers(&rule.scope);
    let Some((of, other)) = before.into_iter().find(covering) else { return };
    let is_higher = of < level || (other.scope != rule.scope && matches!(other.scope, Scope::Site | Scope::Space));
    let says_otherwise = rule.mode == Mode::Disabled || rule.workflow != other.workflow;
    if other.mode == Mode::Required && is_higher && says_otherwise {
        let workflow = other.workflow.as_ref().map_or("", WorkflowId::as_str);
        let what = format!(
            "The rule {} of {} makes the workflow {} Required for {}, so this rule cannot say otherwise.",
            quoted(&other.id),
            of.phrase(),
            quoted(workflow),
            other.scope.phrase()
        );
        let mend = "Remove this rule, or have the other one changed first.";
        checked.faults.push(Fault::new(format!("/{index}"), what, mend));
    } else {
        let what = format!(
            "This rule never decides: for {}, the rule {} of {} comes first.",
            rule.scope.phrase(),
            quoted(&other.id),
            of.phrase()
        );
        checked.warnings.push(Fault::new(format!("/{index}"), what, "Move it up, or remove it."));
    }
}

fn scope_fault(level: Level, scope: &Scope) -> Option<(String, &'static str)> {
    match (level, scope) {
        (Level::Space, Scope::Site) => Some((
            "A space's rule cannot be for the whole site.".to_owned(),
            "Use “space”, or set it in the site's list.",
        )),
        (Level::Site, Scope::Space) => {
            Some(("A site's rule does not say which space.".to_owned(), "Use “site”, or set it in the space's list."))
        }
        (_, Scope::Label { label }) if !is_label(label) => Some((
            format!("{} is no label.", quoted(label)),
            "Write the label as Confluence shows it: in lower case, without spaces.",
        )),
        (_, Scope::Tree { root: page } | Scope::Page { page }) if !is_page(page.as_str()) => {
            Some((format!("{} is no page id.", quoted(page.as_str())), "Use the number in the page's address."))
        }
        _ => None,
    }
}

fn workflow_fault(rule: &Rule, workflows: &BTreeMap<WorkflowId, Standing>) -> Option<(String, &'static str)> {
    let Some(workflow) = &rule.workflow else {
        return (rule.mode != Mode::Disabled)
            .then(|| ("The rule names no workflow.".to_owned(), "Name one, or make the mode “disabled”."));
    };
    if rule.mode == Mode::Disabled {
        let what = "A rule that is “disabled” takes every workflow away, so it names none.".to_owned();
        return Some((what, "Remove “workflow”, or choose another mode."));
    }
    match workflows.get(workflow) {
        Some(Standing::Active) => None,
        Some(Standing::Disabled) => Some((
            format!("The workflow {} is disabled.", quoted(workflow.as_str())),
            "Enable it first, or choose another.",
        )),
        Some(Standing::Deleted) => {
            Some((format!("The workflow {} was deleted.", quoted(workflow.as_str())), "Choose another."))
        }
        None => Some((format!("There is no workflow {}.", quoted(workflow.as_str())), "Choose one that exists.")),
    }
}

fn is_id(id: &str) -> bool {
    (1..=RULE_ID_MAX).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Confluence keeps labels in lower case and lets none of these into them.
fn is_label(label: &str) -> bool {
    const NEVER: &str = "!#&()*,.:;<>?@[]^\\\"'`|{}~";
    !label.is_empty()
        && label.chars().count() <= LABEL_MAX
        && label.chars().all(|c| !c.is_whitespace() && !c.is_control() && !c.is_uppercase() && !NEVER.contains(c))
}

fn is_page(page: &str) -> bool {
    (1..=20).contains(&page.len()) && page.bytes().all(|b| b.is_ascii_digit())
}
