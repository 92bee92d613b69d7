//! What time it is, as Confluence writes it. Tests may move it on, so that nobody has to wait for an hour.

use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds this Confluence is ahead of the machine: a test that lets time pass for the Worker lets it pass here.
static AHEAD: AtomicI64 = AtomicI64::new(0);

/// Sets how far this Confluence is ahead of the machine.
pub(crate) fn set_ahead(millis: i64) {
    AHEAD.store(millis, Ordering::Relaxed);
}

/// Seconds since 1970.
#[must_use]
pub(crate) fn seconds() -> i64 {
    millis().div_euclid(1000)
}

/// Milliseconds since 1970.
#[must_use]
pub(crate) fn millis() -> i64 {
    Timestamp::now().as_millisecond().saturating_add(AHEAD.load(Ordering::Relaxed))
}

/// ISO 8601 with milliseconds, such as `2026-11-21T21:45:00.000Z`.
#[must_use]
pub(crate) fn iso(millis: i64) -> String {
    let at = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}
