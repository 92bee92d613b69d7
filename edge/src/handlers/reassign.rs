//! Asking somebody in another's place, or besides; passing one's own seat on.

use super::acting::{Acting, Doing};
use super::page;
use super::people::Wanted;
use super::refusal::refused;
use super::text;
use crate::confluence::page::Wanted as Part;
use crate::confluence::rights::{self, Clients, PageRight};
use crate::confluence::{Freshness, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::{Known, Running, Troupe};
use engine::audit::commitment::ErasableText;
use engine::ids::AccountId;
use engine::page::command::{Command, Confirmed, Reassign};
use engine::page::event::Signatory;
use engine::token::challenge::Act;
use engine::wire::act::{Acted, ReassignRequest};
use engine::wire::status::ViewerKind;

/// Rules: (1) the comment fits, (2) the page is under a workflow and the person may see it, (3) whether the one to be asked
/// has an account in use and can see the page is Confluence's word, (4) the engine agrees, at a head of the stream that has
/// not moved.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: ReassignRequest) -> Result<Acted, EdgeError> {
    // (1)
    let comment = text::typed("comment", &body.comment)?.map(text::erasable).transpose()?;
    let (acting, known) = Acting::begin(cx, caller).await?;
    let doing = Doing { act: Act::Reassign, request: &body, confirm: body.confirm.as_ref(), start_in: None, also: &[] };
    if let Some(done) = acting.before(&doing).await? {
        return Ok(done);
    }
    // (2)
    page::under(&known)?;
    let clients = Clients { person: acting.person.as_ref(), app: Some(&acting.app) };
    let (part, fresh) = (Part::default(), Freshness::Fresh);
    let found = rights::page_as_caller(clients, caller, acting.page, part, fresh, cx.now).await?;
    // (3)
    let asked = asked(&acting, &body.to).await?;
    let to_name = text::erasable(asked.name)?;
    let name = acting.name().await?;
    let texts: Vec<&ErasableText> = [Some(&name), Some(&to_name), comment.as_ref()].into_iter().flatten().collect();
    let may_edit = (caller.kind == ViewerKind::Licensed).then_some(found.may_edit);
    // (4)
    let command = async |known: &Known, running: &Running, confirmed: &Confirmed| {
        let workflow = running.workflow();
        let state = workflow.current(known.fold.as_ref()).map_err(|refusal| refused(&refusal))?;
        Ok(Command::Reassign(Box::new(Reassign {
            approval: body.approval.clone(),
            from: body.from.clone(),
            to: Signatory { account: body.to.clone(), name: to_name.reference() },
            to_can_see: asked.can_see,
            person: acting.who(&found.space, may_edit, &Wanted::to_decide(state)).await?,
            by: Signatory { account: caller.person.clone(), name: name.reference() },
            comment: comment.as_ref().map(ErasableText::reference),
            confirmed: confirmed.clone(),
        })))
    };
    let mut troupe = Troupe::new(&acting.app);
    let on = async || Ok(acting.read(None).await?.act_page());
    acting.carry_out(&doing, on, known, &mut troupe, &texts, command).await
}

struct Asked {
    name: String,
    can_see: bool,
}

/// Who is to be asked, as Confluence knows them.
async fn asked(acting: &Acting<'_>, account: &AccountId) -> Result<Asked, EdgeError> {
    let one = [account.clone()];
    let (profile, departed) =
        futures_util::future::try_join(user::profile(&acting.app, account), user::departed(&acting.app, &one)).await?;
    match profile.filter(|profile| !profile.is_app && departed.is_empty()) {
        Some(profile) => {
            let can_see = rights::may(&acting.app, account, acting.page, PageRight::Read).await?;
            Ok(Asked { name: profile.name, can_see })
        }
        None => Ok(Asked { name: account.as_str().to_owned(), can_see: false }),
    }
}
