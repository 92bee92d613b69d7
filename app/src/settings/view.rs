//! The settings view.

use super::{Settings, connection, effects, emergency, insights, invited, keys, policy, workflow};
use crate::advice::{self, Step};
use crate::bridge;
use crate::dialog::factors;
use crate::ui::failure_notice;
use leptos::prelude::*;

/// All sections, those that need somebody first.
pub(super) fn view(settings: Settings) -> AnyView {
    let there = Memo::new(move |_| settings.overview.with(Option::is_some));
    view! {
        <div class="settings" data-testid="settings">
            <h1 class="title" tabindex="-1">"Countersign"</h1>
            <p class="lead">"Approval workflows for Confluence pages, confirmed with one-time codes."</p>
            <div class="buttons">{factors::opener()}</div>
            {move || failure(settings)}
            {move || there.get().then(|| sections(settings))}
        </div>
    }
    .into_any()
}

fn sections(settings: Settings) -> AnyView {
    let overview = settings.overview;
    view! {
        {move || overview.with(|overview| overview.as_ref().map(|overview| connection::view(&overview.installation)))}
        {effects::view(settings)}
        {insights::view(settings.zone.get_value())}
        {move || overview.with(|overview| overview.as_ref().map(|overview| workflow::view(&overview.workflow)))}
        {policy::view()}
        {invited::view()}
        {emergency::view()}
        {keys::view()}
    }
    .into_any()
}

fn failure(settings: Settings) -> AnyView {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => settings.load(),
    });
    settings
        .failed
        .with(|failed| {
            failed.as_ref().map(|failure| failure_notice(failure, advice::step(failure), settings.busy.into(), press))
        })
        .into_any()
}
