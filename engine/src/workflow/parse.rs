//! From a JSON document to a definition: parameters filled in, everything checked, all faults at once.

use super::definition::{Definition, FORMAT};
use super::fault::Fault;
use super::validate;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Values for a definition's parameters; what is missing takes its default.
pub type Parameters = BTreeMap<String, Value>;

/// A parameter as a document declares it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    default: Option<Value>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    String,
    Number,
    User,
    Group,
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Number => value.is_u64(),
            Self::String | Self::User | Self::Group => value.is_string(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Number => "a whole number",
            Self::String => "a text",
            Self::User => "an account id",
            Self::Group => "a group id",
        }
    }
}

/// Reads a document.
///
/// # Errors
/// Every fault found.
pub fn parse(document: &Value, values: &Parameters) -> Result<Definition, Vec<Fault>> {
    let Value::Object(members) = document else {
        return Err(vec![Fault::new("", "A definition is a JSON object.", "Send an object with \"states\".")]);
    };
    match members.get("format").and_then(Value::as_u64) {
        Some(format) if format == u64::from(FORMAT) => {}
        _ => {
            return Err(vec![Fault::new(
                "/format",
                "The format is missing or unknown.",
                format!("Write \"format\": {FORMAT}."),
            )]);
        }
    }
    let parameters = resolve_parameters(members, values)?;
    let mut filled = members.clone();
    filled.remove("parameters");
    let mut faults = Vec::new();
    let mut filled = Value::Object(filled);
    fill(&mut filled, &parameters, "", &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let definition: Definition = serde_json::from_value(filled).map_err(|error| {
        vec![Fault::new(
            "",
            format!("The document has the wrong shape: {error}."),
            "Compare it with the documentation.",
        )]
    })?;
    let faults = validate::faults(&definition);
    if faults.is_empty() { Ok(definition) } else { Err(faults) }
}

fn resolve_parameters(
    members: &Map<String, Value>,
    values: &Parameters,
) -> Result<BTreeMap<String, Value>, Vec<Fault>> {
    let declared: Vec<Declared> = match members.get("parameters") {
        None => Vec::new(),
        Some(list) => serde_json::from_value(list.clone()).map_err(|error| {
            vec![Fault::new(
                "/parameters",
                format!("The parameters have the wrong shape: {error}."),
                "Give each a name, a type and perhaps a default.",
            )]
        })?,
    };
    let mut faults = Vec::new();
    for name in values.keys() {
        if !declared.iter().any(|parameter| parameter.name == *name) {
            faults.push(Fault::new(
                "/parameters",
                format!("There is no parameter \u{201c}{name}\u{201d}."),
                "Remove its value or declare it.",
            ));
        }
    }
    let mut resolved = BTreeMap::new();
    for (index, parameter) in declared.into_iter().enumerate() {
        let at = format!("/parameters/{index}");
        match values.get(&parameter.name).or(parameter.default.as_ref()) {
            None => faults.push(Fault::new(
                at,
                format!("The parameter \u{201c}{}\u{201d} has no value.", parameter.name),
                "Set it, or give it a default.",
            )),
            Some(value) if !parameter.kind.fits(value) => faults.push(Fault::new(
                at,
                format!("The parameter \u{201c}{}\u{201d} must be {}.", parameter.name, parameter.kind.name()),
                "Correct its value.",
            )),
            Some(value) => {
                let value = value.clone();
                if resolved.insert(parameter.name.clone(), value).is_some() {
                    faults.push(Fault::new(
                        at,
                        format!("The parameter \u{201c}{}\u{201d} is declared twice.", parameter.name),
                        "Remove one of them.",
                    ));
                }
            }
        }
    }
    if faults.is_empty() { Ok(resolved) } else { Err(faults) }
}

/// A text that is exactly `${name}` becomes the parameter's value, whatever its type.
fn fill(value: &mut Value, parameters: &BTreeMap<String, Value>, at: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::String(text) => {
            let Some(name) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { return };
            match parameters.get(name) {
                Some(known) => *value = known.clone(),
                None => faults.push(Fault::new(
                    at,
                    format!("There is no parameter \u{201c}{name}\u{201d}."),
                    "Declare it under \"parameters\", or correct the name.",
                )),
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                fill(item, parameters, &format!("{at}/{index}"), faults);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let name = name.replace('~', "~0").replace('/', "~1");
                fill(member, parameters, &format!("{at}/{name}"), faults);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::builtin;
    use serde_json::json;

    fn faults_of(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut document = builtin::document();
        change(&mut document);
        parse(&document, &Parameters::new()).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn parameters_take_their_values() {
        let values = Parameters::from([("minimum".to_owned(), json!(3)), ("approvers".to_owned(), json!("g-7"))]);
        let definition = parse(&builtin::document(), &values).unwrap();
        let approval = &definition.states[1].approvals[0];
        assert_eq!(approval.minimum, 3);
        assert!(approval.reviewers.groups.contains(&crate::ids::GroupId::new("g-7")));
    }

    #[test]
    fn wrong_values_are_named() {
        let wrong = Parameters::from([("minimum".to_owned(), json!("three")), ("other".to_owned(), json!(1))]);
        let faults = parse(&builtin::document(), &wrong).unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[1].what.contains("must be a whole number"));
    }

    #[test]
    fn each_fault_is_named_with_its_place() {
        let cases: Vec<(Vec<String>, &str)> = vec![
            (
                faults_of(|d| d["states"][0]["transitions"]["submit"] = json!("nowhere")),
                "/states/0/transitions/submit: There is no state \u{201c}nowhere\u{201d}.",
            ),
            (
                faults_of(|d| d["states"][1]["on_edit"] = json!({"to": "nowhere"})),
                "/states/1/on_edit: There is no state \u{201c}nowhere\u{201d}.",
            ),
            (faults_of(|d| d["states"][0]["initial"] = json!(false)), "/states: No state is initial."),
            (faults_of(|d| d["states"][2]["initial"] = json!(true)), "/states/2/initial: A second state is initial."),
            (
                faults_of(|d| d["states"][1]["id"] = json!("draft")),
                "/states/1/id: The id \u{201c}draft\u{201d} is used twice.",
            ),
            (
                faults_of(|d| d["states"][1]["approvals"][0]["minimum"] = json!(0)),
                "/states/1/approvals/0/minimum: The minimum must be at least 1.",
            ),
            (faults_of(|d| d["states"][1]["approvals"][0]["reviewers"] = json!({"users": ["a"]})), ""),
            (
                faults_of(|d| d["states"][1]["approvals"][0]["reviewers"] = json!({})),
                "/states/1/approvals/0/reviewers: Nobody is asked.",
            ),
            (
                faults_of(|d| {
                    d["states"][1]["approvals"][0]["reviewers"] = json!({"users": ["a"]});
                    d["states"][1]["approvals"][0]["minimum"] = json!(2);
                }),
                "/states/1/approvals/0/minimum: 2 approvals are needed, but only 1 people are asked.",
            ),
            (
                faults_of(|d| d["states"][1]["transitions"] = json!({"approved": "approved"})),
                "/states/1/transitions/rejected: A state with approvals needs a way on when somebody rejects.",
            ),
            (
                faults_of(|d| d["states"][0]["transitions"] = json!({})),
                "/states/0: There is no way out of \u{201c}Draft\u{201d}.",
            ),
            (faults_of(|d| d["states"][0]["surprise"] = json!(1)), ": The document has the wrong shape"),
            (faults_of(|d| d["format"] = json!(9)), "/format: The format is missing or unknown."),
            (
                faults_of(|d| d["states"][1]["approvals"][0]["minimum"] = json!("${many}")),
                "/states/1/approvals/0/minimum: There is no parameter \u{201c}many\u{201d}.",
            ),
            (faults_of(|d| *d = json!([])), "A definition is a JSON object."),
        ];
        for (found, expected) in cases {
            if expected.is_empty() {
                assert!(found.is_empty(), "{found:?}");
            } else {
                assert!(found.iter().any(|fault| fault.contains(expected)), "{expected}\n{found:?}");
            }
        }
    }
}
