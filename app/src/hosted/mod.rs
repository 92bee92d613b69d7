//! The page the Worker serves itself. It is opened from Confluence, where frames may not make or use passkeys.
//!
//! ```text
//! arrived ──(press)──▶ task: make │ sign │ prove ──(press, passkey)──▶ made │ done
//! ```
//!
//! Nothing is sent before a press: whoever only opens the address changes nothing. After a reload it goes on by its cookie.
//! People without an account come by an invitation's link: see [`invited`]. Mails about factors
//! bring people to [`not_me`].

mod credentials;
mod invited;
mod not_me;
mod transport;
mod view;

use crate::bridge::{self, Failure, ask, spawn};
use credentials::Trouble;
use engine::wire::not_me::LINK_PREFIX as LOCKS;
use engine::wire::passkey::{AssertRequest, OpenRequest, RegisterRequest, Task, TaskRequest};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use leptos::prelude::*;

/// Why the last press led to nothing.
#[derive(Clone, Debug, PartialEq)]
enum Fault {
    /// The edge refused, or could not be reached.
    Edge(Failure),
    /// The browser or the authenticator did not do it.
    Passkey(Trouble),
}

/// What the page knows.
#[derive(Clone, Copy)]
struct Hosted {
    /// The link it was opened with, until it was used.
    link: StoredValue<Option<String>>,
    task: RwSignal<Option<Task>>,
    busy: RwSignal<bool>,
    fault: RwSignal<Option<Fault>>,
    /// What is done or over can't be gone on with.
    over: RwSignal<bool>,
}

/// Starts the page.
pub fn start_hosted() {
    bridge::go_by(transport::own);
    let Some(main) = crate::focus::find("#countersign") else {
        return;
    };
    let link = take_link();
    if let Some(link) = link.as_deref().and_then(|link| link.strip_prefix(LOCKS)) {
        return not_me::start(&main, link.to_owned());
    }
    if let Some(arrival) = link.as_deref().and_then(invited::Arrival::of) {
        return invited::start(&main, arrival);
    }
    let came_by_link = link.is_some();
    let it = Hosted {
        link: StoredValue::new(link),
        task: RwSignal::new(None),
        busy: RwSignal::new(false),
        fault: RwSignal::new(None),
        over: RwSignal::new(false),
    };
    main.set_text_content(None);
    leptos::mount::mount_to(main, move || view::page(it)).forget();
    crate::focus::soon("h1");
    if !came_by_link {
        it.resume();
    }
}

/// The secret of the link. It is taken out of the address bar at once: nobody can copy or bookmark it by accident.
fn take_link() -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    let fragment = location.hash().ok()?;
    let link = fragment.strip_prefix('#').filter(|link| !link.is_empty())?.to_owned();
    let path = location.pathname().ok()?;
    // If the browser refuses, the link is still good for one use only.
    let _ = window.history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    Some(link)
}

impl Hosted {
    /// The press with which everything begins.
    fn open(self) {
        let Some(link) = self.link.get_value() else {
            return self.resume();
        };
        self.run(async move {
            let answer = ask::<_, Task>(route::HOSTED_OPEN, &OpenRequest { link }).await;
            if answer.is_ok() {
                self.link.set_value(None);
            }
            self.take(answer);
        });
    }

    /// Asks again what is to be done.
    fn resume(self) {
        self.run(async move {
            let answer = ask(route::HOSTED_TASK, &TaskRequest {}).await;
            self.take(answer);
        });
    }

    /// The press that makes or uses the passkey.
    fn go_on(self) {
        let Some(task) = self.task.get_untracked() else {
            return;
        };
        self.run(async move {
            let answer = match task {
                Task::Make { options } => match credentials::create(&options).await {
                    Ok(registration) => ask(route::HOSTED_REGISTER, &RegisterRequest { registration }).await,
                    Err(trouble) => return self.failed(Fault::Passkey(trouble)),
                },
                Task::Sign { options, .. } | Task::Prove { options, .. } => match credentials::get(&options).await {
                    Ok(assertion) => ask(route::HOSTED_ASSERT, &AssertRequest { assertion }).await,
                    Err(trouble) => return self.failed(Fault::Passkey(trouble)),
                },
                Task::Made { .. } | Task::Done { .. } => return,
            };
            self.take(answer);
        });
    }

    fn run(self, work: impl Future<Output = ()> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.fault.set(None);
        self.busy.set(true);
        spawn(async move {
            work.await;
            self.busy.set(false);
        });
    }

    fn take(self, answer: Result<Task, Failure>) {
        match answer {
            Ok(task) => {
                self.task.set(Some(task));
                crate::focus::soon("h1");
            }
            Err(failure) => self.failed(Fault::Edge(failure)),
        }
    }

    fn failed(self, fault: Fault) {
        if let Fault::Edge(failure) = &fault {
            let ended = matches!(
                failure.kind(),
                Some(
                    ProblemKind::LinkOver
                        | ProblemKind::PageMoved
                        | ProblemKind::WrongState
                        | ProblemKind::AlreadyDecided
                        | ProblemKind::ApprovalComplete
                        | ProblemKind::ChallengeExpired
                        | ProblemKind::ChallengeUsed
                        | ProblemKind::ChallengeInvalid
                        | ProblemKind::EnrolmentExpired
                )
            );
            self.over.set(ended);
        }
        self.fault.set(Some(fault));
    }
}
