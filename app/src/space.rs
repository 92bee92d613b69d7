//! The space page: every page under a workflow that the person may see.

use crate::advice::{self, Step};
use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::dialog::factors;
use crate::ui::{failure_notice, lozenge, when_ago};
use engine::wire::route;
use engine::wire::space::{SpacePage, SpaceRequest, SpaceResponse};
use leptos::prelude::*;
use web_sys::HtmlElement;

type Answer = Result<SpaceResponse, Failure>;

/// Shows the space page once there is an answer.
pub(crate) async fn start(root: HtmlElement) {
    let answer: Answer = ask(route::SPACE, &SpaceRequest {}).await;
    root.set_text_content(None);
    leptos::mount::mount_to(root, move || view(RwSignal::new(answer), RwSignal::new(false))).forget();
}

fn view(answer: RwSignal<Answer>, busy: RwSignal<bool>) -> AnyView {
    let again = Callback::new(move |step| {
        if step == Step::ReloadPage {
            return bridge::reload_page();
        }
        busy.set(true);
        spawn(async move {
            let new: Answer = ask(route::SPACE, &SpaceRequest {}).await;
            busy.set(false);
            answer.set(new);
        });
    });
    view! {
        <div class="settings space" data-testid="space">
            <h1 class="title" tabindex="-1">"Approvals"</h1>
            <div class="buttons">{factors::opener()}</div>
            {move || answer.with(|answer| match answer {
                Ok(answer) => pages(answer),
                Err(failure) => failure_notice(failure, advice::step(failure), busy.into(), again).into_any(),
            })}
        </div>
    }
    .into_any()
}

fn pages(answer: &SpaceResponse) -> AnyView {
    if answer.pages.is_empty() {
        return view! {
            <div class="empty" data-testid="empty">
                <p class="notice-title">"No page of this space is under a workflow yet"</p>
                <p>"Edit a page, type /approval and insert the Countersign macro. The page shows up here once it is published."</p>
            </div>
        }
        .into_any();
    }
    let waiting = answer.pages.iter().filter(|page| page.waits_for_me).count();
    let lead = match waiting {
        0 => "Nothing waits for you.".to_owned(),
        1 => "1 page waits for your decision.".to_owned(),
        more => format!("{more} pages wait for your decision."),
    };
    let cut = answer.cut.then(|| view! { <p class="subtle">"There are more pages than are shown here."</p> });
    view! {
        <p class="lead" data-testid="banner-waiting">{lead}</p>
        <table class="table pages">
            <thead>
                <tr>
                    <th scope="col">"Page"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Approved"</th>
                    <th scope="col">"In this state"</th>
                </tr>
            </thead>
            <tbody>{answer.pages.iter().map(row).collect_view()}</tbody>
        </table>
        {cut}
    }
    .into_any()
}

fn row(page: &SpacePage) -> AnyView {
    let id = StoredValue::new(page.page.as_str().to_owned());
    let approved = match page.approved_version {
        Some(version) => format!("Version {}", version.0),
        None => "Not yet".to_owned(),
    };
    let changed = page
        .changed_since_approval
        .then(|| view! { " " <span class="tag warning" data-testid="changed">"Changed since"</span> });
    let waits =
        page.waits_for_me.then(|| view! { <span class="tag information" data-testid="waits">"Waits for you"</span> });
    view! {
        <tr data-testid="space-row">
            <th scope="row" data-label="Page">
                <button type="button" class="link" on:click=move |_| id.with_value(|id| bridge::navigate_to_page(id))>
                    {page.title.clone()}
                </button>
                {waits}
            </th>
            <td data-label="State">{lozenge(&page.state, "state")}</td>
            <td data-label="Approved"><span>{approved} {changed}</span></td>
            <td data-label="In this state">{when_ago(page.entered_at)}</td>
        </tr>
    }
    .into_any()
}
