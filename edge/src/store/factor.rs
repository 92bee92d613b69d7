//! Factors: what a person can prove themselves with.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, FactorId, SiteId, TextId};
use engine::time::Timestamp;
use engine::token::life::{self, Stage};
use engine::token::policy::FactorKind;
use serde::{Deserialize, Deserializer};

/// A factor that was set up and neither removed nor revoked. It may have expired: see [`Factor::counts`].
#[derive(Clone, Deserialize)]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// Its kind.
    pub kind: FactorKind,
    /// Its secret, sealed.
    #[serde(rename = "secret")]
    pub secret_sealed: String,
    /// The time step of the last accepted code; a passkey's signature counter.
    pub last_step: u64,
    /// When it was set up.
    pub enrolled_at: Timestamp,
    /// What its owner calls it.
    #[serde(deserialize_with = "text_or_none")]
    pub name: Option<TextId>,
    /// After this it counts only once it was renewed; [`None`]: it stays.
    pub expires_at: Option<Timestamp>,
    /// When something was confirmed with it last.
    pub last_used_at: Option<Timestamp>,
}

impl Factor {
    /// Where it is in its life.
    #[must_use]
    pub fn stage(&self, now: Timestamp) -> Stage {
        life::stage(self.expires_at, now)
    }

    /// Whether something can be confirmed with it.
    #[must_use]
    pub fn counts(&self, now: Timestamp) -> bool {
        self.stage(now).counts()
    }
}

/// A person's factors, oldest first, expired ones included.
#[must_use]
pub fn of_person(site: &SiteId, person: &AccountId) -> Query<Vec<Factor>> {
    Query::all(Statement::of(site, sql!("factor/of_person")).text(person))
}

/// Stores a new factor.
#[must_use]
pub fn put(site: &SiteId, person: &AccountId, factor: &Factor) -> Statement {
    Statement::of(site, sql!("factor/put"))
        .text(person)
        .text(&factor.id)
        .text(factor.kind.as_str())
        .text(&factor.secret_sealed)
        .int(factor.last_step)
        .int(factor.enrolled_at)
        .text(factor.name.as_ref().map_or("", TextId::as_str))
        .opt_int(factor.expires_at)
}

/// It counts until then; [`None`]: it stays.
#[must_use]
pub fn set_life(site: &SiteId, person: &AccountId, factor: &FactorId, until: Option<Timestamp>) -> Statement {
    Statement::of(site, sql!("factor/renew")).text(person).text(factor).opt_int(until)
}

/// Its owner calls it something else.
#[must_use]
pub fn rename(site: &SiteId, person: &AccountId, factor: &FactorId, name: Option<&TextId>) -> Statement {
    Statement::of(site, sql!("factor/rename")).text(person).text(factor).text(name.map_or("", TextId::as_str))
}

/// It was removed, or revoked: its secret is gone.
#[must_use]
pub fn end(site: &SiteId, person: &AccountId, factor: &FactorId, now: Timestamp) -> Statement {
    Statement::of(site, sql!("factor/end")).text(person).text(factor).int(now)
}

/// What can't be renewed any more makes room for what is set up anew.
#[must_use]
pub fn end_over(site: &SiteId, person: &AccountId, now: Timestamp) -> Statement {
    Statement::of(site, sql!("factor/end_over")).text(person).int(life::over_before(now)).int(now)
}

/// Remembers the step of an accepted code. Its precondition belongs into the same batch.
#[must_use]
pub fn advance(site: &SiteId, person: &AccountId, factor: &FactorId, step: u64, now: Timestamp) -> Statement {
    Statement::of(site, sql!("factor/advance")).text(person).text(factor).int(step).int(now)
}

/// Reads the id of a text; an empty one is none.
pub(super) fn text_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TextId>, D::Error> {
    let text = String::deserialize(from)?;
    Ok((!text.is_empty()).then(|| TextId::new(text)))
}
