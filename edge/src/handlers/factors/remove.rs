//! Removing a factor.

use super::super::enrolment::{alive, entry};
use super::super::heal;
use super::super::sensitive::{self, Change};
use super::super::site;
use super::list::show;
use super::own;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{factor, journal, recovery, session};
use engine::audit::fact::FactorEvent;
use engine::effect::{Effect, OwnerNotice};
use engine::ids::StreamId;
use engine::token::challenge::Act;
use engine::wire::factors::{FactorsResponse, Own, RemoveRequest};
use engine::wire::problem::{Problem, ProblemKind};

/// Rules: (1) one of the caller's own, (2) the last one that counts only if that is wanted, (3) confirmed with a factor that
/// counts, which may be this one. Wrong codes stay counted: removing a factor buys no guess. With the last factor its
/// recovery codes end, since there is nothing left that they could replace.
pub(in super::super) async fn remove(
    cx: &Cx,
    caller: &UiCaller,
    body: RemoveRequest,
) -> Result<Own<FactorsResponse>, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let db = Db::new(cx.db()?);
    site::open(cx, &db, site).await?;
    let change = Change { cx, caller, db: &db, act: Act::RemoveFactor };
    if change.before(&body, body.confirm.as_ref()).await?.is_some() {
        return Ok(Own::Done { done: show(cx, caller, &db).await? });
    }
    let stream = StreamId::factors(person);
    let mut loading = Loading::new();
    let factors = loading.add(factor::of_person(site, person));
    let head = loading.add(journal::head_seq(site, &stream));
    let loaded = loading.run(&db).await?;
    // (1)
    let factors = alive(loaded.get(&factors)?, cx.now);
    let removed = own(&factors, &body.factor)?;
    // (2)
    let left = factors.iter().filter(|factor| factor.id != removed.id && factor.counts(cx.now)).count();
    if left == 0 && !body.even_the_last {
        let detail = "Nothing would be left to confirm with, and you could decide on no page until you set something up anew. Say that you want this, or set up another one first.";
        return Err(Problem::new(ProblemKind::BadField, detail).at("even_the_last").into());
    }
    // (3)
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        sensitive::Stage::Ask(confirm) => return Ok(Own::Confirm { confirm: Box::new(confirm) }),
        sensitive::Stage::Made(_) => return Ok(Own::Done { done: show(cx, caller, &db).await? }),
        sensitive::Stage::Make(permit) => permit,
    };
    let head = loaded.get(&head)?;
    let event = FactorEvent::FactorRemoved {
        factor: removed.id.clone(),
        factor_kind: removed.kind,
        left: u32::try_from(left).unwrap_or(u32::MAX),
    };
    let notice = OwnerNotice::FactorRemoved { factor_kind: removed.kind, name: removed.name.clone(), by: None };
    let mut commit = Commit::new(site, cx.now)
        .require_head(&stream, head)
        .append(&entry(cx, caller, &event)?, head.next())
        .raw(session::end_all(site, person, cx.now))
        .effect(&Effect::MailOwner { person: person.clone(), notice }, &format!("removed/{}", removed.id))
        // Last of all: the confirmation may have been given with this very factor.
        .at_last(factor::end(site, person, &removed.id, cx.now));
    if factors.len() == 1 {
        commit = commit.raw(recovery::end_all(site, person));
    }
    change.make(&permit, commit, &stream, head.next()).await?;
    heal::carry_out(cx, site);
    Ok(Own::Done { done: show(cx, caller, &db).await? })
}
