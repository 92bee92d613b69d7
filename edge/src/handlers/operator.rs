//! What whoever runs the Worker can do when no admin can step up: release a lock, take factors away. Loudly: an entry of its
//! own kind, and mails to the owner and the admins.

use super::keys::CHALLENGES_END;
use super::{heal, text};
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::operator::{Signature, body_digest};
use crate::random;
use crate::reseal::ring_of;
use crate::store::commit::Commit;
use crate::store::consumed::Consumed;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::installation::Installation;
use crate::store::load::{Loaded, Loading, Slot};
use crate::store::reseal::State;
use crate::store::{consumed, enrolment, factor, guess, installation, journal, pending, recovery, reseal, session};
use engine::audit::commitment::ErasableText;
use engine::audit::entry::{Actor, ENCODING, Entry, Sealed};
use engine::audit::fact::{FactorEvent, PersonFact};
use engine::effect::{AdminNotice, Effect, OwnerNotice};
use engine::ids::{Seq, StreamId};
use engine::wire::operator::{
    AboutPerson, KeyNamed, KeysEverywhere, NAME_MAX, OperatorAct, OperatorDone, OperatorRequest,
};
use engine::wire::problem::{Problem, ProblemKind};
use serde::Serialize;

/// A request whose signature was verified, carried out.
pub(crate) async fn act(cx: &Cx, signature: &Signature, sent: &[u8]) -> Result<worker::Response, EdgeError> {
    use crate::http::{answer, body};
    match body::json(sent)? {
        OperatorRequest::Keys {} => answer::json(&keys(cx).await?),
        OperatorRequest::Unlock(about) => {
            let order = Order { cx, signature, sent, about: &about, act: OperatorAct::Unlock };
            answer::json(&order.unlock().await?)
        }
        OperatorRequest::ResetFactors(about) => {
            let order = Order { cx, signature, sent, about: &about, act: OperatorAct::ResetFactors };
            answer::json(&order.reset_factors().await?)
        }
    }
}

/// How far all sites are under the newest key.
async fn keys(cx: &Cx) -> Result<KeysEverywhere, EdgeError> {
    let (db, keyring) = (Db::new(cx.db()?), cx.keyring()?);
    let everywhere = db.ask(reseal::everywhere()).await?;
    let ring = ring_of(keyring);
    let count = |state: State| {
        everywhere.iter().filter(|one| one.ring == ring && one.state == state).map(|one| one.sites).sum()
    };
    let (sites, done): (u64, u64) = (everywhere.iter().map(|one| one.sites).sum(), count(State::Done));
    let since = everywhere.iter().map(|one| one.since).max().unwrap_or_default();
    let named = |id: &str| KeyNamed { id: id.to_owned(), check: keyring.check_value(id).unwrap_or_default() };
    Ok(KeysEverywhere {
        keys: keyring.ids().map(named).collect(),
        sites,
        done,
        stuck: count(State::Stuck),
        removable_from: (done == sites).then(|| since + CHALLENGES_END),
    })
}

struct Order<'a> {
    cx: &'a Cx,
    signature: &'a Signature,
    sent: &'a [u8],
    about: &'a AboutPerson,
    act: OperatorAct,
}

/// What the operator typed, ready for the journal.
struct Said {
    operator: ErasableText,
    reason: ErasableText,
}

impl Order<'_> {
    /// Rules: (1) with a name and a reason, (2) not carried out before, (3) on a site that is there, (4) somebody is locked.
    async fn unlock(&self) -> Result<OperatorDone, EdgeError> {
        let AboutPerson { site, person, .. } = self.about;
        // (1)
        let said = self.said()?;
        let db = Db::new(self.cx.db()?);
        let mut loading = Loading::new();
        let before = self.before(&mut loading);
        let guesses = loading.add(guess::of_person(site, person));
        let loaded = loading.run(&db).await?;
        // (2), (3)
        self.first_time(&loaded, &before)?;
        // (4)
        if loaded.get(&guesses)?.lock(self.cx.now).is_none() {
            return Err(nothing_to_do("This person is not locked on this site."));
        }
        let commit = Commit::new(site, self.cx.now).raw(guess::release(site, person));
        self.finish(&db, commit, &said, format!("The lock of {person} is released.")).await
    }

    /// Rules: (1) to (3) as above, (4) there is something to take away, (5) and it is still that when it is taken.
    async fn reset_factors(&self) -> Result<OperatorDone, EdgeError> {
        let AboutPerson { site, person, .. } = self.about;
        let now = self.cx.now;
        // (1)
        let said = self.said()?;
        let (db, stream) = (Db::new(self.cx.db()?), StreamId::factors(person));
        let mut loading = Loading::new();
        let before = self.before(&mut loading);
        let factors = loading.add(factor::of_person(site, person));
        let codes = loading.add(recovery::left(site, person));
        let head = loading.add(journal::head_seq(site, &stream));
        let loaded = loading.run(&db).await?;
        // (2), (3)
        self.first_time(&loaded, &before)?;
        // (4)
        let (factors, codes) = (loaded.get(&factors)?, loaded.get(&codes)?.count);
        if factors.is_empty() && codes == 0 {
            return Err(nothing_to_do("This person has nothing set up on this site."));
        }
        // (5)
        let mut seq = loaded.get(&head)?;
        let mut commit = Commit::new(site, now).require_head(&stream, seq);
        for factor in &factors {
            seq = seq.next();
            let (id, factor_kind) = (factor.id.clone(), factor.kind);
            let event = FactorEvent::FactorRevoked { factor: id, factor_kind, reason: said.reason.reference() };
            let entry = self.entry(stream.clone(), event)?;
            commit = commit.append(&entry, seq).raw(factor::end(site, person, &factor.id, now));
        }
        let commit = commit
            .raw(recovery::end_all(site, person))
            .raw(enrolment::abandon(site, person))
            .raw(session::end_all(site, person, now))
            .raw(pending::end_all(site, person));
        let done = format!("{} factors and {codes} recovery codes of {person} are taken away.", factors.len());
        self.finish(&db, commit, &said, done).await
    }

    fn said(&self) -> Result<Said, EdgeError> {
        let missing = |field: &str, detail: &str| Problem::new(ProblemKind::BadField, detail).at(field);
        let operator = text::typed("operator", &self.about.operator)?
            .filter(|name| name.chars().count() <= NAME_MAX)
            .ok_or_else(|| missing("operator", "Say who you are: it is kept with the entry."))?;
        let reason = text::typed("reason", &self.about.reason)?
            .ok_or_else(|| missing("reason", "Say why: the reason is kept with the entry and told to the owner."))?;
        Ok(Said { operator: text::erasable(operator)?, reason: text::erasable(reason)? })
    }

    fn before(&self, loading: &mut Loading) -> Before {
        let site = &self.about.site;
        let used = loading.add(consumed::by_nonce(site, &self.signature.nonce()));
        (loading.add(installation::of_site(site)), used)
    }

    fn first_time(&self, loaded: &Loaded, (place, used): &Before) -> Result<(), EdgeError> {
        if loaded.get(used)?.is_some() {
            return Err(carried_out_before());
        }
        match loaded.get(place)? {
            Some(_) => Ok(()),
            None => Err(EdgeError::refuse(
                ProblemKind::NotFound,
                "There is no such site. A site is <cloud id>/<environment id>, as journal entries name it.",
            )),
        }
    }

    fn entry<E: Serialize>(&self, stream: StreamId, event: E) -> Result<Sealed, EdgeError> {
        let (site, at, actor) = (self.about.site.clone(), self.cx.now, Actor::Operator);
        let entry = Entry { v: ENCODING, site, stream, at, actor, event };
        entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))
    }

    /// Writes what was put together, with all that makes it loud and single.
    async fn finish(&self, db: &Db, commit: Commit, said: &Said, done: String) -> Result<OperatorDone, EdgeError> {
        let Self { cx, signature, sent, about: AboutPerson { site, person, .. }, act } = *self;
        let stream = StreamId::person_facts(person);
        let request = body_digest(sent);
        let fact = PersonFact::OperatorActed {
            act,
            operator: said.operator.reference(),
            reason: said.reason.reference(),
            request: request.clone(),
        };
        let fact = self.entry(stream.clone(), fact)?;
        let reason = said.reason.id.clone();
        let owner = OwnerNotice::Operator { act, reason: reason.clone() };
        let admins = AdminNotice::Operator { act, reason };
        let commit = commit
            .require_nonce_unused(&signature.nonce())
            .texts([&said.operator, &said.reason])
            .append_fact(&fact)
            // A plain fact takes its place in SQL; the nonce says only that it was used.
            .consume(&signature.nonce(), person, &request, &stream, Seq(0), signature.expires_at())
            .effect(&Effect::MailOwner { person: person.clone(), notice: owner }, &random::id()?)
            .effect(&Effect::MailAdmins { person: person.clone(), notice: admins }, &random::id()?);
        match commit.run(db).await {
            Ok(()) => {
                worker::console_warn!("operator: {act:?} on one site was carried out");
                heal::carry_out(cx, site);
                Ok(OperatorDone { act, said: done, at: cx.now })
            }
            Err(CommitFault::Failed(Precondition::Nonce)) => Err(carried_out_before()),
            Err(CommitFault::Failed(Precondition::Head)) => Err(EdgeError::refuse(
                ProblemKind::Conflict,
                "The person changed their factors at the same moment. Nothing was done; run the command again.",
            )),
            Err(fault) => Err(fault.into()),
        }
    }
}

/// The site, and whether the request was carried out before.
type Before = (Slot<Option<Installation>>, Slot<Option<Consumed>>);

fn carried_out_before() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeUsed,
        "This very request was carried out already. A new one has to be signed anew.",
    )
}

fn nothing_to_do(detail: &str) -> EdgeError {
    EdgeError::refuse(ProblemKind::NotFound, detail)
}
