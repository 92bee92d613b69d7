//! What an admin does about somebody's factors: say why, look at what will be done, confirm it with a factor of their own.

use super::{Insights, words};
use crate::bridge::{self, Failure, ask, spawn};
use crate::confirming::{Confirming, Sent};
use crate::dialog::Frame;
use crate::ui::{Look, Tone, button, comment_field, notice, when_day};
use crate::{days, enrolment, focus};
use core::time::Duration;
use engine::ids::FactorId;
use engine::time::Timestamp;
use engine::wire::act::COMMENT_MAX;
use engine::wire::confirm::Confirmation;
use engine::wire::insights::{
    Cared, LIFE_DAYS_MAX, LifeRequest, PersonLine, PersonRequest, PersonResponse, RevokeRequest, UnlockRequest,
};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::route;
use engine::wire::workflows::Answer;
use leptos::prelude::*;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// One factor, or everything, is taken away.
    Revoke(Option<FactorId>),
    /// One factor, or all, count until another day.
    Life(Option<FactorId>),
    /// The lock is released.
    Unlock,
}

/// A person's dialog.
#[derive(Clone, Copy)]
pub(super) struct Caring {
    it: Insights,
    pub(super) frame: Frame,
    pub(super) person: StoredValue<PersonLine>,
    pub(super) act: RwSignal<Option<Act>>,
    /// Whether the admin has nothing to confirm with, and sets it up.
    enrolling: RwSignal<bool>,
    reason: RwSignal<String>,
    reason_fault: RwSignal<Option<String>>,
    day: RwSignal<String>,
    for_good: RwSignal<bool>,
    day_fault: RwSignal<Option<String>>,
    confirming: Confirming,
    said: RwSignal<Option<String>>,
}

impl Caring {
    pub(super) fn new(it: Insights, frame: Frame, person: PersonLine) -> Self {
        Self {
            it,
            frame,
            person: StoredValue::new(person),
            act: RwSignal::new(None),
            enrolling: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            reason_fault: RwSignal::new(None),
            day: RwSignal::new(String::new()),
            for_good: RwSignal::new(false),
            day_fault: RwSignal::new(None),
            confirming: Confirming::new(frame.busy),
            said: RwSignal::new(None),
        }
    }

    /// Begins something else; a reason typed before stays.
    pub(super) fn begin(self, act: Act) {
        let title = match act {
            Act::Revoke(None) => "Revoke everything of ",
            Act::Revoke(Some(_)) => "Revoke a factor of ",
            Act::Life(_) => "Set the expiry for ",
            Act::Unlock => "Unlock ",
        };
        self.frame.title.set([title, &self.person.with_value(|person| person.name.clone())].concat());
        self.said.set(None);
        self.write();
        self.act.set(Some(act));
        self.frame.focus_heading();
    }

    /// Back to what was typed.
    fn write(self) {
        self.enrolling.set(false);
        self.confirming.forget();
    }
}

/// What was done a moment ago.
pub(super) fn said(caring: Caring) -> AnyView {
    (move || caring.said.get().map(|said| notice(Tone::Success, "care-done", "", &said, None))).into_any()
}

pub(super) fn view(caring: Caring, act: Act) -> AnyView {
    let act = StoredValue::new(act);
    (move || {
        if caring.enrolling.get() {
            let (busy, title) = (caring.frame.busy, caring.frame.title);
            let done = Callback::new(move |()| caring.begin(act.get_value()));
            enrolment::view(busy, title, done, Callback::new(move |()| caring.frame.close()))
        } else if caring.confirming.is_asked() {
            confirming(caring, act)
        } else {
            writing(caring, act)
        }
    })
    .into_any()
}

fn writing(caring: Caring, act: StoredValue<Act>) -> AnyView {
    let go = Callback::new(move |()| caring.send(act.get_value(), None));
    let back = Callback::new(move |()| caring.act.set(None));
    let busy: Signal<bool> = caring.frame.busy.into();
    let life = act.with_value(|act| matches!(act, Act::Life(_))).then(|| life(caring));
    view! {
        <div class="dialog-body" data-testid="care-dialog">
            <p>{act.with_value(consequence)}</p>
            {life}
            {comment_field("reason", "Reason", true, caring.reason, caring.reason_fault)}
            <p class="subtle small">"The reason, your name and the time are kept in the journal; the person is told by mail that it was done, and by whom."</p>
            {caring.confirming.lock_view(Callback::new(|()| ()))}
            {caring.confirming.problem(go)}
        </div>
        <div class="dialog-foot">
            {button("care-back", Look::Subtle, "Back", busy, back)}
            {button("care-go", Look::Primary, "Continue", busy, go)}
        </div>
    }
    .into_any()
}

fn consequence(act: &Act) -> &'static str {
    match act {
        Act::Revoke(None) => {
            "Everything they confirm with, and their recovery codes, end at once, and with them whatever they are confirming or \
             setting up now. To confirm again they set up something new, with a code mailed to them."
        }
        Act::Revoke(Some(_)) => {
            "It counts no longer from this moment on, and whatever they are confirming or setting up now ends. Their other factors \
             and their recovery codes stay."
        }
        Act::Life(_) => {
            "It counts up to the day you choose. What they are confirming or setting up now ends, and is begun anew."
        }
        Act::Unlock => crate::words::UNLOCKING,
    }
}

/// The day to choose; for good only where the policy has factors count for good.
fn life(caring: Caring) -> AnyView {
    let life_days = caring.it.progress.with_untracked(|progress| progress.as_ref().and_then(|told| told.life_days));
    let hint = match life_days {
        None => "The step-up policy has factors count for good.".to_owned(),
        Some(days) => format!(
            "The step-up policy has factors renewed every {days} days. You can choose a day at most {} days from now.",
            days.max(LIFE_DAYS_MAX)
        ),
    };
    let for_good = life_days.is_none().then(|| {
        view! {
            <div class="radio">
                <input
                    type="checkbox"
                    id="for-good"
                    data-testid="for-good"
                    prop:checked=move || caring.for_good.get()
                    on:change=move |event| caring.for_good.set(event_target_checked(&event))
                />
                <label for="for-good">"For good"</label>
            </div>
        }
    });
    view! {
        <div class="field">
            <label for="until">"Last day it counts" <span class="required" aria-hidden="true">" *"</span></label>
            <input
                id="until"
                data-testid="until"
                type="date"
                disabled=move || caring.for_good.get()
                aria-required="true"
                aria-invalid=move || caring.day_fault.with(Option::is_some).to_string()
                aria-describedby="until-error until-hint"
                prop:value=move || caring.day.get()
                on:input=move |event| {
                    caring.day.set(event_target_value(&event));
                    caring.day_fault.set(None);
                }
            />
            <div class="field-foot">
                <span id="until-error" class="field-error" role="alert" data-testid="until-error">{move || caring.day_fault.get()}</span>
                <span id="until-hint" class="subtle small">{hint}</span>
            </div>
        </div>
        {for_good}
    }
    .into_any()
}

fn confirming(caring: Caring, act: StoredValue<Act>) -> AnyView {
    let own = caring.confirming;
    let busy: Signal<bool> = caring.frame.busy.into();
    let send = Callback::new(move |confirm| caring.send(act.get_value(), confirm));
    let go = Callback::new(move |()| own.press(send));
    let again = Callback::new(move |()| caring.send(act.get_value(), None));
    let back = Callback::new(move |()| caring.write());
    let held_back = Signal::derive(move || busy.get() || own.is_held_back());
    let until = (act.with_value(|act| matches!(act, Act::Life(_))))
        .then(|| match caring.until() {
            Ok(Some(at)) => {
                Some(view! { <dt>"Counts until"</dt><dd>{when_day(Timestamp(at.0.saturating_sub(1)))}</dd> }.into_any())
            }
            Ok(None) => Some(view! { <dt>"Counts until"</dt><dd>"For good"</dd> }.into_any()),
            Err(_) => None,
        })
        .flatten();
    let which = act.with_value(|act| caring.which(act));
    let look = if act.with_value(|act| matches!(act, Act::Revoke(_))) { Look::Danger } else { Look::Primary };
    view! {
        <div class="dialog-body" data-testid="care-confirm">
            <dl class="facts">
                <dt>"Person"</dt>
                <dd data-testid="care-name">{caring.person.with_value(|person| person.name.clone())}</dd>
                {which.map(|which| view! { <dt>"What"</dt><dd>{which}</dd> })}
                {until}
                <dt>"Reason"</dt>
                <dd>{caring.reason.get_untracked()}</dd>
            </dl>
            {own.view(go)}
            {own.problem(again)}
        </div>
        <div class="dialog-foot">
            {button("care-back", Look::Subtle, "Back", busy, back)}
            {button("care-confirm-go", look, "Confirm", held_back, go)}
        </div>
    }
    .into_any()
}

impl Caring {
    fn which(self, act: &Act) -> Option<String> {
        let named = |id: &FactorId| {
            self.person.with_value(|person| {
                let factor = person.factors.iter().find(|factor| factor.id == *id)?;
                let name = factor.name.as_ref().map(|name| format!(" “{name}”")).unwrap_or_default();
                Some([words::kind(factor.factor_kind), &name].concat())
            })
        };
        match act {
            Act::Revoke(None) => Some("Everything, and the recovery codes".to_owned()),
            Act::Revoke(Some(id)) | Act::Life(Some(id)) => named(id),
            Act::Life(None) => Some("Everything".to_owned()),
            Act::Unlock => None,
        }
    }

    /// When the chosen day is over; [`None`]: for good.
    fn until(self) -> Result<Option<Timestamp>, &'static str> {
        if self.for_good.get_untracked() {
            return Ok(None);
        }
        let day = self.day.get_untracked();
        let begins = self.it.zone.with_value(|zone| days::midnight(&day, zone));
        begins.map(|begins| Some(begins + DAY)).ok_or("Choose the last day it counts.")
    }

    /// Sends it, for the first time or with the confirmation. What is sent twice is word for word the same.
    fn send(self, act: Act, confirm: Option<Confirmation>) {
        if self.frame.busy.get_untracked() {
            return;
        }
        let reason = self.reason.get_untracked();
        let fault = crate::words::comment_fault(&reason, Some("Say why. It is kept in the journal."), COMMENT_MAX);
        self.reason_fault.set(fault.map(str::to_owned));
        if fault.is_some() {
            return focus::now("#reason");
        }
        let account = self.person.with_value(|person| person.account.clone());
        let until = match &act {
            Act::Life(_) => match self.until() {
                Ok(until) => until,
                Err(fault) => {
                    self.day_fault.set(Some(fault.to_owned()));
                    return focus::now("#until");
                }
            },
            Act::Revoke(_) | Act::Unlock => None,
        };
        self.confirming.begin();
        let first = confirm.is_none();
        spawn(async move {
            let answer: Result<Answer<Cared>, Failure> = match act.clone() {
                Act::Revoke(factor) => {
                    ask(route::CARE_REVOKE, &RevokeRequest { account, factor, reason, confirm }).await
                }
                Act::Life(factor) => {
                    ask(route::CARE_LIFE, &LifeRequest { account, factor, until, reason, confirm }).await
                }
                Act::Unlock => ask(route::CARE_UNLOCK, &UnlockRequest { account, reason, confirm }).await,
            };
            if let Err(Failure::Refused(problem)) = &answer
                && self.placed(problem)
            {
                return;
            }
            let sent = answer.map(|answer| Sent::of(answer, |cared| cared.is_some()));
            match self.confirming.take(sent) {
                Some(true) => self.done(&act),
                None if first && self.confirming.is_asked() => self.frame.focus_heading(),
                Some(false) | None => {}
            }
        });
    }

    fn done(self, act: &Act) {
        let said = match act {
            Act::Revoke(None) => "Everything was revoked.",
            Act::Revoke(Some(_)) => "The factor was revoked.",
            Act::Life(_) => "The expiry was set.",
            Act::Unlock => "They are unlocked.",
        };
        self.said.set(Some([said, " They are told by mail."].concat()));
        self.reason.set(String::new());
        bridge::show_success("countersign-care", said);
        self.frame.busy.set(true);
        let account = self.person.with_value(|person| person.account.clone());
        spawn(async move {
            let answer: Result<PersonResponse, Failure> = ask(route::INSIGHTS_PERSON, &PersonRequest { account }).await;
            self.frame.busy.set(false);
            match answer {
                Ok(PersonResponse { person: Some(person) }) => {
                    self.person.set_value(person);
                    self.act.set(None);
                    self.frame.focus_heading();
                }
                // They are listed no longer, or it is not known: the list says what is so once the dialog is closed.
                _ => self.frame.close(),
            }
        });
    }

    /// Shows a refusal where it belongs, if that is here; says whether it did.
    fn placed(self, problem: &Problem) -> bool {
        let at = |id: &str, fault: RwSignal<Option<String>>| {
            self.write();
            fault.set(Some(problem.detail.clone()));
            focus::now(id);
        };
        match (problem.kind, problem.field.as_deref()) {
            (ProblemKind::BadField, Some("until")) => at("#until", self.day_fault),
            (ProblemKind::BadField, Some("reason")) => at("#reason", self.reason_fault),
            (ProblemKind::NoFactor, _) => self.enrolling.set(true),
            _ => return false,
        }
        self.frame.busy.set(false);
        true
    }
}
