//! What the person may do: the buttons, or why there are none.

use super::Page;
use super::confirm_line::is_stale;
use super::verdict::VersionLook;
use crate::advice::{self, Step};
use crate::bridge::{self, Failure};
use crate::dialog::{Reassignable, What};
use crate::ui::{El, Look, Tone, button, el, failure_notice, lock_notice, notice};
use crate::words;
use engine::ids::ApprovalId;
use engine::wire::status::{
    ActionsResponse, ApprovalView, Candidate, Decision, Offer, PageStatus, SelectOffer, Submitting,
};
use leptos::prelude::*;

/// The actions, once they are known.
pub(super) fn view(page: Page) -> Option<El> {
    page.actions.with(|actions| {
        actions.as_ref().map(|answer| match answer {
            Ok(answer) => offers(page, answer),
            Err(failure) => failed(page, failure),
        })
    })
}

/// Why a dialog could not be opened.
pub(super) fn trouble(page: Page) -> Option<El> {
    page.trouble.get().map(|why| notice(Tone::Error, "problem", "", &why, None))
}

fn offers(page: Page, answer: &ActionsResponse) -> El {
    let mine = Mine::of(page, answer);
    let lock = answer.lock.filter(|_| mine.decides());
    let at_end = Callback::new(move |()| page.refresh());
    let held_back = lock.is_some();
    let waiting = mine.waiting();
    let reasons = reasons(answer);
    el("div", "actions")
        .id("actions")
        .add_all(waiting)
        .add_all(lock.map(|lock| lock_notice(lock, at_end)))
        .live(move || mine.buttons(page, held_back))
        .add_all(reasons.iter().map(|why| el("p", "why subtle").id("why-not").text(why)))
}

/// What is open to the person.
struct Mine {
    decisions: Vec<MyDecision>,
    /// Whether the review has other approvals too, so that each has to be named.
    named: bool,
    submit: Option<Submitting>,
    selects: Vec<SelectOffer>,
    /// Approvals in which they may have somebody else asked.
    asks: Vec<Reassignable>,
    /// Whether they may invite somebody without an account.
    invites: bool,
}

/// An approval the person may decide on.
struct MyDecision {
    approval: Option<ApprovalId>,
    name: String,
    /// What they decided before, where they may change it.
    before: Option<Decision>,
    changes: bool,
    for_others: Vec<String>,
}

impl MyDecision {
    /// What to know before deciding.
    fn besides(&self) -> Option<El> {
        let others: Vec<&str> = self.for_others.iter().map(String::as_str).collect();
        let away = if others.len() == 1 { ", who is away." } else { ", who are away." };
        let text = match others.is_empty() {
            false => ["You decide for ", &words::list(&others), away].concat(),
            true if self.changes => {
                "You have decided. Until this approval is complete, you may change your decision.".to_owned()
            }
            true => return None,
        };
        Some(el("p", "subtle").id("besides").text(&text))
    }
}

impl Mine {
    fn of(page: Page, answer: &ActionsResponse) -> Self {
        let me = page.context.with_value(|context| context.account.clone()).unwrap_or_default();
        let asked = |status: &PageStatus| status.review.as_ref().map_or(0, |review| review.approvals.len());
        let is_open = |offer: &Offer| matches!(offer, Offer::Open);
        let mine = answer.approvals.iter().filter(|mine| is_open(&mine.decide));
        let mut decisions: Vec<MyDecision> = mine
            .map(|mine| MyDecision {
                approval: Some(mine.approval.clone()),
                name: mine.name.clone(),
                before: page.approval(&mine.approval, |now| decided_before(now, &me)).flatten(),
                changes: mine.changes,
                for_others: mine.for_others.clone(),
            })
            .collect();
        if decisions.is_empty() && is_open(&answer.decide) {
            let name = String::new();
            decisions.push(MyDecision { approval: None, name, before: None, changes: false, for_others: Vec::new() });
        }
        Self {
            named: (decisions.len() > 1 || page.peek(asked).unwrap_or_default() > 1)
                && decisions.iter().all(|one| !one.name.is_empty()),
            decisions,
            submit: is_open(&answer.submit).then(|| {
                answer.submitting.clone().unwrap_or(Submitting { comment_required: false, assign: Vec::new() })
            }),
            selects: answer.selects.iter().filter(|select| is_open(&select.offer)).cloned().collect(),
            asks: reassignable(page, answer),
            invites: answer.inviting.as_ref().is_some_and(|inviting| is_open(&inviting.offer)),
        }
    }

    fn decides(&self) -> bool {
        !self.decisions.is_empty()
    }

    /// Says at once that the page waits for them.
    fn waiting(&self) -> Option<El> {
        let mut new = self.decisions.iter().filter(|one| !one.changes);
        let title = match (new.next()?, new.count()) {
            (one, 0) if self.named => ["“", &one.name, "” waits for your decision"].concat(),
            (_, 0) => "This page waits for your decision".to_owned(),
            (_, more) => (more + 1).to_string() + " approvals wait for your decision",
        };
        let detail = "Read it, then approve or reject the version you see.";
        Some(notice(Tone::Information, "banner-waiting", &title, detail, None))
    }

    /// Only where the version on screen is known and still the page's: it is what would be submitted or signed.
    fn buttons(&self, page: Page, locked: bool) -> Option<El> {
        let version = page.on_screen.get()?;
        let known = matches!(&*page.look.read(), VersionLook::Seen(_));
        let others = self.submit.is_some() || !self.selects.is_empty() || !self.asks.is_empty() || self.invites;
        let any = self.decides() || others;
        if !known || is_stale(page) || !any {
            return None;
        }
        let busy: Signal<bool> = page.busy.into();
        let held_back = Signal::derive(move || locked || busy.get());
        let press = move |what: What| Callback::new(move |()| page.open_dialog(what.clone()));
        let choices = self.decisions.iter().map(|one| {
            let named = self.named.then_some(one.name.as_str());
            let to = |decision| press(What::Decide { version, decision, approval: one.approval.clone() });
            choice(one, named, held_back, to(Decision::Approve), to(Decision::Reject))
        });
        let submit = self.submit.clone().map(|asks| {
            button("submit", Look::Primary, "Submit for review", busy, press(What::Submit { version, asks }))
        });
        let selects = self.selects.iter().map(|offer| {
            let picked = offer.clone();
            let press = Callback::new(move |()| {
                let seen = page.peek(|status| (status.seq, status.state.name.clone()));
                if let Some((seq, state)) = seen {
                    page.open_dialog(What::Select { version, seq, state, offer: picked.clone() });
                }
            });
            button("select", Look::Default, &offer.name, busy, press).attr("data-to", offer.to.as_str())
        });
        let ask = (!self.asks.is_empty()).then(|| ask_somebody(self.asks.clone(), busy, press));
        let invite = self.invites.then(|| page.what_inviting(None)).flatten();
        let invite =
            invite.map(|what| button("invite", Look::Default, "Invite somebody without an account", busy, press(what)));
        let others: Vec<El> = submit.into_iter().chain(selects).chain(ask).chain(invite).collect();
        let others = (!others.is_empty()).then(|| el("div", "buttons").add_all(others));
        Some(el("div", "choices").add_all(choices).add_all(others))
    }
}

fn decided_before(now: &ApprovalView, me: &str) -> Option<Decision> {
    now.people.iter().find(|person| person.account.as_str() == me)?.decision
}

/// The buttons of one approval; who decided before is offered the other decision only.
fn choice(
    one: &MyDecision,
    named: Option<&str>,
    held_back: Signal<bool>,
    approve: Callback<()>,
    reject: Callback<()>,
) -> El {
    let (yes, no) = if one.changes { ("Approve instead", "Reject instead") } else { ("Approve", "Reject") };
    let look = if one.changes { Look::Default } else { Look::Primary };
    let before = one.before.filter(|_| one.changes);
    let approve = (before != Some(Decision::Approve)).then(|| button("approve", look, yes, held_back, approve));
    let reject = (before != Some(Decision::Reject)).then(|| button("reject", Look::Default, no, held_back, reject));
    let buttons = el("div", "buttons").add_all(approve).add_all(reject);
    let Some(name) = named else {
        return el("div", "choices").add_all(one.besides()).add(buttons);
    };
    let text = el("div", "choice-text").add(el("p", "choice-name").text(name)).add_all(one.besides());
    el("div", "choice")
        .attr("role", "group")
        .attr("aria-label", name)
        .attr("data-approval", one.approval.as_ref().map_or("", ApprovalId::as_str))
        .add(text)
        .add(buttons)
}

/// Approvals in which the person may have somebody else asked.
fn reassignable(page: Page, answer: &ActionsResponse) -> Vec<Reassignable> {
    let allowed = answer.approvals.iter().filter(|mine| mine.delegate || mine.reassign);
    allowed
        .filter_map(|mine| {
            let undecided = |now: &ApprovalView| {
                let missing = now.people.iter().filter(|person| person.decision.is_none());
                missing.map(|one| Candidate { account: one.account.clone(), name: one.name.clone() }).collect()
            };
            Some(Reassignable {
                approval: mine.approval.clone(),
                name: mine.name.clone(),
                undecided: page.approval(&mine.approval, undecided)?,
                delegate: mine.delegate,
                reassign: mine.reassign,
            })
        })
        .collect()
}

fn ask_somebody(asks: Vec<Reassignable>, busy: Signal<bool>, press: impl Fn(What) -> Callback<()>) -> El {
    let label = if asks.iter().any(|one| one.reassign) { "Ask somebody else" } else { "Pass it on" };
    button("reassign", Look::Default, label, busy, press(What::Reassign(asks)))
}

/// Why buttons are not there, each reason once.
fn reasons(answer: &ActionsResponse) -> Vec<String> {
    let several = answer.approvals.len() > 1;
    let approvals = answer.approvals.iter().filter_map(|mine| {
        let why = why_not(&mine.decide)?;
        Some(if several && !why.contains(&mine.name) {
            ["“", &mine.name, "”: ", why].concat()
        } else {
            why.to_owned()
        })
    });
    let selects =
        answer.selects.iter().filter_map(|select| Some(["“", &select.name, "”: ", why_not(&select.offer)?].concat()));
    let inviting = answer.inviting.as_ref().and_then(|inviting| why_not(&inviting.offer)).map(str::to_owned);
    let decide = why_not(&answer.decide).filter(|_| answer.approvals.is_empty()).map(str::to_owned);
    let all = why_not(&answer.submit)
        .map(str::to_owned)
        .into_iter()
        .chain(decide)
        .chain(approvals)
        .chain(selects)
        .chain(inviting);
    let mut once: Vec<String> = Vec::new();
    for reason in all {
        if !once.contains(&reason) {
            once.push(reason);
        }
    }
    once
}

fn why_not(offer: &Offer) -> Option<&str> {
    match offer {
        Offer::Open => None,
        Offer::Closed { why } => why.as_deref(),
    }
}

fn failed(page: Page, failure: &Failure) -> El {
    let press = Callback::new(move |step| match step {
        Step::ReloadPage => bridge::reload_page(),
        _ => page.confirm_again(),
    });
    let step = match advice::step(failure) {
        Step::ReloadPage => Step::ReloadPage,
        _ => Step::TryAgain,
    };
    failure_notice(failure, step, page.busy.into(), press)
}
