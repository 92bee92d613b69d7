//! What admins see of people: their factors, failures and last uses, for some people at a time; and when they were last
//! reminded to set a factor up.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::guess;
use super::sql;
use super::statement::Statement;
use super::zone::list;
use engine::effect::{Effect, OwnerNotice};
use engine::ids::{AccountId, FactorId, SiteId};
use engine::time::Timestamp;
use engine::token::guessing::Guesses;
use engine::token::policy::FactorKind;
use engine::wire::insights::{of_late, reminded_since};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A factor that was neither removed nor revoked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Held {
    /// Whose.
    pub person: AccountId,
    /// Its id.
    pub id: FactorId,
    /// Its kind.
    pub kind: FactorKind,
    /// Since when.
    pub enrolled_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Option<Timestamp>,
    /// When something was confirmed with it last.
    pub last_used_at: Option<Timestamp>,
    /// What its owner calls it, unless that was erased.
    pub name: Option<String>,
}

/// What is known of a person besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Known {
    /// Who.
    pub person: String,
    /// How many factors they ever had.
    pub factors_ever: u32,
    /// When they set the last one up.
    pub enrolled_at: Option<Timestamp>,
    /// Recovery codes that were not used.
    pub recovery_left: u32,
    /// Wrong codes of late.
    pub failures_of_late: u32,
    /// When they were last reminded.
    pub reminded_at: Option<Timestamp>,
    used_at: Option<Timestamp>,
    session_at: Option<Timestamp>,
    decided_at: Option<Timestamp>,
    signed_at: Option<Timestamp>,
    fact_at: Option<Timestamp>,
    confirmed_at: Option<Timestamp>,
    #[serde(flatten)]
    guesses: guess::Row,
}

impl Known {
    /// Their counter of wrong codes.
    #[must_use]
    pub fn guesses(&self) -> Guesses {
        self.guesses.into()
    }

    /// When they confirmed something last, with a factor of whatever kind.
    #[must_use]
    pub fn last_use(&self) -> Option<Timestamp> {
        latest([self.used_at, self.signed_at, self.confirmed_at])
    }

    /// When Countersign saw them last.
    #[must_use]
    pub fn last_seen(&self) -> Option<Timestamp> {
        latest([self.last_use(), self.decided_at, self.session_at, self.fact_at, self.enrolled_at])
    }
}

/// The latest of these; 0 is none.
fn latest<const N: usize>(times: [Option<Timestamp>; N]) -> Option<Timestamp> {
    times.into_iter().flatten().filter(|at| at.millis() > 0).max()
}

/// The factors of these people.
#[must_use]
pub fn factors(site: &SiteId, people: &[AccountId]) -> Query<Vec<Held>> {
    Query::all(Statement::of(site, sql!("insight/factors")).text(list(people)))
}

/// What is known of these people besides.
#[must_use]
pub fn people(site: &SiteId, people: &[AccountId], now: Timestamp) -> Query<Vec<Known>> {
    Query::all(Statement::of(site, sql!("insight/people")).text(list(people)).int(of_late(now)))
}

/// Puts a mail into the outbox for each of these people who was not reminded of late, and notes it: one batch, so that of
/// two requests at once only one mails. Gives back who is mailed. `key` is unique to this call.
#[must_use]
pub fn remind(
    site: &SiteId,
    people: &[AccountId],
    by: &AccountId,
    key: &str,
    now: Timestamp,
) -> Query<BTreeSet<AccountId>> {
    #[derive(Serialize)]
    struct Wanted<'a> {
        person: &'a AccountId,
        lane: String,
        effect: String,
        key: String,
    }
    #[derive(Deserialize)]
    struct Row {
        person: AccountId,
    }
    fn decode(rows: &[Rows]) -> Result<BTreeSet<AccountId>, DbFault> {
        let rows: Vec<Row> = rows.get(1).ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.person).collect())
    }
    let wanted = people.iter().enumerate().map(|(place, person)| {
        let notice = OwnerNotice::EnrolmentReminder { by: Some(by.clone()) };
        let effect = Effect::MailOwner { person: person.clone(), notice };
        let text = serde_json::to_string(&effect).unwrap_or_default();
        Wanted { person, lane: effect.lane(), effect: text, key: format!("{key}/{place}") }
    });
    let wanted = serde_json::to_string(&wanted.collect::<Vec<_>>()).unwrap_or_else(|_| "[]".to_owned());
    let statement = |sql: &'static str| Statement::of(site, sql).text(&wanted).int(now).int(reminded_since(now));
    Query::of(vec![statement(sql!("reminder/mail")), statement(sql!("reminder/note"))], decode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_use_is_of_a_factor_and_whoever_was_seen_need_not_have_used_one() {
        let known = Known {
            used_at: Some(Timestamp(0)),
            confirmed_at: Some(Timestamp(5)),
            decided_at: Some(Timestamp(9)),
            ..Known::default()
        };
        assert_eq!((known.last_use(), known.last_seen()), (Some(Timestamp(5)), Some(Timestamp(9))));
        assert_eq!((Known::default().last_use(), Known::default().last_seen()), (None, None));
    }

    #[test]
    fn a_person_without_a_counter_is_not_locked() {
        assert_eq!(Known::default().guesses(), Guesses::default());
        let guesses = guess::Row { failures: 3, locked_until: Timestamp(7), held: true };
        let known = Known { guesses, ..Known::default() };
        assert!(known.guesses().held && known.guesses().failures == 3);
    }
}
