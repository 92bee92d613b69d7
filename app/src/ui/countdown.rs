//! Time running out, and locks.

use super::el::{El, el};
use super::notice::{Tone, notice, notice_of};
use crate::{clock, dates, time};
use core::time::Duration;
use engine::time::Timestamp;
use engine::token::guessing::Lock;
use leptos::prelude::*;

/// The time left until then, each second anew; calls `at_end` once.
pub(crate) fn countdown(until: Timestamp, at_end: Callback<()>) -> El {
    let passed = RwSignal::new(false);
    let tick = move || {
        passed.notify();
        if (until - clock::now()).is_zero() && !passed.get_untracked() {
            passed.set(true);
            at_end.run(());
        }
    };
    if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
    el("span", "countdown").id("countdown").live_text(move || {
        passed.track();
        time::countdown(until - clock::now())
    })
}

/// Says that codes are refused, and until when.
pub(crate) fn lock_notice(lock: Lock, at_end: Callback<()>) -> El {
    match lock {
        Lock::Until { at } => {
            let until = el("time", "").attr("datetime", &dates::iso(at)).attr("title", &dates::full(at));
            let words = el("p", "")
                .text("To protect your account, codes are refused for another ")
                .add(countdown(at, at_end))
                .text(" (until ")
                .add(until.text(&dates::short(at)))
                .text("). You can go on after that.");
            notice_of(Tone::Warning, "locked", "Too many wrong codes", words, None)
        }
        Lock::UntilUnlocked => notice(
            Tone::Error,
            "locked",
            "Your codes are locked",
            "There were too many wrong codes. Ask a Confluence administrator to unlock you in the settings of Countersign, \
             under “Locked people”.",
            None,
        ),
    }
}
