//! Many pages, one code. What confirms a list is verified and used up once, in a batch of its own, which begins a session for
//! that list alone; each page's own batch requires that session, and a challenge of its own.
//!
//! In a batch of its own, so that a page that is refused wastes no code, and no right code goes on counting as a wrong one.

use super::asked::Asked;
use super::prove::{Confirming, Found, Proved};
use super::seal::Seal;
use super::typed::Given;
use crate::clock;
use crate::handlers::refusal::locked;
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::list_session::{self, ListSession};
use crate::store::load::{Loading, Slot};
use engine::ids::{Seq, SessionId, StreamId};
use engine::page::event::{BulkUse, Opened};
use engine::token::challenge::BulkChallenge;
use engine::token::policy::{Evidence, FactorKind};
use engine::wire::problem::ProblemKind;

/// A page as one of a list.
pub(crate) struct OfList {
    /// The list's challenge.
    pub(crate) challenge: BulkChallenge,
    /// Which page of it.
    pub(crate) index: u32,
}

/// What opens a list, and what it is written with.
pub(crate) struct Opening<'a> {
    /// What was brought.
    pub(crate) given: &'a Given,
    /// The policy in force.
    pub(crate) policy: Seq,
    /// SHA-256 of the list's challenge.
    pub(crate) digest: &'a str,
}

impl OfList {
    /// What a code is mailed for, and what a passkey is used for: all of the list.
    #[must_use]
    pub(crate) fn nonce(&self) -> &str {
        self.challenge.nonce.as_str()
    }

    /// Adds to a batch of reads what opened the list. It belongs behind [`Confirming::ask`]: a code that comes with a list
    /// that is open already is not counted.
    pub(crate) fn ask(&self, loading: &mut Loading, confirming: Confirming<'_>) -> Slot<Option<ListSession>> {
        let Confirming { cx, site, person, .. } = confirming;
        loading.add(list_session::of_list(site, person, self.nonce(), cx.now))
    }

    /// What confirms this page. Rules: (1) where pages may not be signed together, nothing does; (2) what opened the list
    /// counts for the page if the page's own demand takes it, and nothing stands for whoever is locked; (3) what is brought
    /// now opens the list, and has to be of a kind that counts for all of it; (4) without either, what confirms a page
    /// without a factor: nothing is asked for, or a session stands for it.
    ///
    /// # Errors
    /// `sign-alone`; `locked`; as [`Confirming::prove`].
    pub(crate) async fn prove(
        &self,
        confirming: Confirming<'_>,
        asked: &Asked,
        found: Found,
        opened: Option<ListSession>,
        opening: Opening<'_>,
    ) -> Result<Proved, EdgeError> {
        // (1)
        if !asked.requirement.allows_many() {
            return Err(alone());
        }
        // (2)
        if let Some(opened) = opened {
            if let Some(lock) = found.standing.guesses.lock(confirming.cx.now) {
                return Err(locked(lock));
            }
            return self.covers(asked, opened.opened());
        }
        // (3)
        if opening.given.is_attempt() || passkey_waits(confirming, &found) {
            let opened = self.open(confirming, found, opening).await?;
            return self.covers(asked, opened);
        }
        // (4)
        let proved = confirming.prove(asked, opening.given, found).await?;
        Ok(Proved { bulk: Some(self.used(None)), ..proved })
    }

    /// Verifies what was brought for the list, and uses it up. Of any number who race for it one opens the list; the others
    /// go on with what that one opened.
    async fn open(&self, confirming: Confirming<'_>, found: Found, opening: Opening<'_>) -> Result<Opened, EdgeError> {
        let Confirming { cx, db, site, person, .. } = confirming;
        // Used up, and yet not open: it was ended.
        if found.attempt.is_some_and(|attempt| !attempt.admitted && attempt.after.lock(cx.now).is_none()) {
            return Err(ended());
        }
        let proved = confirming.prove(&Asked::of_list(&self.challenge.factors), opening.given, found).await?;
        let factor = proved.factor.clone().ok_or_else(|| EdgeError::internal("a list was opened with nothing"))?;
        let opened = Opened { session: SessionId::new(random::id()?), factor, at: cx.now };
        let at = clock::now();
        let (nonce, until) = (self.nonce(), self.challenge.expires_at);
        let seal = Seal {
            site,
            person,
            nonce,
            digest: opening.digest,
            expires_at: until,
            policy: opening.policy,
            proved: &proved,
        };
        // There is no entry yet: each page's own names what opened the list.
        let commit = seal.put(Commit::new(site, at), &StreamId::person_facts(person), Seq(0), at);
        let fault = match commit.raw(list_session::begin(site, person, &opened, nonce, until)).run(db).await {
            Ok(()) => return Ok(opened),
            Err(fault) => fault,
        };
        if let Some(first) = db.ask(list_session::of_list(site, person, nonce, cx.now)).await? {
            return Ok(first.opened());
        }
        Err(match fault {
            CommitFault::Failed(Precondition::Nonce) => ended(),
            CommitFault::Failed(what) => seal.refusal(what).unwrap_or_else(|| fault.into()),
            CommitFault::Unknown => fault.into(),
        })
    }

    /// What opened the list, if it is enough for this page.
    fn covers(&self, asked: &Asked, opened: Opened) -> Result<Proved, EdgeError> {
        let proved = Proved { bulk: Some(self.used(Some(opened))), ..Proved::default() };
        if asked.requirement.accepts(&Evidence::of(&proved.proof("", 0)), clock::now()) {
            Ok(proved)
        } else {
            Err(EdgeError::refuse(
                ProblemKind::SignAlone,
                "What you confirmed the list with does not count for this page: what it asks for changed meanwhile. Open the page and sign it there.",
            ))
        }
    }

    fn used(&self, opened: Option<Opened>) -> BulkUse {
        let BulkChallenge { list, count, .. } = &self.challenge;
        BulkUse { list: list.clone(), index: self.index, count: *count, opened }
    }
}

/// Whether a passkey was used for the list, on our own page.
fn passkey_waits(confirming: Confirming<'_>, found: &Found) -> bool {
    let Confirming { cx, nonce, .. } = confirming;
    let of_list = found.pending.as_ref().filter(|pending| pending.nonce == nonce);
    of_list.and_then(|pending| pending.passkey_use(cx.now)).is_some_and(|used| used.kind == FactorKind::Passkey)
}

/// To the letter of 21 CFR 11.200 nothing is signed together.
pub(crate) fn alone() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::SignAlone,
        "Here each signature uses a code of its own (21 CFR 11.200), so this page can't be signed together with others. Open it and sign it there.",
    )
}

fn ended() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeInvalid,
        "What you confirmed this list with does not count any more. Pick the pages that are left and start again; what is recorded stays so.",
    )
}
