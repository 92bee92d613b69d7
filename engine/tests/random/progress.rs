//! A way on: with people of good will, everybody needed there, a page can always move.

use super::life::Life;
use super::token;
use crate::common::account;
use engine::ids::{AccountId, ApprovalId, StateId};
use engine::page::command::{Command, Edit, Tick};
use engine::page::event::Proof;
use engine::token::policy::{Action, Policy};
use engine::wire::status::Decision;
use engine::workflow::definition::{Approval, Definition, People, StepUp};
use std::collections::{BTreeMap, BTreeSet};

const HELPERS: [&str; 8] = ["help-1", "help-2", "help-3", "help-4", "help-5", "help-6", "help-7", "help-8"];

/// The same page among people of good will: every account in use, nobody away, every group with enough members who never
/// touched the page, and an administrator of the space.
fn of_good_will(life: &Life) -> Life {
    let mut life = life.clone();
    life.people.inactive.clear();
    life.people.absent.clear();
    life.people.huge.clear();
    // Where the policy lets nobody through, an admin changes it.
    life.policy = Policy::initial();
    life.people.admins.insert(account("root"));
    for people in named(life.definition()) {
        for group in people.groups {
            life.people.groups.entry(group).or_default();
        }
    }
    for members in life.people.groups.values_mut() {
        members.extend(HELPERS.iter().map(|one| account(one)));
    }
    life.events.clear();
    life.snapshots.clear();
    life.keeps_snapshots = false;
    life.look();
    life
}

fn everybody(life: &Life) -> Vec<AccountId> {
    let people = HELPERS.iter().chain(&super::documents::USERS).chain(&["root", "writer"]).map(|one| account(one));
    let mut people: Vec<AccountId> = people.collect();
    people.push(life.sheet.creator().clone());
    people.extend(named(life.definition()).into_iter().flat_map(|people| people.users));
    people
}

/// Everybody the definition names anywhere.
fn named(definition: &Definition) -> Vec<People> {
    let mut found = Vec::new();
    for state in &definition.states {
        found.extend(state.transitions.submit.iter().map(|submit| submit.who.clone()));
        found.extend(state.transitions.select.iter().map(|select| select.who.clone()));
        for Approval { reviewers, reassign, .. } in &state.approvals {
            let from = reviewers.assigned.iter().flat_map(|assigned| assigned.from.clone());
            let groups = reviewers.groups.iter().cloned().chain(from).collect();
            found.extend([reassign.clone(), People { users: reviewers.users.clone(), groups, ..People::default() }]);
        }
    }
    found
}

/// What is enough.
fn good(life: &Life, by: &AccountId, approval: Option<&ApprovalId>, action: Action) -> Proof {
    let approval = approval.and_then(|id| life.state()?.approval(id));
    let own = approval.map_or(StepUp::Policy, |approval| approval.step_up.clone());
    token::good(&life.policy, &own, by, &life.people, action, life.now)
}

fn tried(life: &Life, commands: impl Iterator<Item = Command>) -> Option<Life> {
    let mut life = life.clone();
    for command in commands {
        if life.run(&command) == Ok(true) {
            return Some(life);
        }
    }
    None
}

/// Everything people of good will and the clock can make of the page, with a word for each.
fn ways(life: &Life) -> Vec<(String, Life)> {
    let mut found = Vec::new();
    let people = everybody(life);
    let Some(state) = life.state() else { return found };
    if let Some(submit) = &state.transitions.submit {
        let target = life.definition().state(&submit.to).unwrap();
        let named: BTreeMap<ApprovalId, BTreeSet<AccountId>> = target
            .approvals
            .iter()
            .filter(|one| one.reviewers.assigned.is_some())
            .map(|one| (one.id.clone(), HELPERS[1..].iter().map(|one| account(one)).collect()))
            .collect();
        let commands =
            people.iter().map(|by| life.submission(by, named.clone(), true, good(life, by, None, Action::Submit)));
        found.extend(tried(life, commands).map(|life| ("submit".to_owned(), life)));
    }
    for select in &state.transitions.select {
        let commands =
            people.iter().map(|by| life.selection(by, &select.to, true, good(life, by, None, Action::Select)));
        found.extend(tried(life, commands).map(|life| (format!("select {}", select.to), life)));
    }
    if let Some(at) = life.fold.as_ref().and_then(|fold| fold.expires_at) {
        let mut later = life.clone();
        later.now = later.now.max(at.0);
        let tick = Command::Tick(Tick { page: Some(later.page()) });
        found.extend(tried(&later, std::iter::once(tick)).map(|life| ("time".to_owned(), life)));
    }
    for decision in [Decision::Approve, Decision::Reject] {
        found.extend(reviewed(life, &people, decision).map(|life| (format!("{decision:?}"), life)));
    }
    let reads_date = life.definition().date_headings().next().is_some();
    for date in [None, reads_date.then_some("2026-06-01")] {
        found.extend(edited(life, date).map(|life| ("edit".to_owned(), life)));
        if !reads_date {
            break;
        }
    }
    found
}

/// Somebody edits the page, and may put a date on it.
fn edited(life: &Life, date: Option<&str>) -> Option<Life> {
    let mut edited = life.clone();
    if let Some(date) = date {
        edited.sheet.dates.insert(super::documents::DATE.to_owned(), date.parse().unwrap());
    }
    let content = 100 + edited.sheet.version().0;
    edited.sheet.edit("writer", content, edited.now);
    let edit = Command::RecordEdit(Edit { page: edited.page(), by: Some(account("writer")) });
    tried(&edited, std::iter::once(edit))
}

/// The review brought to its end, other people asked where those asked cannot decide.
fn reviewed(life: &Life, people: &[AccountId], decision: Decision) -> Option<Life> {
    life.fold.as_ref()?.review.as_ref()?;
    let approvals: Vec<ApprovalId> = life.state()?.approvals.iter().map(|one| one.id.clone()).collect();
    let begun = life.fold.as_ref()?.state_seq;
    let mut life = life.clone();
    for _ in 0..60 {
        let here = life.clone();
        let given = |id: &ApprovalId, by: &AccountId| {
            let review = here.fold.as_ref().and_then(|fold| fold.review.as_ref());
            let mut verdicts = review.into_iter().flat_map(|review| &review.decisions);
            verdicts.any(|one| one.approval == *id && one.by.account == *by && one.decision == decision)
        };
        let verdicts = approvals.iter().flat_map(|id| people.iter().map(move |by| (id, by)));
        let action = if decision == Decision::Approve { Action::Approve } else { Action::Reject };
        let verdicts = verdicts
            .filter(|(id, by)| !given(id, by))
            .map(|(id, by)| here.verdict(by, id, decision, good(&here, by, Some(id), action), true, 0));
        let next = tried(&life, verdicts).or_else(|| {
            let asking = approvals.iter().flat_map(|id| {
                let pairs = people.iter().flat_map(|by| HELPERS.iter().map(move |to| (by, account(to))));
                let proof = |by| good(&here, by, None, Action::Reassign);
                pairs.map(|(by, to)| here.reassignment(by, id, None, &to, proof(by))).collect::<Vec<_>>()
            });
            tried(&life, asking)
        })?;
        life = next;
        if life.fold.as_ref()?.state_seq != begun {
            return Some(life);
        }
    }
    None
}

/// From where the page is, something leads to another state; and, if the workflow is meant to end, some steps lead to the
/// initial state or a final one.
pub fn there_is_a_way_on(life: &Life, ends: bool) {
    if !life.is_under_workflow() {
        return;
    }
    let begin = of_good_will(life);
    let here = |life: &Life| life.fold.as_ref().unwrap().state.id.clone();
    let nexts = ways(&begin);
    let said: Vec<String> = nexts.iter().map(|(by, next)| format!("{by} → {}", here(next))).collect();
    assert!(nexts.iter().any(|(_, next)| here(next) != here(&begin)), "no way out of {}: {said:?}", here(&begin));
    if !ends {
        return;
    }
    let settled = |life: &Life| life.state().is_some_and(|state| state.initial || state.is_final);
    let key = |life: &Life| -> (StateId, Option<StateId>, bool) {
        let fold = life.fold.as_ref().unwrap();
        (fold.state.id.clone(), fold.previous.clone(), !life.sheet.dates.is_empty())
    };
    if settled(&begin) {
        return;
    }
    let mut seen = BTreeSet::from([key(&begin)]);
    let mut open: Vec<Life> = nexts.into_iter().map(|(_, next)| next).collect();
    for _ in 0..20 {
        let mut further = Vec::new();
        for next in open {
            if settled(&next) {
                return;
            }
            if seen.insert(key(&next)) {
                further.extend(ways(&next).into_iter().map(|(_, next)| next));
            }
        }
        open = further;
    }
    unreachable!("from {} no way leads to the initial state or a final one: {seen:?}", here(&begin));
}
