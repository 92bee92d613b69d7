//! What people set for themselves.

use super::Page;
use crate::dialog::What;
use crate::ui::{El, Look, button};
use leptos::prelude::*;

/// As little as possible: most who read a page decide on nothing.
pub(super) fn view(page: Page) -> El {
    let open = Callback::new(move |()| page.open_dialog(What::Mine));
    button("mine", Look::Subtle, "My settings", page.busy.into(), open)
}
