//! Ways out of a state.

use super::context::Context;
use super::members::{Members, NOT_CARRIED, Taken, fold};
use super::people::{self, Bare, Who};
use super::values;
use serde_json::{Map, Value, json};

const KINDS: [&str; 7] = ["approved", "rejected", "updated", "expired", "submit", "completed", "select"];

/// Where a transition leads, and who may take it.
struct Target {
    at: String,
    place: usize,
    label: Option<String>,
    who: Who,
}

/// Where transitions lead, by kind, in the order of the source.
#[derive(Default)]
struct Targets(Vec<(&'static str, Target)>);

impl Targets {
    /// The first of a kind; more than one makes sense for `select` alone.
    fn one(&mut self, kind: &str, context: &mut Context) -> Option<Target> {
        let mut found = self.all(kind).into_iter();
        let first = found.next()?;
        for more in found {
            context.note(&more.at, format!("There is a second way out called \u{201c}{kind}\u{201d}."), NOT_CARRIED);
        }
        Some(first)
    }

    fn all(&mut self, kind: &str) -> Vec<Target> {
        let (found, left) = std::mem::take(&mut self.0).into_iter().partition(|(known, _)| *known == kind);
        self.0 = left;
        found.into_iter().map(|(_, target)| target).collect()
    }
}

/// The transitions of the state at this place, in our form.
pub(super) fn read(
    members: &mut Members<'_>,
    place: usize,
    is_final: bool,
    context: &mut Context,
) -> Map<String, Value> {
    let mut targets = Targets::default();
    if let Some(taken) = members.take(&["transitions", "transition"]) {
        group(&taken, &mut targets, context);
    }
    // The Data Center edition writes them on the state itself.
    for kind in KINDS {
        if let Some(taken) = members.take(&[kind]) {
            collect(kind, &taken, &mut targets, context);
        }
    }
    build(&members.at, place, is_final, targets, context)
}

/// An object with a member for each kind, or a list of objects that name theirs.
fn group(taken: &Taken, targets: &mut Targets, context: &mut Context) {
    for item in taken.items() {
        let Some(mut members) = Members::of(&item) else {
            context.note(&item.at, "This is no transition.", NOT_CARRIED);
            continue;
        };
        if let Some(word) = members.take(&["type", "transition", "event", "kind"]) {
            let known = values::text(&word).and_then(|text| KINDS.into_iter().find(|kind| *kind == fold(&text)));
            match known {
                Some(kind) => object(kind, members, targets, context),
                None => context.note(&item.at, "This kind of transition is not known here.", NOT_CARRIED),
            }
            continue;
        }
        for kind in KINDS {
            if let Some(taken) = members.take(&[kind]) {
                collect(kind, &taken, targets, context);
            }
        }
        members.finish(&mut context.report);
    }
}

fn collect(kind: &'static str, taken: &Taken, targets: &mut Targets, context: &mut Context) {
    for item in taken.items() {
        if let Some(members) = Members::of(&item) {
            object(kind, members, targets, context);
        } else if let Some(text) = values::text(&item) {
            names(kind, &item.at, &text, None, &Who::default(), targets, context);
        } else if !item.value.is_null() {
            context.note(&item.at, "This names no state.", NOT_CARRIED);
        }
    }
}

fn object(kind: &'static str, mut members: Members<'_>, targets: &mut Targets, context: &mut Context) {
    let to = members.take(&["state", "to", "target", "destination", "states", "tostate"]);
    let label = members.take(&["label", "name", "transitionname"]);
    let mut who = Who::default();
    for (names, bare) in [(["user", "users"], Bare::User), (["group", "groups"], Bare::Group)] {
        while let Some(taken) = members.take(&names) {
            people::add(&taken, bare, &mut who, context);
        }
    }
    if let Some(taken) = members.take(&["permission"]) {
        match values::text(&taken).map(|text| fold(&text)).as_deref() {
            Some("administer" | "admin") => {
                who.roles.insert("space-admin");
            }
            Some("edit") => {
                who.roles.insert("editor");
            }
            _ => context.note(&taken.at, "This permission is not known here.", NOT_CARRIED),
        }
    }
    let at = members.at.clone();
    members.finish(&mut context.report);
    let label = label.and_then(|taken| values::name(&taken, &mut context.report)).map(|text| context.prose(&text));
    let Some(to) = to else {
        context.note(&at, "The transition leads nowhere.", NOT_CARRIED);
        return;
    };
    for item in to.items() {
        match values::text(&item) {
            Some(text) => names(kind, &item.at, &text, label.as_ref(), &who, targets, context),
            None => context.note(&item.at, "This names no state.", NOT_CARRIED),
        }
    }
}

/// One state, or several joined by commas.
fn names(
    kind: &'static str,
    at: &str,
    text: &str,
    label: Option<&String>,
    who: &Who,
    targets: &mut Targets,
    context: &mut Context,
) {
    let whole = context.place(text).is_some();
    let parts =
        if whole { vec![text] } else { text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect() };
    for part in parts {
        match context.place(part) {
            Some(place) => {
                targets.0.push((kind, Target { at: at.to_owned(), place, label: label.cloned(), who: who.clone() }));
            }
            None => context.note(
                at,
                format!("There is no state \u{201c}{part}\u{201d}."),
                "This way out is not carried over.",
            ),
        }
    }
}

fn build(at: &str, place: usize, is_final: bool, mut targets: Targets, context: &mut Context) -> Map<String, Value> {
    let asks = context.states.get(place).is_some_and(|state| state.asks);
    let mut ways = Map::new();
    verdicts(at, place, asks, &mut targets, &mut ways, context);
    updated(at, place, asks, is_final, &mut targets, &mut ways, context);
    if let Some(target) = targets.one("expired", context) {
        people_stay(&target, context);
        if target.place == place {
            context.note(&target.at, "The state expires into itself.", NOT_CARRIED);
        } else {
            ways.insert("expired".to_owned(), json!(lead(target.place, context)));
        }
    }
    chosen(place, &mut targets, &mut ways, context);
    ways
}

/// Where a way leads that begins no review.
fn lead(place: usize, context: &Context) -> String {
    context.states.get(place).map(|state| state.before.clone().unwrap_or_else(|| state.id.clone())).unwrap_or_default()
}

/// What happens by itself can be taken by nobody.
fn people_stay(target: &Target, context: &mut Context) {
    if !target.who.is_empty() {
        context.note(&target.at, "Only some people may take this way.", "It happens by itself, so nobody takes it.");
    }
    if target.label.is_some() {
        context.note(&target.at, "This way out has a name.", "It happens by itself, so its name is not carried over.");
    }
}

fn verdicts(
    at: &str,
    place: usize,
    asks: bool,
    targets: &mut Targets,
    ways: &mut Map<String, Value>,
    context: &mut Context,
) {
    for kind in ["approved", "rejected"] {
        let Some(target) = targets.one(kind, context) else { continue };
        people_stay(&target, context);
        let to = lead(target.place, context);
        if !asks {
            context.note(
                &target.at,
                format!("\u{201c}{kind}\u{201d} leads on, but the state asks for no approval."),
                NOT_CARRIED,
            );
        } else if target.place == place && context.states.get(place).is_some_and(|state| state.id == to) {
            let what = format!("\u{201c}{kind}\u{201d} leads to the state itself.");
            context.note(&target.at, what, "It is not carried over: a review ends by leaving the state.");
        } else {
            ways.insert(kind.to_owned(), json!(to));
        }
    }
    if asks && !ways.contains_key("rejected") {
        let initial = context.state_name(&context.initial.clone());
        context.note(at, "A rejection leads nowhere.", format!("It leads to \u{201c}{initial}\u{201d}."));
        ways.insert("rejected".to_owned(), json!(context.initial));
    }
}

fn updated(
    at: &str,
    place: usize,
    asks: bool,
    is_final: bool,
    targets: &mut Targets,
    ways: &mut Map<String, Value>,
    context: &mut Context,
) {
    if let Some(target) = targets.one("updated", context) {
        people_stay(&target, context);
        let to = lead(target.place, context);
        let ends = is_final && context.states.get(target.place).is_some_and(|state| state.ends);
        if !ends && context.states.get(place).is_none_or(|state| state.id != to) {
            ways.insert("updated".to_owned(), json!({ "to": to }));
            return;
        }
    }
    let is_initial = context.states.get(place).is_some_and(|state| state.id == context.initial);
    if is_initial || !(asks || is_final) {
        return;
    }
    let initial = context.state_name(&context.initial.clone());
    let what = if asks { "An edit leaves the page under review." } else { "An edited page stays in a final state." };
    context.note(
        at,
        what,
        format!("An edit leads to \u{201c}{initial}\u{201d}: an approval stands for the version that was approved."),
    );
    ways.insert("updated".to_owned(), json!({ "to": context.initial }));
}

fn chosen(place: usize, targets: &mut Targets, ways: &mut Map<String, Value>, context: &mut Context) {
    // A page that waits for approvals cannot be submitted.
    let waits = context.states.get(place).is_some_and(|state| state.asks);
    let mut select: Vec<(String, Map<String, Value>)> = Vec::new();
    for (kind, otherwise) in [("submit", "Submit"), ("completed", "Complete"), ("select", "")] {
        for target in targets.all(kind) {
            let Some(state) = context.states.get(target.place) else { continue };
            let (name, asks, id) = (state.name.clone(), state.asks, state.id.clone());
            if kind == "completed" {
                context.note(
                    &target.at,
                    "The page moves when its tasks are done.",
                    "Somebody takes this way by hand: Countersign has no tasks.",
                );
            }
            if target.place == place {
                context.note(&target.at, "This way leads to the state itself.", NOT_CARRIED);
                continue;
            }
            let mut way = Map::new();
            if !target.who.is_empty() {
                way.insert("who".to_owned(), target.who.value());
            }
            if asks && !waits && !ways.contains_key("submit") {
                if kind != "submit" {
                    let what = format!("People choose to go to \u{201c}{name}\u{201d}, which asks for approvals.");
                    context.note(&target.at, what, "It became the submission.");
                }
                if target.label.is_some() {
                    context.note(
                        &target.at,
                        "The way to the review has a name.",
                        "The button says \u{201c}Submit\u{201d}.",
                    );
                }
                way.insert("to".to_owned(), json!(id));
                ways.insert("submit".to_owned(), Value::Object(way));
                continue;
            }
            let to = lead(target.place, context);
            if select.iter().any(|(known, _)| *known == to)
                || context.states.get(place).is_some_and(|state| state.id == to)
            {
                context.note(&target.at, format!("There is a second way to \u{201c}{name}\u{201d}."), NOT_CARRIED);
                continue;
            }
            if kind == "submit" {
                let what = format!("Submitting leads to \u{201c}{name}\u{201d}, which asks for no approval.");
                context.note(&target.at, what, "It became a way out people choose.");
            }
            way.insert("to".to_owned(), json!(to));
            if let Some(label) = target.label.or_else(|| (!otherwise.is_empty()).then(|| otherwise.to_owned())) {
                way.insert("name".to_owned(), json!(label));
            }
            select.push((to, way));
        }
    }
    if !select.is_empty() {
        ways.insert("select".to_owned(), select.into_iter().map(|(_, way)| Value::Object(way)).collect());
    }
}
