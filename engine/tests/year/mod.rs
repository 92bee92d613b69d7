//! A space with its pages, its people and its year.

#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod chance;
pub mod projection;

use crate::common::{account, proof};
use crate::random::confluence::{DAY, HOUR, People, Sheet};
use crate::random::documents::DATE;
use crate::random::life::{BEGIN, Life};
use chance::Chance;
use engine::ids::{AccountId, ApprovalId, GroupId, StateId};
use engine::page::command::{Command, Edit, Move, Start, Tick};
use engine::page::refusal::Refusal;
use engine::timer::decisive;
use engine::wire::status::Decision;
use engine::workflow::definition::Definition;
use engine::workflow::parse::{Parameters, parse};
use engine::workflow::template;
use projection::Projections;
use std::collections::{BTreeMap, BTreeSet};

pub const PAGES: usize = 200;
const PEOPLE: usize = 30;
const HOURS: u64 = 365 * 24;

/// News of an edit on its way.
#[derive(Clone, Debug)]
struct News {
    page: usize,
    by: AccountId,
}

#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub edits: usize,
    pub lost: usize,
    pub doubled: usize,
    pub delayed: usize,
    pub submitted: usize,
    pub refused: usize,
    pub ended: usize,
    pub moved: usize,
    pub asleep: usize,
}

pub struct Year {
    pub pages: Vec<Life>,
    pub people: People,
    pub projections: Projections,
    pub counts: Counts,
    chance: Chance,
    names: Vec<AccountId>,
    /// From when to when somebody is away, and who stands in.
    holidays: Vec<(usize, u64, u64, usize)>,
    news: BTreeMap<u64, Vec<News>>,
    /// Pages Confluence says were changed since the last look.
    changed: BTreeSet<usize>,
    now: u64,
}

/// A template as a site takes it, in two versions: the second asks sooner for the next review.
fn versions(template: &template::Template) -> Vec<Definition> {
    let document = template::document(template.id).unwrap();
    let parameters = document["parameters"].as_array().unwrap();
    let values = |every: Option<&str>| -> Parameters {
        let of = |parameter: &serde_json::Value| {
            let name = parameter["name"].as_str().unwrap().to_owned();
            match (parameter.get("default"), every) {
                (None, _) => Some((name.clone(), format!("group-{name}").into())),
                (Some(_), Some(every)) if name == "review-every" => Some((name, every.into())),
                _ => None,
            }
        };
        parameters.iter().filter_map(of).collect()
    };
    [Some("P5M"), Some("P2M")].into_iter().map(|every| parse(&document, &values(every)).unwrap()).collect()
}

fn groups(definitions: &[Definition]) -> BTreeSet<GroupId> {
    let approvals = definitions.iter().flat_map(|one| &one.states).flat_map(|state| &state.approvals);
    let of = |from: &engine::workflow::definition::Reviewers| {
        let assigned = from.assigned.iter().flat_map(|assigned| assigned.from.clone());
        from.groups.iter().cloned().chain(assigned).collect::<Vec<_>>()
    };
    approvals.flat_map(|approval| of(&approval.reviewers)).collect()
}

impl Year {
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let names: Vec<AccountId> = (0..PEOPLE).map(|number| account(&format!("person-{number}"))).collect();
        let mut people = People::default();
        people.admins.extend(names.iter().take(2).cloned());
        people.readers.extend(names.iter().rev().take(4).cloned());
        let mut pages = Vec::new();
        for number in 0..PAGES {
            let definitions = versions(&template::all()[number % template::all().len()]);
            for group in groups(&definitions) {
                people.groups.entry(group).or_insert_with(|| (0..8).map(|_| chance.one(&names).clone()).collect());
            }
            let mut life = Life::new(definitions);
            life.sheet = Sheet::new(chance.one(&names).as_str(), 1, BEGIN);
            life.keeps_snapshots = false;
            if chance.once_in(10) {
                let date = format!("2026-{:02}-01", chance.below(12) + 1);
                life.sheet.dates.insert(DATE.to_owned(), date.parse().unwrap());
            }
            pages.push(life);
        }
        let holidays = (0..PEOPLE * 2).map(|number| {
            let from = BEGIN + chance.below(350) * DAY;
            (number % PEOPLE, from, from + 14 * DAY, usize::try_from(chance.below(PEOPLE as u64)).unwrap())
        });
        let holidays = holidays.filter(|(away, _, _, stand_in)| away != stand_in).collect();
        Self {
            pages,
            people,
            projections: Projections::default(),
            counts: Counts::default(),
            chance,
            names,
            holidays,
            news: BTreeMap::new(),
            changed: BTreeSet::new(),
            now: BEGIN + HOUR,
        }
    }

    /// The whole year, hour by hour.
    pub fn live(&mut self) {
        for page in 0..PAGES {
            let start = Start {
                space: engine::ids::SpaceId::new("1"),
                version: self.pages[page].sheet.version(),
                dates: self.pages[page].sheet.dates.clone(),
            };
            self.run(page, &Command::Start(start)).unwrap();
        }
        let mut asleep_until = 0;
        for hour in 0..HOURS {
            self.now = BEGIN + (hour + 2) * HOUR;
            self.deliver();
            if hour % 24 == 3 {
                self.morning();
                if self.chance.once_in(40) {
                    self.counts.asleep += 1;
                    asleep_until = self.now + DAY;
                }
            }
            if self.now >= asleep_until {
                self.clock();
            }
            for page in std::mem::take(&mut self.changed) {
                self.look(page);
            }
            if (8..18).contains(&(hour % 24)) {
                self.work();
            }
            if hour == HOURS / 2 {
                self.move_all();
            }
        }
        self.now += HOUR;
        (0..PAGES).for_each(|page| self.look(page));
    }

    fn run(&mut self, page: usize, command: &Command) -> Result<bool, Refusal> {
        let on = self.pages[page].on;
        self.run_on(page, on, command)
    }

    fn run_on(&mut self, page: usize, on: usize, command: &Command) -> Result<bool, Refusal> {
        let life = &mut self.pages[page];
        life.people.clone_from(&self.people);
        life.now = life.now.max(self.now);
        let done = life.run_on(on, command);
        match &done {
            Ok(true) => self.projections.commit(page, life),
            Ok(false) => {}
            Err(_) => self.counts.refused += 1,
        }
        done
    }

    /// Who is away, who joined and left groups, which pages were taken out.
    fn morning(&mut self) {
        let (now, names) = (self.now, &self.names);
        let away = self.holidays.iter().filter(|(_, from, to, _)| (*from..*to).contains(&now));
        self.people.absent =
            away.map(|(away, _, _, stand_in)| (names[*away].clone(), names[*stand_in].clone())).collect();
        if self.chance.once_in(5) {
            let groups: Vec<GroupId> = self.people.groups.keys().cloned().collect();
            let group = self.chance.one(&groups).clone();
            let members = self.people.groups.get_mut(&group).unwrap();
            let who = self.chance.one(&self.names).clone();
            if !members.remove(&who) || members.len() < 4 {
                members.insert(who);
            }
        }
        if self.chance.once_in(60) {
            let who = self.chance.one(&self.names[10..]).clone();
            self.people.inactive.insert(who);
        }
        if self.chance.once_in(30) {
            let page = usize::try_from(self.chance.below(PAGES as u64)).unwrap();
            self.counts.ended += usize::from(self.run(page, &Command::End { by: None }) == Ok(true));
        }
    }

    /// What the clock finds due.
    fn clock(&mut self) {
        for page in self.projections.due(self.now) {
            let on_page = self.pages[page].page();
            let done = self.run(page, &Command::Tick(Tick { page: Some(on_page) }));
            assert_eq!(done, Ok(true), "a timer that was due brings something");
        }
    }

    fn deliver(&mut self) {
        let later = self.news.split_off(&(self.now + 1));
        for News { page, by } in std::mem::replace(&mut self.news, later).into_values().flatten() {
            let edit = Edit { page: self.pages[page].page(), by: Some(by) };
            self.run(page, &Command::RecordEdit(edit)).unwrap();
        }
    }

    fn look(&mut self, page: usize) {
        let now = self.pages[page].page();
        let by = Some(now.author.clone());
        self.run(page, &Command::RecordEdit(Edit { page: now, by })).unwrap();
    }

    fn edit(&mut self, page: usize, made_at: u64) {
        let by = self.chance.one(&self.names[..26]).clone();
        let sheet = &mut self.pages[page].sheet;
        let content = sheet.version().0 + 1;
        sheet.edit(by.as_str(), content, made_at);
        self.counts.edits += 1;
        self.changed.insert(page);
        if self.chance.once_in(10) {
            self.counts.lost += 1;
            return;
        }
        let twice = self.chance.once_in(10);
        self.counts.doubled += usize::from(twice);
        for _ in 0..=u8::from(twice) {
            let delay = if self.chance.once_in(5) { self.chance.below(6 * HOUR) } else { self.chance.below(HOUR / 2) };
            self.counts.delayed += usize::from(delay > HOUR);
            self.news.entry(self.now + delay).or_default().push(News { page, by: by.clone() });
        }
    }

    /// An hour of work: some people edit, submit and decide.
    fn work(&mut self) {
        for _ in 0..2 {
            let page = usize::try_from(self.chance.below(PAGES as u64)).unwrap();
            if self.chance.once_in(2) {
                self.edit(page, self.now);
            }
        }
        for _ in 0..6 {
            let page = usize::try_from(self.chance.below(PAGES as u64)).unwrap();
            if self.pages[page].state().is_some_and(|state| state.transitions.submit.is_some()) {
                self.submit(page);
            } else if self.pages[page].state().is_some_and(|state| !state.approvals.is_empty()) {
                self.decide(page);
            } else if self.chance.once_in(20) {
                self.pick(page);
            }
        }
    }

    fn submit(&mut self, page: usize) {
        let life = &self.pages[page];
        let state = life.state().unwrap();
        let target = life.definition().state(&state.transitions.submit.as_ref().unwrap().to).unwrap();
        let mut named: BTreeMap<ApprovalId, BTreeSet<AccountId>> = BTreeMap::new();
        for approval in &target.approvals {
            let from = approval.reviewers.assigned.iter().flat_map(|assigned| &assigned.from);
            let members: Vec<AccountId> = from.flat_map(|group| self.people.groups[group].clone()).collect();
            if !members.is_empty() {
                named.insert(approval.id.clone(), (0..2).map(|_| self.chance.one(&members).clone()).collect());
            }
        }
        let by = self.chance.one(&self.names).clone();
        self.pages[page].people.clone_from(&self.people);
        let command = self.pages[page].submission(&by, named, true, proof());
        self.counts.submitted += usize::from(self.run(page, &command) == Ok(true));
    }

    fn decide(&mut self, page: usize) {
        self.pages[page].people.clone_from(&self.people);
        let approvals: Vec<ApprovalId> =
            self.pages[page].state().unwrap().approvals.iter().map(|one| one.id.clone()).collect();
        let decision = if self.chance.once_in(6) { Decision::Reject } else { Decision::Approve };
        for _ in 0..4 {
            let id = self.chance.one(&approvals).clone();
            let asked = self.asked(page, &id);
            let by = self
                .chance
                .one(if asked.is_empty() || self.chance.clone().once_in(4) { &self.names } else { &asked })
                .clone();
            let command = self.pages[page].verdict(&by, &id, decision, proof(), true, 0);
            if self.run(page, &command) == Ok(true) {
                // Somebody saved while the decision was under way: Confluence had a newer version just before.
                if self.chance.once_in(25) {
                    let before = self.pages[page].now - 1_500;
                    self.edit(page, before);
                }
                return;
            }
        }
        // Nobody of those can decide: an administrator asks somebody else.
        let (by, to) = (self.names[0].clone(), self.chance.one(&self.names).clone());
        let command = self.pages[page].reassignment(&by, self.chance.one(&approvals), None, &to, proof());
        let _ = self.run(page, &command);
    }

    /// Who is asked, or stands in.
    fn asked(&self, page: usize, id: &ApprovalId) -> Vec<AccountId> {
        let review = self.pages[page].fold.as_ref().and_then(|fold| fold.review.as_ref());
        let asked = review.and_then(|review| review.approval(id)).into_iter().flat_map(|now| &now.asked.people);
        let accounts = asked.map(|asked| &asked.person.account);
        accounts.map(|one| self.people.absent.get(one).unwrap_or(one).clone()).collect()
    }

    fn pick(&mut self, page: usize) {
        self.pages[page].people.clone_from(&self.people);
        let ways: Vec<StateId> = self.pages[page]
            .state()
            .into_iter()
            .flat_map(|state| &state.transitions.select)
            .map(|one| one.to.clone())
            .collect();
        if !ways.is_empty() {
            let (by, to) = (self.chance.one(&self.names).clone(), self.chance.one(&ways).clone());
            let command = self.pages[page].selection(&by, &to, true, proof());
            let _ = self.run(page, &command);
        }
    }

    /// Every page goes to the new version of its workflow.
    fn move_all(&mut self) {
        for page in 0..PAGES {
            self.look(page);
            let command = Move { states: BTreeMap::new(), page: self.pages[page].page(), by: None };
            if self.pages[page].is_under_workflow() {
                assert_eq!(self.run_on(page, 1, &Command::Move(Box::new(command))), Ok(true));
                self.counts.moved += 1;
            }
        }
    }
}

/// Timers that move a page, as the projection keeps them.
pub fn timers(life: &Life) -> Vec<u64> {
    life.fold.as_ref().map(|fold| decisive(fold).iter().map(|timer| timer.at.0).collect()).unwrap_or_default()
}
