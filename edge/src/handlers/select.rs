//! Picking a transition.

use super::acting::{Acting, Doing};
use super::page;
use super::people::Wanted;
use super::refusal::refused;
use super::text;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::{Known, Running, Troupe};
use engine::audit::commitment::ErasableText;
use engine::page::command::{Command, Confirmed, Select};
use engine::page::event::Signatory;
use engine::page::refusal::Refusal;
use engine::token::challenge::Act;
use engine::wire::act::{Acted, SelectRequest};

/// Rules: (1) the comment fits, (2) the page has not left the state the person saw, (3) they may see the page and have its
/// current version on screen, (4) the engine agrees, to somebody with the rights Confluence gives them now, at a head of
/// the stream that has not moved.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: SelectRequest) -> Result<Acted, EdgeError> {
    // (1)
    let comment = text::typed("comment", &body.comment)?.map(text::erasable).transpose()?;
    let (acting, known) = Acting::begin(cx, caller).await?;
    let doing = Doing { act: Act::Select, request: &body, confirm: body.confirm.as_ref(), start_in: None, also: &[] };
    if let Some(done) = acting.before(&doing).await? {
        return Ok(done);
    }
    // (2)
    let (fold, _) = page::under(&known)?;
    if fold.state_seq > body.seq {
        return Err(refused(&Refusal::WrongState { state: fold.state.name.clone() }));
    }
    let state_seq = fold.state_seq;
    // (3)
    let reading = acting.read(Some(body.page_version)).await?;
    let may_edit = acting.may_edit(&reading).await?;
    let name = acting.name().await?;
    let title = text::erasable(reading.page.title.clone())?;
    let texts: Vec<&ErasableText> = [Some(&name), Some(&title), comment.as_ref()].into_iter().flatten().collect();
    let space = &reading.page.space;
    // (4)
    let command = async |known: &Known, running: &Running, confirmed: &Confirmed| {
        let workflow = running.workflow();
        let state = workflow.current(known.fold.as_ref()).map_err(|refusal| refused(&refusal))?;
        let transition = state.transitions.select_to(&body.to);
        let wanted = transition.iter().fold(Wanted::default(), |wanted, select| wanted.and(&select.who));
        let fold = known.fold.as_ref();
        Ok(Command::Select(Box::new(Select {
            to: body.to.clone(),
            person: acting.who(space, Some(may_edit), &wanted).await?,
            by: Signatory { account: caller.person.clone(), name: name.reference() },
            page: reading.now(acting.reader(), fold, &running.definition).await?,
            title: title.reference(),
            state_seq,
            comment: comment.as_ref().map(ErasableText::reference),
            confirmed: confirmed.clone(),
        })))
    };
    let mut troupe = Troupe::new(&acting.app);
    let on = async || Ok(reading.act_page());
    acting.carry_out(&doing, on, known, &mut troupe, &texts, command).await
}
