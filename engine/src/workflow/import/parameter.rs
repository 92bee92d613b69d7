//! Parameters of a workflow.

use super::context::{Context, Kind};
use super::members::{Members, NOT_CARRIED, Taken};
use super::values;
use serde_json::{Value, json};

/// Declares every parameter of the list.
pub(super) fn declare_all(taken: &Taken, context: &mut Context) {
    if taken.value.as_array().is_none() {
        context.note(&taken.at, "The parameters are not a list.", NOT_CARRIED);
        return;
    }
    for item in taken.items() {
        match Members::of(&item) {
            Some(members) => declare(members, context),
            None => context.note(&item.at, "This is no parameter.", NOT_CARRIED),
        }
    }
}

fn declare(mut members: Members<'_>, context: &mut Context) {
    let at = members.at.clone();
    let name = members.take(&["name", "key", "id"]);
    let Some(name) = name.as_ref().and_then(values::text).filter(|name| !name.is_empty()) else {
        context.note(&at, "The parameter has no name.", NOT_CARRIED);
        return;
    };
    let label = members.take(&["label", "displayname"]).and_then(|taken| values::name(&taken, &mut context.report));
    let description = members
        .take(&["description"])
        .and_then(|taken| values::prose(&taken, 500, &mut context.report))
        .unwrap_or_default();
    let value = members.take(&["value", "default", "defaultvalue", "values"]);
    let kind = kind(&mut members, value.as_ref(), context);
    for taken in [members.take(&["options", "allowedvalues", "choices", "list"])].into_iter().flatten() {
        context.note(
            &taken.at,
            "The value is chosen from a list.",
            "It is typed in: Countersign has no list of choices. Name them in the description.",
        );
    }
    for taken in [members.take(&["edit", "editable"])].into_iter().flatten() {
        if values::flag(&taken) != Some(false) {
            context.note(
                &taken.at,
                "The value may be changed on each page.",
                "It is set for a site or a space. Let the submitter name reviewers where they differ by page.",
            );
        }
    }
    members.finish(&mut context.report);
    if context.parameter(&name).is_some() {
        context.note(&at, format!("There is a second parameter \u{201c}{name}\u{201d}."), "The first one counts.");
        return;
    }
    let default = value.and_then(|taken| default(&taken, kind, context));
    // The label is what texts of the source refer to.
    let shown = values::one_line(&values::shortened(&name, 80));
    if let Some(label) = label.filter(|label| *label != shown) {
        context.note(
            &at,
            format!("The parameter \u{201c}{name}\u{201d} is shown as \u{201c}{label}\u{201d}."),
            "It is shown under its name.",
        );
    }
    context.declare(&name, kind, &shown, &description, default);
}

fn kind(members: &mut Members<'_>, value: Option<&Taken>, context: &mut Context) -> Kind {
    let taken = members.take(&["type", "kind"]);
    let word = taken.as_ref().and_then(values::text).map(|word| word.to_lowercase());
    match word.as_deref() {
        Some("user") => Kind::User,
        Some("group") => Kind::Group,
        Some("duration" | "period") => Kind::Duration,
        // Several values at once are a list; one of several choices is a text.
        Some("list") if value.is_some_and(|value| value.value.is_array()) => Kind::List,
        Some("list" | "string" | "text") => Kind::String,
        _ => {
            if let Some(taken) = taken {
                context.note(&taken.at, "This type is not known here.", "The parameter is a text.");
            }
            Kind::String
        }
    }
}

fn default(taken: &Taken, kind: Kind, context: &mut Context) -> Option<Value> {
    let text = values::text(taken).filter(|text| !text.is_empty());
    let found = match kind {
        Kind::String => text.filter(|text| values::shortened(text, 4000) == *text).map(|text| json!(text)),
        Kind::User => text.filter(|text| values::is_account(text)).map(|text| json!(text)),
        Kind::Group => text.filter(|text| values::is_group(text)).map(|text| json!(text)),
        Kind::Duration => {
            let length = values::length(taken);
            if let Some(length) = length.as_ref().filter(|length| !length.exact) {
                context.note(&taken.at, "The duration is not in whole days.", format!("It became {}.", length.iso));
            }
            length.map(|length| json!(length.iso))
        }
        Kind::List => {
            let items: Vec<_> = taken.items().iter().filter_map(values::text).map(|text| json!(text)).collect();
            (items.len() == taken.items().len()).then(|| json!(items))
        }
    };
    if found.is_none() && taken.value.as_str() != Some("") {
        let what = match kind {
            Kind::User => "The value is not the id of an account.",
            Kind::Group => "The value is not the id of a group.",
            Kind::Duration => "The value is not a duration in whole days.",
            Kind::String | Kind::List => "The value cannot be used.",
        };
        context.note(&taken.at, what, "The parameter has no default: set it for the site or the space.");
    }
    found
}
