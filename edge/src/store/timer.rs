//! What is to be done at a time. When that is, [`engine::timer`] says; how it goes off, [`crate::time`].

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use super::zone;
use engine::calendar::Zone;
use engine::effect::Effect;
use engine::ids::{AccountId, ApprovalId, PageId, Seq, SiteId};
use engine::page::fold::PageFold;
use engine::time::Timestamp;
use engine::timer::{self, Timer, TimerKind, WHEN_DUE};
use engine::wire::me::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A timer as stored: what names it, and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    page: String,
    kind: String,
    person: String,
    detail: String,
    nth: u32,
    seq: Seq,
    at: Timestamp,
}

impl Row {
    fn of(page: &PageId, seq: Seq, timer: &Timer) -> Self {
        let (kind, person, detail, nth) = match &timer.kind {
            TimerKind::Expiry => ("expiry", "", "", 0),
            TimerKind::Due { approval } => ("due", "", approval.as_str(), 0),
            TimerKind::Reminder { approval, person, nth } => ("reminder", person.as_str(), approval.as_str(), *nth),
            TimerKind::Digest { person } => ("digest", person.as_str(), "", 0),
        };
        Self {
            page: page.as_str().to_owned(),
            kind: kind.to_owned(),
            person: person.to_owned(),
            detail: detail.to_owned(),
            nth,
            seq,
            at: timer.at,
        }
    }
}

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Due {
    #[serde(flatten)]
    row: Row,
    /// How often the person wants a digest, if it is one.
    #[serde(default)]
    digest: Option<Digest>,
    /// The person's time zone, if it is a digest and they were asked about.
    #[serde(default)]
    zone: Option<String>,
}

impl Due {
    /// Since when.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.row.at
    }

    /// What it causes; [`None`] for nothing this version of the Worker knows, and for a digest nobody wants any more.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        let Row { page, kind, person, detail, nth, seq, .. } = &self.row;
        let (page, person) = (PageId::new(page), AccountId::new(person));
        let approval = ApprovalId::new(detail);
        Some(match kind.as_str() {
            "expiry" | "due" => Effect::Tick { page },
            "reminder" if *nth == WHEN_DUE => {
                Effect::MailOverdue { page, person, approvals: BTreeSet::from([approval]), state_seq: *seq }
            }
            "reminder" => Effect::MailReminder { page, person, approval, state_seq: *seq, nth: *nth },
            "digest" if self.digest.is_some_and(|digest| digest != Digest::Off) => Effect::MailDigest { person },
            _ => return None,
        })
    }

    /// The same timer's idempotency key each time it goes off for the same time.
    fn key(&self) -> String {
        let Row { page, kind, person, detail, nth, seq, at } = &self.row;
        format!("timer/{page}/{kind}/{person}/{detail}/{nth}/{}/{}", seq.0, at.millis())
    }

    fn next(&self, now: Timestamp) -> Option<Timestamp> {
        timer::next_digest(now, self.digest?, &zone::of_name(self.zone.as_deref()))
    }
}

/// Sets what of a page's timers moves it. Belongs into every commit on the page; what depends on people's time zones is
/// set by an effect of it ([`replace`]).
#[must_use]
pub fn replace_decisive(site: &SiteId, page: &PageId, fold: &PageFold) -> [Statement; 2] {
    [
        Statement::of(site, sql!("timer/clear_decisive")).text(page).int(fold.state_seq),
        put(site, page, fold, &timer::decisive(fold)),
    ]
}

/// Sets all timers of a page. What went off stays off.
#[must_use]
pub fn replace(site: &SiteId, page: &PageId, fold: &PageFold, timers: &[Timer]) -> [Statement; 2] {
    [
        Statement::of(site, sql!("timer/clear")).text(page).int(fold.state_seq).int(last_event(fold)),
        put(site, page, fold, timers),
    ]
}

fn put(site: &SiteId, page: &PageId, fold: &PageFold, timers: &[Timer]) -> Statement {
    let rows: Vec<Row> = timers.iter().map(|timer| Row::of(page, fold.state_seq, timer)).collect();
    let list = serde_json::to_string(&rows).unwrap_or_else(|_| "[]".to_owned());
    Statement::of(site, sql!("timer/put")).text(page).text(list).int(last_event(fold))
}

fn last_event(fold: &PageFold) -> Timestamp {
    fold.history.last().map_or(fold.entered_at, |line| line.at)
}

/// Sets people's next digests.
#[must_use]
pub fn set_digests<'a>(site: &SiteId, next: impl IntoIterator<Item = (&'a AccountId, Timestamp)>) -> Statement {
    #[derive(Serialize)]
    struct Next<'a> {
        person: &'a AccountId,
        at: Timestamp,
    }
    let next: Vec<Next<'_>> = next.into_iter().map(|(person, at)| Next { person, at }).collect();
    let list = serde_json::to_string(&next).unwrap_or_else(|_| "[]".to_owned());
    Statement::of(site, sql!("timer/put_digests")).text(list)
}

/// A person gets no digests any more.
#[must_use]
pub fn end_digest(site: &SiteId, person: &AccountId) -> Statement {
    Statement::of(site, sql!("timer/end_digest")).text(person)
}

/// Sites that have a timer due, the longest waiting first.
#[must_use]
pub fn due_sites(now: Timestamp, limit: u32) -> Query<Vec<SiteId>> {
    #[derive(Deserialize)]
    struct Site {
        site: SiteId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<SiteId>, DbFault> {
        let rows: Vec<Site> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.site).collect())
    }
    Query::of(vec![Statement::of_all_sites(sql!("timer/due_sites")).int(now).int(limit)], decode)
}

/// Timers of a site that are due, the longest waiting first.
#[must_use]
pub fn due(site: &SiteId, now: Timestamp, limit: u32) -> Query<Vec<Due>> {
    Query::all(Statement::of(site, sql!("timer/due")).int(now).int(limit))
}

/// They go off: what each causes is put into the outbox, and none goes off again. Whatever another clock was faster with is
/// left alone, so this may run any number of times.
#[must_use]
pub fn go_off(site: &SiteId, due: &[Due], now: Timestamp) -> [Statement; 2] {
    #[derive(Serialize)]
    struct Going<'a> {
        #[serde(flatten)]
        row: &'a Row,
        lane: String,
        effect: String,
        key: String,
    }
    #[derive(Serialize)]
    struct Gone<'a> {
        #[serde(flatten)]
        row: &'a Row,
        next: Option<Timestamp>,
    }
    let going: Vec<Going<'_>> = due
        .iter()
        .filter_map(|one| {
            let effect = one.effect()?;
            let json = serde_json::to_string(&effect).ok()?;
            Some(Going { row: &one.row, lane: effect.lane(), effect: json, key: one.key() })
        })
        .collect();
    let gone: Vec<Gone<'_>> = due.iter().map(|one| Gone { row: &one.row, next: one.next(now) }).collect();
    let json = |list: serde_json::Result<String>| list.unwrap_or_else(|_| "[]".to_owned());
    [
        Statement::of(site, sql!("timer/go_off")).text(json(serde_json::to_string(&going))).int(now),
        Statement::of(site, sql!("timer/went_off")).text(json(serde_json::to_string(&gone))),
    ]
}

/// Pages that will remind any of these people.
#[must_use]
pub fn pages_of(site: &SiteId, people: &[AccountId], limit: u32) -> Query<Vec<PageId>> {
    #[derive(Deserialize)]
    struct Found {
        page: PageId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<PageId>, DbFault> {
        let rows: Vec<Found> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.page).collect())
    }
    Query::of(vec![Statement::of(site, sql!("timer/pages_of_people")).text(zone::list(people)).int(limit)], decode)
}

/// Those of these people who get digests, and how often.
#[must_use]
pub fn digests_of(site: &SiteId, people: &[AccountId]) -> Query<Vec<Wanted>> {
    Query::all(Statement::of(site, sql!("timer/digests_of_people")).text(zone::list(people)))
}

/// Those who want digests and have no timer for the next one.
#[must_use]
pub fn lost_digests(site: &SiteId, limit: u32) -> Query<Vec<Wanted>> {
    Query::all(Statement::of(site, sql!("timer/lost_digests")).int(limit))
}

/// Somebody who gets digests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Wanted {
    /// Who.
    pub person: AccountId,
    /// How often.
    pub digest: Digest,
    /// The name of their time zone, where it was asked for and is known.
    #[serde(default)]
    zone: Option<String>,
}

impl Wanted {
    /// The next one, by the clocks of this zone.
    #[must_use]
    pub fn next(&self, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
        timer::next_digest(now, self.digest, zone)
    }

    /// The next one, by what is known of their time zone.
    #[must_use]
    pub fn next_in_zone(&self, now: Timestamp) -> Option<Timestamp> {
        self.next(now, &zone::of_name(self.zone.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn due(row: serde_json::Value) -> Due {
        serde_json::from_value(row).unwrap()
    }

    #[test]
    fn what_goes_off_is_what_was_set() {
        let page = PageId::new("7");
        let (approval, person) = (ApprovalId::new("a"), AccountId::new("p"));
        let kinds = [
            (TimerKind::Expiry, "tick"),
            (TimerKind::Due { approval: approval.clone() }, "tick"),
            (TimerKind::Reminder { approval: approval.clone(), person: person.clone(), nth: 2 }, "mail-reminder"),
            (TimerKind::Reminder { approval, person, nth: WHEN_DUE }, "mail-overdue"),
        ];
        let mut keys = BTreeSet::new();
        for (kind, expected) in kinds {
            let row = Row::of(&page, Seq(3), &Timer { at: Timestamp(9), kind });
            let found = due(serde_json::to_value(&row).unwrap());
            assert_eq!(found.effect().unwrap().name(), expected);
            assert!(keys.insert(found.key()));
        }
    }

    #[test]
    fn a_digest_goes_on_as_long_as_it_is_wanted() {
        let digest = |wish: serde_json::Value| {
            due(json!({ "page": "", "kind": "digest", "person": "p", "detail": "", "nth": 0, "seq": 0,
                "at": 1_772_438_400_000_u64, "digest": wish, "zone": "Europe/Berlin" }))
        };
        let daily = digest(json!("daily"));
        assert_eq!(daily.effect().unwrap().name(), "mail-digest");
        assert_eq!(daily.next(Timestamp(1_772_438_400_000)), Some(Timestamp(1_772_521_200_000)), "3 March, 08:00");
        for unwanted in [json!("off"), json!(null)] {
            assert_eq!(digest(unwanted.clone()).effect(), None);
            assert_eq!(digest(unwanted).next(Timestamp(0)), None);
        }
    }
}
