//! The settings view: the workflow in force, when codes are asked for, and what needs an administrator.

mod connection;
mod effects;
mod emergency;
mod insights;
mod invited;
mod keys;
mod page_link;
mod policy;
mod view;
mod workflow;

use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::context::Context;
use crate::{dates, focus, space};
use engine::wire::route;
use engine::wire::settings::{OverviewRequest, OverviewResponse};
use leptos::prelude::*;

/// The manifest's key of the space page.
const SPACE_PAGE: &str = "approval-space";

/// What the settings view knows.
#[derive(Clone, Copy)]
struct Settings {
    overview: RwSignal<Option<OverviewResponse>>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    /// The person's time zone, where Forge says it.
    zone: StoredValue<Option<String>>,
}

impl Settings {
    /// Fetches everything anew; what is on screen stays until the answer is there.
    fn load(self) {
        self.busy.set(true);
        spawn(async move {
            let answer = ask(route::SETTINGS, &OverviewRequest {}).await;
            self.busy.set(false);
            self.take(answer);
        });
    }

    fn take(self, answer: Result<OverviewResponse, Failure>) {
        match answer {
            Ok(overview) => {
                self.failed.set(None);
                if self.overview.with_untracked(|held| held.as_ref() != Some(&overview)) {
                    self.overview.set(Some(overview));
                }
            }
            Err(failure) => self.failed.set(Some(failure)),
        }
    }
}

/// Starts the settings view or the space page, whichever module this is. The document's skeleton stays until there is an
/// answer.
pub fn start_settings() {
    bridge::go_by(bridge::forge);
    bridge::enable_theming();
    spawn(async {
        let context = Context::ask().await;
        dates::speak(&context);
        let Some(root) = focus::find("#countersign") else {
            return;
        };
        if context.is_module(SPACE_PAGE) {
            space::start(root).await;
            return;
        }
        let answer = ask(route::SETTINGS, &OverviewRequest {}).await;
        root.set_text_content(None);
        leptos::mount::mount_to(root, move || {
            let settings = Settings {
                overview: RwSignal::new(None),
                failed: RwSignal::new(None),
                busy: RwSignal::new(false),
                zone: StoredValue::new(context.timezone),
            };
            settings.take(answer);
            view::view(settings)
        })
        .forget();
    });
}
