//! Fetching what would be signed.

use super::outcome::Outcome;
use super::{Bulk, Stage};
use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::ui::{self, Look, button, failure_notice};
use engine::wire::bulk::{BulkChallengeRequest, BulkChallengeResponse, LeftOut, Picked};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use engine::wire::status::Decision;
use leptos::prelude::*;

impl Bulk {
    /// Asks what would be signed. What was typed stays as it is.
    pub(super) fn ask(self, meaning: Option<String>) {
        if meaning.is_none() {
            let title = match self.decision {
                Decision::Approve => "Approve several pages",
                Decision::Reject => "Reject several pages",
            };
            self.frame.title.set(title.to_owned());
            self.enter(Stage::Asking);
        }
        self.failure.set(None);
        self.frame.busy.set(true);
        let chosen = meaning.is_some();
        let request = BulkChallengeRequest { decision: self.decision, items: self.picked.get_value(), meaning };
        spawn(async move {
            let answer: Result<BulkChallengeResponse, Failure> = ask(route::BULK_CHALLENGE, &request).await;
            self.frame.busy.set(false);
            match answer {
                Ok(told) => self.was_told(told, chosen),
                Err(failure) if failure.kind() == Some(ProblemKind::NoFactor) => self.enter(Stage::Enrolling),
                Err(failure) => {
                    // What the meaning was chosen from may have changed: begin with what there is now.
                    self.enter(Stage::Asking);
                    if let Failure::Refused(problem) = &failure
                        && problem.lock.is_some()
                        && self.confirming.refused(problem)
                    {
                        return;
                    }
                    let step = advice::step(&failure);
                    self.failure.set(Some((failure, step)));
                }
            }
        });
    }

    fn was_told(self, told: BulkChallengeResponse, chosen: bool) {
        let BulkChallengeResponse { list, left_out } = told;
        let is_missing = |out: &LeftOut| out.problem.kind == ProblemKind::NoFactor;
        if list.is_none() && left_out.iter().any(is_missing) {
            return self.enter(Stage::Enrolling);
        }
        self.over.set(false);
        self.stopping.set(false);
        self.confirmation.set_value(None);
        if let Some(list) = &list {
            self.outcomes.set(vec![Outcome::Waiting; list.items.len()]);
            self.confirming.is_for_all(list.items.iter().map(|item| item.listed.clone()).collect());
            self.confirming.ask_for(list.challenge.clone(), list.how.clone(), String::new());
        }
        self.left_out.set(left_out);
        self.list.set(list);
        self.enter(Stage::Choosing);
        if chosen {
            crate::focus::soon("#meanings input:checked");
        }
    }

    /// Asks anew about the pages that are left of a list that is over.
    pub(super) fn ask_for_the_rest(self) {
        self.picked.set_value(self.rest());
        self.ask(None);
    }

    /// The pages of the list there is something left to do about.
    pub(super) fn rest(self) -> Vec<Picked> {
        self.list.with_untracked(|list| {
            let items = list.as_ref().map(|list| list.items.as_slice()).unwrap_or_default();
            self.outcomes.with_untracked(|outcomes| {
                let open = items.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_open());
                open.map(|(item, _)| Picked { page: item.listed.page.clone(), page_version: item.listed.version })
                    .collect()
            })
        })
    }

    /// The button beside a failure.
    pub(super) fn take(self, step: Step) {
        match step {
            Step::ReloadPage => bridge::reload_page(),
            Step::Enrol => self.enter(Stage::Enrolling),
            _ => self.ask(None),
        }
    }
}

/// Until there is an answer, or why there is none.
pub(super) fn view(it: Bulk) -> AnyView {
    let waiting = move || {
        let nothing_to_say = it.failure.with(Option::is_none) && !it.confirming.is_held_up();
        nothing_to_say.then(ui::preparing)
    };
    view! {
        <div class="dialog-body" data-testid="bulk-asking">
            {waiting} {problem(it)} {it.confirming.lock_view(Callback::new(move |()| it.ask(None)))}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Close", it.frame.busy.into(), Callback::new(move |()| it.frame.close()))}
        </div>
    }
    .into_any()
}

pub(super) fn problem(it: Bulk) -> AnyView {
    let press = Callback::new(move |step| it.take(step));
    (move || {
        it.failure.with(|failure| {
            failure.as_ref().map(|(failure, step)| failure_notice(failure, *step, it.frame.busy.into(), press))
        })
    })
    .into_any()
}
