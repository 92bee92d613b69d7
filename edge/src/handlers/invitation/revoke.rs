//! Taking an invitation back.

use crate::confluence::Freshness;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::acting::Acting;
use crate::handlers::page;
use crate::handlers::settings::require_admin;
use crate::http::EdgeError;
use crate::page::{Known, Running, Troupe};
use engine::audit::commitment::ErasableText;
use engine::page::command::{Command, Confirmed, RevokeInvitation};
use engine::page::event::Signatory;
use engine::wire::act::Acted;
use engine::wire::invitation::RevokeRequest;

/// Rules: (1) who may see the page, and (2) may edit it, or is a Confluence admin, asked afresh, (3) the engine agrees, at a
/// head of the stream that has not moved. It needs no confirmation: it takes a disclosure back.
pub(in crate::handlers) async fn handle(cx: &Cx, caller: &UiCaller, body: RevokeRequest) -> Result<Acted, EdgeError> {
    let (acting, known) = Acting::begin(cx, caller).await?;
    page::under(&known)?;
    // (1)
    let reading = acting.read(None).await?;
    // (2)
    let may = acting.may_edit(&reading).await? || require_admin(cx, caller, Freshness::Fresh).await.is_ok();
    let name = acting.name().await?;
    let texts: Vec<&ErasableText> = vec![&name];
    // (3)
    let command = async |known: &Known, running: &Running, _: &Confirmed| {
        Ok(Command::RevokeInvitation(Box::new(RevokeInvitation {
            invitation: body.invitation.clone(),
            may,
            page: reading.now(acting.reader(), known.fold.as_ref(), &running.definition).await?,
            by: Signatory { account: caller.person.clone(), name: name.reference() },
        })))
    };
    acting.carry_out_unasked(known, &mut Troupe::new(&acting.app), &texts, command).await
}
