//! The baseline: the same approval decided by reading the workflow's JSON and the page's JSON as they are stored, as a
//! program does that has no types of its own for them. Both are parsed already; the same is checked, and the same events
//! come out, as JSON.

use serde_json::{Value, json};

pub(crate) fn decided(document: &Value, fold: &Value, said: &Value) -> Option<Vec<Value>> {
    let states = document["states"].as_array()?;
    let state = states.iter().find(|state| state["id"] == fold["state"]["id"])?;
    let review = &fold["review"];
    if fold["ended"] == true || review.is_null() || fold["state_seq"] != said["state_seq"] {
        return None;
    }
    if review["version"] != said["version"] || review["content_hash"] != said["content_hash"] {
        return None;
    }
    let approval = state["approvals"].as_array()?.iter().find(|one| one["id"] == said["approval"])?;
    let now = review["approvals"].as_array()?.iter().find(|one| one["id"] == said["approval"])?;
    // Asked: by name, or as a member of a group.
    let account = &said["account"];
    let people = now["people"].as_array()?;
    let groups = said["groups"].as_array()?;
    let seat = people.iter().find(|one| one["person"]["account"] == *account)?;
    if seat["via"]["is"] == "group" && !groups.contains(&seat["via"]["group"]) {
        return None;
    }
    let out = |exclusion: &Value| match exclusion.as_str() {
        Some("author") => review["creator"] == *account,
        Some("last-editor") => review["author"] == *account,
        Some("submitter") => review["submitted_by"]["account"] == *account,
        _ => review["contributors"].as_array().is_some_and(|all| all.contains(account)),
    };
    if approval["exclude"].as_array()?.iter().any(out) {
        return None;
    }
    let decisions = review["decisions"].as_array()?;
    let of = |one: &&Value| one["approval"] == said["approval"];
    if decisions.iter().filter(of).any(|one| one["by"]["account"] == *account) {
        return None;
    }
    let meaning = if said["decision"] == "approve" { &approval["meaning"] } else { &approval["meaning_of_rejection"] };
    if said["meaning"] != *meaning {
        return None;
    }
    let policy = &said["policy"];
    let factor = &said["proof"]["factor"]["kind"];
    let mut rules = policy["rules"].as_array()?.iter().filter(|rule| {
        rule["actions"].as_array().is_some_and(|actions| actions.contains(&said["decision"]))
            && rule["who"]["is"] == "everyone"
    });
    let fits = |rule: &Value| rule["demand"]["factors"].as_array().is_some_and(|factors| factors.contains(factor));
    if said["proof"]["policy_version"] != policy["version"] || rules.next().is_some_and(|rule| !fits(rule)) {
        return None;
    }
    let mut events = vec![json!({
        "kind": "decided", "approval": said["approval"], "decision": said["decision"], "version": said["version"],
        "content_hash": said["content_hash"], "state_seq": said["state_seq"],
        "by": { "account": said["account"], "name": said["name"] }, "meaning": said["meaning"], "comment": said["comment"],
        "proof": said["proof"],
    })];
    let given = |seat: &&Value| {
        let who = &seat["person"]["account"];
        who == account
            || decisions.iter().filter(of).any(|one| one["by"]["account"] == *who && one["decision"] == "approve")
    };
    if people.iter().filter(given).count() >= people.len() {
        let to = states.iter().find(|one| one["id"] == state["transitions"]["approved"])?;
        events.push(json!({
            "kind": "state-entered", "cause": "approved",
            "state": { "id": to["id"], "name": to["name"], "colour": to["colour"], "final": to["final"] },
        }));
    }
    Some(events)
}
