//! A state.

use super::approval;
use super::context::{Context, Kind, Named, Signing};
use super::members::{Members, NOT_CARRIED, Taken};
use super::naming::Ids;
use super::transition;
use super::values;
use super::workflow::DATE_HEADING;
use serde_json::{Map, Value, json};

const APPROVALS: [&str; 2] = ["approvals", "approval"];
const DUE: [&str; 7] = ["duedate", "due", "expiration", "expirationdate", "expiry", "expirydate", "expires"];

/// What other states must know of this one before any is read.
pub(super) fn foresee(item: &Taken, named: &mut Named) {
    let mut ids = Ids::default();
    let approvals = Members::of(item).and_then(|mut members| members.take(&APPROVALS));
    for approval in approvals.iter().flat_map(Taken::items) {
        if let Some(name) = approval::name_of(&approval) {
            let name = approval::free_name(&name, named);
            let id = ids.give(&name, '-', "approval");
            named.approvals.push(Signing { name, id });
        }
    }
    named.asks = !named.approvals.is_empty();
    named.ends = !named.asks && flagged(item, "final");
}

/// Whether the source marks it as the state pages start in.
pub(super) fn is_marked_initial(item: &Taken) -> bool {
    flagged(item, "initial")
}

fn flagged(item: &Taken, member: &str) -> bool {
    let taken = Members::of(item).and_then(|mut members| members.take(&[member]));
    taken.is_some_and(|taken| values::flag(&taken) == Some(true))
}

/// The state at this place; its name is taken already.
pub(super) fn read(mut members: Members<'_>, place: usize, context: &mut Context) -> Value {
    let mut document = Map::new();
    let (id, name, before) = context
        .states
        .get(place)
        .map_or_else(Default::default, |named| (named.id.clone(), named.name.clone(), named.before.clone()));
    document.insert("id".to_owned(), json!(id));
    document.insert("name".to_owned(), json!(context.prose(&name)));
    // Which state is initial was settled when the names were read.
    if let Some(taken) = members.take(&["initial"]).filter(|taken| values::flag(taken).is_none()) {
        context.note(&taken.at, "This should be true or false.", NOT_CARRIED);
    }
    match before {
        Some(before) => {
            let before = context.state_name(&before);
            context.note(
                &members.at,
                format!("Pages start in \u{201c}{name}\u{201d}, which asks for approvals."),
                format!(
                    "The state \u{201c}{before}\u{201d} is put before it: pages start there and are submitted. \
                     Edits, rejections and other ways back to \u{201c}{name}\u{201d} lead to \u{201c}{before}\u{201d}."
                ),
            );
        }
        None if context.initial == id => {
            document.insert("initial".to_owned(), json!(true));
        }
        None => {}
    }
    looks(&mut members, place, &mut document, context);
    let approvals = members.take(&APPROVALS);
    let is_final = document.contains_key("final");
    let ways = transition::read(&mut members, place, is_final, context);
    let due = due(&mut members, ways.contains_key("expired"), approvals.is_some(), &mut document, context);
    if let Some(taken) = approvals {
        let approvals = approval::read_all(&taken, place, due.as_deref(), context);
        if !approvals.is_empty() {
            document.insert("approvals".to_owned(), Value::Array(approvals));
        }
    }
    if !ways.is_empty() {
        document.insert("transitions".to_owned(), Value::Object(ways));
    }
    aside(&mut members, context);
    members.finish(&mut context.report);
    Value::Object(document)
}

fn looks(members: &mut Members<'_>, place: usize, document: &mut Map<String, Value>, context: &mut Context) {
    let description = members.take(&["description"]);
    if let Some(text) = description.and_then(|taken| values::prose(&taken, 500, &mut context.report)) {
        document.insert("description".to_owned(), json!(context.prose(&text)));
    }
    if let Some(taken) = members.take(&["colour", "color"]) {
        match values::text(&taken).as_deref().and_then(values::colour) {
            Some(colour) => {
                let word = values::colour_word(colour);
                let same = values::text(&taken).is_some_and(|text| text.eq_ignore_ascii_case(word));
                if !same {
                    let what = format!("The colour is {}.", taken.value);
                    context.note(&taken.at, what, format!("It became {word}: Countersign has six colours."));
                }
                document.insert("colour".to_owned(), json!(word));
            }
            None => context.note(&taken.at, "This is no colour.", "The state is grey."),
        }
    }
    if let Some(taken) = members.take(&["final"]) {
        match values::flag(&taken) {
            Some(true) if context.states.get(place).is_some_and(|state| state.asks) => context.note(
                &taken.at,
                "The final state asks for approvals.",
                "It is not final: what is final has been approved.",
            ),
            Some(true) => {
                document.insert("final".to_owned(), json!(true));
            }
            Some(false) => {}
            None => context.note(&taken.at, "This should be true or false.", NOT_CARRIED),
        }
    }
}

/// The due date: an expiry where it leads somewhere, the time reviewers have where somebody is asked. Gives the latter.
fn due(
    members: &mut Members<'_>,
    expires: bool,
    asks: bool,
    document: &mut Map<String, Value>,
    context: &mut Context,
) -> Option<String> {
    let taken = members.take(&DUE);
    let change = members.take(&["changeduedate"]).filter(|taken| values::flag(taken) != Some(false));
    let length = taken.as_ref().and_then(|taken| span(taken, context));
    let mut expiry = Map::new();
    if expires {
        if let Some(length) = &length {
            expiry.insert("after".to_owned(), json!(length));
        }
        if length.is_none() || change.is_some() {
            expiry.insert("on_date".to_owned(), json!(DATE_HEADING));
        }
    }
    if let Some(change) = change {
        let became = if expires {
            format!("A date in a row \u{201c}{DATE_HEADING}\u{201d} of a table on the page goes first.")
        } else {
            NOT_CARRIED.to_owned()
        };
        context.note(&change.at, "People may change the due date on the page.", became);
    } else if expires && length.is_none() {
        context.note(
            &members.at,
            "The state expires, but no time is given.",
            format!("It expires on the date in a row \u{201c}{DATE_HEADING}\u{201d} of a table on the page, if there is one."),
        );
    }
    if !expiry.is_empty() {
        document.insert("expiry".to_owned(), Value::Object(expiry));
        return None;
    }
    let (taken, length) = (taken?, length?);
    if asks {
        context.note(
            &taken.at,
            "The state has a due date and nowhere to go when it comes.",
            format!("Reviewers have {length} from when they are asked."),
        );
        return Some(length);
    }
    context.note(&taken.at, "The state has a due date and nowhere to go when it comes.", NOT_CARRIED);
    None
}

/// A duration, or the parameter that holds one.
pub(super) fn span(taken: &Taken, context: &mut Context) -> Option<String> {
    if let Some(referred) = context.referred(taken, Kind::Duration) {
        return Some(referred);
    }
    if let Some(length) = values::length(taken) {
        if !length.exact {
            context.note(&taken.at, "The duration is not in whole days.", format!("It became {}.", length.iso));
        }
        return Some(length.iso);
    }
    if let Some(mut members) = Members::of(taken) {
        let number = members.take(&["period", "value", "amount", "number", "duration"]);
        let unit = members.take(&["unit", "units", "type"]);
        let text = [number, unit].iter().flatten().filter_map(values::text).collect::<Vec<_>>().join(" ");
        members.finish(&mut context.report);
        if let Some(length) = values::length_of(&text).filter(|length| length.exact) {
            return Some(length.iso);
        }
    }
    context.note(
        &taken.at,
        "This is no duration Countersign can use.",
        format!("It is not carried over. A fixed date belongs on the page, in a row \u{201c}{DATE_HEADING}\u{201d} of a table."),
    );
    None
}

/// Members of a state that are known and have no counterpart.
fn aside(members: &mut Members<'_>, context: &mut Context) {
    const REFUSED: [(&[&str], &str, &str); 6] = [
        (&["hidefrompath"], "The state is left out of the progress bar.", "It is shown like any other."),
        (
            &["hideselection"],
            "Choosing the next state is hidden.",
            "Name who may choose in each \u{201c}select\u{201d} transition instead.",
        ),
        (&["taskable"], "People may add tasks.", "Countersign has no tasks."),
        (&["tasks", "task"], "The state has tasks.", "Tasks are not carried over: Countersign has none."),
        (
            &["requiredparams"],
            "Values must be given before the state is entered.",
            "Set parameters for the site or the space; let the submitter name reviewers.",
        ),
        (&["readconfirmation", "readack"], "Readers confirm that they have read the page.", NOT_CARRIED),
    ];
    for (names, what, became) in REFUSED {
        members.refuse(names, what, became, &mut context.report);
    }
}
