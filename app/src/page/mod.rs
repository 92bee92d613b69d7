//! The macro in the text and the popup of the byline: one page's status.
//!
//! ```text
//! STATUS (one read of the copy) ──► on screen: "Version 7 approved by …"
//!    ├─► CONFIRM (the journal) and the page's version ──► "this is the version you see" | "changed since" | "could not be confirmed"
//!    └─► ACTIONS ──► buttons, or why there are none
//! ```

mod actions;
mod approved;
mod confirm_line;
mod history;
mod invited;
mod mine;
mod opening;
pub(crate) mod phrases;
mod requests;
mod review;
mod store;
mod verdict;
mod view;

use crate::bridge::spawn;
use crate::bridge::{self, Failure};
use crate::context::Context;
use crate::{dates, focus};
use core::time::Duration;
use engine::ids::{ApprovalId, PageVersion};
use engine::wire::status::{ActionsResponse, ApprovalView, PageStatus, Source};
use leptos::prelude::*;
use store::Held;
use verdict::VersionLook;

/// The manifest's key of the byline module.
const BYLINE: &str = "approval-byline";

/// What is known of the page. Every part of the view reads from here and nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// Where we are.
    context: StoredValue<Context>,
    /// The status on screen, once there is one.
    held: RwSignal<Option<Held>>,
    /// Whether there is one. Parts that must not be built anew with each answer follow this.
    shown: RwSignal<bool>,
    /// Why there is none.
    failed: RwSignal<Option<Failure>>,
    /// The page's version now.
    look: RwSignal<VersionLook>,
    /// The version that was current when this frame was loaded: what the person has on screen.
    on_screen: RwSignal<Option<PageVersion>>,
    /// What the person may do.
    actions: RwSignal<Option<Result<ActionsResponse, Failure>>>,
    /// Whether something is being fetched again, or a dialog is open.
    busy: RwSignal<bool>,
    /// Why a dialog could not be opened.
    trouble: RwSignal<Option<String>>,
    /// When the page was last confirmed, by this machine's clock.
    confirmed_at: StoredValue<f64>,
}

impl Page {
    fn new(context: Context) -> Self {
        Self {
            context: StoredValue::new(context),
            held: RwSignal::new(None),
            shown: RwSignal::new(false),
            failed: RwSignal::new(None),
            look: RwSignal::new(VersionLook::Checking),
            on_screen: RwSignal::new(None),
            actions: RwSignal::new(None),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
            confirmed_at: StoredValue::new(0.0),
        }
    }

    /// Puts a status on screen, unless a newer one is there.
    fn take(self, status: PageStatus, source: Source) {
        let next = Held { status, source };
        if self.held.with_untracked(|held| next.replaces(held.as_ref())) {
            self.held.set(Some(next));
            if !self.shown.get_untracked() {
                self.shown.set(true);
            }
        }
        self.failed.set(None);
    }

    /// Reads something of the status; nothing before there is one.
    fn read<T>(self, part: impl FnOnce(&PageStatus) -> T) -> Option<T> {
        self.held.with(|held| held.as_ref().map(|held| part(&held.status)))
    }

    /// The same for parts that are not built anew when the status changes.
    fn peek<T>(self, part: impl FnOnce(&PageStatus) -> T) -> Option<T> {
        self.held.with_untracked(|held| held.as_ref().map(|held| part(&held.status)))
    }

    /// Reads something of an approval under way.
    fn approval<T>(self, id: &ApprovalId, part: impl FnOnce(&ApprovalView) -> T) -> Option<T> {
        self.peek(|status| {
            let approvals = &status.review.as_ref()?.approvals;
            approvals.iter().find(|approval| approval.id == *id).map(part)
        })
        .flatten()
    }
}

/// Starts the macro. What is in the document until then (a skeleton) stays until there is something to show.
pub fn start_macro() {
    bridge::go_by(bridge::forge);
    bridge::enable_theming();
    spawn(async {
        // The bridge knows the context without asking the network; the status is asked for at once.
        let status = requests::first_status();
        let context = Context::ask().await;
        dates::speak(&context);
        let byline = context.is_module(BYLINE);
        let Some(root) = focus::find("#countersign") else {
            return;
        };
        if byline {
            let _ = root.class_list().add_1("byline");
        }
        let answer = status.await;
        dates::put_off();
        root.set_text_content(None);
        leptos::mount::mount_to(root, move || {
            let page = Page::new(context);
            page.start(answer);
            view::view(page, byline)
        })
        .forget();
        // The state is seen first, then dates are written.
        request_animation_frame(|| set_timeout(dates::catch_up, Duration::ZERO));
    });
}
