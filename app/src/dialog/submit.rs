//! Submitting for review.

use super::opening::{Reporter, SharedReporter, tell_status};
use super::picker::{Picker, Source};
use super::sending::Sending;
use super::{Frame, draft};
use crate::bridge;
use crate::context::Context;
use crate::focus;
use crate::ui::{comment_field, comment_is_fine};
use engine::ids::{AccountId, ApprovalId, PageVersion};
use engine::wire::act::SubmitRequest;
use engine::wire::route;
use engine::wire::status::{AssignReviewers, PageStatus, Submitting};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Reviewers the submitter has to name.
#[derive(Clone)]
struct Naming {
    approval: ApprovalId,
    at_least: usize,
    picker: Picker,
}

#[derive(Clone, Copy)]
struct Submit {
    frame: Frame,
    version: PageVersion,
    comment_required: bool,
    naming: StoredValue<Vec<Naming>>,
    context: StoredValue<Context>,
    reporter: SharedReporter,
    comment: RwSignal<String>,
    comment_fault: RwSignal<Option<String>>,
    sending: Sending,
}

/// The dialog's content.
pub(super) fn view(
    frame: Frame,
    context: &Context,
    version: PageVersion,
    asks: Submitting,
    reporter: Reporter,
) -> AnyView {
    frame.title.set("Submit for review".to_owned());
    let naming = asks.assign.into_iter().enumerate().map(|(index, assign)| Naming::new(index, assign)).collect();
    let it = Submit {
        frame,
        version,
        comment_required: asks.comment_required,
        naming: StoredValue::new(naming),
        context: StoredValue::new(context.clone()),
        reporter: StoredValue::new_local(reporter),
        comment: RwSignal::new(draft::load(context)),
        comment_fault: RwSignal::new(None),
        sending: Sending::new(frame),
    };
    let submit = Callback::new(move |()| it.submit());
    Effect::new(move || it.context.with_value(|context| it.comment.with(|text| draft::keep(context, text))));
    view! {
        <div class="dialog-body">
            <p>
                "You submit " <strong>{format!("version {}", version.0)}</strong>
                " for review. Reviewers decide on exactly this version; if the page is edited before they have, it goes back."
            </p>
            <div class:hidden=move || it.sending.is_confirming()>
                {it.naming.with_value(|all| all.iter().map(|one| one.picker.view()).collect_view())}
                {comment_field("comment", "What should reviewers know?", it.comment_required, it.comment, it.comment_fault)}
            </div>
            {it.sending.confirmation()}
            {it.sending.problem(submit)}
        </div>
        {it.sending.foot("submit-confirm", "Submit for review".to_owned(), submit)}
    }
    .into_any()
}

impl Naming {
    fn new(index: usize, assign: AssignReviewers) -> Self {
        let label = match assign.at_least {
            0 | 1 => ["Who reviews for “", &assign.name, "”?"].concat(),
            more => format!("Who reviews for “{}”? At least {more} people", assign.name),
        };
        let source = if assign.candidates.is_empty() { Source::Confluence } else { Source::Listed(assign.candidates) };
        Self {
            approval: assign.approval,
            at_least: usize::try_from(assign.at_least).unwrap_or(usize::MAX),
            picker: Picker::many(["reviewers-", &index.to_string()].concat(), label, source),
        }
    }

    /// Whether enough are named; says so beside the field if not.
    fn is_fine(&self) -> bool {
        let missing = self.at_least.saturating_sub(self.picker.count());
        let fault = match missing {
            0 => return true,
            _ if self.at_least == 1 => "Name somebody who reviews.".to_owned(),
            1 => "Name 1 more person.".to_owned(),
            more => format!("Name {more} more people."),
        };
        self.picker.refuse(fault);
        false
    }
}

impl Submit {
    fn submit(self) {
        let missing = self.comment_required.then_some("Say why: submitting this page asks for a comment.");
        if self.sending.is_busy() {
            return;
        }
        // Every fault is shown; the focus goes to the first.
        let comment_fine = comment_is_fine(self.comment, missing, self.comment_fault);
        let wrong = self.naming.with_value(|all| all.iter().filter(|one| !one.is_fine()).map(|one| one.picker).next());
        match (wrong, comment_fine) {
            (Some(picker), _) => picker.focus(),
            (None, false) => focus::now("#comment"),
            (None, true) => self.send(),
        }
    }

    fn send(self) {
        let assigned: BTreeMap<ApprovalId, BTreeSet<AccountId>> =
            self.naming.with_value(|all| all.iter().map(|one| (one.approval.clone(), one.picker.accounts())).collect());
        let (page_version, comment) = (self.version, self.comment.get_untracked());
        let request = move |confirm| SubmitRequest {
            page_version,
            comment: comment.clone(),
            assigned: assigned.clone(),
            confirm,
        };
        let done = move |status: Option<PageStatus>| {
            if let Some(status) = status {
                tell_status(self.reporter, status);
            }
            self.done();
        };
        self.sending.act(route::SUBMIT, request, done, |_| false);
    }

    fn done(self) {
        self.comment.set(String::new());
        self.context.with_value(|context| draft::keep(context, ""));
        bridge::show_success("countersign-submitted", "Submitted for review");
        self.frame.close();
    }
}
