//! Ids from names.

use std::collections::BTreeSet;

/// The longest id made from a name.
const LONGEST: usize = 48;

/// Ids already given.
#[derive(Default)]
pub(super) struct Ids(BTreeSet<String>);

impl Ids {
    /// An id like the name, never given before: `In Review` becomes `in-review`, a second one `in-review-2`.
    pub(super) fn give(&mut self, name: &str, joint: char, otherwise: &str) -> String {
        let plain = slug(name, joint, otherwise);
        let mut id = plain.clone();
        let mut number = 2_u32;
        while !self.0.insert(id.clone()) {
            id = format!("{plain}{joint}{number}");
            number += 1;
        }
        id
    }
}

/// Small Latin letters, digits and single joints; begins with a letter.
pub(super) fn slug(name: &str, joint: char, otherwise: &str) -> String {
    let mut id = String::new();
    for sign in name.chars() {
        if id.len() >= LONGEST {
            break;
        }
        if sign.is_ascii_alphanumeric() {
            id.push(sign.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with(joint) {
            id.push(joint);
        }
    }
    let id = id.trim_end_matches(joint);
    match id.chars().next() {
        None => otherwise.to_owned(),
        Some(first) if first.is_ascii_alphabetic() => id.to_owned(),
        Some(_) => format!("{otherwise}{joint}{id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_and_unique() {
        let mut ids = Ids::default();
        assert_eq!(ids.give("In Review!", '-', "state"), "in-review");
        assert_eq!(ids.give("in  review", '-', "state"), "in-review-2");
        assert_eq!(ids.give("审查", '-', "state"), "state");
        assert_eq!(ids.give("2nd look", '-', "state"), "state-2nd-look");
        assert_eq!(ids.give("Document Manager", '-', "parameter"), "document-manager");
        assert!(ids.give(&"long ".repeat(100), '-', "state").len() <= LONGEST);
    }
}
