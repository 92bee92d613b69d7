//! A comment that was typed but not sent outlives the dialog and a reload of the page: no refusal costs it.

use crate::context::Context;
use web_sys::Storage;

fn key(context: &Context) -> Option<String> {
    context.content_id.as_deref().map(|page| ["countersign-comment/", page].concat())
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// What was typed before on this page.
pub(super) fn load(context: &Context) -> String {
    key(context).and_then(|key| storage()?.get_item(&key).ok()?).unwrap_or_default()
}

/// Keeps what is typed until the tab is closed.
pub(super) fn keep(context: &Context, text: &str) {
    let (Some(key), Some(storage)) = (key(context), storage()) else {
        return;
    };
    // A full or forbidden storage only means that the comment does not outlive the dialog.
    let _ = if text.trim().is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, text) };
}
