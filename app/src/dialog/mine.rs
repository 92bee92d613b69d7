//! What people set for themselves: when they are away, who decides for them, and their mails. What they confirm with is
//! beside it, in [`super::factors`].

use super::Frame;
use super::factors;
use super::picker::{Picker, Source};
use super::sending::Sending;
use crate::advice::{self, Step};
use crate::bridge::{self, Failure, ask, spawn};
use crate::clock;
use crate::context::Context;
use crate::days;
use crate::focus;
use crate::ui::{self, Look, button, failure_notice, when_day};
use crate::words;
use core::time::Duration;
use engine::ids::AccountId;
use engine::time::Timestamp;
use engine::wire::me::{
    ABSENCE_DAYS_MAX, Absence, AbsenceRequest, Digest, DigestRequest, MeRequest, MeResponse, NewAbsence,
};
use engine::wire::problem::Problem;
use engine::wire::route;
use engine::wire::status::Candidate;
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Mine {
    frame: Frame,
    /// What is set now, or why it is not known.
    now: RwSignal<Option<Result<MeResponse, Failure>>>,
    /// First day away and first day back, as the browser's date fields write them.
    from: RwSignal<String>,
    back: RwSignal<String>,
    days_fault: RwSignal<Option<String>>,
    stand_in: Picker,
    /// The person's time zone, as Forge says; what the edge knows of it stands in.
    zone: StoredValue<Option<String>>,
    digest: RwSignal<Digest>,
    sending: Sending,
}

/// Which part is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Absence and mails.
    Away,
    /// What they confirm with.
    Factors,
}

/// The dialog's content.
pub(super) fn view(frame: Frame, context: &Context) -> AnyView {
    let part = RwSignal::new(Part::Away);
    let context = StoredValue::new(context.clone());
    let choice = move |this: Part, testid: &'static str, label: &'static str| {
        let pressed = move || if part.get() == this { "page" } else { "false" };
        view! {
            <button
                type="button"
                class="tab"
                data-testid=testid
                aria-current=pressed
                on:click=move |_| {
                    if !frame.busy.get_untracked() {
                        part.set(this);
                    }
                }
            >
                {label}
            </button>
        }
    };
    view! {
        <nav class="tabs" aria-label="My settings">
            {choice(Part::Away, "part-away", "Absence and mails")} {choice(Part::Factors, "part-factors", "How I confirm")}
        </nav>
        {move || match part.get() {
            Part::Away => context.with_value(|context| away_view(frame, context)),
            Part::Factors => factors::view(frame),
        }}
    }
    .into_any()
}

fn away_view(frame: Frame, context: &Context) -> AnyView {
    frame.title.set("Absence and mails".to_owned());
    let me = context.account.clone().map(AccountId::new);
    let it = Mine {
        frame,
        now: RwSignal::new(None),
        from: RwSignal::new(String::new()),
        back: RwSignal::new(String::new()),
        days_fault: RwSignal::new(None),
        stand_in: Picker::one("stand-in".to_owned(), "Who decides for you?".to_owned(), Source::Confluence)
            .except(me)
            .optional(),
        zone: StoredValue::new(context.timezone.clone()),
        digest: RwSignal::new(Digest::Off),
        sending: Sending::new(frame),
    };
    it.load();
    view! {
        {move || it.now.with(|now| match now {
            None => loading(it),
            Some(Err(failure)) => failed(it, failure),
            Some(Ok(now)) => form(it, now),
        })}
    }
    .into_any()
}

fn loading(it: Mine) -> AnyView {
    view! {
        <div class="dialog-body" data-testid="mine-loading">{ui::loading()}</div>
        {foot(it, None)}
    }
    .into_any()
}

fn failed(it: Mine, failure: &Failure) -> AnyView {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => it.load(),
    });
    view! {
        <div class="dialog-body">{failure_notice(failure, advice::step(failure), it.frame.busy.into(), press)}</div>
        {foot(it, None)}
    }
    .into_any()
}

fn foot(it: Mine, save: Option<Callback<()>>) -> AnyView {
    let busy: Signal<bool> = it.frame.busy.into();
    let close = Callback::new(move |()| it.frame.close());
    view! {
        <div class="dialog-foot">
            {button("cancel", Look::Subtle, if save.is_some() { "Cancel" } else { "Close" }, busy, close)}
            {save.map(|save| button("mine-save", Look::Primary, "Save", busy, save))}
        </div>
    }
    .into_any()
}

fn form(it: Mine, now: &MeResponse) -> AnyView {
    let save = Callback::new(move |()| it.save());
    let zone = it.zone(now).replace('_', " ");
    let others: Vec<&str> = now.stands_in_for.iter().map(String::as_str).collect();
    let others = (!others.is_empty()).then(
        || view! { <p data-testid="stands-in">"You decide for " {words::list(&others)} " while they are away."</p> },
    );
    view! {
        <div class="dialog-body" data-testid="mine-dialog">
            <section class="part" aria-labelledby="away-title">
                <h3 id="away-title">"When you are away"</h3>
                <p class="subtle">"Somebody else decides for you then. What they sign is recorded with their own name, and yours beside it."</p>
                {others}
                {now.absence.as_ref().map(|absence| away(it, absence))}
                <div class="pair">
                    {day_field("away-from", "First day away", it.from, it.days_fault)}
                    {day_field("away-back", "First day back", it.back, it.days_fault)}
                </div>
                <div class="field-foot">
                    <span id="days-error" class="field-error" role="alert">{move || it.days_fault.get()}</span>
                    <span class="subtle small">"Days are counted in your time zone, " {zone} "."</span>
                </div>
                {it.stand_in.view()}
            </section>
            <fieldset class="part">
                <legend>"Mails about what waits for you"</legend>
                {digest_choice(it, Digest::Off, "digest-off", "None besides the notices of each page")}
                {digest_choice(it, Digest::Daily, "digest-daily", "A list each morning on which something waits")}
                {digest_choice(it, Digest::Weekly, "digest-weekly", "A list on Monday mornings, if something waits")}
            </fieldset>
            {it.sending.problem(save)}
        </div>
        {foot(it, Some(save))}
    }
    .into_any()
}

/// What is set, and the way to take it back.
fn away(it: Mine, absence: &Absence) -> AnyView {
    let lead = if absence.from <= clock::now() { "You are away until " } else { "You will be away from " };
    let until = (absence.from > clock::now()).then(|| view! { {when_day(absence.from)} " until " });
    view! {
        <div class="notice information" data-testid="away-now">
            <div class="notice-text">
                <p>{lead} {until} {when_day(absence.until)} "; " <strong>{absence.name.clone()}</strong> " decides for you."</p>
                <div class="buttons">
                    {button("away-end", Look::Default, "I’m not away", it.frame.busy.into(), Callback::new(move |()| it.end()))}
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn day_field(id: &'static str, label: &'static str, day: RwSignal<String>, fault: RwSignal<Option<String>>) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                data-testid=id
                type="date"
                aria-invalid=move || fault.with(Option::is_some).to_string()
                aria-describedby="days-error"
                prop:value=move || day.get()
                on:input=move |event| {
                    day.set(event_target_value(&event));
                    fault.set(None);
                }
            />
        </div>
    }
    .into_any()
}

fn digest_choice(it: Mine, digest: Digest, id: &'static str, label: &'static str) -> AnyView {
    view! {
        <div class="radio">
            <input
                type="radio"
                name="digest"
                id=id
                data-testid=id
                prop:checked=move || it.digest.get() == digest
                on:change=move |_| it.digest.set(digest)
            />
            <label for=id>{label}</label>
        </div>
    }
    .into_any()
}

/// What the form asks for.
enum Wish {
    /// The absence stays as it is.
    Nothing,
    /// This one.
    Away(NewAbsence),
    /// It cannot be: the fault is shown.
    Wrong,
}

impl Mine {
    fn load(self) {
        self.now.set(None);
        spawn(async move {
            let answer: Result<MeResponse, Failure> = ask(route::ME, &MeRequest {}).await;
            if let Ok(now) = &answer {
                self.fill(now);
            }
            self.now.set(Some(answer));
        });
    }

    fn fill(self, now: &MeResponse) {
        self.digest.set(now.digest);
        if let Some(Absence { stand_in, name, from, until }) = &now.absence {
            let zone = self.zone(now);
            self.from.set(days::day_of(*from, &zone));
            self.back.set(days::day_of(*until, &zone));
            self.stand_in.preset(Candidate { account: stand_in.clone(), name: name.clone() });
        }
    }

    fn zone(self, now: &MeResponse) -> String {
        self.zone.get_value().unwrap_or_else(|| now.zone.clone())
    }

    /// What is set now; the form is only there where it is known.
    fn set_now<T>(self, part: impl FnOnce(&MeResponse) -> T) -> Option<T> {
        self.now.with_untracked(|now| now.as_ref().and_then(|now| now.as_ref().ok()).map(part))
    }

    fn save(self) {
        if self.sending.is_busy() {
            return;
        }
        match self.wish() {
            Wish::Wrong => {}
            Wish::Nothing => self.save_digest(),
            Wish::Away(absence) => {
                let request = AbsenceRequest { absence: Some(absence) };
                let done = move |_: Option<MeResponse>| self.save_digest();
                self.sending.send(route::ME_ABSENCE, request, done, move |problem| self.refused(problem));
            }
        }
    }

    fn wish(self) -> Wish {
        let (from, back, who) = (self.from.get_untracked(), self.back.get_untracked(), self.stand_in.first_untracked());
        if from.is_empty() && back.is_empty() && who.is_none() {
            return Wish::Nothing;
        }
        let zone = self.set_now(|now| self.zone(now)).unwrap_or_default();
        let span = match (days::midnight(&from, &zone), days::midnight(&back, &zone)) {
            (Some(from), Some(until)) => days_fault(from, until, clock::now()).map_or(Ok((from, until)), Err),
            _ => Err("Enter the first day away and the first day back."),
        };
        let (from, until) = match span {
            Ok(span) => span,
            Err(fault) => {
                self.days_fault.set(Some(fault.to_owned()));
                focus::now("#away-from");
                return Wish::Wrong;
            }
        };
        let Some(who) = who else {
            self.stand_in.refuse("Choose who decides for you.".to_owned());
            self.stand_in.focus();
            return Wish::Wrong;
        };
        let wish = NewAbsence { stand_in: who.account, from, until };
        let as_before = |now: &MeResponse| {
            now.absence
                .as_ref()
                .is_some_and(|held| held.stand_in == wish.stand_in && held.from == from && held.until == until)
        };
        if self.set_now(as_before).unwrap_or_default() { Wish::Nothing } else { Wish::Away(wish) }
    }

    fn save_digest(self) {
        let digest = self.digest.get_untracked();
        if self.set_now(|now| now.digest) == Some(digest) {
            return self.done();
        }
        let done = move |_: Option<MeResponse>| self.done();
        self.sending.send(route::ME_DIGEST, DigestRequest { digest }, done, |_| false);
    }

    /// The absence is over, or will not be.
    fn end(self) {
        let done = move |_: Option<MeResponse>| self.done();
        self.sending.send(route::ME_ABSENCE, AbsenceRequest { absence: None }, done, |_| false);
    }

    fn done(self) {
        bridge::show_success("countersign-mine", "Saved");
        self.frame.close();
    }

    fn refused(self, problem: &Problem) -> bool {
        match problem.field.as_deref() {
            Some("stand_in") => {
                self.stand_in.refuse(problem.detail.clone());
                self.stand_in.focus();
            }
            Some("from" | "until") => {
                self.days_fault.set(Some(problem.detail.clone()));
                focus::now("#away-from");
            }
            _ => return false,
        }
        true
    }
}

/// What is wrong with an absence before it is sent.
fn days_fault(from: Timestamp, until: Timestamp, now: Timestamp) -> Option<&'static str> {
    let longest = Duration::from_secs(ABSENCE_DAYS_MAX * 24 * 60 * 60);
    if until <= from {
        Some("The first day back has to be after the first day away.")
    } else if until <= now {
        Some("These days are over. Enter days to come.")
    } else if until - from > longest {
        Some("Enter a year at most.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_ends_after_it_begins_and_not_in_the_past() {
        let day = |n: u64| Timestamp(n * 86_400_000);
        assert_eq!(days_fault(day(10), day(12), day(11)), None, "it may have begun");
        assert!(days_fault(day(12), day(12), day(1)).is_some());
        assert!(days_fault(day(10), day(12), day(12)).is_some());
        assert_eq!(days_fault(day(10), day(10 + ABSENCE_DAYS_MAX), day(1)), None);
        assert!(days_fault(day(10), day(11 + ABSENCE_DAYS_MAX), day(1)).is_some());
    }
}
