//! Whether Confluence can be reached as the app.

use crate::ui::{Tone, el, notice, when_exact, when_until};
use engine::wire::settings::Installation;
use leptos::prelude::*;

pub(super) fn view(installation: &Installation) -> AnyView {
    let state = if installation.unreachable {
        let title = "This installation can’t be reached";
        let detail = "Confluence has not called Countersign for more than three hours, so page states, bylines and mails wait. \
                      Approvals are not affected. Check under Apps → Manage apps that Countersign is installed, enabled and \
                      up to date; if it is, reinstall it or ask Atlassian support.";
        notice(Tone::Warning, "unreachable", title, detail, None)
    } else {
        el("p", "good").id("reachable").text("Connected: Confluence answers.")
    };
    let heard = match installation.last_heard_at {
        Some(at) => when_exact(at),
        None => el("span", "").text("never"),
    };
    let until = installation.token_until.map(|at| view! { <dt>"Access until"</dt><dd>{when_until(at)}</dd> });
    view! {
        <section class="section" data-testid="section-connection" aria-labelledby="h-connection">
            <h2 id="h-connection">"Connection"</h2>
            {state}
            <dl class="facts">
                <dt>"Last heard from Confluence"</dt>
                <dd>{heard}</dd>
                {until}
            </dl>
        </section>
    }
    .into_any()
}
