//! People without an account, invited by mail to decide on one version.
//!
//! ```text
//! door ──(press: a code is mailed)──▶ door ──(code)──▶ reading: document and panel ──▶ answered
//!   any of them ──▶ over: revoked, too late, the page has changed; nothing of it is shown any more
//! ```
//!
//! The link lives as long as the invitation and opens only the door, so it is kept for this tab: who looks for the code in
//! the mailbox may find the page loaded anew afterwards.

mod answer;
mod door;
mod panel;
mod reading;
mod view;

use crate::bridge::{Failure, ask, spawn};
use crate::clock;
use crate::focus;
use crate::ui::Tone;
use engine::time::Timestamp;
use engine::token::guessing::Lock;
use engine::wire::invited::{
    Invited, InvitedAnswered, InvitedCodeRequest, InvitedCodeResponse, InvitedEnterRequest, InvitedOpenRequest,
    InvitedRequest, LINK_PREFIX,
};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{HtmlElement, Storage};

/// What stands in the address bar in the link's place.
const MARK: &str = "invited";
/// Where the link is kept for this tab.
const KEPT: &str = "countersign-invitation";

/// How somebody came here.
pub(super) enum Arrival {
    /// By the link of an invitation.
    Link(String),
    /// The page was loaded anew.
    Again,
}

impl Arrival {
    /// What an address's fragment says; nothing if it is not about an invitation.
    pub(super) fn of(fragment: &str) -> Option<Self> {
        match fragment.strip_prefix(LINK_PREFIX) {
            Some(link) => Some(Self::Link(link.to_owned())),
            None => (fragment == MARK).then_some(Self::Again),
        }
    }
}

/// What the page knows.
#[derive(Clone, Copy)]
struct Visit {
    link: StoredValue<Option<String>>,
    /// Where they are; nothing before the first answer.
    at: RwSignal<Option<Invited>>,
    /// Nothing can be gone on with, because of this.
    over: RwSignal<Option<Failure>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    code: RwSignal<String>,
    code_fault: RwSignal<Option<String>>,
    lock: RwSignal<Option<Lock>>,
    /// Until when the code that was asked for here is good.
    sent: RwSignal<Option<Timestamp>>,
    /// Said once where they have to begin anew.
    remark: RwSignal<Option<(Tone, &'static str)>>,
}

/// Starts the page.
pub(super) fn start(main: &HtmlElement, arrival: Arrival) {
    let link = match arrival {
        Arrival::Link(link) => {
            keep(&link);
            Some(link)
        }
        Arrival::Again => kept(),
    };
    mark_address();
    let it = Visit {
        link: StoredValue::new(link),
        at: RwSignal::new(None),
        over: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        code: RwSignal::new(String::new()),
        code_fault: RwSignal::new(None),
        lock: RwSignal::new(None),
        sent: RwSignal::new(None),
        remark: RwSignal::new(None),
    };
    main.set_text_content(None);
    leptos::mount::mount_to(main.clone(), move || view::page(it)).forget();
    it.load();
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Without a storage the page just can't be loaded anew.
fn keep(link: &str) {
    let _ = storage().map(|storage| storage.set_item(KEPT, link));
}

fn kept() -> Option<String> {
    storage()?.get_item(KEPT).ok()?
}

/// Says in the address bar what a reload is about, without the link.
fn mark_address() {
    let marked = || {
        let window = web_sys::window()?;
        let path = window.location().pathname().ok()?;
        let address = [&path, "#", MARK].concat();
        window.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&address)).ok()
    };
    let _ = marked();
}

impl Visit {
    /// Asks where they are. It changes nothing.
    fn load(self) {
        self.run(async move {
            let answer = match self.link.get_value() {
                Some(link) => ask(route::INVITED_OPEN, &InvitedOpenRequest { link }).await,
                None => ask(route::INVITED, &InvitedRequest {}).await,
            };
            self.take(answer);
        });
    }

    /// The press that has a code mailed.
    fn send_code(self) {
        let Some(link) = self.link.get_value() else {
            return self.load();
        };
        self.remark.set(None);
        self.run(async move {
            let answer: Result<InvitedCodeResponse, Failure> =
                ask(route::INVITED_CODE, &InvitedCodeRequest { link }).await;
            match answer {
                Ok(sent) => {
                    self.code_fault.set(None);
                    self.sent.set(Some(sent.expires_at));
                    focus::soon("#entry-code");
                }
                Err(failure) => self.failed(failure),
            }
        });
    }

    /// The code was typed.
    fn enter(self) {
        if let Some(fault) = door::fault(&self.code.read_untracked()) {
            self.code_fault.set(Some(fault.to_owned()));
            return focus::now("#entry-code");
        }
        let Some(link) = self.link.get_value() else {
            return self.load();
        };
        self.run(async move {
            let request = InvitedEnterRequest { link, code: self.code.get_untracked() };
            let answer = ask(route::INVITED_ENTER, &request).await;
            if answer.is_ok() {
                self.code.set(String::new());
            }
            self.take(answer);
        });
    }

    fn run(self, work: impl Future<Output = ()> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.failure.set(None);
        self.busy.set(true);
        spawn(async move {
            work.await;
            self.busy.set(false);
        });
    }

    fn take(self, answer: Result<Invited, Failure>) {
        match answer {
            Ok(at) => {
                if let Invited::Door { code_until } = &at {
                    self.sent.set(code_until.filter(|until| *until > clock::now()));
                }
                self.at.set(Some(at));
                focus::soon("h1");
            }
            Err(failure) => self.failed(failure),
        }
    }

    /// It was answered.
    fn answered(self, answered: InvitedAnswered) {
        self.at.set(Some(Invited::Answered { answered }));
        focus::soon("h1");
    }

    /// Puts a failure where it belongs.
    fn failed(self, failure: Failure) {
        let Failure::Refused(problem) = &failure else {
            return self.failure.set(Some(failure));
        };
        match problem.kind {
            ProblemKind::Locked | ProblemKind::WrongCode | ProblemKind::CodeUsed if problem.lock.is_some() => {
                self.code.set(String::new());
                self.lock.set(problem.lock);
            }
            ProblemKind::WrongCode | ProblemKind::CodeUsed => {
                self.code.set(String::new());
                self.code_fault.set(Some(crate::advice::refused_code(problem)));
                focus::soon("#entry-code");
            }
            ProblemKind::BadField if problem.field.as_deref() == Some("code") => {
                self.code_fault.set(Some(problem.detail.clone()));
                focus::soon("#entry-code");
            }
            // The half hour of the visit has passed, or it was begun again elsewhere: the door is where to go on.
            ProblemKind::LinkOver if self.is_reading() && self.link.with_value(Option::is_some) => {
                self.remark.set(Some((
                    Tone::Information,
                    "For your protection a code is asked for again: the last one was good for half an hour, in one window.",
                )));
                self.sent.set(None);
                self.at.set(Some(Invited::Door { code_until: None }));
                focus::soon("h1");
            }
            ProblemKind::LinkOver | ProblemKind::InvitationOver | ProblemKind::PageMoved => {
                self.at.set(None);
                self.over.set(Some(failure));
                focus::soon("h1");
            }
            _ => self.failure.set(Some(failure)),
        }
    }

    fn is_reading(self) -> bool {
        self.at.with_untracked(|at| matches!(at, Some(Invited::Open { .. })))
    }
}

#[cfg(test)]
mod tests {
    use super::Arrival;

    #[test]
    fn only_invitations_come_this_way() {
        assert!(matches!(Arrival::of("i.abc"), Some(Arrival::Link(link)) if link == "abc"));
        assert!(matches!(Arrival::of("invited"), Some(Arrival::Again)));
        assert!(Arrival::of("abc").is_none());
        assert!(Arrival::of("").is_none());
    }
}
