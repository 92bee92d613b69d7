//! An authenticator of one's own: what was proved by mail begins it, and from then on a mailbox alone is not enough.

use super::visit::Visit;
use crate::cx::Cx;
use crate::handlers::enrolment;
use crate::http::EdgeError;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{recovery, text};
use engine::token::life;
use engine::token::policy::FactorKind;
use engine::wire::enrolment::{BeginRequest, Begun, ConfirmRequest, ConfirmResponse};
use engine::wire::invited::{InvitedFactor, InvitedFactors};
use engine::wire::problem::{Problem, ProblemKind};

/// What the person has.
pub(super) async fn list(cx: &Cx, headers: &web_sys::Headers) -> Result<InvitedFactors, EdgeError> {
    let db = Db::new(cx.db()?);
    let Visit { of, .. } = Visit::of(cx, &db, headers).await?;
    let factors: Vec<_> = of.factors.iter().filter(|factor| factor.stage(cx.now) != life::Stage::Over).collect();
    let ids: Vec<_> = factors.iter().filter_map(|factor| factor.name.clone()).collect();
    let mut loading = Loading::new();
    let names = loading.add(text::of_ids(&of.site, &ids));
    let left = loading.add(recovery::left(&of.site, &of.row.person));
    let loaded = loading.run(&db).await?;
    let (names, left) = (loaded.get(&names)?, loaded.get(&left)?);
    let factor = |factor: &&crate::store::factor::Factor| InvitedFactor {
        kind: factor.kind,
        name: factor.name.as_ref().and_then(|name| names.get(name).cloned()),
        enrolled_at: factor.enrolled_at,
        expires_at: factor.expires_at,
    };
    Ok(InvitedFactors { factors: factors.iter().map(factor).collect(), recovery_codes: left.count })
}

/// Begins to set one up. Rules: (1) the visit stands, and its invitation does: nobody sets one up who is not asked for
/// anything; (2) an authenticator app: a passkey is confirmed where people work in Confluence, which they do not; (3) the
/// first one takes the mailbox that was proved, any other one what they have already.
pub(super) async fn begin(cx: &Cx, headers: &web_sys::Headers, body: BeginRequest) -> Result<Begun, EdgeError> {
    let db = Db::new(cx.db()?);
    // (1)
    let Visit { of, .. } = Visit::of(cx, &db, headers).await?;
    of.standing(cx.now)?;
    // (2)
    if body.factor_kind != FactorKind::Totp {
        let detail = "Set up an authenticator app: other kinds need an account in Confluence.";
        return Err(Problem::new(ProblemKind::BadField, detail).at("factor_kind").into());
    }
    // (3)
    enrolment::begin(cx, &of.caller(), body).await
}

/// The new authenticator's first code.
pub(super) async fn confirm(
    cx: &Cx,
    headers: &web_sys::Headers,
    body: ConfirmRequest,
) -> Result<ConfirmResponse, EdgeError> {
    let db = Db::new(cx.db()?);
    let Visit { of, .. } = Visit::of(cx, &db, headers).await?;
    enrolment::confirm(cx, &of.caller(), body).await
}
