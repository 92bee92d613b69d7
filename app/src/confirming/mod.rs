//! How somebody confirms what they do: one component for verdicts and for everything else. The edge says which ways there
//! are, the strongest first; this only shows them.

mod code;
mod passkey;
mod view;

use crate::advice::{self, Step};
use crate::bridge::Failure;
use crate::{focus, words};
use engine::ids::PageVersion;
use engine::token::challenge::Listed;
use engine::token::guessing::Lock;
use engine::token::policy::FactorKind;
use engine::wire::confirm::{Confirm, Confirmation, How};
use engine::wire::mail_sign::MailSignResponse;
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::status::Decision;
use engine::wire::workflows::Answer;
use leptos::prelude::*;

/// What a request that may have to be confirmed was answered with.
pub(crate) enum Sent<T> {
    /// It is done.
    Done(T),
    /// It has to be confirmed first.
    Confirm(Confirm),
}

impl<T> Sent<T> {
    /// What an answer amounts to where nothing can be in use, as only a workflow can; `done` makes something of what was done.
    pub(crate) fn of<A>(answer: Answer<A>, done: impl FnOnce(Option<A>) -> T) -> Self {
        match answer {
            Answer::Done(what) => Self::Done(done(Some(what))),
            Answer::Confirm(confirm) => Self::Confirm(confirm),
            Answer::InUse(_) => Self::Done(done(None)),
        }
    }
}

/// A verdict: its passkey page carries it out, with the comment as it is then.
#[derive(Clone, Copy)]
pub(crate) struct Verdict {
    /// Which.
    pub(crate) decision: Decision,
    /// On which version.
    pub(crate) version: PageVersion,
    /// What is typed.
    pub(crate) comment: RwSignal<String>,
    /// Whether what is typed may be sent; says so beside the field if not.
    pub(crate) is_fine: Callback<(), bool>,
}

/// What is asked for now.
#[derive(Clone, PartialEq)]
struct Asked {
    challenge: String,
    how: How,
    /// What is about to be done; empty where the dialog shows it itself.
    sentence: String,
}

/// How far a passkey is.
#[derive(Clone, PartialEq, Eq)]
enum Passkey {
    /// Not begun.
    Idle,
    /// The page for it is open; its address, should it have been closed.
    Waiting(String),
    /// It was used.
    Used,
}

/// A confirmation on its way.
#[derive(Clone, Copy)]
pub(crate) struct Confirming {
    busy: RwSignal<bool>,
    asked: RwSignal<Option<Asked>>,
    verdict: StoredValue<Option<Verdict>>,
    /// Which of the ways; the strongest unless the person picks another.
    way: RwSignal<Option<FactorKind>>,
    code: RwSignal<String>,
    code_fault: RwSignal<Option<String>>,
    named: RwSignal<String>,
    named_fault: RwSignal<Option<String>>,
    mailed: RwSignal<Option<MailSignResponse>>,
    passkey: RwSignal<Passkey>,
    lock: RwSignal<Option<Lock>>,
    failure: RwSignal<Option<(Failure, Step)>>,
    /// What is confirmed as one, where it is a list of pages: it is shown once more where a passkey is used.
    items: StoredValue<Vec<Listed>>,
    /// Whether the person has no account: their codes are mailed by another route, to the address they were invited at.
    invited: StoredValue<bool>,
    /// Shows the whole of why it is asked.
    explain: StoredValue<Option<Callback<()>>>,
}

impl Confirming {
    /// Nothing is asked for yet. While `busy` something is under way.
    pub(crate) fn new(busy: RwSignal<bool>) -> Self {
        Self {
            busy,
            asked: RwSignal::new(None),
            verdict: StoredValue::new(None),
            way: RwSignal::new(None),
            code: RwSignal::new(String::new()),
            code_fault: RwSignal::new(None),
            named: RwSignal::new(String::new()),
            named_fault: RwSignal::new(None),
            mailed: RwSignal::new(None),
            passkey: RwSignal::new(Passkey::Idle),
            lock: RwSignal::new(None),
            failure: RwSignal::new(None),
            items: StoredValue::new(Vec::new()),
            invited: StoredValue::new(false),
            explain: StoredValue::new(None),
        }
    }

    /// The person has no account.
    pub(crate) fn of_somebody_invited(self) -> Self {
        self.invited.set_value(true);
        self
    }

    /// There is a page that explains the whole of it.
    pub(crate) fn explained_by(self, explain: Callback<()>) {
        self.explain.set_value(Some(explain));
    }

    /// It is for a verdict.
    pub(crate) fn is_for(self, verdict: Verdict) {
        self.verdict.set_value(Some(verdict));
    }

    /// It is for these pages together.
    pub(crate) fn is_for_all(self, items: Vec<Listed>) {
        self.items.set_value(items);
    }

    /// Whether a lock is shown.
    pub(crate) fn is_held_up(self) -> bool {
        self.lock.with(Option::is_some)
    }

    /// Asks for it: whatever was typed stays, what belonged to another challenge does not.
    pub(crate) fn ask_for(self, challenge: String, how: How, sentence: String) {
        let still = |way: &FactorKind| how.factors.contains(way);
        self.way.update(|way| *way = way.filter(still).or_else(|| how.factors.first().copied()));
        self.mailed.set(None);
        self.passkey.set(Passkey::Idle);
        self.failure.set(None);
        self.asked.set(Some(Asked { challenge, how, sentence }));
    }

    /// Whether something is asked for.
    pub(crate) fn is_asked(self) -> bool {
        self.asked.with(Option::is_some)
    }

    /// Whether all that is asked for is there without the person doing anything.
    pub(crate) fn needs_nothing(self) -> bool {
        self.asked.with_untracked(|asked| {
            asked.as_ref().is_some_and(|asked| asked.how.factors.is_empty() && !asked.how.identification)
        })
    }

    /// Nothing is asked for any more: the person goes back to what they typed.
    pub(crate) fn forget(self) {
        self.asked.set(None);
        self.failure.set(None);
    }

    /// A request is on its way.
    pub(crate) fn begin(self) {
        self.busy.set(true);
        self.failure.set(None);
    }

    /// Its answer; [`None`] if it is not done.
    pub(crate) fn take<T>(self, answer: Result<Sent<T>, Failure>) -> Option<T> {
        self.busy.set(false);
        match answer {
            Ok(Sent::Done(done)) => Some(done),
            Ok(Sent::Confirm(asked)) => {
                self.ask_for(asked.challenge, asked.how, asked.sentence);
                None
            }
            Err(failure) => {
                self.failed(failure);
                None
            }
        }
    }

    /// Puts a failure where it belongs.
    pub(crate) fn failed(self, failure: Failure) {
        if let Failure::Refused(problem) = &failure
            && self.refused(problem)
        {
            return;
        }
        // Asked anew with the next press, bound to what is so then.
        if matches!(
            failure.kind(),
            Some(ProblemKind::ChallengeInvalid | ProblemKind::ChallengeExpired | ProblemKind::ChallengeUsed)
        ) && self.verdict.with_value(Option::is_none)
        {
            self.asked.set(None);
        }
        let step = if self.asked.with_untracked(Option::is_some) {
            advice::step_after_decision(&failure)
        } else {
            advice::step(&failure)
        };
        self.failure.set(Some((failure, step)));
    }

    /// What went wrong.
    pub(crate) fn failure(self) -> Option<Failure> {
        self.failure.with(|failure| failure.as_ref().map(|(failure, _)| failure.clone()))
    }

    /// The button was pressed: sends what is asked for, if it can be right.
    pub(crate) fn press(self, send: Callback<Option<Confirmation>>) {
        if self.busy.get_untracked() || self.lock.with_untracked(Option::is_some) {
            return;
        }
        if self.asked.with_untracked(Option::is_none) {
            return send.run(None);
        }
        if self.is_fine() {
            send.run(self.confirmation());
        }
    }

    /// The code did its work: it is good for nothing any more.
    pub(crate) fn is_spent(self) {
        self.code.set(String::new());
    }

    /// What confirms it.
    pub(crate) fn confirmation(self) -> Option<Confirmation> {
        let challenge = self.asked.with_untracked(|asked| asked.as_ref().map(|asked| asked.challenge.clone()))?;
        let named = self.named.with_untracked(|named| named.trim().to_owned());
        let asks_name = self.asked.with_untracked(|asked| asked.as_ref().is_some_and(|asked| asked.how.identification));
        Some(Confirmation {
            challenge,
            code: self.typed_code(),
            identification: if asks_name { named } else { String::new() },
        })
    }

    /// The code, where the way asks for one.
    fn typed_code(self) -> String {
        match self.way_now() {
            None | Some(FactorKind::Passkey) => String::new(),
            Some(_) => self.code.with_untracked(|typed| words::bare_code(typed)),
        }
    }

    fn way_now(self) -> Option<FactorKind> {
        self.asked
            .with_untracked(|asked| asked.as_ref().is_some_and(|asked| !asked.how.factors.is_empty()))
            .then(|| self.way.get_untracked())
            .flatten()
    }

    /// Whether nothing can be confirmed now.
    pub(crate) fn is_held_back(self) -> bool {
        self.lock.with(Option::is_some)
            || (self.asked.with(|asked| asked.as_ref().is_some_and(|asked| !asked.how.factors.is_empty()))
                && self.way.get() == Some(FactorKind::Passkey)
                && self.passkey.with(|passkey| *passkey != Passkey::Used))
    }

    /// Whether codes are refused now.
    pub(crate) fn is_locked(self) -> bool {
        self.lock.with_untracked(Option::is_some)
    }

    /// Whether what was typed can be right; says so beside the field if not, and goes there.
    pub(crate) fn is_fine(self) -> bool {
        let code = self.way_now().and_then(|way| code::fault(way, &self.code.read_untracked()));
        let asks_name = self.asked.with_untracked(|asked| asked.as_ref().is_some_and(|asked| asked.how.identification));
        let unnamed = asks_name && self.named.with_untracked(|named| !named.contains('@'));
        self.code_fault.set(code.map(str::to_owned));
        self.named_fault.set(unnamed.then(|| "Type the e-mail address of your Atlassian account.".to_owned()));
        if unnamed {
            focus::now("#identification");
        } else if code.is_some() {
            focus::now("#code");
        }
        !unnamed && code.is_none()
    }

    /// Shows a refusal beside the field it is about, and says whether it did. Only a code that is known to be spent or wrong
    /// is cleared.
    pub(crate) fn refused(self, problem: &Problem) -> bool {
        match (problem.kind, problem.field.as_deref()) {
            // The wrong code that was one too many comes with the lock it led to.
            (ProblemKind::Locked | ProblemKind::WrongCode | ProblemKind::CodeUsed, _) if problem.lock.is_some() => {
                self.code.set(String::new());
                self.code_fault.set(None);
                self.lock.set(problem.lock);
                true
            }
            (_, Some("identification")) => {
                self.named_fault.set(Some(advice::refused_code(problem)));
                focus::now("#identification");
                true
            }
            (ProblemKind::WrongCode | ProblemKind::CodeUsed, _) => {
                self.code.set(String::new());
                self.at_code(problem)
            }
            (ProblemKind::BadField, Some("code")) => self.at_code(problem),
            _ => false,
        }
    }

    fn at_code(self, problem: &Problem) -> bool {
        self.code_fault.set(Some(advice::refused_code(problem)));
        focus::now("#code");
        // Without a field to stand beside it is said like anything else.
        !matches!(self.way_now(), None | Some(FactorKind::Passkey))
    }
}
