//! What somebody's factors were used for last, and where a code was refused: out of the journal.

use crate::confluence::{Client, page};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::store::journal::Told;
use engine::audit::entry::Entry;
use engine::audit::fact::PersonFact;
use engine::ids::{FactorId, PageId};
use engine::page::event::Proof;
use engine::token::policy::FactorKind;
use engine::wire::factors::{FactorView, Outcome, UseView, UsedOn, past};
use serde::Deserialize;
use serde_json::Value;

/// How many are shown.
pub(super) const MOST: u32 = 20;

/// Both lists in one, the latest first.
pub(super) fn of(signed: &[Told], facts: &[Told], factors: &[FactorView]) -> Vec<UseView> {
    let mut uses: Vec<UseView> = signed.iter().filter_map(|row| confirmed(row, factors)).collect();
    uses.extend(facts.iter().filter_map(refused));
    uses.sort_by_key(|one| core::cmp::Reverse(one.at));
    uses.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    uses
}

/// Something that was confirmed, with how it was.
fn confirmed(row: &Told, factors: &[FactorView]) -> Option<UseView> {
    #[derive(Deserialize)]
    struct Signed {
        event: Value,
    }
    let Signed { event } = serde_json::from_str(row.entry.as_deref()?).ok()?;
    let proof: Proof = serde_json::from_value(event.get("proof")?.clone()).ok()?;
    let page = row.stream.strip_prefix("page/").map(|page| UsedOn { page: PageId::new(page), title: None });
    // One that was used for a list counts for each page of it.
    let opened = proof.bulk.and_then(|bulk| bulk.opened).map(|opened| opened.factor);
    let used = proof.factor.or(opened);
    Some(UseView {
        at: row.at,
        outcome: Outcome::Confirmed,
        what: sentence(&row.kind, &event),
        page,
        factor_kind: used.as_ref().map(|used| used.kind).or(proof.session.map(|session| session.kind)),
        factor_name: used.and_then(|used| name_of(&used.factor, factors)),
    })
}

fn name_of(id: &FactorId, factors: &[FactorView]) -> Option<String> {
    factors.iter().find(|factor| factor.id == *id).and_then(|factor| factor.name.clone())
}

fn sentence(kind: &str, event: &Value) -> String {
    let version = event.get("version").and_then(Value::as_u64);
    let of_version =
        |what: &str| version.map_or_else(|| what.to_owned(), |version| format!("{what} version {version}"));
    let decision = event.get("decision").and_then(Value::as_str).unwrap_or_default();
    match (kind, decision) {
        ("decided", "approve") => of_version("Approved"),
        ("decided", "reject") => of_version("Rejected"),
        ("submitted", _) => [&of_version("Submitted"), " for review"].concat(),
        ("selected", _) => "Moved a page to another state".to_owned(),
        ("reassigned", _) => "Changed who is asked to review a page".to_owned(),
        ("emergency-asked", _) => "Asked for emergency access to a page".to_owned(),
        ("emergency-decided", _) => "Decided in the reviewers' place, as emergency access".to_owned(),
        ("change-confirmed", _) => match event.get("act").map(|act| serde_json::from_value(act.clone())) {
            Some(Ok(act)) => past(act).to_owned(),
            _ => "Confirmed a change".to_owned(),
        },
        _ => "Confirmed something".to_owned(),
    }
}

/// A refused code, a lock, a release.
fn refused(row: &Told) -> Option<UseView> {
    let entry: Entry<PersonFact> = serde_json::from_str(row.entry.as_deref()?).ok()?;
    let view = |outcome, what: &str, factor_kind: Option<FactorKind>| {
        Some(UseView { at: row.at, outcome, what: what.to_owned(), page: None, factor_kind, factor_name: None })
    };
    match entry.event {
        PersonFact::AttemptFailed { purpose, factor_kind, .. } => {
            view(Outcome::Refused, purpose.sentence(), factor_kind)
        }
        PersonFact::Locked { until: Some(_), .. } => view(Outcome::Locked, "Codes were not accepted for a while", None),
        PersonFact::Locked { until: None, .. } => {
            view(Outcome::Locked, "Codes were locked until an admin unlocks", None)
        }
        PersonFact::NotMe { by_mail: false } => view(Outcome::Locked, "You said “This wasn’t me”", None),
        PersonFact::NotMe { by_mail: true } => {
            view(Outcome::Locked, "“This wasn’t me” was pressed in a mail to you", None)
        }
        PersonFact::Unlocked { .. } => view(Outcome::Unlocked, "An admin unlocked your codes", None),
        // Confirmed changes come with the rest of what was confirmed.
        _ => None,
    }
}

/// Adds the titles of pages the person may see now, with their own token. Guests have none: then the titles stay away.
pub(super) async fn titled(cx: &Cx, caller: &UiCaller, uses: &mut [UseView]) {
    let mut pages: Vec<PageId> = uses.iter().filter_map(|one| one.page.as_ref()).map(|on| on.page.clone()).collect();
    pages.sort();
    pages.dedup();
    let Ok(client) = Client::as_person(&cx.config, caller) else { return };
    if pages.is_empty() {
        return;
    }
    // A list without titles is better than none.
    let titles = page::titles_anywhere(&client, &pages).await.unwrap_or_default();
    for on in uses.iter_mut().filter_map(|one| one.page.as_mut()) {
        on.title = titles.get(&on.page).cloned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::slice;
    use engine::time::Timestamp;

    fn told(stream: &str, kind: &str, at: u64, event: &Value) -> Told {
        let entry = serde_json::json!({
            "v": 1, "site": "s", "stream": stream, "at": at, "actor": { "is": "person", "account": "p" }, "event": event
        });
        Told { stream: stream.to_owned(), at: Timestamp(at), kind: kind.to_owned(), entry: Some(entry.to_string()) }
    }

    #[test]
    fn what_was_confirmed_and_what_was_refused_come_in_order() {
        let factor = serde_json::json!({ "factor": "f1", "kind": "totp", "step": 7 });
        let proof = serde_json::json!({ "challenge": "c", "policy_version": 1, "factor": factor });
        let signed = [
            told(
                "page/98305",
                "decided",
                30,
                &serde_json::json!({ "kind": "decided", "decision": "approve", "version": 7, "proof": proof }),
            ),
            told(
                "person-facts/p",
                "change-confirmed",
                10,
                &serde_json::json!({ "kind": "change-confirmed", "act": "assign", "body": "b", "proof": proof }),
            ),
        ];
        let facts = [
            told(
                "person-facts/p",
                "attempt-failed",
                20,
                &serde_json::json!({ "kind": "attempt-failed", "purpose": "decision", "reason": "wrong", "failures": 1 }),
            ),
            told(
                "person-facts/p",
                "change-confirmed",
                10,
                &serde_json::json!({ "kind": "change-confirmed", "act": "assign", "body": "b", "proof": proof }),
            ),
        ];
        let uses = of(&signed, &facts, &[]);
        let shown: Vec<(u64, Outcome, &str)> =
            uses.iter().map(|one| (one.at.millis(), one.outcome, one.what.as_str())).collect();
        assert_eq!(
            shown,
            [
                (30, Outcome::Confirmed, "Approved version 7"),
                (20, Outcome::Refused, "A decision on a page"),
                (10, Outcome::Confirmed, "Changed which pages come under which workflow"),
            ]
        );
        assert_eq!(uses[0].page.as_ref().map(|on| on.page.as_str()), Some("98305"));
        assert_eq!(uses[0].factor_kind, Some(FactorKind::Totp));
    }

    #[test]
    fn an_entry_whose_body_was_cleared_is_left_out() {
        let cleared = Told { stream: "page/1".into(), at: Timestamp(1), kind: "decided".into(), entry: None };
        assert!(of(slice::from_ref(&cleared), slice::from_ref(&cleared), &[]).is_empty());
    }
}
