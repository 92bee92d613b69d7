//! Reading a definition never panics, whatever is handed in, and a definition that was read is written so that it reads
//! back as itself.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use engine::workflow::builtin;
use engine::workflow::definition::Definition;
use engine::workflow::fault::Fault;
use engine::workflow::parameter::{declared, merged};
use engine::workflow::parse::{DOCUMENT_MAX, Parameters, check, document_of, not_carried_out, parse};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn full() -> Value {
    serde_json::from_str(include_str!("definitions/full.json")).unwrap()
}

fn plain() -> Value {
    serde_json::from_str(include_str!("definitions/plain.json")).unwrap()
}

/// Values as a document has them, and as nobody should write them.
fn any_value() -> impl Strategy<Value = Value> {
    let words =
        ["draft", "stay", "previous", "${team}", "${others}", "${", "$${x}", "P1D", "any", "\u{202e}", "", "in-review"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(any_member(), inner, 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_member() -> impl Strategy<Value = String> {
    let known = [
        "format",
        "id",
        "name",
        "states",
        "parameters",
        "triggers",
        "approvals",
        "transitions",
        "reviewers",
        "mode",
        "to",
        "select",
        "updated",
        "event",
        "conditions",
        "actions",
        "action",
        "who",
        "users",
        "minimum",
        "expiry",
        "after",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => "[a-z/~]{0,6}"]
}

/// Every place in a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| places(member, &member_at(at, name), found));
        }
        _ => {}
    }
}

fn member_at(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Where it stands, a fault must be findable: what is missing has its place in something that is there.
fn assert_faults_stand_in(document: &Value, faults: &[Fault]) {
    assert!(!faults.is_empty());
    for fault in faults {
        let parent = fault.at.rsplit_once('/').map_or("", |(parent, _)| parent);
        let stands = document.pointer(&fault.at).is_some()
            || document.pointer(parent).is_some()
            || parent.strip_suffix("/transitions").is_some_and(|state| document.pointer(state).is_some());
        assert!(stands, "{fault}");
        assert!(fault.what.ends_with('.') && fault.mend.ends_with(['.', '?']), "{fault}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_document_makes_the_reader_panic(document in any_value(), values in btree_map("[a-z]{1,6}", any_value(), 0..3)) {
        let _ = check(&document, &values);
        let _ = declared(&document);
    }

    #[test]
    fn a_changed_document_is_read_or_refused_with_places(
        on_full in any::<bool>(),
        changes in vec((any::<prop::sample::Index>(), any_value(), any::<bool>()), 1..4),
    ) {
        let mut document = if on_full { full() } else { plain() };
        for (place, value, remove) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            let at = place.get(&found).clone();
            match at.rsplit_once('/').and_then(|(parent, member)| document.pointer_mut(parent).zip(Some(member))) {
                Some((Value::Object(members), member)) if remove => {
                    members.remove(member);
                }
                _ => *document.pointer_mut(&at).unwrap() = value,
            }
        }
        match check(&document, &Parameters::new()) {
            Ok(checked) => assert_reads_back(&checked.definition),
            Err(faults) => assert_faults_stand_in(&document, &faults),
        }
    }

    #[test]
    fn texts_read_back_as_they_are(name in "[ -~]{0,20}[$]{0,3}[{]?[a-z}]{0,4}[ -~]{1,20}") {
        let mut definition = parse(&plain(), &Parameters::new()).unwrap();
        definition.description = format!("{name}.");
        definition.states[1].approvals[0].meaning = format!("{name}.");
        assert_reads_back(&definition);
    }

    #[test]
    fn words_in_any_order_read_the_same(minimum in 1_u32..=3, modes in prop::sample::select(vec!["any", "all", "majority"])) {
        let mut document = plain();
        document["states"][1]["approvals"][0]["mode"] = json!({ "minimum": minimum });
        document["states"][1]["approvals"][1]["mode"] = json!(modes);
        assert_reads_back(&parse(&document, &Parameters::new()).unwrap());
    }
}

fn assert_reads_back(definition: &Definition) {
    let written = document_of(definition);
    assert_eq!(parse(&written, &Parameters::new()).as_ref(), Ok(definition));
    // What a store keeps by itself is the same definition.
    let stored: Definition = serde_json::from_value(serde_json::to_value(definition).unwrap()).unwrap();
    assert_eq!(stored, *definition);
}

#[test]
fn good_documents_read_back() {
    for document in [full(), plain(), builtin::document()] {
        assert_reads_back(&parse(&document, &Parameters::new()).unwrap());
    }
}

#[test]
fn parameters_take_their_places() {
    let values = Parameters::from([
        ("team".to_owned(), json!("Safety ${x}")),
        ("minimum".to_owned(), json!(3)),
        ("others".to_owned(), json!(["712020:x", "712020:y", "712020:owner"])),
        ("period".to_owned(), json!("P3W")),
    ]);
    let definition = parse(&full(), &values).unwrap();
    let approval = &definition.states[2].approvals[0];
    assert_eq!(definition.description, "Reviewed by Safety ${x}.\nCosts nothing: ${team}.");
    assert_eq!(approval.name, "Experts of Safety ${x}");
    assert_eq!(serde_json::to_value(approval.mode).unwrap(), json!({ "minimum": 3 }));
    let users: Vec<_> = approval.reviewers.users.iter().map(|user| user.as_str()).collect();
    assert_eq!(users, ["712020:owner", "712020:x", "712020:y"], "a list is spliced, and nobody is in it twice");
    assert_eq!(approval.due.unwrap().to_string(), "P3W");
    assert_reads_back(&definition);
}

#[test]
fn a_space_overrides_the_site() {
    let site = Parameters::from([("minimum".to_owned(), json!(2)), ("approvers".to_owned(), json!("g-site"))]);
    let space = Parameters::from([("approvers".to_owned(), json!("g-space"))]);
    let definition = builtin::definition(&merged(&site, &space)).unwrap();
    let approval = serde_json::to_value(&definition.states[1].approvals[0]).unwrap();
    assert_eq!(approval["reviewers"], json!({ "groups": ["g-space"] }));
    assert_eq!(approval["mode"], json!({ "minimum": 2 }));
    assert_eq!(approval["exclude"], json!(["author", "last-editor", "submitter"]));
    let names: Vec<_> = declared(&builtin::document()).unwrap().into_iter().map(|parameter| parameter.name).collect();
    assert_eq!(names, ["approvers", "minimum"]);
}

#[test]
fn an_action_of_later_work_is_named() {
    let definition = parse(&full(), &Parameters::new()).unwrap();
    let refused = not_carried_out(&definition);
    let actions: usize = definition.triggers.iter().map(|trigger| trigger.actions.len()).sum();
    assert_eq!(refused.len(), actions);
    assert_eq!(
        refused[4].to_string(),
        "/triggers/1/actions/1: This version of Countersign can't carry out \"clear-messages\" yet. \
         Remove this action, or the trigger if it has no other, before you put the workflow in force."
    );
    assert_eq!(not_carried_out(&parse(&plain(), &Parameters::new()).unwrap()), []);
}

#[test]
fn a_document_too_large_is_not_looked_at() {
    let mut document = plain();
    document["description"] = json!("x".repeat(DOCUMENT_MAX));
    let faults = parse(&document, &Parameters::new()).unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "the document: The document is larger than 256 KB. Shorten its texts, or split the workflow."
    );
    assert_eq!(faults.len(), 1);
}

#[test]
fn thousands_of_faults_stay_an_answer() {
    let mut document = plain();
    let strange: Map<String, Value> = (0..5_000).map(|index| (format!("strange-{index}"), json!(1))).collect();
    document.as_object_mut().unwrap().extend(strange);
    let faults = parse(&document, &Parameters::new()).unwrap_err();
    assert_eq!(faults.len(), 501);
    assert_eq!(faults[500].what, "There are 4500 more faults.");
}

#[test]
fn the_example_in_the_documentation_is_good() {
    let text = include_str!("../../docs/workflow-definition.md");
    let blocks: Vec<&str> = text
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .filter(|block| block.contains("\"states\""))
        .collect();
    assert_eq!(blocks.len(), 1);
    let document: Value = serde_json::from_str(blocks[0]).unwrap();
    let values = Parameters::from([("approvers".to_owned(), json!("g-approvers"))]);
    let checked = check(&document, &values).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(checked.warnings, []);
}

#[test]
fn the_documentation_names_every_member_and_word() {
    let text = include_str!("../../docs/workflow-definition.md");
    let schema: Value = serde_json::from_str(engine::workflow::schema::SCHEMA).unwrap();
    let mut words = Vec::new();
    words_of(&schema, &mut words);
    assert!(words.len() > 100, "{words:?}");
    let missing: Vec<_> = words
        .iter()
        .filter(|word| !text.contains(&format!("`{word}`")) && !text.contains(&format!("`\"{word}\"`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Names of members and words of a schema.
fn words_of(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| words_of(item, found)),
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("properties", Value::Object(properties)) => {
                        found.extend(properties.keys().cloned());
                        properties.values().for_each(|property| words_of(property, found));
                    }
                    ("const", Value::String(word)) => found.push(word.clone()),
                    ("enum", Value::Array(words)) => {
                        found.extend(words.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => words_of(member, found),
                }
            }
        }
        _ => {}
    }
}
