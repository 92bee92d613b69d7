//! A page, people and commands for tests of the page's life.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, missing_docs, unreachable_pub)]

use engine::audit::commitment::TextRef;
use engine::content::ContentHash;
use engine::ids::{AccountId, ApprovalId, FactorId, GroupId, PageVersion, Seq, SpaceId, StateId, TextId};
use engine::page::apply::apply;
use engine::page::command::{
    Cast, CastGroup, CastPerson, Command, Confirmed, Decide, Edit, Needs, PageNow, Person, Reassign, Select, Start,
    Submit, Tick,
};
use engine::page::decide::{Situation, Workflow, decide};
use engine::page::event::{FactorUse, PageEvent, Proof, Signatory};
use engine::page::fold::PageFold;
use engine::page::refusal::Refusal;
use engine::time::Timestamp;
use engine::token::policy::{FactorKind, Policy, Requirement, Subject};
use engine::wire::status::Decision;
use engine::workflow::builtin;
use engine::workflow::definition::Definition;
use engine::workflow::parse::{Parameters, parse};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub const APPROVERS: &str = "countersign-approvers";

pub fn definition(minimum: u32) -> Definition {
    let values = [("minimum".to_owned(), minimum.into()), ("approvers".to_owned(), APPROVERS.into())];
    builtin::definition(&Parameters::from(values)).unwrap()
}

pub fn defined(document: &Value) -> Definition {
    parse(document, &Parameters::new()).unwrap_or_else(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        unreachable!("{}", faults.join("\n"))
    })
}

/// A workflow in whose review `anna` and `ben` are asked twice, one approval after the other; `more` is said of both.
pub fn two_approvals(more: &Value) -> Value {
    let approval = |id: &str, after: &[&str]| {
        let mut approval = json!({
            "id": id, "name": id, "reviewers": { "users": ["anna", "ben"] }, "after": after, "exclude": ["last-editor"],
            "meaning": "Yes.", "meaning_of_rejection": "No.",
        });
        approval.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        approval
    };
    json!({
        "format": 1, "id": "w", "name": "W",
        "states": [
            { "id": "draft", "name": "Draft", "initial": true, "transitions": { "submit": "review" } },
            { "id": "review", "name": "Review", "approvals": [approval("first", &[]), approval("second", &["first"])],
              "transitions": { "approved": "done", "rejected": "draft", "updated": "draft" } },
            { "id": "done", "name": "Done", "final": true, "transitions": { "updated": "draft" } }
        ]
    })
}

/// A page under this workflow, submitted by `author`.
pub fn submitted(document: &Value) -> Page {
    let mut it = Page::of(defined(document));
    it.run(&start(1));
    it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
    it
}

pub fn hash(content: u32) -> ContentHash {
    ContentHash::from_hex(format!("{content:064x}"))
}

pub fn text(of: &str) -> TextRef {
    TextRef::commit(TextId::new(format!("text-{of}")), &[0; 16], of)
}

pub fn account(of: &str) -> AccountId {
    AccountId::new(of)
}

pub fn signatory(account: &str) -> Signatory {
    Signatory { account: AccountId::new(account), name: text(account) }
}

/// Made by Confluence at second 1000, long after what tests of voided approvals compare it with; see [`made_at`].
pub fn page(version: u32, content: u32) -> PageNow {
    PageNow {
        version: PageVersion(version),
        content_hash: hash(content),
        author: account("author"),
        creator: account("author"),
        contributors: BTreeSet::new(),
        made_at: Timestamp(u64::MAX / 2),
        dates: BTreeMap::new(),
    }
}

pub fn start(version: u32) -> Command {
    Command::Start(Start { space: SpaceId::new("1"), version: PageVersion(version), dates: BTreeMap::new() })
}

/// In the group of approvers, and may edit.
pub fn person(of: &str) -> Person {
    Person {
        account: account(of),
        groups: BTreeSet::from([GroupId::new(APPROVERS)]),
        may_edit: true,
        space_admin: false,
        stands_in_for: Vec::new(),
    }
}

pub fn submit(by: &str, page: PageNow) -> Command {
    Command::Submit(Box::new(submission(by, page)))
}

pub fn submission(by: &str, page: PageNow) -> Submit {
    Submit {
        space: SpaceId::new("1"),
        person: person(by),
        by: signatory(by),
        page,
        title: text("title"),
        comment: None,
        assigned: BTreeMap::new(),
        confirmed: unconfirmed(by),
    }
}

pub fn proof() -> Proof {
    Proof {
        challenge: "c".repeat(64),
        policy_version: 1,
        factor: Some(FactorUse { factor: FactorId::new("f"), kind: FactorKind::Totp, step: 1 }),
        session: None,
        identified: false,
        bulk: None,
    }
}

/// What the initial policy asks nothing for.
pub fn unconfirmed(by: &str) -> Confirmed {
    Confirmed { proof: None, policy: Policy::initial(), subject: Subject::plain(&AccountId::new(by)) }
}

pub fn verdict(by: &str, decision: Decision, page: PageNow, state_seq: Seq) -> Decide {
    let meaning = match decision {
        Decision::Approve => "I have reviewed this version and approve it for use.",
        Decision::Reject => "I have reviewed this version and do not approve it.",
    };
    Decide {
        reviewer: person(by),
        by: signatory(by),
        approval: ApprovalId::new("approvers"),
        decision,
        page,
        state_seq,
        meaning: meaning.to_owned(),
        comment: Some(text("because")),
        proof: proof(),
        policy: Policy::initial(),
        subject: Subject::plain(&AccountId::new(by)),
        invited: None,
    }
}

pub fn edit(version: u32, content: u32, made_at: Option<u64>) -> Command {
    let mut page = page(version, content);
    if let Some(made_at) = made_at {
        page.made_at = Timestamp(made_at);
    }
    Command::RecordEdit(Edit { page, by: None })
}

pub fn selection(by: &str, to: &str, page: PageNow, state_seq: Seq) -> Select {
    Select {
        to: StateId::new(to),
        person: person(by),
        by: signatory(by),
        page,
        title: text("title"),
        state_seq,
        comment: None,
        confirmed: unconfirmed(by),
    }
}

pub fn reassignment(by: &str, approval: &str, from: Option<&str>, to: &str) -> Reassign {
    Reassign {
        approval: ApprovalId::new(approval),
        from: from.map(account),
        to: signatory(to),
        to_can_see: true,
        person: person(by),
        by: signatory(by),
        comment: None,
        confirmed: unconfirmed(by),
    }
}

pub fn tick(page: Option<PageNow>) -> Command {
    Command::Tick(Tick { page })
}

/// Confluence's people and groups: answers what the engine asks.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub groups: BTreeMap<GroupId, Option<BTreeSet<AccountId>>>,
    pub inactive: BTreeSet<AccountId>,
}

impl World {
    pub fn new() -> Self {
        let mut world = Self::default();
        world.group(APPROVERS, &["anna", "ben", "carla", "dora", "author"]);
        world
    }

    pub fn group(&mut self, id: &str, members: &[&str]) {
        let members = members.iter().map(|member| account(member)).collect();
        self.groups.insert(GroupId::new(id), Some(members));
    }

    pub fn answer(&self, cast: &mut Cast, needs: &Needs) {
        for id in &needs.groups {
            let members = self.groups.get(id).cloned().unwrap_or_else(|| Some(BTreeSet::new()));
            cast.groups.insert(id.clone(), CastGroup { name: format!("Group {id}"), members });
        }
        for person in &needs.people {
            let known = CastPerson { name: text(person.as_str()), active: !self.inactive.contains(person) };
            cast.people.insert(person.clone(), known);
        }
    }
}

/// A page's stream with its fold.
#[derive(Clone)]
pub struct Page {
    pub world: World,
    pub definition: Definition,
    pub version: u32,
    pub fold: Option<PageFold>,
    pub events: Vec<(Seq, Timestamp, PageEvent)>,
    pub now: u64,
}

impl Page {
    pub fn new(minimum: u32) -> Self {
        Self::of(definition(minimum))
    }

    pub fn of(definition: Definition) -> Self {
        Self { world: World::new(), definition, version: 1, fold: None, events: Vec::new(), now: 1_000 }
    }

    /// What the engine says, everything it asks for answered; a page it asks for is not there.
    pub fn decided(&self, command: &Command) -> Result<Vec<PageEvent>, Refusal> {
        let mut cast = Cast::default();
        for _ in 0..4 {
            let workflow = Workflow { version: self.version, definition: &self.definition };
            let situation = Situation { workflow, cast: &cast, now: Timestamp(self.now) };
            match decide(self.fold.as_ref(), &situation, command) {
                Err(Refusal::Unknown(needs)) if !needs.page => self.world.answer(&mut cast, &needs),
                answer => return answer,
            }
        }
        unreachable!("the engine never stops asking")
    }

    pub fn take(&mut self, events: &[PageEvent]) {
        for event in events {
            let seq = self.fold.as_ref().map_or(Seq(0), |fold| fold.seq).next();
            self.fold = Some(apply(self.fold.take(), seq, Timestamp(self.now), event).unwrap());
            self.events.push((seq, Timestamp(self.now), event.clone()));
        }
    }

    pub fn try_run(&mut self, command: &Command) -> Result<Vec<PageEvent>, Refusal> {
        let events = self.decided(command)?;
        self.take(&events);
        self.now += 1_000;
        Ok(events)
    }

    pub fn run(&mut self, command: &Command) {
        self.try_run(command).unwrap();
    }

    pub fn state(&self) -> &str {
        self.fold.as_ref().map_or("", |fold| fold.state.id.as_str())
    }

    pub fn state_seq(&self) -> Seq {
        self.fold.as_ref().map_or(Seq(0), |fold| fold.state_seq)
    }

    pub fn decide(&mut self, by: &str, decision: Decision, page: PageNow) -> Result<Vec<PageEvent>, Refusal> {
        let command = verdict(by, decision, page, self.state_seq());
        self.try_run(&Command::Decide(Box::new(command)))
    }

    /// A verdict on any approval, with whatever meaning the definition gives it.
    pub fn decide_on(
        &mut self,
        approval: &str,
        reviewer: Person,
        decision: Decision,
        page: PageNow,
    ) -> Result<Vec<PageEvent>, Refusal> {
        let mut command = verdict(reviewer.account.as_str(), decision, page, self.state_seq());
        let state = self.definition.state(&StateId::new(self.state())).unwrap();
        command.approval = ApprovalId::new(approval);
        if let Some(approval) = state.approval(&command.approval) {
            let none = Requirement::default();
            command.meaning = engine::page::seat::meanings(approval, decision, &none)[0].to_owned();
        }
        command.reviewer = reviewer;
        // As Part 11 asks for the first signature of a series.
        command.proof.identified = true;
        self.try_run(&Command::Decide(Box::new(command)))
    }

    pub fn after(&mut self, days: u64) {
        self.now += days * 24 * 3600 * 1000;
    }
}
