//! Enrolments under way, one per person, and how many mails a person may ask for.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use crate::secret::seal::Binding;
use core::time::Duration;
use engine::audit::fact::EnrolmentProof;
use engine::ids::{AccountId, FactorId, SiteId};
use engine::time::Timestamp;
use engine::token::policy::FactorKind;
use serde::Deserialize;

/// Mails one person may ask for within [`MAIL_WINDOW`].
pub const MAILS_MAX: u32 = 5;
/// The window they are counted in. It slides: any hour counts, not the clock's.
pub const MAIL_WINDOW: Duration = Duration::from_secs(3600);

/// How far an enrolment is: the one stage machine of setting up a factor.
///
/// ```text
/// begin ─► mailed ─(mailed code)─► proved ─► totp: first code ──────────────────────────────────► a factor
///    │                              ▲   └──► passkey: registered on a page of our own ─► registered ─(same
///    └─(current factor, recovery ───┘                                                   person, in the macro)─► a factor
///       code, or waived)
/// ```
///
/// A passkey that was registered on a page outside of Confluence counts only once the same person says so inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// A code was mailed.
    Mailed,
    /// The person proved to be the account's owner. An authenticator's secret was shown; a passkey may be registered.
    Proved,
    /// A passkey was registered.
    Registered,
}

impl Stage {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mailed => "mailed",
            Self::Proved => "proved",
            Self::Registered => "registered",
        }
    }
}

/// An enrolment under way.
#[derive(Clone, Deserialize)]
pub struct Enrolment {
    /// Its id, and the factor's once it is one: a later enrolment takes the place of an earlier one.
    pub id: String,
    /// How far it is.
    pub stage: Stage,
    /// What is being set up.
    pub kind: FactorKind,
    /// What its owner calls it.
    pub name: String,
    /// The factor whose place it takes.
    pub replaces: Option<FactorId>,
    /// How its owner proved to be one, once they did.
    pub proved_by: Option<EnrolmentProof>,
    /// What is kept of the mailed code; empty: none was mailed.
    pub mail_code_hmac: String,
    /// The code, sealed, for the mail. Gone once it was entered.
    pub mail_code_sealed: Option<String>,
    /// An authenticator's secret once it was made, a passkey once it was registered; sealed.
    pub secret_sealed: Option<String>,
    /// A registered passkey's signature counter.
    pub step: u64,
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
        .text(enrolment.stage.as_str())
        .text(enrolment.kind.as_str())
        .text(&enrolment.name)
        .opt_text(enrolment.replaces.as_ref())
        .opt_text(enrolment.proved_by.map(EnrolmentProof::as_str))
        .text(&enrolment.mail_code_hmac)
        .opt_text(enrolment.mail_code_sealed.as_deref())
        .opt_text(enrolment.secret_sealed.as_deref())
        .int(enrolment.created_at)
        .int(enrolment.expires_at)
}

/// The person proved to be the account's owner: keeps an authenticator's new secret.
/// [`super::commit::Commit::require_enrolment`] belongs before it.
#[must_use]
pub fn prove(
    site: &SiteId,
    person: &AccountId,
    id: &str,
    by: EnrolmentProof,
    secret_sealed: Option<&str>,
    expires_at: Timestamp,
) -> Statement {
    Statement::of(site, sql!("enrolment/prove"))
        .text(person)
        .text(id)
        .text(by.as_str())
        .opt_text(secret_sealed)
        .int(expires_at)
}

/// A passkey was registered: keeps what it is ([`engine::token::webauthn::Credential`] as JSON, sealed as a factor's secret is)
/// and its counter. [`super::commit::Commit::require_enrolment`] at [`Stage::Proved`] belongs
/// before it.
#[must_use]
pub fn register(site: &SiteId, person: &AccountId, id: &str, passkey_sealed: &str, counter: u32) -> Statement {
    Statement::of(site, sql!("enrolment/register")).text(person).text(id).text(passkey_sealed).int(counter)
}

/// Whatever is under way ends.
#[must_use]
pub fn abandon(site: &SiteId, person: &AccountId) -> Statement {
    Statement::of(site, sql!("enrolment/drop")).text(person)
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
