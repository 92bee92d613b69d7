//! What a trigger does.

use super::node::Node;
use super::object::Object;
use super::text::Text;
use super::{people, state, words};
use crate::ids::{ApprovalId, StateId};
use crate::workflow::people::People;
use crate::workflow::trigger::{Action, Operation};

pub(super) fn action(node: &Node<'_>) -> Option<Action> {
    let Some(members) = node.members() else {
        node.wrong_type("an object");
        return None;
    };
    if !members.contains_key("action") {
        let words = words::ACTIONS.map(|(word, _)| word).join(", ");
        let at = super::below(node.at(), "action");
        node.context().fault(at, "An action needs “action”.", format!("It says what is done. Use one of: {words}."));
        return None;
    }
    let word = node.context().node(members.get("action")?, super::below(node.at(), "action"))?;
    let numbered: Vec<(&'static str, (&'static str, &'static [&'static str]))> =
        words::ACTIONS.iter().map(|(word, members)| (*word, (*word, *members))).collect();
    let (name, members) = word.word("action", &numbered)?;
    let known: Vec<&'static str> = ["action"].into_iter().chain(members.iter().copied()).collect();
    let object = node.object("This action", &known)?;
    read(name, &object)
}

/// A text or list of people that could not be read is noted and left empty, so that the rest is still looked at.
fn read(name: &str, object: &Object<'_>) -> Option<Action> {
    Some(match name {
        "change-state" => {
            Action::ChangeState { to: StateId::new(object.need("to", "It is a state's id.")?.reference()?) }
        }
        "assign" => {
            let (approval, who) = (approval(object), who(object, "who"));
            Action::Assign { approval: approval?, who }
        }
        "unassign" => {
            let (approval, who) = (approval(object), who(object, "who"));
            Action::Unassign { approval: approval?, who }
        }
        "set-expiration" => {
            Action::SetExpiration { after: object.need("after", "It is a duration from now.")?.span(&state::EXPIRY)? }
        }
        "clear-expiration" => Action::ClearExpiration {},
        "set-message" => {
            let kind = object
                .need("kind", "It says how the message looks: info, warning or error.")
                .and_then(|kind| kind.word("kind of message", &words::MESSAGE_KINDS));
            let text = text(object, "text", &Text::MESSAGE);
            Action::SetMessage { kind: kind?, text }
        }
        "clear-messages" => Action::ClearMessages {},
        "send-email" => Action::SendEmail {
            to: who(object, "to"),
            subject: text(object, "subject", &Text::SUBJECT),
            text: text(object, "text", &Text::LETTER),
        },
        "add-restrictions" => {
            let (operation, who) = (operation(object), who(object, "who"));
            Action::AddRestrictions { operation: operation?, who }
        }
        "remove-restrictions" => Action::RemoveRestrictions { operation: operation(object)? },
        "publish-page" => Action::PublishPage { space: text(object, "space", &Text::KEY) },
        "copy-page" => Action::CopyPage {
            space: text(object, "space", &Text::KEY),
            title: object.get("title").and_then(|title| title.text(&Text::TITLE)).unwrap_or_default(),
        },
        "add-label" => Action::AddLabel { label: text(object, "label", &Text::KEY) },
        "remove-label" => Action::RemoveLabel { label: text(object, "label", &Text::KEY) },
        "add-comment" => Action::AddComment { text: text(object, "text", &Text::LETTER) },
        "webhook" => Action::Webhook { url: url(object).unwrap_or_default() },
        _ => return None,
    })
}

fn text(object: &Object<'_>, member: &str, kind: &Text) -> String {
    object.need(member, "It is a text.").and_then(|node| node.text(kind)).unwrap_or_default()
}

fn operation(object: &Object<'_>) -> Option<Operation> {
    let node = object.need("operation", "It says what people are kept from: read or update.")?;
    node.word("operation", &words::OPERATIONS)
}

fn approval(object: &Object<'_>) -> Option<ApprovalId> {
    Some(ApprovalId::new(object.need("approval", "It is an approval's id.")?.reference()?))
}

fn who(object: &Object<'_>, member: &str) -> People {
    object.need(member, "It names users, groups or roles.").and_then(|node| people::people(&node)).unwrap_or_default()
}

/// Plain HTTP would show what happens on a page to whoever is on the way.
fn url(object: &Object<'_>) -> Option<String> {
    let node = object.need("url", "It is the address to call.")?;
    let url = node.text(&Text::ADDRESS)?;
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    if host.is_some_and(|host| !host.is_empty() && !host.contains('@')) {
        return Some(url);
    }
    node.fault("A webhook is called by https only.", "Write an address that begins with https:// and a host's name.");
    None
}
