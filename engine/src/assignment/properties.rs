use super::*;
use crate::ids::{PageId, WorkflowId};
use crate::workflow::version::Standing;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn scope(level: Level) -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(if level == Level::Site { Scope::Site } else { Scope::Space }),
        (0..3_u8).prop_map(|n| Scope::Label { label: format!("l{n}") }),
        (0..4_u8).prop_map(|n| Scope::Tree { root: PageId::new(n.to_string()) }),
        (0..6_u8).prop_map(|n| Scope::Page { page: PageId::new(n.to_string()) }),
    ]
}

fn rule(level: Level) -> impl Strategy<Value = Rule> {
    let mode = prop_oneof![Just(Mode::Enabled), Just(Mode::Default), Just(Mode::Required), Just(Mode::Disabled)];
    (scope(level), 0..3_u8, mode).prop_map(|(scope, workflow, mode)| Rule {
        id: String::new(),
        scope,
        workflow: (mode != Mode::Disabled).then(|| WorkflowId::new(format!("w{workflow}"))),
        mode,
    })
}

fn rules(level: Level) -> impl Strategy<Value = Rules> {
    prop::collection::vec(rule(level), 0..7).prop_map(move |rules| {
        let named = rules.into_iter().enumerate();
        Rules(named.map(|(n, rule)| Rule { id: format!("{}-{n}", level.phrase().replace(' ', "-")), ..rule }).collect())
    })
}

fn page() -> impl Strategy<Value = PageFacts> {
    (0..6_u8, prop::collection::btree_set(0..3_u8, 0..3), prop::collection::btree_set(0..4_u8, 0..3)).prop_map(
        |(page, labels, ancestors)| PageFacts {
            page: PageId::new(page.to_string()),
            labels: labels.into_iter().map(|n| format!("l{n}")).collect(),
            ancestors: ancestors.into_iter().map(|n| PageId::new(n.to_string())).collect(),
        },
    )
}

proptest! {
    #[test]
    fn a_required_of_a_higher_level_always_wins(site in rules(Level::Site), space in rules(Level::Space), page in page()) {
        let above = site.iter().find(|rule| rule.mode == Mode::Required && rule.scope.holds(&page));
        if above.is_some() {
            let with = resolve(&site, &space, &page);
            prop_assert_eq!(&with, &resolve(&site, Rules::NONE, &page), "whatever the space says");
            prop_assert_eq!(with.map(|one| one.mode), Some(Mode::Required));
        }
        let whole_space = space.iter().find(|rule| rule.mode == Mode::Required && rule.scope == Scope::Space);
        if let (None, Some(rule)) = (above, whole_space) {
            prop_assert_eq!(resolve(&site, &space, &page).unwrap().rule, rule.id.clone());
        }
    }

    #[test]
    fn without_required_the_first_of_the_space_and_then_of_the_site_decides(
        site in rules(Level::Site), space in rules(Level::Space), page in page(),
    ) {
        let plain = |rules: Rules| Rules(rules.0.into_iter().filter(|rule| rule.mode != Mode::Required).collect());
        let (site, space) = (plain(site), plain(space));
        let first = space.iter().chain(site.iter()).find(|rule| rule.scope.holds(&page));
        let expected = first.filter(|rule| rule.mode != Mode::Disabled).map(|rule| rule.id.clone());
        prop_assert_eq!(resolve(&site, &space, &page).map(|one| one.rule), expected);
    }

    #[test]
    fn a_rule_that_does_not_match_changes_nothing(
        site in rules(Level::Site), space in rules(Level::Space), page in page(), more in rule(Level::Space), at in 0..7_usize,
    ) {
        prop_assume!(!more.scope.holds(&page));
        let before = explain(&site, &space, &page);
        let mut longer = space;
        longer.0.insert(at.min(longer.0.len()), more);
        prop_assert_eq!(explain(&site, &longer, &page), before);
    }

    #[test]
    fn the_reasons_fit_the_result_and_name_every_rule_that_matches(
        site in rules(Level::Site), space in rules(Level::Space), page in page(),
    ) {
        let explained = explain(&site, &space, &page);
        prop_assert_eq!(&explained.assigned, &resolve(&site, &space, &page));
        let matching = site.iter().chain(space.iter()).filter(|rule| rule.scope.holds(&page)).count();
        prop_assert_eq!(usize::from(explained.decided.is_some()) + explained.overruled.len(), matching);
    }

    #[test]
    fn what_check_calls_never_deciding_never_decides(
        site in rules(Level::Site), space in rules(Level::Space), page in page(),
    ) {
        let workflows: BTreeMap<_, _> = (0..3_u8).map(|n| (WorkflowId::new(format!("w{n}")), Standing::Active)).collect();
        for (level, list, higher) in [(Level::Site, &site, Rules::NONE), (Level::Space, &space, &site)] {
            let checked = check(level, list, higher, &workflows);
            let decided = explain(&site, &space, &page).decided;
            for fault in checked.faults.iter().chain(&checked.warnings) {
                let index: usize = fault.at[1..].parse().unwrap();
                let is_same = fault.what.contains("says the same");
                prop_assert!(
                    is_same || decided.as_ref().is_none_or(|one| one.level != level || one.rule.id != list.0[index].id),
                    "{} decided, though: {}", list.0[index].id, fault
                );
            }
        }
    }
}
