//! Reading everything a request needs in one round trip.

use super::d1::{Db, Query, Rows};
use super::fault::DbFault;
use super::statement::Statement;

/// Queries to be run together, as one batch: they see the database at one moment.
#[derive(Default)]
pub struct Loading {
    statements: Vec<Statement>,
}

/// Where the answer to one query will be.
pub struct Slot<T> {
    from: usize,
    to: usize,
    decode: fn(&[Rows]) -> Result<T, DbFault>,
}

/// The answers.
pub struct Loaded {
    rows: Vec<Rows>,
}

impl Loading {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query. Queries run in the order they were added.
    pub fn add<T>(&mut self, query: Query<T>) -> Slot<T> {
        let from = self.statements.len();
        self.statements.extend(query.statements);
        Slot { from, to: self.statements.len(), decode: query.decode }
    }

    /// Runs them all.
    ///
    /// # Errors
    /// As [`Db::batch`].
    pub async fn run(self, db: &Db) -> Result<Loaded, DbFault> {
        Ok(Loaded { rows: db.batch(&self.statements).await? })
    }
}

impl Loaded {
    /// The answer to one query.
    ///
    /// # Errors
    /// [`DbFault::Unreadable`] if a row does not have the shape it should have.
    pub fn get<T>(&self, slot: &Slot<T>) -> Result<T, DbFault> {
        (slot.decode)(self.rows.get(slot.from..slot.to).ok_or(DbFault::Unreadable)?)
    }
}
