//! The list, with all that is chosen and typed for it.

use super::outcome::Outcome;
use super::{Bulk, asking, pages};
use crate::dialog::shown;
use crate::focus;
use crate::ui::{Look, Tone, button, comment_field, comment_is_fine, countdown, notice};
use engine::wire::bulk::{BulkItem, BulkList};
use engine::wire::status::Decision;
use leptos::prelude::*;

pub(super) fn view(it: Bulk) -> AnyView {
    // Another meaning is another list.
    it.list.with(|list| match list {
        Some(list) => choosing(it, list),
        None => nothing(it),
    })
}

/// Nothing of what was picked can be signed.
fn nothing(it: Bulk) -> AnyView {
    let out = it.left_out.with_untracked(|out| pages::left_out(out, it.decision));
    let close = Callback::new(move |()| it.frame.close());
    view! {
        <div class="dialog-body" data-testid="bulk-nothing">
            {out}
        </div>
        <div class="dialog-foot">{button("cancel", Look::Primary, "Close", it.frame.busy.into(), close)}</div>
    }
    .into_any()
}

fn choosing(it: Bulk, list: &BulkList) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let count = list.items.len();
    let pages = if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
    let (verb, look, label, done) = match it.decision {
        Decision::Approve => ("Approve", Look::Primary, "Comment, the same for every page", "approve"),
        Decision::Reject => ("Reject", Look::Danger, "What has to change? The same for every page", "reject"),
    };
    it.frame.title.set(format!("{verb} {pages}"));
    let lead = format!("You {done} each of them by itself: one confirmation, and an entry of its own for every page.");
    let required = list.items.iter().any(|item| item.comment_required);
    let send = Callback::new(move |()| it.confirm());
    let choose = Callback::new(move |meaning| it.ask(Some(meaning)));
    let held_back = Signal::derive(move || busy.get() || it.confirming.is_held_back());
    let close = Callback::new(move |()| it.frame.close());
    view! {
        <div class="dialog-body" data-testid="bulk-list">
            <p>{lead}</p>
            // A keyboard must be able to scroll a long list.
            <div class="scroll tall" tabindex="0" role="group" aria-label="Pages to sign">
                <ol class="apart">{list.items.iter().map(pages::signed).collect_view()}</ol>
            </div>
            {it.left_out.with_untracked(|out| pages::left_out(out, it.decision))}
            <div class="shown">
                {shown::meanings(&list.meanings, &list.meaning, choose)}
                {shown::statement(&list.meaning)}
                <p class="subtle small">
                    "You sign the title, the text and the attachments of these versions. Not covered: included pages, what \
                     other macros put out, and live data."
                </p>
            </div>
            {comment_field("comment", label, required, it.comment, it.comment_fault)}
            {it.confirming.view(send)}
            {it.confirming.problem(Callback::new(move |()| it.ask(None)))}
            {asking::problem(it)}
            {expiry(it, list)}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Cancel", busy, close)}
            {button("bulk-sign", look, &format!("{verb} {pages}"), held_back, send)}
        </div>
    }
    .into_any()
}

/// This machine's clock may be wrong, so running out only offers a new list; the edge decides.
fn expiry(it: Bulk, list: &BulkList) -> AnyView {
    let over = RwSignal::new(false);
    let left = countdown(list.expires_at, Callback::new(move |()| over.set(true)));
    let again = Callback::new(move |()| it.ask(None));
    let offer = move || {
        over.get().then(|| {
            let said = "The time to confirm is over. Ask again to see what you sign; what you typed stays.";
            let button = button("ask-again", Look::Default, "Ask again", it.frame.busy.into(), again);
            notice(Tone::Warning, "expired", "", said, Some(button))
        })
    };
    view! {
        <p class="subtle expiry" class:hidden=move || over.get()>"Time left for all of them: " {left}</p>
        {offer}
    }
    .into_any()
}

impl Bulk {
    /// Begins, if what was typed can be right.
    fn confirm(self) {
        if self.frame.busy.get_untracked() || self.confirming.is_locked() {
            return;
        }
        // Every fault is shown; the focus goes to the first.
        let code_fine = self.confirming.is_fine();
        if !self.comment_is_fine() || !code_fine {
            return;
        }
        let Some(confirmation) = self.confirming.confirmation() else { return };
        self.confirmation.set_value(Some(confirmation));
        self.outcomes.update(|outcomes| outcomes.fill(Outcome::Waiting));
        self.run();
    }

    fn comment_is_fine(self) -> bool {
        let required = |item: &BulkItem| item.comment_required;
        let asks = self.list.with_untracked(|list| list.as_ref().is_some_and(|list| list.items.iter().any(required)));
        let missing = match self.decision {
            Decision::Approve => "Say why: at least one of these approvals asks for a comment.",
            Decision::Reject => "Say why, so that the authors know what to change.",
        };
        let fine = comment_is_fine(self.comment, asks.then_some(missing), self.comment_fault);
        if !fine {
            focus::now("#comment");
        }
        fine
    }
}
