//! A page under review, for tests.

use engine::audit::commitment::TextRef;
use engine::audit::entry::Actor;
use engine::content::ContentHash;
use engine::ids::{AccountId, GroupId, PageId, PageVersion, SpaceId, TextId};
use engine::page::apply::apply;
use engine::page::command::{
    Cast, CastGroup, CastPerson, Command, Confirmed, Decide, Edit, PageNow, Person, Start, Submit,
};
use engine::page::decide::{Situation, Workflow, decide};
use engine::page::event::{PageEvent, Proof, Signatory};
use engine::page::fold::PageFold;
use engine::time::Timestamp;
use engine::token::policy::{Policy, Subject};
use engine::wire::status::Decision;
use engine::workflow::builtin;
use engine::workflow::definition::Definition;
use engine::workflow::parse::Parameters;
use std::collections::{BTreeMap, BTreeSet};

/// A page and what happened to it.
pub(crate) struct Sample {
    pub(crate) page: PageId,
    pub(crate) definition: Definition,
    pub(crate) fold: Option<PageFold>,
    /// The events of the last command.
    pub(crate) events: Vec<PageEvent>,
    /// The fold before it.
    pub(crate) before: Option<PageFold>,
    now: u64,
}

pub(crate) fn text(id: &str) -> TextRef {
    TextRef::commit(TextId::new(id), &[1; 16], id)
}

fn signatory(account: &str) -> Signatory {
    Signatory { account: AccountId::new(account), name: text(&format!("name-of-{account}")) }
}

fn person(account: &str, groups: &[&str]) -> Person {
    Person {
        account: AccountId::new(account),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
        may_edit: true,
        space_admin: false,
        stands_in_for: Vec::new(),
    }
}

/// The reviewers: Jonas, Priya and, because authors may be reviewers too, the author.
fn cast() -> Cast {
    let accounts = ["jonas", "priya", "author"].map(AccountId::new);
    let known = |account: &AccountId| CastPerson { name: text(&format!("name-of-{account}")), active: true };
    Cast {
        people: accounts.iter().map(|account| (account.clone(), known(account))).collect(),
        groups: BTreeMap::from([(
            GroupId::new("countersign-approvers"),
            CastGroup { name: "Approvers".to_owned(), members: Some(BTreeSet::from(accounts)) },
        )]),
    }
}

impl Sample {
    pub(crate) fn new() -> Self {
        let definition = builtin::definition(&Parameters::new()).unwrap();
        let page = PageId::new("98305");
        Self { page, definition, fold: None, events: Vec::new(), before: None, now: 1_000 }
    }

    pub(crate) fn fold(&self) -> &PageFold {
        self.fold.as_ref().unwrap()
    }

    pub(crate) fn at(&self) -> Timestamp {
        Timestamp(self.now)
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor::System
    }

    fn run(mut self, command: &Command) -> Self {
        self.now += 1_000;
        self.before.clone_from(&self.fold);
        let workflow = Workflow { version: 1, definition: &self.definition };
        let situation = Situation { workflow, cast: &cast(), now: Timestamp(self.now) };
        self.events = decide(self.fold.as_ref(), &situation, command).unwrap();
        for event in &self.events {
            let seq = self.fold.as_ref().map(|fold| fold.seq).unwrap_or_default().next();
            self.fold = Some(apply(self.fold.take(), seq, Timestamp(self.now), event).unwrap());
        }
        self
    }

    fn page_now(&self, version: u32) -> PageNow {
        PageNow {
            version: PageVersion(version),
            content_hash: ContentHash::from_hex(format!("{version:064}")),
            author: AccountId::new("author"),
            creator: AccountId::new("creator"),
            contributors: BTreeSet::new(),
            made_at: Timestamp(self.now + 500),
            dates: BTreeMap::new(),
        }
    }

    pub(crate) fn started(self) -> Self {
        let (space, version) = (SpaceId::new("65537"), PageVersion(1));
        self.run(&Command::Start(Start { space, version, dates: BTreeMap::new() }))
    }

    pub(crate) fn submitted(self, version: u32) -> Self {
        let page = self.page_now(version);
        self.run(&Command::Submit(Box::new(Submit {
            space: SpaceId::new("65537"),
            person: person("author", &[]),
            by: signatory("author"),
            page,
            title: text("title"),
            comment: Some(text("please-look")),
            assigned: BTreeMap::new(),
            confirmed: Confirmed {
                proof: None,
                policy: no_policy(),
                subject: Subject::plain(&AccountId::new("author")),
            },
        })))
    }

    pub(crate) fn approved(self, version: u32) -> Self {
        let state = self.definition.state(&self.fold().state.id).unwrap();
        let approval = &state.approvals[0];
        let command = Decide {
            reviewer: person("jonas", &["countersign-approvers"]),
            by: signatory("jonas"),
            approval: approval.id.clone(),
            decision: Decision::Approve,
            page: self.page_now(version),
            state_seq: self.fold().state_seq,
            meaning: approval.meaning.clone(),
            comment: None,
            proof: Proof {
                challenge: "c".to_owned(),
                policy_version: 1,
                factor: None,
                session: None,
                identified: false,
                bulk: None,
            },
            policy: no_policy(),
            subject: Subject::plain(&AccountId::new("jonas")),
            invited: None,
        };
        self.run(&Command::Decide(Box::new(command)))
    }

    pub(crate) fn edited(self, version: u32) -> Self {
        let page = self.page_now(version);
        self.run(&Command::RecordEdit(Edit { page, by: None }))
    }
}

/// A policy that asks nobody for anything.
fn no_policy() -> Policy {
    Policy { rules: Vec::new(), ..Policy::initial() }
}
