//! Unlocking a person: with a reason and the administrator's own code.

use super::Settings;
use crate::advice::{self, Step};
use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::dialog::{Frame, show};
use crate::ui::{Keys, Look, button, code_field, comment_field, failure_notice, lock_notice};
use crate::{enrolment, focus, words};
use engine::ids::AccountId;
use engine::token::guessing::Lock;
use engine::wire::act::COMMENT_MAX;
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use engine::wire::settings::{UnlockChallengeRequest, UnlockChallengeResponse, UnlockRequest, UnlockResponse};
use leptos::prelude::*;

/// Where the dialog stands.
#[derive(Clone, PartialEq)]
enum Stage {
    Preparing,
    Enrolling,
    Asking(UnlockChallengeResponse),
}

#[derive(Clone, Copy)]
struct Unlocking {
    frame: Frame,
    account: StoredValue<AccountId>,
    stage: RwSignal<Stage>,
    reason: RwSignal<String>,
    reason_fault: RwSignal<Option<String>>,
    code: RwSignal<String>,
    code_fault: RwSignal<Option<String>>,
    failure: RwSignal<Option<(Failure, Step)>>,
    lock: RwSignal<Option<Lock>>,
}

/// Opens the dialog for this person.
pub(super) fn open(settings: Settings, account: AccountId) {
    let build = move |frame: Frame| {
        let it = Unlocking {
            frame,
            account: StoredValue::new(account),
            stage: RwSignal::new(Stage::Preparing),
            reason: RwSignal::new(String::new()),
            reason_fault: RwSignal::new(None),
            code: RwSignal::new(String::new()),
            code_fault: RwSignal::new(None),
            failure: RwSignal::new(None),
            lock: RwSignal::new(None),
        };
        it.prepare();
        view(it)
    };
    show(focus::top(), build, move || settings.load());
}

fn view(it: Unlocking) -> AnyView {
    (move || {
        it.stage.with(|stage| match stage {
            Stage::Preparing => preparing(it),
            Stage::Enrolling => {
                let close = Callback::new(move |()| it.frame.close());
                enrolment::view(it.frame.busy, it.frame.title, Callback::new(move |()| it.prepare()), close)
            }
            Stage::Asking(challenge) => asking(it, challenge),
        })
    })
    .into_any()
}

fn preparing(it: Unlocking) -> AnyView {
    let waiting = move || it.failure.with(Option::is_none).then(|| view! { <p role="status">"One moment…"</p> });
    view! {
        <div class="dialog-body">{waiting} {problem(it)}</div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Close", it.frame.busy.into(), Callback::new(move |()| it.frame.close()))}
        </div>
    }
    .into_any()
}

fn asking(it: Unlocking, challenge: &UnlockChallengeResponse) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let send = Callback::new(move |()| it.send());
    let is_locked = Signal::derive(move || it.lock.with(Option::is_some));
    let code = challenge
        .code_required
        .then(|| code_field("code", Keys::Digits, "Your own code", it.code, it.code_fault, is_locked, send));
    let locked = move || it.lock.get().map(|lock| lock_notice(lock, Callback::new(move |()| it.lock.set(None))));
    let held_back = Signal::derive(move || busy.get() || is_locked.get());
    view! {
        <div class="dialog-body">
            <p>
                "This releases the lock of " <strong data-testid="unlock-name">{challenge.name.clone()}</strong>
                ". They can enter codes again at once. Your name, the time and the reason are recorded."
            </p>
            {comment_field("reason", "Reason", true, it.reason, it.reason_fault)}
            {locked}
            {code}
            {problem(it)}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Cancel", busy, Callback::new(move |()| it.frame.close()))}
            {button("unlock-confirm", Look::Primary, "Unlock", held_back, send)}
        </div>
    }
    .into_any()
}

fn problem(it: Unlocking) -> AnyView {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        Step::Enrol => it.stage.set(Stage::Enrolling),
        Step::TryAgain | Step::CheckAgain if matches!(it.stage.get_untracked(), Stage::Asking(_)) => it.send(),
        _ => it.prepare(),
    });
    (move || {
        it.failure.with(|failure| {
            failure.as_ref().map(|(failure, step)| failure_notice(failure, *step, it.frame.busy.into(), press))
        })
    })
    .into_any()
}

impl Unlocking {
    fn prepare(self) {
        self.frame.title.set("Unlock".to_owned());
        self.failure.set(None);
        self.stage.set(Stage::Preparing);
        self.frame.busy.set(true);
        spawn(async move {
            let request = UnlockChallengeRequest { account: self.account.get_value() };
            let answer: Result<UnlockChallengeResponse, Failure> =
                ask(route::SETTINGS_UNLOCK_CHALLENGE, &request).await;
            self.frame.busy.set(false);
            match answer {
                Ok(challenge) => {
                    self.frame.title.set(["Unlock ", &challenge.name].concat());
                    self.stage.set(Stage::Asking(challenge));
                    self.frame.focus_heading();
                }
                Err(failure) if failure.kind() == Some(ProblemKind::NoFactor) => self.stage.set(Stage::Enrolling),
                Err(failure) => {
                    let step = advice::step(&failure);
                    self.failure.set(Some((failure, step)));
                }
            }
        });
    }

    fn send(self) {
        let Stage::Asking(challenge) = self.stage.get_untracked() else {
            return;
        };
        if self.frame.busy.get_untracked() || self.lock.get_untracked().is_some() {
            return;
        }
        let reason = self.reason.get_untracked();
        let reason_fault = if reason.trim().is_empty() {
            Some("Say why. It is kept with the unlock.")
        } else {
            words::comment_fault(&reason, None, COMMENT_MAX)
        };
        let code_fault = if challenge.code_required { words::code_fault(&self.code.read_untracked()) } else { None };
        self.reason_fault.set(reason_fault.map(str::to_owned));
        self.code_fault.set(code_fault.map(str::to_owned));
        if reason_fault.is_some() {
            return focus::now("#reason");
        }
        if code_fault.is_some() {
            return focus::now("#code");
        }
        let request = UnlockRequest {
            challenge: challenge.challenge,
            account: challenge.account,
            reason,
            code: words::bare_code(&self.code.read_untracked()),
        };
        self.failure.set(None);
        self.frame.busy.set(true);
        spawn(async move {
            let answer: Result<UnlockResponse, Failure> = ask(route::SETTINGS_UNLOCK, &request).await;
            self.frame.busy.set(false);
            match answer {
                Ok(_) => {
                    bridge::show_success("countersign-unlocked", &[&challenge.name, " is unlocked"].concat());
                    self.frame.close();
                }
                Err(failure) => self.failed(failure),
            }
        });
    }

    fn failed(self, failure: Failure) {
        if let Failure::Refused(problem) = &failure {
            let at = |id, fault: RwSignal<Option<String>>| {
                fault.set(Some(advice::refused_code(problem)));
                focus::now(id);
            };
            match (problem.kind, problem.field.as_deref()) {
                (ProblemKind::Locked | ProblemKind::WrongCode | ProblemKind::CodeUsed, _) if problem.lock.is_some() => {
                    self.code.set(String::new());
                    self.code_fault.set(None);
                    return self.lock.set(problem.lock);
                }
                (ProblemKind::WrongCode | ProblemKind::CodeUsed, _) => {
                    self.code.set(String::new());
                    return at("#code", self.code_fault);
                }
                (ProblemKind::BadField, Some("code")) => return at("#code", self.code_fault),
                (ProblemKind::BadField, Some("reason")) => return at("#reason", self.reason_fault),
                _ => {}
            }
        }
        let step = advice::step_after_decision(&failure);
        self.failure.set(Some((failure, step)));
    }
}
