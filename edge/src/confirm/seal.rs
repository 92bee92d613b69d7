//! What must still be so when something confirmed is written, and what is used up by it: in the same batch, all or none.

use super::prove::Proved;
use crate::handlers::attempt;
use crate::handlers::refusal::{locked, refused};
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::fault::Precondition;
use crate::store::{pending, recovery, session};
use engine::ids::{AccountId, Seq, SiteId, StreamId};
use engine::page::refusal::Refusal;
use engine::time::Timestamp;
use engine::token::guessing::Lock;
use engine::token::policy::FactorKind;
use engine::wire::problem::{Problem, ProblemKind};

/// A confirmation on its way into the journal.
#[derive(Clone, Copy)]
pub(crate) struct Seal<'a> {
    /// The site.
    pub(crate) site: &'a SiteId,
    /// Who confirmed.
    pub(crate) person: &'a AccountId,
    /// Of the challenge.
    pub(crate) nonce: &'a str,
    /// SHA-256 of the challenge.
    pub(crate) digest: &'a str,
    /// The end of the challenge's life.
    pub(crate) expires_at: Timestamp,
    /// The policy it was judged by.
    pub(crate) policy: Seq,
    /// What was verified.
    pub(crate) proved: &'a Proved,
}

impl Seal<'_> {
    /// Adds it to the batch that writes the entry at `seq` of `stream`. Preconditions: (1) the challenge was not used;
    /// (2) the person is not held; (3) the policy is the one it was judged by; (4) the factor counts, and a code's step is a
    /// later one; (5) what waited for it waits still; (6) a recovery code was not used; (7) the session was not ended; (8) nor was
    /// the list, and the factor that opened it still counts.
    pub(crate) fn put(&self, commit: Commit, stream: &StreamId, seq: Seq, at: Timestamp) -> Commit {
        let Self { site, person, nonce, proved, .. } = *self;
        // (1), (2), (3)
        let mut commit =
            commit.require_nonce_unused(nonce).require_not_held(person).require_head(&StreamId::policy(), self.policy);
        if let Some(factor) = &proved.factor {
            // (4)
            if factor.kind.is_enrolled() {
                commit = commit.require_factor(person, &factor.factor, proved.expired_counts);
            }
            // A passkey's counter was looked at, and moved on, when it was used on our own page.
            if factor.kind == FactorKind::Totp {
                commit = commit.require_step(person, &factor.factor, factor.step);
            }
            if factor.kind.is_enrolled() {
                commit = commit.advance_factor(person, &factor.factor, factor.step);
            }
            // (6)
            if factor.kind == FactorKind::RecoveryCode {
                let id = factor.factor.as_str();
                commit = commit.require_recovery_code(person, id).raw(recovery::consume(site, person, id, at));
            }
            commit = commit.reset_guesses(person);
        }
        // (5)
        if let Some((kind, state)) = proved.waited {
            commit = commit.require_pending(person, nonce, kind, state).raw(pending::used(site, person, nonce));
        }
        // (7)
        match (&proved.begins, &proved.session) {
            (Some(begins), _) => commit = commit.raw(session::begin(site, person, begins)),
            (None, Some(session)) => commit = commit.require_session(person, &session.session),
            (None, None) => {}
        }
        // (8)
        if let Some(opened) = proved.bulk.as_ref().and_then(|bulk| bulk.opened.as_ref()) {
            if opened.factor.kind.is_enrolled() {
                commit = commit.require_factor(person, &opened.factor.factor, false);
            }
            commit = commit.require_session(person, &opened.session);
        }
        commit.consume(nonce, person, self.digest, stream, seq, self.expires_at)
    }

    /// What to answer if one of its preconditions did not hold; [`None`] for those of others.
    #[must_use]
    pub(crate) fn refusal(&self, what: Precondition) -> Option<EdgeError> {
        let used = |detail: &str| Some(Problem::new(ProblemKind::CodeUsed, detail).at("code").into());
        match what {
            Precondition::Step => {
                used("This code was used already. Wait until your authenticator shows the next one, and enter that.")
            }
            Precondition::Recovery => used("This recovery code was used already. Each works once: take another one."),
            Precondition::Pending => Some(EdgeError::refuse(
                ProblemKind::ChallengeInvalid,
                "What you confirmed this with was used already, or you began anew elsewhere. Close this and start again; what you typed is kept.",
            )),
            Precondition::Session => Some(EdgeError::refuse(
                ProblemKind::ChallengeInvalid,
                "Your earlier confirmation does not count any more. Close this and start again; what you typed is kept.",
            )),
            Precondition::Factor => Some(attempt::no_factor()),
            Precondition::Held => Some(locked(Lock::UntilUnlocked)),
            Precondition::Policy => Some(refused(&Refusal::ProofMissing)),
            Precondition::Nonce => Some(EdgeError::refuse(
                ProblemKind::ChallengeUsed,
                "This confirmation was used already. Close it and start again.",
            )),
            _ => None,
        }
    }
}
