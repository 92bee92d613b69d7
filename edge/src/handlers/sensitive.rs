//! A change of a workflow, an assignment or many pages: asked for, confirmed with a code, written.
//!
//! The request comes twice: first without a confirmation, and is answered with a challenge bound to exactly what it says;
//! then the same again with that challenge and, where the policy asks for one, a code.

use super::attempt::{self, Trying};
use super::challenge;
use super::refusal::{locked, refused};
use super::site::PolicyHead;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::consumed::{self, Consumed};
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::{factor, guess};
use engine::audit::canonical::to_canonical;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{AttemptPurpose, PersonFact};
use engine::ids::{Seq, StreamId};
use engine::page::event::FactorUse;
use engine::page::refusal::Refusal;
use engine::token::challenge::{AdminAct, AdminChallenge, Nonce, authentic, digest, issue};
use engine::token::guessing::Lock;
use engine::token::policy::Action;
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::workflows::{Confirm, Confirmation};
use serde::Serialize;

/// A change somebody wants.
pub(super) struct Change<'a> {
    pub(super) cx: &'a Cx,
    pub(super) caller: &'a UiCaller,
    pub(super) db: &'a Db,
    /// What kind of change.
    pub(super) act: AdminAct,
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
    record: AdminChallenge,
    used_by: String,
    policy: PolicyHead,
    factor: Option<FactorUse>,
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
    fn record(&self, body: &str, confirm: &Confirmation) -> Result<AdminChallenge, EdgeError> {
        let record: AdminChallenge =
            authentic(&challenge::keys(self.cx)?, &confirm.challenge).map_err(|_| invalid())?;
        let fits = record.site == self.caller.site && record.account == self.caller.person;
        if fits && record.act == self.act && record.body == body { Ok(record) } else { Err(invalid()) }
    }

    /// Rules, as for a decision: (1) the challenge is ours, theirs, for this very change and in time, (2) the attempt is
    /// counted before (3) the code is compared. The caller's right to the change was asked afresh before this.
    pub(super) async fn stage(
        &self,
        request: &impl Serialize,
        confirm: Option<&Confirmation>,
    ) -> Result<Stage, EdgeError> {
        let body = body_digest(request)?;
        match confirm {
            None => Ok(Stage::Ask(self.ask(body).await?)),
            Some(confirm) => self.confirmed(body, confirm).await,
        }
    }

    async fn ask(&self, body: String) -> Result<Confirm, EdgeError> {
        let Self { cx, caller, db, act } = *self;
        let site = &caller.site;
        let mut loading = Loading::new();
        let policy = loading.add(PolicyHead::query(site));
        let factors = loading.add(factor::of_person(site, &caller.person));
        let own = loading.add(guess::of_person(site, &caller.person));
        let loaded = loading.run(db).await?;
        let policy = policy_of(PolicyHead::read(loaded.get(&policy)?.as_ref())?)?.policy;
        let code_required = policy.asks_for_token(Action::ChangePolicy);
        if code_required {
            if loaded.get(&factors)?.is_empty() {
                return Err(attempt::no_factor());
            }
            if let Some(lock) = loaded.get(&own)?.lock(cx.now) {
                return Err(locked(lock));
            }
        }
        let record = AdminChallenge {
            site: site.clone(),
            act,
            body,
            account: caller.person.clone(),
            policy_version: policy.version,
            nonce: Nonce::from_random(*random::bytes::<16>()?),
            expires_at: cx.now + cx.challenge_lifetime()?,
        };
        let token = issue(&challenge::keys(cx)?, &record)
            .ok_or_else(|| EdgeError::internal("a challenge could not be made"))?;
        Ok(Confirm {
            challenge: token,
            act,
            sentence: act.sentence().to_owned(),
            code_required,
            expires_at: record.expires_at,
        })
    }

    async fn confirmed(&self, body: String, confirm: &Confirmation) -> Result<Stage, EdgeError> {
        let Self { cx, caller, db, .. } = *self;
        let site = &caller.site;
        // (1)
        let record = self.record(&body, confirm)?;
        let used_by = digest(&confirm.challenge);
        if cx.now > record.expires_at {
            let used = db.ask(consumed::by_nonce(site, record.nonce.as_str())).await?;
            return match self.made(used, &used_by, &record) {
                Some(made) => made.map(Stage::Made),
                None => Err(EdgeError::refuse(
                    ProblemKind::ChallengeExpired,
                    "It took too long. Start again; what you entered is kept.",
                )),
            };
        }
        let code = if confirm.code.is_empty() { None } else { Some(attempt::code(&confirm.code)?) };
        // (2)
        let mut loading = Loading::new();
        let used = loading.add(consumed::by_nonce(site, record.nonce.as_str()));
        let counted = code
            .as_ref()
            .map(|_| loading.add(guess::attempt(site, &caller.person, Some(record.nonce.as_str()), cx.now)));
        let policy = loading.add(PolicyHead::query(site));
        let factors = loading.add(factor::of_person(site, &caller.person));
        let loaded = loading.run(db).await?;
        if let Some(made) = self.made(loaded.get(&used)?, &used_by, &record) {
            return made.map(Stage::Made);
        }
        let policy = policy_of(PolicyHead::read(loaded.get(&policy)?.as_ref())?)?;
        // (3)
        let factor = if policy.policy.asks_for_token(Action::ChangePolicy) {
            let counted = counted.map(|counted| loaded.get(&counted)).transpose()?;
            let (Some(code), Some(counted)) = (&code, counted) else {
                return Err(Problem::new(ProblemKind::BadField, "Enter the six digits your authenticator shows.")
                    .at("code")
                    .into());
            };
            let trying = Trying { site, person: &caller.person, purpose: AttemptPurpose::Change };
            Some(attempt::compare(cx, db, trying, counted, code, &loaded.get(&factors)?).await?)
        } else {
            None
        };
        if !policy.policy.accepts(Action::ChangePolicy, factor.as_ref().map(|factor| factor.kind))
            || policy.policy.version != record.policy_version
        {
            return Err(refused(&Refusal::ProofMissing));
        }
        Ok(Stage::Make(Box::new(Permit { record, used_by, policy, factor })))
    }

    fn made(&self, used: Option<Consumed>, used_by: &str, record: &AdminChallenge) -> Option<Result<Made, EdgeError>> {
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
        let Permit { record, used_by, policy, factor } = permit;
        let event = PersonFact::ChangeConfirmed {
            act,
            body: record.body.clone(),
            challenge: used_by.clone(),
            policy_version: policy.policy.version,
            factor: factor.as_ref().map(|factor| factor.factor.clone()),
            step: factor.as_ref().map(|factor| factor.step),
        };
        let (v, actor, facts) = (ENCODING, Actor::person(&caller.person), StreamId::person_facts(&caller.person));
        let fact = Entry { v, site: site.clone(), stream: facts, at: cx.now, actor, event };
        let fact = fact.seal().map_err(|fault| EdgeError::internal(fault.to_string()))?;
        let mut commit = commit
            .require_nonce_unused(record.nonce.as_str())
            .require_not_held(&caller.person)
            .require_head(&StreamId::policy(), policy.head);
        if let Some(factor) = factor {
            commit = commit
                .require_factor(&caller.person, &factor.factor, factor.step)
                .advance_factor(&caller.person, &factor.factor, factor.step)
                .reset_guesses(&caller.person);
        }
        commit = commit.append_fact(&fact).consume(
            record.nonce.as_str(),
            &caller.person,
            used_by,
            stream,
            seq,
            record.expires_at,
        );
        match commit.run(db).await {
            Ok(()) => Ok(true),
            Err(CommitFault::Failed(Precondition::Step)) => {
                let detail = "This code was used already. Wait for the next one, and enter that.";
                Err(Problem::new(ProblemKind::CodeUsed, detail).at("code").into())
            }
            Err(CommitFault::Failed(Precondition::Factor)) => Err(attempt::no_factor()),
            Err(CommitFault::Failed(Precondition::Held)) => Err(locked(Lock::UntilUnlocked)),
            Err(CommitFault::Failed(Precondition::Policy)) => Err(refused(&Refusal::ProofMissing)),
            Err(fault) => {
                // Raced by itself, or an answer lost: the challenge knows.
                let used = db.ask(consumed::by_nonce(site, record.nonce.as_str())).await.unwrap_or_default();
                match self.made(used, used_by, record) {
                    Some(made) => made.map(|_| false),
                    None if matches!(fault, CommitFault::Failed(Precondition::Head | Precondition::Workflow)) => {
                        Err(changed_meanwhile())
                    }
                    None => Err(fault.into()),
                }
            }
        }
    }
}

impl Permit {
    /// A name for what this confirmation leads to, the same each time it is sent.
    pub(super) fn name(&self) -> &str {
        self.record.nonce.as_str()
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
    use engine::wire::workflows::Confirmation;

    #[test]
    fn a_confirmation_is_for_what_the_request_says_and_for_nothing_else() {
        let request =
            AssignRequest { space: None, based_on: 1, rules: Rules::default(), space_admins: None, confirm: None };
        let first = body_digest(&request).unwrap();
        let confirm = Some(Confirmation { challenge: "c".to_owned(), code: "123456".to_owned() });
        assert_eq!(body_digest(&AssignRequest { confirm, ..request.clone() }).unwrap(), first);
        assert_ne!(body_digest(&AssignRequest { based_on: 2, ..request.clone() }).unwrap(), first);
        assert_ne!(body_digest(&AssignRequest { space_admins: Some(true), ..request }).unwrap(), first);
    }
}
