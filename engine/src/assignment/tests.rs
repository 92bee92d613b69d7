use super::resolve::{Needs, Placed};
use super::*;
use crate::ids::{PageId, SpaceId, StreamId, WorkflowId};
use crate::workflow::version::Standing;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

fn rules(value: serde_json::Value) -> Rules {
    serde_json::from_value(value).unwrap()
}

fn page(id: &str, labels: &[&str], ancestors: &[&str]) -> PageFacts {
    PageFacts {
        page: PageId::new(id),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        ancestors: ancestors.iter().map(|id| PageId::new(*id)).collect::<BTreeSet<_>>(),
    }
}

fn known() -> BTreeMap<WorkflowId, Standing> {
    [
        ("basic", Standing::Active),
        ("strict", Standing::Active),
        ("old", Standing::Disabled),
        ("gone", Standing::Deleted),
    ]
    .into_iter()
    .map(|(id, standing)| (WorkflowId::new(id), standing))
    .collect()
}

fn workflow_of(site: &Rules, space: &Rules, page: &PageFacts) -> Option<String> {
    resolve(site, space, page).map(|assigned| format!("{} by {}", assigned.workflow, assigned.rule))
}

#[test]
fn the_first_rule_that_matches_decides_and_the_space_goes_before_the_site() {
    let site = rules(json!([{ "id": "all", "scope": { "of": "site" }, "workflow": "basic", "mode": "enabled" }]));
    let space = rules(json!([
        { "id": "hr", "scope": { "of": "label", "label": "hr" }, "workflow": "strict", "mode": "default" },
        { "id": "lunch", "scope": { "of": "tree", "root": "7" }, "mode": "disabled" },
        { "id": "one", "scope": { "of": "page", "page": "8" }, "workflow": "strict", "mode": "enabled" },
    ]));
    assert_eq!(workflow_of(&site, &space, &page("1", &[], &[])).unwrap(), "basic by all");
    assert_eq!(workflow_of(&site, &space, &page("1", &["hr"], &["7"])).unwrap(), "strict by hr");
    assert_eq!(workflow_of(&site, &space, &page("8", &[], &["7"])), None, "the tree comes before the page");
    assert_eq!(workflow_of(&site, &space, &page("7", &[], &[])), None, "a tree's top is part of it");
    assert_eq!(workflow_of(&site, &space, &page("8", &[], &[])).unwrap(), "strict by one");
    assert_eq!(workflow_of(Rules::NONE, Rules::NONE, &page("8", &[], &[])), None);
    assert_eq!(needs([&site]), Needs { labels: false, ancestors: false });
    assert_eq!(needs([&site, &space]), Needs { labels: true, ancestors: true });
}

#[test]
fn what_is_required_above_cannot_be_undone_below() {
    let site = rules(json!([
        { "id": "gdpr", "scope": { "of": "label", "label": "personal-data" }, "workflow": "strict", "mode": "required" },
    ]));
    let space = rules(json!([
        { "id": "not-this", "scope": { "of": "page", "page": "8" }, "mode": "disabled" },
        { "id": "ours", "scope": { "of": "space" }, "workflow": "basic", "mode": "required" },
    ]));
    let explained = explain(&site, &space, &page("8", &["personal-data"], &[]));
    assert_eq!(explained.assigned.unwrap().workflow, WorkflowId::new("strict"));
    let overruled: Vec<&str> = explained.overruled.iter().map(|placed| placed.rule.id.as_str()).collect();
    assert_eq!(overruled, ["ours", "not-this"]);
    assert_eq!(workflow_of(&site, &space, &page("8", &[], &[])).unwrap(), "basic by ours", "nor within a list");
}

#[test]
fn a_disabled_rule_decides_and_the_reason_is_told() {
    let site = rules(json!([{ "id": "all", "scope": { "of": "site" }, "workflow": "basic", "mode": "default" }]));
    let space = rules(json!([{ "id": "none", "scope": { "of": "space" }, "mode": "disabled" }]));
    let explained = explain(&site, &space, &page("8", &[], &[]));
    assert_eq!(explained.assigned, None);
    assert_eq!(explained.decided, Some(Placed { level: Level::Space, rule: space.0[0].clone() }));
    assert_eq!(explained.overruled, [Placed { level: Level::Site, rule: site.0[0].clone() }]);
}

#[test]
fn only_enabled_waits_for_the_macro() {
    for (mode, without, with) in [("enabled", false, true), ("default", true, true), ("required", true, true)] {
        let site = rules(json!([{ "id": "all", "scope": { "of": "site" }, "workflow": "basic", "mode": mode }]));
        let assigned = resolve(&site, Rules::NONE, &page("1", &[], &[])).unwrap();
        assert_eq!((assigned.starts(false), assigned.starts(true)), (without, with), "{mode}");
    }
}

fn said(level: Level, list: serde_json::Value, higher: serde_json::Value) -> (Vec<String>, Vec<String>) {
    let checked = check(level, &rules(list), &rules(higher), &known());
    let text = |faults: Vec<crate::workflow::fault::Fault>| faults.iter().map(ToString::to_string).collect();
    (text(checked.faults), text(checked.warnings))
}

#[test]
fn faults_name_the_place_and_the_mend() {
    let (faults, warnings) = said(
        Level::Space,
        json!([
            { "id": "a b", "scope": { "of": "site" }, "workflow": "nope", "mode": "enabled" },
            { "id": "x", "scope": { "of": "label", "label": "Big News" }, "workflow": "old", "mode": "enabled" },
            { "id": "x", "scope": { "of": "page", "page": "abc" }, "workflow": "gone", "mode": "enabled" },
            { "id": "y", "scope": { "of": "tree", "root": "3" }, "mode": "enabled" },
            { "id": "z", "scope": { "of": "tree", "root": "4" }, "mode": "disabled", "workflow": "basic" },
        ]),
        json!([]),
    );
    assert_eq!(
        faults,
        [
            "/0/id: The id “a b” cannot be used. Use 1 to 64 letters, digits, “-” and “_”.",
            "/0/scope: A space's rule cannot be for the whole site. Use “space”, or set it in the site's list.",
            "/0/workflow: There is no workflow “nope”. Choose one that exists.",
            "/1/scope: “Big News” is no label. Write the label as Confluence shows it: in lower case, without spaces.",
            "/1/workflow: The workflow “old” is disabled. Enable it first, or choose another.",
            "/2/id: Two rules have the id “x”. Give each rule an id of its own.",
            "/2/scope: “abc” is no page id. Use the number in the page's address.",
            "/2/workflow: The workflow “gone” was deleted. Choose another.",
            "/3/workflow: The rule names no workflow. Name one, or make the mode “disabled”.",
            "/4/workflow: A rule that is “disabled” takes every workflow away, so it names none. Remove “workflow”, or choose another mode.",
        ]
    );
    assert_eq!(warnings.len(), 4, "the first covers all others");
    let (faults, _) = said(
        Level::Site,
        json!([{ "id": "s", "scope": { "of": "space" }, "workflow": "basic", "mode": "enabled" }]),
        json!([]),
    );
    assert_eq!(
        faults,
        ["/0/scope: A site's rule does not say which space. Use “site”, or set it in the space's list."]
    );
}

#[test]
fn a_rule_against_a_required_of_a_higher_level_is_refused_by_name() {
    let higher = json!([{ "id": "all", "scope": { "of": "site" }, "workflow": "strict", "mode": "required" }]);
    let (faults, warnings) = said(
        Level::Space,
        json!([
            { "id": "off", "scope": { "of": "space" }, "mode": "disabled" },
            { "id": "same", "scope": { "of": "page", "page": "5" }, "workflow": "strict", "mode": "enabled" },
        ]),
        higher,
    );
    assert_eq!(
        faults,
        [
            "/0: The rule “all” of the site makes the workflow “strict” Required for all pages of the site, so this rule \
          cannot say otherwise. Remove this rule, or have the other one changed first."
        ]
    );
    assert_eq!(
        warnings,
        ["/1: This rule never decides: for page 5, the rule “all” of the site comes first. Move it up, or remove it."]
    );
    let (faults, warnings) = said(
        Level::Space,
        json!([
            { "id": "page", "scope": { "of": "page", "page": "5" }, "workflow": "basic", "mode": "required" },
            { "id": "space", "scope": { "of": "space" }, "workflow": "strict", "mode": "required" },
        ]),
        json!([{ "id": "l", "scope": { "of": "label", "label": "x" }, "workflow": "basic", "mode": "required" }]),
    );
    assert_eq!((faults.len(), warnings.len()), (1, 0), "the label leaves the space's rules pages of their own");
    assert!(faults[0].starts_with("/0: The rule “space” of the space makes"), "{}", faults[0]);
}

#[test]
fn rules_that_say_the_same_or_nothing_are_named() {
    let (faults, warnings) = said(
        Level::Space,
        json!([
            { "id": "a", "scope": { "of": "space" }, "workflow": "basic", "mode": "enabled" },
            { "id": "b", "scope": { "of": "space" }, "workflow": "basic", "mode": "enabled" },
            { "id": "c", "scope": { "of": "label", "label": "hr" }, "workflow": "strict", "mode": "default" },
            { "id": "d", "scope": { "of": "tree", "root": "3" }, "workflow": "strict", "mode": "required" },
        ]),
        json!([]),
    );
    assert_eq!(faults, ["/1: This rule says the same as the rule “a”. Remove one of them."]);
    assert_eq!(
        warnings,
        [
            "/2: This rule never decides: for pages with the label “hr”, the rule “a” of the space comes first. Move it up, or remove it."
        ]
    );
    let many: Vec<_> = (0..=check::RULES_MAX)
        .map(|n| json!({ "id": format!("r{n}"), "scope": { "of": "page", "page": "1" }, "mode": "disabled" }))
        .collect();
    assert_eq!(said(Level::Space, json!(many), json!([])).0.len(), 1);
}

#[test]
fn what_the_journal_holds_reads_back() {
    let list =
        rules(json!([{ "id": "a", "scope": { "of": "tree", "root": "3" }, "workflow": "basic", "mode": "required" }]));
    let event = AssignmentEvent::AssignmentsSet {
        version: 2,
        space: Some(SpaceId::new("65537")),
        rules: list,
        space_admins: false,
    };
    let value = serde_json::to_value(&event).unwrap();
    assert_eq!(
        value,
        json!({ "kind": "assignments-set", "version": 2, "space": "65537",
                "rules": [{ "id": "a", "scope": { "of": "tree", "root": "3" }, "workflow": "basic", "mode": "required" }] })
    );
    assert_eq!(serde_json::from_value::<AssignmentEvent>(value).unwrap(), event);
    assert_eq!(StreamId::assignment(Some(&SpaceId::new("65537"))).as_str(), "assignment/65537");
    assert_eq!(StreamId::assignment(None).as_str(), "assignment/site");
}
