//! Enrolments under way, one per person, and how many mails a person may ask for.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use crate::secret::seal::Binding;
use core::time::Duration;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use serde::Deserialize;

/// Mails one person may ask for within [`MAIL_WINDOW`].
pub const MAILS_MAX: u32 = 5;
/// The window they are counted in. It slides: any hour counts, not the clock's.
pub const MAIL_WINDOW: Duration = Duration::from_secs(3600);

/// How far an enrolment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// A code was mailed.
    Mailed,
    /// The code came back; the secret was shown.
    Proved,
}

impl Stage {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mailed => "mailed",
            Self::Proved => "proved",
        }
    }
}

/// An enrolment under way.
#[derive(Clone, Deserialize)]
pub struct Enrolment {
    /// Its id: a later one takes the place of an earlier one.
    pub id: String,
    /// How far it is.
    pub stage: Stage,
    /// HMAC of the mailed code.
    pub mail_code_hmac: String,
    /// The code, sealed, for the mail. Gone once it was entered.
    pub mail_code_sealed: Option<String>,
    /// The new factor's secret, sealed, once it was made.
    pub secret_sealed: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// After this it counts for nothing.
    pub expires_at: Timestamp,
}

/// What a mailed code is sealed for: this enrolment of this person and nothing else. The handler seals it, the outbox opens
/// it to put it into the mail.
#[must_use]
pub fn mail_code_binding<'a>(site: &'a SiteId, person: &'a AccountId, id: &'a str) -> Binding<'a> {
    Binding { site, person: Some(person), purpose: "mail-code", id }
}

/// The person's enrolment, if one is under way; it may have expired.
#[must_use]
pub fn of_person(site: &SiteId, person: &AccountId) -> Query<Option<Enrolment>> {
    Query::first(Statement::of(site, sql!("enrolment/get")).text(person))
}

/// Begins an enrolment in place of any other.
#[must_use]
pub fn begin(site: &SiteId, person: &AccountId, enrolment: &Enrolment) -> Statement {
    Statement::of(site, sql!("enrolment/begin"))
        .text(person)
        .text(&enrolment.id)
        .text(&enrolment.mail_code_hmac)
        .opt_text(enrolment.mail_code_sealed.as_deref())
        .int(enrolment.created_at)
        .int(enrolment.expires_at)
}

/// The mailed code came back: keeps the new secret. [`super::commit::Commit::require_enrolment`] belongs before it.
#[must_use]
pub fn prove(site: &SiteId, person: &AccountId, id: &str, secret_sealed: &str, expires_at: Timestamp) -> Statement {
    Statement::of(site, sql!("enrolment/prove")).text(person).text(id).text(secret_sealed).int(expires_at)
}

/// It led to a factor.
#[must_use]
pub fn end(site: &SiteId, person: &AccountId, id: &str) -> Statement {
    Statement::of(site, sql!("enrolment/end")).text(person).text(id)
}

/// Counts a mail asked for. [`super::commit::Commit::require_mail_allowed`] belongs before it.
#[must_use]
pub fn ask_mail(site: &SiteId, person: &AccountId, id: &str, now: Timestamp) -> Statement {
    Statement::of(site, sql!("mail/ask")).text(person).text(id).int(now)
}

/// When the person may ask for the next mail; [`None`]: now.
#[must_use]
pub fn next_mail_at(site: &SiteId, person: &AccountId, now: Timestamp) -> Query<Option<Timestamp>> {
    #[derive(Deserialize)]
    struct Asked {
        at: Timestamp,
    }
    fn decode(rows: &[Rows]) -> Result<Option<Timestamp>, DbFault> {
        let asked: Vec<Asked> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        let oldest = usize::try_from(MAILS_MAX).ok().and_then(|max| asked.get(max.saturating_sub(1)));
        Ok(oldest.map(|oldest| oldest.at + MAIL_WINDOW))
    }
    let statement = Statement::of(site, sql!("mail/asked")).text(person).int(window_start(now)).int(MAILS_MAX);
    Query::of(vec![statement], decode)
}

/// Mails asked for up to this do not count any more.
pub(super) fn window_start(now: Timestamp) -> Timestamp {
    Timestamp(now.millis().saturating_sub(3_600_000))
}
