//! What the macro and its dialogs tell each other. They are two programs, so it travels as plain JavaScript objects.

use crate::bridge;
use crate::context::Context;
use engine::ids::PageVersion;
use engine::wire::status::PageStatus;
use js_sys::Function;
use leptos::prelude::{LocalStorage, StoredValue, WithValue};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// Which dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    /// Submit for review.
    Submit,
    /// Approve.
    Approve,
    /// Reject.
    Reject,
}

/// What a dialog has to know to open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Opening {
    /// Which dialog.
    pub(crate) what: What,
    /// The version the person has on screen.
    pub(crate) version: PageVersion,
    /// Whether the person has no authenticator yet.
    pub(crate) enrol_first: bool,
    /// Where we are.
    pub(crate) context: Context,
    /// How far down the pressed button is.
    pub(crate) top: f64,
}

/// What a dialog reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Report {
    /// Something was recorded; this is the page's status now.
    Status(PageStatus),
    /// It is closed.
    Closed,
}

/// The way back to the macro.
#[derive(Clone)]
pub(crate) struct Reporter(Function);

impl Reporter {
    pub(crate) fn new(report: Function) -> Self {
        Self(report)
    }

    /// Tells the macro.
    pub(crate) fn send(&self, report: &Report) {
        if let Some(report) = bridge::write(report) {
            // If the macro is gone there is nobody to tell.
            let _ = self.0.call1(&JsValue::UNDEFINED, &report);
        }
    }
}

/// A reporter that views can hold.
pub(crate) type SharedReporter = StoredValue<Reporter, LocalStorage>;

/// Tells the macro of a new status.
pub(crate) fn tell_status(reporter: SharedReporter, status: PageStatus) {
    reporter.try_with_value(|reporter| reporter.send(&Report::Status(status)));
}
