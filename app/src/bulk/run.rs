//! One request a page, one after another.

use super::outcome::{About, Outcome, Tally, about};
use super::{Bulk, Stage};
use crate::advice;
use crate::bridge::{Failure, ask, show_success, spawn};
use engine::wire::bulk::{BulkDecisionRequest, BulkDecisionResponse};
use engine::wire::route;
use engine::wire::status::Decision;
use leptos::prelude::*;

/// What comes after an answer.
enum Next {
    /// The next page.
    Page,
    /// Nothing, for now or for good.
    End,
    /// The confirmation is asked for again.
    Confirm(Failure),
}

impl Bulk {
    /// Decides on every page that is left, in order; what is there already is not asked for again.
    pub(super) fn run(self) {
        self.stopping.set(false);
        self.frame.busy.set(true);
        let doing = match self.decision {
            Decision::Approve => "Approving",
            Decision::Reject => "Rejecting",
        };
        self.frame.title.set(format!("{doing} one page after another"));
        self.enter(Stage::Running);
        spawn(async move {
            let count = self.outcomes.with_untracked(Vec::len);
            for index in 0..count {
                let open = self.outcomes.with_untracked(|all| all.get(index).is_some_and(Outcome::is_open));
                if !open {
                    continue;
                }
                if self.stopping.get_untracked() {
                    break;
                }
                match self.one(index).await {
                    Next::Page => {}
                    Next::End => break,
                    Next::Confirm(failure) => return self.ask_again(&failure),
                }
            }
            self.end();
        });
    }

    async fn one(self, index: usize) -> Next {
        let Some(request) = self.request(index) else { return Next::End };
        let before = self.outcomes.with_untracked(|all| all.get(index).cloned()).unwrap_or(Outcome::Waiting);
        self.came_out(index, Outcome::Sending);
        let answer: Result<BulkDecisionResponse, Failure> = ask(route::BULK_DECISION, &request).await;
        let Err(failure) = answer else {
            self.opened();
            self.came_out(index, Outcome::Recorded);
            return Next::Page;
        };
        match about(&failure) {
            About::Page | About::Moment => {
                // The code was looked at before the page: the list is open.
                self.opened();
                let why = advice::in_a_line(&failure);
                let again = about(&failure) == About::Moment;
                self.came_out(index, if again { Outcome::Unsure(why) } else { Outcome::Refused(why) });
                Next::Page
            }
            About::Way => {
                self.came_out(index, Outcome::Unsure(advice::in_a_line(&failure)));
                let step = advice::step_after_decision(&failure);
                self.failure.set(Some((failure, step)));
                Next::End
            }
            About::Confirmation if self.confirmation.with_value(Option::is_some) => {
                self.came_out(index, before);
                Next::Confirm(failure)
            }
            About::Confirmation | About::List => {
                self.came_out(index, before);
                self.over.set(true);
                let step = advice::step(&failure);
                self.failure.set(Some((failure, step)));
                Next::End
            }
        }
    }

    fn request(self, index: usize) -> Option<BulkDecisionRequest> {
        let code = self.confirmation.with_value(|given| given.as_ref().map(|given| given.code.clone()));
        self.list.with_untracked(|list| {
            let list = list.as_ref()?;
            Some(BulkDecisionRequest {
                challenge: list.challenge.clone(),
                items: list.items.iter().map(|item| item.listed.clone()).collect(),
                index: u32::try_from(index).ok()?,
                decision: self.decision,
                comment: self.comment.get_untracked(),
                code: code.unwrap_or_default(),
            })
        })
    }

    /// The code was looked at and is right: the rest of the list needs none.
    fn opened(self) {
        if self.confirmation.with_value(Option::is_some) {
            self.confirmation.set_value(None);
            self.confirming.is_spent();
        }
    }

    fn came_out(self, index: usize, outcome: Outcome) {
        self.outcomes.update(|all| {
            if let Some(one) = all.get_mut(index) {
                *one = outcome;
            }
        });
    }

    /// The code was refused before anything was decided.
    fn ask_again(self, failure: &Failure) {
        self.frame.busy.set(false);
        self.enter(Stage::Choosing);
        let Failure::Refused(problem) = failure else { return };
        // The field it is about is only built with the next frame.
        let problem = problem.clone();
        request_animation_frame(move || {
            if !self.confirming.refused(&problem) {
                let failure = Failure::Refused(problem);
                let step = advice::step(&failure);
                self.failure.set(Some((failure, step)));
            }
        });
    }

    fn end(self) {
        self.frame.busy.set(false);
        let tally = self.outcomes.with_untracked(|all| Tally::of(all));
        let headline = tally.headline(self.decision);
        if tally.recorded > 0 {
            show_success("countersign-bulk", &headline);
        }
        self.frame.title.set(headline);
        let failure = self.failure.get_untracked();
        self.enter(Stage::Ended);
        self.failure.set(failure);
    }
}
