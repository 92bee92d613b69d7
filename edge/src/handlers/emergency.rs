//! Emergency access, for Confluence admins: asked for by one, carried out by another. The rules are
//! `engine::page::decide::emergency`'s; here it is learned who the caller is, and everything is confirmed.

use super::acting::{Acting, Doing};
use super::page;
use super::refusal::refused;
use super::settings::require_admin;
use super::text;
use crate::confluence::Freshness;
use crate::confluence::user;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::{Known, Running, Troupe};
use crate::store::installation;
use engine::audit::commitment::ErasableText;
use engine::ids::AccountId;
use engine::page::command::{AskEmergency, Command, Confirmed, DecideEmergency};
use engine::page::event::Signatory;
use engine::page::refusal::Refusal;
use engine::page::view;
use engine::token::challenge::Act;
use engine::wire::act::Acted;
use engine::wire::emergency::{AskRequest, CarryOutRequest, EmergencyRequest, EmergencyResponse, WithdrawRequest};
use engine::wire::problem::{Problem, ProblemKind};

/// Other admins looked for.
const MOST_ADMINS: u32 = 20;

/// How a page stands. Rules: (1) a Confluence admin, (2) who may see the page.
pub(super) async fn get(cx: &Cx, caller: &UiCaller, body: EmergencyRequest) -> Result<EmergencyResponse, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Cached).await?;
    let (acting, known) = Acting::begin_on(cx, caller, &body.page).await?;
    // (2)
    let reading = acting.read(None).await?;
    let (fold, _) = page::under(&known)?;
    let request = fold.review.as_ref().and_then(|review| review.emergency.as_ref());
    Ok(EmergencyResponse {
        title: reading.page.title.clone(),
        page_version: reading.page.version,
        status: view::status(fold, &known.names),
        alone: is_alone(&acting).await?,
        own: request.is_some_and(|request| request.by.account == caller.person),
    })
}

/// Rules: (1) a Confluence admin, asked afresh, with a reason, (2) who may see the page and has its current version before
/// them, (3) whether another admin could second it is learned, not said by the caller, (4) the engine agrees, at a head of
/// the stream that has not moved, and it is confirmed.
pub(super) async fn ask(cx: &Cx, caller: &UiCaller, body: AskRequest) -> Result<Acted, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let reason = text::typed("reason", &body.reason)?.ok_or_else(|| {
        Problem::new(
            ProblemKind::BadField,
            "Say why this can't wait for the reviewers: the reason is kept with the entry.",
        )
        .at("reason")
    })?;
    let reason = text::erasable(reason)?;
    let (acting, known) = Acting::begin_on(cx, caller, &body.page).await?;
    let doing =
        Doing { act: Act::AskOverride, request: &body, confirm: body.confirm.as_ref(), start_in: None, also: &[] };
    if let Some(done) = acting.before(&doing).await? {
        return Ok(done);
    }
    // (2)
    let (fold, _) = page::under(&known)?;
    if fold.state_seq > body.seq {
        return Err(refused(&Refusal::ReviewRestarted));
    }
    let state_seq = fold.state_seq;
    let reading = acting.read(Some(body.page_version)).await?;
    let name = acting.name().await?;
    // (3)
    let alone = is_alone(&acting).await?;
    let texts: Vec<&ErasableText> = vec![&name, &reason];
    // (4)
    let command = async |_: &Known, running: &Running, confirmed: &Confirmed| {
        Ok(Command::AskEmergency(Box::new(AskEmergency {
            by: Signatory { account: caller.person.clone(), name: name.reference() },
            approval: body.approval.clone(),
            decision: body.decision,
            page: reading.without_contributors(&running.definition),
            state_seq,
            reason: reason.reference(),
            alone,
            confirmed: confirmed.clone(),
        })))
    };
    let mut troupe = Troupe::new(&acting.app);
    let on = async || Ok(reading.act_page());
    acting.carry_out(&doing, on, known, &mut troupe, &texts, command).await
}

/// Rules: (1) a Confluence admin, asked afresh, (2) who may see the page, (3) the engine agrees. It needs no confirmation:
/// nothing is decided by it.
pub(super) async fn withdraw(cx: &Cx, caller: &UiCaller, body: WithdrawRequest) -> Result<Acted, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let (acting, known) = Acting::begin_on(cx, caller, &body.page).await?;
    // (2)
    acting.read(None).await?;
    let name = acting.name().await?;
    let texts: Vec<&ErasableText> = vec![&name];
    // (3)
    let command = async |_: &Known, _: &Running, _: &Confirmed| {
        Ok(Command::WithdrawEmergency { by: Signatory { account: caller.person.clone(), name: name.reference() } })
    };
    acting.carry_out_unasked(known, &mut Troupe::new(&acting.app), &texts, command).await
}

/// Rules: (1) a Confluence admin, asked afresh, (2) who may see the page and has its current version before them, (3) the
/// engine agrees, at a head of the stream that has not moved, and it is confirmed.
pub(super) async fn decide(cx: &Cx, caller: &UiCaller, body: CarryOutRequest) -> Result<Acted, EdgeError> {
    // (1)
    require_admin(cx, caller, Freshness::Fresh).await?;
    let (acting, known) = Acting::begin_on(cx, caller, &body.page).await?;
    let doing = Doing { act: Act::Override, request: &body, confirm: body.confirm.as_ref(), start_in: None, also: &[] };
    if let Some(done) = acting.before(&doing).await? {
        return Ok(done);
    }
    // (2)
    page::under(&known)?;
    let reading = acting.read(Some(body.page_version)).await?;
    let name = acting.name().await?;
    let texts: Vec<&ErasableText> = vec![&name];
    // (3)
    let command = async |known: &Known, running: &Running, confirmed: &Confirmed| {
        Ok(Command::DecideEmergency(Box::new(DecideEmergency {
            by: Signatory { account: caller.person.clone(), name: name.reference() },
            asked_seq: body.asked,
            page: reading.now(acting.reader(), known.fold.as_ref(), &running.definition).await?,
            confirmed: confirmed.clone(),
        })))
    };
    let mut troupe = Troupe::new(&acting.app);
    let on = async || Ok(reading.act_page());
    acting.carry_out(&doing, on, known, &mut troupe, &texts, command).await
}

/// Whether no other admin is known whose account is in use. Confluence tells nobody who its admins are: known is who
/// installed the app, and who opened these settings as an admin.
async fn is_alone(acting: &Acting<'_>) -> Result<bool, EdgeError> {
    let (cx, caller) = (acting.cx, acting.caller);
    let known = acting.db.ask(installation::admins(&caller.site, cx.now, MOST_ADMINS)).await?;
    let others: Vec<AccountId> = known.into_iter().filter(|one| *one != caller.person).collect();
    if others.is_empty() {
        return Ok(true);
    }
    let departed = user::departed(&acting.app, &others).await?;
    Ok(others.iter().all(|one| departed.contains(one)))
}
