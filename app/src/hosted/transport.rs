//! The way to the edge from its own page: the browser's own requests, with the cookie.

use crate::bridge::{Answer, Failure, refused, unreachable};
use crate::clock;
use gloo_net::http::Request;
use js_sys::JSON;
use wasm_bindgen::JsValue;

/// By the page's own requests.
pub(super) fn own(path: &'static str, question: JsValue) -> Answer {
    Box::pin(send(path, question))
}

async fn send(path: &str, question: JsValue) -> Result<JsValue, Failure> {
    let body = JSON::stringify(&question).map_err(|_| Failure::Garbled)?;
    let request = Request::post(path).header("content-type", "application/json").body(JsValue::from(body));
    let answer = request.map_err(|_| Failure::Garbled)?.send().await.map_err(|_| unreachable())?;
    if let Some(date) = answer.headers().get("date") {
        clock::heard_date(&date);
    }
    let text = answer.text().await.map_err(|_| unreachable())?;
    let body = JSON::parse(&text).unwrap_or_default();
    if answer.ok() { Ok(body) } else { Err(refused(body)) }
}
