//! Erasing somebody who was invited. The journal keeps what they decided, with commitments instead of who they were.

use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::sensitive::{Change, Stage};
use crate::handlers::settings::require_admin;
use crate::handlers::{heal, text};
use crate::http::EdgeError;
use crate::random;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{enrolment, factor, invited, journal, pending, recovery, session};
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{FactorEvent, PersonFact};
use engine::effect::Effect;
use engine::ids::StreamId;
use engine::token::challenge::{Act, digest};
use engine::wire::invitation::{EraseRequest, Erased};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::workflows::Answer;

/// Rules: (1) a Confluence admin, asked afresh, (2) with a reason, (3) somebody who was invited, and not erased yet, (4) it is
/// confirmed where the policy asks for that. Then, in one batch: address, names, factors and every way in are gone; their open
/// invitations are taken back, and pages that show their name are brought up to date, right after.
pub(in crate::handlers) async fn handle(
    cx: &Cx,
    caller: &UiCaller,
    body: EraseRequest,
) -> Result<Answer<Erased>, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    // (2)
    let reason = text::typed("reason", &body.reason)?.ok_or_else(|| {
        Problem::new(ProblemKind::BadField, "Say why: the reason is kept with the entry.").at("reason")
    })?;
    let reason = text::erasable(reason)?;
    let db = Db::new(cx.db()?);
    let change = Change { cx, caller, db: &db, act: Act::EraseInvited };
    let (site, person) = (&caller.site, &body.person);
    let mut loading = Loading::new();
    let found = loading.add(invited::of_account(site, person));
    let waiting = loading.add(invited::waiting(site, person));
    let pages = loading.add(invited::pages(site, person));
    let factors = loading.add(factor::of_person(site, person));
    let factors_head = loading.add(journal::head_seq(site, &StreamId::factors(person)));
    let head = loading.add(journal::head_seq(site, &StreamId::person_facts(person)));
    let loaded = loading.run(&db).await?;
    // (3)
    let found = loaded
        .get(&found)?
        .ok_or_else(|| EdgeError::refuse(ProblemKind::NotFound, "Nobody of this id was invited. Reload the list."))?;
    if let Some(erased_at) = found.erased_at {
        return Ok(Answer::Done(Erased { erased_at, revoked: 0 }));
    }
    // (4)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        Stage::Ask(confirm) => return Ok(Answer::Confirm(confirm)),
        Stage::Made(_) => return Ok(Answer::Done(Erased { erased_at: cx.now, revoked: 0 })),
        Stage::Make(permit) => permit,
    };
    let (waiting, now) = (loaded.get(&waiting)?, cx.now);
    let actor = Actor::person(&caller.person);
    let broken = |fault: &dyn core::fmt::Display| EdgeError::internal(fault.to_string());
    let (stream, of_factors) = (StreamId::person_facts(person), StreamId::factors(person));
    let challenge = body.confirm.as_ref().map(|confirm| digest(&confirm.challenge)).unwrap_or_default();
    let event = PersonFact::InvitedErased { by: caller.person.clone(), reason: reason.reference(), challenge };
    let (v, at) = (ENCODING, now);
    let fact = Entry { v, site: site.clone(), stream: stream.clone(), at, actor: actor.clone(), event }.seal();
    let fact = fact.map_err(|fault| broken(&fault))?;
    let mut seq = loaded.get(&factors_head)?;
    let mut commit = Commit::new(site, now).text(&reason).require_head(&of_factors, seq).append_fact(&fact);
    for one in loaded.get(&factors)? {
        seq = seq.next();
        let event = FactorEvent::FactorRevoked { factor: one.id, factor_kind: one.kind, reason: reason.reference() };
        let entry = Entry { v, site: site.clone(), stream: of_factors.clone(), at, actor: actor.clone(), event }.seal();
        commit = commit.append(&entry.map_err(|fault| broken(&fault))?, seq);
    }
    let revoking = waiting.iter().map(|one| Effect::RevokeInvitation {
        page: one.page.clone(),
        invitation: one.id.clone(),
        by: caller.person.clone(),
    });
    let copies = loaded.get(&pages)?.into_iter().map(|one| Effect::KvCopy { page: one.page });
    let effects: Vec<Effect> = revoking.chain(copies).collect();
    let commit = commit
        .raws(invited::erase(site, person, now))
        .raw(recovery::end_all(site, person))
        .raw(session::end_all(site, person, now))
        .raw(pending::end_all(site, person))
        .raw(enrolment::abandon(site, person))
        .effects(&effects, &random::id()?);
    // A plain fact takes its place in SQL; this is where it was about to stand.
    change.make(&permit, commit, &stream, loaded.get(&head)?.next()).await?;
    heal::carry_out(cx, site);
    Ok(Answer::Done(Erased { erased_at: now, revoked: u32::try_from(waiting.len()).unwrap_or(u32::MAX) }))
}
