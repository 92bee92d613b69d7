//! What somebody invited can say: the panel beside the document.

use super::Visit;
use super::answer::{Answering, Step};
use crate::dialog::shown;
use crate::enrolment::{self, Wanted};
use crate::ui::{self, Look, button, comment_field, countdown, failure_notice};
use engine::wire::invited::{InvitedChallenge, InvitedShown};
use engine::wire::status::Decision;
use leptos::prelude::*;

pub(super) fn view(visit: Visit, shown: &InvitedShown) -> AnyView {
    let it = Answering::new(visit, shown);
    view! {
        <h2 id="dialog-title" tabindex="-1" data-testid="panel-title">{move || heading(it)}</h2>
        {move || match it.step.get() {
            Step::Choose => choosing(it),
            Step::Preparing(_) => preparing(it),
            Step::Signing(decision) => it.challenge.with(|challenge| {
                challenge.as_ref().map(|challenge| signing(it, decision, challenge))
            }).into_any(),
            Step::Abstaining => abstaining(it),
            Step::Factor(then) => factor(it, then),
        }}
    }
    .into_any()
}

fn heading(it: Answering) -> String {
    match it.step.get() {
        Step::Choose => "Your decision".to_owned(),
        Step::Preparing(decision) | Step::Signing(decision) => match decision {
            Decision::Approve => format!("Approve version {}", it.version.0),
            Decision::Reject => format!("Reject version {}", it.version.0),
        },
        Step::Abstaining => "Abstain".to_owned(),
        Step::Factor(_) => it.title.get(),
    }
}

fn choosing(it: Answering) -> AnyView {
    let busy: Signal<bool> = it.busy.into();
    let approve = Callback::new(move |()| it.prepare(Decision::Approve));
    let reject = Callback::new(move |()| it.prepare(Decision::Reject));
    let abstain = Callback::new(move |()| it.go(Step::Abstaining));
    let set_up = Callback::new(move |()| it.go(Step::Factor(None)));
    let own = if it.own_factor.get() {
        view! { <p class="subtle small" data-testid="own-factor">"You confirm with the code your authenticator app shows."</p> }
            .into_any()
    } else {
        view! {
            <div class="aside">
                <p class="subtle small">
                    "You confirm with another code sent by mail. It shows that the mailbox is yours, and the record says so. Stronger is \
                     an authenticator app of your own."
                </p>
                {button("own-factor-begin", Look::Subtle, "Set up an authenticator", busy, set_up)}
            </div>
        }
        .into_any()
    };
    view! {
        <div class="dialog-body" data-testid="panel-choose">
            <p>
                "Read the document, then say what you decide about this version. What you say is recorded with your name and the time, \
                 and can’t be taken back."
            </p>
            <div class="answers">
                {button("invited-approve", Look::Primary, "Approve…", busy, approve)}
                {button("invited-reject", Look::Default, "Reject…", busy, reject)}
                {button("invited-abstain", Look::Subtle, "Abstain…", busy, abstain)}
            </div>
            {problem(it)}
            {own}
        </div>
    }
    .into_any()
}

fn preparing(it: Answering) -> AnyView {
    let back = Callback::new(move |()| it.go(Step::Choose));
    let waiting = move || it.failure.with(Option::is_none).then(ui::preparing);
    view! {
        <div class="dialog-body">{waiting} {problem(it)}</div>
        <div class="dialog-foot">{button("panel-back", Look::Subtle, "Back", it.busy.into(), back)}</div>
    }
    .into_any()
}

fn signing(it: Answering, decision: Decision, challenge: &InvitedChallenge) -> AnyView {
    let busy: Signal<bool> = it.busy.into();
    let send = Callback::new(move |()| it.sign());
    let back = Callback::new(move |()| it.go(Step::Choose));
    let (label, look, comment_label) = match decision {
        Decision::Approve => ("Approve", Look::Primary, "Comment"),
        Decision::Reject => ("Reject", Look::Danger, "What has to change?"),
    };
    let held_back = Signal::derive(move || busy.get() || it.confirming.is_held_back());
    let choose = Callback::new(move |meaning| it.choose(decision, meaning));
    view! {
        <div class="dialog-body">
            <div class="shown" data-testid="shown">
                {shown::facts(&challenge.title, challenge.version, &challenge.approval, &challenge.content_hash)}
                {shown::meanings(&challenge.meanings, &challenge.meaning, choose)}
                {shown::statement(&challenge.meaning)}
                <p class="subtle small">
                    "You sign this version as a whole, by its SHA-256: title, text and every attachment, also what is not shown to you."
                </p>
            </div>
            {comment_field("comment", comment_label, challenge.comment_required, it.comment, it.comment_fault)}
            {it.confirming.view(send)}
            {it.confirming.problem(send)}
            {problem(it)}
            {expiry(it, decision, challenge)}
        </div>
        <div class="dialog-foot">
            {button("panel-back", Look::Subtle, "Back", busy, back)}
            {button("sign", look, label, held_back, send)}
        </div>
    }
    .into_any()
}

/// This machine's clock may be wrong, so running out only offers a new challenge; the edge decides.
fn expiry(it: Answering, decision: Decision, challenge: &InvitedChallenge) -> AnyView {
    let over = RwSignal::new(false);
    let left = countdown(challenge.expires_at, Callback::new(move |()| over.set(true)));
    let again = Callback::new(move |()| it.prepare(decision));
    view! {
        <p class="subtle small" class:hidden=move || over.get()>"Time left to confirm: " {left}</p>
        {move || over.get().then(|| view! {
            <div class="notice warning" role="status" data-testid="expired">
                <div class="notice-text">
                    <p>"The time to confirm is over. Ask again to see what you sign; what you typed stays."</p>
                    <div class="buttons">{button("ask-again", Look::Default, "Ask again", it.busy.into(), again)}</div>
                </div>
            </div>
        })}
    }
    .into_any()
}

fn abstaining(it: Answering) -> AnyView {
    let busy: Signal<bool> = it.busy.into();
    let send = Callback::new(move |()| it.abstain());
    let back = Callback::new(move |()| it.go(Step::Choose));
    view! {
        <div class="dialog-body" data-testid="panel-abstain">
            <p>"You decide nothing about this version, and nobody waits for you any more. It is recorded with your name."</p>
            {comment_field("comment", "Why?", false, it.comment, it.comment_fault)}
            {problem(it)}
        </div>
        <div class="dialog-foot">
            {button("panel-back", Look::Subtle, "Back", busy, back)}
            {button("abstain-confirm", Look::Primary, "Abstain", busy, send)}
        </div>
    }
    .into_any()
}

/// Setting one up; then it goes on with what was about to be decided.
fn factor(it: Answering, then: Option<Decision>) -> AnyView {
    let done = Callback::new(move |()| {
        it.own_factor.set(true);
        match then {
            Some(decision) => it.prepare(decision),
            None => it.go(Step::Choose),
        }
    });
    let close = Callback::new(move |()| it.go(Step::Choose));
    let needed = then.is_some().then(|| {
        view! {
            <p class="dialog-body" data-testid="factor-needed">
                "For this decision a code sent by mail is not enough: an authenticator app of your own is asked for."
            </p>
        }
    });
    let wanted = Wanted { first: true, invited: true, ..Wanted::default() };
    view! { {needed} {enrolment::view_of(it.busy, it.title, wanted, done, close)} }.into_any()
}

fn problem(it: Answering) -> AnyView {
    let press = Callback::new(move |step| it.go_on(step));
    (move || {
        it.failure.with(|failure| {
            failure.as_ref().map(|(failure, step)| failure_notice(failure, *step, it.busy.into(), press))
        })
    })
    .into_any()
}
