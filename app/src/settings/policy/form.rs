//! A policy while it is edited: each field a signal, read together into a draft.

use crate::dialog::picker::{Picker, Source};
use engine::ids::{AccountId, GroupId, RuleId, WorkflowId};
use engine::token::policy::check::Draft;
use engine::token::policy::{Action, Demand, Enrolment, FactorKind, Force, Freshness, Invitations, People, Rule, Who};
use engine::wire::policy::PolicyResponse;
use engine::wire::status::Candidate;
use engine::workflow::fault::Fault;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What a new session rule begins with, in minutes.
const MINUTES: &str = "15";

/// Whom a rule is about, apart from which group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Everyone,
    External,
    Internal,
    Group,
}

impl Whom {
    /// All, with the words they are chosen by.
    pub(super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Everyone, "everyone", "Everyone"),
        (Self::External, "external", "External users"),
        (Self::Internal, "internal", "People of the organisation"),
        (Self::Group, "group", "Members of a group (a pilot)"),
    ];
}

/// One rule.
#[derive(Clone, Copy)]
pub(super) struct RuleForm {
    /// Tells it from others on screen, wherever it is moved.
    pub(super) key: usize,
    id: StoredValue<RuleId>,
    pub(super) name: RwSignal<String>,
    pub(super) required: RwSignal<bool>,
    pub(super) whom: RwSignal<Whom>,
    pub(super) group: Picker,
    pub(super) actions: RwSignal<BTreeSet<Action>>,
    pub(super) factors: RwSignal<BTreeSet<FactorKind>>,
    pub(super) session: RwSignal<bool>,
    pub(super) minutes: RwSignal<String>,
    pub(super) meanings: RwSignal<String>,
    pub(super) part_11: RwSignal<bool>,
}

/// The whole policy.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) based_on: u32,
    pub(super) rules: RwSignal<Vec<RuleForm>>,
    next: StoredValue<usize>,
    pub(super) ends: RwSignal<bool>,
    pub(super) life_days: RwSignal<String>,
    pub(super) mail_proof: RwSignal<bool>,
    pub(super) domains: RwSignal<String>,
    pub(super) external: Picker,
    pub(super) internal: Picker,
    /// Workflows to whose pages people without an account may be invited.
    pub(super) invited_workflows: RwSignal<BTreeSet<WorkflowId>>,
    pub(super) invitation_days: RwSignal<String>,
    pub(super) faults: RwSignal<Vec<Fault>>,
}

impl Form {
    /// As the policy says now.
    pub(super) fn of(policy: &PolicyResponse) -> Self {
        let Draft { rules, enrolment, people, invitations } = &policy.draft;
        let lines = |texts: &BTreeSet<String>| texts.iter().cloned().collect::<Vec<_>>().join("\n");
        let listed = |id: &str, label: &str, accounts: &BTreeSet<AccountId>| {
            let picker = Picker::many(id.to_owned(), label.to_owned(), Source::Confluence).optional();
            let name = |account: &AccountId| policy.people.get(account).cloned();
            let candidate = |account: &AccountId| Candidate {
                account: account.clone(),
                name: name(account).unwrap_or_else(|| account.as_str().to_owned()),
            };
            picker.preset_all(accounts.iter().map(candidate).collect());
            picker
        };
        let form = Self {
            based_on: policy.newest,
            rules: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            ends: RwSignal::new(enrolment.life_days.is_some()),
            life_days: RwSignal::new(enrolment.life_days.unwrap_or(engine::token::policy::LIFE_DAYS).to_string()),
            mail_proof: RwSignal::new(enrolment.mail_proof),
            domains: RwSignal::new(lines(&people.managed_domains)),
            external: listed("policy-external", "Always external", &people.external),
            internal: listed("policy-internal", "Never external, although their address says so", &people.internal),
            invited_workflows: RwSignal::new(invitations.workflows.clone()),
            invitation_days: RwSignal::new(invitations.days.to_string()),
            faults: RwSignal::new(Vec::new()),
        };
        for rule in rules {
            let name = |group: &GroupId| policy.groups.get(group).cloned();
            form.push(rule, name);
        }
        form
    }

    fn push(self, rule: &Rule, group_name: impl Fn(&GroupId) -> Option<String>) -> usize {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        let group = Picker::one(format!("rule-group-{key}"), "Group".to_owned(), Source::Groups);
        let whom = match &rule.who {
            Who::Everyone => Whom::Everyone,
            Who::External => Whom::External,
            Who::Internal => Whom::Internal,
            Who::Group { group: id } => {
                let name = group_name(id).unwrap_or_else(|| id.as_str().to_owned());
                group.preset(Candidate { account: AccountId::new(id.as_str()), name });
                Whom::Group
            }
        };
        let minutes = match rule.demand.fresh {
            Freshness::EachTime => None,
            Freshness::Session { minutes } => Some(minutes.to_string()),
        };
        let form = RuleForm {
            key,
            id: StoredValue::new(rule.id.clone()),
            name: RwSignal::new(rule.name.clone()),
            required: RwSignal::new(rule.force == Force::Required),
            whom: RwSignal::new(whom),
            group,
            actions: RwSignal::new(rule.actions.clone()),
            factors: RwSignal::new(rule.demand.factors.clone()),
            session: RwSignal::new(minutes.is_some()),
            minutes: RwSignal::new(minutes.unwrap_or_else(|| MINUTES.to_owned())),
            meanings: RwSignal::new(rule.demand.meanings.join("\n")),
            part_11: RwSignal::new(rule.demand.part_11),
        };
        self.rules.update(|rules| rules.push(form));
        key
    }

    /// Adds a rule, and says by which key it goes.
    pub(super) fn add(self) -> usize {
        let taken: Vec<RuleId> =
            self.rules.with_untracked(|rules| rules.iter().map(|one| one.id.get_value()).collect());
        let free = |number: &usize| !taken.iter().any(|id| id.as_str() == format!("rule-{number}"));
        let number = (1..).find(free).unwrap_or_default();
        let rule = Rule {
            id: RuleId::new(format!("rule-{number}")),
            name: String::new(),
            force: Force::Required,
            who: Who::Everyone,
            actions: BTreeSet::new(),
            demand: Demand::standard(),
        };
        self.push(&rule, |_| None)
    }

    pub(super) fn remove(self, key: usize) {
        self.faults.set(Vec::new());
        self.rules.update(|rules| rules.retain(|one| one.key != key));
    }

    /// Moves a rule by one place.
    pub(super) fn shift(self, key: usize, up: bool) {
        self.faults.set(Vec::new());
        self.rules.update(|rules| {
            let Some(at) = rules.iter().position(|one| one.key == key) else { return };
            let to = if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < rules.len()) };
            if let Some(to) = to {
                rules.swap(at, to);
            }
        });
    }

    /// Where a rule stands.
    pub(super) fn place(self, key: usize) -> usize {
        self.rules.with(|rules| rules.iter().position(|one| one.key == key)).unwrap_or_default()
    }

    /// What is wrong at this place, or beneath it.
    pub(super) fn fault_at(self, at: &str) -> Option<String> {
        let here =
            |fault: &&Fault| fault.at.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let said: Vec<String> = self
            .faults
            .with(|faults| faults.iter().filter(here).map(|fault| [&fault.what, " ", &fault.mend].concat()).collect());
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// Everything read together.
    pub(super) fn draft(self) -> Draft {
        let domains = self.domains.get_untracked();
        let days = self.life_days.get_untracked().trim().parse().unwrap_or(0);
        Draft {
            rules: self.rules.with_untracked(|rules| rules.iter().map(|one| one.rule()).collect()),
            enrolment: Enrolment {
                life_days: self.ends.get_untracked().then_some(days),
                mail_proof: self.mail_proof.get_untracked(),
            },
            people: People {
                managed_domains: words(&domains).map(str::to_lowercase).collect(),
                external: self.external.accounts(),
                internal: self.internal.accounts(),
            },
            invitations: Invitations {
                workflows: self.invited_workflows.get_untracked(),
                days: self.invitation_days.get_untracked().trim().parse().unwrap_or(0),
            },
        }
    }
}

/// One a line, or with commas or blanks between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|word| !word.is_empty())
}

impl RuleForm {
    fn rule(self) -> Rule {
        let meanings = self.meanings.get_untracked();
        Rule {
            id: self.id.get_value(),
            name: self.name.get_untracked(),
            force: if self.required.get_untracked() { Force::Required } else { Force::Default },
            who: match self.whom.get_untracked() {
                Whom::Everyone => Who::Everyone,
                Whom::External => Who::External,
                Whom::Internal => Who::Internal,
                Whom::Group => {
                    let chosen = self.group.first_untracked();
                    let group = chosen.map(|chosen| GroupId::new(chosen.account.as_str()));
                    Who::Group { group: group.unwrap_or_else(|| GroupId::new("")) }
                }
            },
            actions: self.actions.get_untracked(),
            demand: Demand {
                factors: self.factors.get_untracked(),
                fresh: if self.session.get_untracked() {
                    Freshness::Session { minutes: self.minutes.get_untracked().trim().parse().unwrap_or(0) }
                } else {
                    Freshness::EachTime
                },
                meanings: meanings.lines().map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
                part_11: self.part_11.get_untracked(),
            },
        }
    }
}
