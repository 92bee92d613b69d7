//! Random workflow documents: mostly sound ones, grown from numbers, and the same with a few things spoilt.

use engine::workflow::parse::{Parameters, parse};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

pub const USERS: [&str; 6] = ["anna", "ben", "carla", "dora", "emil", "fay"];
pub const GROUPS: [&str; 3] = ["owners", "experts", "staff"];
const ROLES: [&str; 4] = ["creator", "last-editor", "space-admin", "editor"];
pub const DATE: &str = "Review date";

/// Numbers a document is grown from. Smaller numbers make simpler documents.
#[derive(Clone)]
pub struct Seeds {
    states: Vec<StateSeed>,
    spoils: Vec<(u16, u8, u8)>,
}

type StateSeed = ([u8; 16], Vec<[u8; 16]>, Vec<[u8; 4]>);

/// Sound for the most part.
pub fn sound() -> impl Strategy<Value = Seeds> {
    grown().prop_map(|states| Seeds { states, spoils: Vec::new() })
}

/// With a few things taken away, exchanged or written twice.
pub fn spoilt() -> impl Strategy<Value = Seeds> {
    let spoils = proptest::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 1..3);
    (grown(), spoils).prop_map(|(states, spoils)| Seeds { states, spoils })
}

fn grown() -> impl Strategy<Value = Vec<StateSeed>> {
    let approvals = prop_oneof![
        1 => Just(Vec::new()),
        2 => proptest::collection::vec(proptest::array::uniform16(any::<u8>()), 1..=3),
    ];
    let selects = proptest::collection::vec(proptest::array::uniform4(any::<u8>()), 0..=2);
    proptest::collection::vec((proptest::array::uniform16(any::<u8>()), approvals, selects), 2..=7)
}

impl std::fmt::Debug for Seeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let document = self.document();
        if parse(&document, &Parameters::new()).is_err() {
            return f.write_str("(refused)");
        }
        let states = document["states"].as_array().into_iter().flatten();
        states.enumerate().try_for_each(|(index, state)| write!(f, "\n{index}: {state}"))
    }
}

impl Seeds {
    pub fn document(&self) -> Value {
        let mut document = sound_document(&self.states);
        for (place, kind, value) in &self.spoils {
            spoil(&mut document, *place, *kind, *value);
        }
        document
    }
}

fn id(index: usize) -> String {
    format!("s{index}")
}

/// Whether the `bit`th choice is made; about one in four.
fn seldom(number: u8, bit: u8) -> bool {
    number.rotate_right(u32::from(bit) * 2) % 4 == 3
}

/// A state before the last that is not `own`.
fn another(number: u8, count: usize, own: usize) -> usize {
    let other = usize::from(number) % (count - 1);
    if other >= own { other + 1 } else { other }
}

fn sound_document(seeds: &[StateSeed]) -> Value {
    let count = seeds.len();
    let reviews: Vec<bool> = seeds.iter().enumerate().map(|(index, seed)| index > 0 && !seed.1.is_empty()).collect();
    let finals: Vec<bool> =
        (0..count).map(|index| index > 0 && !reviews[index] && seeds[index].0[0] % 3 == 2).collect();
    let open = |from: u8, own: usize| {
        (0..count)
            .map(|step| (usize::from(from) + step) % count)
            .find(|other| *other != own && !finals[*other])
            .unwrap_or(0)
    };
    let mut states: Vec<Map<String, Value>> = Vec::new();
    for (index, (seed, approvals, selects)) in seeds.iter().enumerate() {
        let mut state = Map::new();
        state.insert("id".into(), json!(id(index)));
        state.insert("name".into(), json!(format!("State {index}")));
        if index == 0 {
            state.insert("initial".into(), json!(true));
        }
        let mut ways = Map::new();
        if reviews[index] {
            let approvals: Vec<Value> = approvals.iter().enumerate().map(|(at, seed)| approval(at, seed)).collect();
            state.insert("approvals".into(), json!(approvals));
            ways.insert("approved".into(), json!(id(another(seed[1], count, index))));
            ways.insert("rejected".into(), json!(id(another(seed[2], count, index))));
        } else if seldom(seed[3], 0)
            && let Some(review) =
                (0..count).map(|step| (step + usize::from(seed[3])) % count).find(|other| reviews[*other])
        {
            ways.insert("submit".into(), way(&id(review), seed[4], seed[5]));
        }
        match seed[6] % 4 {
            _ if finals[index] => {
                state.insert("final".into(), json!(true));
                ways.insert("updated".into(), json!({ "to": id(open(seed[7], index)) }));
            }
            0 => {}
            1 => _ = ways.insert("updated".into(), json!("initial")),
            2 => _ = ways.insert("updated".into(), json!("previous")),
            _ => _ = ways.insert("updated".into(), json!({ "to": id(another(seed[7], count, index)) })),
        }
        if seldom(seed[8], 0) {
            let mut expiry = Map::new();
            if seed[8] % 8 != 3 {
                expiry.insert("after".into(), json!(["P1D", "P1M", "P2W", "P2Y"][usize::from(seed[9]) % 4]));
            }
            if seed[8] % 8 == 3 || seed[9] > 127 {
                expiry.insert("on_date".into(), json!(DATE));
            }
            state.insert("expiry".into(), json!(expiry));
            ways.insert("expired".into(), json!(id(another(seed[10], count, index))));
        }
        let mut picks: Vec<Value> = Vec::new();
        for pick in selects {
            let to = id(another(pick[0], count, index));
            if !picks.iter().any(|other| other["to"] == json!(to)) {
                picks.push(way(&to, pick[1], pick[2]));
            }
        }
        if !picks.is_empty() {
            ways.insert("select".into(), json!(picks));
        }
        state.insert("transitions".into(), json!(ways));
        states.push(state);
    }
    lead_to_each(seeds, &reviews, &mut states);
    json!({ "format": 1, "id": "random", "name": "Random", "states": states })
}

/// From a state before it to each state, so that every one can be reached; and a way out of those that have none.
fn lead_to_each(seeds: &[StateSeed], reviews: &[bool], states: &mut [Map<String, Value>]) {
    for index in 1..seeds.len() {
        let parent = usize::from(seeds[index].0[11]) % index;
        let (who, comment) = (seeds[index].0[12], seeds[index].0[13]);
        let ways = states[parent]["transitions"].as_object_mut().unwrap();
        if reviews[index] && !reviews[parent] && !ways.contains_key("submit") {
            ways.insert("submit".into(), way(&id(index), who, comment));
        } else if reviews[parent] && seeds[index].0[14].is_multiple_of(2) {
            ways.insert("approved".into(), json!(id(index)));
        } else {
            let picks = ways.entry("select").or_insert_with(|| json!([])).as_array_mut().unwrap();
            if !picks.iter().any(|other| other["to"] == json!(id(index))) {
                picks.push(way(&id(index), who, comment));
            }
        }
    }
    for (index, state) in states.iter_mut().enumerate() {
        let ways = state["transitions"].as_object_mut().unwrap();
        if ways.is_empty() {
            ways.insert("select".into(), json!([way(&id(another(seeds[index].0[15], seeds.len(), index)), 0, 0)]));
        }
    }
}

fn way(to: &str, who: u8, comment: u8) -> Value {
    let mut way = Map::from_iter([("to".to_owned(), json!(to))]);
    if seldom(who, 0) {
        way.insert("who".into(), people(who >> 2, who >> 4));
    }
    if seldom(comment, 0) {
        way.insert("comment".into(), json!("required"));
    }
    Value::Object(way)
}

fn people(kind: u8, which: u8) -> Value {
    match kind % 4 {
        0 => json!({ "groups": [GROUPS[usize::from(which) % 3]] }),
        1 => json!({ "roles": [ROLES[usize::from(which) % 4]] }),
        2 => json!({ "users": [USERS[usize::from(which) % 4]] }),
        _ => json!({ "roles": ["creator"], "users": [USERS[usize::from(which) % 4]] }),
    }
}

fn some<'a>(of: &[&'a str], bits: u8) -> Vec<&'a str> {
    of.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, one)| *one).collect()
}

fn approval(index: usize, seed: &[u8; 16]) -> Value {
    let mut reviewers = Map::new();
    if seldom(seed[0], 0) || seldom(seed[0], 1) {
        reviewers.insert("users".into(), json!(some(&USERS[..4], seed[1] | 1)));
    }
    if seldom(seed[0], 2) {
        reviewers.insert("roles".into(), json!(some(&ROLES, seed[2] % 15 + 1)));
    }
    if seldom(seed[0], 3) {
        let from = if seldom(seed[3], 0) { vec![] } else { some(&GROUPS, seed[3] % 3 + 1) };
        reviewers.insert("assigned".into(), json!({ "at_least": seed[3] % 3 + 1, "from": from }));
    }
    if reviewers.is_empty() || seed[4] % 2 == 1 {
        reviewers.insert("groups".into(), json!(some(&GROUPS, seed[5] % 3 + 1)));
    }
    let mode = match seed[6] % 5 {
        0 => json!("any"),
        1 => json!("all"),
        2 => json!("majority"),
        _ => json!({ "minimum": seed[7] % 3 + 1 }),
    };
    let mut approval = json!({
        "id": format!("a{index}"), "name": format!("Approval {index}"), "reviewers": reviewers, "mode": mode,
        "meaning": format!("Yes {index}."), "meaning_of_rejection": format!("No {index}."),
    });
    let members = approval.as_object_mut().unwrap();
    let mut set = |condition: bool, member: &str, value: Value| {
        if condition {
            members.insert(member.into(), value);
        }
    };
    set(seldom(seed[8], 0), "minimum_rejections", json!(seed[8] % 2 + 1));
    set(
        seed[9] > 15,
        "exclude",
        json!(some(&["author", "last-editor", "submitter", "editors-since-approval"], seed[9] & seed[10])),
    );
    set(index > 0 && seldom(seed[11], 0), "after", json!([format!("a{}", seed[11] as usize % index.max(1))]));
    set(seldom(seed[12], 0), "due", json!(["PT6H", "P3D"][usize::from(seed[12] >> 7)]));
    set(seed[13] % 2 == 1, "change_decision", json!(true));
    set(seldom(seed[13], 1), "delegate", json!(true));
    set(seldom(seed[13], 2), "comment_on_reject", json!(true));
    let own = [
        json!("required"),
        json!("off"),
        json!({ "demand": { "factors": ["totp"] } }),
        json!({ "demand": { "factors": ["totp", "passkey"], "fresh": { "is": "session", "minutes": 15 } } }),
        json!({ "demand": { "factors": ["totp", "passkey"], "part_11": true, "meanings": ["Seen.", "Done."] } }),
    ];
    set(seldom(seed[13], 3), "step_up", own[usize::from(seed[2]) % own.len()].clone());
    set(seed[4] % 8 == 5, "other_meanings", json!(["I wrote it.", "I answer for it."]));
    set(seldom(seed[14], 0), "reassign", json!({}));
    set(seldom(seed[14], 1), "reassign", people(seed[15], seed[15] >> 2));
    approval
}

/// Takes away, exchanges or doubles one value of the document.
fn spoil(document: &mut Value, place: u16, kind: u8, value: u8) {
    let mut places = Vec::new();
    collect(document, String::new(), &mut places);
    let at = places[usize::from(place) % places.len()].clone();
    let (parent, member) = at.rsplit_once('/').unwrap();
    let words = ["", "s0", "s1", "s2", "s3", "a0", "initial", "stay", "any", "${x}", "P1D", "anna"];
    let replacement = match value % 16 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(2),
        number => json!(words[usize::from(number) - 4]),
    };
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => match kind % 3 {
            0 => _ = members.remove(member),
            1 => _ = members.insert(member.to_owned(), replacement),
            _ => _ = members.insert(words[usize::from(value) % words.len()].to_owned(), replacement),
        },
        Value::Array(items) => {
            let index: usize = member.parse().unwrap();
            match kind % 3 {
                0 => _ = items.remove(index),
                1 => items[index] = replacement,
                _ => items.push(items[index].clone()),
            }
        }
        _ => {}
    }
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| collect(value, format!("{at}/{name}"), places));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| collect(value, format!("{at}/{index}"), places));
        }
        _ => {}
    }
    if !at.is_empty() {
        places.push(at);
    }
}
