//! Points in time.

use super::el::{El, el};
use crate::{clock, dates, time};
use engine::time::Timestamp;

/// "3 minutes ago"; the exact time is in the title.
pub(crate) fn when_ago(at: Timestamp) -> El {
    moment(at, None).text(&time::ago(at, clock::now()))
}

/// "21 Nov 2026, 14:05 (3 minutes ago)".
pub(crate) fn when_exact(at: Timestamp) -> El {
    exact(at, &time::ago(at, clock::now()))
}

/// "21 Nov 2026, 14:05 (in 3 minutes)".
pub(crate) fn when_until(at: Timestamp) -> El {
    exact(at, &time::until(at, clock::now()))
}

/// "21 November 2026".
pub(crate) fn when_day(at: Timestamp) -> El {
    moment(at, Some(dates::day))
}

fn exact(at: Timestamp, phrase: &str) -> El {
    let phrase = ["(", phrase, ")"].concat();
    el("span", "when").add(moment(at, Some(dates::short))).text(" ").add(el("span", "subtle").text(&phrase))
}

/// A point in time; what is to be read of it is written once there is time for it.
fn moment(at: Timestamp, read: Option<fn(Timestamp) -> String>) -> El {
    let time = el("time", "").attr("datetime", &dates::iso(at));
    let later = time.clone();
    dates::when_there_is_time(Box::new(move || {
        let later = later.attr("title", &dates::full(at));
        if let Some(read) = read {
            later.text(&read(at));
        }
    }));
    time
}
