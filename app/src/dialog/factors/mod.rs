//! What somebody confirms with: their authenticators and passkeys, recovery codes, last uses, and "this wasn't me".

mod acting;
mod codes;
mod list;
mod naming;
mod not_me;
mod uses;

pub(crate) use codes::view as codes_view;
pub(crate) use naming::field as name_field;
pub(crate) use not_me::what_it_does;

use super::{Frame, show, why};
use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::enrolment;
use crate::focus;
use crate::ui::{self, El, Look, button, failure_notice, never};
use acting::Act;
use engine::ids::FactorId;
use engine::token::policy::FactorKind;
use engine::wire::factors::{FactorView, FactorsRequest, FactorsResponse};
use engine::wire::route;
use leptos::prelude::*;

const TITLE: &str = "How I confirm";

/// What is shown.
#[derive(Clone)]
enum Panel {
    /// Everything.
    List,
    /// One more, or one in the place of another.
    Add { replaces: Option<FactorId> },
    /// Another name.
    Rename(FactorView),
    /// Something that has to be confirmed.
    Act(Act),
    /// New recovery codes, shown once.
    Codes(Vec<String>),
    /// Why something is asked at all.
    Why,
    /// "This wasn't me".
    NotMe,
}

#[derive(Clone, Copy)]
struct Factors {
    frame: Frame,
    now: RwSignal<Option<Result<FactorsResponse, Failure>>>,
    panel: RwSignal<Panel>,
    /// Said once, after something was done.
    said: RwSignal<Option<&'static str>>,
}

/// A button that opens it by itself, for views outside of the macro.
pub(crate) fn opener() -> El {
    let open = Callback::new(|()| show(focus::top(), view, || ()));
    button("my-factors", Look::Default, "How I confirm", never(), open)
}

/// The dialog's content.
pub(crate) fn view(frame: Frame) -> AnyView {
    let it = Factors { frame, now: RwSignal::new(None), panel: RwSignal::new(Panel::List), said: RwSignal::new(None) };
    it.load();
    view! {
        {move || match it.panel.get() {
            Panel::List => {
                it.frame.title.set(TITLE.to_owned());
                it.now.with(|now| match now {
                    None => loading(it),
                    Some(Err(failure)) => failed(it, failure),
                    Some(Ok(now)) => list::view(it, now),
                })
            }
            Panel::Add { replaces } => add(it, replaces),
            Panel::Rename(factor) => naming::view(it, &factor),
            Panel::Act(act) => acting::view(it, act),
            Panel::Codes(list) => {
                it.frame.title.set("Your recovery codes".to_owned());
                codes::view(&list, Callback::new(move |()| it.back(Some("New recovery codes are in force."))))
            }
            Panel::Why => why::view(it.frame, Callback::new(move |()| it.back(None))),
            Panel::NotMe => not_me::view(it),
        }}
    }
    .into_any()
}

fn loading(it: Factors) -> AnyView {
    view! {
        <div class="dialog-body" data-testid="factors-loading">{ui::loading()}</div>
        {foot(it)}
    }
    .into_any()
}

fn failed(it: Factors, failure: &Failure) -> AnyView {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => it.load(),
    });
    view! {
        <div class="dialog-body">{failure_notice(failure, advice::step(failure), it.frame.busy.into(), press)}</div>
        {foot(it)}
    }
    .into_any()
}

fn foot(it: Factors) -> AnyView {
    let close = Callback::new(move |()| it.frame.close());
    view! { <div class="dialog-foot">{button("cancel", Look::Subtle, "Close", it.frame.busy.into(), close)}</div> }
        .into_any()
}

fn add(it: Factors, replaces: Option<FactorId>) -> AnyView {
    let done = Callback::new(move |()| it.back(Some("It is set up.")));
    let close = Callback::new(move |()| it.back(None));
    let first = it.known(|now| now.factors.is_empty());
    enrolment::view_of(
        it.frame.busy,
        it.frame.title,
        enrolment::Wanted { replaces, first, ..enrolment::Wanted::default() },
        done,
        close,
    )
}

impl Factors {
    fn load(self) {
        self.now.set(None);
        spawn(async move {
            let answer: Result<FactorsResponse, Failure> = ask(route::FACTORS, &FactorsRequest {}).await;
            self.now.set(Some(answer));
        });
    }

    /// Back to the list, as it is now.
    fn back(self, said: Option<&'static str>) {
        self.said.set(said);
        self.panel.set(Panel::List);
        self.load();
        self.frame.focus_heading();
    }

    /// Back to the list, which came with the answer.
    fn show(self, now: FactorsResponse, said: &'static str) {
        self.said.set(Some(said));
        self.now.set(Some(Ok(now)));
        self.panel.set(Panel::List);
        self.frame.focus_heading();
    }

    fn open(self, panel: Panel) {
        self.said.set(None);
        self.panel.set(panel);
        self.frame.focus_heading();
    }

    fn known<T: Default>(self, part: impl FnOnce(&FactorsResponse) -> T) -> T {
        self.now.with_untracked(|now| now.as_ref().and_then(|now| now.as_ref().ok()).map(part)).unwrap_or_default()
    }

    /// Fetches something small and shows the list that comes with the answer.
    fn send<Question: serde::Serialize + 'static>(
        self,
        path: &'static str,
        question: Question,
        said: &'static str,
        failure: RwSignal<Option<Failure>>,
    ) {
        if self.frame.busy.get_untracked() {
            return;
        }
        self.frame.busy.set(true);
        failure.set(None);
        spawn(async move {
            let answer: Result<FactorsResponse, Failure> = ask(path, &question).await;
            self.frame.busy.set(false);
            match answer {
                Ok(now) => self.show(now, said),
                Err(fault) => {
                    failure.set(Some(fault));
                    focus::soon("[data-testid='problem']");
                }
            }
        });
    }
}

/// What a kind is called.
fn kind_name(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Totp => "Authenticator app",
        FactorKind::Passkey => "Passkey",
        FactorKind::MailCode => "Mailed code",
        FactorKind::RecoveryCode => "Recovery code",
    }
}

/// What one is called: its name, or its kind.
fn called(factor: &FactorView) -> String {
    factor.name.clone().unwrap_or_else(|| kind_name(factor.factor_kind).to_owned())
}
