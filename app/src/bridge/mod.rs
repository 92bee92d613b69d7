//! The only module that knows Forge: everything goes through `globalThis.__bridge.callBridge(command, data)`.
//!
//! It is what Atlassian's own `@forge/bridge` package calls; a conformance test runs that package against the same host
//! so that a drift is noticed.

mod host;
mod product;
mod read;
mod remote;
mod transport;

pub(crate) use host::{
    enable_theming, navigate_to_page, open_comparison, open_page, open_tab, reload_page, repaint_byline, show_success,
};
pub(crate) use product::{Found, page_version, search_groups, search_people};
pub(crate) use read::read;
pub(crate) use remote::{Failure, ask, forge, refused, unreachable};
pub(crate) use transport::{Answer, go_by};

use core::future::Future;
use core::pin::Pin;
use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Forge itself gives up after 25 s; a bridge that never answers must not leave a page loading for ever.
const PATIENCE_MS: i32 = 30_000;

/// Why a command gave no result.
pub(crate) enum Fault {
    /// There is no bridge, or it refused; its words, for telling apart what Forge only says in words.
    Refused(String),
    /// It did not answer in time.
    Silent,
}

/// Calls the bridge.
pub(crate) async fn call(command: &str, data: &JsValue) -> Result<JsValue, Fault> {
    let refused = |error: JsValue| Fault::Refused(message(&error));
    let bridge = Reflect::get(&js_sys::global(), &"__bridge".into()).map_err(refused)?;
    let method = Reflect::get(&bridge, &"callBridge".into()).map_err(refused)?;
    let method: Function = method.dyn_into().map_err(refused)?;
    let answer = method.call2(&bridge, &command.into(), data).map_err(refused)?;
    let silence = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Without a timer the call just has no time limit.
            let _ =
                window.set_timeout_with_callback_and_timeout_and_arguments_1(&resolve, PATIENCE_MS, &js_sys::global());
        }
    });
    let first = Promise::race(&Array::of2(&Promise::resolve(&answer), &silence));
    let result = JsFuture::from(first).await.map_err(refused)?;
    // The timer resolves with the global object, which no command returns.
    if result == JsValue::from(js_sys::global()) { Err(Fault::Silent) } else { Ok(result) }
}

fn message(error: &JsValue) -> String {
    error.as_string().or_else(|| text_at(error, &["message"])).unwrap_or_default()
}

/// The value at a path of members.
pub(crate) fn value_at(value: &JsValue, path: &[&str]) -> Option<JsValue> {
    let mut found = value.clone();
    for member in path {
        found = Reflect::get(&found, &(*member).into()).ok()?;
    }
    (!found.is_undefined() && !found.is_null()).then_some(found)
}

/// The text at a path of members.
pub(crate) fn text_at(value: &JsValue, path: &[&str]) -> Option<String> {
    value_at(value, path)?.as_string()
}

/// An object of these members.
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a fresh plain object can't fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// One of our types as a JavaScript value.
pub(crate) fn write<T: Serialize>(value: &T) -> Option<JsValue> {
    // A map becomes a plain object: on its way through the bridge it becomes JSON.
    value.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true)).ok()
}

/// Runs a task beside what is going on. All tasks are of one type to the compiler: what runs them is built once.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    spawn_boxed(Box::pin(task));
}

fn spawn_boxed(task: Pin<Box<dyn Future<Output = ()>>>) {
    wasm_bindgen_futures::spawn_local(task);
}
