//! Picking a transition.

use super::acting::Acting;
use super::page;
use super::people::Wanted;
use super::refusal::refused;
use super::text;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::{Known, Running, Troupe};
use engine::audit::commitment::ErasableText;
use engine::page::command::{Command, Select};
use engine::page::event::Signatory;
use engine::page::refusal::Refusal;
use engine::wire::act::{SelectRequest, SelectResponse};

/// Rules: (1) the comment fits, (2) the page has not left the state the person saw, (3) they may see the page and have its
/// current version on screen, (4) the engine agrees, to somebody with the rights Confluence gives them now, at a head of
/// the stream that has not moved.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: SelectRequest) -> Result<SelectResponse, EdgeError> {
    // (1)
    let comment = text::typed("comment", &body.comment)?.map(text::erasable).transpose()?;
    let (acting, known) = Acting::begin(cx, caller).await?;
    // (2)
    let (fold, _) = page::under(&known)?;
    if fold.state_seq > body.seq {
        return Err(refused(&Refusal::WrongState { state: fold.state.name.clone() }));
    }
    let state_seq = fold.state_seq;
    // (3)
    let reading = acting.read(body.page_version).await?;
    let may_edit = acting.may_edit(&reading).await?;
    let name = acting.name().await?;
    let title = text::erasable(reading.page.title.clone())?;
    let texts: Vec<&ErasableText> = [Some(&name), Some(&title), comment.as_ref()].into_iter().flatten().collect();
    let space = &reading.page.space;
    // (4)
    let command = async |known: &Known, running: &Running| {
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
        })))
    };
    let mut troupe = Troupe::new(&acting.app);
    let status = acting.carry_out(known, None, &mut troupe, &texts, command).await?;
    Ok(SelectResponse { status })
}
