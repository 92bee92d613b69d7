//! Deciding on many pages at once: one look at the list, one confirmation, then each page by itself.
//!
//! * [`asking`]: fetching what would be signed; [`choosing`]: showing it, with meaning, comment and confirmation.
//! * [`run`]: one request a page, one after another; [`result`]: how each came out.
//! * [`outcome`]: what an answer means for the rest of the list. Pure.

mod asking;
mod choosing;
mod outcome;
mod pages;
mod result;
mod run;

use crate::advice::Step;
use crate::bridge::Failure;
use crate::confirming::Confirming;
use crate::dialog::{Frame, show};
use crate::{enrolment, focus};
use engine::wire::bulk::{BulkList, LeftOut, Picked};
use engine::wire::confirm::Confirmation;
use engine::wire::status::Decision;
use leptos::prelude::*;
use outcome::Outcome;

/// Where the dialog stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// An authenticator has to be set up first.
    Enrolling,
    /// What is to be signed is being fetched, or could not be.
    Asking,
    /// It is shown; meaning, comment and code can be chosen.
    Choosing,
    /// One page after another is decided on.
    Running,
    /// It ended: how each page came out.
    Ended,
}

/// The dialog.
#[derive(Clone, Copy)]
struct Bulk {
    frame: Frame,
    decision: Decision,
    /// What is asked about, with the versions on screen.
    picked: StoredValue<Vec<Picked>>,
    stage: RwSignal<Stage>,
    list: RwSignal<Option<BulkList>>,
    left_out: RwSignal<Vec<LeftOut>>,
    comment: RwSignal<String>,
    comment_fault: RwSignal<Option<String>>,
    confirming: Confirming,
    /// What confirms it; gone once the list is open.
    confirmation: StoredValue<Option<Confirmation>>,
    /// How each page of the list came out, in its order.
    outcomes: RwSignal<Vec<Outcome>>,
    /// Whether it shall end after the page that is under way.
    stopping: RwSignal<bool>,
    /// Whether nothing of this list can be decided on any more.
    over: RwSignal<bool>,
    failure: RwSignal<Option<(Failure, Step)>>,
}

/// Opens it. `closed` is called once it is closed, whatever came of it.
pub(crate) fn open(decision: Decision, picked: Vec<Picked>, closed: impl Fn() + 'static) {
    show(focus::top(), move |frame| view(frame, decision, picked), closed);
}

fn view(frame: Frame, decision: Decision, picked: Vec<Picked>) -> AnyView {
    let it = Bulk {
        frame,
        decision,
        picked: StoredValue::new(picked),
        stage: RwSignal::new(Stage::Asking),
        list: RwSignal::new(None),
        left_out: RwSignal::new(Vec::new()),
        comment: RwSignal::new(String::new()),
        comment_fault: RwSignal::new(None),
        confirming: Confirming::new(frame.busy),
        confirmation: StoredValue::new(None),
        outcomes: RwSignal::new(Vec::new()),
        stopping: RwSignal::new(false),
        over: RwSignal::new(false),
        failure: RwSignal::new(None),
    };
    it.ask(None);
    // While it runs and when it ended is one view: whoever reads the list does not lose their place.
    let shown = Memo::new(move |_| match it.stage.get() {
        Stage::Ended => Stage::Running,
        stage => stage,
    });
    view! {
        {move || match shown.get() {
            Stage::Enrolling => enrolling(it),
            Stage::Asking => asking::view(it),
            Stage::Choosing => choosing::view(it),
            Stage::Running | Stage::Ended => result::view(it),
        }}
    }
    .into_any()
}

fn enrolling(it: Bulk) -> AnyView {
    it.frame.title.set("Set up your authenticator".to_owned());
    let done = Callback::new(move |()| it.ask(None));
    let close = Callback::new(move |()| it.frame.close());
    enrolment::view(it.frame.busy, it.frame.title, done, close)
}

impl Bulk {
    fn enter(self, stage: Stage) {
        self.failure.set(None);
        // What follows the same stage is shown by the signals in it: the focus stays where it is.
        if self.stage.get_untracked() != stage {
            self.stage.set(stage);
            self.frame.focus_heading();
        }
    }
}
