//! Approving and rejecting.
//!
//! The order matters, and the numbers stand again where each step is done:
//! (1) the invocation token was verified before; the person's rights are Confluence's word, asked with their own token;
//! (2) the challenge is ours, theirs, for this page, version and verdict, and not too old;
//! (3) the page is now what the challenge was made for;
//! (4) one batch: the attempt is counted, *then* everything needed is read;
//! (5) the code is compared, or whatever else confirms it is looked at;
//! (6) one batch with preconditions: entry, fold, consumed challenge, consumed step or receipt, session, effects.
//!
//! What fails before (4) costs no attempt. Whatever repeats a challenge that was used gets the recorded answer and writes
//! nothing, so pressing twice, a lost answer and a retry are harmless.

use super::people::{self, Asking, Wanted};
use super::refusal::{clash, refused};
use super::site::PolicyHead;
use super::{app, challenge, heal, page, text};
use crate::clock;
use crate::confirm::asked::Asked;
use crate::confirm::list::{OfList, Opening};
use crate::confirm::prove::{Confirming, Found, Proved};
use crate::confirm::seal::Seal;
use crate::confirm::subject_of;
use crate::confirm::typed::Given;
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
use crate::store::load::Loading;
use crate::store::{absence, installation};
use engine::audit::commitment::ErasableText;
use engine::audit::entry::Actor;
use engine::audit::fact::AttemptPurpose;
use engine::ids::{Seq, StreamId};
use engine::page::command::{Command, Decide, PageNow, Person};
use engine::page::decide::{action, under_review};
use engine::page::event::Signatory;
use engine::page::refusal::Refusal;
use engine::page::roster::needs_contributors;
use engine::page::view;
use engine::time::Timestamp;
use engine::token::challenge::{DecisionChallenge, authentic, digest};
use engine::token::policy::Subject;
use engine::wire::act::{DecisionRequest, DecisionResponse};
use engine::wire::problem::ProblemKind;
use engine::wire::status::ViewerKind;
use engine::workflow::definition::StepUp;

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
    let given = Given::read(&body.code, &body.identification)?;
    // (1), (3)
    let person = match caller.kind {
        ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
        ViewerKind::Guest | ViewerKind::Invited => None,
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
    Deciding { cx, caller, db, signing, person, reading, comment, given, of_list: None }.run().await
}

/// A challenge as it came back.
pub(super) struct Signing {
    pub(super) record: DecisionChallenge,
    pub(super) digest: String,
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
        if challenge::is_for(&record, caller, body.decision, body.page_version) {
            Ok(Self { record, digest: digest(&body.challenge) })
        } else {
            Err(invalid())
        }
    }

    /// The answer given before to this very challenge, if it was used; `refusal` if not.
    pub(super) async fn recorded_or(
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

/// A decision on its way, from (4) on: of a page by itself, or of one of a list.
pub(super) struct Deciding<'a> {
    pub(super) cx: &'a Cx,
    pub(super) caller: &'a UiCaller,
    pub(super) db: Db,
    pub(super) signing: Signing,
    pub(super) person: Option<Client>,
    pub(super) reading: Reading,
    pub(super) comment: Option<String>,
    pub(super) given: Given,
    /// The list, where the page is one of several signed together.
    pub(super) of_list: Option<OfList>,
}

/// What does not change however often the race is run.
struct Ready<'a> {
    reviewer: Person,
    app: &'a Client,
    name: ErasableText,
    comment: Option<ErasableText>,
    subject: Subject,
    proved: Proved,
}

impl Deciding<'_> {
    pub(super) async fn run(self) -> Result<DecisionResponse, EdgeError> {
        let (cx, caller, record) = (self.cx, self.caller, &self.signing.record);
        // (4)
        let mut loading = Loading::new();
        let used = loading.add(consumed::by_nonce(&caller.site, record.nonce.as_str()));
        let confirming = self.confirming();
        let brought = confirming.ask(&mut loading, &self.given);
        let opened = self.of_list.as_ref().map(|list| list.ask(&mut loading, confirming));
        let slots = page::ask(&mut loading, &caller.site, &record.page);
        let away = loading.add(absence::stands_in(&caller.site, &caller.person, cx.now));
        let installation = loading.add(installation::of_site(&caller.site));
        let loaded = loading.run(&self.db).await?;
        if let Some(used) = loaded.get(&used)? {
            return self.signing.recorded(cx, &self.db, caller, &used).await;
        }
        let (known, policy) = page::read(cx, &self.db, &caller.site, &loaded, &slots).await?;
        let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref());
        // (5)
        let (asked, subject) = self.asked(&known, &policy).await?;
        let found = Found::read(&loaded, &brought)?;
        let proved = match (&self.of_list, opened) {
            (Some(list), Some(opened)) => {
                let opened = loaded.get(&opened)?;
                let (given, digest) = (&self.given, self.signing.digest.as_str());
                let opening = Opening { given, policy: policy.head, digest };
                list.prove(confirming, &asked, found, opened, opening).await?
            }
            _ => confirming.prove(&asked, &self.given, found).await?,
        };
        let app = app?;
        let ready = self.ready(&known, &app, &loaded.get(&away)?, subject, proved).await?;
        // (6)
        self.commit(known, policy, &ready).await
    }

    fn confirming(&self) -> Confirming<'_> {
        Confirming {
            cx: self.cx,
            db: &self.db,
            site: &self.caller.site,
            person: &self.caller.person,
            purpose: AttemptPurpose::Decision,
            // What confirms a list was made for all of it.
            nonce: self.of_list.as_ref().map_or(self.signing.record.nonce.as_str(), OfList::nonce),
        }
    }

    /// What is asked of the person by the policy in force now, and who they are to it. An approval that is there no more
    /// asks for nothing itself: the engine refuses it.
    async fn asked(&self, known: &Known, policy: &PolicyHead) -> Result<(Asked, Subject), EdgeError> {
        let (policy, record) = (&policy.policy, &self.signing.record);
        let state = known.under().and_then(|(_, running)| running.definition.state(&record.state));
        let approval = state.and_then(|state| state.approval(&record.approval));
        let own = approval.map_or(&StepUp::Policy, |approval| &approval.step_up);
        let action = action(record.decision);
        let subject = subject_of(self.cx, &self.db, self.caller, policy, action).await?;
        Ok((Asked::of_policy(policy, own, &subject, action), subject))
    }

    async fn ready<'a>(
        &self,
        known: &Known,
        app: &'a Client,
        away: &[absence::Absent],
        subject: Subject,
        proved: Proved,
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
            subject,
            proved,
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
            // Whoever was invited is named by the row their invitation made.
            let name = Some(&ready.name).filter(|_| caller.invitation.is_none());
            let texts: Vec<&ErasableText> =
                name.into_iter().chain(&ready.comment).chain(troupe.texts(&events)).collect();
            let actor = Actor::person(&caller.person);
            let happened =
                Happened { known: &known, running, actor: &actor, at, events: &events, texts: texts.clone() };
            let (commit, fold) = happened.into_commit(&caller.site, self.sealed(&policy, ready, seq, at))?;
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
                Err(CommitFault::Failed(what)) => return self.failed(what, &policy, ready, unclear).await,
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
    fn sealed(&self, policy: &PolicyHead, ready: &Ready<'_>, seq: Seq, at: Timestamp) -> Commit {
        let stream = StreamId::page(&self.signing.record.page);
        self.seal(policy, ready).put(Commit::new(&self.caller.site, at), &stream, seq, at)
    }

    fn seal<'a>(&'a self, policy: &PolicyHead, ready: &'a Ready<'_>) -> Seal<'a> {
        let (caller, record) = (self.caller, &self.signing.record);
        Seal {
            site: &caller.site,
            person: &caller.person,
            nonce: record.nonce.as_str(),
            digest: &self.signing.digest,
            expires_at: record.expires_at,
            policy: policy.head,
            proved: &ready.proved,
        }
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
            proof: ready.proved.proof(&self.signing.digest, record.policy_version),
            subject: ready.subject.clone(),
            policy: policy.policy.clone(),
            invited: self.caller.invitation.clone(),
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
    async fn failed(
        &self,
        what: Precondition,
        policy: &PolicyHead,
        ready: &Ready<'_>,
        unclear: bool,
    ) -> Result<DecisionResponse, EdgeError> {
        let Some(refusal) = self.seal(policy, ready).refusal(what) else {
            return Err(CommitFault::Failed(what).into());
        };
        // The same challenge, raced by the same person: the one that won answers for both.
        if what == Precondition::Nonce || unclear {
            return self.signing.recorded_or(self.cx, &self.db, self.caller, refusal).await;
        }
        Err(refusal)
    }
}

pub(super) fn expired() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeExpired,
        "You took longer than the few minutes a confirmation is good for. Ask for a new one; your comment is kept.",
    )
}
