//! Definitions that are wrong, each a small change to a good one, with every message they get: nothing missing, nothing
//! besides, in the document's order.
//!
//! The cases are in `definitions/bad`. `on` names the good document (`plain` if missing); `set` and `remove` change it, by
//! JSON Pointer; `values` are the parameters'; `faults` or `warnings` are the messages. A case with `shape` is one that the
//! published schema refuses as well.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use engine::workflow::fault::Fault;
use engine::workflow::parse::{Parameters, check};
use engine::workflow::schema::SCHEMA;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const FILES: [(&str, &str); 7] = [
    ("shape", include_str!("definitions/bad/shape.json")),
    ("parameters", include_str!("definitions/bad/parameters.json")),
    ("states", include_str!("definitions/bad/states.json")),
    ("transitions", include_str!("definitions/bad/transitions.json")),
    ("approvals", include_str!("definitions/bad/approvals.json")),
    ("time", include_str!("definitions/bad/time.json")),
    ("triggers", include_str!("definitions/bad/triggers.json")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    on: Base,
    #[serde(default)]
    set: BTreeMap<String, Value>,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    values: Parameters,
    #[serde(default)]
    shape: bool,
    #[serde(default)]
    faults: Vec<String>,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Base {
    #[default]
    Plain,
    Full,
}

impl Base {
    fn document(self) -> Value {
        serde_json::from_str(match self {
            Self::Plain => include_str!("definitions/plain.json"),
            Self::Full => include_str!("definitions/full.json"),
        })
        .unwrap()
    }
}

impl Case {
    fn document(&self) -> Value {
        let mut document = self.on.document();
        for at in &self.remove {
            let (parent, member) = at.rsplit_once('/').unwrap();
            let removed = document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(member);
            assert!(removed.is_some(), "{}: there is nothing at {at} to remove", self.name);
        }
        for (at, value) in &self.set {
            put(&mut document, at, value.clone());
        }
        document
    }
}

/// Puts a value at a pointer; `-` and the index after the last append to a list.
fn put(document: &mut Value, at: &str, value: Value) {
    let Some((parent, member)) = at.rsplit_once('/') else {
        *document = value;
        return;
    };
    match document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")) {
        Value::Array(items) => match member.parse::<usize>() {
            Ok(index) if index < items.len() => items[index] = value,
            _ => items.push(value),
        },
        Value::Object(members) => {
            members.insert(member.to_owned(), value);
        }
        other => panic!("{parent} is {other}"),
    }
}

fn cases() -> Vec<(&'static str, Case)> {
    let read = |(file, text): (&'static str, &str)| {
        let cases: Vec<Case> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        cases.into_iter().map(move |case| (file, case)).collect::<Vec<_>>()
    };
    FILES.into_iter().flat_map(read).collect()
}

fn messages(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn the_documents_changed_are_good() {
    for base in [Base::Plain, Base::Full] {
        let checked =
            check(&base.document(), &Parameters::new()).unwrap_or_else(|faults| panic!("{:#?}", messages(&faults)));
        assert_eq!(messages(&checked.warnings), Vec::<String>::new());
    }
}

#[test]
fn every_message_is_the_one_expected() {
    let mut wrong = Vec::new();
    for (file, case) in cases() {
        let (faults, warnings) = match check(&case.document(), &case.values) {
            Ok(checked) => (Vec::new(), messages(&checked.warnings)),
            Err(faults) => (messages(&faults), Vec::new()),
        };
        assert!(
            case.faults.is_empty() != case.warnings.is_empty(),
            "{file}, {}: a case expects faults or warnings",
            case.name
        );
        if faults != case.faults || warnings != case.warnings {
            wrong.push(format!("{file}, {}:\n  faults {faults:#?}\n  warnings {warnings:#?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_enough_and_each_has_a_name_of_its_own() {
    let cases = cases();
    let names: BTreeSet<_> = cases.iter().map(|(file, case)| (*file, case.name.clone())).collect();
    assert_eq!(names.len(), cases.len());
    assert!(cases.iter().filter(|(_, case)| !case.faults.is_empty()).count() >= 60);
}

#[test]
fn the_schema_refuses_wrong_shapes_and_no_good_document() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let refused = |document: &Value| {
        let found: Vec<String> =
            schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        found
    };
    assert_eq!(refused(&Base::Plain.document()), Vec::<String>::new());
    assert_eq!(refused(&Base::Full.document()), Vec::<String>::new());
    assert_eq!(refused(&engine::workflow::builtin::document()), Vec::<String>::new());
    for template in engine::workflow::template::all() {
        let document = engine::workflow::template::document(template.id).unwrap();
        assert_eq!(refused(&document), Vec::<String>::new(), "{}", template.id);
    }
    for (file, case) in cases() {
        let found = refused(&case.document());
        assert_eq!(!found.is_empty(), case.shape, "{file}, {}: {found:#?}", case.name);
    }
}
