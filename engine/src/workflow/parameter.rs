//! Parameters: what a definition leaves open, and the values that fill it.
//!
//! A text that is exactly `${name}` becomes the value, whatever its type; in a list, the value of a list parameter takes
//! the place of the item. Within a longer text a value is inserted as text. `$${` stands for the two characters `${`.

use super::fault::{Fault, in_order, member_of, quoted};
use super::read::Context;
use super::read::node::Node;
use super::read::text::{self, Text};
use super::read::words;
use crate::calendar::Span;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The most parameters a definition may declare.
pub const PARAMETERS_MAX: usize = 50;
/// The most items in a list.
pub const LIST_MAX: usize = 100;
/// The largest number.
pub const NUMBER_MAX: u64 = 1_000_000;

/// Values for a definition's parameters; what is missing takes its default.
pub type Parameters = BTreeMap<String, Value>;

/// A parameter as a document declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name, by which the document refers to it.
    pub name: String,
    /// What its value is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What the items of a list are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Kind>,
    /// What people see instead of the name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its value where none is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A text.
    String,
    /// A whole number, not negative.
    Number,
    /// Somebody's account id.
    User,
    /// A group's id.
    Group,
    /// An ISO 8601 duration.
    Duration,
    /// Several values of one kind.
    List,
}

impl Kind {
    /// As messages call it.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::String => "a text",
            Self::Number => "a whole number",
            Self::User => "a user (an account id)",
            Self::Group => "a group (a group id)",
            Self::Duration => "a duration such as \"P14D\"",
            Self::List => "a list",
        }
    }

    fn accepts(self, of: Option<Kind>, value: &Value) -> bool {
        match (self, value) {
            (Self::Number, value) => value.as_u64().is_some_and(|number| number <= NUMBER_MAX),
            (Self::String, Value::String(text)) => text::fault_of(text, &Text::PARAMETER).is_none(),
            (Self::User, Value::String(text)) => text::is_account(text),
            (Self::Group, Value::String(text)) => text::is_group(text),
            (Self::Duration, Value::String(text)) => text.parse::<Span>().is_ok(),
            (Self::List, Value::Array(items)) => {
                items.len() <= LIST_MAX && items.iter().all(|item| of.unwrap_or(Self::String).accepts(None, item))
            }
            _ => false,
        }
    }
}

impl Parameter {
    /// Whether a value is of this parameter's type, for whoever lets people set one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, value: &Value) -> Result<(), Fault> {
        if self.kind.accepts(self.of, value) {
            return Ok(());
        }
        let expected = match self.kind {
            Kind::List => {
                format!("a list of at most {LIST_MAX} items, each {}", self.of.unwrap_or(Kind::String).phrase())
            }
            Kind::Number => format!("a whole number from 0 to {NUMBER_MAX}"),
            kind => kind.phrase().to_owned(),
        };
        Err(Fault::new("", format!("The parameter {} must be {expected}.", quoted(&self.name)), "Correct its value."))
    }
}

/// The parameters a document declares.
///
/// # Errors
/// Every fault in the declarations. Other faults of the document don't matter here.
pub fn declared(document: &Value) -> Result<Vec<Parameter>, Vec<Fault>> {
    let context = Context::raw();
    let found = read(document, &context);
    let faults = in_order(context.into_findings().faults);
    if faults.is_empty() {
        Ok(found.parameters.into_iter().map(|(_, parameter)| parameter).collect())
    } else {
        Err(faults)
    }
}

/// A space's values over the site's. What neither sets takes the definition's default.
#[must_use]
pub fn merged(site_values: &Parameters, space_values: &Parameters) -> Parameters {
    site_values.iter().chain(space_values).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Declarations found in a document.
pub(super) struct Declarations {
    /// With their places.
    parameters: Vec<(String, Parameter)>,
    /// Names of those that could not be read: a reference to one is no fault of its own.
    unread: BTreeSet<String>,
    /// Whether some have no name that could be read.
    nameless: bool,
}

pub(super) fn read<'a>(document: &'a Value, context: &'a Context<'a>) -> Declarations {
    let mut found = Declarations { parameters: Vec::new(), unread: BTreeSet::new(), nameless: false };
    let Some(list) = document.get("parameters").and_then(|list| context.node(list, "/parameters".to_owned())) else {
        return found;
    };
    let mut names = BTreeSet::new();
    found.nameless = !list.is_list();
    for node in list.items("parameters", PARAMETERS_MAX) {
        let faults_before = context.faults_so_far();
        let parameter = one(&node);
        match parameter {
            Some(parameter) if !names.insert(parameter.name.clone()) => {
                context.fault(
                    member_of(node.at(), "name"),
                    format!("The parameter {} is declared twice.", quoted(&parameter.name)),
                    "Remove one of them, or give it another name.",
                );
            }
            Some(parameter) if context.faults_so_far() == faults_before => {
                found.parameters.push((node.at().to_owned(), parameter));
            }
            Some(parameter) => {
                found.unread.insert(parameter.name);
            }
            None => found.nameless = true,
        }
    }
    found
}

/// A parameter with what could be read of it, if it has a name.
fn one(node: &Node<'_>) -> Option<Parameter> {
    let object = node.object("A parameter", &["name", "type", "of", "label", "description", "default"])?;
    let name = object.need("name", "It is how the document refers to it.").and_then(|name| name.id());
    let kind = object.need("type", "It says what its value is.").and_then(|kind| kind.word("type", &words::KINDS));
    let of = object.get("of").and_then(|of| of.word("item type", &words::ITEM_KINDS));
    if object.has("of") && kind.is_some_and(|kind| kind != Kind::List) {
        object.fault("of", "Only a list has items.", "Remove “of”, or make the type \"list\".");
    }
    let label = object.get("label").and_then(|label| label.text(&Text::OPTIONAL_NAME)).unwrap_or_default();
    let description = object.get("description").and_then(|text| text.text(&Text::DESCRIPTION)).unwrap_or_default();
    let parameter = Parameter {
        name: name?,
        kind: kind.unwrap_or(Kind::String),
        of: if kind == Some(Kind::List) { Some(of.unwrap_or(Kind::String)) } else { None },
        label,
        description,
        default: object.raw("default").cloned(),
    };
    if let Some(default) = parameter.default.as_ref().filter(|_| kind.is_some())
        && let Err(fault) = parameter.check(default)
    {
        object.fault("default", fault.what, "Correct the default.");
    }
    Some(parameter)
}

/// Parameters with their values.
#[derive(Default)]
pub(super) struct Filling {
    known: BTreeMap<String, Filled>,
    unread: BTreeSet<String>,
    nameless: bool,
    used: RefCell<BTreeSet<String>>,
}

/// A parameter's value.
pub(super) struct Filled {
    pub(super) kind: Kind,
    pub(super) of: Option<Kind>,
    pub(super) value: Value,
    at: String,
}

/// What a name stands for.
pub(super) enum Lookup<'a> {
    Found(&'a Filled),
    /// Its fault was named where it is declared.
    Unread,
    Unknown,
}

impl Filling {
    /// Values for what was declared; each that is missing or wrong is named once, where it is declared.
    pub(super) fn of(found: Declarations, values: &Parameters, context: &Context<'_>) -> Self {
        let Declarations { parameters, unread, nameless } = found;
        let mut filling = Self { unread, nameless, ..Self::default() };
        for name in values.keys() {
            let declared = parameters.iter().any(|(_, parameter)| parameter.name == *name);
            if !declared && !nameless && !filling.unread.contains(name) {
                context.fault(
                    "/parameters",
                    format!("A value is set for {}, but there is no such parameter.", quoted(name)),
                    "Remove the value, or declare the parameter.",
                );
            }
        }
        for (at, parameter) in parameters {
            match values.get(&parameter.name).or(parameter.default.as_ref()) {
                None => {
                    let what = format!("The parameter {} has no value.", quoted(&parameter.name));
                    context.fault(at, what, "Set it, or give it a “default”.");
                    filling.unread.insert(parameter.name);
                }
                Some(value) => match parameter.check(value) {
                    Err(fault) => {
                        context.fault(at, fault.what, fault.mend);
                        filling.unread.insert(parameter.name);
                    }
                    Ok(()) => {
                        let value = value.clone();
                        filling
                            .known
                            .insert(parameter.name, Filled { kind: parameter.kind, of: parameter.of, value, at });
                    }
                },
            }
        }
        filling
    }

    pub(super) fn look_up(&self, name: &str) -> Lookup<'_> {
        match self.known.get(name) {
            Some(filled) => {
                self.used.borrow_mut().insert(name.to_owned());
                Lookup::Found(filled)
            }
            None if self.nameless || self.unread.contains(name) => Lookup::Unread,
            None => Lookup::Unknown,
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// A warning for each parameter nothing refers to.
    pub(super) fn unused(&self) -> Vec<Fault> {
        let used = self.used.borrow();
        let unused = self.known.iter().filter(|(name, _)| !used.contains(*name));
        unused
            .map(|(name, filled)| {
                let what = format!("Nothing refers to the parameter {}.", quoted(name));
                Fault::new(
                    filled.at.clone(),
                    what,
                    format!("Write \"${{{name}}}\" where its value belongs, or remove it."),
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_space_says_more_than_the_site() {
        let site = Parameters::from([("a".to_owned(), json!(1)), ("b".to_owned(), json!(2))]);
        let space = Parameters::from([("b".to_owned(), json!(3))]);
        assert_eq!(merged(&site, &space), Parameters::from([("a".to_owned(), json!(1)), ("b".to_owned(), json!(3))]));
    }

    #[test]
    fn what_is_declared_can_be_shown_though_the_rest_is_broken() {
        let document = json!({
            "states": 5,
            "parameters": [{ "name": "owners", "type": "list", "of": "user", "label": "Policy owners", "default": ["u-1"] }]
        });
        let declared = declared(&document).unwrap();
        assert_eq!(serde_json::to_value(&declared).unwrap(), document["parameters"]);
        assert!(declared[0].check(&json!(["u-2", "u-3"])).is_ok());
        assert_eq!(
            declared[0].check(&json!(["u 2"])).unwrap_err().to_string(),
            "the document: The parameter “owners” must be a list of at most 100 items, each a user (an account id). Correct its value."
        );
    }
}
