//! The outbox's table. Who carries effects out, and how, is in [`crate::outbox`].

use super::d1::{Query, Rows, json, json_or_none};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::effect::Effect;
use engine::ids::SiteId;
use engine::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a row without an app token waits: [`wake`] looks for this word.
pub const NO_TOKEN: &str = "no-app-token";

/// A claimed row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Claimed {
    /// Its id.
    pub id: u64,
    /// What to do; [`None`] if this version of the Worker does not know such an effect.
    #[serde(deserialize_with = "json_or_none")]
    pub effect: Option<Effect>,
    /// Idempotency key, for effects that add something.
    pub key: String,
    /// When it was put there.
    pub created_at: Timestamp,
    /// How often it was claimed, this time counted.
    pub attempts: u32,
}

/// A row that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Failed {
    /// Its id.
    pub id: u64,
    /// What it should have done.
    #[serde(deserialize_with = "json")]
    pub effect: Effect,
    /// A classified word.
    pub last_error: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was last tried.
    pub tried_at: Option<Timestamp>,
}

/// One claimed row, as far as the statements about it need to know.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    /// The row's site.
    pub site: &'a SiteId,
    /// The row.
    pub id: u64,
    /// Whose lease it must still be.
    pub lease: &'a str,
}

impl Lease<'_> {
    fn statement(&self, sql: &'static str) -> Statement {
        Statement::of(self.site, sql).int(self.id).text(self.lease)
    }

    /// Aborts the batch unless the lease is still ours.
    #[must_use]
    pub fn require(&self) -> Statement {
        self.statement(sql!("outbox/require_lease"))
    }

    /// It was carried out. Earlier rows of the same effect that were given up are done with it.
    #[must_use]
    pub fn done(&self, effect: Option<&Effect>) -> Statement {
        self.statement(sql!("outbox/done")).opt_text(effect.filter(|effect| sets(effect)).map(to_json))
    }

    /// To be tried again at `next_at`.
    #[must_use]
    pub fn later(&self, next_at: Timestamp, word: &str) -> Statement {
        self.statement(sql!("outbox/later")).int(next_at).text(word)
    }

    /// Waits until `next_at` for something it can't help; this was no try.
    #[must_use]
    pub fn wait(&self, next_at: Timestamp, word: &str) -> Statement {
        self.statement(sql!("outbox/wait")).int(next_at).text(word)
    }

    /// Claimed, and then not even tried: whoever comes next takes it.
    #[must_use]
    pub fn put_back(&self) -> Statement {
        self.statement(sql!("outbox/put_back"))
    }

    /// Given up until somebody asks for a retry. It no longer keeps its lane waiting.
    #[must_use]
    pub fn fail(&self, word: &str) -> Statement {
        self.statement(sql!("outbox/fail")).text(word)
    }
}

/// Whether an effect sets something to what the journal says at the time, so that one row does for many.
fn sets(effect: &Effect) -> bool {
    match effect {
        Effect::KvCopy { .. }
        | Effect::Byline { .. }
        | Effect::Recheck { .. }
        | Effect::Tick { .. }
        | Effect::Timers { .. } => true,
        Effect::MailReviewAsked { .. }
        | Effect::MailReminder { .. }
        | Effect::MailOverdue { .. }
        | Effect::MailExpired { .. }
        | Effect::MailInvitation { .. }
        | Effect::MailInvitationAnswered { .. }
        | Effect::RevokeInvitation { .. }
        | Effect::MailDigest { .. }
        | Effect::MailEnrolmentCode { .. }
        | Effect::MailSignCode { .. }
        | Effect::MailInvitationCode { .. }
        | Effect::MailOwner { .. }
        | Effect::MailLocked { .. }
        | Effect::MailLockedAdmins { .. }
        | Effect::MailAdmins { .. }
        | Effect::MailAdmin { .. }
        | Effect::MailEmergency { .. }
        | Effect::MailEmergencyAdmins { .. } => false,
    }
}

#[derive(Serialize)]
struct Wanted {
    lane: String,
    effect: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl Wanted {
    fn new(effect: &Effect, key: Option<String>) -> Self {
        Self { lane: effect.lane(), effect: to_json(effect), key }
    }
}

/// Puts effects into the outbox, in order, in two statements at most. `key` is the idempotency key of those that add
/// something: give each call a key of its own. An effect that sets something is not put twice: an open row nobody is at yet
/// will do.
#[must_use]
pub fn put(site: &SiteId, effects: &[Effect], key: &str, now: Timestamp) -> Vec<Statement> {
    let (setting, adding): (Vec<&Effect>, Vec<&Effect>) = effects.iter().partition(|effect| sets(effect));
    let mut statements = Vec::new();
    if !setting.is_empty() {
        let wanted: Vec<Wanted> = setting.into_iter().map(|effect| Wanted::new(effect, None)).collect();
        let list = serde_json::to_string(&wanted).unwrap_or_default();
        statements.push(Statement::of(site, sql!("outbox/put_once")).text(list).text(key).int(now));
    }
    match adding.as_slice() {
        [] => {}
        [one] => {
            let statement = Statement::of(site, sql!("outbox/put"));
            statements.push(statement.text(one.lane()).text(to_json(one)).text(key).int(now));
        }
        several => {
            let keyed = several.iter().enumerate();
            let wanted: Vec<Wanted> =
                keyed.map(|(place, effect)| Wanted::new(effect, Some(format!("{key}/{place}")))).collect();
            let list = serde_json::to_string(&wanted).unwrap_or_default();
            statements.push(Statement::of(site, sql!("outbox/put_many")).text(list).int(now));
        }
    }
    statements
}

/// Claims the oldest open row of each lane that isn't waiting for an app token for `lease`, until `until`.
#[must_use]
pub fn claim(site: &SiteId, now: Timestamp, until: Timestamp, lease: &str, lanes: u32) -> Query<Vec<Claimed>> {
    fn decode(rows: &[Rows]) -> Result<Vec<Claimed>, DbFault> {
        let mut claimed: Vec<Claimed> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        // RETURNING promises no order.
        claimed.sort_by_key(|row| row.id);
        Ok(claimed)
    }
    let statement = Statement::of(site, sql!("outbox/claim")).int(now).int(until).text(lease).int(lanes).text(NO_TOKEN);
    Query::of(vec![statement], decode)
}

/// Opens a row again that was given up. Says whether there was one.
#[must_use]
pub fn retry(site: &SiteId, id: u64, now: Timestamp) -> Query<bool> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "id")]
        _id: u64,
    }
    fn decode(rows: &[Rows]) -> Result<bool, DbFault> {
        Ok(rows.first().ok_or(DbFault::Unreadable)?.first::<Row>()?.is_some())
    }
    Query::of(vec![Statement::of(site, sql!("outbox/retry")).int(id).int(now)], decode)
}

/// Whatever waited for an app token may go on.
#[must_use]
pub fn wake(site: &SiteId, now: Timestamp) -> Statement {
    Statement::of(site, sql!("outbox/wake")).int(now).text(NO_TOKEN)
}

/// Rows that were given up, oldest first.
#[must_use]
pub fn failed(site: &SiteId, limit: u32) -> Query<Vec<Failed>> {
    Query::all(Statement::of(site, sql!("outbox/failed")).int(limit))
}

/// Sites that have something due, the longest waiting first.
#[must_use]
pub fn due_sites(now: Timestamp, limit: u32) -> Query<Vec<SiteId>> {
    #[derive(Deserialize)]
    struct Row {
        site: SiteId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<SiteId>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.site).collect())
    }
    Query::of(vec![Statement::of_all_sites(sql!("outbox/due_sites")).int(now).int(limit)], decode)
}

fn to_json(effect: &Effect) -> String {
    serde_json::to_string(effect).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::statement::Arg;
    use engine::ids::{AccountId, PageId};

    #[test]
    fn what_is_put_reads_back() {
        let effect = Effect::KvCopy { page: PageId::new("1") };
        assert_eq!(serde_json::from_str::<Effect>(&to_json(&effect)).unwrap(), effect);
    }

    #[test]
    fn what_sets_is_put_in_one_statement_and_mails_are_never_merged() {
        let (page, person) = (PageId::new("1"), AccountId::new("p"));
        let effects = [
            Effect::KvCopy { page: page.clone() },
            Effect::MailLocked { person: person.clone(), failures: 5 },
            Effect::Byline { page },
            Effect::MailLocked { person, failures: 5 },
        ];
        let statements = put(&SiteId::new("s"), &effects, "k", Timestamp(1));
        let merged: Vec<bool> = statements.iter().map(|one| one.sql().contains("NOT EXISTS")).collect();
        assert_eq!(merged, [true, false]);
        let both = statements[1].args().iter().any(|arg| {
            matches!(arg, Arg::Text(list) if list.contains("\"key\":\"k/0\"") && list.contains("\"key\":\"k/1\""))
        });
        assert!(both, "{:?}", statements[1].args());
        assert!(put(&SiteId::new("s"), &[], "k", Timestamp(1)).is_empty());
    }
}
