//! How fast the rules are, natively: one line of JSON. Run by `tests/bench/run.mjs`.
//!
//! Every part measures many runs in one sample, so that the clock itself does not count.

// A benchmark is what the clock is for.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "parts/interpreter.rs"]
mod interpreter;

use common::{Page, account, defined, edit, page, person, start, submission, submit, verdict};
use engine::assignment::{Mode, PageFacts, Rule, Rules, Scope, resolve};
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::ids::{ApprovalId, GroupId, PageId, Seq, SiteId, StreamId, WorkflowId};
use engine::page::apply::{apply, replay};
use engine::page::command::{Cast, Command, Decide};
use engine::page::decide::{Situation, Workflow, decide};
use engine::page::event::PageEvent;
use engine::page::fold::PageFold;
use engine::time::Timestamp;
use engine::wire::status::Decision::{Approve, Reject};
use engine::workflow::definition::Definition;
use engine::workflow::parse::{Parameters, parse};
use engine::workflow::template;
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Instant;

const SAMPLES: usize = 31;
const EVENTS: usize = 1000;

fn main() {
    let (last, first) = (Waiting::after(2), Waiting::after(0));
    let stream = long_stream();
    let stored: Vec<String> = stream.iter().map(|(_, _, event)| serde_json::to_string(event).unwrap()).collect();
    let document = template::document("policy-approval").unwrap();
    let groups = Parameters::from(["owners", "compliance"].map(|name| (name.to_owned(), json!(name))));
    let (site, space, facts) = rules();
    let figures = json!({
        "completes_us": measured(4_000, || last.decided()),
        "waits_us": measured(4_000, || first.decided()),
        "interpreted_us": measured(4_000, || interpreter::decided(&last.document, &last.stored, &last.said)),
        "decision_us": measured(400, || last.recorded()),
        "fold_us": measured(1, || replay(None, black_box(&stream).iter().map(|(seq, at, event)| (*seq, *at, event))).unwrap()),
        "read_us": measured(1, || stored.iter().map(|event| serde_json::from_str(event).unwrap()).collect::<Vec<PageEvent>>()),
        "parse_us": measured(20, || parse(black_box(&document), &groups).unwrap()),
        "resolve_us": measured(400, || resolve(black_box(&site), &space, &facts)),
        "events": stream.len(),
    });
    println!("{figures}");
}

/// One warm-up, then as many samples, in microseconds for one run.
fn measured<T>(runs: u32, mut run: impl FnMut() -> T) -> Vec<f64> {
    let mut sample = || {
        let began = Instant::now();
        for _ in 0..runs {
            black_box(run());
        }
        began.elapsed().as_secs_f64() * 1e6 / f64::from(runs)
    };
    sample();
    (0..SAMPLES).map(|_| sample()).collect()
}

/// A page in review by three people, all of whom must approve, and the next approval.
struct Waiting {
    definition: Definition,
    fold: PageFold,
    command: Command,
    cast: Cast,
    document: Value,
    stored: Value,
    said: Value,
}

impl Waiting {
    fn after(given: usize) -> Self {
        let document = json!({
            "format": 1, "id": "w", "name": "W",
            "states": [
                { "id": "draft", "name": "Draft", "initial": true, "transitions": { "submit": "review" } },
                { "id": "review", "name": "Review",
                  "approvals": [{
                      "id": "a", "name": "A", "reviewers": { "groups": ["reviewers"] }, "mode": "all",
                      "exclude": ["author", "last-editor", "submitter"], "comment_on_reject": true,
                      "meaning": "I have reviewed this version and approve it for use.",
                      "meaning_of_rejection": "I have reviewed this version and do not approve it."
                  }],
                  "transitions": { "approved": "done", "rejected": "draft", "updated": { "to": "draft" } } },
                { "id": "done", "name": "Done", "final": true, "transitions": { "updated": { "to": "draft" } } }
            ]
        });
        let mut it = Page::of(defined(&document));
        it.world.group("reviewers", &["anna", "ben", "carla"]);
        it.run(&start(1));
        it.run(&Command::Submit(Box::new(submission("author", page(1, 1)))));
        let reviewers = ["anna", "ben", "carla"];
        for who in &reviewers[..given] {
            it.run(&Command::Decide(Box::new(approval(who, &it))));
        }
        let command = approval(reviewers[given], &it);
        let said = json!({
            "account": command.by.account, "groups": ["reviewers"], "name": command.by.name, "approval": "a",
            "decision": "approve", "version": 1, "content_hash": command.page.content_hash, "state_seq": command.state_seq,
            "meaning": command.meaning, "comment": command.comment, "proof": command.proof, "policy": command.policy,
        });
        let fold = it.fold.unwrap();
        let stored = serde_json::to_value(&fold).unwrap();
        let command = Command::Decide(Box::new(command));
        Self { definition: it.definition, fold, command, cast: Cast::default(), document, stored, said }
    }

    fn decided(&self) -> Vec<PageEvent> {
        let workflow = Workflow { version: 1, definition: &self.definition };
        let situation = Situation { workflow, cast: &self.cast, now: Timestamp(1) };
        decide(Some(black_box(&self.fold)), &situation, black_box(&self.command)).unwrap()
    }

    /// What the edge has the engine do between its two batches: decide, fold on, seal each entry.
    fn recorded(&self) -> usize {
        let (mut seq, mut after, mut sealed) = (self.fold.seq, Some(self.fold.clone()), 0);
        for event in &self.decided() {
            seq = seq.next();
            let entry = Entry {
                v: ENCODING,
                site: SiteId::new("site"),
                stream: StreamId::page(&PageId::new("1")),
                at: Timestamp(1),
                actor: Actor::person(&account("anna")),
                event,
            };
            sealed += entry.seal().unwrap().bytes.len();
            after = Some(apply(after, seq, Timestamp(1), event).unwrap());
        }
        sealed
    }
}

fn approval(by: &str, it: &Page) -> Decide {
    let mut command = verdict(by, Approve, page(1, 1), it.state_seq());
    command.approval = ApprovalId::new("a");
    command.reviewer = person(by);
    command.reviewer.groups = [GroupId::new("reviewers")].into();
    command
}

/// A page's life of at least this many events: submitted, rejected, submitted, approved, edited, over and over.
fn long_stream() -> Vec<(Seq, Timestamp, PageEvent)> {
    let mut it = Page::new(1);
    it.run(&start(1));
    let mut version = 1;
    while it.events.len() < EVENTS {
        it.run(&submit("author", page(version, version)));
        it.decide("anna", Reject, page(version, version)).unwrap();
        it.run(&submit("author", page(version, version)));
        it.decide("anna", Approve, page(version, version)).unwrap();
        version += 1;
        it.run(&edit(version, version, None));
    }
    it.events.truncate(EVENTS);
    it.events
}

/// Twenty rules of a site and thirty of a space, and a page that only the last one is about.
fn rules() -> (Rules, Rules, PageFacts) {
    let rule = |number: usize, scope: Scope| Rule {
        id: format!("rule-{number}"),
        scope,
        workflow: Some(WorkflowId::new(format!("workflow-{number}"))),
        mode: Mode::Default,
    };
    let label = |number: usize| Scope::Label { label: format!("label-{number}") };
    let site = (0..19).map(|number| rule(number, label(number))).chain([rule(19, Scope::Site)]);
    let tree = |number: usize| Scope::Tree { root: PageId::new(format!("{number}")) };
    let space = (20..50).map(|number| rule(number, if number % 2 == 0 { label(number) } else { tree(number) }));
    let facts = PageFacts {
        page: PageId::new("98305"),
        labels: ["policy", "reviewed"].map(str::to_owned).into(),
        ancestors: ["65538", "65539", "65540"].map(PageId::new).into(),
    };
    (Rules(site.collect()), Rules(space.collect()), facts)
}
