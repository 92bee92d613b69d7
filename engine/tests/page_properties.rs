//! Whatever commands come in whatever order, the invariants of a page's life hold.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{Page, edit, page, start, submit};
use engine::ids::Seq;
use engine::page::apply::replay;
use engine::page::command::Command;
use engine::page::event::{Cause, PageEvent};
use engine::page::fold::PageFold;
use engine::wire::status::Decision;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Move {
    Start(u32),
    Submit { by: u8, version: u32, content: u32 },
    Decide { by: u8, approve: bool, version: u32, content: u32, stale: bool, token: bool },
    Edit { version: u32, content: u32, made_at: Option<u64> },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let version = 1_u32..5;
    let content = 1_u32..4;
    let one = prop_oneof![
        1 => version.clone().prop_map(Move::Start),
        4 => (0_u8..3, version.clone(), content.clone()).prop_map(|(by, version, content)| Move::Submit { by, version, content }),
        6 => (0_u8..5, prop::bool::weighted(0.8), version.clone(), content.clone(), prop::bool::weighted(0.1), prop::bool::weighted(0.9))
            .prop_map(|(by, approve, version, content, stale, token)| Move::Decide { by, approve, version, content, stale, token }),
        2 => (version, content, proptest::option::of(0_u64..40_000)).prop_map(|(version, content, made_at)| Move::Edit { version, content, made_at }),
    ];
    proptest::collection::vec(one, 1..60)
}

fn person(number: u8) -> &'static str {
    ["author", "anna", "ben", "carla", "dora"][usize::from(number)]
}

fn perform(it: &mut Page, step: &Move) {
    let command = match step {
        Move::Start(version) => start(*version),
        Move::Submit { by, version, content } => submit(person(*by), page(*version, *content)),
        Move::Decide { by, approve, version, content, stale, token } => {
            let decision = if *approve { Decision::Approve } else { Decision::Reject };
            let state_seq = if *stale { Seq(1) } else { it.state_seq() };
            let mut command = common::verdict(person(*by), decision, page(*version, *content), state_seq);
            if !token {
                command.proof.factor = None;
            }
            Command::Decide(Box::new(command))
        }
        Move::Edit { version, content, made_at } => edit(*version, *content, *made_at),
    };
    let before = it.fold.clone();
    if it.try_run(&command).is_err() {
        assert_eq!(it.fold, before, "a refusal changes nothing");
    }
}

/// Rules that must hold after every move.
fn check(fold: &PageFold, events: &[(Seq, engine::time::Timestamp, PageEvent)], minimum: usize) {
    // An approval stands for exactly one version, with enough signatures of different people, none of them its author.
    if let Some(approved) = &fold.approved {
        let mut people: Vec<_> = approved.signatures.iter().map(|verdict| verdict.by.account.as_str()).collect();
        people.sort_unstable();
        people.dedup();
        assert_eq!(people.len(), approved.signatures.len());
        assert!(people.len() >= minimum && !people.contains(&"author"));
        assert!(approved.signatures.iter().all(|verdict| verdict.signed && verdict.decision == Decision::Approve));
        if approved.version != fold.latest.version {
            assert!(fold.changed_since_approval(), "a newer version is never shown as approved");
        }
    }
    // A review runs exactly in the state that asks for approvals.
    assert_eq!(fold.review.is_some(), fold.state.id.as_str() == "in-review");
    // The approved state is entered by approval alone.
    if let Some((_, _, PageEvent::StateEntered { state, cause, .. })) = events.last() {
        assert_eq!(state.id.as_str() == "approved", *cause == Cause::Approved);
    }
    // Gapless.
    assert_eq!(fold.seq.0, events.len() as u64);
    // No decision without a token.
    for (_, _, event) in events {
        if let PageEvent::Decided { proof, .. } = event {
            assert!(proof.factor.is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_invariants_hold_under_any_sequence(minimum in 1_u32..4, moves in moves()) {
        let mut it = Page::new(minimum);
        for step in &moves {
            perform(&mut it, step);
            if let Some(fold) = &it.fold {
                check(fold, &it.events, minimum as usize);
            }
        }
    }

    /// Folding again, whole or from any snapshot, gives the same bytes.
    #[test]
    fn folding_again_gives_the_same_bytes(moves in moves(), cut in 0_usize..60) {
        let mut it = Page::new(2);
        for step in &moves {
            perform(&mut it, step);
        }
        let events: Vec<_> = it.events.iter().map(|(seq, at, event)| (*seq, *at, event)).collect();
        let whole = replay(None, events.iter().copied()).unwrap();
        let cut = cut.min(events.len());
        let snapshot = replay(None, events[..cut].iter().copied()).unwrap();
        let stored = serde_json::to_string(&snapshot).unwrap();
        let snapshot = serde_json::from_str(&stored).unwrap();
        let resumed = replay(snapshot, events[cut..].iter().copied()).unwrap();
        let bytes = |fold: &Option<PageFold>| serde_json::to_string(fold).unwrap();
        prop_assert_eq!(bytes(&whole), bytes(&it.fold));
        prop_assert_eq!(bytes(&resumed), bytes(&it.fold));
    }

    /// An event that is missing, doubled or out of order is noticed.
    #[test]
    fn a_damaged_stream_is_refused(moves in moves(), at in 0_usize..60) {
        let mut it = Page::new(1);
        for step in &moves {
            perform(&mut it, step);
        }
        prop_assume!(it.events.len() > 2);
        let at = at % (it.events.len() - 1);
        let mut events: Vec<_> = it.events.iter().map(|(seq, at, event)| (*seq, *at, event)).collect();
        events.remove(at);
        prop_assert!(replay(None, events).is_err());
    }
}
