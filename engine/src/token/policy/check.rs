//! Whether a policy an admin wrote can come into force: every fault at once, each with its place and its mend.

use super::rule::{SESSION_MINUTES_MAX, SESSION_MINUTES_MIN};
use super::{Action, Demand, Enrolment, FactorKind, Force, Freshness, Invitations, People, Policy, Rule, warn};
use crate::workflow::fault::{Fault, quoted};
use crate::workflow::read::text::{is_account, is_group, is_id, is_unfit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most rules.
pub const RULES_MAX: usize = 50;
/// The longest name of a rule, in characters.
pub const NAME_MAX: usize = 80;
/// The most meanings to choose from.
pub const MEANINGS_MAX: usize = 20;
/// The longest meaning to choose, in characters.
pub const MEANING_MAX: usize = 300;
/// The most managed domains.
pub const DOMAINS_MAX: usize = 200;
/// The most accounts in a list.
pub const ACCOUNTS_MAX: usize = 1000;
/// The longest life of a factor in days, unless it has no end.
pub const LIFE_DAYS_MAX: u32 = 3650;
/// The longest name of a domain (RFC 1035).
const DOMAIN_MAX: usize = 253;
/// What to do about a recovery code where a factor is asked for.
pub(crate) const OF_RECOVERY: &str =
    "Remove it. It only proves a person who sets up or replaces a factor, whatever a policy says.";

/// A policy as an admin wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Who is asked for what.
    pub rules: Vec<Rule>,
    /// Setting up factors.
    #[serde(default)]
    pub enrolment: Enrolment,
    /// Who counts as external.
    #[serde(default)]
    pub people: People,
    /// Where people without an account may be asked.
    #[serde(default, skip_serializing_if = "Invitations::is_off")]
    pub invitations: Invitations,
}

/// A draft without faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// It, tidied up: names without spaces around them, domains in lower case.
    pub draft: Draft,
    /// What works but may not be meant.
    pub warnings: Vec<Fault>,
}

impl Draft {
    /// The draft a version of the policy was made from.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let Policy { version: _, rules, enrolment, people, invitations } = policy.clone();
        Self { rules, enrolment, people, invitations }
    }

    /// As this version.
    #[must_use]
    pub fn into_policy(self, version: u32) -> Policy {
        let Self { rules, enrolment, people, invitations } = self;
        Policy { version, rules, enrolment, people, invitations }
    }

    fn tidied(mut self) -> Self {
        for rule in &mut self.rules {
            rule.name = rule.name.trim().to_owned();
            for meaning in &mut rule.demand.meanings {
                *meaning = meaning.trim().to_owned();
            }
        }
        let domains = core::mem::take(&mut self.people.managed_domains);
        self.people.managed_domains = domains
            .into_iter()
            .map(|domain| domain.trim().trim_start_matches('@').trim_end_matches('.').to_lowercase())
            .collect();
        self
    }
}

/// Checks a draft.
///
/// # Errors
/// Every fault.
pub fn check(draft: Draft) -> Result<Checked, Vec<Fault>> {
    let draft = draft.tidied();
    let mut faults = Vec::new();
    rules(&draft.rules, &mut faults);
    enrolment(&draft.enrolment, &mut faults);
    people(&draft.people, &mut faults);
    draft.invitations.faults(&mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let warnings = warn::warnings(&draft);
    Ok(Checked { draft, warnings })
}

fn rules(rules: &[Rule], faults: &mut Vec<Fault>) {
    let mut fault = |at: &str, what: String, mend: &str| faults.push(Fault::new(at, what, mend));
    if rules.len() > RULES_MAX {
        fault("/rules", format!("There are {} rules.", rules.len()), &format!("Keep at most {RULES_MAX}."));
    }
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (index, rule) in rules.iter().enumerate() {
        let at = format!("/rules/{index}");
        let id = rule.id.as_str();
        if !is_id(id) {
            fault(
                &format!("{at}/id"),
                format!("{} is not an id.", quoted(id)),
                "Use 1 to 64 lower-case letters, digits and hyphens, such as \"external-users\".",
            );
        } else if !ids.insert(id) {
            fault(
                &format!("{at}/id"),
                format!("Two rules have the id {}.", quoted(id)),
                "Give each rule an id of its own.",
            );
        }
        match text_fault(&rule.name, NAME_MAX) {
            Some((what, mend)) => fault(&format!("{at}/name"), what, &mend),
            None if !names.insert(rule.name.to_lowercase()) => {
                let what = format!("Two rules are called {}.", quoted(&rule.name));
                fault(
                    &format!("{at}/name"),
                    what,
                    "Give each rule a name of its own: people are told it when they ask why.",
                );
            }
            None => {}
        }
        if let super::Who::Group { group } = &rule.who
            && !is_group(group.as_str())
        {
            fault(
                &format!("{at}/who/group"),
                format!("{} is not a group's id.", quoted(group.as_str())),
                "Choose a group.",
            );
        }
        if rule.actions.is_empty() {
            fault(
                &format!("{at}/actions"),
                "This rule is about no action.".to_owned(),
                "Choose at least one, or remove the rule.",
            );
        }
        if rule.demand.part_11 && rule.force == Force::Default {
            let what = "A rule that keeps to Part 11 can't be a default one: a workflow could ask for less.".to_owned();
            fault(&format!("{at}/force"), what, "Make it required, or take Part 11 out.");
        }
        demand(&rule.demand, &format!("{at}/demand"), &mut fault);
    }
}

/// What is wrong with a demand, of a rule or of an approval.
fn demand(demand: &Demand, at: &str, fault: &mut impl FnMut(&str, String, &str)) {
    let factors = format!("{at}/factors");
    if demand.factors.contains(&FactorKind::RecoveryCode) {
        fault(&factors, "A recovery code signs nothing.".to_owned(), OF_RECOVERY);
    }
    if !demand.factors.iter().any(|kind| FactorKind::SIGNING.contains(kind)) {
        fault(
            &factors,
            "No kind of factor is chosen.".to_owned(),
            "Choose at least one: nothing would satisfy this rule.",
        );
    }
    if demand.part_11 && demand.factors.contains(&FactorKind::MailCode) {
        let what =
            "A mailed code does not go with Part 11: it shows control of a mailbox, and is no component of one's own.";
        fault(&factors, what.to_owned(), "Take out the mailed code, or Part 11.");
    }
    if let Freshness::Session { minutes } = demand.fresh
        && !(SESSION_MINUTES_MIN..=SESSION_MINUTES_MAX).contains(&minutes)
    {
        let mend = format!("Write {SESSION_MINUTES_MIN} minutes to {SESSION_MINUTES_MAX} (30 days), or ask each time.");
        fault(&format!("{at}/fresh/minutes"), format!("A session of {minutes} minutes is not possible."), &mend);
    }
    if demand.meanings.len() > MEANINGS_MAX {
        let what = format!("There are {} meanings.", demand.meanings.len());
        fault(&format!("{at}/meanings"), what, &format!("Keep at most {MEANINGS_MAX}."));
    }
    let mut seen = BTreeSet::new();
    for (index, meaning) in demand.meanings.iter().enumerate() {
        let at = format!("{at}/meanings/{index}");
        match text_fault(meaning, MEANING_MAX) {
            Some((what, mend)) => fault(&at, what, &mend),
            None if !seen.insert(meaning) => {
                fault(&at, "This meaning is there already.".to_owned(), "Remove one of the two.");
            }
            None => {}
        }
    }
}

fn enrolment(enrolment: &Enrolment, faults: &mut Vec<Fault>) {
    if let Some(days) = enrolment.life_days
        && !(1..=LIFE_DAYS_MAX).contains(&days)
    {
        faults.push(Fault::new(
            "/enrolment/life_days",
            format!("A factor can't count for {days} days."),
            format!("Write 1 to {LIFE_DAYS_MAX} days, or let factors count for good."),
        ));
    }
}

fn people(people: &People, faults: &mut Vec<Fault>) {
    let mut fault = |at: &str, what: String, mend: &str| faults.push(Fault::new(at, what, mend));
    let domains = &people.managed_domains;
    if domains.len() > DOMAINS_MAX {
        fault(
            "/people/managed_domains",
            format!("There are {} domains.", domains.len()),
            &format!("Keep at most {DOMAINS_MAX}."),
        );
    }
    for (index, domain) in domains.iter().enumerate().filter(|(_, domain)| !is_domain(domain)) {
        let what = format!("{} is not a mail domain.", quoted(domain));
        fault(
            &format!("/people/managed_domains/{index}"),
            what,
            "Write what stands behind the @, such as example.com.",
        );
    }
    for (member, accounts) in [("external", &people.external), ("internal", &people.internal)] {
        let at = format!("/people/{member}");
        if accounts.len() > ACCOUNTS_MAX {
            fault(&at, format!("There are {} accounts.", accounts.len()), &format!("Keep at most {ACCOUNTS_MAX}."));
        }
        for (index, account) in accounts.iter().enumerate().filter(|(_, account)| !is_account(account.as_str())) {
            let what = format!("{} is not an account id.", quoted(account.as_str()));
            fault(&format!("{at}/{index}"), what, "Choose a person.");
        }
    }
    for (index, account) in people.internal.iter().enumerate().filter(|(_, account)| people.external.contains(*account))
    {
        let what = format!("{} is listed as external and as not external.", quoted(account.as_str()));
        fault(&format!("/people/internal/{index}"), what, "Take them out of one of the two lists.");
    }
}

fn text_fault(text: &str, most: usize) -> Option<(String, String)> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Some(("This text is empty.".to_owned(), format!("Write 1 to {most} characters.")))
    } else if length > most {
        Some((format!("This text has {length} characters."), format!("Shorten it to {most}.")))
    } else if text.chars().any(is_unfit) {
        let what = "This text holds line breaks, control characters, or ones that turn the direction of writing.";
        Some((what.to_owned(), "Remove them; it is one line.".to_owned()))
    } else {
        None
    }
}

/// Labels of letters, digits and hyphens (RFC 5890: others as `xn--…`), two of them at least.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= DOMAIN_MAX && text.contains('.') && text.split('.').all(label)
}

/// Who would be refused: whether somebody with these kinds of factors could change the policy again.
#[must_use]
pub fn leaves(policy: &Policy, subject: &super::Subject, has: &BTreeSet<FactorKind>) -> bool {
    let asked = policy.requirement(&crate::workflow::definition::StepUp::Policy, subject, Action::ChangePolicy);
    !asked.asks() || asked.factors().any(|kind| kind == FactorKind::MailCode || has.contains(&kind))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
