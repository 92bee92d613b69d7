//! Asking Confluence itself, with the rights of the person who looks.

use super::{call, object, read, text_at, value_at};
use engine::ids::PageVersion;
use js_sys::{Array, JSON};
use wasm_bindgen::JsValue;

/// The page's current version; otherwise a sentence that says why it is not known.
pub(crate) async fn page_version(content_id: &str) -> Result<PageVersion, &'static str> {
    if content_id.is_empty() || !content_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("Confluence did not say which page this is.");
    }
    let path = ["/wiki/api/v2/pages/", content_id].concat();
    let header = |name: &str, value: &str| JsValue::from(Array::of2(&name.into(), &value.into()));
    let headers = Array::of2(&header("accept", "application/json"), &header("x-atlassian-token", "no-check"));
    let data = object(&[
        ("product", "confluence".into()),
        ("restPath", path.as_str().into()),
        ("fetchRequestInit", object(&[("method", "GET".into()), ("body", JsValue::NULL), ("headers", headers.into())])),
        ("isMultipartFormData", false.into()),
    ]);
    let answer = call("fetchProduct", &data).await.map_err(|_| "Confluence did not answer.")?;
    match value_at(&answer, &["status"]).and_then(|status| status.as_f64()) {
        Some(200.0) => version_in(&answer).ok_or("Confluence's answer could not be read."),
        Some(403.0 | 404.0) => Err("Confluence does not let you see this page's version."),
        _ => Err("Confluence did not answer."),
    }
}

fn version_in(answer: &JsValue) -> Option<PageVersion> {
    let page = JSON::parse(&text_at(answer, &["body"])?).ok()?;
    let number = value_at(&page, &["version", "number"])?;
    read(number)
}
