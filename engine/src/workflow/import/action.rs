//! What a trigger does.

use super::context::{Context, Kind};
use super::members::{Members, NOT_CARRIED, Taken, fold};
use super::people::{self, Bare, Who};
use super::{state, values};
use serde_json::{Value, json};

/// What becomes of an action: none, one, or several of ours. `place` is the state the trigger is about, if it names one.
pub(super) fn read(item: &Taken, place: Option<usize>, context: &mut Context) -> Vec<Value> {
    let Some(mut members) = Members::of(item) else {
        context.note(&item.at, "This is no action.", NOT_CARRIED);
        return Vec::new();
    };
    let word = members.take(&["action"]).as_ref().and_then(values::text).unwrap_or_default();
    let found = kept(&fold(&word), &mut members, place, context);
    match found {
        Some(actions) => {
            members.finish(&mut context.report);
            actions
        }
        None => {
            // One note stands for all of its members.
            context.note(&item.at, format!("The action \u{201c}{word}\u{201d} cannot be kept."), reason(&fold(&word)));
            Vec::new()
        }
    }
}

fn reason(word: &str) -> &'static str {
    match word {
        "approve" | "reject" => "It is not carried over: only a person approves or rejects.",
        "setmetadata" => "It is not carried over: Countersign keeps no values on pages.",
        "copypage" => "It is not carried over: pages are copied into a space, named by its key.",
        "cleanlabels" => "It is not carried over: name the labels to take away.",
        _ => NOT_CARRIED,
    }
}

fn kept(word: &str, members: &mut Members<'_>, place: Option<usize>, context: &mut Context) -> Option<Vec<Value>> {
    Some(match word {
        "changestate" | "setstate" => {
            let name = values::text(&members.take(&["state", "to"])?)?;
            vec![json!({ "action": "change-state", "to": context.state(&name)?.id })]
        }
        "assign" => vec![seat("assign", members, place, context)?],
        "unassign" => vec![seat("unassign", members, place, context)?],
        "setexpiration" | "setstateexpiry" => {
            let after =
                members.take(&["duedate", "after", "expiration"]).and_then(|taken| state::span(&taken, context))?;
            vec![json!({ "action": "set-expiration", "after": after })]
        }
        "clearexpiration" => vec![json!({ "action": "clear-expiration" })],
        "setmessage" => vec![message(members, context)?],
        "cleanmessages" | "clearmessages" => vec![json!({ "action": "clear-messages" })],
        "sendemail" => vec![mail(members, context)?],
        "addrestrictions" | "addrestriction" => {
            let (operation, who) = restriction(members, context)?;
            vec![json!({ "action": "add-restrictions", "operation": operation, "who": who? })]
        }
        "setrestrictions" => {
            let (operation, who) = restriction(members, context)?;
            vec![
                json!({ "action": "remove-restrictions", "operation": operation }),
                json!({ "action": "add-restrictions", "operation": operation, "who": who? }),
            ]
        }
        "removerestrictions" | "removerestriction" => unrestricted(members, context)?,
        "publishpage" => vec![publish(members, context)],
        "copypage" => vec![copy(members, context)?],
        "addlabels" | "addlabel" | "setlabel" => labels("add-label", members, context)?,
        "removelabels" | "removelabel" => labels("remove-label", members, context)?,
        "addcomment" => {
            let text = members.take(&["comment", "body", "text"])?;
            let text = values::prose(&text, 2000, &mut context.report)?;
            vec![json!({ "action": "add-comment", "text": context.prose(&text) })]
        }
        _ => return None,
    })
}

/// A reviewer's seat. An approval that is not named is the first of the state the trigger is about.
fn seat(word: &str, members: &mut Members<'_>, place: Option<usize>, context: &mut Context) -> Option<Value> {
    let approval = match members.take(&["approval"]) {
        Some(taken) => {
            let name = values::text(&taken)?;
            context.states.iter().find_map(|state| state.approval(&name)).map(str::to_owned)?
        }
        None => context.states.get(place?)?.approvals.first().map(|approval| approval.id.clone())?,
    };
    let mut who = Who::default();
    for (names, bare) in [(["user", "users"], Bare::User), (["group", "groups"], Bare::Group)] {
        while let Some(taken) = members.take(&names) {
            people::add(&taken, bare, &mut who, context);
        }
    }
    members.refuse(
        &["assigner"],
        "Somebody is named as the one who does it.",
        "The journal says that a trigger did it.",
        &mut context.report,
    );
    members.refuse(&["comment"], "A comment goes with it.", NOT_CARRIED, &mut context.report);
    (!who.is_empty()).then(|| json!({ "action": word, "approval": approval, "who": who.value() }))
}

fn message(members: &mut Members<'_>, context: &mut Context) -> Option<Value> {
    let kind = match members.take(&["type", "kind"]) {
        None => "info",
        Some(taken) => match values::text(&taken).map(|text| fold(&text)).as_deref() {
            Some("error") => "error",
            Some("warning") => "warning",
            Some("info") => "info",
            _ => {
                context.note(&taken.at, "This kind of message is not known here.", "It is shown as information.");
                "info"
            }
        },
    };
    let title = members.take(&["title"]).and_then(|taken| values::prose(&taken, 100, &mut context.report));
    let body = members.take(&["body", "text"]).and_then(|taken| values::prose(&taken, 390, &mut context.report));
    let text = [title, body].into_iter().flatten().collect::<Vec<_>>().join(": ");
    members.refuse(
        &["mode"],
        "The message closes in its own way.",
        "It stays until it is cleared.",
        &mut context.report,
    );
    members.refuse(&["tags"], "The message has tags.", NOT_CARRIED, &mut context.report);
    (!text.is_empty()).then(|| json!({ "action": "set-message", "kind": kind, "text": context.prose(&text) }))
}

fn mail(members: &mut Members<'_>, context: &mut Context) -> Option<Value> {
    let recipients = members.take(&["recipients", "to"])?;
    let mut who = Who::default();
    people::add(&recipients, Bare::Address, &mut who, context);
    let holder = members.take(&["notification"])?;
    let mut parts = Members::of(&holder)?;
    let subject = parts.take(&["subject"]).and_then(|taken| values::prose(&taken, 150, &mut context.report))?;
    let body = parts.take(&["body"]).and_then(|taken| values::prose(&taken, 2000, &mut context.report))?;
    if let Some(taken) = parts.take(&["title"]).filter(|taken| values::text(taken).as_ref() != Some(&subject)) {
        context.note(&taken.at, "The mail has a title besides its subject.", NOT_CARRIED);
    }
    parts.finish(&mut context.report);
    if subject.contains("${content.") || body.contains("${content.") {
        context.note(
            &holder.at,
            "The mail names the page, its link or its space by a reference.",
            "The reference stands in the text as it was: write the words yourself. Every mail links to its page.",
        );
    }
    (!who.is_empty()).then(|| {
        let (subject, text) = (context.prose(&values::one_line(&subject)), context.prose(&body));
        json!({ "action": "send-email", "to": who.value(), "subject": subject, "text": text })
    })
}

/// What is restricted, and to whom, if that can be kept.
fn restriction(members: &mut Members<'_>, context: &mut Context) -> Option<(&'static str, Option<Value>)> {
    let operation = operation(&members.take(&["type", "operation"])?)?;
    let mut who = Who::default();
    if let Some(taken) = members.take(&["restrictions"]) {
        people::add(&taken, Bare::User, &mut who, context);
    }
    for (names, bare) in [(["user", "users"], Bare::User), (["group", "groups"], Bare::Group)] {
        while let Some(taken) = members.take(&names) {
            people::add(&taken, bare, &mut who, context);
        }
    }
    Some((operation, (!who.is_empty()).then(|| who.value())))
}

fn operation(taken: &Taken) -> Option<&'static str> {
    match fold(&values::text(taken)?).as_str() {
        "view" | "read" => Some("read"),
        "edit" | "update" => Some("update"),
        _ => None,
    }
}

fn unrestricted(members: &mut Members<'_>, context: &mut Context) -> Option<Vec<Value>> {
    let operations = match members.take(&["type", "operation"]) {
        Some(taken) => vec![operation(&taken)?],
        None => vec!["read", "update"],
    };
    members.refuse(
        &["restrictions", "user", "users", "group", "groups"],
        "Restrictions are taken away for some people only.",
        "All restrictions of this kind are taken away.",
        &mut context.report,
    );
    Some(
        operations
            .into_iter()
            .map(|operation| json!({ "action": "remove-restrictions", "operation": operation }))
            .collect(),
    )
}

fn publish(members: &mut Members<'_>, context: &mut Context) -> Value {
    const SOURCE: &str = "publish to space";
    let space = members.take(&["space", "target"]).as_ref().and_then(values::text).filter(|space| is_space(space));
    let space = space.unwrap_or_else(|| {
        let known = context.parameter(SOURCE).map(|parameter| parameter.name.clone());
        let name = known.unwrap_or_else(|| {
            context.declare(
                SOURCE,
                Kind::String,
                "Publish to space",
                "The key of the space pages are published to.",
                None,
            )
        });
        context.note(
            &members.at,
            "The space to publish to is set elsewhere in Comala.",
            format!("It became the parameter \u{201c}{name}\u{201d}: set the space\u{2019}s key there."),
        );
        format!("${{{name}}}")
    });
    json!({ "action": "publish-page", "space": space })
}

fn copy(members: &mut Members<'_>, context: &mut Context) -> Option<Value> {
    let target = members.take(&["target", "space"])?;
    let space = match Members::of(&target) {
        Some(mut inner) => {
            let space = inner.take(&["space"]).as_ref().and_then(values::text).filter(|space| is_space(space))?;
            inner.finish(&mut context.report);
            space
        }
        None => values::text(&target).filter(|space| is_space(space))?,
    };
    let title = members.take(&["title"]).and_then(|taken| values::prose(&taken, 200, &mut context.report));
    for option in ["copyproperties", "copyrestrictions", "copyattachments", "copylabels", "copycustomcontent"] {
        // Each is on unless it says otherwise, so a `false` asks for something too.
        if let Some(taken) = members.take(&[option]) {
            context.note(&taken.at, "This says what is copied along.", "What is copied along cannot be chosen.");
        }
    }
    let mut action = json!({ "action": "copy-page", "space": space });
    if let (Some(title), Some(action)) = (title, action.as_object_mut()) {
        action.insert("title".to_owned(), json!(context.prose(&values::one_line(&title))));
    }
    Some(action)
}

fn is_space(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '~' | '_'))
}

fn labels(word: &str, members: &mut Members<'_>, context: &mut Context) -> Option<Vec<Value>> {
    let taken = members.take(&["labels", "label"])?;
    let mut found = Vec::new();
    for item in taken.items() {
        let text = values::text(&item).unwrap_or_default();
        for label in text.split([',', ' ']).map(|label| values::shortened(label, 200)).filter(|label| !label.is_empty())
        {
            found.push(json!({ "action": word, "label": context.prose(&label) }));
        }
        if text.is_empty() && !item.value.is_null() {
            context.note(&item.at, "This is no label.", NOT_CARRIED);
        }
    }
    members.refuse(
        &["children"],
        "The labels are for the pages below.",
        "They are for the page itself: check whether you want that.",
        &mut context.report,
    );
    (!found.is_empty()).then_some(found)
}
