//! Buttons.

use super::el::{El, el};
use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Clone, Copy)]
pub(crate) enum Look {
    /// The one thing to do here.
    Primary,
    /// Another thing to do.
    Default,
    /// A thing that refuses or removes.
    Danger,
    /// As little as possible.
    Subtle,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Default => "button",
            Self::Danger => "button danger",
            Self::Subtle => "button subtle",
        }
    }
}

/// A button. While `busy` it keeps the focus but does nothing: a second press sends nothing twice.
pub(crate) fn button(testid: &str, look: Look, label: &str, busy: Signal<bool>, press: Callback<()>) -> El {
    let is_busy = move || busy.get().to_string();
    el("button", look.class())
        .id(testid)
        .attr("type", "button")
        .live_attr("aria-disabled", is_busy)
        .text(label)
        .on_press(move || {
            if !busy.get_untracked() {
                press.run(());
            }
        })
}

/// For buttons that can always be pressed.
pub(crate) fn never() -> Signal<bool> {
    Signal::derive(|| false)
}
