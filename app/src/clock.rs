//! What time it is on the server, as well as the browser can tell.

use core::cell::Cell;
use engine::time::Timestamp;

thread_local! {
    /// Milliseconds the server's clock is ahead of this machine's.
    static AHEAD: Cell<f64> = const { Cell::new(0.0) };
}

/// Now, by the server's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp(whole(js_sys::Date::now() + AHEAD.get()))
}

/// Learns from an answer's `Date` header how far this machine's clock is off: a countdown must not end minutes early
/// on a machine whose clock is wrong. The header counts in seconds, so smaller differences mean nothing.
pub(crate) fn heard_date(header: &str) {
    let said = js_sys::Date::parse(header);
    let ahead = said - js_sys::Date::now();
    if said.is_finite() {
        AHEAD.set(if ahead.abs() < 2_000.0 { 0.0 } else { ahead });
    }
}

/// A clock reading without its fraction; what is no reading (negative, not a number) is 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted")]
fn whole(millis: f64) -> u64 {
    millis as u64
}
