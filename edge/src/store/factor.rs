//! Factors: what a person can prove themselves with.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, FactorId, SiteId};
use engine::time::Timestamp;
use engine::token::policy::FactorKind;
use serde::Deserialize;

/// A factor in use.
#[derive(Clone, Deserialize)]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// Its kind.
    pub kind: FactorKind,
    /// Its secret, sealed.
    #[serde(rename = "secret")]
    pub secret_sealed: String,
    /// The time step of the last accepted code.
    pub last_step: u64,
    /// When it was set up.
    pub enrolled_at: Timestamp,
}

/// A person's factors in use, oldest first.
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
}

/// Remembers the step of an accepted code. Its precondition belongs into the same batch.
#[must_use]
pub fn advance(site: &SiteId, person: &AccountId, factor: &FactorId, step: u64) -> Statement {
    Statement::of(site, sql!("factor/advance")).text(person).text(factor).int(step)
}
