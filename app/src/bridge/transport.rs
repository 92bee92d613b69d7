//! How a request gets to the edge: through Forge inside Confluence, by itself on a page of the Worker's own.

use super::remote::Failure;
use core::future::Future;
use wasm_bindgen::JsValue;

/// A way to the edge. Each program uses one, so that none carries the other's code.
pub(crate) trait Transport {
    /// Sends a question; gives back the answer's body.
    fn send(path: &str, question: JsValue) -> impl Future<Output = Result<JsValue, Failure>>;
}
