//! What all parts of an import need to know: states, parameters, the report.

use super::entry::Assigned;
use super::members::{Report, Taken};
use super::naming::Ids;
use super::values;
use serde_json::{Map, Value, json};

/// What a parameter holds, as far as the import makes any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    User,
    Group,
    Duration,
    /// Several texts.
    List,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::User => "user",
            Self::Group => "group",
            Self::Duration => "duration",
            Self::List => "list",
        }
    }
}

/// A parameter of the document.
pub(super) struct Parameter {
    /// Its name in the source, folded for comparing.
    key: String,
    /// Its name in the document.
    pub(super) name: String,
    pub(super) kind: Kind,
    members: Map<String, Value>,
}

/// An approval by its name.
pub(super) struct Signing {
    pub(super) name: String,
    pub(super) id: String,
}

/// A state by its name in the source.
pub(super) struct Named {
    key: String,
    /// Its name for people.
    pub(super) name: String,
    /// Its id in the document.
    pub(super) id: String,
    /// Whether it asks for approvals.
    pub(super) asks: bool,
    /// Whether the workflow ends there. A state that asks for approvals is none.
    pub(super) ends: bool,
    /// Its approvals.
    pub(super) approvals: Vec<Signing>,
    /// The state put before it, for whatever does not begin a review.
    pub(super) before: Option<String>,
}

impl Named {
    pub(super) fn new(name: String, id: String) -> Self {
        Self { key: key(&name), name, id, asks: false, ends: false, approvals: Vec::new(), before: None }
    }

    /// The id of the approval of this name.
    pub(super) fn approval(&self, name: &str) -> Option<&str> {
        let sought = key(name);
        self.approvals.iter().find(|approval| key(&approval.name) == sought).map(|approval| approval.id.as_str())
    }
}

/// What all parts need to know.
#[derive(Default)]
pub(super) struct Context {
    pub(super) report: Report,
    pub(super) states: Vec<Named>,
    /// The id of the state pages start in.
    pub(super) initial: String,
    /// The name of the state put before a review that pages started in.
    pub(super) put_before: String,
    /// Approvals whose reviewers the submitter names.
    pub(super) assigned: Vec<Assigned>,
    parameters: Vec<Parameter>,
    names: Ids,
}

impl Context {
    pub(super) fn note(&mut self, at: &str, what: impl Into<String>, became: impl Into<String>) {
        self.report.note(at, what, became);
    }

    /// The place of a state by its name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let key = key(name);
        self.states.iter().position(|state| state.key == key)
    }

    pub(super) fn state(&self, name: &str) -> Option<&Named> {
        self.states.get(self.place(name)?)
    }

    /// The name of the state of this id.
    pub(super) fn state_name(&self, id: &str) -> String {
        let known = self.states.iter().find(|state| state.id == id).map(|state| state.name.clone());
        known.unwrap_or_else(|| self.put_before.clone())
    }

    /// The parameter of this name in the source.
    pub(super) fn parameter(&self, name: &str) -> Option<&Parameter> {
        let key = key(name);
        self.parameters.iter().find(|parameter| parameter.key == key)
    }

    /// Adds a parameter and says what it is called in the document.
    pub(super) fn declare(
        &mut self,
        source: &str,
        kind: Kind,
        label: &str,
        description: &str,
        default: Option<Value>,
    ) -> String {
        let name = self.names.give(source, '-', "parameter");
        let mut members = Map::new();
        members.insert("name".to_owned(), json!(name));
        members.insert("type".to_owned(), json!(kind.word()));
        for (member, text) in [("label", label), ("description", description)] {
            if !text.is_empty() {
                members.insert(member.to_owned(), json!(text));
            }
        }
        if let Some(default) = default {
            members.insert("default".to_owned(), default);
        }
        self.parameters.push(Parameter { key: key(source), name: name.clone(), kind, members });
        name
    }

    /// A parameter for a name that is no id, the same one each time.
    pub(super) fn stand_in(&mut self, at: &str, kind: Kind, name: &str) -> String {
        let source = format!("{} {name}", kind.word());
        let known = self.parameter(&source).filter(|parameter| parameter.kind == kind).map(|known| known.name.clone());
        let known = known.unwrap_or_else(|| {
            let label = values::one_line(&values::shortened(name, 80));
            let description = format!("Called \u{201c}{label}\u{201d} in the workflow this was imported from.");
            self.declare(&source, kind, &label, &description, None)
        });
        let (what, became) = match kind {
            Kind::User => ("a user name", "choose the person"),
            _ => ("a group\u{2019}s name", "choose the group"),
        };
        self.note(
            at,
            format!("\u{201c}{name}\u{201d} is {what}, not an id."),
            format!("It became the parameter \u{201c}{known}\u{201d}: {became} there."),
        );
        known
    }

    /// The declarations, as they stand in the document.
    pub(super) fn declarations(&self) -> Vec<Value> {
        self.parameters.iter().map(|parameter| Value::Object(parameter.members.clone())).collect()
    }

    /// A name that no state has yet.
    pub(super) fn free_state_name(&self, name: &str) -> String {
        let mut free = name.to_owned();
        let mut number = 2_u32;
        while self.place(&free).is_some() {
            free = format!("{name} ({number})");
            number += 1;
        }
        free
    }

    /// What a reference such as `@owners@` or `${owners}` names, if the value is one.
    pub(super) fn reference(text: &str) -> Option<&str> {
        let text = text.trim().trim_start_matches('&').trim();
        if let Some(name) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            return Some(name.trim());
        }
        let name = text.strip_prefix('@')?;
        Some(name.strip_suffix('@').unwrap_or(name).trim())
    }

    /// A value of one type, or what it stands for: `@name@` becomes `${name}` where the parameter is of this kind.
    pub(super) fn referred(&self, taken: &Taken, kind: Kind) -> Option<String> {
        let name = Self::reference(taken.value.as_str()?)?;
        let parameter = self.parameter(name).filter(|parameter| parameter.kind == kind)?;
        Some(format!("${{{}}}", parameter.name))
    }

    /// A text for people: references to parameters as ours, everything else as it stands. A
    /// group or a list can't be part of a text.
    pub(super) fn prose(&self, text: &str) -> String {
        let mut result = text.replace("${", "$${");
        for parameter in self.parameters.iter().filter(|parameter| !matches!(parameter.kind, Kind::Group | Kind::List))
        {
            let Some(source) = parameter.members.get("label").and_then(Value::as_str) else { continue };
            result = result.replace(&format!("@{source}@"), &format!("${{{}}}", parameter.name));
            result = result.replace(&format!("$${{{source}}}"), &format!("${{{}}}", parameter.name));
        }
        result
    }
}

/// How names are compared: without capitals, and blanks as one.
pub(super) fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
