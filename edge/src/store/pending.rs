//! Challenges that are confirmed by something that takes its time: a mailed code, or a passkey on a page of our own. One per
//! person and scope; a newer one takes the place of an older.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use crate::secret::seal::Binding;
use engine::ids::{AccountId, FactorId, SiteId};
use engine::page::event::FactorUse;
use engine::time::Timestamp;
use engine::token::policy::FactorKind;
use serde::Deserialize;

/// What a challenge waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A code that was mailed.
    MailCode,
    /// A passkey.
    Passkey,
}

impl Kind {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MailCode => "mail-code",
            Self::Passkey => "passkey",
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing was proved yet.
    Waiting,
    /// The factor was verified, and waits for the request it confirms.
    Proved,
    /// It confirmed something.
    Used,
}

impl State {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Proved => "proved",
            Self::Used => "used",
        }
    }
}

/// A challenge that waits, as stored; it may have expired.
#[derive(Clone, Deserialize)]
pub struct Pending {
    /// `page/<id>`, `list` or `act/<act>`.
    pub scope: String,
    /// Of the challenge.
    pub nonce: String,
    /// What it waits for.
    pub kind: Kind,
    /// How far it is.
    pub state: State,
    /// The challenge's token, sealed.
    #[serde(rename = "challenge")]
    pub challenge_sealed: String,
    /// What its owner typed, sealed.
    #[serde(rename = "comment")]
    pub comment_sealed: Option<String>,
    /// HMAC of a mailed code.
    pub code_hmac: Option<String>,
    /// A mailed code, sealed, for its mail.
    #[serde(rename = "code")]
    pub code_sealed: Option<String>,
    /// Which factor proved it, once one did.
    pub factor: Option<FactorId>,
    /// Its step: a passkey's counter.
    pub step: Option<u64>,
    /// When it began to wait.
    pub created_at: Timestamp,
    /// After this it counts for nothing.
    pub expires_at: Timestamp,
}

impl Pending {
    /// The passkey that proved it, if one did and it still counts: evidence for whatever the challenge says. In the batch
    /// that uses it belong [`super::commit::Commit::require_pending`] and [`used`]; the passkey's counter was taken over
    /// when it was proved.
    #[must_use]
    pub fn passkey_use(&self, now: Timestamp) -> Option<FactorUse> {
        let proved = self.kind == Kind::Passkey && self.state == State::Proved && now < self.expires_at;
        let factor = self.factor.clone().filter(|_| proved)?;
        Some(FactorUse { factor, kind: FactorKind::Passkey, step: self.step? })
    }
}

/// What the challenge is sealed for.
#[must_use]
pub fn challenge_binding<'a>(site: &'a SiteId, person: &'a AccountId, nonce: &'a str) -> Binding<'a> {
    Binding { site, person: Some(person), purpose: "pending-challenge", id: nonce }
}

/// What the comment is sealed for.
#[must_use]
pub fn comment_binding<'a>(site: &'a SiteId, person: &'a AccountId, nonce: &'a str) -> Binding<'a> {
    Binding { site, person: Some(person), purpose: "pending-comment", id: nonce }
}

/// What a mailed code is sealed for.
#[must_use]
pub fn code_binding<'a>(site: &'a SiteId, person: &'a AccountId, nonce: &'a str) -> Binding<'a> {
    Binding { site, person: Some(person), purpose: "pending-code", id: nonce }
}

/// What waits under the challenge of this nonce, if it is this person's.
#[must_use]
pub fn by_nonce(site: &SiteId, person: &AccountId, nonce: &str) -> Query<Option<Pending>> {
    Query::first(Statement::of(site, sql!("pending/by_nonce")).text(person).text(nonce))
}

/// A challenge that waits for a code that is mailed, in place of whatever waits in its scope.
pub struct Mailed<'a> {
    /// `page/<id>`, `list` or `act/<act>`.
    pub scope: &'a str,
    /// Of the challenge.
    pub nonce: &'a str,
    /// The challenge, sealed.
    pub challenge_sealed: &'a str,
    /// What its owner typed, sealed.
    pub comment_sealed: Option<&'a str>,
    /// HMAC of the code.
    pub code_hmac: &'a str,
    /// The code, sealed.
    pub code_sealed: &'a str,
    /// After this it counts for nothing.
    pub expires_at: Timestamp,
}

/// Stores it.
#[must_use]
pub fn mail(site: &SiteId, person: &AccountId, mailed: &Mailed<'_>, now: Timestamp) -> Statement {
    Statement::of(site, sql!("pending/mail"))
        .text(person)
        .text(mailed.scope)
        .text(mailed.nonce)
        .text(mailed.challenge_sealed)
        .opt_text(mailed.comment_sealed)
        .text(mailed.code_hmac)
        .text(mailed.code_sealed)
        .int(now)
        .int(mailed.expires_at)
}

/// A challenge that waits for a passkey, in place of whatever waits in its scope.
pub struct Passkey<'a> {
    /// `page/<id>`, `list` or `act/<act>`.
    pub scope: &'a str,
    /// Of the challenge.
    pub nonce: &'a str,
    /// The challenge, sealed.
    pub challenge_sealed: &'a str,
    /// What its owner typed, sealed.
    pub comment_sealed: Option<&'a str>,
    /// After this it counts for nothing.
    pub expires_at: Timestamp,
}

/// Stores it.
#[must_use]
pub fn passkey(site: &SiteId, person: &AccountId, waits: &Passkey<'_>, now: Timestamp) -> Statement {
    Statement::of(site, sql!("pending/passkey"))
        .text(person)
        .text(waits.scope)
        .text(waits.nonce)
        .text(waits.challenge_sealed)
        .opt_text(waits.comment_sealed)
        .int(now)
        .int(waits.expires_at)
}

/// A passkey proved it. [`super::commit::Commit::require_pending`] belongs before it.
#[must_use]
pub fn prove(site: &SiteId, person: &AccountId, nonce: &str, factor: &FactorId, step: u64) -> Statement {
    Statement::of(site, sql!("pending/prove")).text(person).text(nonce).text(factor).int(step)
}

/// Whatever waits for a person ends: "this wasn't me".
#[must_use]
pub fn end_all(site: &SiteId, person: &AccountId) -> Statement {
    Statement::of(site, sql!("pending/end_all")).text(person)
}

/// It confirmed what it was for. [`super::commit::Commit::require_pending`] belongs before it.
#[must_use]
pub fn used(site: &SiteId, person: &AccountId, nonce: &str) -> Statement {
    Statement::of(site, sql!("pending/use")).text(person).text(nonce)
}
