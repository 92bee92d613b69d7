//! Who is meant: accounts, groups, roles, parameters, as Comala writes them.

use super::context::{Context, Kind};
use super::members::{Members, NOT_CARRIED, Taken, fold};
use super::values;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// People as the document names them.
#[derive(Clone, Default)]
pub(super) struct Who {
    pub(super) users: BTreeSet<String>,
    pub(super) groups: BTreeSet<String>,
    pub(super) roles: BTreeSet<&'static str>,
    /// Whether everybody named must act (`&`), not one of them.
    pub(super) everybody: bool,
}

impl Who {
    pub(super) fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.roles.is_empty()
    }

    pub(super) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        if !self.users.is_empty() {
            members.insert("users".to_owned(), json!(self.users));
        }
        if !self.groups.is_empty() {
            members.insert("groups".to_owned(), json!(self.groups));
        }
        if !self.roles.is_empty() {
            members.insert("roles".to_owned(), json!(self.roles));
        }
        members
    }

    /// The same as a value.
    pub(super) fn value(&self) -> Value {
        Value::Object(self.members())
    }
}

/// What a bare text means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    User,
    Group,
    /// An e-mail address, or something nobody knows.
    Address,
}

/// Adds whoever is named: a text, texts joined by commas, an object, or a list of these.
pub(super) fn add(taken: &Taken, bare: Bare, who: &mut Who, context: &mut Context) {
    for item in taken.items() {
        match item.value {
            Value::String(text) => {
                for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                    one(&item.at, part, bare, who, context);
                }
            }
            Value::Object(_) => {
                if let Some(members) = Members::of(&item) {
                    object(members, who, context);
                }
            }
            Value::Null => {}
            _ => context.note(&item.at, "This names nobody.", NOT_CARRIED),
        }
    }
}

fn object(mut members: Members<'_>, who: &mut Who, context: &mut Context) {
    const USER: [&str; 5] = ["user", "users", "userid", "accountid", "account"];
    const GROUP: [&str; 4] = ["group", "groups", "groupid", "groupname"];
    while let Some(taken) = members.take(&USER) {
        add(&taken, Bare::User, who, context);
    }
    while let Some(taken) = members.take(&GROUP) {
        add(&taken, Bare::Group, who, context);
    }
    members.finish(&mut context.report);
}

fn one(at: &str, text: &str, bare: Bare, who: &mut Who, context: &mut Context) {
    let all = text.starts_with('&');
    let text = text.trim_start_matches('&').trim();
    who.everybody |= all;
    if let Some(name) = Context::reference(text) {
        reference(at, name, who, context);
        return;
    }
    match bare {
        _ if text.contains('@') => {
            context.note(
                at,
                format!("\u{201c}{text}\u{201d} is an e-mail address."),
                "It is not carried over: people are named by account.",
            );
        }
        Bare::User if values::is_account(text) => {
            who.users.insert(text.to_owned());
        }
        Bare::Group if values::is_group(text) => {
            who.groups.insert(text.to_owned());
        }
        Bare::User => {
            let name = context.stand_in(at, Kind::User, text);
            who.users.insert(format!("${{{name}}}"));
        }
        Bare::Group => {
            let name = context.stand_in(at, Kind::Group, text);
            who.groups.insert(format!("${{{name}}}"));
        }
        Bare::Address => context.note(at, format!("It is not known who \u{201c}{text}\u{201d} is."), NOT_CARRIED),
    }
}

fn reference(at: &str, name: &str, who: &mut Who, context: &mut Context) {
    if let Some(parameter) = context.parameter(name) {
        let value = format!("${{{}}}", parameter.name);
        match parameter.kind {
            Kind::User => {
                who.users.insert(value);
            }
            Kind::Group => {
                who.groups.insert(value);
            }
            kind => {
                let what = format!("The parameter \u{201c}{name}\u{201d} is a {}, not a user or a group.", kind.word());
                context.note(at, what, NOT_CARRIED);
            }
        }
        return;
    }
    match fold(name).as_str() {
        "creator" | "author" | "pagecreator" | "contentcreator" => {
            who.roles.insert("creator");
        }
        "lastupdatedby" | "lasteditor" | "lastmodifier" | "modifier" => {
            who.roles.insert("last-editor");
        }
        "watchers" | "approvers" | "assignee" | "assignees" | "reviewers" | "lastexpirator" => {
            let what = format!("\u{201c}@{name}\u{201d} has no counterpart among the people a workflow can name.");
            context.note(at, what, NOT_CARRIED);
        }
        _ => context.note(at, format!("There is no parameter \u{201c}{name}\u{201d}."), NOT_CARRIED),
    }
}
