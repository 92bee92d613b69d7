//! A page, the people around it and what they do to it, step by step, each step checked.

use super::confluence::{DAY, HOUR, People, Sheet, named};
use super::documents::{GROUPS, USERS};
use super::ledger::{Ledger, Moment};
use super::token;
use crate::common::{account, text};
use engine::ids::{AccountId, ApprovalId, GroupId, Seq, SpaceId, StateId};
use engine::page::apply::{apply, replay};
use engine::page::command::{Cast, Command, Confirmed, Decide, Edit, PageNow, Reassign, Select, Submit, Tick};
use engine::page::decide::{Situation, Workflow, decide};
use engine::page::event::{PageEvent, Proof};
use engine::page::fold::PageFold;
use engine::page::refusal::Refusal;
use engine::time::Timestamp;
use engine::token::policy::{Action, Policy};
use engine::wire::status::Decision;
use engine::workflow::definition::{Definition, State};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone)]
pub struct Life {
    pub definitions: Vec<Definition>,
    pub on: usize,
    pub people: People,
    pub sheet: Sheet,
    pub policy: Policy,
    pub fold: Option<PageFold>,
    pub events: Vec<(Seq, Timestamp, PageEvent)>,
    pub snapshots: Vec<String>,
    pub keeps_snapshots: bool,
    pub ledger: Ledger,
    pub now: u64,
}

/// Somewhere in 2026.
pub const BEGIN: u64 = 1_767_225_600_000;

impl Life {
    pub fn new(definitions: Vec<Definition>) -> Self {
        let mut people = People::default();
        for (group, members) in GROUPS.iter().zip([&["anna", "ben", "carla"][..], &["carla", "dora", "emil"], &USERS]) {
            people.groups.insert(GroupId::new(*group), members.iter().map(|one| account(one)).collect());
        }
        people.readers.insert(account("fay"));
        people.admins.insert(account("dora"));
        Self {
            definitions,
            on: 0,
            people,
            sheet: Sheet::new("emil", 1, BEGIN),
            policy: Policy::initial(),
            fold: None,
            events: Vec::new(),
            snapshots: Vec::new(),
            keeps_snapshots: true,
            ledger: Ledger::default(),
            now: BEGIN + HOUR,
        }
    }

    pub fn definition(&self) -> &Definition {
        &self.definitions[self.on]
    }

    pub fn page(&self) -> PageNow {
        self.sheet.now(self.fold.as_ref().and_then(|fold| fold.approved.as_ref()).map(|approved| approved.version))
    }

    pub fn state(&self) -> Option<&State> {
        self.definition().state(&self.fold.as_ref()?.state.id)
    }

    pub fn is_under_workflow(&self) -> bool {
        self.fold.as_ref().is_some_and(|fold| !fold.ended)
    }

    /// Decides, everything asked for answered. A tick without the page gets none.
    pub fn decided(&self, on: usize, command: &Command) -> Result<Vec<PageEvent>, Refusal> {
        let mut cast = Cast::default();
        for _ in 0..4 {
            let definition = &self.definitions[on];
            let workflow = Workflow { version: u32::try_from(on).unwrap() + 1, definition };
            let situation = Situation { workflow, cast: &cast, now: Timestamp(self.now) };
            match decide(self.fold.as_ref(), &situation, command) {
                Err(Refusal::Unknown(needs)) if !needs.page => self.people.answer(&mut cast, &needs),
                answer => {
                    assert_ne!(answer, Err(Refusal::DamagedDefinition), "validation keeps this from happening");
                    return answer;
                }
            }
        }
        unreachable!("the engine never stops asking")
    }

    /// Decides and records, every event checked. Says whether anything happened.
    pub fn run(&mut self, command: &Command) -> Result<bool, Refusal> {
        self.run_on(self.on, command)
    }

    /// The same under another definition, which the page runs on from then on if anything happens.
    pub fn run_on(&mut self, on: usize, command: &Command) -> Result<bool, Refusal> {
        let events = self.decided(on, command)?;
        self.on = if events.is_empty() { self.on } else { on };
        for event in &events {
            let seq = self.fold.as_ref().map_or(Seq(0), |fold| fold.seq).next();
            let at = Timestamp(self.now);
            let moment = Moment {
                definition: &self.definitions[self.on],
                people: &self.people,
                sheet: &self.sheet,
                policy: &self.policy,
                at,
            };
            self.ledger.take(seq, event, &moment);
            self.fold = Some(apply(self.fold.take(), seq, at, event).unwrap());
            self.events.push((seq, at, event.clone()));
            if self.keeps_snapshots {
                self.snapshots.push(serde_json::to_string(&self.fold).unwrap());
            }
        }
        if let Some(fold) = &self.fold {
            self.ledger.agrees(fold);
        }
        self.now += 1_000;
        Ok(!events.is_empty())
    }

    /// Folding again, whole or from any snapshot, gives the same bytes.
    pub fn folds_again(&self) {
        let bytes = |fold: &Option<PageFold>| serde_json::to_string(fold).unwrap();
        let whole = bytes(&self.fold);
        let from = |start: Option<PageFold>, skip: usize| {
            replay(start, self.events.iter().skip(skip).map(|(seq, at, event)| (*seq, *at, event))).unwrap()
        };
        assert_eq!(bytes(&from(None, 0)), whole);
        for (index, snapshot) in self.snapshots.iter().enumerate().step_by(3) {
            let stored: Option<PageFold> = serde_json::from_str(snapshot).unwrap();
            assert_eq!(bytes(&from(stored, index + 1)), whole, "from snapshot {index}");
        }
    }

    pub fn someone(number: u8) -> AccountId {
        account(USERS[usize::from(number) % USERS.len()])
    }

    pub fn submission(
        &self,
        by: &AccountId,
        assigned: BTreeMap<ApprovalId, BTreeSet<AccountId>>,
        comment: bool,
        proof: Proof,
    ) -> Command {
        Command::Submit(Box::new(Submit {
            space: SpaceId::new("1"),
            person: self.people.person(by),
            by: named(by),
            page: self.page(),
            title: text("title"),
            comment: comment.then(|| text("please")),
            assigned,
            confirmed: self.confirmed(by, proof),
        }))
    }

    pub fn selection(&self, by: &AccountId, to: &StateId, comment: bool, proof: Proof) -> Command {
        Command::Select(Box::new(Select {
            to: to.clone(),
            person: self.people.person(by),
            by: named(by),
            page: self.page(),
            title: text("title"),
            state_seq: self.fold.as_ref().map_or(Seq(0), |fold| fold.state_seq),
            comment: comment.then(|| text("because")),
            confirmed: self.confirmed(by, proof),
        }))
    }

    /// How something other than a verdict was confirmed.
    fn confirmed(&self, by: &AccountId, proof: Proof) -> Confirmed {
        Confirmed { proof: Some(proof), policy: self.policy.clone(), subject: token::subject(by, &self.people) }
    }

    pub fn verdict(
        &self,
        by: &AccountId,
        id: &ApprovalId,
        decision: Decision,
        proof: Proof,
        comment: bool,
        meaning: u8,
    ) -> Command {
        let approval = self.state().and_then(|state| state.approval(id));
        let meanings = approval.map_or_else(Vec::new, |approval| match decision {
            Decision::Approve => {
                let own = &approval.step_up;
                let demands = token::binding(&self.policy, own, by, &self.people, Action::Approve);
                token::meanings(approval, &demands)
            }
            Decision::Reject => vec![approval.meaning_of_rejection.clone()],
        });
        let chosen = usize::from(meaning) % meanings.len().max(1);
        Command::Decide(Box::new(Decide {
            reviewer: self.people.person(by),
            by: named(by),
            approval: id.clone(),
            decision,
            page: self.page(),
            state_seq: self.fold.as_ref().map_or(Seq(0), |fold| fold.state_seq),
            meaning: meanings.into_iter().nth(chosen).unwrap_or_default(),
            comment: comment.then(|| text("because")),
            proof,
            policy: self.policy.clone(),
            subject: token::subject(by, &self.people),
            invited: None,
        }))
    }

    pub fn reassignment(
        &self,
        by: &AccountId,
        approval: &ApprovalId,
        from: Option<AccountId>,
        to: &AccountId,
        proof: Proof,
    ) -> Command {
        Command::Reassign(Box::new(Reassign {
            approval: approval.clone(),
            from,
            to: named(to),
            to_can_see: !self.people.inactive.contains(to),
            person: self.people.person(by),
            by: named(by),
            comment: None,
            confirmed: self.confirmed(by, proof),
        }))
    }

    pub fn look(&mut self) {
        let edit = Edit { page: self.page(), by: Some(self.page().author) };
        self.run(&Command::RecordEdit(edit)).unwrap();
        if let Some((fold, approved)) = self.fold.as_ref().and_then(|fold| Some((fold, fold.approved.as_ref()?))) {
            let now = self.page();
            let differs = approved.version != now.version || approved.content_hash != now.content_hash;
            let (latest, story) = (&fold.latest, self.events.iter().rev().take(8).collect::<Vec<_>>());
            assert_eq!(
                fold.changed_since_approval(),
                differs,
                "what was approved is not what the page says: {latest:?}, {approved:?}, {now:?}, newest first {story:#?}"
            );
        }
    }

    /// The clock ticks every day of a year, and nobody does anything. Says how many events there were.
    pub fn a_year_alone(&mut self) -> usize {
        let begun = self.events.len();
        for _ in 0..365 {
            self.now += DAY;
            let page = Some(self.page());
            self.run(&Command::Tick(Tick { page })).unwrap();
        }
        self.events.len() - begun
    }
}
