//! What an admin does: ask for it, carry it out, withdraw it. Each is shown before it is sent.

use super::Emergency;
use crate::dialog::sending::Sending;
use crate::dialog::{Frame, show};
use crate::focus;
use crate::page::phrases;
use crate::ui::{comment_field, comment_is_fine, quoted};
use engine::ids::ApprovalId;
use engine::wire::act::Acted;
use engine::wire::emergency::{AskRequest, CarryOutRequest, EmergencyResponse, WithdrawRequest};
use engine::wire::problem::Problem;
use engine::wire::route;
use engine::wire::status::{Decision, PageStatus};
use leptos::prelude::*;

/// What is done.
#[derive(Clone)]
pub(super) enum What {
    /// Ask to decide on this approval.
    Ask {
        /// Which.
        approval: ApprovalId,
        /// Its name.
        name: String,
    },
    /// Carry out what was asked for.
    CarryOut,
    /// Take that back.
    Withdraw,
}

/// A dialog on its way.
#[derive(Clone, Copy)]
struct Doing {
    it: Emergency,
    frame: Frame,
    told: StoredValue<EmergencyResponse>,
    sending: Sending,
    decision: RwSignal<Decision>,
    reason: RwSignal<String>,
    reason_fault: RwSignal<Option<String>>,
}

/// Opens it. Afterwards the page is looked at again, whatever came of it.
pub(super) fn open(it: Emergency, told: &EmergencyResponse, what: What) {
    let told = StoredValue::new(told.clone());
    let build = move |frame: Frame| {
        let doing = Doing {
            it,
            frame,
            told,
            sending: Sending::new(frame),
            decision: RwSignal::new(Decision::Approve),
            reason: RwSignal::new(String::new()),
            reason_fault: RwSignal::new(None),
        };
        match what {
            What::Ask { approval, name } => asking(doing, approval, &name),
            What::CarryOut => carrying_out(doing),
            What::Withdraw => withdrawing(doing),
        }
    };
    show(focus::top(), build, move || it.load());
}

fn asking(doing: Doing, approval: ApprovalId, name: &str) -> AnyView {
    doing.frame.title.set(format!("Decide in place of “{name}”"));
    let alone = doing.told.with_value(|told| told.alone);
    let then = if alone {
        "No other Confluence admin is known here: you can carry it out yourself once a day has passed, unless somebody withdraws it."
    } else {
        "Then another Confluence admin has to carry it out. Until they do, nothing is decided."
    };
    let go = Callback::new(move |()| doing.ask(approval.clone()));
    let choice = |decision: Decision, label: &'static str| {
        let id = ["emergency-", decision.as_str()].concat();
        view! {
            <div class="radio">
                <input
                    type="radio"
                    name="emergency-decision"
                    id=id.clone()
                    data-testid=id.clone()
                    prop:checked=move || doing.decision.get() == decision
                    on:change=move |_| doing.decision.set(decision)
                />
                <label for=id>{label}</label>
            </div>
        }
    };
    view! {
        <div class="dialog-body" data-testid="emergency-dialog">
            <div class="form" class:hidden=move || doing.sending.is_confirming()>
                <fieldset class="radios">
                    <legend>"What shall be decided"</legend>
                    {choice(Decision::Approve, "Approve")}
                    {choice(Decision::Reject, "Reject")}
                </fieldset>
                {comment_field("reason", "Why it can’t wait for the reviewers", true, doing.reason, doing.reason_fault)}
                <p>{then}</p>
            </div>
            {doing.sending.confirmation()}
            {doing.sending.problem(go)}
        </div>
        {doing.sending.foot("emergency-go", "Ask for emergency access".to_owned(), go)}
    }
    .into_any()
}

fn carrying_out(doing: Doing) -> AnyView {
    doing.frame.title.set("Carry out emergency access".to_owned());
    let facts = doing.told.with_value(|told| {
        let request = told.status.review.as_ref()?.emergency.clone()?;
        let what = format!(
            "{} version {} of “{}” in place of “{}”",
            match request.decision {
                Decision::Approve => "Approve",
                Decision::Reject => "Reject",
            },
            told.page_version.0,
            told.title,
            request.approval_name,
        );
        Some(view! {
            <p><strong>{what}</strong></p>
            <p>{["Asked for by ", &request.by, ":"].concat()}</p>
            {quoted(Some(&request.reason))}
        })
    });
    let go = Callback::new(move |()| doing.carry_out());
    view! {
        <div class="dialog-body" data-testid="emergency-dialog">
            {facts}
            <p class:hidden=move || doing.sending.is_confirming()>
                "Nobody reviewed it: the page will say that two admins decided, who they were, and why. Read the page before you go on."
            </p>
            {doing.sending.confirmation()}
            {doing.sending.problem(go)}
        </div>
        {doing.sending.foot("emergency-go", "Carry it out".to_owned(), go)}
    }
    .into_any()
}

fn withdrawing(doing: Doing) -> AnyView {
    doing.frame.title.set("Withdraw the request".to_owned());
    let what = doing.told.with_value(|told| {
        let request = told.status.review.as_ref()?.emergency.as_ref()?;
        Some(format!(
            "{} asked to {} in place of “{}”.",
            request.by,
            phrases::to_do(request.decision),
            request.approval_name
        ))
    });
    let go = Callback::new(move |()| doing.withdraw());
    view! {
        <div class="dialog-body" data-testid="emergency-dialog">
            <p>{what} " Withdrawn, it can’t be carried out. The request and its end stay in the record, and everybody who was told is told."</p>
            {doing.sending.problem(go)}
        </div>
        {doing.sending.foot("emergency-go", "Withdraw".to_owned(), go)}
    }
    .into_any()
}

impl Doing {
    fn ask(self, approval: ApprovalId) {
        if self.sending.is_busy() {
            return;
        }
        if !comment_is_fine(
            self.reason,
            Some("Say why. It is kept with the entry, and told to everybody concerned."),
            self.reason_fault,
        ) {
            return focus::now("#reason");
        }
        let Some(page) = self.it.page.get_value() else { return };
        let (page_version, seq) = self.told.with_value(|told| (told.page_version, told.status.seq));
        let (decision, reason) = (self.decision.get_untracked(), self.reason.get_untracked());
        let request = move |confirm| AskRequest {
            page: page.clone(),
            page_version,
            seq,
            approval: approval.clone(),
            decision,
            reason: reason.clone(),
            confirm,
        };
        let placed = move |problem: &Problem| self.at_reason(problem);
        self.sending.act(
            route::EMERGENCY_ASK,
            request,
            move |_| self.done("Emergency access is asked for. Everybody concerned is told."),
            placed,
        );
    }

    fn carry_out(self) {
        let Some(page) = self.it.page.get_value().filter(|_| !self.sending.is_busy()) else { return };
        let of =
            |told: &EmergencyResponse| Some((told.page_version, told.status.review.as_ref()?.emergency.as_ref()?.seq));
        let Some((page_version, asked)) = self.told.with_value(of) else { return };
        let request = move |confirm| CarryOutRequest { page: page.clone(), page_version, asked, confirm };
        let done = move |_: Option<PageStatus>| self.done("It is decided, and said on the page.");
        self.sending.act(route::EMERGENCY_CARRY_OUT, request, done, |_| false);
    }

    fn withdraw(self) {
        let Some(page) = self.it.page.get_value().filter(|_| !self.sending.is_busy()) else { return };
        let done = move |_: Option<Acted>| self.done("The request is withdrawn.");
        self.sending.send(route::EMERGENCY_WITHDRAW, WithdrawRequest { page }, done, |_| false);
    }

    fn done(self, said: &'static str) {
        self.it.said.set(Some(said));
        self.frame.close();
    }

    fn at_reason(self, problem: &Problem) -> bool {
        let about = problem.field.as_deref() == Some("reason");
        if about {
            self.reason_fault.set(Some(problem.detail.clone()));
            focus::now("#reason");
        }
        about
    }
}
