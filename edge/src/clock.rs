//! The only place that reads the time.

use engine::time::Timestamp;

/// Now, by the platform's clock. It stands still between two awaits in production: good for expiry, not for measuring.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp(worker::Date::now().as_millis())
}
