//! What somebody brings, verified. Whatever can be compared was counted before, in the batch that read what it is compared
//! with, so that racing requests buy no guesses.

use super::asked::Asked;
use super::how::no_way;
use super::standing::{self, Standing};
use super::typed::{Given, Typed};
use super::ways::Ways;
use crate::cx::Cx;
use crate::handlers::address;
use crate::handlers::attempt::{self, Trying};
use crate::handlers::refusal::{locked, refused};
use crate::http::EdgeError;
use crate::random;
use crate::secret::{recovery as recovery_code, sign_code};
use crate::store::d1::Db;
use crate::store::factor::Factor;
use crate::store::guess::{self, Attempt};
use crate::store::load::{Loaded, Loading, Slot};
use crate::store::pending::{self, Kind, Pending, State};
use crate::store::recovery;
use crate::store::sealed;
use crate::store::session::Session;
use engine::audit::fact::{AttemptFault, AttemptPurpose};
use engine::ids::{AccountId, FactorId, SessionId, SiteId};
use engine::page::event::{BulkUse, FactorUse, Proof, SessionUse};
use engine::page::refusal::Refusal;
use engine::token::guessing::Lock;
use engine::token::policy::{Evidence, FactorKind};
use engine::token::totp::Code;
use engine::wire::problem::{Problem, ProblemKind};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Somebody confirming one challenge.
#[derive(Clone, Copy)]
pub(crate) struct Confirming<'a> {
    /// The request.
    pub(crate) cx: &'a Cx,
    /// The database.
    pub(crate) db: &'a Db,
    /// The site.
    pub(crate) site: &'a SiteId,
    /// Who.
    pub(crate) person: &'a AccountId,
    /// What for, as the journal says of a refused attempt.
    pub(crate) purpose: AttemptPurpose,
    /// Of the challenge.
    pub(crate) nonce: &'a str,
}

/// Where everything will be that has to be known.
pub(crate) struct Slots {
    attempt: Option<Slot<Attempt>>,
    standing: standing::Slots,
    pending: Slot<Option<Pending>>,
}

/// Everything that has to be known.
pub(crate) struct Found {
    pub(super) attempt: Option<Attempt>,
    pub(super) standing: Standing,
    pub(super) pending: Option<Pending>,
}

/// What was verified.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proved {
    /// The factor that was used.
    pub(crate) factor: Option<FactorUse>,
    /// The session this belongs to, begun now or before.
    pub(crate) session: Option<SessionUse>,
    /// Whether the person named themselves.
    pub(crate) identified: bool,
    /// The session that begins with it.
    pub(crate) begins: Option<Session>,
    /// What waited for it, where something did.
    pub(crate) waited: Option<(Kind, State)>,
    /// Whether the factor may be one that has to be renewed.
    pub(crate) expired_counts: bool,
    /// The list the page was signed with, and what opened it.
    pub(crate) bulk: Option<BulkUse>,
}

impl Proved {
    /// As it is recorded.
    #[must_use]
    pub(crate) fn proof(&self, challenge: &str, policy_version: u32) -> Proof {
        Proof {
            challenge: challenge.to_owned(),
            policy_version,
            factor: self.factor.clone(),
            session: self.session.clone(),
            identified: self.identified,
            bulk: self.bulk.clone(),
        }
    }
}

impl Confirming<'_> {
    /// Adds it to a batch of reads. What can be compared is counted first.
    pub(crate) fn ask(&self, loading: &mut Loading, given: &Given) -> Slots {
        let Self { cx, site, person, nonce, .. } = *self;
        Slots {
            attempt: given.is_attempt().then(|| loading.add(guess::attempt(site, person, Some(nonce), cx.now))),
            standing: standing::ask(loading, site, person, cx.now),
            pending: loading.add(pending::by_nonce(site, person, nonce)),
        }
    }

    /// Rules: (1) nothing is compared while the person is locked, and nothing stands for it; (2) a code is compared with what
    /// counts, of its own kind; without a code, a passkey that was used for this very challenge counts; (3) a session that
    /// counts; (4) who has to name themselves does; (5) enough, by the engine's word; (6) then a session begins where the
    /// policy lets one.
    ///
    /// # Errors
    /// `locked`; `no-factor`; `wrong-code`, `code-used`; `bad-field` for what is missing; `challenge-invalid`.
    pub(crate) async fn prove(&self, asked: &Asked, given: &Given, found: Found) -> Result<Proved, EdgeError> {
        let (cx, Found { attempt, standing, pending }) = (self.cx, found);
        // (1)
        if attempt.is_some_and(|attempt| !attempt.admitted) {
            let lock = attempt.and_then(|attempt| attempt.after.lock(cx.now));
            return Err(locked(lock.unwrap_or(Lock::Until { at: cx.now })));
        }
        if attempt.is_none()
            && asked.requirement.asks()
            && let Some(lock) = standing.guesses.lock(cx.now)
        {
            return Err(locked(lock));
        }
        let ways = Ways::of(asked, &standing, cx.now);
        // (2)
        let factor = match (attempt, &given.typed) {
            (Some(attempt), Typed::Totp(code)) => Some(self.totp(asked, &standing, &ways, attempt, code).await?),
            (Some(attempt), Typed::Mailed(code)) => Some(self.mailed(&ways, attempt, pending.as_ref(), code).await?),
            (Some(attempt), Typed::Recovery(code)) => Some(self.recovery(&ways, attempt, code).await?),
            (_, Typed::Nothing) | (None, _) => self.passkey(&ways, pending.as_ref()),
        };
        if factor.is_none() && ways.needs_factor(asked) {
            return Err(if ways.kinds.is_empty() { no_way(asked, &standing, cx.now) } else { missing(&ways) });
        }
        // (4)
        let identified = self.identified(asked, &ways, given, attempt).await?;
        // (3)
        let session = ways.session.map(used);
        let waited = factor.as_ref().and_then(|factor| match factor.kind {
            FactorKind::MailCode => Some((Kind::MailCode, State::Waiting)),
            FactorKind::Passkey => Some((Kind::Passkey, State::Proved)),
            FactorKind::Totp | FactorKind::RecoveryCode => None,
        });
        let mut proved =
            Proved { factor, session, identified, waited, expired_counts: asked.expired_counts, ..Proved::default() };
        // (5)
        let evidence = Evidence::of(&proved.proof("", 0));
        if !asked.requirement.accepts(&evidence, cx.now) {
            return Err(refused(&Refusal::ProofMissing));
        }
        // (6)
        if let (None, Some(factor), Some(length)) = (&proved.session, &proved.factor, asked.requirement.session()) {
            let begun = Session {
                id: SessionId::new(random::id()?),
                factor: factor.factor.clone(),
                kind: factor.kind,
                began_at: cx.now,
                until_at: cx.now + length,
                identified,
            };
            proved.session = Some(used(&begun));
            proved.begins = Some(begun);
        }
        Ok(proved)
    }

    fn trying(&self) -> Trying<'_> {
        Trying { site: self.site, person: self.person, purpose: self.purpose }
    }

    async fn failed(&self, attempt: Attempt, fault: AttemptFault, kind: FactorKind) -> Result<EdgeError, EdgeError> {
        attempt::failed(self.cx, self.db, self.trying(), attempt, fault, Some(kind)).await
    }

    async fn totp(
        &self,
        asked: &Asked,
        standing: &Standing,
        ways: &Ways<'_>,
        attempt: Attempt,
        code: &Code,
    ) -> Result<FactorUse, EdgeError> {
        let factors: Vec<Factor> = ways.of_kind(FactorKind::Totp).cloned().collect();
        if factors.is_empty() {
            return Err(if ways.kinds.is_empty() { no_way(asked, standing, self.cx.now) } else { other_way(ways) });
        }
        attempt::compare(self.cx, self.db, self.trying(), attempt, code, &factors).await
    }

    async fn mailed(
        &self,
        ways: &Ways<'_>,
        attempt: Attempt,
        pending: Option<&Pending>,
        code: &sign_code::Typed,
    ) -> Result<FactorUse, EdgeError> {
        if !ways.takes(FactorKind::MailCode) {
            return Err(other_way(ways));
        }
        let of = sign_code::Of { site: self.site, person: self.person, nonce: self.nonce };
        match sign_code::compare(self.cx.keyring()?, of, pending, code, self.cx.now) {
            Ok(factor) => Ok(factor),
            Err(fault) => {
                let detail = "That is not the code from the newest mail about this. Look for the latest one, or have another sent.";
                Err(worded(self.failed(attempt, fault, FactorKind::MailCode).await?, detail))
            }
        }
    }

    async fn recovery(&self, ways: &Ways<'_>, attempt: Attempt, code: &str) -> Result<FactorUse, EdgeError> {
        if !ways.takes(FactorKind::RecoveryCode) {
            return Err(other_way(ways));
        }
        let whose = recovery_code::Of { site: self.site, person: self.person };
        // Codes may be older than every key the Worker has now.
        let (keyring, mut inherited) = (self.cx.keyring()?, Vec::new());
        for key in self.db.ask(sealed::inherited(self.site)).await? {
            // One that does not open was told to the log, and keeps nobody from the codes that need none.
            inherited.extend(recovery_code::inherited(keyring, self.site, &key.key_id, &key.key_sealed).ok());
        }
        let hmacs = recovery_code::digests(keyring, &inherited, whose, code)?;
        let (fault, detail) = match self.db.ask(recovery::find(self.site, self.person, &hmacs)).await? {
            Some(found) if !found.used => {
                return Ok(FactorUse { factor: FactorId::new(found.id), kind: FactorKind::RecoveryCode, step: 0 });
            }
            Some(_) => (AttemptFault::Used, "This recovery code was used already. Each works once: take another one."),
            None => (
                AttemptFault::Wrong,
                "This is none of your recovery codes. Check it letter by letter, or take another one.",
            ),
        };
        Err(worded(self.failed(attempt, fault, FactorKind::RecoveryCode).await?, detail))
    }

    /// A passkey that was used for this very challenge, on our own page.
    fn passkey(&self, ways: &Ways<'_>, pending: Option<&Pending>) -> Option<FactorUse> {
        let used = pending.filter(|found| found.nonce == self.nonce)?.passkey_use(self.cx.now)?;
        ways.of_kind(FactorKind::Passkey).any(|one| one.id == used.factor).then_some(used)
    }

    /// Whether the person typed the address of their account, where that is asked for (21 CFR 11.200(a)(1): the
    /// identification code). An address is no secret, but a wrong one counts as a wrong code all the same.
    async fn identified(
        &self,
        asked: &Asked,
        ways: &Ways<'_>,
        given: &Given,
        attempt: Option<Attempt>,
    ) -> Result<bool, EdgeError> {
        if !ways.needs_identification(asked) {
            return Ok(false);
        }
        let (Some(typed), Some(attempt)) = (&given.identification, attempt) else {
            let detail =
                "Type the e-mail address of your Atlassian account: the first signature of a series names its signer.";
            return Err(Problem::new(ProblemKind::BadField, detail).at("identification").into());
        };
        let address = address::of(self.cx, self.db, self.site, self.person).await?.ok_or_else(|| {
            EdgeError::refuse(
                ProblemKind::NotAllowed,
                "Confluence knows no e-mail address for your account, so you can't name yourself by it. Ask a Confluence admin.",
            )
        })?;
        if same_address(typed, &address) {
            return Ok(true);
        }
        let detail = "This is not the e-mail address of your Atlassian account. Type the one you log in with.";
        let refusal = attempt::failed(self.cx, self.db, self.trying(), attempt, AttemptFault::Wrong, None).await?;
        Err(match worded(refusal, detail) {
            EdgeError::Refused(problem) => problem.at("identification").into(),
            other => other,
        })
    }
}

impl Found {
    /// Reads what [`Confirming::ask`] asked for.
    ///
    /// # Errors
    /// If a row has another shape.
    pub(crate) fn read(loaded: &Loaded, slots: &Slots) -> Result<Self, EdgeError> {
        Ok(Self {
            attempt: slots.attempt.as_ref().map(|attempt| loaded.get(attempt)).transpose()?,
            standing: standing::read(loaded, &slots.standing)?,
            pending: loaded.get(&slots.pending)?,
        })
    }
}

fn used(session: &Session) -> SessionUse {
    SessionUse {
        session: session.id.clone(),
        kind: session.kind,
        began_at: session.began_at,
        identified: session.identified,
    }
}

/// Compared by digests of the same length: how long it takes says nothing of where they differ.
fn same_address(typed: &str, address: &str) -> bool {
    let digest = |text: &str| Sha256::digest(text.trim().to_lowercase().as_bytes());
    digest(typed).as_slice().ct_eq(digest(address).as_slice()).into()
}

fn missing(ways: &Ways<'_>) -> EdgeError {
    let detail = match ways.kinds.as_slice() {
        [FactorKind::Passkey] => "Confirm this with your passkey first.",
        [FactorKind::MailCode] => "Have a code mailed to you, and enter it.",
        kinds if kinds.contains(&FactorKind::Totp) => "Enter the six digits your authenticator shows.",
        _ => "Confirm this with your passkey, or with one of your recovery codes.",
    };
    Problem::new(ProblemKind::BadField, detail).at("code").into()
}

/// A code of a kind that does not count here.
fn other_way(ways: &Ways<'_>) -> EdgeError {
    let name = |kind: &FactorKind| match kind {
        FactorKind::Passkey => "your passkey",
        FactorKind::Totp => "the six digits your authenticator shows",
        FactorKind::MailCode => "a code that is mailed to you",
        FactorKind::RecoveryCode => "one of your recovery codes",
    };
    let names: Vec<&str> = ways.kinds.iter().map(name).collect();
    let detail = format!("A code of this kind does not count here. Confirm with {}.", names.join(", or with "));
    Problem::new(ProblemKind::BadField, detail).at("code").into()
}

/// The same refusal in other words.
fn worded(refusal: EdgeError, detail: &str) -> EdgeError {
    match refusal {
        EdgeError::Refused(mut problem) => {
            detail.clone_into(&mut problem.detail);
            EdgeError::Refused(problem)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        assert!(same_address(" Jonas@Example.COM ", "jonas@example.com"));
        for other in ["jonas@example.co", "jonas+x@example.com", "", "jonas@example.com\u{200b}"] {
            assert!(!same_address(other, "jonas@example.com"), "{other}");
        }
    }
}
