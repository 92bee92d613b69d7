//! Submitting a page for review.

use super::acting::{Acting, Doing};
use super::people::Wanted;
use super::refusal::refused;
use super::text;
use crate::confluence::rights::{self, PageRight};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::{Known, Running, Troupe};
use engine::audit::commitment::ErasableText;
use engine::ids::AccountId;
use engine::page::command::{Command, Confirmed, Submit};
use engine::page::event::Signatory;
use engine::token::challenge::Act;
use engine::wire::act::{Acted, SubmitRequest};
use engine::wire::problem::{Problem, ProblemKind};
use futures_util::future::try_join_all;
use std::collections::BTreeSet;

/// The most people a submitter names: each of them is asked about one by one.
const MOST_NAMED: usize = 20;

/// Rules: (1) the comment fits, and nobody names a crowd, (2) the person may see the page and has its current version on
/// screen, (3) whom they name can see it, (4) the engine agrees, to somebody with the rights Confluence gives them now, at
/// a head of the stream that has not moved. A page under no workflow comes under the one assigned to it.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: SubmitRequest) -> Result<Acted, EdgeError> {
    // (1)
    let comment = text::typed("comment", &body.comment)?.map(text::erasable).transpose()?;
    let named: BTreeSet<&AccountId> = body.assigned.values().flatten().collect();
    if named.len() > MOST_NAMED {
        let detail = format!("Name at most {MOST_NAMED} reviewers. What you typed is kept.");
        return Err(Problem::new(ProblemKind::BadField, detail).at("assigned").into());
    }
    let (acting, known) = Acting::begin(cx, caller).await?;
    let doing = Doing { act: Act::Submit, request: &body, confirm: body.confirm.as_ref(), start_in: None, also: &[] };
    if let Some(done) = acting.before(&doing).await? {
        return Ok(done);
    }
    // (2)
    let reading = acting.read(Some(body.page_version)).await?;
    let may_edit = acting.may_edit(&reading).await?;
    let name = acting.name().await?;
    let title = text::erasable(reading.page.title.clone())?;
    // (3)
    let mut troupe = Troupe::new(&acting.app);
    troupe.keep_out(kept_out(&acting, &named).await?);

    let texts: Vec<&ErasableText> = [Some(&name), Some(&title), comment.as_ref()].into_iter().flatten().collect();
    let space = &reading.page.space;
    // (4)
    let command = async |known: &Known, running: &Running, confirmed: &Confirmed| {
        let workflow = running.workflow();
        let state = workflow.current(known.fold.as_ref()).map_err(|refusal| refused(&refusal))?;
        let wanted = state.transitions.submit.iter().fold(Wanted::default(), |wanted, submit| wanted.and(&submit.who));
        let fold = known.fold.as_ref();
        Ok(Command::Submit(Box::new(Submit {
            space: space.clone(),
            person: acting.who(space, Some(may_edit), &wanted).await?,
            by: Signatory { account: caller.person.clone(), name: name.reference() },
            page: reading.now(acting.reader(), fold, &running.definition).await?,
            title: title.reference(),
            comment: comment.as_ref().map(ErasableText::reference),
            assigned: body.assigned.clone(),
            confirmed: confirmed.clone(),
        })))
    };
    let on = async || Ok(reading.act_page());
    let doing = Doing { start_in: Some(space), ..doing };
    acting.carry_out(&doing, on, known, &mut troupe, &texts, command).await
}

/// Those of these people who may not see the page.
async fn kept_out(acting: &Acting<'_>, named: &BTreeSet<&AccountId>) -> Result<Vec<AccountId>, EdgeError> {
    let asking = named.iter().map(|one| rights::may(&acting.app, one, acting.page, PageRight::Read));
    let may = try_join_all(asking).await?;
    Ok(named.iter().zip(may).filter(|(_, may)| !may).map(|(one, _)| (*one).clone()).collect())
}
