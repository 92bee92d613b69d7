//! What we wrote into a page's byline property, to tell our own hand from somebody else's.

use super::d1::Query;
use super::sql;
use super::statement::Statement;
use engine::ids::{PageId, SiteId};
use serde::Deserialize;

/// Our memory of a page's byline property. Values are JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Memory {
    /// The value last written.
    pub written: Option<String>,
    /// A value that may have been written: the Worker may have died before it could say so.
    pub writing: Option<String>,
    /// The foreign value journalled as altered.
    pub reported: Option<String>,
}

/// What we know of a page's byline property.
#[must_use]
pub fn of_page(site: &SiteId, page: &PageId) -> Query<Option<Memory>> {
    Query::first(Statement::of(site, sql!("byline/get")).text(page))
}

/// We are about to write `value`; `reported` is a foreign value that is journalled as altered in the same batch.
#[must_use]
pub fn writing(site: &SiteId, page: &PageId, value: &str, reported: Option<&str>) -> Statement {
    Statement::of(site, sql!("byline/writing")).text(page).text(value).opt_text(reported)
}

/// `value` is there.
#[must_use]
pub fn written(site: &SiteId, page: &PageId, value: &str) -> Statement {
    Statement::of(site, sql!("byline/written")).text(page).text(value)
}
