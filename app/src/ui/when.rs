//! Points in time.

use super::el::{El, el};
use crate::{clock, dates, time};
use engine::time::Timestamp;

/// "3 minutes ago"; the exact time is in the title.
pub(crate) fn when_ago(at: Timestamp) -> El {
    moment(at).text(&time::ago(at, clock::now()))
}

/// "21 Nov 2026, 14:05 (3 minutes ago)".
pub(crate) fn when_exact(at: Timestamp) -> El {
    exact(at, &time::ago(at, clock::now()))
}

/// "21 Nov 2026, 14:05 (in 3 minutes)".
pub(crate) fn when_until(at: Timestamp) -> El {
    exact(at, &time::until(at, clock::now()))
}

fn exact(at: Timestamp, phrase: &str) -> El {
    let phrase = ["(", phrase, ")"].concat();
    el("span", "when").add(moment(at).text(&dates::short(at))).text(" ").add(el("span", "subtle").text(&phrase))
}

fn moment(at: Timestamp) -> El {
    el("time", "").attr("datetime", &dates::iso(at)).attr("title", &dates::full(at))
}
