//! How fast the rules are, natively: one line of JSON. Run by `tests/bench/run.mjs`.

// A benchmark is what the clock is for.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Page, edit, page, submit, verdict};
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::ids::{AccountId, PageId, PageVersion, Seq, SiteId, SpaceId, StreamId};
use engine::page::command::Command;
use engine::page::decide::{Workflow, decide};
use engine::page::event::PageEvent;
use engine::page::fold::{PageFold, apply, replay};
use engine::time::Timestamp;
use engine::wire::status::Decision::{Approve, Reject};
use engine::workflow::definition::Definition;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SAMPLES: usize = 31;
const DECISIONS: u32 = 400;
const EVENTS: usize = 1000;

fn main() {
    let decided = samples(|| {
        let (definition, fold, command) = waiting();
        let workflow = Workflow { version: 1, definition: &definition };
        let began = Instant::now();
        for _ in 0..DECISIONS {
            black_box(decision(&workflow, black_box(&fold), black_box(&command)));
        }
        began.elapsed() / DECISIONS
    });
    let stream = long_stream();
    let folded = samples(|| {
        let began = Instant::now();
        let fold = replay(None, black_box(&stream).iter().map(|(seq, at, event)| (*seq, *at, event))).unwrap();
        black_box(fold);
        began.elapsed()
    });
    println!(r#"{{"decision_us":{decided:?},"fold_us":{folded:?},"events":{}}}"#, stream.len());
}

/// One warm-up, then as many samples, in microseconds.
fn samples(mut run: impl FnMut() -> Duration) -> Vec<f64> {
    run();
    (0..SAMPLES).map(|_| run().as_secs_f64() * 1e6).collect()
}

/// A page in review, and the approval that ends it.
fn waiting() -> (Definition, PageFold, Command) {
    let mut it = Page::new(1);
    it.run(&Command::Start { space: SpaceId::new("1"), version: PageVersion(1) });
    it.run(&submit("author", page(1, 1)));
    let command = Command::Decide(Box::new(verdict("anna", Approve, page(1, 1), it.state_seq())));
    (it.definition, it.fold.unwrap(), command)
}

/// What the edge has the engine do between its two batches: decide, fold on, seal each entry.
fn decision(workflow: &Workflow<'_>, fold: &PageFold, command: &Command) -> usize {
    let events = decide(Some(fold), workflow, command).unwrap();
    let (mut seq, mut after, mut sealed) = (fold.seq, Some(fold.clone()), 0);
    for event in &events {
        seq = seq.next();
        let entry = Entry {
            v: ENCODING,
            site: SiteId::new("site"),
            stream: StreamId::page(&PageId::new("1")),
            at: Timestamp(1),
            actor: Actor::person(&AccountId::new("anna")),
            event,
        };
        sealed += entry.seal().unwrap().bytes.len();
        after = Some(apply(after, seq, Timestamp(1), event).unwrap());
    }
    sealed
}

/// A page's life of at least this many events: submitted, rejected, submitted, approved, edited, over and over.
fn long_stream() -> Vec<(Seq, Timestamp, PageEvent)> {
    let mut it = Page::new(1);
    it.run(&Command::Start { space: SpaceId::new("1"), version: PageVersion(1) });
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
