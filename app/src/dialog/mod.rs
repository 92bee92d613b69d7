//! The dialogs of the macro: submit for review, approve, reject, pick a transition, ask somebody else or somebody without an
//! account, one's own settings.
//! A program of its own, started by the macro.

mod draft;
pub(crate) mod factors;
mod frame;
mod invite;
mod mine;
mod opening;
mod options;
pub(crate) mod picker;
mod reassign;
mod revoke;
mod select;
pub(crate) mod sending;
pub(crate) mod shown;
mod sign;
mod signing;
mod submit;
mod why;

pub(crate) use frame::{Frame, show};
pub(crate) use opening::{Invitee, Opening, Reassignable, Report, What};

use crate::{bridge, dates};
use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// The name under which the macro finds the dialogs.
const OPENER: &str = "countersignOpen";

/// Makes the dialogs available to the macro: `countersignOpen(opening, report)`.
pub fn offer_dialogs() {
    bridge::go_by(bridge::forge);
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
    let context = opening.context;
    let build = move |frame| match opening.what {
        What::Submit { version, asks } => submit::view(frame, &context, version, asks, reporter),
        What::Decide { version, decision, approval } => {
            let signed = sign::Signed { version, decision, approval };
            sign::view(frame, &context, signed, opening.enrol_first, reporter)
        }
        What::Select { version, seq, state, offer } => {
            select::view(frame, &context, select::Pick { version, seq, state, offer }, reporter)
        }
        What::Reassign(asks) => reassign::view(frame, &context, asks, reporter),
        What::Invite { version, seq, approvals, days, again } => {
            invite::view(frame, invite::Inviting { version, seq, approvals, days, again }, reporter)
        }
        What::Revoke { invitation, name } => revoke::view(frame, invitation, name, reporter),
        What::Mine => mine::view(frame, &context),
    };
    show(top, build, move || closing.send(&Report::Closed));
}
