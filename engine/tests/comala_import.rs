//! Workflows of Comala Document Management become ours, and nothing of them is dropped in silence.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use engine::workflow::import::{Imported, comala};
use engine::workflow::parse::{Parameters, parse};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A source, what it becomes, and values with which the result is taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    source: Value,
    imported: Imported,
    values: Parameters,
}

const FIXTURES: [(&str, &str); 5] = [
    ("basic approval", include_str!("fixtures/comala/basic-approval.json")),
    ("quality", include_str!("fixtures/comala/quality.json")),
    ("content expiry", include_str!("fixtures/comala/content-expiry.json")),
    ("publishing", include_str!("fixtures/comala/publishing.json")),
    ("unknown members", include_str!("fixtures/comala/unknown-members.json")),
];

fn fixtures() -> impl Iterator<Item = (&'static str, Fixture)> {
    FIXTURES.into_iter().map(|(name, text)| (name, serde_json::from_str(text).unwrap()))
}

#[test]
fn each_becomes_exactly_what_is_expected() {
    for (name, fixture) in fixtures() {
        let imported = comala(&fixture.source);
        assert_eq!(imported.report, fixture.imported.report, "{name}");
        assert_eq!(imported.document, fixture.imported.document, "{name}");
        assert_eq!(imported.faults, fixture.imported.faults, "{name}");
    }
}

#[test]
fn the_result_is_taken_or_its_faults_are_given_along() {
    let mut taken = 0;
    for (name, fixture) in fixtures() {
        match parse(&fixture.imported.document, &fixture.values) {
            Ok(_) => {
                assert_eq!(fixture.imported.faults, [], "{name}");
                taken += 1;
            }
            Err(faults) => assert_eq!(faults, fixture.imported.faults, "{name}"),
        }
    }
    assert_eq!(taken, 4, "all but the one whose trigger sets a time that leads nowhere");
}

#[test]
fn what_comes_out_agrees_with_the_schema() {
    let schema = serde_json::from_str(engine::workflow::schema::SCHEMA).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    for (name, fixture) in fixtures() {
        let document = comala(&fixture.source).document;
        let faults: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(faults, [""; 0], "{name}");
    }
}

#[test]
fn every_unknown_member_is_reported() {
    for (name, fixture) in fixtures() {
        for place in places(&fixture.source, "") {
            let mut changed = fixture.source.clone();
            let object = changed.pointer_mut(&place).and_then(Value::as_object_mut).unwrap();
            object.insert("strange/~member".to_owned(), json!("remember me"));
            let report = comala(&changed).report;
            let member = format!("{place}/strange~1~0member");
            let named = report.iter().any(|note| {
                note.at == member || (is_within(&member, &note.at) && note.became.contains("not carried over"))
            });
            assert!(named, "{name}: nothing is said of {member}\n{report:#?}");
        }
    }
}

/// Pointers of all objects within.
fn places(value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    match value {
        Value::Object(members) => {
            found.push(at.to_owned());
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                found.extend(places(member, &format!("{at}/{name}")));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                found.extend(places(item, &format!("{at}/{index}")));
            }
        }
        _ => {}
    }
    found
}

fn is_within(place: &str, outer: &str) -> bool {
    place.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

#[test]
fn wrong_types_are_reported_where_they_are() {
    let source = json!({
        "name": ["no"],
        "states": [
            { "name": "A", "initial": "perhaps", "final": 5.5, "colour": "sound", "dueDate": "soon", "expired": "B", "submit": "B" },
            { "name": "B", "approvals": [{ "name": "C", "minimum": "many", "assignable": "maybe", "user": 7 }, 3], "approved": "A", "rejected": 12 }
        ],
        "triggers": [{ "event": "on-change-state", "actions": [{ "action": "set-message", "type": "loud", "body": "Hear!" }] }]
    });
    let imported = comala(&source);
    for place in [
        "/name",
        "/states/0/initial",
        "/states/0/colour",
        "/states/0/dueDate",
        "/states/1/approvals/0/minimum",
        "/states/1/approvals/0/assignable",
        "/states/1/approvals/0/user",
        "/states/1/approvals/1",
        "/states/1/rejected",
        "/triggers/0/actions/0/type",
    ] {
        assert!(imported.report.iter().any(|note| note.at == place), "{place}\n{:#?}", imported.report);
    }
}

#[test]
fn a_review_that_begins_by_itself_has_reviewers() {
    let source = |group: Value| {
        json!({ "name": "Chain", "states": [
            { "name": "Draft", "initial": true, "transitions": { "submit": "First" } },
            { "name": "First", "approvals": [{ "name": "A", "assignable": true }], "transitions": { "approved": "Second" } },
            { "name": "Second", "approvals": [{ "name": "B", "assignable": true, "group": group }], "transitions": { "approved": "Done" } },
            { "name": "Done", "final": true }
        ] })
    };
    let id = "5f0b5f6e-0d53-4f0f-9e19-3a2f5f8f1c11";
    for (group, expected) in [(json!(id), json!({ "groups": [id] })), (json!(null), json!({ "roles": ["editor"] }))] {
        let imported = comala(&source(group));
        assert_eq!(imported.faults, []);
        let reviewers = |state: usize| &imported.document["states"][state]["approvals"][0]["reviewers"];
        assert_eq!(*reviewers(1), json!({ "assigned": { "at_least": 1 } }), "a submit begins it");
        assert_eq!(*reviewers(2), expected);
        let note = imported.report.iter().find(|note| note.at == "/states/2/approvals/0").unwrap();
        assert!(note.became.starts_with("The review begins without a submit"), "{note:?}");
    }
}

#[test]
fn what_is_no_workflow_is_said_to_be_none() {
    for source in [json!(null), json!([]), json!(5), json!("states"), json!([[[]]])] {
        let imported = comala(&source);
        assert_eq!(imported.report.len(), 1, "{source}: {:?}", imported.report);
        assert!(!imported.faults.is_empty(), "{source}");
    }
}

/// Words that mean something to the import, so that random documents reach its depths.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "name", "states", "approvals", "transitions", "triggers", "parameters", "conditions", "actions", "event", "action",
            "state", "initial", "final", "dueDate", "colour", "select", "approved", "rejected", "updated", "expired", "submit",
            "completed", "user", "group", "minimum", "assignable", "selectedApprover", "credentials", "recipients",
            "notification", "subject", "body", "type", "value", "target", "space", "labels", "restrictions", "workflow",
        ]).prop_map(str::to_owned),
        1 => ".*",
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "A",
            "B",
            "a,B",
            "on-change-state",
            "on-expire",
            "on-approve",
            "change-state",
            "set-message",
            "send-email",
            "assign",
            "copy-page",
            "publish-page",
            "set-restrictions",
            "add-labels",
            "set-expiration",
            "P1Y",
            "30d",
            "PT1H",
            "P",
            "#fff",
            "#é",
            "green",
            "@creator",
            "@A@",
            "${A}",
            "&@A@",
            "${",
            "group",
            "user",
            "duration",
            "list",
            "view",
            "P99999999999999999999D",
            "712020:a",
            "",
        ])
        .prop_map(Value::from),
        ".*".prop_map(Value::from),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..8)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The outlines of a workflow, filled with anything.
fn workflow() -> impl Strategy<Value = Value> {
    let name = || prop::sample::select(vec!["A", "B", "In Review", "a", ""]);
    let things = || prop::collection::vec(anything(), 0..3);
    let ways = prop::collection::vec((word(), name()), 0..5)
        .prop_map(|ways| ways.into_iter().map(|(kind, to)| (kind, json!(to))).collect::<Map<_, _>>());
    let approvals = prop::collection::vec((name(), things()), 0..3).prop_map(|approvals| {
        approvals.into_iter().map(|(name, who)| json!({ "name": name, "user": who, "group": "x" })).collect::<Value>()
    });
    let state = (name(), any::<bool>(), ways, approvals, leaf()).prop_map(|(name, flag, ways, approvals, due)| {
        json!({ "name": name, "initial": flag, "final": !flag, "transitions": ways, "approvals": approvals, "dueDate": due })
    });
    let trigger = (leaf(), things(), prop::collection::vec(anything(), 0..3)).prop_map(
        |(event, conditions, actions)| json!({ "event": event, "conditions": conditions, "actions": actions }),
    );
    (leaf(), prop::collection::vec(state, 0..5), prop::collection::vec(trigger, 0..3), things()).prop_map(
        |(name, states, triggers, parameters)| {
            json!({ "name": name, "states": states, "triggers": triggers, "parameters": parameters })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_fall_over(source in prop_oneof![anything(), workflow()]) {
        let imported = comala(&source);
        for note in &imported.report {
            prop_assert!(source.pointer(&note.at).is_some(), "there is no {}", note.at);
            prop_assert!(!note.what.is_empty() && !note.became.is_empty());
        }
        // What has no fault is taken as it is, and what is written as faults is all that is wrong.
        prop_assert_eq!(&comala(&source), &imported);
        let open = imported.document["parameters"].as_array().is_some_and(|list| {
            list.iter().any(|parameter| parameter.get("default").is_none())
        });
        if !open {
            prop_assert_eq!(parse(&imported.document, &Parameters::new()).err().unwrap_or_default(), imported.faults);
        }
    }

    #[test]
    fn no_document_has_a_member_of_the_wrong_shape(source in workflow()) {
        for fault in comala(&source).faults {
            // What remains is about how the states hang together, which only somebody who knows the workflow can mend.
            for shape in [
                "is not an id", "account id", "group's id", "has no member", "needs “", "is not a duration", "This text",
                "no parameter", "in the list already", "reference to a parameter", "must be", "This number", "has no value",
            ] {
                prop_assert!(!fault.what.contains(shape), "{fault}");
            }
        }
    }
}
