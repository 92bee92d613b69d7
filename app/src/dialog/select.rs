//! Picking a transition.

use super::opening::{Reporter, SharedReporter, tell_status};
use super::sending::Sending;
use super::{Frame, draft};
use crate::bridge;
use crate::context::Context;
use crate::focus;
use crate::ui::{comment_field, comment_is_fine};
use engine::ids::{PageVersion, Seq};
use engine::wire::act::SelectRequest;
use engine::wire::route;
use engine::wire::status::{PageStatus, SelectOffer};
use leptos::prelude::*;

/// Which transition, seen on which page.
pub(super) struct Pick {
    pub(super) version: PageVersion,
    pub(super) seq: Seq,
    pub(super) state: String,
    pub(super) offer: SelectOffer,
}

#[derive(Clone, Copy)]
struct Select {
    frame: Frame,
    pick: StoredValue<Pick>,
    context: StoredValue<Context>,
    reporter: SharedReporter,
    comment: RwSignal<String>,
    comment_fault: RwSignal<Option<String>>,
    sending: Sending,
}

/// The dialog's content.
pub(super) fn view(frame: Frame, context: &Context, pick: Pick, reporter: Reporter) -> AnyView {
    frame.title.set(pick.offer.name.clone());
    let state = pick.state.clone();
    let (name, version, required) = (pick.offer.name.clone(), pick.version.0, pick.offer.comment_required);
    let it = Select {
        frame,
        pick: StoredValue::new(pick),
        context: StoredValue::new(context.clone()),
        reporter: StoredValue::new_local(reporter),
        comment: RwSignal::new(draft::load(context)),
        comment_fault: RwSignal::new(None),
        sending: Sending::new(frame),
    };
    let go = Callback::new(move |()| it.go());
    Effect::new(move || it.context.with_value(|context| it.comment.with(|text| draft::keep(context, text))));
    view! {
        <div class="dialog-body" data-testid="select-dialog">
            <p>
                "The page leaves the state “" {state} "”. This is recorded with your name, for "
                <strong>{format!("version {version}")}</strong>
                ". A review under way ends without a result; what was approved stays approved."
            </p>
            <div class:hidden=move || it.sending.is_confirming()>
                {comment_field("comment", "Comment", required, it.comment, it.comment_fault)}
            </div>
            {it.sending.confirmation()}
            {it.sending.problem(go)}
        </div>
        {it.sending.foot("select-confirm", name, go)}
    }
    .into_any()
}

impl Select {
    fn go(self) {
        let required = self.pick.with_value(|pick| pick.offer.comment_required);
        let missing = required.then_some("Say why: this step asks for a comment.");
        if self.sending.is_busy() {
            return;
        }
        if !comment_is_fine(self.comment, missing, self.comment_fault) {
            return focus::now("#comment");
        }
        let comment = self.comment.get_untracked();
        let (to, page_version, seq) = self.pick.with_value(|pick| (pick.offer.to.clone(), pick.version, pick.seq));
        let request =
            move |confirm| SelectRequest { to: to.clone(), page_version, seq, comment: comment.clone(), confirm };
        let done = move |status: Option<PageStatus>| {
            let said = match status {
                Some(status) => {
                    let said = ["The page is now in “", &status.state.name, "”"].concat();
                    tell_status(self.reporter, status);
                    said
                }
                None => "The page has moved on".to_owned(),
            };
            self.comment.set(String::new());
            self.context.with_value(|context| draft::keep(context, ""));
            bridge::show_success("countersign-selected", &said);
            self.frame.close();
        };
        self.sending.act(route::SELECT, request, done, |_| false);
    }
}
