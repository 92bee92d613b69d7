//! SQL with its arguments, not sent yet.

use core::fmt::Display;
use engine::audit::canonical::INTEGER_MAX;
use engine::ids::{PageVersion, Seq, SiteId};
use engine::time::Timestamp;

/// A value for a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// No value. JavaScript's `undefined` would be refused by D1.
    Null,
    /// A whole number. It travels as a JavaScript number: see [`Statement::fits`].
    Int(u64),
    /// Text.
    Text(String),
}

/// One statement of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    sql: &'static str,
    args: Vec<Arg>,
}

impl Statement {
    /// `sql` about a site: `?1` is always the site, so that no statement can forget it.
    #[must_use]
    pub fn of(site: &SiteId, sql: &'static str) -> Self {
        Self { sql, args: vec![Arg::Text(site.as_str().to_owned())] }
    }

    /// A statement over all sites: which of them have something due. There are no others.
    pub(super) fn of_all_sites(sql: &'static str) -> Self {
        Self { sql, args: Vec::new() }
    }

    /// Gives the next placeholder a whole number.
    #[must_use]
    pub fn int(mut self, value: impl IntoInt) -> Self {
        self.args.push(Arg::Int(value.into_int()));
        self
    }

    /// Gives the next placeholder a text.
    #[must_use]
    pub fn text(mut self, value: impl Display) -> Self {
        self.args.push(Arg::Text(value.to_string()));
        self
    }

    /// Gives the next placeholder a whole number or no value.
    #[must_use]
    pub fn opt_int(mut self, value: Option<impl IntoInt>) -> Self {
        self.args.push(value.map_or(Arg::Null, |value| Arg::Int(value.into_int())));
        self
    }

    /// Gives the next placeholder a text or no value.
    #[must_use]
    pub fn opt_text(mut self, value: Option<impl Display>) -> Self {
        self.args.push(value.map_or(Arg::Null, |value| Arg::Text(value.to_string())));
        self
    }

    /// The SQL.
    #[must_use]
    pub fn sql(&self) -> &'static str {
        self.sql
    }

    /// The arguments, in order.
    #[must_use]
    pub fn args(&self) -> &[Arg] {
        &self.args
    }

    /// Whether every number arrives as it is: JavaScript keeps integers up to 2^53 − 1.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.args.iter().all(|arg| !matches!(arg, Arg::Int(value) if *value > INTEGER_MAX))
    }
}

/// What is stored as an INTEGER.
pub trait IntoInt {
    /// The number.
    fn into_int(self) -> u64;
}

impl IntoInt for u64 {
    fn into_int(self) -> u64 {
        self
    }
}

impl IntoInt for u32 {
    fn into_int(self) -> u64 {
        u64::from(self)
    }
}

impl IntoInt for bool {
    fn into_int(self) -> u64 {
        u64::from(self)
    }
}

impl IntoInt for Seq {
    fn into_int(self) -> u64 {
        self.0
    }
}

impl IntoInt for Timestamp {
    fn into_int(self) -> u64 {
        self.millis()
    }
}

impl IntoInt for PageVersion {
    fn into_int(self) -> u64 {
        u64::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_comes_first_and_nothing_is_undefined() {
        let site = SiteId::new("cloud/env");
        let statement = Statement::of(&site, "SELECT 1").int(true).opt_text(None::<&str>).opt_int(Some(Seq(7)));
        assert_eq!(statement.args(), [Arg::Text("cloud/env".into()), Arg::Int(1), Arg::Null, Arg::Int(7)]);
    }

    #[test]
    fn numbers_javascript_cannot_hold_do_not_fit() {
        let site = SiteId::new("s");
        assert!(Statement::of(&site, "").int(INTEGER_MAX).fits());
        assert!(!Statement::of(&site, "").int(INTEGER_MAX + 1).fits());
    }
}
