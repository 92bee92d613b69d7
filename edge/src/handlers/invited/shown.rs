//! What is shown besides the document.

use super::visit::{Invited, Visit};
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::store::d1::Db;
use engine::reduced::reduced;
use engine::time::Timestamp;
use engine::wire::invited::{Invited as Wire, InvitedAttachment, InvitedShown, LeftOut};

/// How an invitation stands, asked again in its visit.
pub(super) async fn again(cx: &Cx, headers: &web_sys::Headers) -> Result<Wire, EdgeError> {
    let db = Db::new(cx.db()?);
    let visit = Visit::of(cx, &db, headers).await?;
    view(cx, &db, &visit.of, visit.until).await
}

/// What whoever proved the mailbox is shown. Rules: (1) of what was answered nothing but the answer; (2) otherwise what the
/// invitation named, as long as it stands and the page is what it was.
pub(super) async fn view(cx: &Cx, db: &Db, of: &Invited, visit_until: Timestamp) -> Result<Wire, EdgeError> {
    // (1)
    if let Some(answered) = &of.answered {
        return Ok(Wire::Answered { answered: answered.clone() });
    }
    // (2)
    let live = of.live(cx, db).await?;
    let page = &live.reading.page;
    let attachment = |one: &engine::page::event::InvitedAttachment| InvitedAttachment {
        id: one.id.clone(),
        title: of.text(&one.title.text),
    };
    let left_out = reduced(&page.storage_body).left_out.into_iter().map(|(what, count)| LeftOut { what, count });
    let comment_on_reject = of
        .known
        .under()
        .and_then(|(fold, running)| running.definition.state(&fold.state.id))
        .and_then(|state| state.approval(&live.approval.asked.id))
        .is_some_and(|approval| approval.comment_on_reject);
    let shown = InvitedShown {
        name: of.text(&live.invited.person.name.text),
        invited_by: of.text(&live.invited.by.name.text),
        title: page.title.clone(),
        version: page.version,
        content_hash: live.reading.content_hash.as_str().to_owned(),
        approval: live.approval.asked.name.clone(),
        comment_on_reject,
        attachments: live.invited.attachments.iter().map(attachment).collect(),
        left_out: left_out.collect(),
        own_factor: of.factors.iter().any(|factor| factor.stage(cx.now).counts()),
        until: live.invited.until,
        visit_until,
    };
    Ok(Wire::Open { shown: Box::new(shown) })
}
