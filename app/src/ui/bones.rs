//! What stands where an answer will be.

use leptos::prelude::*;

/// Nothing is known yet; a screen reader is told so.
pub(crate) fn loading() -> AnyView {
    view! {
        <div role="status">
            <p class="sr">"Loading…"</p>
            {bones()}
        </div>
    }
    .into_any()
}

/// What is about to be signed is on its way.
pub(crate) fn preparing() -> AnyView {
    view! {
        <div role="status" data-testid="preparing">
            <p>"Fetching what you are about to sign…"</p>
            {bones()}
        </div>
    }
    .into_any()
}

fn bones() -> AnyView {
    view! {
        <div class="bone wide"></div>
        <div class="bone"></div>
    }
    .into_any()
}
