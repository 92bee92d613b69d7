//! The key as text, for authenticators without a camera.

use crate::bridge::spawn;
use crate::focus;
use crate::ui::{Look, button, never};
use crate::words;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The key in groups of four, with a button that copies it.
pub(super) fn view(key: &str) -> AnyView {
    let bare = StoredValue::new(key.to_owned());
    let said = RwSignal::new("");
    let copy = Callback::new(move |()| {
        spawn(async move {
            let copied = copy(&bare.get_value()).await;
            said.set(if copied { "Copied." } else { "It is selected: press Ctrl+C or ⌘C to copy it." });
        });
    });
    view! {
        <p class="label">"Key"</p>
        <code class="key-text" data-testid="key-text">{words::grouped(key)}</code>
        <p class="again">
            {button("copy-key", Look::Default, "Copy key", never(), copy)}
            <span role="status" class="subtle">{move || said.get()}</span>
        </p>
    }
    .into_any()
}

/// Confluence may not let a frame write to the clipboard: then the key is selected, for the person to copy.
async fn copy(key: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let clipboard = window.navigator().clipboard();
    if !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(key)).await.is_ok() {
        return true;
    }
    if let (Some(code), Ok(Some(selection))) = (focus::find(".key-text"), window.get_selection()) {
        // Nothing selected is no worse than before.
        let _ = selection.select_all_children(&code);
    }
    false
}
