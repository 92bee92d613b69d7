//! How a request gets to the edge: through Forge inside Confluence, by itself on a page of the Worker's own.
//!
//! Each program says once which way it goes, when it starts: so views that ask something work in all of them, and none carries
//! the other's code.

use super::remote::Failure;
use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use wasm_bindgen::JsValue;

/// An answer on its way: its body.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>;

/// Sends a question to a path.
pub(crate) type Way = fn(&'static str, JsValue) -> Answer;

thread_local! {
    static WAY: Cell<Option<Way>> = const { Cell::new(None) };
}

/// All requests of this program go this way.
pub(crate) fn go_by(way: Way) {
    WAY.set(Some(way));
}

/// Sends a question on the program's way.
pub(super) fn send(path: &'static str, question: JsValue) -> Answer {
    WAY.get().map_or_else(|| Box::pin(async { Err(Failure::Unreachable) }) as Answer, |way| way(path, question))
}
