//! Having somebody else asked: passing one's own seat on, in another's place, or besides.

use super::Frame;
use super::opening::{Reassignable, Reporter, SharedReporter, tell_status};
use super::picker::{Picker, Source};
use super::sending::Sending;
use crate::bridge;
use crate::context::Context;
use crate::ui::{comment_field, comment_is_fine};
use engine::ids::AccountId;
use engine::wire::act::ReassignRequest;
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::route;
use engine::wire::status::PageStatus;
use leptos::prelude::*;

/// In whose place somebody is asked.
#[derive(Clone, PartialEq, Eq)]
struct Place {
    /// Nobody's: besides those asked already.
    from: Option<AccountId>,
    label: String,
    /// How the sentence of what will happen ends.
    ending: String,
}

#[derive(Clone, Copy)]
struct Reassign {
    frame: Frame,
    me: StoredValue<Option<AccountId>>,
    asks: StoredValue<Vec<Reassignable>>,
    /// Which approval.
    which: RwSignal<usize>,
    /// Which of its places.
    place: RwSignal<usize>,
    picker: Picker,
    comment: RwSignal<String>,
    comment_fault: RwSignal<Option<String>>,
    reporter: SharedReporter,
    sending: Sending,
}

/// The dialog's content.
pub(super) fn view(frame: Frame, context: &Context, asks: Vec<Reassignable>, reporter: Reporter) -> AnyView {
    frame.title.set("Ask somebody else".to_owned());
    let it = Reassign {
        frame,
        me: StoredValue::new(context.account.clone().map(AccountId::new)),
        asks: StoredValue::new(asks),
        which: RwSignal::new(0),
        place: RwSignal::new(0),
        picker: Picker::one("to".to_owned(), "Who is asked now?".to_owned(), Source::Confluence),
        comment: RwSignal::new(String::new()),
        comment_fault: RwSignal::new(None),
        reporter: StoredValue::new_local(reporter),
        sending: Sending::new(frame),
    };
    let send = Callback::new(move |()| it.send());
    let names: Vec<String> = it.asks.with_value(|asks| asks.iter().map(|one| one.name.clone()).collect());
    let approvals = (names.len() > 1).then(|| {
        it.place.set(0);
        let chosen = Callback::new(move |index| {
            it.which.set(index);
            it.place.set(0);
        });
        choose("approval", "For which approval?", names, chosen)
    });
    let places = move || {
        let labels: Vec<String> = it.places(it.which.get()).into_iter().map(|place| place.label).collect();
        // With one way only there is nothing to choose; the sentence below says it.
        (labels.len() > 1)
            .then(|| choose("place", "How are they asked?", labels, Callback::new(move |index| it.place.set(index))))
    };
    view! {
        <div class="dialog-body" data-testid="reassign-dialog">
            <div class:hidden=move || it.sending.is_confirming()>
                {approvals}
                {places}
                {it.picker.view()}
                {comment_field("comment", "What should they know?", false, it.comment, it.comment_fault)}
            </div>
            <p class="subtle" role="status" data-testid="outcome">{move || it.outcome()}</p>
            {it.sending.confirmation()}
            {it.sending.problem(send)}
        </div>
        {it.sending.foot("reassign-confirm", "Ask them".to_owned(), send)}
    }
    .into_any()
}

/// One of a list, by the browser's own control: it copes with two hundred names.
fn choose(id: &'static str, label: &'static str, options: Vec<String>, chosen: Callback<usize>) -> AnyView {
    let options = options
        .into_iter()
        .enumerate()
        .map(|(index, text)| view! { <option value=index.to_string()>{text}</option> })
        .collect_view();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select
                id=id
                data-testid=id
                on:change=move |event| chosen.run(event_target_value(&event).parse().unwrap_or_default())
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

impl Reassign {
    /// The places that may be changed in an approval: one's own first.
    fn places(self, which: usize) -> Vec<Place> {
        let me = self.me.get_value();
        self.asks.with_value(|asks| asks.get(which).map(|ask| places(ask, me.as_ref())).unwrap_or_default())
    }

    fn chosen_place(self) -> Option<Place> {
        self.places(self.which.get()).into_iter().nth(self.place.get())
    }

    /// What will happen, in a sentence.
    fn outcome(self) -> String {
        let approval = self.which.get();
        let approval = self.asks.with_value(|asks| asks.get(approval).map(|ask| ask.name.clone())).unwrap_or_default();
        match (self.picker.first(), self.chosen_place()) {
            (Some(to), Some(place)) => {
                [&to.name, " will be asked to decide for “", &approval, "”", &place.ending].concat()
            }
            _ => String::new(),
        }
    }

    fn send(self) {
        if self.sending.is_busy() || !comment_is_fine(self.comment, None, self.comment_fault) {
            return;
        }
        let Some(to) = self.picker.first_untracked() else {
            self.picker.refuse("Choose who is asked now.".to_owned());
            return self.picker.focus();
        };
        let place = untrack(|| self.chosen_place());
        let which = self.which.get_untracked();
        let approval = self.asks.with_value(|asks| asks.get(which).map(|ask| ask.approval.clone()));
        let (Some(place), Some(approval)) = (place, approval) else {
            return;
        };
        let comment = self.comment.get_untracked();
        let (from, account) = (place.from, to.account);
        let request = move |confirm| ReassignRequest {
            approval: approval.clone(),
            from: from.clone(),
            to: account.clone(),
            comment: comment.clone(),
            confirm,
        };
        let done = move |status: Option<PageStatus>| {
            if let Some(status) = status {
                tell_status(self.reporter, status);
            }
            bridge::show_success("countersign-reassigned", &[&to.name, " is asked to decide"].concat());
            self.frame.close();
        };
        self.sending.act(route::REASSIGN, request, done, move |problem| self.refused(problem));
    }

    /// Whom Countersign cannot ask is said beside the name.
    fn refused(self, problem: &Problem) -> bool {
        let here = problem.kind == ProblemKind::CannotBeAsked;
        if here {
            self.picker.refuse(problem.detail.clone());
            self.picker.focus();
        }
        here
    }
}

fn places(ask: &Reassignable, me: Option<&AccountId>) -> Vec<Place> {
    let is_me = |account: &AccountId| Some(account) == me;
    let own = me.filter(|_| ask.delegate).map(|me| Place {
        from: Some(me.clone()),
        label: "In my place: I pass it on".to_owned(),
        ending: " in your place.".to_owned(),
    });
    let others = ask.undecided.iter().filter(|person| ask.reassign && !(own.is_some() && is_me(&person.account)));
    let others = others.map(|person| Place {
        from: Some(person.account.clone()),
        label: ["In place of ", &person.name].concat(),
        ending: [" in place of ", &person.name, "."].concat(),
    });
    let besides = ask.reassign.then(|| Place {
        from: None,
        label: "Besides those asked already".to_owned(),
        ending: ", besides those asked already.".to_owned(),
    });
    own.clone().into_iter().chain(others).chain(besides).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ids::ApprovalId;
    use engine::wire::status::Candidate;

    fn ask(delegate: bool, reassign: bool) -> Reassignable {
        let person = |name: &str| Candidate { account: AccountId::new(name), name: name.to_owned() };
        Reassignable {
            approval: ApprovalId::new("a"),
            name: "Compliance".to_owned(),
            undecided: vec![person("Ada"), person("Bo")],
            delegate,
            reassign,
        }
    }

    fn labels(ask: &Reassignable, me: &str) -> Vec<String> {
        places(ask, Some(&AccountId::new(me))).into_iter().map(|place| place.label).collect()
    }

    #[test]
    fn ones_own_place_comes_first_and_once() {
        let all = ["In my place: I pass it on", "In place of Bo", "Besides those asked already"];
        assert_eq!(labels(&ask(true, true), "Ada"), all);
        assert_eq!(labels(&ask(true, false), "Ada"), all[..1]);
        assert_eq!(
            labels(&ask(false, true), "Cy"),
            ["In place of Ada", "In place of Bo", "Besides those asked already"]
        );
        assert!(labels(&ask(false, false), "Ada").is_empty());
    }
}
