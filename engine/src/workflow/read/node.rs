//! One value of the document.

use super::Context;
use super::insert::Said;
use super::object::Object;
use super::text::{self, Text};
use super::words::Word;
use crate::calendar::Span;
use crate::ids::{AccountId, GroupId};
use crate::workflow::fault::quoted;
use crate::workflow::nearest::nearest;
use crate::workflow::parameter::Kind;
use serde_json::{Map, Value};

/// One value, references followed, with its place.
pub(in crate::workflow) struct Node<'a> {
    context: &'a Context<'a>,
    content: Content<'a>,
    at: String,
    index: usize,
    from: Option<Source<'a>>,
}

#[derive(Clone)]
enum Content<'a> {
    Value(&'a Value),
    Inserted(String),
}

/// The parameter a value comes from.
#[derive(Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    kind: Kind,
    of: Option<Kind>,
}

/// How long a duration may be.
pub(super) enum Bounds {
    /// In days.
    Days(u32, u32),
    /// From an hour to so many days.
    HourToDays(u32),
}

impl<'a> Context<'a> {
    /// A value of the document; [`None`] if it refers to nothing, which is noted.
    pub(in crate::workflow) fn node(&'a self, value: &'a Value, at: String) -> Option<Node<'a>> {
        let plain = |content, from| Some(content).zip(Some(from));
        let said = match value {
            Value::String(text) => self.said(text, &at),
            _ => Said::Plain,
        };
        let (content, from) = match said {
            Said::Plain => plain(Content::Value(value), None),
            Said::Text(text) => plain(Content::Inserted(text), None),
            Said::Parameter(name, filled) => {
                plain(Content::Value(&filled.value), Some(Source { name, kind: filled.kind, of: filled.of }))
            }
            Said::Broken => None,
        }?;
        Some(Node { context: self, content, at, index: 0, from })
    }
}

impl<'a> Node<'a> {
    pub(in crate::workflow) fn at(&self) -> &str {
        &self.at
    }

    pub(super) fn context(&self) -> &'a Context<'a> {
        self.context
    }

    /// Its place in its list.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    pub(super) fn is_from_parameter(&self) -> bool {
        self.from.is_some()
    }

    pub(super) fn fault(&self, what: impl Into<String>, mend: impl Into<String>) {
        self.context.fault(self.at.clone(), what, mend);
    }

    fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Value(value) => value.as_str(),
            Content::Inserted(text) => Some(text),
        }
    }

    pub(super) fn is_text(&self) -> bool {
        self.as_str().is_some()
    }

    /// Whether it is exactly this text.
    pub(super) fn says(&self, text: &str) -> bool {
        self.as_str() == Some(text)
    }

    pub(super) fn is_list_of_nothing(&self) -> bool {
        matches!(&self.content, Content::Value(Value::Array(items)) if items.is_empty())
    }

    pub(in crate::workflow) fn is_list(&self) -> bool {
        matches!(&self.content, Content::Value(Value::Array(_)))
    }

    /// It is of another type than `expected`.
    pub(super) fn wrong_type(&self, expected: &str) {
        let found = match &self.content {
            Content::Value(Value::Null) => "null",
            Content::Value(Value::Bool(_)) => "true or false",
            Content::Value(Value::Number(number)) if number.is_f64() => "a number with a fraction",
            Content::Value(Value::Number(_)) => "a number",
            Content::Value(Value::String(_)) | Content::Inserted(_) => "a text",
            Content::Value(Value::Array(_)) => "a list",
            Content::Value(Value::Object(_)) => "an object",
        };
        let what = match self.from {
            None => format!("This must be {expected}, not {found}."),
            Some(source) => format!("This must be {expected}, but the parameter {} is {found}.", quoted(source.name)),
        };
        self.fault(what, format!("Write {expected}."));
    }

    /// The members of an object, which are all known.
    pub(in crate::workflow) fn object(&self, thing: &'static str, known: &[&'static str]) -> Option<Object<'a>> {
        match self.members() {
            Some(members) => Some(Object::new(self.context, members, self.at.clone(), thing, known)),
            None => {
                self.wrong_type("an object");
                None
            }
        }
    }

    pub(super) fn members(&self) -> Option<&'a Map<String, Value>> {
        match &self.content {
            Content::Value(Value::Object(members)) => Some(members),
            _ => None,
        }
    }

    /// The items of a list. A reference to a list stands for its items.
    pub(in crate::workflow) fn items(&self, things: &str, most: usize) -> Vec<Node<'a>> {
        let Content::Value(Value::Array(values)) = &self.content else {
            self.wrong_type("a list");
            return Vec::new();
        };
        let values: &'a [Value] = values;
        let mut items = Vec::new();
        let item_of =
            |source: Source<'a>| Source { name: source.name, kind: source.of.unwrap_or(source.kind), of: None };
        for (index, value) in values.iter().enumerate() {
            // An item of a parameter's value is what it is, and no place of its own in the document.
            if let Some(source) = self.from {
                let (context, at) = (self.context, self.at.clone());
                items.push(Node { context, content: Content::Value(value), at, index, from: Some(item_of(source)) });
                continue;
            }
            let Some(mut node) = self.context.node(value, format!("{}/{index}", self.at)) else { continue };
            node.index = index;
            match (node.from, &node.content) {
                (Some(source), Content::Value(Value::Array(spliced))) => {
                    let spliced: &'a [Value] = spliced;
                    items.extend(spliced.iter().map(|value| Node {
                        context: self.context,
                        content: Content::Value(value),
                        at: node.at.clone(),
                        index,
                        from: Some(item_of(source)),
                    }));
                }
                _ => items.push(node),
            }
        }
        if items.len() > most {
            self.fault(format!("There are {} {things} here.", items.len()), format!("Keep at most {most}."));
            items.truncate(most);
        }
        items
    }

    /// A text, if a parameter it comes from is of a fitting kind.
    fn text_from(&self, expected: &str, fitting: &[Kind]) -> Option<String> {
        if let Some(Source { name, kind, .. }) = self.from
            && !fitting.contains(&kind)
        {
            let what = format!("This must be {expected}, but the parameter {} is {}.", quoted(name), kind.phrase());
            self.fault(what, "Use another parameter, or change its type.");
            return None;
        }
        match &self.content {
            Content::Inserted(text) | Content::Value(Value::String(text)) => Some(text.clone()),
            Content::Value(Value::Number(number)) if self.from.is_some() => Some(number.to_string()),
            Content::Value(_) => {
                self.wrong_type(expected);
                None
            }
        }
    }

    /// A text for people.
    pub(in crate::workflow) fn text(&self, kind: &Text) -> Option<String> {
        let found = self.text_from("a text", &[Kind::String, Kind::Number, Kind::User, Kind::Duration])?;
        match text::fault_of(&found, kind) {
            None => Some(found),
            Some((what, mend)) => {
                self.fault(what, mend);
                None
            }
        }
    }

    /// An id given here. One of the wrong form is noted and still returned, so that what refers to it finds it.
    pub(in crate::workflow) fn id(&self) -> Option<String> {
        let found = self.reference()?;
        if !text::is_id(&found) {
            self.fault(
                format!("{} is not an id.", quoted(&found)),
                "Use 1 to 64 lower-case letters, digits and hyphens, such as \"in-review\".",
            );
        }
        Some(found)
    }

    /// An id given elsewhere.
    pub(super) fn reference(&self) -> Option<String> {
        self.text_from("an id", &[Kind::String])
    }

    pub(super) fn account(&self) -> Option<AccountId> {
        let found = self.text_from("a user", &[Kind::User, Kind::String])?;
        if text::is_account(&found) {
            return Some(AccountId::new(found));
        }
        let mend = "Write an account id, such as \"712020:1f0c…\". It is no name and no e-mail address.";
        self.fault(format!("{} is not an account id.", quoted(&found)), mend);
        None
    }

    pub(super) fn group(&self) -> Option<GroupId> {
        let found = self.text_from("a group", &[Kind::Group, Kind::String])?;
        if text::is_group(&found) {
            return Some(GroupId::new(found));
        }
        self.fault(format!("{} is not a group's id.", quoted(&found)), "Write a group's id of 1 to 128 characters.");
        None
    }

    pub(super) fn number(&self, least: u32, most: u32) -> Option<u32> {
        let Content::Value(Value::Number(number)) = &self.content else {
            self.wrong_type(&if least == most { format!("the number {most}") } else { "a whole number".to_owned() });
            return None;
        };
        let found = number.as_u64().and_then(|number| u32::try_from(number).ok());
        if let Some(found) = found.filter(|found| (least..=most).contains(found)) {
            return Some(found);
        }
        if number.is_f64() {
            self.wrong_type("a whole number");
        } else if least == most {
            self.fault(format!("This is {number}."), format!("Write {most}."));
        } else {
            self.fault(format!("This number is {number}."), format!("Write a number from {least} to {most}."));
        }
        None
    }

    pub(super) fn flag(&self) -> Option<bool> {
        let Content::Value(Value::Bool(flag)) = &self.content else {
            self.wrong_type("true or false");
            return None;
        };
        Some(*flag)
    }

    pub(in crate::workflow) fn word<T: Clone>(&self, thing: &str, known: &[Word<T>]) -> Option<T> {
        self.word_or(thing, known, "")
    }

    /// A word, where something else could stand as well.
    pub(super) fn word_or<T: Clone>(&self, thing: &str, known: &[Word<T>], or: &str) -> Option<T> {
        let found = self.text_from("a text", &[Kind::String])?;
        if let Some((_, meant)) = known.iter().find(|(word, _)| *word == found) {
            return Some(meant.clone());
        }
        let listed: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let near = nearest(&found, listed.iter().copied()).map(|near| format!("Did you mean \"{near}\"? "));
        self.fault(
            format!("There is no {thing} {}.", quoted(&found)),
            format!("{}Use one of: {}{or}.", near.unwrap_or_default(), listed.join(", ")),
        );
        None
    }

    pub(super) fn span(&self, bounds: &Bounds) -> Option<Span> {
        let found = self.text_from("a duration", &[Kind::Duration, Kind::String])?;
        let span: Span = match found.parse() {
            Ok(span) => span,
            Err(fault) => {
                self.fault(format!("{} is not a duration.", quoted(&found)), fault.to_string());
                return None;
            }
        };
        let (long_enough, short_enough, mend) = match bounds {
            Bounds::Days(least, most) => (
                span.is_at_least_days(*least),
                span.is_at_most_days(*most),
                "Write one from 1 day (P1D) to 2 years (P2Y).",
            ),
            Bounds::HourToDays(most) => (
                span.shortest().as_secs() >= 3600,
                span.is_at_most_days(*most),
                "Write one from 1 hour (PT1H) to 1 year (P1Y).",
            ),
        };
        if long_enough && short_enough {
            return Some(span);
        }
        let what = if long_enough { "too long" } else { "too short" };
        self.fault(format!("The duration {span} is {what}."), mend);
        None
    }
}
