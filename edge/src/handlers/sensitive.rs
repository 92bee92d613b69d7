//! Anything sensitive other than a verdict: asked for, confirmed, written.
//!
//! The request comes twice: first without a confirmation, and is answered with a challenge bound to exactly what it says
//! (and, where it is about a page, to the version and content the person saw); then the same again with that challenge and
//! whatever confirms it. How that is decided and verified is [`crate::confirm`]'s.

use super::challenge;
use super::refusal::refused;
use super::site::PolicyHead;
use crate::confirm::asked::Asked;
use crate::confirm::prove::{Confirming, Found, Proved};
use crate::confirm::seal::Seal;
use crate::confirm::typed::{Given, Typed};
use crate::confirm::{how, standing, subject_of};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::consumed::{self, Consumed};
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use engine::audit::canonical::to_canonical;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{AttemptPurpose, PersonFact};
use engine::ids::{FactorId, Seq, StreamId};
use engine::page::command::Confirmed;
use engine::page::event::{FactorUse, Proof};
use engine::page::refusal::Refusal;
use engine::time::Timestamp;
use engine::token::challenge::{Act, ActChallenge, ActPage, Asks, Nonce, authentic, digest, issue};
use engine::token::policy::{Action, Subject};
use engine::wire::confirm::{Confirm, Confirmation};
use engine::wire::problem::{Problem, ProblemKind};
use serde::Serialize;

/// A change somebody wants.
pub(super) struct Change<'a> {
    pub(super) cx: &'a Cx,
    pub(super) caller: &'a UiCaller,
    pub(super) db: &'a Db,
    /// What kind of change.
    pub(super) act: Act,
}

/// What a change is about, besides what its request says.
#[derive(Clone, Copy, Default)]
pub(super) struct About<'a> {
    /// The page, exactly as the person saw it.
    pub(super) page: Option<&'a ActPage>,
    /// The one factor that may confirm it.
    pub(super) only: Option<&'a FactorId>,
}

/// How far a change is.
pub(super) enum Stage {
    /// It has to be confirmed.
    Ask(Confirm),
    /// It was made a moment ago, by this very confirmation.
    Made(Made),
    /// It may be made.
    Make(Box<Permit>),
}

/// A change that was made before.
pub(super) struct Made {
    /// The entry it led to.
    pub(super) seq: Seq,
    /// As [`Permit::name`].
    pub(super) name: String,
}

/// A confirmed change.
pub(super) struct Permit {
    record: ActChallenge,
    used_by: String,
    policy: PolicyHead,
    subject: Subject,
    proved: Proved,
}

impl Change<'_> {
    /// Whether this very confirmation led to the change before: a request may be sent again. To be asked before anything else,
    /// since what the change was made from is no longer the newest then.
    pub(super) async fn before(
        &self,
        request: &impl Serialize,
        confirm: Option<&Confirmation>,
    ) -> Result<Option<Made>, EdgeError> {
        let Some(confirm) = confirm else { return Ok(None) };
        let record = self.record(&body_digest(request)?, confirm)?;
        let used = self.db.ask(consumed::by_nonce(&self.caller.site, record.nonce.as_str())).await?;
        self.made(used, &digest(&confirm.challenge), &record).transpose()
    }

    /// The challenge, if it was made for this person and this very change.
    fn record(&self, body: &str, confirm: &Confirmation) -> Result<ActChallenge, EdgeError> {
        let record: ActChallenge = authentic(&challenge::keys(self.cx)?, &confirm.challenge).map_err(|_| invalid())?;
        let fits = record.site == self.caller.site && record.account == self.caller.person;
        if fits && record.act == self.act && record.body == body { Ok(record) } else { Err(invalid()) }
    }

    /// As [`Change::stage_about`], where the request says it all.
    pub(super) async fn stage(
        &self,
        request: &impl Serialize,
        confirm: Option<&Confirmation>,
    ) -> Result<Stage, EdgeError> {
        self.stage_about(request, confirm, About::default()).await
    }

    /// Rules, as for a decision: (1) the challenge is ours, theirs, for this very change, of the page as it is now, and in
    /// time, (2) the attempt is counted before (3) the code is compared. The caller's right to the change was asked afresh
    /// before this.
    pub(super) async fn stage_about(
        &self,
        request: &impl Serialize,
        confirm: Option<&Confirmation>,
        about: About<'_>,
    ) -> Result<Stage, EdgeError> {
        let body = body_digest(request)?;
        match confirm {
            None => Ok(Stage::Ask(self.ask(body, about).await?)),
            Some(confirm) => self.confirmed(body, confirm, about).await,
        }
    }

    /// What is asked of the caller for it by this policy, and who they are to it.
    async fn asked(&self, policy: &PolicyHead, about: About<'_>) -> Result<(Asked, Subject), EdgeError> {
        let subject = match self.act.asks() {
            Asks::Policy(action) | Asks::Required(action) => {
                subject_of(self.cx, self.db, self.caller, &policy.policy, action).await?
            }
            Asks::OwnFactor | Asks::OwnFactorOrRecovery => Subject::plain(&self.caller.person),
        };
        Ok((Asked::of_act(&policy.policy, &subject, self.act).only(about.only), subject))
    }

    /// How it counts where nothing is asked of the caller for it: [`None`] if something is.
    pub(super) async fn unasked(&self, policy: &PolicyHead) -> Result<Option<Confirmed>, EdgeError> {
        let (asked, subject) = self.asked(policy, About::default()).await?;
        let nothing = !asked.requirement.asks();
        Ok(nothing.then(|| Confirmed { proof: None, policy: policy.policy.clone(), subject }))
    }

    async fn ask(&self, body: String, about: About<'_>) -> Result<Confirm, EdgeError> {
        let Self { cx, caller, db, act } = *self;
        let site = &caller.site;
        let mut loading = Loading::new();
        let policy = loading.add(PolicyHead::query(site));
        let owned = standing::ask(&mut loading, site, &caller.person, cx.now);
        let loaded = loading.run(db).await?;
        let policy = policy_of(PolicyHead::read(loaded.get(&policy)?.as_ref())?)?;
        let (asked, _) = self.asked(&policy, about).await?;
        let how = how::how(&asked, &standing::read(&loaded, &owned)?, cx.now)?;
        let record = ActChallenge {
            site: site.clone(),
            act,
            page: about.page.cloned(),
            body,
            account: caller.person.clone(),
            policy_version: policy.policy.version,
            nonce: Nonce::from_random(*random::bytes::<16>()?),
            expires_at: cx.now + challenge::lifetime(cx, &how)?,
        };
        let token = issue(&challenge::keys(cx)?, &record)
            .ok_or_else(|| EdgeError::internal("a challenge could not be made"))?;
        Ok(Confirm {
            challenge: token,
            act,
            sentence: act.sentence().to_owned(),
            code_required: !how.factors.is_empty(),
            how,
            expires_at: record.expires_at,
        })
    }

    async fn confirmed(&self, body: String, confirm: &Confirmation, about: About<'_>) -> Result<Stage, EdgeError> {
        let Self { cx, caller, db, .. } = *self;
        let site = &caller.site;
        // (1)
        let record = self.record(&body, confirm)?;
        let used_by = digest(&confirm.challenge);
        let late = || {
            EdgeError::refuse(ProblemKind::ChallengeExpired, "It took too long. Start again; what you entered is kept.")
        };
        let other_page = record.page.as_ref() != about.page;
        if other_page || cx.now > record.expires_at {
            let used = db.ask(consumed::by_nonce(site, record.nonce.as_str())).await?;
            return match self.made(used, &used_by, &record) {
                Some(made) => made.map(Stage::Made),
                None => Err(if other_page { invalid() } else { late() }),
            };
        }
        let given = Given::read(&confirm.code, &confirm.identification)?;
        // (2)
        let confirming = Confirming {
            cx,
            db,
            site,
            person: &caller.person,
            purpose: purpose(self.act, &given),
            nonce: record.nonce.as_str(),
        };
        let mut loading = Loading::new();
        let used = loading.add(consumed::by_nonce(site, record.nonce.as_str()));
        let brought = confirming.ask(&mut loading, &given);
        let policy = loading.add(PolicyHead::query(site));
        let loaded = loading.run(db).await?;
        if let Some(made) = self.made(loaded.get(&used)?, &used_by, &record) {
            return made.map(Stage::Made);
        }
        let policy = policy_of(PolicyHead::read(loaded.get(&policy)?.as_ref())?)?;
        // (3)
        let (asked, subject) = self.asked(&policy, about).await?;
        let proved = confirming.prove(&asked, &given, Found::read(&loaded, &brought)?).await?;
        if policy.policy.version != record.policy_version {
            return Err(refused(&Refusal::ProofMissing));
        }
        Ok(Stage::Make(Box::new(Permit { record, used_by, policy, subject, proved })))
    }

    fn made(&self, used: Option<Consumed>, used_by: &str, record: &ActChallenge) -> Option<Result<Made, EdgeError>> {
        used.map(|used| {
            if used.person == self.caller.person && used.digest == used_by {
                Ok(Made { seq: used.seq, name: record.nonce.as_str().to_owned() })
            } else {
                Err(EdgeError::refuse(ProblemKind::ChallengeUsed, "This confirmation was used already. Start again."))
            }
        })
    }

    /// Writes `commit`, which holds the change with its own preconditions, together with all that belongs to the
    /// confirmation: nonce, factor, policy, who confirmed what. `stream` and `seq` are the entry it leads to. Gives back
    /// `false` if it was written before, by a repeated request.
    pub(super) async fn make(
        &self,
        permit: &Permit,
        commit: Commit,
        stream: &StreamId,
        seq: Seq,
    ) -> Result<bool, EdgeError> {
        let Self { cx, caller, db, act } = *self;
        let site = &caller.site;
        let event = PersonFact::ChangeConfirmed { act, body: permit.record.body.clone(), proof: permit.proof() };
        let (v, actor, facts) = (ENCODING, Actor::person(&caller.person), StreamId::person_facts(&caller.person));
        let fact = Entry { v, site: site.clone(), stream: facts, at: cx.now, actor, event };
        let fact = fact.seal().map_err(|fault| EdgeError::internal(fault.to_string()))?;
        let commit = permit.seal(commit, stream, seq, cx.now).append_fact(&fact);
        match commit.run(db).await {
            Ok(()) => Ok(true),
            Err(fault) => match self.settled(permit, fault).await {
                Ok(_) => Ok(false),
                Err(_) if matches!(fault, CommitFault::Failed(Precondition::Head | Precondition::Workflow)) => {
                    Err(changed_meanwhile())
                }
                Err(refusal) => Err(refusal),
            },
        }
    }

    /// What became of a change whose commit was not acknowledged: raced by itself, or an answer lost, the challenge knows.
    pub(super) async fn settled(&self, permit: &Permit, fault: CommitFault) -> Result<Made, EdgeError> {
        let Permit { record, used_by, .. } = permit;
        let refusal = match fault {
            CommitFault::Failed(what) => permit.refusal(what),
            CommitFault::Unknown => None,
        };
        if let (Some(refusal), true) = (refusal, fault != CommitFault::Failed(Precondition::Nonce)) {
            return Err(refusal);
        }
        let used = self.db.ask(consumed::by_nonce(&self.caller.site, record.nonce.as_str())).await.unwrap_or_default();
        self.made(used, used_by, record).unwrap_or_else(|| Err(fault.into()))
    }
}

impl Permit {
    /// A name for what this confirmation leads to, the same each time it is sent.
    pub(super) fn name(&self) -> &str {
        self.record.nonce.as_str()
    }

    /// The factor that was used.
    pub(super) fn factor(&self) -> Option<&FactorUse> {
        self.proved.factor.as_ref()
    }

    /// As it is recorded.
    pub(super) fn proof(&self) -> Proof {
        self.proved.proof(&self.used_by, self.policy.policy.version)
    }

    /// The same, for the engine to judge.
    pub(super) fn confirmed(&self) -> Confirmed {
        let (proof, policy) = (Some(self.proof()), self.policy.policy.clone());
        Confirmed { proof, policy, subject: self.subject.clone() }
    }

    /// Adds to a batch what must still be so, and what is used up, for the entry at `seq` of `stream`.
    pub(super) fn seal(&self, commit: Commit, stream: &StreamId, seq: Seq, at: Timestamp) -> Commit {
        self.sealing().put(commit, stream, seq, at)
    }

    /// What to answer if one of the preconditions [`Permit::seal`] added did not hold.
    pub(super) fn refusal(&self, what: Precondition) -> Option<EdgeError> {
        self.sealing().refusal(what)
    }

    fn sealing(&self) -> Seal<'_> {
        Seal {
            site: &self.record.site,
            person: &self.record.account,
            nonce: self.record.nonce.as_str(),
            digest: &self.used_by,
            expires_at: self.record.expires_at,
            policy: self.policy.head,
            proved: &self.proved,
        }
    }
}

/// What a refused code was for, as the journal says it.
fn purpose(act: Act, given: &Given) -> AttemptPurpose {
    match (act.asks(), &given.typed) {
        (Asks::OwnFactorOrRecovery, Typed::Recovery(_)) => AttemptPurpose::Recovery,
        (Asks::Required(_) | Asks::Policy(Action::ResetFactor), _) => AttemptPurpose::Override,
        _ => AttemptPurpose::Change,
    }
}

/// Somebody else changed the same thing since it was read.
pub(super) fn changed_meanwhile() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::Conflict,
        "Somebody else changed this meanwhile. Nothing was changed by you: load it again, and make your change there.",
    )
}

/// What a request says, apart from its confirmation.
fn body_digest(request: &impl Serialize) -> Result<String, EdgeError> {
    let mut value = serde_json::to_value(request).map_err(|fault| EdgeError::internal(fault.to_string()))?;
    if let Some(members) = value.as_object_mut() {
        members.remove("confirm");
    }
    let canonical = to_canonical(&value)
        .map_err(|fault| Problem::new(ProblemKind::BadField, format!("This can't be recorded: {fault}.")))?;
    Ok(digest(&canonical))
}

fn policy_of(policy: Option<PolicyHead>) -> Result<PolicyHead, EdgeError> {
    policy.ok_or_else(|| EdgeError::internal("an opened site has no policy"))
}

fn invalid() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeInvalid,
        "This confirmation was not made for you and this change. Close it and start again; what you entered is kept.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::assignment::Rules;
    use engine::wire::assignments::AssignRequest;
    use engine::wire::confirm::Confirmation;

    #[test]
    fn a_confirmation_is_for_what_the_request_says_and_for_nothing_else() {
        let request =
            AssignRequest { space: None, based_on: 1, rules: Rules::default(), space_admins: None, confirm: None };
        let first = body_digest(&request).unwrap();
        let confirm =
            Some(Confirmation { challenge: "c".to_owned(), code: "123456".to_owned(), ..Confirmation::default() });
        assert_eq!(body_digest(&AssignRequest { confirm, ..request.clone() }).unwrap(), first);
        assert_ne!(body_digest(&AssignRequest { based_on: 2, ..request.clone() }).unwrap(), first);
        assert_ne!(body_digest(&AssignRequest { space_admins: Some(true), ..request }).unwrap(), first);
    }
}
