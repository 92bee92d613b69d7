//! Who may do something, or is asked.

use super::node::Node;
use super::object::Object;
use super::{set, words};
use crate::ids::{AccountId, GroupId};
use crate::workflow::approval::{Assigned, Reviewers};
use crate::workflow::people::{People, Role};
use std::collections::BTreeSet;

/// The most users, groups or approvals in a list.
pub(super) const LISTED_MAX: usize = 100;
/// The most people one approval can be asked to need.
pub(super) const NEEDED_MAX: u32 = 100;

pub(super) fn people(node: &Node<'_>) -> Option<People> {
    let object = node.object("A list of people", &["users", "groups", "roles"])?;
    Some(People { users: users(&object), groups: groups(&object, "groups"), roles: roles(&object) })
}

pub(super) fn reviewers(node: &Node<'_>) -> Option<Reviewers> {
    let object = node.object("“reviewers”", &["users", "groups", "roles", "assigned"])?;
    Some(Reviewers {
        users: users(&object),
        groups: groups(&object, "groups"),
        roles: roles(&object),
        assigned: object.get("assigned").and_then(|node| assigned(&node)),
    })
}

fn assigned(node: &Node<'_>) -> Option<Assigned> {
    let object = node.object("“assigned”", &["at_least", "from"])?;
    let at_least = object.get("at_least").and_then(|number| number.number(1, NEEDED_MAX)).unwrap_or(1);
    Some(Assigned { at_least, from: groups(&object, "from") })
}

fn users(object: &Object<'_>) -> BTreeSet<AccountId> {
    object.get("users").map(|list| set(&list, "users", LISTED_MAX, Node::account)).unwrap_or_default()
}

fn groups(object: &Object<'_>, member: &str) -> BTreeSet<GroupId> {
    object.get(member).map(|list| set(&list, "groups", LISTED_MAX, Node::group)).unwrap_or_default()
}

fn roles(object: &Object<'_>) -> BTreeSet<Role> {
    let read = |node: &Node<'_>| node.word("role", &words::ROLES);
    object.get("roles").map(|list| set(&list, "roles", words::ROLES.len(), read)).unwrap_or_default()
}
