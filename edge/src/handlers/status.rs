//! What a viewer sees first: one read of the copy in KV.
//!
//! The copy may be old, and nobody is told that a page "is approved" from it: the confirm says that. A viewer's request
//! never writes the copy.

use super::{heal, page};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::outbox::kv;
use crate::page::known;
use crate::store::d1::Db;
use engine::page::view;
use engine::wire::status::{Source, StatusRequest, StatusResponse};

pub(super) async fn handle(cx: &Cx, caller: &UiCaller, _: StatusRequest) -> Result<StatusResponse, EdgeError> {
    let page = caller.page()?;
    if let Some(copy) = kv::read_copy(&cx.kv()?, &caller.site, page).await {
        let status = view::status(&copy.fold, &copy.names);
        return Ok(StatusResponse { status, source: Source::Copy, viewer: caller.kind });
    }
    // No copy yet, or one of another format: the journal answers, and the outbox is asked to make one.
    let db = Db::new(cx.db()?);
    let known = known::load(&db, &caller.site, page).await?;
    if known.fold.is_some() {
        heal::copy(cx, &caller.site, page);
    }
    let status = page::status(cx, &db, caller, &known).await?;
    Ok(StatusResponse { status, source: Source::Journal, viewer: caller.kind })
}
