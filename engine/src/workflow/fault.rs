//! What is wrong with a definition.

use serde::{Deserialize, Serialize};

/// The most faults one answer lists; a last one says how many more there are.
const MOST: usize = 500;

/// Members in the order the format is documented in. A JSON object has no order of its own.
const ORDER: [&str; 71] = [
    "$schema",
    "format",
    "id",
    "name",
    "type",
    "of",
    "label",
    "colour",
    "description",
    "default",
    "parameters",
    "initial",
    "final",
    "expiry",
    "reviewers",
    "users",
    "groups",
    "roles",
    "assigned",
    "at_least",
    "from",
    "mode",
    "minimum",
    "minimum_rejections",
    "exclude",
    "after",
    "on_date",
    "due",
    "remind",
    "change_decision",
    "delegate",
    "reassign",
    "meaning",
    "other_meanings",
    "meaning_of_rejection",
    "comment_on_reject",
    "step_up",
    "demand",
    "factors",
    "fresh",
    "is",
    "minutes",
    "meanings",
    "part_11",
    "approvals",
    "transitions",
    "submit",
    "approved",
    "rejected",
    "updated",
    "expired",
    "select",
    "to",
    "who",
    "comment",
    "states",
    "triggers",
    "event",
    "conditions",
    "state",
    "approval",
    "no-label",
    "actions",
    "action",
    "kind",
    "operation",
    "space",
    "title",
    "subject",
    "text",
    "url",
];

/// One fault: where, what, and the mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) into the document.
    pub at: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

impl Fault {
    /// A fault at a JSON Pointer.
    pub fn new(at: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { at: at.into(), what: what.into(), mend: mend.into() }
    }
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let at = if self.at.is_empty() { "the document" } else { self.at.as_str() };
        write!(f, "{at}: {} {}", self.what, self.mend)
    }
}

/// In the document's order, each once, not too many.
pub(super) fn in_order(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_cached_key(|fault| fault.at.split('/').map(place).collect::<Vec<_>>());
    let mut listed: Vec<Fault> = Vec::new();
    for fault in faults {
        let same_place = listed.iter().rev().take_while(|before| before.at == fault.at);
        if !same_place.into_iter().any(|before| *before == fault) {
            listed.push(fault);
        }
    }
    if let Some(more) = listed.len().checked_sub(MOST).filter(|more| *more > 0) {
        listed.truncate(MOST);
        listed.push(Fault::new("", format!("There are {more} more faults."), "Mend these first and check again."));
    }
    listed
}

/// An item by its index, a member by its place in the format, anything else by its name.
fn place(segment: &str) -> (usize, String) {
    match segment.parse::<usize>() {
        Ok(index) => (index, String::new()),
        Err(_) => (ORDER.iter().position(|known| *known == segment).unwrap_or(ORDER.len()), segment.to_owned()),
    }
}

/// A JSON Pointer's member.
pub(super) fn member_of(at: &str, member: &str) -> String {
    format!("{at}/{}", member.replace('~', "~0").replace('/', "~1"))
}

/// Somebody's text within a message: short, on one line.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let shown: String =
        text.chars().take(LONGEST).map(|c| if super::read::text::is_unfit(c) { '\u{fffd}' } else { c }).collect();
    let rest = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("“{shown}{rest}”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_the_order_of_the_document_and_once() {
        let at = |at: &str| Fault::new(at, "", "");
        let sorted = in_order(vec![
            at("/triggers/0"),
            at("/states/10/id"),
            at("/states/2/transitions/submit"),
            at("/states/2/zebra"),
            at("/states/2/name"),
            at("/states/2"),
            at("/name"),
            at("/states/2/name"),
        ]);
        let places: Vec<&str> = sorted.iter().map(|fault| fault.at.as_str()).collect();
        assert_eq!(
            places,
            [
                "/name",
                "/states/2",
                "/states/2/name",
                "/states/2/transitions/submit",
                "/states/2/zebra",
                "/states/10/id",
                "/triggers/0"
            ]
        );
    }

    #[test]
    fn an_answer_stays_readable() {
        let many = (0..700).map(|index| Fault::new(format!("/states/{index}"), "", "")).collect();
        let listed = in_order(many);
        assert_eq!(listed.len(), 501);
        assert_eq!(listed[500].what, "There are 200 more faults.");
        assert_eq!(quoted("a\u{202e}b\nc"), "“a\u{fffd}b\u{fffd}c”");
        assert_eq!(quoted(&"x".repeat(61)), format!("“{}…”", "x".repeat(60)));
    }
}
