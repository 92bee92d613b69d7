//! Asking the edge, and what is made of its answers.

use super::Page;
use super::verdict::VersionLook;
use crate::advice;
use crate::bridge::spawn;
use crate::bridge::{Failure, ask, page_version};
use core::cell::RefCell;
use core::future::Future;
use engine::wire::route;
use engine::wire::status::{
    ActionsRequest, ConfirmRequest, ConfirmResponse, Source, StatusRequest, StatusResponse, VersionNow,
};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::VisibilityState;

/// A page that was out of sight this long is confirmed again when it is looked at.
const STALE_MS: f64 = 30_000.0;

pub(super) type FirstAnswer = Result<StatusResponse, Failure>;

/// Asks for the status right away; the future only fetches the answer.
pub(super) fn first_status() -> impl Future<Output = FirstAnswer> {
    let slot: Rc<RefCell<Option<FirstAnswer>>> = Rc::default();
    let answered = js_sys::Promise::new(&mut |resolve, _| {
        let slot = Rc::clone(&slot);
        spawn(async move {
            let answer = ask(route::STATUS, &StatusRequest {}).await;
            slot.replace(Some(answer));
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        });
    });
    async move {
        let _ = wasm_bindgen_futures::JsFuture::from(answered).await;
        slot.take().unwrap_or(Err(Failure::Silent))
    }
}

impl Page {
    /// Shows the first answer, then asks for what stands behind it.
    pub(super) fn start(self, answer: FirstAnswer) {
        self.take_first(answer);
        self.look_again_when_seen_again();
    }

    fn take_first(self, answer: FirstAnswer) {
        match answer {
            Ok(answer) => {
                self.take(answer.status, answer.source);
                self.refresh();
            }
            Err(failure) => self.failed.set(Some(failure)),
        }
    }

    /// Asks for the status again after a failure.
    pub(super) fn retry(self) {
        self.busy.set(true);
        spawn(async move {
            let answer = ask(route::STATUS, &StatusRequest {}).await;
            self.busy.set(false);
            self.take_first(answer);
        });
    }

    /// Asks the journal, Confluence, and what the person may do.
    pub(super) fn refresh(self) {
        self.confirmed_at.set_value(js_sys::Date::now());
        spawn(self.confirm());
        spawn(self.ask_actions());
    }

    /// Asks again on a press: says that it is being checked.
    pub(super) fn confirm_again(self) {
        self.look.set(VersionLook::Checking);
        self.refresh();
    }

    async fn confirm(self) {
        let answer = ask(route::CONFIRM, &ConfirmRequest {}).await;
        let look = match answer {
            Ok(ConfirmResponse { status, page_version }) => {
                self.take(status, Source::Journal);
                self.version_now(page_version).await
            }
            Err(failure) => VersionLook::Unknown(advice::in_a_line(&failure)),
        };
        if let VersionLook::Seen(version) = look
            && self.on_screen.get_untracked().is_none()
        {
            self.on_screen.set(Some(version));
        }
        let next = self.look.with_untracked(|held| held.followed_by(look));
        if self.look.with_untracked(|held| *held != next) {
            self.look.set(next);
        }
    }

    async fn version_now(self, said: VersionNow) -> VersionLook {
        match said {
            VersionNow::Known { version } => VersionLook::Seen(version),
            VersionNow::Unknown { reason } => VersionLook::Unknown(reason),
            VersionNow::AskBridge => {
                let content_id = self.context.with_value(|context| context.content_id.clone()).unwrap_or_default();
                match page_version(&content_id).await {
                    Ok(version) => VersionLook::Seen(version),
                    Err(reason) => VersionLook::Unknown(reason.to_owned()),
                }
            }
        }
    }

    async fn ask_actions(self) {
        let answer = ask(route::ACTIONS, &ActionsRequest {}).await;
        // Buttons that stay are not built anew: one of them may have the focus.
        if self.actions.with_untracked(|held| held.as_ref() != Some(&answer)) {
            self.actions.set(Some(answer));
        }
    }

    fn look_again_when_seen_again(self) {
        let Some(document) = crate::focus::document() else {
            return;
        };
        let watched = document.clone();
        let seen = Closure::<dyn Fn()>::new(move || {
            let stale = js_sys::Date::now() - self.confirmed_at.get_value() > STALE_MS;
            if watched.visibility_state() == VisibilityState::Visible
                && stale
                && self.failed.with_untracked(Option::is_none)
            {
                self.refresh();
            }
        });
        // Without the event the page is just not confirmed again by itself.
        let _ = document.add_event_listener_with_callback("visibilitychange", seen.as_ref().unchecked_ref());
        seen.forget();
    }
}
