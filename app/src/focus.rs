//! Finding elements and moving the keyboard's focus.

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

/// The document of this frame.
pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The first element a selector finds.
pub(crate) fn find(selector: &str) -> Option<HtmlElement> {
    document()?.query_selector(selector).ok()??.dyn_into().ok()
}

/// Moves the focus there once what is being built now is on the page.
pub(crate) fn soon(selector: &'static str) {
    leptos::prelude::request_animation_frame(move || now(selector));
}

/// Moves the focus there.
pub(crate) fn now(selector: &str) {
    if let Some(element) = find(selector) {
        // An element that can't take the focus leaves it where it is.
        let _ = element.focus();
    }
}

/// Whether what has the focus fits a selector.
pub(crate) fn is_at(selector: &str) -> bool {
    document()
        .and_then(|document| document.active_element())
        .is_some_and(|element| element.matches(selector).unwrap_or(false))
}

/// Whether the focus was lost because what had it is gone.
pub(crate) fn is_nowhere() -> bool {
    document().is_some_and(|document| document.active_element().is_none_or(|element| element.tag_name() == "BODY"))
}

/// How far down what has the focus begins, so that a dialog opens where the person looks: in a frame as high as its
/// content nothing scrolls, and "the middle of the window" may be out of sight.
pub(crate) fn top() -> f64 {
    document()
        .and_then(|document| document.active_element())
        .map_or(0.0, |element| element.get_bounding_client_rect().top())
}
