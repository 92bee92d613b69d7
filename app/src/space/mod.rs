//! The space page: every page under a workflow that the person may see; many that wait for them can be decided on at once.

mod list;
mod picks;

use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::dialog::factors;
use crate::focus;
use crate::ui::failure_notice;
use engine::wire::route;
use engine::wire::space::{SpaceRequest, SpaceResponse};
use leptos::prelude::*;
use picks::Picks;
use web_sys::HtmlElement;

type Answer = Result<SpaceResponse, Failure>;

/// What the space page knows.
#[derive(Clone, Copy)]
struct Space {
    answer: RwSignal<Answer>,
    busy: RwSignal<bool>,
    picks: Picks,
}

impl Space {
    /// Fetches the pages anew; what is on screen stays until the answer is there, and what was picked stays picked as long as
    /// it waits for the person.
    fn load(self) {
        self.busy.set(true);
        spawn(async move {
            let new: Answer = ask(route::SPACE, &SpaceRequest {}).await;
            self.busy.set(false);
            self.take(new);
        });
    }

    fn take(self, new: Answer) {
        if let Ok(told) = &new {
            self.picks.keep(&told.pages);
        }
        self.answer.set(new);
        // The button that was pressed may be gone by now.
        request_animation_frame(|| {
            if focus::is_nowhere() {
                focus::now(".title");
            }
        });
    }
}

/// Shows the space page once there is an answer.
pub(crate) async fn start(root: HtmlElement) {
    let answer: Answer = ask(route::SPACE, &SpaceRequest {}).await;
    root.set_text_content(None);
    leptos::mount::mount_to(root, move || {
        view(Space { answer: RwSignal::new(answer), busy: RwSignal::new(false), picks: Picks::none() })
    })
    .forget();
}

fn view(space: Space) -> AnyView {
    let again = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => space.load(),
    });
    view! {
        <div class="settings space" data-testid="space">
            <h1 class="title" tabindex="-1">"Approvals"</h1>
            <div class="buttons">{factors::opener()}</div>
            {move || space.answer.with(|answer| match answer {
                Ok(answer) => list::view(space, answer),
                Err(failure) => failure_notice(failure, advice::step(failure), space.busy.into(), again).into_any(),
            })}
        </div>
    }
    .into_any()
}
