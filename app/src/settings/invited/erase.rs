//! Erasing somebody who was invited: say why, then confirm it.

use super::People;
use crate::bridge::{Failure, ask, spawn};
use crate::confirming::{Confirming, Sent};
use crate::dialog::{Frame, show};
use crate::ui::{Look, button, comment_field};
use crate::{enrolment, focus};
use engine::ids::AccountId;
use engine::wire::act::COMMENT_MAX;
use engine::wire::confirm::Confirmation;
use engine::wire::invitation::{EraseRequest, Erased, InvitedPerson};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use engine::wire::workflows::Answer;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Erasing {
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
pub(super) fn open(people: People, person: InvitedPerson) {
    let build = move |frame: Frame| {
        let name = person.name.unwrap_or_else(|| "this person".to_owned());
        frame.title.set(["Erase ", &name].concat());
        let it = Erasing {
            people,
            frame,
            person: StoredValue::new(person.person),
            name: StoredValue::new(name),
            enrolling: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            reason_fault: RwSignal::new(None),
            confirming: Confirming::new(frame.busy),
        };
        let open = person.open > 0;
        (move || if it.enrolling.get() { enrol(it) } else { writing(it, open) }).into_any()
    };
    show(focus::top(), build, || ());
}

fn enrol(it: Erasing) -> AnyView {
    let done = Callback::new(move |()| {
        it.enrolling.set(false);
        it.frame.title.set(["Erase ", &it.name.get_value()].concat());
        it.send(None);
    });
    enrolment::view(it.frame.busy, it.frame.title, done, Callback::new(move |()| it.frame.close()))
}

fn writing(it: Erasing, open: bool) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let press = Callback::new(move |()| it.confirming.press(Callback::new(move |confirm| it.send(confirm))));
    let again = Callback::new(move |()| it.send(None));
    let close = Callback::new(move |()| it.frame.close());
    let back = Callback::new(move |()| it.confirming.forget());
    let held_back = Signal::derive(move || busy.get() || it.confirming.is_held_back());
    let ends = open.then_some(" Open invitations of theirs are revoked.");
    view! {
        <div class="dialog-body" data-testid="erase-dialog">
            <p>
                "Their name, their address and what they confirm with are erased for good. What they decided stays in the journal, without \
                 a name." {ends}
            </p>
            <div class:hidden=move || it.confirming.is_asked()>
                {comment_field("reason", "Reason", true, it.reason, it.reason_fault)}
            </div>
            {it.confirming.view(press)}
            {it.confirming.problem(again)}
        </div>
        <div class="dialog-foot">
            {move || if it.confirming.is_asked() {
                button("erase-back", Look::Subtle, "Back", busy, back)
            } else {
                button("cancel", Look::Subtle, "Cancel", busy, close)
            }}
            {button("erase-go", Look::Danger, "Erase", held_back, press)}
        </div>
    }
    .into_any()
}

impl Erasing {
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
            let request = EraseRequest { person: self.person.get_value(), reason, confirm };
            let answer: Result<Answer<Erased>, Failure> = ask(route::INVITED_ERASE, &request).await;
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
            let sent = answer.map(|answer| match answer {
                Answer::Done(erased) => Sent::Done(Some(erased)),
                Answer::Confirm(confirm) => Sent::Confirm(confirm),
                // Only a workflow can be in use.
                Answer::InUse(_) => Sent::Done(None),
            });
            match self.confirming.take(sent) {
                Some(erased) => {
                    let revoked = match erased.map_or(0, |erased| erased.revoked) {
                        0 => String::new(),
                        1 => ", and 1 open invitation was revoked".to_owned(),
                        more => format!(", and {more} open invitations were revoked"),
                    };
                    self.frame.close();
                    self.people.erased(format!("{} was erased{revoked}.", self.name.get_value()));
                }
                None if first && self.confirming.is_asked() => self.frame.focus_heading(),
                None => {}
            }
        });
    }
}
