//! The dialogs of the macro: submit for review, approve, reject. A program of its own, started by the macro.

mod draft;
mod frame;
mod opening;
mod shown;
mod sign;
mod signing;
mod submit;

pub(crate) use frame::{Frame, show};
pub(crate) use opening::{Opening, Report, What};

use crate::{bridge, dates};
use engine::wire::status::Decision;
use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// The name under which the macro finds the dialogs.
const OPENER: &str = "countersignOpen";

/// Makes the dialogs available to the macro: `countersignOpen(opening, report)`.
pub fn offer_dialogs() {
    let opener = Closure::<dyn Fn(JsValue, JsValue)>::new(|opening, report: JsValue| {
        if let (Some(opening), Ok(report)) = (bridge::read(opening), report.dyn_into::<Function>()) {
            open(opening, report);
        }
    });
    // A plain member of the global object can always be set.
    let _ = Reflect::set(&js_sys::global(), &OPENER.into(), &opener.into_js_value());
}

fn open(opening: Opening, report: Function) {
    dates::speak(&opening.context);
    let reporter = opening::Reporter::new(report);
    let closing = reporter.clone();
    let top = opening.top;
    let build = move |frame| match opening.what {
        What::Submit => submit::view(frame, &opening, reporter),
        What::Approve => sign::view(frame, &opening, Decision::Approve, reporter),
        What::Reject => sign::view(frame, &opening, Decision::Reject, reporter),
    };
    show(top, build, move || closing.send(&Report::Closed));
}
