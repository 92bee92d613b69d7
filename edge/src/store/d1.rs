//! D1, as far as we use it: batches.

use super::fault::{DbFault, classify};
use super::statement::{Arg, Statement};
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, D1Result};

/// The database. Cheap to clone; clones count their use together.
#[derive(Clone)]
pub struct Db {
    d1: Rc<D1Database>,
    used: Rc<Cell<Use>>,
}

/// How much of an invocation's allowance was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// Statements sent.
    pub statements: usize,
    /// Batches sent: each is one round trip and one subrequest.
    pub batches: usize,
}

impl Db {
    /// Wraps the binding.
    #[must_use]
    pub fn new(d1: D1Database) -> Self {
        Self { d1: Rc::new(d1), used: Rc::default() }
    }

    /// What was used so far.
    #[must_use]
    pub fn used(&self) -> Use {
        self.used.get()
    }

    /// Runs the statements in one transaction and one round trip. All or none takes effect.
    ///
    /// # Errors
    /// [`DbFault::Refused`] if the batch was undone; [`DbFault::Unknown`] if that cannot be told.
    pub async fn batch(&self, statements: &[Statement]) -> Result<Vec<Rows>, DbFault> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in statements {
            prepared.push(self.prepare(statement)?);
        }
        let mut used = self.used.get();
        used.statements += statements.len();
        used.batches += 1;
        self.used.set(used);
        let results = self.d1.batch(prepared).await.map_err(|error| fault(&error))?;
        if results.len() == statements.len() {
            Ok(results.into_iter().map(Rows).collect())
        } else {
            Err(DbFault::Unknown)
        }
    }

    /// Runs one query.
    ///
    /// # Errors
    /// As [`Db::batch`].
    pub async fn ask<T>(&self, query: Query<T>) -> Result<T, DbFault> {
        let rows = self.batch(&query.statements).await?;
        (query.decode)(&rows)
    }

    fn prepare(&self, statement: &Statement) -> Result<D1PreparedStatement, DbFault> {
        if !statement.fits() {
            return Err(DbFault::Unreadable);
        }
        let args: Vec<JsValue> = statement.args().iter().map(value).collect();
        self.d1.prepare(statement.sql()).bind(&args).map_err(|_| DbFault::Unreadable)
    }
}

// `D1Type::Integer` holds 32 bits only, too few for a time in milliseconds. Statements with numbers beyond 2^53 were
// turned away before.
#[allow(clippy::cast_precision_loss)]
fn value(arg: &Arg) -> JsValue {
    match arg {
        Arg::Null => JsValue::NULL,
        Arg::Int(number) => JsValue::from_f64(*number as f64),
        Arg::Text(text) => JsValue::from_str(text),
    }
}

/// Only the message is looked at, and only for our own words; it is neither logged nor passed on.
fn fault(error: &worker::Error) -> DbFault {
    match error {
        worker::Error::D1(error) => {
            let error: &js_sys::Error = error.as_ref();
            classify(&String::from(error.message()))
        }
        _ => DbFault::Unknown,
    }
}

/// The rows one statement gave back.
pub struct Rows(D1Result);

impl Rows {
    /// All rows.
    ///
    /// # Errors
    /// [`DbFault::Unreadable`] if they have another shape.
    pub fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, DbFault> {
        self.0.results().map_err(|_| DbFault::Unreadable)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// [`DbFault::Unreadable`] if it has another shape.
    pub fn first<T: DeserializeOwned>(&self) -> Result<Option<T>, DbFault> {
        Ok(self.all()?.into_iter().next())
    }
}

/// Statements, and how to read what they give back.
pub struct Query<T> {
    pub(super) statements: Vec<Statement>,
    pub(super) decode: fn(&[Rows]) -> Result<T, DbFault>,
}

impl<T: DeserializeOwned> Query<Vec<T>> {
    /// All rows of one statement.
    #[must_use]
    pub fn all(statement: Statement) -> Self {
        Self { statements: vec![statement], decode: |rows| rows.first().ok_or(DbFault::Unreadable)?.all() }
    }
}

impl<T: DeserializeOwned> Query<Option<T>> {
    /// The first row of one statement.
    #[must_use]
    pub fn first(statement: Statement) -> Self {
        Self { statements: vec![statement], decode: |rows| rows.first().ok_or(DbFault::Unreadable)?.first() }
    }
}

impl<T> Query<T> {
    /// Several statements read together.
    #[must_use]
    pub fn of(statements: Vec<Statement>, decode: fn(&[Rows]) -> Result<T, DbFault>) -> Self {
        Self { statements, decode }
    }
}

/// Reads 0 or 1: D1 knows no booleans.
pub(super) fn flag<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(<u64 as serde::Deserialize>::deserialize(from)? != 0)
}

/// Reads a JSON text out of a column.
pub(super) fn json<'de, D: serde::Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<T, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(from)?;
    serde_json::from_str(&text).map_err(serde::de::Error::custom)
}

/// Reads a JSON text out of a column; what is not understood is no value.
pub(super) fn json_or_none<'de, D: serde::Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(from)?;
    Ok(serde_json::from_str(&text).ok())
}
