//! What an admin does about somebody who was invited: say why, then confirm it.

use super::People;
use crate::bridge::{Failure, ask, spawn};
use crate::confirming::{Confirming, Sent};
use crate::dialog::{Frame, show};
use crate::ui::{Look, button, comment_field};
use crate::{enrolment, focus};
use engine::ids::AccountId;
use engine::wire::act::COMMENT_MAX;
use engine::wire::confirm::Confirmation;
use engine::wire::insights::{Cared, RevokeRequest, UnlockRequest};
use engine::wire::invitation::{EraseRequest, Erased, InvitedPerson};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use engine::wire::workflows::Answer;
use leptos::prelude::*;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// The lock is released.
    Unlock,
    /// What they confirm with is taken away.
    Revoke,
    /// Who they are is erased.
    Erase,
}

impl Act {
    /// The word on the button that does it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Unlock => "Unlock",
            Self::Revoke => "Revoke authenticator",
            Self::Erase => "Erase",
        }
    }

    /// Its name in `data-testid`s.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Unlock => "unlock",
            Self::Revoke => "revoke",
            Self::Erase => "erase",
        }
    }

    fn title(self, name: &str) -> String {
        match self {
            Self::Unlock => ["Unlock ", name].concat(),
            Self::Revoke => ["Revoke the authenticator of ", name].concat(),
            Self::Erase => ["Erase ", name].concat(),
        }
    }

    fn consequence(self) -> &'static str {
        match self {
            Self::Unlock => {
                "They can enter codes again at once, and their wrong codes are counted anew. Before you unlock somebody, make sure it \
                 was them: ask them by another way than mail."
            }
            Self::Revoke => {
                "Their authenticator and their recovery codes end at once. To decide they set up a new one, or use a code mailed to them \
                 where the policy takes one. Before you do this, make sure it was them who asked: ask them by another way than mail."
            }
            Self::Erase => {
                "Their name, their address and what they confirm with are erased for good. What they decided stays in the journal, \
                 without a name."
            }
        }
    }

    fn look(self) -> Look {
        match self {
            Self::Unlock | Self::Revoke => Look::Primary,
            Self::Erase => Look::Danger,
        }
    }

    fn done(self, name: &str) -> String {
        match self {
            Self::Unlock => [name, " is unlocked. They are told by mail."].concat(),
            Self::Revoke => ["The authenticator of ", name, " was revoked. They are told by mail."].concat(),
            Self::Erase => [name, " was erased"].concat(),
        }
    }
}

#[derive(Clone, Copy)]
struct Acting {
    act: Act,
    people: People,
    frame: Frame,
    person: StoredValue<AccountId>,
    name: StoredValue<String>,
    enrolling: RwSignal<bool>,
    reason: RwSignal<String>,
    reason_fault: RwSignal<Option<String>>,
    confirming: Confirming,
}

/// Opens the dialog.
pub(super) fn open(people: People, act: Act, person: InvitedPerson) {
    let build = move |frame: Frame| {
        let name = person.name.unwrap_or_else(|| "this person".to_owned());
        frame.title.set(act.title(&name));
        let it = Acting {
            act,
            people,
            frame,
            person: StoredValue::new(person.person),
            name: StoredValue::new(name),
            enrolling: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            reason_fault: RwSignal::new(None),
            confirming: Confirming::new(frame.busy),
        };
        let ends = (act == Act::Erase && person.open > 0).then_some(" Open invitations of theirs are revoked.");
        (move || if it.enrolling.get() { enrol(it) } else { writing(it, ends) }).into_any()
    };
    show(focus::top(), build, || ());
}

fn enrol(it: Acting) -> AnyView {
    let done = Callback::new(move |()| {
        it.enrolling.set(false);
        it.frame.title.set(it.act.title(&it.name.get_value()));
        it.send(None);
    });
    enrolment::view(it.frame.busy, it.frame.title, done, Callback::new(move |()| it.frame.close()))
}

fn writing(it: Acting, ends: Option<&'static str>) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let press = Callback::new(move |()| it.confirming.press(Callback::new(move |confirm| it.send(confirm))));
    let again = Callback::new(move |()| it.send(None));
    let close = Callback::new(move |()| it.frame.close());
    let back = Callback::new(move |()| it.confirming.forget());
    let held_back = Signal::derive(move || busy.get() || it.confirming.is_held_back());
    view! {
        <div class="dialog-body" data-testid="act-dialog">
            <p>{it.act.consequence()} {ends}</p>
            <div class:hidden=move || it.confirming.is_asked()>
                {comment_field("reason", "Reason", true, it.reason, it.reason_fault)}
            </div>
            {it.confirming.view(press)}
            {it.confirming.problem(again)}
        </div>
        <div class="dialog-foot">
            {move || if it.confirming.is_asked() {
                button("act-back", Look::Subtle, "Back", busy, back)
            } else {
                button("cancel", Look::Subtle, "Cancel", busy, close)
            }}
            {button("act-go", it.act.look(), it.act.word(), held_back, press)}
        </div>
    }
    .into_any()
}

impl Acting {
    /// Sends it, for the first time or with the confirmation. What is sent twice is word for word the same.
    fn send(self, confirm: Option<Confirmation>) {
        let reason = self.reason.get_untracked();
        let fault = crate::words::comment_fault(&reason, Some("Say why. It is kept in the journal."), COMMENT_MAX);
        self.reason_fault.set(fault.map(str::to_owned));
        if fault.is_some() {
            return focus::now("#reason");
        }
        let first = confirm.is_none();
        self.confirming.begin();
        spawn(async move {
            let answer = self.answer(reason, confirm).await;
            if let Err(Failure::Refused(problem)) = &answer {
                if problem.kind == ProblemKind::NoFactor {
                    self.frame.busy.set(false);
                    return self.enrolling.set(true);
                }
                if problem.field.as_deref() == Some("reason") {
                    self.frame.busy.set(false);
                    self.confirming.forget();
                    self.reason_fault.set(Some(problem.detail.clone()));
                    return focus::now("#reason");
                }
            }
            match self.confirming.take(answer) {
                Some(more) => {
                    self.frame.close();
                    self.people.done([self.act.done(&self.name.get_value()), more].concat());
                }
                None if first && self.confirming.is_asked() => self.frame.focus_heading(),
                None => {}
            }
        });
    }

    /// Once it is done: what is said besides.
    async fn answer(self, reason: String, confirm: Option<Confirmation>) -> Result<Sent<String>, Failure> {
        let person = self.person.get_value();
        let nothing = |_: Cared| String::new();
        match self.act {
            Act::Unlock => {
                let request = UnlockRequest { account: person, reason, confirm };
                ask(route::CARE_UNLOCK, &request).await.map(|answer| sent(answer, nothing))
            }
            Act::Revoke => {
                let request = RevokeRequest { account: person, factor: None, reason, confirm };
                ask(route::CARE_REVOKE, &request).await.map(|answer| sent(answer, nothing))
            }
            Act::Erase => {
                let request = EraseRequest { person, reason, confirm };
                ask(route::INVITED_ERASE, &request).await.map(|answer| sent(answer, revoked))
            }
        }
    }
}

fn sent<T>(answer: Answer<T>, more: impl FnOnce(T) -> String) -> Sent<String> {
    match answer {
        Answer::Done(done) => Sent::Done(more(done)),
        Answer::Confirm(confirm) => Sent::Confirm(confirm),
        // Only a workflow can be in use.
        Answer::InUse(_) => Sent::Done(String::new()),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as it is handed on")]
fn revoked(erased: Erased) -> String {
    match erased.revoked {
        0 => ".".to_owned(),
        1 => ", and 1 open invitation was revoked.".to_owned(),
        more => format!(", and {more} open invitations were revoked."),
    }
}
