//! A page under review, for tests.

use engine::audit::commitment::TextRef;
use engine::audit::entry::Actor;
use engine::content::ContentHash;
use engine::ids::{AccountId, PageId, PageVersion, SpaceId, TextId};
use engine::page::command::{Command, Decide, Edit, PageNow, Reviewer, Submit};
use engine::page::decide::{Workflow, decide, meaning};
use engine::page::event::{PageEvent, Proof, Signatory};
use engine::page::fold::{PageFold, apply};
use engine::time::Timestamp;
use engine::token::policy::Policy;
use engine::wire::status::Decision;
use engine::workflow::builtin;
use engine::workflow::definition::Definition;
use engine::workflow::parse::Parameters;

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
        self.events = decide(self.fold.as_ref(), &workflow, command).unwrap();
        for event in &self.events {
            let seq = self.fold.as_ref().map(|fold| fold.seq).unwrap_or_default().next();
            self.fold = Some(apply(self.fold.take(), seq, Timestamp(self.now), event).unwrap());
        }
        self
    }

    fn page_now(version: u32) -> PageNow {
        let content_hash = ContentHash::from_hex(format!("{version:064}"));
        PageNow { version: PageVersion(version), content_hash, author: AccountId::new("author") }
    }

    pub(crate) fn started(self) -> Self {
        self.run(&Command::Start { space: SpaceId::new("65537"), version: PageVersion(1) })
    }

    pub(crate) fn submitted(self, version: u32) -> Self {
        let made_at = self.at();
        self.run(&Command::Submit(Submit {
            space: SpaceId::new("65537"),
            by: signatory("author"),
            may_edit: true,
            page: Self::page_now(version),
            title: text("title"),
            comment: Some(text("please-look")),
            made_at,
        }))
    }

    pub(crate) fn approved(self, version: u32) -> Self {
        let state = self.definition.state(&self.fold().state.id).unwrap();
        let approval = &state.approvals[0];
        let command = Decide {
            reviewer: Reviewer { account: AccountId::new("jonas"), groups: approval.reviewers.groups.clone() },
            by: signatory("jonas"),
            decision: Decision::Approve,
            page: Self::page_now(version),
            state_seq: self.fold().state_seq,
            meaning: meaning(approval, Decision::Approve).to_owned(),
            comment: None,
            proof: Proof { challenge: "c".to_owned(), policy_version: 1, factor: None },
            policy: Policy { version: 1, step_up_on: Vec::new(), factors: Vec::new() },
        };
        self.run(&Command::Decide(Box::new(command)))
    }

    pub(crate) fn edited(self, version: u32) -> Self {
        let edit = Edit { version: PageVersion(version), content_hash: None, by: None, made_at: None };
        self.run(&Command::RecordEdit(edit))
    }
}
