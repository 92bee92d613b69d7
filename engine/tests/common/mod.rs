//! A page, people and commands for tests of the page's life.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, missing_docs, unreachable_pub)]

use engine::audit::commitment::TextRef;
use engine::content::ContentHash;
use engine::ids::{AccountId, FactorId, GroupId, PageVersion, Seq, SpaceId, TextId};
use engine::page::command::{Command, Decide, Edit, PageNow, Reviewer, Submit};
use engine::page::decide::{Refusal, Workflow, decide};
use engine::page::event::{FactorUse, PageEvent, Proof, Signatory};
use engine::page::fold::{PageFold, apply};
use engine::time::Timestamp;
use engine::token::policy::{FactorKind, Policy};
use engine::wire::status::Decision;
use engine::workflow::builtin;
use engine::workflow::definition::Definition;
use engine::workflow::parse::Parameters;
use std::collections::BTreeSet;

pub fn definition(minimum: u32) -> Definition {
    builtin::definition(&Parameters::from([("minimum".to_owned(), minimum.into())])).unwrap()
}

pub fn hash(content: u32) -> ContentHash {
    ContentHash::from_hex(format!("{content:064x}"))
}

pub fn text(of: &str) -> TextRef {
    TextRef::commit(TextId::new(format!("text-{of}")), &[0; 16], of)
}

pub fn signatory(account: &str) -> Signatory {
    Signatory { account: AccountId::new(account), name: text(account) }
}

pub fn page(version: u32, content: u32) -> PageNow {
    PageNow { version: PageVersion(version), content_hash: hash(content), author: AccountId::new("author") }
}

pub fn submit(by: &str, page: PageNow) -> Command {
    Command::Submit(Submit {
        space: SpaceId::new("1"),
        by: signatory(by),
        may_edit: true,
        page,
        made_at: Timestamp(1_000_000),
        title: text("title"),
        comment: None,
    })
}

pub fn verdict(by: &str, decision: Decision, page: PageNow, state_seq: Seq) -> Decide {
    let meaning = match decision {
        Decision::Approve => "I have reviewed this version and approve it for use.",
        Decision::Reject => "I have reviewed this version and do not approve it.",
    };
    Decide {
        reviewer: Reviewer {
            account: AccountId::new(by),
            groups: BTreeSet::from([GroupId::new("countersign-approvers")]),
        },
        by: signatory(by),
        decision,
        page,
        state_seq,
        meaning: meaning.to_owned(),
        comment: Some(text("because")),
        proof: Proof {
            challenge: "c".repeat(64),
            policy_version: 1,
            factor: Some(FactorUse { factor: FactorId::new("f"), kind: FactorKind::Totp, step: 1 }),
        },
        policy: Policy::initial(),
    }
}

pub fn edit(version: u32, content: u32, made_at: Option<u64>) -> Command {
    Command::RecordEdit(Edit {
        version: PageVersion(version),
        content_hash: Some(hash(content)),
        by: None,
        made_at: made_at.map(Timestamp),
    })
}

/// A page's stream with its fold.
pub struct Page {
    pub definition: Definition,
    pub fold: Option<PageFold>,
    pub events: Vec<(Seq, Timestamp, PageEvent)>,
    pub now: u64,
}

impl Page {
    pub fn new(minimum: u32) -> Self {
        Self { definition: definition(minimum), fold: None, events: Vec::new(), now: 1_000 }
    }

    pub fn try_run(&mut self, command: &Command) -> Result<Vec<PageEvent>, Refusal> {
        let workflow = Workflow { version: 1, definition: &self.definition };
        let events = decide(self.fold.as_ref(), &workflow, command)?;
        for event in &events {
            let seq = self.fold.as_ref().map_or(Seq(0), |fold| fold.seq).next();
            self.fold = Some(apply(self.fold.take(), seq, Timestamp(self.now), event).unwrap());
            self.events.push((seq, Timestamp(self.now), event.clone()));
        }
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
}
