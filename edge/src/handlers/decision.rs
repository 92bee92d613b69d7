//! Approving and rejecting.
//!
//! The order matters, and the numbers stand again where each step is done:
//! (1) the invocation token was verified before; the person's rights are Confluence's word, asked with their own token;
//! (2) the challenge is ours, theirs, for this page, version and verdict, and not too old;
//! (3) the page is now what the challenge was made for;
//! (4) one batch: the attempt is counted, *then* everything needed is read;
//! (5) the code is compared;
//! (6) one batch with preconditions: entry, fold, consumed challenge, consumed step, effects.
//!
//! What fails before (4) costs no attempt. Whatever repeats a challenge that was used gets the recorded answer and writes
//! nothing, so pressing twice, a lost answer and a retry are harmless.

use super::attempt::{self, Trying};
use super::people::{self, Asking, Wanted};
use super::refusal::{clash, locked, refused};
use super::site::PolicyHead;
use super::{app, challenge, heal, page, text};
use crate::clock;
use crate::confluence::{Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::change::Happened;
use crate::page::known;
use crate::page::{Known, Reading, Troupe};
use crate::store::commit::Commit;
use crate::store::consumed::{self, Consumed};
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::guess::Attempt;
use crate::store::load::Loading;
use crate::store::{absence, factor, guess, installation};
use engine::audit::commitment::ErasableText;
use engine::audit::entry::Actor;
use engine::audit::fact::AttemptPurpose;
use engine::ids::{Seq, StreamId};
use engine::page::command::{Command, Decide, PageNow, Person};
use engine::page::decide::under_review;
use engine::page::event::{FactorUse, Proof, Signatory};
use engine::page::refusal::Refusal;
use engine::page::roster::needs_contributors;
use engine::page::view;
use engine::time::Timestamp;
use engine::token::challenge::{DecisionChallenge, authentic, digest};
use engine::token::guessing::Lock;
use engine::token::totp::Code;
use engine::wire::act::{DecisionRequest, DecisionResponse};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::status::ViewerKind;

/// How often a lost race, or a lost answer, is run again. Of those who race for a place one gets it, so this is how many
/// people may decide on one page at the same moment without anybody being told to try again.
const ROUNDS: usize = 16;

pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: DecisionRequest) -> Result<DecisionResponse, EdgeError> {
    let comment = text::typed("comment", &body.comment)?;
    let db = Db::new(cx.db()?);
    // (2)
    let signing = Signing::read(cx, caller, &body)?;
    if cx.now > signing.record.expires_at {
        return signing.recorded_or(cx, &db, caller, expired()).await;
    }
    // A code that is none costs no attempt.
    let code = if body.code.is_empty() { None } else { Some(attempt::code(&body.code)?) };
    // (1), (3)
    let person = match caller.kind {
        ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
        ViewerKind::Guest => None,
    };
    let now = match &person {
        Some(person) => challenge::page_now(cx, caller, Some(person), person).await,
        None => challenge::page_now(cx, caller, None, &app::client_for(cx, &db, &caller.site).await?).await,
    };
    let reading = now?;
    let version = reading.page.version;
    if version != signing.record.version || reading.content_hash != signing.record.content_hash {
        return signing.recorded_or(cx, &db, caller, refused(&Refusal::PageMoved { now: version })).await;
    }
    Deciding { cx, caller, db, signing, person, reading, comment, code }.run().await
}

/// A challenge as it came back.
struct Signing {
    record: DecisionChallenge,
    digest: String,
}

impl Signing {
    /// Everything a challenge must be, but for its age.
    fn read(cx: &Cx, caller: &UiCaller, body: &DecisionRequest) -> Result<Self, EdgeError> {
        let invalid = || {
            EdgeError::refuse(
                ProblemKind::ChallengeInvalid,
                "This confirmation was not made for you, here, and this decision. Close it and start again; your comment is kept.",
            )
        };
        let record: DecisionChallenge = authentic(&challenge::keys(cx)?, &body.challenge).map_err(|_| invalid())?;
        let fits = record.site == caller.site
            && record.account == caller.person
            && Some(&record.page) == caller.page.as_ref()
            && record.decision == body.decision
            && record.version == body.page_version;
        if fits { Ok(Self { record, digest: digest(&body.challenge) }) } else { Err(invalid()) }
    }

    /// The answer given before to this very challenge, if it was used; `refusal` if not.
    async fn recorded_or(
        &self,
        cx: &Cx,
        db: &Db,
        caller: &UiCaller,
        refusal: EdgeError,
    ) -> Result<DecisionResponse, EdgeError> {
        match db.ask(consumed::by_nonce(&caller.site, self.record.nonce.as_str())).await? {
            Some(used) => self.recorded(cx, db, caller, &used).await,
            None => Err(refusal),
        }
    }

    /// What was recorded for this challenge.
    async fn recorded(
        &self,
        cx: &Cx,
        db: &Db,
        caller: &UiCaller,
        used: &Consumed,
    ) -> Result<DecisionResponse, EdgeError> {
        let stream = StreamId::page(&self.record.page);
        if used.person != caller.person || used.digest != self.digest || used.stream != stream.as_str() {
            return Err(EdgeError::refuse(
                ProblemKind::ChallengeUsed,
                "This confirmation was used for another decision. Close it and start again.",
            ));
        }
        let known = known::load(db, &caller.site, &self.record.page).await?;
        let status = page::status(cx, db, caller, &known).await?;
        Ok(DecisionResponse { seq: used.seq, at: used.at, repeated: true, status })
    }
}

/// A decision on its way.
struct Deciding<'a> {
    cx: &'a Cx,
    caller: &'a UiCaller,
    db: Db,
    signing: Signing,
    person: Option<Client>,
    reading: Reading,
    comment: Option<String>,
    code: Option<Code>,
}

/// What does not change however often the race is run.
struct Ready<'a> {
    reviewer: Person,
    app: &'a Client,
    name: ErasableText,
    comment: Option<ErasableText>,
    factor: Option<FactorUse>,
}

impl Deciding<'_> {
    async fn run(self) -> Result<DecisionResponse, EdgeError> {
        let (cx, caller, record) = (self.cx, self.caller, &self.signing.record);
        // (4)
        let mut loading = Loading::new();
        let used = loading.add(consumed::by_nonce(&caller.site, record.nonce.as_str()));
        let attempt = self
            .code
            .as_ref()
            .map(|_| loading.add(guess::attempt(&caller.site, &caller.person, Some(record.nonce.as_str()), cx.now)));
        let slots = page::ask(&mut loading, &caller.site, &record.page);
        let factors = loading.add(factor::of_person(&caller.site, &caller.person));
        let away = loading.add(absence::stands_in(&caller.site, &caller.person, cx.now));
        let installation = loading.add(installation::of_site(&caller.site));
        let loaded = loading.run(&self.db).await?;
        if let Some(used) = loaded.get(&used)? {
            return self.signing.recorded(cx, &self.db, caller, &used).await;
        }
        let (known, policy) = page::read(cx, &self.db, &caller.site, &loaded, &slots).await?;
        let attempt = attempt.map(|attempt| loaded.get(&attempt)).transpose()?;
        // (5)
        let factor = self.proof(&known, &policy, attempt, &loaded.get(&factors)?).await?;
        let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref())?;
        let ready = self.ready(&known, &app, &loaded.get(&away)?, factor).await?;
        // (6)
        self.commit(known, policy, &ready).await
    }

    /// The consumed factor, where the policy or the approval asks for one.
    async fn proof(
        &self,
        known: &Known,
        policy: &PolicyHead,
        attempt: Option<Attempt>,
        factors: &[factor::Factor],
    ) -> Result<Option<FactorUse>, EdgeError> {
        let (policy, record) = (&policy.policy, &self.signing.record);
        let state = known.under().and_then(|(_, running)| running.definition.state(&record.state));
        let approval = state.and_then(|state| state.approval(&record.approval));
        // A code that was sent has been counted as an attempt, so it is compared in any case.
        if self.code.is_none() && !challenge::asks_for_token(policy, record.decision, approval) {
            return Ok(None);
        }
        let (Some(code), Some(attempt)) = (&self.code, attempt) else {
            return Err(Problem::new(ProblemKind::BadField, "Enter the six digits your authenticator shows.")
                .at("code")
                .into());
        };
        let usable: Vec<factor::Factor> =
            factors.iter().filter(|factor| policy.factors.contains(&factor.kind)).cloned().collect();
        let trying = Trying { site: &self.caller.site, person: &self.caller.person, purpose: AttemptPurpose::Decision };
        attempt::compare(self.cx, &self.db, trying, attempt, code, &usable).await.map(Some)
    }

    async fn ready<'a>(
        &self,
        known: &Known,
        app: &'a Client,
        away: &[absence::Absent],
        factor: Option<FactorUse>,
    ) -> Result<Ready<'a>, EdgeError> {
        let (_, running) = page::under(known)?;
        let workflow = running.workflow();
        let (_, state, _) = under_review(known.fold.as_ref(), &workflow).map_err(|refusal| refused(&refusal))?;
        let asking = Asking {
            cx: self.cx,
            caller: self.caller,
            app: Some(app),
            person: self.person.as_ref(),
            space: &self.reading.page.space,
            may_edit: challenge::may_edit(self.caller, &self.reading.page),
            away,
            freshness: Freshness::Cached,
        };
        let wanted = Wanted::to_decide(state);
        let asking = asking.person(&self.signing.record.page, &wanted);
        let (reviewer, name) = futures_util::future::try_join(asking, people::name(app, &self.caller.person)).await?;
        Ok(Ready {
            reviewer,
            app,
            name: text::erasable(name)?,
            comment: self.comment.clone().map(text::erasable).transpose()?,
            factor,
        })
    }

    async fn commit(
        &self,
        mut known: Known,
        mut policy: PolicyHead,
        ready: &Ready<'_>,
    ) -> Result<DecisionResponse, EdgeError> {
        let (cx, caller, record) = (self.cx, self.caller, &self.signing.record);
        let mut troupe = Troupe::new(ready.app);
        let mut unclear = false;
        for round in 0..ROUNDS {
            if round > 0 {
                (known, policy) = page::load(cx, &self.db, &caller.site, &record.page).await?;
            }
            let Some((_, running)) = known.under() else {
                return self.signing.recorded_or(cx, &self.db, caller, refused(&Refusal::NotUnderWorkflow)).await;
            };
            let command = Command::Decide(Box::new(self.command(&known, &policy, ready).await?));
            // The time of the entry is that of the commit, not of the request: an edit in between came before it.
            let at = clock::now();
            let events = match troupe.decide(known.fold.as_ref(), running.workflow(), &command, at).await? {
                Ok(events) => events,
                // After a lost answer a refusal may only mean that the decision is recorded.
                Err(refusal) => return self.signing.recorded_or(cx, &self.db, caller, refused(&refusal)).await,
            };
            let seq = known.head().next();
            let texts: Vec<&ErasableText> =
                [&ready.name].into_iter().chain(&ready.comment).chain(troupe.texts(&events)).collect();
            let actor = Actor::person(&caller.person);
            let happened =
                Happened { known: &known, running, actor: &actor, at, events: &events, texts: texts.clone() };
            let (commit, fold) = happened.into_commit(&caller.site, self.preconditions(&policy, ready, seq, at))?;
            match commit.run(&self.db).await {
                Ok(()) => {
                    known.names.extend(texts.into_iter().map(|text| (text.id.clone(), text.text.clone())));
                    heal::carry_out(cx, &caller.site);
                    let status = view::status(&fold, &known.names);
                    return Ok(DecisionResponse { seq, at, repeated: false, status });
                }
                // The page runs on its own version of the workflow; that there is a newer one changes nothing for it.
                Err(CommitFault::Failed(Precondition::Head | Precondition::Workflow)) => {}
                Err(CommitFault::Unknown) => unclear = true,
                Err(CommitFault::Failed(what)) => return self.failed(what, unclear).await,
            }
            // Whether it was recorded is read from the challenge, never guessed; if not, it is safe to write again.
            if unclear && let Some(used) = self.used().await? {
                return self.signing.recorded(cx, &self.db, caller, &used).await;
            }
        }
        if unclear { Err(CommitFault::Unknown.into()) } else { Err(clash()) }
    }

    async fn used(&self) -> Result<Option<Consumed>, EdgeError> {
        let asked = self.db.ask(consumed::by_nonce(&self.caller.site, self.signing.record.nonce.as_str())).await;
        asked.map_err(|_| CommitFault::Unknown.into())
    }

    /// What must still be so, and what is used up.
    fn preconditions(&self, policy: &PolicyHead, ready: &Ready<'_>, seq: Seq, at: Timestamp) -> Commit {
        let (caller, record) = (self.caller, &self.signing.record);
        let mut commit = Commit::new(&caller.site, at)
            .require_nonce_unused(record.nonce.as_str())
            .require_not_held(&caller.person)
            .require_head(&StreamId::policy(), policy.head);
        if let Some(factor) = &ready.factor {
            commit = commit
                .require_factor(&caller.person, &factor.factor, factor.step)
                .advance_factor(&caller.person, &factor.factor, factor.step)
                .reset_guesses(&caller.person);
        }
        let stream = StreamId::page(&record.page);
        let nonce = record.nonce.as_str();
        commit.consume(nonce, &caller.person, &self.signing.digest, &stream, seq, record.expires_at)
    }

    async fn command(&self, known: &Known, policy: &PolicyHead, ready: &Ready<'_>) -> Result<Decide, EdgeError> {
        let record = &self.signing.record;
        Ok(Decide {
            reviewer: ready.reviewer.clone(),
            by: Signatory { account: self.caller.person.clone(), name: ready.name.reference() },
            approval: record.approval.clone(),
            decision: record.decision,
            page: self.page_now(known, ready.app).await?,
            state_seq: record.state_seq,
            meaning: record.meaning.clone(),
            comment: ready.comment.as_ref().map(ErasableText::reference),
            proof: Proof {
                challenge: self.signing.digest.clone(),
                policy_version: record.policy_version,
                factor: ready.factor.clone(),
            },
            policy: policy.policy.clone(),
        })
    }

    /// The page. Who wrote which version matters only to the next review, where the decision begins one.
    async fn page_now(&self, known: &Known, app: &Client) -> Result<PageNow, EdgeError> {
        let (fold, running) = page::under(known)?;
        let definition = &running.definition;
        let transitions = definition.state(&fold.state.id).map(|state| &state.transitions);
        let targets = transitions.into_iter().flat_map(|ways| ways.approved.iter().chain(&ways.rejected));
        let next_needs = targets.filter_map(|target| definition.state(target)).any(needs_contributors);
        if next_needs {
            let reader = self.person.as_ref().unwrap_or(app);
            Ok(self.reading.now(reader, Some(fold), definition).await?)
        } else {
            Ok(self.reading.without_contributors(definition))
        }
    }

    /// A precondition did not hold.
    async fn failed(&self, what: Precondition, unclear: bool) -> Result<DecisionResponse, EdgeError> {
        let refusal = match what {
            Precondition::Step => {
                let problem =
                    "This code was used already. Wait until your authenticator shows the next one, and enter that.";
                Problem::new(ProblemKind::CodeUsed, problem).at("code").into()
            }
            Precondition::Factor => attempt::no_factor(),
            Precondition::Held => locked(Lock::UntilUnlocked),
            Precondition::Policy => refused(&Refusal::ProofMissing),
            Precondition::Nonce => EdgeError::refuse(
                ProblemKind::ChallengeUsed,
                "This confirmation was used already. Close it and start again.",
            ),
            other => return Err(CommitFault::Failed(other).into()),
        };
        // The same challenge, raced by the same person: the one that won answers for both.
        if what == Precondition::Nonce || unclear {
            return self.signing.recorded_or(self.cx, &self.db, self.caller, refusal).await;
        }
        Err(refusal)
    }
}

fn expired() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeExpired,
        "You took longer than the few minutes a confirmation is good for. Ask for a new one; your comment is kept.",
    )
}
