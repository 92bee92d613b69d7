//! Approvals of a state.

use super::context::{Context, Named};
use super::entry::Assigned;
use super::members::{Members, NOT_CARRIED, Taken, fold};
use super::people::{self, Bare, Who};
use super::values;
use serde_json::{Map, Value, json};

const NAME: [&str; 2] = ["name", "title"];
/// What is said of an approval whose reviewers are named on the page.
pub(super) const ASSIGNED: &str = "Reviewers are assigned on the page.";
const MEANING: &str = "I have reviewed this version and approve it.";
const MEANING_OF_REJECTION: &str = "I have reviewed this version and do not approve it.";

/// The name of an approval; it may be all that is written of it.
pub(super) fn name_of(item: &Taken) -> Option<String> {
    match item.value {
        Value::Object(_) => {
            let name = Members::of(item)?.take(&NAME).and_then(|taken| values::text(&taken));
            Some(
                name.map(|name| values::one_line(&values::shortened(&name, 80)))
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(unnamed),
            )
        }
        Value::String(name) => Some(values::one_line(&values::shortened(name, 80))).filter(|name| !name.is_empty()),
        _ => None,
    }
}

/// The name, or one like it that no approval of the state has yet.
pub(super) fn free_name(name: &str, state: &Named) -> String {
    let mut free = name.to_owned();
    let mut number = 2_u32;
    while state.approval(&free).is_some() {
        free = format!("{name} ({number})");
        number += 1;
    }
    free
}

fn unnamed() -> String {
    "Approval".to_owned()
}

/// Every approval of the state at this place.
pub(super) fn read_all(taken: &Taken, place: usize, due: Option<&str>, context: &mut Context) -> Vec<Value> {
    let mut approvals = Vec::new();
    for item in taken.items() {
        let Some(called) = name_of(&item) else {
            if !item.value.is_null() {
                context.note(&item.at, "This is no approval.", NOT_CARRIED);
            }
            continue;
        };
        let known = context.states.get(place).and_then(|state| state.approvals.get(approvals.len()));
        let (name, id) = known.map(|approval| (approval.name.clone(), approval.id.clone())).unwrap_or_default();
        if name != called {
            context.note(
                &item.at,
                format!("There is a second approval \u{201c}{called}\u{201d}."),
                format!("It is called \u{201c}{name}\u{201d}."),
            );
        }
        let mut document = Map::new();
        document.insert("id".to_owned(), json!(id));
        document.insert("name".to_owned(), json!(context.prose(&name)));
        if let Some(due) = due {
            document.insert("due".to_owned(), json!(due));
        }
        match Members::of(&item) {
            Some(members) => one(members, &mut document, context),
            None => {
                let asked = Asked::default();
                reviewers(&item.at, &asked, &mut document, context);
            }
        }
        let what = "The approval has no meaning of a signature.";
        context.note(
            &item.at,
            what,
            format!("It means \u{201c}{MEANING}\u{201d} or \u{201c}{MEANING_OF_REJECTION}\u{201d}"),
        );
        document.insert("meaning".to_owned(), json!(MEANING));
        document.insert("meaning_of_rejection".to_owned(), json!(MEANING_OF_REJECTION));
        if document.get("reviewers").is_some_and(|reviewers| reviewers.get("assigned").is_some()) {
            let state = context.states.get(place).map(|state| state.id.clone()).unwrap_or_default();
            context.assigned.push(Assigned { state, index: approvals.len(), at: item.at.clone() });
        }
        approvals.push(Value::Object(document));
    }
    approvals
}

/// Who is asked, as the source says it.
#[derive(Default)]
struct Asked {
    /// Those who may review.
    may: Who,
    /// Those chosen beforehand, who all must.
    must: Who,
    assignable: Option<bool>,
    minimum: Option<u32>,
    majority: bool,
}

fn one(mut members: Members<'_>, document: &mut Map<String, Value>, context: &mut Context) {
    if let Some(taken) = members.take(&NAME) {
        if values::text(&taken).is_none_or(|text| text.is_empty()) {
            context.note(&taken.at, "This should be a text.", "The approval is called \u{201c}Approval\u{201d}.");
        } else {
            // Only to report that it is too long.
            let _ = values::name(&taken, &mut context.report);
        }
    } else {
        context.note(&members.at, "The approval has no name.", "It is called \u{201c}Approval\u{201d}.");
    }
    let description = members.take(&["description"]);
    if let Some(text) = description.and_then(|taken| values::prose(&taken, 500, &mut context.report)) {
        document.insert("description".to_owned(), json!(context.prose(&text)));
    }
    let asked = asked(&mut members, context);
    let rejections = members.take(&["minimumrejections", "minrejections"]);
    if let Some(taken) = rejections {
        match values::count(&taken) {
            Some(1) => {}
            Some(number) => {
                document.insert("minimum_rejections".to_owned(), json!(number));
            }
            None => context.note(&taken.at, "This should be a whole number of at least 1.", "One rejection is enough."),
        }
    }
    credentials(&mut members, document, context);
    labels(&mut members, context);
    aside(&mut members, context);
    reviewers(&members.at, &asked, document, context);
    members.finish(&mut context.report);
}

fn asked(members: &mut Members<'_>, context: &mut Context) -> Asked {
    let mut asked = Asked::default();
    for (names, bare) in
        [(["user", "users", "reviewers"], Bare::User), (["group", "groups", "reviewergroups"], Bare::Group)]
    {
        while let Some(taken) = members.take(&names) {
            let mut who = Who::default();
            people::add(&taken, bare, &mut who, context);
            let into = if who.everybody { &mut asked.must } else { &mut asked.may };
            into.users.extend(who.users);
            into.groups.extend(who.groups);
            into.roles.extend(who.roles);
        }
    }
    while let Some(taken) =
        members.take(&["selectedapprover", "selectedapprovers", "selectedreviewers", "preassigned", "assignees"])
    {
        people::add(&taken, Bare::User, &mut asked.must, context);
    }
    if let Some(taken) = members.take(&["assignable", "manuallyassign", "userassignable"]) {
        asked.assignable = values::flag(&taken);
        if asked.assignable.is_none() {
            context.note(&taken.at, "This should be true or false.", NOT_CARRIED);
        }
    }
    if let Some(taken) = members.take(&["minimum", "minimumapprovals", "minapprovals", "minimumparticipants"]) {
        asked.minimum = values::count(&taken);
        if asked.minimum.is_none() {
            context.note(&taken.at, "This should be a whole number of at least 1.", NOT_CARRIED);
        }
    }
    if let Some(taken) = members.take(&["decisiontype", "decision"]) {
        match values::text(&taken).map(|text| fold(&text)).as_deref() {
            Some("majority") => asked.majority = true,
            Some("unanimity" | "minimum" | "minimumapprovals") => {}
            _ => context.note(&taken.at, "This way of counting is not known here.", NOT_CARRIED),
        }
    }
    asked
}

fn reviewers(at: &str, asked: &Asked, document: &mut Map<String, Value>, context: &mut Context) {
    let mut who = asked.may.clone();
    who.users.extend(asked.must.users.iter().cloned());
    who.groups.extend(asked.must.groups.iter().cloned());
    who.roles.extend(asked.must.roles.iter().copied());
    let assigned = asked.assignable == Some(true) && asked.must.is_empty();
    let nobody = who.is_empty();
    let mut members;
    let mut mode = "any";
    if assigned {
        // The source's groups say whom may be chosen; people who are named are asked besides.
        let groups = std::mem::take(&mut who.groups);
        members = who.members();
        let mut rule = Map::new();
        rule.insert("at_least".to_owned(), json!(asked.minimum.unwrap_or(1)));
        if !groups.is_empty() {
            rule.insert("from".to_owned(), json!(groups));
        }
        members.insert("assigned".to_owned(), Value::Object(rule));
        mode = "all";
        context.note(at, ASSIGNED, "Whoever submits the page names them, and all of them must approve.");
    } else if nobody {
        members = Map::from_iter([("roles".to_owned(), json!(["editor"]))]);
        context.note(at, "The approval names nobody.", "Whoever may edit the page may decide.");
    } else if asked.must.is_empty() {
        members = who.members();
        if asked.minimum.is_none() && !asked.majority {
            context.note(at, "The approval says who may decide, not how many.", "One of them is enough.");
        }
    } else {
        members = who.members();
        mode = "all";
        if asked.assignable == Some(true) {
            context.note(at, "More reviewers can be assigned on the page.", "A space admin can ask somebody besides.");
        }
        if !asked.may.is_empty() {
            context.note(
                at,
                "Some reviewers are chosen beforehand, others only may decide.",
                "All of them are asked alike.",
            );
        }
    }
    let mode = match asked.minimum {
        Some(1) if mode == "any" => json!("any"),
        Some(number) => json!({ "minimum": number }),
        None if asked.majority && nobody && !assigned => {
            context.note(at, "The majority decides, but it is open who is asked.", "One person is enough.");
            json!("any")
        }
        None if asked.majority => json!("majority"),
        None => json!(mode),
    };
    document.insert("reviewers".to_owned(), Value::Object(members));
    document.insert("mode".to_owned(), mode);
}

fn credentials(members: &mut Members<'_>, document: &mut Map<String, Value>, context: &mut Context) {
    let Some(taken) = members.take(&["credentials", "esignature", "authentication", "authenticationmethod"]) else {
        return;
    };
    let none = values::text(&taken).map(|text| fold(&text));
    let none = matches!(none.as_deref(), Some("none" | "notrequired"));
    if none || values::flag(&taken) == Some(false) {
        return;
    }
    context.note(
        &taken.at,
        "The approval asks for credentials.",
        "Every verdict is confirmed with an approval token: reviewers need an authenticator app set up with Countersign.",
    );
    document.insert("step_up".to_owned(), json!("required"));
}

fn labels(members: &mut Members<'_>, context: &mut Context) {
    for (names, button) in [(["approvelabel", "approvebutton"], "Approve"), (["rejectlabel", "rejectbutton"], "Reject")]
    {
        if let Some(taken) = members.take(&names) {
            let same = values::text(&taken).is_some_and(|text| text.eq_ignore_ascii_case(button));
            if !same {
                context.note(
                    &taken.at,
                    format!("The button says {}.", taken.value),
                    format!("It says \u{201c}{button}\u{201d}. Put the words into the meaning of the signature."),
                );
            }
        }
    }
}

/// Members of an approval that are known and have no counterpart.
fn aside(members: &mut Members<'_>, context: &mut Context) {
    const REFUSED: [(&[&str], &str, &str); 8] = [
        (
            &["rememberassignees", "stickyreviewers", "sticky"],
            "Reviewers are remembered for the next review.",
            "They are named anew each time somebody submits.",
        ),
        (
            &["roles", "role", "approvalrole", "approvalroles"],
            "Reviewers choose a role when they decide.",
            "Ask for one approval for each role instead.",
        ),
        (
            &["allowedassigner", "allowedassigners", "allowedassignuser", "allowedassigngroup", "allowedassigngroups"],
            "Only some people may assign reviewers.",
            "Whoever submits names them; space admins may change them.",
        ),
        (
            &["condition", "conditions"],
            "The approval has a condition.",
            "It is not carried over: use \u{201c}exclude\u{201d} for separation of duties.",
        ),
        (
            &["reviewerscanedit", "reviewersedit"],
            "Reviewers may edit the page.",
            "Confluence\u{2019}s own permissions say who may edit.",
        ),
        (
            &["weight", "order"],
            "The approval has a weight.",
            "All approvals of a state are asked for at once; use \u{201c}after\u{201d} for an order.",
        ),
        (&["fastapprove", "fastreject"], "One verdict moves the page at once.", NOT_CARRIED),
        (
            &["requiredparticipation", "participation", "allowedreviewers"],
            "This says how many take part.",
            "Check \u{201c}mode\u{201d}.",
        ),
    ];
    for (names, what, became) in REFUSED {
        members.refuse(names, what, became, &mut context.report);
    }
}
