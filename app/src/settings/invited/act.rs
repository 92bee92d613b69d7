//! What an admin does about somebody who was invited: say why, then confirm it.

use super::People;
use crate::bridge::{Failure, ask, spawn};
use crate::confirming::{Confirming, Sent};
use crate::dialog::{Frame, show};
use crate::ui::{Look, button, comment_field};
use crate::{enrolment, focus, words};
use engine::ids::AccountId;
use engine::wire::act::COMMENT_MAX;
use engine::wire::confirm::Confirmation;
use engine::wire::insights::{Cared, RevokeRequest, UnlockRequest};
use engine::wire::invitation::{EraseRequest, Erased, InvitedPerson};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
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

    /// What it does, and what to bear in mind.
    fn consequence(self, open: bool) -> [&'static str; 2] {
        match self {
            Self::Unlock => [words::UNLOCKING, words::BEFORE_UNLOCKING],
            Self::Revoke => [
                "Their authenticator and their recovery codes end at once. To decide they set up a new one, or use a code mailed to them \
                 where the policy takes one.",
                "Before you do this, make sure it was them who asked: ask them by another way than mail.",
            ],
            Self::Erase => [
                "Their name, their address and what they confirm with are erased for good. What they decided stays in the journal, \
                 without a name.",
                if open { "Open invitations of theirs are revoked." } else { "" },
            ],
        }
    }

    fn look(self) -> Look {
        match self {
            Self::Unlock | Self::Revoke => Look::Primary,
            Self::Erase => Look::Danger,
        }
    }

    /// What is said once it is done; `revoked` invitations ended with it.
    fn done(self, name: &str, revoked: u32) -> String {
        match self {
            Self::Unlock => [name, " is unlocked. They are told by mail."].concat(),
            Self::Revoke => ["The authenticator of ", name, " was revoked. They are told by mail."].concat(),
            Self::Erase => match revoked {
                0 => [name, " was erased."].concat(),
                1 => [name, " was erased, and 1 open invitation was revoked."].concat(),
                more => format!("{name} was erased, and {more} open invitations were revoked."),
            },
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
        let consequence = act.consequence(person.open > 0);
        (move || if it.enrolling.get() { enrol(it) } else { writing(it, consequence) }).into_any()
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

fn writing(it: Acting, [does, bear_in_mind]: [&'static str; 2]) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let press = Callback::new(move |()| it.confirming.press(Callback::new(move |confirm| it.send(confirm))));
    let again = Callback::new(move |()| it.send(None));
    let close = Callback::new(move |()| it.frame.close());
    let back = Callback::new(move |()| it.confirming.forget());
    let held_back = Signal::derive(move || busy.get() || it.confirming.is_held_back());
    view! {
        <div class="dialog-body" data-testid="act-dialog">
            <p>{does} " " {bear_in_mind}</p>
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
        let fault = words::comment_fault(&reason, Some("Say why. It is kept in the journal."), COMMENT_MAX);
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
                Some(revoked) => {
                    self.frame.close();
                    self.people.done(self.act.done(&self.name.get_value(), revoked));
                }
                None if first && self.confirming.is_asked() => self.frame.focus_heading(),
                None => {}
            }
        });
    }

    /// Once it is done: how many invitations were revoked with it.
    async fn answer(self, reason: String, confirm: Option<Confirmation>) -> Result<Sent<u32>, Failure> {
        let person = self.person.get_value();
        let none = |_: Option<Cared>| 0;
        match self.act {
            Act::Unlock => {
                let request = UnlockRequest { account: person, reason, confirm };
                ask(route::CARE_UNLOCK, &request).await.map(|answer| Sent::of(answer, none))
            }
            Act::Revoke => {
                let request = RevokeRequest { account: person, factor: None, reason, confirm };
                ask(route::CARE_REVOKE, &request).await.map(|answer| Sent::of(answer, none))
            }
            Act::Erase => {
                let request = EraseRequest { person, reason, confirm };
                let revoked = |erased: Option<Erased>| erased.map_or(0, |erased| erased.revoked);
                ask(route::INVITED_ERASE, &request).await.map(|answer| Sent::of(answer, revoked))
            }
        }
    }
}
