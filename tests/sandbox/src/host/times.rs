//! Times, written so that the browser can put them into words.

use crate::clock;
use maud::{Markup, html};

/// "5 minutes ago", once the page's script has run.
pub(super) fn ago(millis: i64) -> Markup {
    let iso = clock::iso(millis);
    html! { time datetime=(iso) { (iso) } }
}

/// To the second.
pub(super) fn exact(iso: &str) -> Markup {
    html! { time datetime=(iso) data-exact { (iso) } }
}
