//! Reminding people by mail to set up or renew what they confirm with.

use super::{Insights, words};
use crate::advice;
use crate::bridge::{Failure, ask, spawn};
use crate::clock;
use crate::ui::{Look, Tone, button, notice};
use engine::ids::AccountId;
use engine::wire::insights::{PORTION, RemindRequest, RemindResponse, ReminderOutcome};
use engine::wire::route;
use leptos::prelude::*;

/// What became of the reminders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    mailed: usize,
    of_late: usize,
    not_needed: usize,
    not_asked: usize,
}

impl Tally {
    fn take(&mut self, answer: &RemindResponse) {
        for one in &answer.people {
            match one.outcome {
                ReminderOutcome::Mailed => self.mailed += 1,
                ReminderOutcome::OfLate => self.of_late += 1,
                ReminderOutcome::NotNeeded => self.not_needed += 1,
                ReminderOutcome::NotAsked => self.not_asked += 1,
            }
        }
    }

    /// A sentence for each sort there is.
    fn sentence(self) -> String {
        let mut said = vec![format!("{} mailed.", reminders(self.mailed))];
        let mut add = |count: usize, why: &str| {
            if count > 0 {
                said.push(format!("{} {why}.", words::people(count)));
            }
        };
        add(self.of_late, "left out: reminded less than a day ago");
        add(self.not_needed, "left out: what they have counts by now");
        add(self.not_asked, "left out: no workflow asks them any more, or their account is deactivated");
        said.join(" ")
    }
}

fn reminders(count: usize) -> String {
    if count == 1 { "1 reminder".to_owned() } else { format!("{count} reminders") }
}

#[derive(Clone, Copy)]
struct Reminding {
    it: Insights,
    busy: RwSignal<bool>,
    /// Who is about to be reminded, while that waits for a second press.
    asked: RwSignal<Option<Vec<AccountId>>>,
    sent: RwSignal<Option<(usize, usize)>>,
    result: RwSignal<Option<Tally>>,
    failed: RwSignal<Option<Failure>>,
}

pub(super) fn view(it: Insights) -> AnyView {
    let own = Reminding {
        it,
        busy: RwSignal::new(false),
        asked: RwSignal::new(None),
        sent: RwSignal::new(None),
        result: RwSignal::new(None),
        failed: RwSignal::new(None),
    };
    view! {
        <div class="remind" role="group" aria-labelledby="h-remind" data-testid="remind">
            <h3 id="h-remind">"Remind by mail"</h3>
            {move || preview(own)}
            {move || own.sent.get().map(|(done, all)| {
                view! { <p role="status" data-testid="remind-progress">{format!("Asked for {done} of {all}…")}</p> }
            })}
            {move || own.result.get().map(|result| notice(Tone::Success, "remind-result", "", &result.sentence(), None))}
            {move || own.failed.with(|failed| failed.as_ref().map(|failure| {
                let detail = advice::detail(failure, advice::step(failure));
                notice(Tone::Error, "remind-failed", "Not everybody was reminded", &detail, None)
            }))}
        </div>
    }
    .into_any()
}

/// Who would be reminded: those the list shows now who need it.
fn preview(own: Reminding) -> AnyView {
    let it = own.it;
    let now = clock::now();
    let (wanted, recent) = it.people.with(|people| {
        it.filter.with(|filter| {
            let kept = people.iter().filter(|person| filter.keeps(person));
            let needing: Vec<_> =
                kept.filter(|person| person.is_approver() && person.standing.can_be_reminded()).collect();
            let wanted: Vec<AccountId> = needing
                .iter()
                .filter(|person| person.can_be_reminded(now))
                .map(|person| person.account.clone())
                .collect();
            let recent = needing.len().saturating_sub(wanted.len());
            (wanted, recent)
        })
    });
    let count = wanted.len();
    if let Some(asked) = own.asked.get() {
        let send = Callback::new(move |()| own.send());
        let cancel = Callback::new(move |()| own.asked.set(None));
        let said = format!(
            "Mail {} now? Each gets one mail that says how to set up or renew what they confirm with.",
            words::people(asked.len())
        );
        return view! {
            <p role="status" data-testid="remind-ask">{said}</p>
            <div class="buttons">
                {button("remind-send", Look::Primary, "Send the reminders", own.busy.into(), send)}
                {button("remind-cancel", Look::Subtle, "Cancel", own.busy.into(), cancel)}
            </div>
        }
        .into_any();
    }
    let said = match (count, recent) {
        (0, 0) => "Everybody in the list above has something that counts.".to_owned(),
        (0, recent) => {
            format!("{} in the list above need it, and were reminded less than a day ago.", words::people(recent))
        }
        (count, 0) => format!(
            "{} in the list above have nothing that counts, or nothing that counts for long.",
            words::people(count)
        ),
        (count, recent) => format!(
            "{} in the list above have nothing that counts, or nothing that counts for long; {recent} more were reminded less than a day ago.",
            words::people(count)
        ),
    };
    let wanted = StoredValue::new(wanted);
    let ask = Callback::new(move |()| {
        own.result.set(None);
        own.failed.set(None);
        own.asked.set(Some(wanted.get_value()));
    });
    let press = (count > 0).then(|| {
        let label = format!("Remind {}…", words::people(count));
        view! { <div class="buttons">{button("remind", Look::Default, &label, own.busy.into(), ask)}</div> }
    });
    view! { <p class="subtle" data-testid="remind-preview">{said}</p> {press} }.into_any()
}

impl Reminding {
    /// Portion by portion: each is bounded, and what was mailed stays mailed.
    fn send(self) {
        let Some(people) = self.asked.get_untracked() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn(async move {
            let mut result = Tally::default();
            for (place, some) in people.chunks(PORTION).enumerate() {
                self.sent.set(Some((place * PORTION, people.len())));
                let request = RemindRequest { people: some.to_vec() };
                let answer: Result<RemindResponse, Failure> = ask(route::INSIGHTS_REMIND, &request).await;
                match answer {
                    Ok(answer) => result.take(&answer),
                    Err(failure) => {
                        self.failed.set(Some(failure));
                        break;
                    }
                }
            }
            self.busy.set(false);
            self.sent.set(None);
            self.asked.set(None);
            self.result.set(Some(result));
            self.it.load();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::wire::insights::Reminded;

    #[test]
    fn what_became_of_reminders_is_told_by_sort() {
        let of = |outcome| Reminded { account: AccountId::new("a"), outcome };
        let mut result = Tally::default();
        result.take(&RemindResponse { people: vec![of(ReminderOutcome::Mailed), of(ReminderOutcome::OfLate)] });
        assert_eq!(result.sentence(), "1 reminder mailed. 1 person left out: reminded less than a day ago.");
        result.take(&RemindResponse { people: vec![of(ReminderOutcome::Mailed)] });
        assert!(result.sentence().starts_with("2 reminders mailed."));
    }
}
