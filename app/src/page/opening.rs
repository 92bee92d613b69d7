//! Opening a dialog: a program of its own, fetched on the first press.

use super::Page;
use crate::bridge;
use crate::bridge::spawn;
use crate::dialog::{Opening, Report, What};
use crate::focus;
use engine::wire::status::{FactorState, Source};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The function in the document that fetches the dialogs and opens one.
const FETCHER: &str = "countersignDialog";

impl Page {
    /// Opens a dialog. Nothing else can be pressed until it is closed.
    pub(super) fn open_dialog(self, what: What) {
        let factor_missing = self.actions.with_untracked(
            |actions| matches!(actions, Some(Ok(answer)) if answer.factor == Some(FactorState::Missing)),
        );
        let enrol_first = factor_missing && matches!(what, What::Decide { .. });
        let opening = Opening { what, enrol_first, context: self.context.get_value(), top: focus::top() };
        self.busy.set(true);
        self.trouble.set(None);
        spawn(async move {
            if fetch(&opening, self.listener()).await.is_none() {
                self.busy.set(false);
                let why = "The dialog could not be loaded. Check your connection, then press the button again.";
                self.trouble.set(Some(why.to_owned()));
            }
        });
    }

    /// What the dialog calls with its reports.
    fn listener(self) -> JsValue {
        let changed = StoredValue::new(false);
        Closure::<dyn Fn(JsValue)>::new(move |report| match bridge::read(report) {
            Some(Report::Status(status)) => {
                bridge::repaint_byline(&status.state.name);
                self.take(*status, Source::Journal);
                changed.set_value(true);
                self.refresh();
            }
            Some(Report::Closed) | None => self.closed(changed.get_value()),
        })
        .into_js_value()
    }

    /// What was refused may have become outdated on screen; what was recorded has been asked about already.
    fn closed(self, changed: bool) {
        self.busy.set(false);
        if !changed {
            self.refresh();
        }
        // The button that was pressed may be gone by now.
        request_animation_frame(|| {
            if focus::is_nowhere() {
                focus::now(".title");
            }
        });
    }
}

async fn fetch(opening: &Opening, listener: JsValue) -> Option<()> {
    let opening = bridge::write(opening)?;
    let fetcher: Function = Reflect::get(&js_sys::global(), &FETCHER.into()).ok()?.dyn_into().ok()?;
    let opened: Promise = fetcher.call2(&JsValue::UNDEFINED, &opening, &listener).ok()?.dyn_into().ok()?;
    JsFuture::from(opened).await.ok()?;
    Some(())
}
