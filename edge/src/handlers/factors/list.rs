//! Everything somebody can see of their own factors.

use super::super::enrolment::{alive, policy_of};
use super::super::site::PolicyHead;
use super::uses;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{factor, guess, journal, recovery, session, text};
use engine::ids::{StreamId, TextId};
use engine::token::recovery::FEW_LEFT;
use engine::wire::factors::{FactorView, FactorsRequest, FactorsResponse, RecoveryView, SessionView};

pub(in super::super) async fn list(
    cx: &Cx,
    caller: &UiCaller,
    _: FactorsRequest,
) -> Result<FactorsResponse, EdgeError> {
    let db = Db::new(cx.db()?);
    show(cx, caller, &db).await
}

pub(super) async fn show(cx: &Cx, caller: &UiCaller, db: &Db) -> Result<FactorsResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let mut loading = Loading::new();
    let factors = loading.add(factor::of_person(site, person));
    let left = loading.add(recovery::left(site, person));
    let sessions = loading.add(session::alive(site, person, cx.now));
    let guesses = loading.add(guess::of_person(site, person));
    let policy = loading.add(PolicyHead::query(site));
    let signed = loading.add(journal::signed_by(site, person, uses::MOST));
    let facts = loading.add(journal::latest(site, &StreamId::person_facts(person), uses::MOST));
    let loaded = loading.run(db).await?;

    let factors = alive(loaded.get(&factors)?, cx.now);
    let ids: Vec<TextId> = factors.iter().filter_map(|factor| factor.name.clone()).collect();
    let names = if ids.is_empty() { Default::default() } else { db.ask(text::of_ids(site, &ids)).await? };
    let factors: Vec<FactorView> = factors
        .into_iter()
        .map(|factor| FactorView {
            stage: factor.stage(cx.now),
            name: factor.name.as_ref().and_then(|name| names.get(name)).cloned(),
            id: factor.id,
            factor_kind: factor.kind,
            enrolled_at: factor.enrolled_at,
            expires_at: factor.expires_at,
            last_used_at: factor.last_used_at,
        })
        .collect();
    let left = loaded.get(&left)?;
    let mut uses = uses::of(&loaded.get(&signed)?, &loaded.get(&facts)?, &factors);
    uses::titled(cx, caller, &mut uses).await;
    Ok(FactorsResponse {
        recovery: left.made_at.map(|made_at| RecoveryView { left: left.count, few: left.count <= FEW_LEFT, made_at }),
        sessions: loaded
            .get(&sessions)?
            .into_iter()
            .map(|session| SessionView {
                factor_kind: session.kind,
                began_at: session.began_at,
                until: session.until_at,
            })
            .collect(),
        lock: loaded.get(&guesses)?.lock(cx.now),
        life_days: policy_of(loaded.get(&policy)?.as_ref())?.enrolment.life_days,
        factors,
        uses,
    })
}
