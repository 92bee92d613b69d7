//! Taking a step.

use super::confluence::{HOUR, named};
use super::documents::{DATE, GROUPS};
use super::life::Life;
use super::steps::Step;
use super::token::{self, brought};
use engine::ids::{AccountId, ApprovalId, Seq, SpaceId, StateId};
use engine::page::command::{Command, Edit, Move, Start, Tick};
use engine::page::refusal::Refusal;
use engine::token::policy::Policy;
use engine::wire::status::Decision;
use std::collections::{BTreeMap, BTreeSet};

impl Life {
    fn approval_id(&self, number: u8) -> ApprovalId {
        let ids: Vec<_> = self.state().iter().flat_map(|state| &state.approvals).map(|one| one.id.clone()).collect();
        if ids.is_empty() { ApprovalId::new("a0") } else { ids[usize::from(number) % ids.len()].clone() }
    }

    /// Takes a step; if it is refused, somebody else tries.
    pub fn step(&mut self, step: &Step) {
        if !self.taken(step) {
            for other in 1..6 {
                let mut step = step.clone();
                match &mut step {
                    Step::Submit { by, .. }
                    | Step::Decide { by, .. }
                    | Step::Select { by, .. }
                    | Step::Reassign { by, .. } => *by += other,
                    _ => return,
                }
                if self.taken(&step) {
                    return;
                }
            }
        }
    }

    /// What is refused changes nothing.
    fn taken(&mut self, step: &Step) -> bool {
        let (fold, on, events) = (self.fold.clone(), self.on, self.events.len());
        let done = self.perform(step);
        if done.is_err() {
            assert_eq!((&self.fold, self.on, self.events.len()), (&fold, on, events), "a refusal changes nothing");
        }
        done.is_ok()
    }

    fn perform(&mut self, step: &Step) -> Result<bool, Refusal> {
        let page = self.page();
        match step {
            Step::Start => {
                let start = Start { space: SpaceId::new("1"), version: page.version, dates: page.dates };
                self.run(&Command::Start(start))
            }
            Step::Submit { by, names, comment, brings } => {
                let assigned = self.named_by(*names);
                let proof = brought(*brings, self.now);
                self.run(&self.submission(&Self::someone(*by), assigned, *comment, proof))
            }
            Step::Decide { by, approval, approve, brings, stale, comment, meaning } => {
                let decision = if *approve { Decision::Approve } else { Decision::Reject };
                let proof = brought(*brings, self.now);
                let (by, approval) = (Self::someone(*by), self.approval_id(*approval));
                let mut command = self.verdict(&by, &approval, decision, proof, *comment, *meaning);
                if let (true, Command::Decide(command)) = (*stale, &mut command) {
                    command.state_seq = Seq(command.state_seq.0.saturating_sub(1));
                }
                let done = self.run(&command);
                assert!(done.is_err() || !stale, "a challenge of an earlier review is worth nothing");
                done
            }
            Step::Select { by, way, comment, stale, brings } => {
                let ways: Vec<_> =
                    self.state().iter().flat_map(|state| &state.transitions.select).map(|one| one.to.clone()).collect();
                let to =
                    if ways.is_empty() { StateId::new("s1") } else { ways[usize::from(*way) % ways.len()].clone() };
                let mut command = self.selection(&Self::someone(*by), &to, *comment, brought(*brings, self.now));
                if let (true, Command::Select(command)) = (*stale, &mut command) {
                    command.state_seq = Seq(0);
                }
                self.run(&command)
            }
            Step::Reassign { by, approval, from, to, brings } => {
                let command = self.reassignment(
                    &Self::someone(*by),
                    &self.approval_id(*approval),
                    from.map(Self::someone),
                    &Self::someone(*to),
                    brought(*brings, self.now),
                );
                self.run(&command)
            }
            Step::Write { by, content, heard, known } => {
                let by = Self::someone(*by);
                // Confluence's clock may say that it was before the last decision, whose request read the page earlier.
                self.sheet.edit(by.as_str(), u32::from(*content), self.now - u64::from(*content) * 1_500);
                let edit = Edit { page: self.page(), by: known.then_some(by) };
                if *heard { self.run(&Command::RecordEdit(edit)) } else { Ok(false) }
            }
            Step::Attach { content, heard } => {
                self.sheet.attach(u32::from(*content));
                let edit = Edit { page: self.page(), by: None };
                if *heard { self.run(&Command::RecordEdit(edit)) } else { Ok(false) }
            }
            Step::OldNews { version } => {
                // The edge hands on what Confluence has now; an old event only makes it look.
                let count = usize::from(*version) % self.sheet.versions.len() + 1;
                let old = self.sheet.at(count, None);
                let known = self.fold.as_ref().map(|fold| fold.latest.version);
                if known.is_some_and(|known| old.version < known) {
                    let done = self.run(&Command::RecordEdit(Edit { page: old, by: None }));
                    assert_eq!(done, Ok(false), "old news change nothing");
                }
                Ok(false)
            }
            Step::Date { days } => {
                self.sheet.dates.clear();
                if let Some(days) = days {
                    let date = format!("2026-{:02}-{:02}", days % 12 + 1, days % 28 + 1).parse().unwrap();
                    self.sheet.dates.insert(DATE.to_owned(), date);
                }
                Ok(false)
            }
            Step::Look => {
                self.look();
                Ok(true)
            }
            Step::Tick { with_page } => {
                let page = with_page.then_some(page);
                self.run(&Command::Tick(Tick { page }))
            }
            Step::Wait { hours } => {
                self.now += u64::from(*hours) * HOUR;
                Ok(false)
            }
            Step::Later => {
                self.now =
                    self.fold.as_ref().and_then(|fold| fold.expires_at).map_or(self.now, |at| at.0.max(self.now));
                self.run(&Command::Tick(Tick { page: Some(page) }))
            }
            Step::MoveTo { definition, state, by } => {
                let on = usize::from(*definition) % self.definitions.len();
                let target = &self.definitions[on].states;
                let to = target[usize::from(*state) % target.len()].id.clone();
                let states = self.fold.iter().map(|fold| (fold.state.id.clone(), to.clone())).collect();
                let by = by.map(|by| named(&Self::someone(by)));
                self.run_on(on, &Command::Move(Box::new(Move { states, page, by })))
            }
            Step::End => self.run(&Command::End { by: None }),
            Step::Membership { group, who } => {
                self.people.change_membership(GROUPS[usize::from(*group) % 3], Self::someone(*who).as_str());
                Ok(false)
            }
            Step::Active { who } => {
                let who = Self::someone(*who);
                if !self.people.inactive.remove(&who) {
                    self.people.inactive.insert(who);
                }
                Ok(false)
            }
            Step::Away { who, stand_in } => {
                let who = Self::someone(*who);
                match stand_in.map(Self::someone).filter(|stand_in| *stand_in != who) {
                    Some(stand_in) => _ = self.people.absent.insert(who, stand_in),
                    None => _ = self.people.absent.remove(&who),
                }
                Ok(false)
            }
            Step::Policy { rules } => {
                self.policy = rules.as_ref().map_or_else(Policy::initial, |rules| token::policy(rules));
                Ok(false)
            }
        }
    }

    /// Some people for each approval that lets the submitter name them.
    fn named_by(&self, bits: u8) -> BTreeMap<ApprovalId, BTreeSet<AccountId>> {
        let state =
            self.fold.as_ref().filter(|fold| !fold.ended).map_or_else(|| self.definition().initial(), |_| self.state());
        let target = state.and_then(|state| self.definition().state(&state.transitions.submit.as_ref()?.to));
        let lets = target
            .iter()
            .flat_map(|state| &state.approvals)
            .filter(|one| one.reviewers.assigned.is_some() || bits > 250);
        let people: BTreeSet<_> = (0..6).filter(|bit| bits >> bit & 1 == 1).map(Self::someone).collect();
        lets.map(|one| (one.id.clone(), people.clone())).collect()
    }
}
