//! Approving or rejecting: the dialog.

use super::opening::Reporter;
use super::shown;
use super::signing::{Signing, Stage};
use super::{Frame, draft, why};
use crate::confirming::{Confirming, Verdict};
use crate::context::Context;
use crate::enrolment;
use crate::ui::{self, Look, button, comment_field, countdown, failure_notice, never};
use engine::ids::{ApprovalId, PageVersion};
use engine::wire::act::{ChallengeResponse, DecisionResponse};
use engine::wire::status::Decision;
use leptos::prelude::*;

/// What is decided, and on what.
pub(super) struct Signed {
    pub(super) version: PageVersion,
    pub(super) decision: Decision,
    pub(super) approval: Option<ApprovalId>,
}

/// The dialog's content.
pub(super) fn view(frame: Frame, context: &Context, signed: Signed, enrol_first: bool, reporter: Reporter) -> AnyView {
    frame.title.set(heading(signed.decision).to_owned());
    let comment = RwSignal::new(draft::load(context));
    let challenge = RwSignal::new(None);
    let it = Signing {
        frame,
        decision: signed.decision,
        version: signed.version,
        approval: StoredValue::new(signed.approval),
        context: StoredValue::new(context.clone()),
        reporter: StoredValue::new_local(reporter),
        stage: RwSignal::new(Stage::Enrolling),
        challenge,
        comment,
        comment_fault: RwSignal::new(None),
        confirming: Confirming::new(frame.busy),
        meaning: RwSignal::new(None),
        failure: RwSignal::new(None),
        sent: StoredValue::new(None),
        recorded: RwSignal::new(None),
    };
    let is_fine = Callback::new(move |()| it.comment_is_fine());
    let (decision, version) = (it.decision, it.version);
    it.confirming.is_for(Verdict { decision, version, comment, is_fine });
    it.confirming.explained_by(Callback::new(move |()| it.enter(Stage::Why)));
    Effect::new(move || it.context.with_value(|context| it.comment.with(|text| draft::keep(context, text))));
    if !enrol_first {
        it.prepare();
    }
    view! {
        {move || match it.stage.get() {
            Stage::Enrolling => enrolling(it),
            Stage::Preparing => preparing(it),
            Stage::Signing => it.challenge.with(|challenge| challenge.as_ref().map(|challenge| signing(it, challenge))).into_any(),
            Stage::Why => explaining(it),
            Stage::Done => it.recorded.with(|recorded| recorded.as_ref().map(|recorded| done(it, recorded))).into_any(),
        }}
    }
    .into_any()
}

fn heading(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "Approve this version",
        Decision::Reject => "Reject this version",
    }
}

fn enrolling(it: Signing) -> AnyView {
    it.frame.title.set("Set up your authenticator".to_owned());
    let done = Callback::new(move |()| {
        it.frame.title.set(heading(it.decision).to_owned());
        it.prepare();
    });
    let close = Callback::new(move |()| it.frame.close());
    enrolment::view(it.frame.busy, it.frame.title, done, close)
}

fn explaining(it: Signing) -> AnyView {
    let back = Callback::new(move |()| {
        it.frame.title.set(heading(it.decision).to_owned());
        it.enter(Stage::Signing);
    });
    why::view(it.frame, back)
}

fn preparing(it: Signing) -> AnyView {
    let waiting = move || {
        let nothing_to_say = it.failure.with(Option::is_none) && !it.confirming.is_held_up();
        nothing_to_say.then(ui::preparing)
    };
    view! {
        <div class="dialog-body">{waiting} {problem(it)} {it.confirming.lock_view(Callback::new(move |()| it.prepare()))}</div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Close", it.frame.busy.into(), Callback::new(move |()| it.frame.close()))}
        </div>
    }
    .into_any()
}

fn signing(it: Signing, challenge: &ChallengeResponse) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let send = Callback::new(move |()| it.sign());
    let required = challenge.shown.comment_required;
    let (label, look, comment_label) = match it.decision {
        Decision::Approve => ("Approve", Look::Primary, "Comment"),
        Decision::Reject => ("Reject", Look::Danger, "What has to change?"),
    };
    let held_back = Signal::derive(move || busy.get() || it.confirming.is_held_back());
    let choose = Callback::new(move |meaning| it.choose(meaning));
    let meanings = shown::meanings(&challenge.meanings, &challenge.shown.meaning, choose);
    view! {
        <div class="dialog-body">
            {shown::view(&challenge.shown, meanings)}
            {comment_field("comment", comment_label, required, it.comment, it.comment_fault)}
            {it.confirming.view(send)}
            {it.confirming.problem(Callback::new(move |()| it.prepare()))}
            {problem(it)}
            {expiry(it, challenge)}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Cancel", busy, Callback::new(move |()| it.frame.close()))}
            {button("sign", look, label, held_back, send)}
        </div>
    }
    .into_any()
}

/// This machine's clock may be wrong, so running out only offers a new challenge; the edge decides.
fn expiry(it: Signing, challenge: &ChallengeResponse) -> AnyView {
    let over = RwSignal::new(false);
    let left = countdown(challenge.expires_at, Callback::new(move |()| over.set(true)));
    let again = Callback::new(move |()| it.prepare());
    view! {
        <p class="subtle expiry" class:hidden=move || over.get()>"Time left to confirm: " {left}</p>
        {move || over.get().then(|| view! {
            <div class="notice warning" role="status" data-testid="expired">
                <div class="notice-text">
                    <p>"The time to confirm is over. Ask again to see what you sign; what you typed stays."</p>
                    <div class="buttons">
                        {button("ask-again", Look::Default, "Ask again", it.frame.busy.into(), again)}
                    </div>
                </div>
            </div>
        })}
    }
    .into_any()
}

fn problem(it: Signing) -> AnyView {
    let press = Callback::new(move |step| it.take(step));
    (move || {
        it.failure.with(|failure| {
            failure.as_ref().map(|(failure, step)| failure_notice(failure, *step, it.frame.busy.into(), press))
        })
    })
    .into_any()
}

fn done(it: Signing, answer: &DecisionResponse) -> AnyView {
    let did = match it.decision {
        Decision::Approve => "approved",
        Decision::Reject => "rejected",
    };
    let said =
        format!("You {did} version {}. The page is now in the state “{}”.", it.version.0, answer.status.state.name);
    let repeated = answer.repeated.then(|| view! { <p>"It had been recorded the first time already."</p> });
    view! {
        <div class="dialog-body">
            <div class="notice success" role="status" data-testid="recorded">
                <div class="notice-text"><p>{said}</p> {repeated}</div>
            </div>
        </div>
        <div class="dialog-foot">
            {button("done", Look::Primary, "Close", never(), Callback::new(move |()| it.frame.close()))}
        </div>
    }
    .into_any()
}
