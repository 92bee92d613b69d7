//! Setting up an authenticator app.
//!
//! ```text
//! intro ──(mail me a code)──► mailed code ──► QR code and key ──(first code)──► done
//!   ▲                             │                 │
//!   └──────── took too long ──────┴─────────────────┘
//! ```

mod key;
mod steps;

use crate::advice::{self, Step as NextStep};
use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::ui::{Look, button, failure_notice, lock_notice};
use crate::{focus, words};
use engine::token::guessing::Lock;
use engine::wire::enrolment::{
    BeginRequest, BeginResponse, ConfirmRequest, ConfirmResponse, MailCodeRequest, SecretResponse,
};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::route;
use leptos::prelude::*;

/// Where the set-up stands.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    /// What it is for.
    Intro,
    /// A code was mailed to this address.
    Mailed(BeginResponse),
    /// The new key is shown.
    Key(SecretResponse),
}

/// The set-up under way.
#[derive(Clone, Copy)]
struct Enrolment {
    busy: RwSignal<bool>,
    step: RwSignal<Step>,
    mail_code: RwSignal<String>,
    code: RwSignal<String>,
    fault: RwSignal<Option<String>>,
    failure: RwSignal<Option<Failure>>,
    lock: RwSignal<Option<Lock>>,
    /// Said once, after a code was mailed again.
    sent_again: RwSignal<bool>,
    done: Callback<()>,
}

/// The set-up as the content of a dialog. `done` is called once the authenticator is confirmed.
pub(crate) fn view(busy: RwSignal<bool>, title: RwSignal<String>, done: Callback<()>, close: Callback<()>) -> AnyView {
    let it = Enrolment {
        busy,
        step: RwSignal::new(Step::Intro),
        mail_code: RwSignal::new(String::new()),
        code: RwSignal::new(String::new()),
        fault: RwSignal::new(None),
        failure: RwSignal::new(None),
        lock: RwSignal::new(None),
        sent_again: RwSignal::new(false),
        done,
    };
    let waiting: Signal<bool> = busy.into();
    let press = Callback::new(move |step| match step {
        NextStep::ReloadPage => bridge::reload_page(),
        _ => it.go_on(),
    });
    let problem = move || {
        it.failure.with(|failure| {
            failure.as_ref().map(|failure| failure_notice(failure, advice::step(failure), waiting, press))
        })
    };
    let locked = move || it.lock.get().map(|lock| lock_notice(lock, Callback::new(move |()| it.lock.set(None))));
    title.set("Set up your authenticator".to_owned());
    let held_back = Signal::derive(move || waiting.get() || it.lock.with(Option::is_some));
    let go_on = Callback::new(move |()| it.go_on());
    let primary = move || {
        let (testid, label) = it.step.with(Step::button);
        button(testid, Look::Primary, label, held_back, go_on)
    };
    view! {
        <div class="dialog-body" data-testid="enrolment">
            {move || it.step.with(|step| match step {
                Step::Intro => steps::intro(),
                Step::Mailed(answer) => steps::mailed(it, answer),
                Step::Key(secret) => steps::key(it, secret),
            })}
            {locked} {problem}
        </div>
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, "Cancel", waiting, close)} {primary}
        </div>
    }
    .into_any()
}

impl Step {
    fn button(&self) -> (&'static str, &'static str) {
        match self {
            Self::Intro => ("enrol-begin", "Mail me a code"),
            Self::Mailed(_) => ("mail-code-confirm", "Continue"),
            Self::Key(_) => ("enrol-confirm", "Confirm"),
        }
    }
}

impl Enrolment {
    fn is_held_back(self) -> bool {
        self.busy.get_untracked() || self.lock.get_untracked().is_some()
    }

    /// What the step's button does.
    fn go_on(self) {
        if self.is_held_back() {
            return;
        }
        match self.step.get_untracked() {
            Step::Intro => self.begin(false),
            Step::Mailed(_) => self.send_mail_code(),
            Step::Key(_) => self.confirm(),
        }
    }

    /// Has a code mailed.
    fn begin(self, again: bool) {
        if self.is_held_back() {
            return;
        }
        self.start();
        spawn(async move {
            let answer: Result<BeginResponse, Failure> = ask(route::ENROL_BEGIN, &BeginRequest {}).await;
            self.busy.set(false);
            match answer {
                Ok(answer) => {
                    self.sent_again.set(again);
                    self.step.set(Step::Mailed(answer));
                    focus::soon("#mail-code");
                }
                // Set up in another tab in the meantime: that is all that was wanted.
                Err(failure) if failure.kind() == Some(ProblemKind::FactorExists) => self.done.run(()),
                Err(failure) => self.failed(failure, "#mail-code"),
            }
        });
    }

    fn send_mail_code(self) {
        let code = self.mail_code.get_untracked();
        if words::bare_code(&code).is_empty() {
            self.fault.set(Some("Enter the code from the mail.".to_owned()));
            focus::now("#mail-code");
            return;
        }
        self.start();
        spawn(async move {
            let answer: Result<SecretResponse, Failure> = ask(route::ENROL_MAIL_CODE, &MailCodeRequest { code }).await;
            self.busy.set(false);
            match answer {
                Ok(secret) => {
                    self.step.set(Step::Key(secret));
                    focus::soon("#dialog-title");
                }
                Err(failure) => self.failed(failure, "#mail-code"),
            }
        });
    }

    fn confirm(self) {
        if let Some(fault) = words::code_fault(&self.code.read_untracked()) {
            self.fault.set(Some(fault.to_owned()));
            focus::now("#first-code");
            return;
        }
        self.start();
        let code = words::bare_code(&self.code.read_untracked());
        spawn(async move {
            let answer: Result<ConfirmResponse, Failure> = ask(route::ENROL_CONFIRM, &ConfirmRequest { code }).await;
            self.busy.set(false);
            match answer {
                Ok(_) => {
                    bridge::show_success("countersign-enrolled", "Your authenticator is set up");
                    self.done.run(());
                }
                // The answer to an earlier press was lost on the way.
                Err(failure) if failure.kind() == Some(ProblemKind::FactorExists) => self.done.run(()),
                Err(failure) => self.failed(failure, "#first-code"),
            }
        });
    }

    fn start(self) {
        self.fault.set(None);
        self.failure.set(None);
        self.sent_again.set(false);
        self.busy.set(true);
    }

    fn failed(self, failure: Failure, field: &'static str) {
        if let Failure::Refused(problem) = &failure {
            match problem.kind {
                ProblemKind::Locked | ProblemKind::WrongCode | ProblemKind::CodeUsed if problem.lock.is_some() => {
                    return self.lock.set(problem.lock);
                }
                ProblemKind::WrongCode | ProblemKind::CodeUsed => return self.wrong(problem, field),
                ProblemKind::BadField if problem.field.as_deref() == Some("code") => return self.wrong(problem, field),
                ProblemKind::EnrolmentExpired => self.step.set(Step::Intro),
                _ => {}
            }
        }
        self.failure.set(Some(failure));
    }

    fn wrong(self, problem: &Problem, field: &'static str) {
        self.code.set(String::new());
        self.mail_code.set(String::new());
        self.fault.set(Some(advice::refused_code(problem)));
        focus::now(field);
    }
}
