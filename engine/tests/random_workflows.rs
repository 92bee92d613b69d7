//! Whatever workflow is accepted, and whatever happens to a page under it, the rules hold and there is a way on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod common;
mod random;

use engine::workflow::parse::{Checked, Parameters, check, not_carried_out};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use random::documents::{Seeds, sound, spoilt};
use random::life::Life;
use random::progress::there_is_a_way_on;
use random::seen::Seen;
use random::steps::{Step, steps};

fn accepted(seeds: &Seeds) -> Option<Checked> {
    check(&seeds.document(), &Parameters::new()).ok().filter(|checked| not_carried_out(&checked.definition).is_empty())
}

/// Whether validation has nothing to say about how the workflow ends.
fn ends(checked: &Checked) -> bool {
    !checked.warnings.iter().any(|warning| warning.to_string().contains("never"))
}

fn lived(workflows: &[Checked], steps: &[Step]) -> Life {
    let mut life = Life::new(workflows.iter().map(|checked| checked.definition.clone()).collect());
    life.step(&Step::Start);
    for step in steps {
        life.step(step);
    }
    life
}

fn two() -> impl Strategy<Value = (Seeds, Seeds)> {
    (prop_oneof![sound(), spoilt()], sound())
}

/// So many, unless PROPTEST_CASES says otherwise.
fn cases(number: u32) -> Config {
    let number = std::env::var("PROPTEST_CASES").ok().and_then(|number| number.parse().ok()).unwrap_or(number);
    Config {
        max_global_rejects: 100_000,
        max_shrink_iters: 500,
        failure_persistence: None,
        ..Config::with_cases(number)
    }
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn the_rules_hold_in_any_workflow((one, other) in two(), steps in steps(60)) {
        let workflows: Vec<Checked> = [&one, &other].into_iter().filter_map(accepted).collect();
        prop_assume!(!workflows.is_empty());
        lived(&workflows, &steps).folds_again();
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn there_is_always_a_way_on((one, other) in two(), steps in steps(20)) {
        let workflows: Vec<Checked> = [&one, &other].into_iter().filter_map(accepted).collect();
        prop_assume!(!workflows.is_empty());
        let life = lived(&workflows, &steps);
        there_is_a_way_on(&life, ends(&workflows[life.on]));
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_clock_alone_comes_to_rest_or_moves_a_page_once_a_day((one, other) in two(), steps in steps(20)) {
        let workflows: Vec<Checked> = [&one, &other].into_iter().filter_map(accepted).collect();
        prop_assume!(!workflows.is_empty());
        let mut life = lived(&workflows, &steps);
        let events = life.a_year_alone();
        // At most one expiry a day, and one note for each of three approvals that is due in between.
        prop_assert!(events <= 365 * 4 + 4, "{events} events in a year");
        let last = life.events.len();
        life.step(&Step::Tick { with_page: true });
        life.step(&Step::Tick { with_page: true });
        prop_assert!(life.events.len() <= last + 2);
        life.step(&Step::Tick { with_page: true });
        life.step(&Step::Tick { with_page: true });
        prop_assert!(life.events.len() <= last + 2, "time that stands still brings nothing new");
    }
}

/// The other tests see what is rare, too.
#[test]
fn what_is_rare_is_seen() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::default();
    for _ in 0..500 {
        let mut some = || sound().new_tree(&mut runner).unwrap().current();
        let workflows: Vec<Checked> = [some(), some()].iter().filter_map(accepted).collect();
        if !workflows.is_empty() {
            let steps = steps(60).new_tree(&mut runner).unwrap().current();
            seen += lived(&workflows, &steps).ledger.seen;
        }
    }
    println!("seen: {seen:?}");
    let Seen {
        decisions, stood_in, changed, approvals, rejections, voided, reassigned, expired, moved_in_review, ..
    } = seen;
    let Seen { confirmed, unasked, by_session, part_11, other_meaning, .. } = seen;
    assert!(
        [decisions, stood_in, changed, approvals, rejections, voided, reassigned, expired, moved_in_review]
            .iter()
            .chain(&[confirmed, unasked, by_session, part_11, other_meaning])
            .all(|number| *number > 0)
    );
}

/// The other tests see enough of what is accepted, and enough of what is not.
#[test]
fn enough_is_accepted_and_enough_is_refused() {
    let mut runner = TestRunner::deterministic();
    let mut share = |strategy: BoxedStrategy<Seeds>| {
        let accepted = (0..200).filter(|_| accepted(&strategy.new_tree(&mut runner).unwrap().current()).is_some());
        accepted.count() / 2
    };
    let (of_sound, of_spoilt) = (share(sound().boxed()), share(spoilt().boxed()));
    println!("accepted: {of_sound} % of the sound, {of_spoilt} % of the spoilt");
    assert!(of_sound >= 30, "{of_sound} %");
    assert!((1..=80).contains(&of_spoilt), "{of_spoilt} %");
}
