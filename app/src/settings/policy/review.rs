//! What a draft changes, read before it is confirmed.

use super::Shown;
use super::form::Form;
use crate::bridge::{self, Failure, ask, spawn};
use crate::confirming::{Confirming, Sent};
use crate::dialog::{Frame, show};
use crate::ui::{Look, Tone, button, notice};
use crate::{enrolment, focus};
use engine::token::policy::check::Draft;
use engine::wire::confirm::Confirmation;
use engine::wire::policy::{CheckPolicyRequest, CheckPolicyResponse, PolicySet, SetPolicyRequest};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use engine::wire::workflows::Answer;
use leptos::prelude::*;

/// Checks the draft. Faults are shown beside their fields; without any the changes are shown to be confirmed.
pub(super) fn begin(shown: Shown, form: Form) {
    if shown.busy.get_untracked() {
        return;
    }
    let draft = form.draft();
    shown.busy.set(true);
    spawn(async move {
        let request = CheckPolicyRequest { draft: draft.clone() };
        let answer: Result<CheckPolicyResponse, Failure> = ask(route::POLICY_CHECK, &request).await;
        shown.busy.set(false);
        match answer {
            Ok(checked) => {
                shown.failed.set(None);
                form.faults.set(checked.faults.clone());
                if checked.faults.is_empty() {
                    open(shown, form, draft, checked);
                } else {
                    request_animation_frame(to_first_fault);
                }
            }
            Err(failure) => shown.failed.set(Some(failure)),
        }
    });
}

/// The first field with a fault beside it.
fn to_first_fault() {
    if focus::find("[data-testid='policy-form'] [aria-invalid='true']").is_some() {
        focus::now("[data-testid='policy-form'] [aria-invalid='true']");
    } else if let Some(fault) = focus::find("[data-testid='policy-fault']:not(:empty)") {
        fault.scroll_into_view();
    }
}

#[derive(Clone, Copy)]
struct Review {
    frame: Frame,
    shown: Shown,
    based_on: u32,
    draft: StoredValue<Draft>,
    checked: StoredValue<CheckPolicyResponse>,
    enrolling: RwSignal<bool>,
    confirming: Confirming,
}

fn open(shown: Shown, form: Form, draft: Draft, checked: CheckPolicyResponse) {
    let build = move |frame: Frame| {
        frame.title.set("Change the step-up policy".to_owned());
        let it = Review {
            frame,
            shown,
            based_on: form.based_on,
            draft: StoredValue::new(draft),
            checked: StoredValue::new(checked),
            enrolling: RwSignal::new(false),
            confirming: Confirming::new(frame.busy),
        };
        (move || if it.enrolling.get() { enrol(it) } else { reading(it) }).into_any()
    };
    show(focus::top(), build, || focus::now("[data-testid='policy-save']"));
}

fn enrol(it: Review) -> AnyView {
    let done = Callback::new(move |()| {
        it.enrolling.set(false);
        it.send(None);
    });
    enrolment::view(it.frame.busy, it.frame.title, done, Callback::new(move |()| it.frame.close()))
}

fn reading(it: Review) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let CheckPolicyResponse { changes, warnings, locks_out, .. } = it.checked.get_value();
    let may_go_on = !changes.is_empty() && locks_out.is_none();
    let changes = if changes.is_empty() {
        view! { <p data-testid="policy-changes">"Nothing changes."</p> }.into_any()
    } else {
        let list = changes.into_iter().map(|one| view! { <li>{one}</li> }).collect_view();
        view! { <ul class="bullets" data-testid="policy-changes">{list}</ul> }.into_any()
    };
    let warnings = warnings
        .into_iter()
        .map(|fault| notice(Tone::Warning, "policy-warning", "", &[&fault.what, " ", &fault.mend].concat(), None));
    let locks_out = locks_out.map(|why| notice(Tone::Error, "policy-locks-out", "This would lock you out", &why, None));
    let press = Callback::new(move |()| it.confirming.press(Callback::new(move |confirm| it.send(confirm))));
    let again = Callback::new(move |()| it.send(None));
    let held_back = Signal::derive(move || busy.get() || it.confirming.is_held_back());
    let go_on = may_go_on.then(|| button("policy-confirm", Look::Primary, "Put it in force", held_back, press));
    view! {
        <div class="dialog-body">
            <p>"From the next action on this holds on the whole site. Confirmations that are under way have to be started again."</p>
            {changes}
            {warnings.collect_view()}
            {locks_out}
            {it.confirming.view(press)}
            {it.confirming.problem(again)}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Back", busy, Callback::new(move |()| it.frame.close()))}
            {go_on}
        </div>
    }
    .into_any()
}

impl Review {
    fn send(self, confirm: Option<Confirmation>) {
        let request = SetPolicyRequest { based_on: self.based_on, draft: self.draft.get_value(), confirm };
        self.confirming.begin();
        spawn(async move {
            let answer: Result<Answer<PolicySet>, Failure> = ask(route::POLICY_SET, &request).await;
            if answer.as_ref().err().and_then(Failure::kind) == Some(ProblemKind::NoFactor) {
                self.frame.busy.set(false);
                return self.enrolling.set(true);
            }
            let sent = answer.map(|answer| Sent::of(answer, |done| done));
            if let Some(Some(done)) = self.confirming.take(sent) {
                let title = format!("Version {} of the policy is in force", done.version);
                bridge::show_success("countersign-policy", &title);
                self.frame.close();
                self.shown.leave();
            }
        });
    }
}
