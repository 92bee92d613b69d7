//! One page of a list. The numbers are those of [`crate::handlers::decision`], which does (4) to (6).

use crate::confirm::list::OfList;
use crate::confirm::typed::Given;
use crate::confluence::{Actor, Client, ConfluenceError};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::decision::{Deciding, Signing};
use crate::handlers::refusal::refused;
use crate::handlers::{challenge, text};
use crate::http::EdgeError;
use crate::store::d1::Db;
use engine::page::refusal::Refusal;
use engine::token::challenge::{BulkChallenge, authentic, digest};
use engine::wire::bulk::{BulkDecisionRequest, BulkDecisionResponse};
use engine::wire::problem::ProblemKind;

/// Rules: (1) the person sees the page, and it is in the space of their token; (2) the list's challenge is ours, theirs, of
/// this space and verdict, made for these very pages in this order, and not too old; (3) the page is now what the list says.
/// What was recorded for a page is answered again, and nothing is written.
pub(in crate::handlers) async fn handle(
    cx: &Cx,
    caller: &UiCaller,
    body: BulkDecisionRequest,
) -> Result<BulkDecisionResponse, EdgeError> {
    let comment = text::typed("comment", &body.comment)?;
    let db = Db::new(cx.db()?);
    // (2)
    let list = read(cx, caller, &body)?;
    let record = list.decision_on(&body.items, body.index).ok_or_else(invalid)?;
    let here = caller.on(&record.page);
    let signing = Signing { record, digest: digest(&body.challenge) };
    if cx.now > list.expires_at {
        return signing.recorded_or(cx, &db, &here, expired()).await;
    }
    // A code that is none costs no attempt.
    let given = Given::read(&body.code, "")?;
    // (1)
    let person = Client::as_person(&cx.config, caller)?;
    let reading = challenge::page_now(cx, &here, Some(&person), &person).await?;
    if reading.page.space != list.space {
        return Err(ConfluenceError::NotFound(Actor::Person).into());
    }
    // (3)
    let version = reading.page.version;
    if version != signing.record.version || reading.content_hash != signing.record.content_hash {
        return signing.recorded_or(cx, &db, &here, refused(&Refusal::PageMoved { now: version })).await;
    }
    let of_list = Some(OfList { challenge: list, index: body.index });
    Deciding { cx, caller: &here, db, signing, person: Some(person), reading, comment, given, of_list }.run().await
}

/// Everything a list's challenge must be, but for its age.
fn read(cx: &Cx, caller: &UiCaller, body: &BulkDecisionRequest) -> Result<BulkChallenge, EdgeError> {
    let list: BulkChallenge = authentic(&challenge::keys(cx)?, &body.challenge).map_err(|_| invalid())?;
    let is_for = list.site == caller.site
        && list.account == caller.person
        && caller.space.as_ref() == Some(&list.space)
        && list.decision == body.decision;
    if is_for { Ok(list) } else { Err(invalid()) }
}

fn invalid() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeInvalid,
        "This list was not made for you, here, with these pages and this decision. Close it and start again; your comment is kept.",
    )
}

fn expired() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeExpired,
        "The ten minutes for this list are over. Pick the pages that are left and start again; what is recorded stays so, and your comment is kept.",
    )
}
