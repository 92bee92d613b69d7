//! Approvals.

use super::node::{Bounds, Node};
use super::object::Object;
use super::people::{self, LISTED_MAX, NEEDED_MAX};
use super::text::Text;
use super::{collect, demand, set, words};
use crate::calendar::Span;
use crate::ids::ApprovalId;
use crate::workflow::approval::{Approval, Mode};
use crate::workflow::people::{People, Role};

/// A year, a leap year included.
const YEAR: u32 = 366;
/// The most reminders.
const REMINDERS_MAX: usize = 10;

const MEMBERS: [&str; 18] = [
    "id",
    "name",
    "description",
    "reviewers",
    "mode",
    "minimum_rejections",
    "exclude",
    "after",
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
];

pub(super) fn approval(node: &Node<'_>) -> Option<Approval> {
    let object = node.object("An approval", &MEMBERS)?;
    let id = object.need("id", "It tells the approval from others of the state.").and_then(|id| id.id());
    let name = object.need("name", "It is what people call the approval.").and_then(|name| name.text(&Text::NAME));
    let reviewers = object.need("reviewers", "It says who is asked.").and_then(|node| people::reviewers(&node));
    let meaning = |member, why| object.need(member, why).and_then(|text| text.text(&Text::MEANING)).unwrap_or_default();
    let due = object.get("due").and_then(|due| due.span(&Bounds::HourToDays(YEAR)));
    let exclusion = |node: &Node<'_>| node.word("exclusion", &words::EXCLUSIONS);
    let other = |node: &Node<'_>| node.reference().map(ApprovalId::new);
    Some(Approval {
        id: ApprovalId::new(id.unwrap_or_default()),
        name: name.unwrap_or_default(),
        description: object.get("description").and_then(|text| text.text(&Text::DESCRIPTION)).unwrap_or_default(),
        reviewers: reviewers.unwrap_or_default(),
        mode: object.get("mode").and_then(|node| mode(&node)).unwrap_or_default(),
        minimum_rejections: object
            .get("minimum_rejections")
            .and_then(|number| number.number(1, NEEDED_MAX))
            .unwrap_or(1),
        exclude: object
            .get("exclude")
            .map(|list| set(&list, "exclusions", words::EXCLUSIONS.len(), exclusion))
            .unwrap_or_default(),
        after: object.get("after").map(|list| set(&list, "approvals", LISTED_MAX, other)).unwrap_or_default(),
        remind: remind(&object, due.as_ref()),
        due,
        change_decision: object.flag("change_decision"),
        delegate: object.flag("delegate"),
        reassign: object
            .get("reassign")
            .and_then(|node| people::people(&node))
            .unwrap_or_else(|| People::of_role(Role::SpaceAdmin)),
        meaning: meaning("meaning", "It is what a reviewer states by approving."),
        other_meanings: object.get("other_meanings").map(|list| demand::meanings(&list)).unwrap_or_default(),
        meaning_of_rejection: meaning("meaning_of_rejection", "It is what a reviewer states by rejecting."),
        comment_on_reject: object.flag("comment_on_reject"),
        step_up: object.get("step_up").and_then(|node| demand::step_up(&node)).unwrap_or_default(),
    })
}

fn mode(node: &Node<'_>) -> Option<Mode> {
    if node.members().is_some() {
        let object = node.object("A mode", &["minimum"])?;
        let minimum = object.need("minimum", "It says how many must approve.")?;
        return minimum.number(1, NEEDED_MAX).map(Mode::Minimum);
    }
    if !node.is_text() {
        node.wrong_type("\"any\", \"all\", \"majority\" or { \"minimum\": a number }");
        return None;
    }
    node.word_or("mode", &words::MODES, " or { \"minimum\": a number }")
}

fn remind(object: &Object<'_>, due: Option<&Span>) -> Vec<Span> {
    let Some(list) = object.get("remind") else { return Vec::new() };
    let mut found: Vec<Span> = Vec::new();
    let reminders = collect(&list, "reminders", REMINDERS_MAX, |node| {
        let span = node.span(&Bounds::HourToDays(YEAR))?;
        if due.is_some_and(|due| span.longest() >= due.longest()) {
            node.fault(
                "This reminder would come before the reviewers are asked.",
                "Write a duration shorter than “due”.",
            );
            return None;
        }
        Some((span, node.at().to_owned()))
    });
    for (span, at) in reminders {
        if found.iter().any(|other| other.longest() == span.longest()) {
            list.context().fault(at, "This is in the list already.", "Remove one of the two.");
        } else {
            found.push(span);
        }
    }
    if !object.has("due") && !found.is_empty() {
        list.fault("A reminder comes before the due date, but there is none.", "Add “due”, or remove “remind”.");
    }
    found
}
