//! Progress, one line a thing.

use std::time::Duration;

/// A heading: what the next lines belong to.
pub(crate) fn heading(text: &str) {
    println!("\n{text}");
}

/// One thing under a heading and how it stands.
pub(crate) fn line(thing: &str, state: &str) {
    println!("  {thing:<24} {state}");
}

/// Seconds, short.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
