//! The one batch of a decision: what must still be so, and everything that follows. All or none.
//!
//! Preconditions are statements that *fail*: a statement that matches no row would not stop a batch. They run in the
//! order they were added, so the first that does not hold is the one reported.

use super::consumed::Consumed;
use super::d1::Db;
use super::dashboard::DashboardRow;
use super::enrolment::{MAILS_MAX, Stage, window_start};
use super::fault::{CommitFault, Precondition};
use super::invitation::{self, CODES_MAX, DAY, HOUR};
use super::statement::Statement;
use super::{consumed, dashboard, factor, guess, journal, pending, queue, snapshot, sql, text};
use engine::audit::commitment::ErasableText;
use engine::audit::entry::Sealed;
use engine::effect::Effect;
use engine::ids::{AccountId, FactorId, InvitationId, Seq, SessionId, SiteId, StreamId};
use engine::time::Timestamp;
use engine::token::life::{FACTORS_MAX, over_before};

/// A batch being put together.
#[must_use = "nothing is written before `run`"]
pub struct Commit {
    site: SiteId,
    now: Timestamp,
    statements: Vec<Statement>,
    last: Vec<Statement>,
}

impl Commit {
    /// An empty batch for a site.
    pub fn new(site: &SiteId, now: Timestamp) -> Self {
        Self { site: site.clone(), now, statements: Vec::new(), last: Vec::new() }
    }

    /// Any other statement.
    pub fn raw(mut self, statement: Statement) -> Self {
        self.statements.push(statement);
        self
    }

    /// A statement that comes after all others, also after those that are added later: it ends what they ask for.
    pub fn at_last(mut self, statement: Statement) -> Self {
        self.last.push(statement);
        self
    }

    /// Any other statements.
    pub fn raws(mut self, statements: impl IntoIterator<Item = Statement>) -> Self {
        self.statements.extend(statements);
        self
    }

    fn of(self, sql: &'static str, bind: impl FnOnce(Statement) -> Statement) -> Self {
        let statement = bind(Statement::of(&self.site, sql));
        self.raw(statement)
    }

    /// `stream` still ends at `seq`.
    pub fn require_head(self, stream: &StreamId, seq: Seq) -> Self {
        let what = head_of(stream);
        self.of(sql!("require/head"), |statement| statement.text(stream).int(seq).text(what.word()))
    }

    /// The factor is there and counts (or, where it may be `expired`, can be renewed).
    pub fn require_factor(self, person: &AccountId, factor: &FactorId, expired: bool) -> Self {
        let ends_after = if expired { over_before(self.now) } else { self.now };
        self.of(sql!("require/factor"), |statement| statement.text(person).text(factor).int(ends_after))
    }

    /// No code of `step` or a later one was accepted yet.
    pub fn require_step(self, person: &AccountId, factor: &FactorId, step: u64) -> Self {
        self.of(sql!("require/step"), |statement| statement.text(person).text(factor).int(step))
    }

    /// The passkey is there and counts (or, where it may be `expired`, can be renewed), and its counter has not passed
    /// `counter`.
    pub fn require_passkey(self, person: &AccountId, factor: &FactorId, counter: u64, expired: bool) -> Self {
        self.require_factor(person, factor, expired)
            .of(sql!("require/counter"), |statement| statement.text(person).text(factor).int(counter))
    }

    /// The session was neither ended nor is it over.
    pub fn require_session(self, person: &AccountId, session: &SessionId) -> Self {
        let now = self.now;
        self.of(sql!("require/session"), |statement| statement.text(person).text(session).int(now))
    }

    /// The challenge was not used.
    pub fn require_nonce_unused(self, nonce: &str) -> Self {
        self.of(sql!("require/nonce"), |statement| statement.text(nonce))
    }

    /// The person isn't held. The pause after wrong codes is not asked for again: the attempt was admitted before.
    pub fn require_not_held(self, person: &AccountId) -> Self {
        self.of(sql!("require/not_held"), |statement| statement.text(person))
    }

    /// The person has no factor yet, or none that can be renewed.
    pub fn require_no_factor(self, person: &AccountId) -> Self {
        let over = over_before(self.now);
        self.of(sql!("require/no_factor"), |statement| statement.text(person).int(over))
    }

    /// The person may have one factor more, the one whose place is taken not counted.
    pub fn require_room_for_factor(self, person: &AccountId, replaces: Option<&FactorId>) -> Self {
        let most = u64::try_from(FACTORS_MAX).unwrap_or(u64::MAX);
        let replaces = replaces.map_or("", FactorId::as_str);
        self.of(sql!("require/room_for_factor"), |statement| statement.text(person).int(most).text(replaces))
    }

    /// This recovery code was not used yet.
    pub fn require_recovery_code(self, person: &AccountId, id: &str) -> Self {
        self.of(sql!("require/recovery_code"), |statement| statement.text(person).text(id))
    }

    /// This very enrolment is under way, at this stage, and not too old.
    pub fn require_enrolment(self, person: &AccountId, id: &str, stage: Stage) -> Self {
        let now = self.now;
        self.of(sql!("require/enrolment"), |statement| statement.text(person).text(id).text(stage.as_str()).int(now))
    }

    /// The person has not asked for too many mails of late.
    pub fn require_mail_allowed(self, person: &AccountId) -> Self {
        let since = window_start(self.now);
        self.of(sql!("require/mails"), |statement| statement.text(person).int(since).int(MAILS_MAX))
    }

    /// Not too many codes were mailed of late to open this invitation.
    pub fn require_invitation_codes(self, id: &InvitationId) -> Self {
        let (hour, day) = (invitation::before(self.now, HOUR), invitation::before(self.now, DAY));
        self.of(sql!("require/invitation_codes"), |statement| {
            statement.text(id).int(hour).int(CODES_MAX.0).int(day).int(CODES_MAX.1)
        })
    }

    /// The code kept so waits to open this invitation.
    pub fn require_invitation_code(self, id: &InvitationId, hmac: &str) -> Self {
        let now = self.now;
        self.of(sql!("require/invitation_code"), |statement| statement.text(id).text(hmac).int(now))
    }

    /// The challenge of this nonce waits for this kind of factor, is at this stage, and not too old.
    pub fn require_pending(self, person: &AccountId, nonce: &str, kind: pending::Kind, state: pending::State) -> Self {
        let now = self.now;
        self.of(sql!("require/pending"), |statement| {
            statement.text(person).text(nonce).text(kind.as_str()).text(state.as_str()).int(now)
        })
    }

    /// Appends a decision's entry.
    pub fn append(self, sealed: &Sealed, seq: Seq) -> Self {
        let statement = journal::append(&self.site, sealed, seq);
        self.raw(statement)
    }

    /// Appends a plain fact.
    pub fn append_fact(self, sealed: &Sealed) -> Self {
        let statement = journal::append_fact(&self.site, sealed);
        self.raw(statement)
    }

    /// Stores the fold that the entries of this batch lead to.
    pub fn snapshot(self, stream: &StreamId, seq: Seq, format: u32, json: &str) -> Self {
        let statement = snapshot::put(&self.site, stream, seq, format, json);
        self.raw(statement)
    }

    /// Stores a personal text that an entry of this batch refers to.
    pub fn text(self, text: &ErasableText) -> Self {
        self.texts([text])
    }

    /// Stores personal texts that entries of this batch refer to: one statement.
    pub fn texts<'a>(self, texts: impl IntoIterator<Item = &'a ErasableText>) -> Self {
        let mut texts = texts.into_iter().peekable();
        if texts.peek().is_none() {
            return self;
        }
        let statement = text::put(&self.site, texts);
        self.raw(statement)
    }

    /// Marks a challenge as used for the entry at `seq` of `stream`.
    pub fn consume(
        self,
        nonce: &str,
        person: &AccountId,
        digest: &str,
        stream: &StreamId,
        seq: Seq,
        expires_at: Timestamp,
    ) -> Self {
        let used = Consumed {
            person: person.clone(),
            digest: digest.to_owned(),
            stream: stream.as_str().to_owned(),
            seq,
            at: self.now,
        };
        let statement = consumed::put(&self.site, nonce, &used, expires_at);
        self.raw(statement)
    }

    /// Remembers the step of the accepted code.
    pub fn advance_factor(self, person: &AccountId, factor: &FactorId, step: u64) -> Self {
        let statement = factor::advance(&self.site, person, factor, step, self.now);
        self.raw(statement)
    }

    /// The person succeeded: wrong codes are counted anew.
    pub fn reset_guesses(self, person: &AccountId) -> Self {
        let statement = guess::reset(&self.site, person);
        self.raw(statement)
    }

    /// Puts an effect into the outbox; see [`queue::put`].
    pub fn effect(self, effect: &Effect, key: &str) -> Self {
        self.effects(core::slice::from_ref(effect), key)
    }

    /// Puts effects into the outbox, in order; see [`queue::put`].
    pub fn effects(self, effects: &[Effect], key: &str) -> Self {
        let statements = queue::put(&self.site, effects, key, self.now);
        self.raws(statements)
    }

    /// Stores the page's row for lists.
    pub fn dashboard(self, row: &DashboardRow) -> Self {
        let statement = dashboard::put(&self.site, row);
        self.raw(statement)
    }

    /// Writes all of it, or nothing: one round trip.
    ///
    /// # Errors
    /// [`CommitFault::Failed`]: nothing was written. [`CommitFault::Unknown`]: the answer was lost.
    pub async fn run(mut self, db: &Db) -> Result<(), CommitFault> {
        self.statements.append(&mut self.last);
        db.batch(&self.statements).await?;
        Ok(())
    }
}

/// What it means if a stream's head is not where it was read.
fn head_of(stream: &StreamId) -> Precondition {
    if *stream == StreamId::policy() {
        Precondition::Policy
    } else if stream.as_str().starts_with("workflow/") {
        Precondition::Workflow
    } else {
        Precondition::Head
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::{PageId, WorkflowId};

    #[test]
    fn a_moved_head_is_named_by_its_stream() {
        assert_eq!(head_of(&StreamId::policy()), Precondition::Policy);
        assert_eq!(head_of(&StreamId::workflow(&WorkflowId::new("w"))), Precondition::Workflow);
        assert_eq!(head_of(&StreamId::page(&PageId::new("1"))), Precondition::Head);
        assert_eq!(head_of(&StreamId::factors(&AccountId::new("p"))), Precondition::Head);
    }

    #[test]
    fn every_statement_begins_with_the_site() {
        let person = AccountId::new("p");
        let commit = Commit::new(&SiteId::new("s"), Timestamp(1))
            .require_nonce_unused("n")
            .require_factor(&person, &FactorId::new("f"), false)
            .require_step(&person, &FactorId::new("f"), 7)
            .reset_guesses(&person);
        for statement in &commit.statements {
            assert_eq!(statement.args().first(), Some(&super::super::statement::Arg::Text("s".into())));
            assert!(statement.sql().contains("site = ?1"));
        }
    }
}
