//! Requests to the page around our frame.

use super::{call, object, spawn};
use wasm_bindgen::JsValue;

/// The content property that the byline shows, as the manifest names it.
const BYLINE_PROPERTY: &str = "countersign-byline";

/// Follows Confluence's light or dark theme.
pub(crate) fn enable_theming() {
    tell("enableTheming", JsValue::UNDEFINED);
}

/// Loads the whole Confluence page anew; where there is none around us, our own.
pub(crate) fn reload_page() {
    spawn(async move {
        if call("reload", &JsValue::UNDEFINED).await.is_err() {
            let _ = web_sys::window().map(|window| window.location().reload());
        }
    });
}

/// Goes to a Confluence page in this tab.
pub(crate) fn navigate_to_page(content_id: &str) {
    let to = [("target", "contentView".into()), ("contentId", content_id.into()), ("type", "same-tab".into())];
    tell("navigate", object(&to));
}

/// Opens a Confluence page in a new tab.
pub(crate) fn open_page(content_id: &str) {
    let to = [("target", "contentView".into()), ("contentId", content_id.into()), ("type", "new-tab".into())];
    tell("navigate", object(&to));
}

/// Opens Confluence's own comparison of two versions of a page in a new tab.
pub(crate) fn open_comparison(content_id: &str, from: u32, to: u32) {
    let versions = format!("&selectedPageVersions={from}&selectedPageVersions={to}");
    open_tab(&["/wiki/pages/diffpagesbyversion.action?pageId=", content_id, &versions].concat());
}

/// Opens an address in a new tab: the frame itself may not.
pub(crate) fn open_tab(url: &str) {
    tell("navigate", object(&[("url", url.into()), ("type", "new-tab".into())]));
}

/// A short message in the corner of Confluence.
pub(crate) fn show_success(id: &str, title: &str) {
    let flag = [("id", id.into()), ("title", title.into()), ("type", "success".into()), ("isAutoDismiss", true.into())];
    tell("showFlag", object(&flag));
}

/// Has the byline under the page's title show the new state at once; the property itself is written by the edge.
pub(crate) fn repaint_byline(title: &str) {
    let update = object(&[("title", title.into())]);
    let payload = object(&[("propertyKey", BYLINE_PROPERTY.into()), ("valueUpdate", update)]);
    tell("emit", object(&[("event", "FORGE_CONTENT_PROPERTY_UPDATED".into()), ("payload", payload)]));
}

/// Courtesies: if the page around us does not know them, nothing is lost.
fn tell(command: &'static str, data: JsValue) {
    spawn(async move {
        let _ = call(command, &data).await;
    });
}
