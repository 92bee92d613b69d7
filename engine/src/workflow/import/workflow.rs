//! The workflow as a whole.

use super::context::{Context, Named};
use super::members::{Members, NOT_CARRIED, Taken, fold};
use super::naming::{Ids, slug};
use super::{Note, entry, parameter, state, trigger, values};
use crate::workflow::definition::FORMAT;
use crate::workflow::fault::Fault;
use crate::workflow::parameter::{Kind, Parameter, Parameters, declared};
use crate::workflow::parse::parse;
use serde_json::{Map, Value, json};

/// The name of the row in which a page carries the date a state expires on.
pub(super) const DATE_HEADING: &str = "Due date";

/// The document and the report.
pub(super) fn read(source: &Value) -> (Value, Vec<Note>) {
    let mut context = Context::default();
    let document = match unwrapped(Taken::root(source), &mut context).as_ref().and_then(Members::of) {
        Some(members) => workflow(members, &mut context),
        None => {
            context.note("", "This is no workflow: a workflow is an object with \u{201c}states\u{201d}.", NOT_CARRIED);
            head("Imported workflow", &slug("Imported workflow", '-', "workflow"))
        }
    };
    (Value::Object(document), context.report.0)
}

/// The workflow inside of a list or of an object that only holds it.
fn unwrapped<'a>(mut taken: Taken<'a>, context: &mut Context) -> Option<Taken<'a>> {
    // Two wrappers at most: a list of `{ "workflow": … }`.
    for _ in 0..2 {
        match taken.value {
            Value::Array(_) => {
                let mut items = taken.items().into_iter();
                taken = items.next()?;
                for item in items {
                    context.note(&item.at, "Only the first workflow of a list is read.", "Import it by itself.");
                }
            }
            Value::Object(members) if !members.keys().any(|name| fold(name) == "states") => {
                let mut members = Members::of(&taken)?;
                match members.take(&["workflow"]) {
                    Some(inner) => {
                        members.finish(&mut context.report);
                        taken = inner;
                    }
                    None => return Some(taken),
                }
            }
            _ => return Some(taken),
        }
    }
    Some(taken)
}

fn head(name: &str, id: &str) -> Map<String, Value> {
    Map::from_iter([
        ("format".to_owned(), json!(FORMAT)),
        ("id".to_owned(), json!(id)),
        ("name".to_owned(), json!(name)),
        ("states".to_owned(), json!([])),
    ])
}

fn workflow(mut members: Members<'_>, context: &mut Context) -> Map<String, Value> {
    let at = members.at.clone();
    let name = members.take(&["name", "title"]).and_then(|taken| values::name(&taken, &mut context.report));
    let name = name.unwrap_or_else(|| {
        context.note(&at, "The workflow has no name.", "It is called \u{201c}Imported workflow\u{201d}.");
        "Imported workflow".to_owned()
    });
    let mut document = head(&context.prose(&name), &slug(&name, '-', "workflow"));
    let description = members.take(&["description"]);
    if let Some(taken) = members.take(&["parameters", "workflowparameters"]) {
        parameter::declare_all(&taken, context);
    }
    if let Some(text) = description.and_then(|taken| values::prose(&taken, 500, &mut context.report)) {
        document.insert("description".to_owned(), json!(context.prose(&text)));
    }
    aside(&mut members, context);
    let states = members.take(&["states"]);
    let triggers = members.take(&["triggers"]);
    members.finish(&mut context.report);
    let mut read = match states {
        Some(taken) => read_states(&taken, context),
        None => {
            context.note(&at, "The workflow has no states.", "Write them yourself.");
            Vec::new()
        }
    };
    entry::settle(&mut read, context);
    document.insert("states".to_owned(), Value::Array(read));
    if let Some(taken) = triggers {
        let triggers = trigger::read_all(&taken, context);
        if !triggers.is_empty() {
            document.insert("triggers".to_owned(), Value::Array(triggers));
        }
    }
    // Last: names that are no ids have become parameters on the way.
    let parameters = context.declarations();
    if !parameters.is_empty() {
        document.insert("parameters".to_owned(), Value::Array(parameters));
    }
    document
}

/// Members of a workflow that are known and have no counterpart.
fn aside(members: &mut Members<'_>, context: &mut Context) {
    const REFUSED: [(&[&str], &str, &str); 5] = [
        (
            &["label", "labels"],
            "The workflow goes with a label.",
            "Assign the workflow to pages with this label in the space\u{2019}s settings.",
        ),
        (
            &["contenttype", "content"],
            "The workflow is for one kind of content.",
            "Countersign\u{2019}s workflows are for pages. Assign it to the pages you want.",
        ),
        (&["header", "footer"], "A text stands around the page\u{2019}s state.", NOT_CARRIED),
        (&["stickylabels", "adminonly"], "This is an option of Comala\u{2019}s own.", NOT_CARRIED),
        (&["tasks"], "The workflow has tasks.", "Tasks are not carried over: Countersign has none."),
    ];
    for (names, what, became) in REFUSED {
        members.refuse(names, what, became, &mut context.report);
    }
}

fn read_states(taken: &Taken, context: &mut Context) -> Vec<Value> {
    if !taken.value.is_array() {
        context.note(&taken.at, "The states are not a list.", NOT_CARRIED);
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut ids = Ids::default();
    for item in taken.items() {
        match Members::of(&item) {
            Some(mut members) => {
                let place = name(&mut members, found.len(), &mut ids, context);
                found.push((members, place, item));
            }
            None => context.note(&item.at, "This is no state.", NOT_CARRIED),
        }
    }
    for (_, place, item) in &found {
        if let Some(named) = context.states.get_mut(*place) {
            state::foresee(item, named);
        }
    }
    let mut states = Vec::new();
    if let Some(initial) = initial(&found, context) {
        states.extend(begin(initial, &mut ids, context));
    }
    for (members, place, _) in found {
        states.push(state::read(members, place, context));
    }
    states
}

/// Takes a state's name, gives it an id and keeps both.
fn name(members: &mut Members<'_>, number: usize, ids: &mut Ids, context: &mut Context) -> usize {
    let at = members.at.clone();
    let name = members.take(&["name", "title"]).and_then(|taken| values::name(&taken, &mut context.report));
    let name = name.unwrap_or_else(|| {
        let name = format!("State {}", number + 1);
        context.note(&at, "The state has no name.", format!("It is called \u{201c}{name}\u{201d}."));
        name
    });
    let free = context.free_state_name(&name);
    if free != name {
        context.note(
            &at,
            format!("There is a second state \u{201c}{name}\u{201d}."),
            format!(
                "It is called \u{201c}{free}\u{201d}; whatever leads to \u{201c}{name}\u{201d} leads to the first one."
            ),
        );
    }
    let name = free;
    let id = ids.give(&name, '-', "state");
    context.states.push(Named::new(name, id));
    context.states.len() - 1
}

/// The place of the state pages start in.
fn initial(found: &[(Members<'_>, usize, Taken<'_>)], context: &mut Context) -> Option<usize> {
    let mut marked = found.iter().filter(|(_, _, item)| state::is_marked_initial(item));
    let first = marked.next();
    for (_, _, item) in marked {
        context.note(&item.at, "A second state is marked as initial.", "Pages start in the first one.");
    }
    if let Some((_, place, _)) = first {
        return Some(*place);
    }
    let (_, place, item) = found.first()?;
    context.note(&item.at, "No state is marked as initial.", "Pages start in the first state.");
    Some(*place)
}

/// Settles where pages start. A state with approvals cannot be it, so one is put before.
fn begin(initial: usize, ids: &mut Ids, context: &mut Context) -> Option<Value> {
    let name = if context.place("Draft").is_some() { "To be submitted" } else { "Draft" };
    let name = context.free_state_name(name);
    let named = context.states.get_mut(initial)?;
    if !named.asks {
        context.initial.clone_from(&named.id);
        return None;
    }
    let id = ids.give(&name, '-', "state");
    named.before = Some(id.clone());
    let to = named.id.clone();
    context.initial.clone_from(&id);
    context.put_before.clone_from(&name);
    Some(json!({
        "id": id,
        "name": name,
        "colour": "grey",
        "description": "The page is being written.",
        "initial": true,
        "transitions": { "submit": { "to": to } }
    }))
}

/// What parsing still finds, with a value for each parameter that has none: that it must be set is no fault of the document.
pub(super) fn remaining_faults(document: &Value) -> Vec<Fault> {
    let mut values = Parameters::new();
    for parameter in declared(document).unwrap_or_default() {
        if parameter.default.is_none() {
            values.insert(parameter.name.clone(), sample(&parameter));
        }
    }
    parse(document, &values).err().unwrap_or_default()
}

fn sample(parameter: &Parameter) -> Value {
    match parameter.kind {
        Kind::Number => json!(1),
        Kind::Duration => json!("P30D"),
        Kind::List => json!([]),
        // Each its own, so that two people are two.
        Kind::String | Kind::User | Kind::Group => json!(parameter.name),
    }
}
