//! Saving the list as a file.

use super::arrange::arranged;
use super::csv::csv;
use super::{Insights, words};
use crate::bridge::spawn;
use crate::ui::{Look, button};
use crate::{clock, dates, focus};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Tells spreadsheets that it is UTF-8.
const MARK: &str = "\u{feff}";
/// Long enough for a browser to begin reading what it saves.
const A_MOMENT: core::time::Duration = core::time::Duration::from_secs(30);

/// The button, and what became of it. The file holds what the list shows, on all its pages.
pub(super) fn view(it: Insights) -> AnyView {
    let said = RwSignal::new(None::<String>);
    let whole = Signal::derive(move || it.busy.get() || it.people.with(Vec::is_empty));
    let press = Callback::new(move |()| {
        let (file, count) = file(it);
        let name = format!("countersign-approvers-{}.csv", dates::iso(clock::now()).get(..10).unwrap_or_default());
        said.set(Some(match save(&name, &file) {
            Ok(()) => format!(
                "{} saved as {name}. If your browser saved nothing, copy the list instead.",
                words::people(count)
            ),
            Err(_) => "Your browser refused to save a file from here. Copy the list instead.".to_owned(),
        }));
    });
    let copy = Callback::new(move |()| {
        spawn(async move {
            let copied = copy(&file(it).0).await;
            said.set(Some(if copied {
                "Copied. Paste it into a spreadsheet or a text file.".to_owned()
            } else {
                "Your browser refused to copy from here.".to_owned()
            }));
        });
    });
    view! {
        {button("insights-csv", Look::Default, "Download as CSV", whole, press)}
        {move || said.get().map(|text| view! {
            {button("insights-copy", Look::Subtle, "Copy", whole, copy)}
            <span role="status" class="subtle" data-testid="csv-said">{text}</span>
        })}
    }
    .into_any()
}

fn file(it: Insights) -> (String, usize) {
    it.people.with_untracked(|people| {
        let wanted = it.filter.with_untracked(|filter| arranged(people, filter, it.sort.get_untracked()));
        let count = wanted.len();
        (csv(wanted, dates::iso), count)
    })
}

fn save(name: &str, file: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&[MARK, file].concat().into());
    let kind = BlobPropertyBag::new();
    kind.set_type("text/csv;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let document = focus::document().ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // It is read after the press; then the memory is given back.
    set_timeout(move || drop(Url::revoke_object_url(&address)), A_MOMENT);
    Ok(())
}

async fn copy(file: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = window.navigator().clipboard();
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(file)).await.is_ok()
}
