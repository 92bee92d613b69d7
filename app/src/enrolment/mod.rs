//! Setting up a way to confirm.
//!
//! ```text
//!        ┌─ nothing there yet ─► mailed code ────────────────┐
//! intro ─┤                                                   ├─► QR code and key ──(first code)──► recovery codes ─► done
//!   ▲    └─ something there ───► a code of it, or a          │   (a passkey: made on a page of our own)      │
//!   │                            recovery code ──────────────┘                                              │
//!   └──────── took too long ────────────────────────────────────────────────────────────────────────────────┘
//! ```

mod key;
mod passkey;
mod steps;

use crate::advice::{self, Step as NextStep};
use crate::bridge::spawn;
use crate::bridge::{self, Failure, ask};
use crate::confirming::{Confirming, Sent};
use crate::dialog::factors::codes_view;
use crate::ui::{Look, button, failure_notice, lock_notice};
use crate::{focus, words};
use engine::ids::FactorId;
use engine::token::guessing::Lock;
use engine::token::policy::FactorKind;
use engine::wire::confirm::Confirmation;
use engine::wire::enrolment::{
    BeginRequest, BeginResponse, Begun, ConfirmRequest, ConfirmResponse, MailCodeRequest, Proved, SecretResponse,
};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::route;
use leptos::prelude::*;

/// Where the set-up stands.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    /// What it is for.
    Intro,
    /// It has to be confirmed with what is there.
    Confirm,
    /// A code was mailed to this address.
    Mailed(BeginResponse),
    /// The new key is shown.
    Key(SecretResponse),
    /// A passkey is to be made.
    Passkey,
    /// It counts; recovery codes came with it.
    Codes(Vec<String>),
}

/// What is to be set up.
#[derive(Clone, Default)]
pub(crate) struct Wanted {
    /// The factor whose place it takes.
    pub(crate) replaces: Option<FactorId>,
    /// Whether nothing is there yet.
    pub(crate) first: bool,
    /// Whether it is for somebody without an account, whose mailbox is proved already.
    pub(crate) invited: bool,
}

/// The set-up under way.
#[derive(Clone, Copy)]
struct Enrolment {
    busy: RwSignal<bool>,
    title: RwSignal<String>,
    wanted: StoredValue<Wanted>,
    step: RwSignal<Step>,
    kind: RwSignal<FactorKind>,
    name: RwSignal<String>,
    confirming: Confirming,
    mail_code: RwSignal<String>,
    code: RwSignal<String>,
    fault: RwSignal<Option<String>>,
    failure: RwSignal<Option<Failure>>,
    lock: RwSignal<Option<Lock>>,
    /// Said once, after a code was mailed again.
    sent_again: RwSignal<bool>,
    done: Callback<()>,
}

/// The set-up of a first one as the content of a dialog. `done` is called once it counts.
pub(crate) fn view(busy: RwSignal<bool>, title: RwSignal<String>, done: Callback<()>, close: Callback<()>) -> AnyView {
    view_of(busy, title, Wanted { first: true, ..Wanted::default() }, done, close)
}

/// The set-up of any one.
pub(crate) fn view_of(
    busy: RwSignal<bool>,
    title: RwSignal<String>,
    wanted: Wanted,
    done: Callback<()>,
    close: Callback<()>,
) -> AnyView {
    let it = Enrolment {
        busy,
        title,
        wanted: StoredValue::new(wanted),
        step: RwSignal::new(Step::Intro),
        kind: RwSignal::new(FactorKind::Totp),
        name: RwSignal::new(String::new()),
        confirming: Confirming::new(busy),
        mail_code: RwSignal::new(String::new()),
        code: RwSignal::new(String::new()),
        fault: RwSignal::new(None),
        failure: RwSignal::new(None),
        lock: RwSignal::new(None),
        sent_again: RwSignal::new(false),
        done,
    };
    it.entitle();
    let waiting: Signal<bool> = busy.into();
    let press = Callback::new(move |step| match step {
        NextStep::ReloadPage => bridge::reload_page(),
        _ => it.go_on(),
    });
    let problem = move || {
        let failure = it.failure.get().or_else(|| it.confirming.failure());
        failure.map(|failure| failure_notice(&failure, advice::step(&failure), waiting, press))
    };
    let locked = move || it.lock.get().map(|lock| lock_notice(lock, Callback::new(move |()| it.lock.set(None))));
    let held_back =
        Signal::derive(move || waiting.get() || it.lock.with(Option::is_some) || it.confirming.is_held_back());
    let go_on = Callback::new(move |()| it.go_on());
    let body = move || {
        it.step.with(|step| match step {
            Step::Intro => steps::intro(it),
            Step::Confirm => view! { <p>"Show first that you are you."</p> {it.confirming.view(go_on)} }.into_any(),
            Step::Mailed(answer) => steps::mailed(it, answer),
            Step::Key(secret) => steps::key(it, secret),
            Step::Passkey => passkey::view(it),
            // Shown by itself, below.
            Step::Codes(_) => ().into_any(),
        })
    };
    let primary = move || {
        let (testid, label) = it.step.with(Step::button)?;
        Some(button(testid, Look::Primary, label, held_back, go_on))
    };
    view! {
        {move || match it.step.get() {
            Step::Codes(codes) => codes_view(&codes, done),
            _ => view! {
                <div class="dialog-body" data-testid="enrolment">{body} {locked} {problem}</div>
                <div class="dialog-foot">{button("cancel", Look::Subtle, "Cancel", waiting, close)} {primary}</div>
            }
            .into_any(),
        }}
    }
    .into_any()
}

impl Step {
    fn button(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Intro => Some(("enrol-begin", "Continue")),
            Self::Confirm => Some(("enrol-prove", "Continue")),
            Self::Mailed(_) => Some(("mail-code-confirm", "Continue")),
            Self::Key(_) => Some(("enrol-confirm", "Confirm")),
            Self::Passkey | Self::Codes(_) => None,
        }
    }
}

impl Enrolment {
    fn is_held_back(self) -> bool {
        self.busy.get_untracked() || self.lock.get_untracked().is_some()
    }

    fn is_invited(self) -> bool {
        self.wanted.with_value(|wanted| wanted.invited)
    }

    fn entitle(self) {
        let replaces = self.wanted.with_value(|wanted| wanted.replaces.is_some());
        let title = match (self.kind.get_untracked(), replaces) {
            (_, true) => "Set up another one in its place",
            (FactorKind::Passkey, false) => "Set up a passkey",
            (_, false) => "Set up your authenticator",
        };
        self.title.set(title.to_owned());
    }

    /// What the step's button does.
    fn go_on(self) {
        if self.is_held_back() {
            return;
        }
        match self.step.get_untracked() {
            Step::Intro => self.begin(false, None),
            Step::Confirm => {
                self.confirming.press(Callback::new(move |confirm| self.begin(false, confirm)));
            }
            Step::Mailed(_) => self.send_mail_code(),
            Step::Key(_) => self.confirm(),
            Step::Passkey | Step::Codes(_) => {}
        }
    }

    /// Begins: a code is mailed, or it has to be confirmed, or it may go on.
    fn begin(self, again: bool, confirm: Option<Confirmation>) {
        if self.is_held_back() {
            return;
        }
        self.start();
        self.entitle();
        self.confirming.begin();
        let request = BeginRequest {
            factor_kind: self.kind.get_untracked(),
            name: self.name.get_untracked(),
            replaces: self.wanted.with_value(|wanted| wanted.replaces.clone()),
            confirm,
        };
        spawn(async move {
            let path = if self.is_invited() { route::INVITED_FACTOR_BEGIN } else { route::ENROL_BEGIN };
            let answer: Result<Begun, Failure> = ask(path, &request).await;
            let first = self.wanted.with_value(|wanted| wanted.first);
            match answer {
                // Set up in another tab in the meantime: that is all that was wanted.
                Ok(Begun::Confirm { .. }) if first => {
                    self.busy.set(false);
                    self.done.run(());
                }
                Ok(Begun::Confirm { confirm }) => {
                    self.step.set(Step::Confirm);
                    let _: Option<()> = self.confirming.take(Ok(Sent::Confirm(*confirm)));
                }
                Ok(Begun::Mailed(answer)) => {
                    self.busy.set(false);
                    self.sent_again.set(again);
                    self.step.set(Step::Mailed(answer));
                    focus::soon("#mail-code");
                }
                Ok(Begun::Proved(proved)) => {
                    self.busy.set(false);
                    self.proved(proved);
                }
                Err(failure) if self.step.get_untracked() == Step::Confirm => {
                    let _: Option<()> = self.confirming.take(Err(failure));
                }
                Err(failure) => {
                    self.busy.set(false);
                    if failure.kind() == Some(ProblemKind::FactorExists) {
                        return self.done.run(());
                    }
                    self.failed(failure, "#mail-code");
                }
            }
        });
    }

    /// The person was proved: the new one comes next.
    fn proved(self, proved: Proved) {
        self.step.set(match proved {
            Proved::Secret(secret) => Step::Key(secret),
            Proved::Passkey(_) => Step::Passkey,
        });
        focus::soon("#dialog-title");
    }

    /// It counts.
    fn counts(self, answer: ConfirmResponse) {
        bridge::show_success("countersign-enrolled", "It is set up");
        if answer.recovery_codes.is_empty() {
            return self.done.run(());
        }
        self.title.set("Your recovery codes".to_owned());
        self.step.set(Step::Codes(answer.recovery_codes));
        focus::soon("#dialog-title");
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
            let answer: Result<Proved, Failure> = ask(route::ENROL_MAIL_CODE, &MailCodeRequest { code }).await;
            self.busy.set(false);
            match answer {
                Ok(proved) => self.proved(proved),
                Err(failure) => self.failed(failure, "#mail-code"),
            }
        });
    }

    /// The passkey that was made is the person's own.
    fn confirm_passkey(self) {
        if !self.is_held_back() {
            self.send_confirm(String::new());
        }
    }

    fn confirm(self) {
        if let Some(fault) = words::code_fault(&self.code.read_untracked()) {
            self.fault.set(Some(fault.to_owned()));
            focus::now("#first-code");
            return;
        }
        self.send_confirm(words::bare_code(&self.code.read_untracked()));
    }

    fn send_confirm(self, code: String) {
        self.start();
        spawn(async move {
            let path = if self.is_invited() { route::INVITED_FACTOR_CONFIRM } else { route::ENROL_CONFIRM };
            let answer: Result<ConfirmResponse, Failure> = ask(path, &ConfirmRequest { code }).await;
            self.busy.set(false);
            match answer {
                Ok(answer) => self.counts(answer),
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
