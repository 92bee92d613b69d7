//! Submitting a page for review.

use super::refusal::{clash, refused};
use super::{app, heal, page, people, text};
use crate::confluence::page::Wanted;
use crate::confluence::rights::{self, Clients, PageRight};
use crate::confluence::{self, Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use engine::audit::entry::Actor;
use engine::page::command::{Command, PageNow, Submit};
use engine::page::decide::Refusal;
use engine::page::event::Signatory;
use engine::page::view;
use engine::wire::act::{SubmitRequest, SubmitResponse};
use engine::wire::status::ViewerKind;

/// How often a lost race is run again.
const ROUNDS: usize = 5;

/// Rules: (1) the comment fits, (2) the person may see the page and has its current version on screen, (3) they may edit
/// it, as Confluence says now, (4) the engine agrees, at a head of the stream that has not moved.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: SubmitRequest) -> Result<SubmitResponse, EdgeError> {
    let page_id = caller.page()?;
    // (1)
    let comment = text::typed("comment", &body.comment)?.map(text::erasable).transpose()?;
    let db = Db::new(cx.db()?);
    let app = app::client_for(cx, &db, &caller.site).await?;
    // (2)
    let person = match caller.kind {
        ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
        ViewerKind::Guest => None,
    };
    let clients = Clients { person: person.as_ref(), app: Some(&app) };
    let wanted = Wanted { version: None, body: true };
    let now = rights::page_as_caller(clients, caller, page_id, wanted, Freshness::Fresh, cx.now).await?;
    if now.version != body.page_version {
        return Err(refused(&Refusal::PageMoved { now: now.version }));
    }
    // (3)
    let may_edit = match caller.kind {
        ViewerKind::Licensed => now.may_edit,
        ViewerKind::Guest => {
            rights::guest_may(&app, caller, page_id, PageRight::Edit, Freshness::Fresh, cx.now).await?
        }
    };
    let attachments = confluence::page::attachments(person.as_ref().unwrap_or(&app), page_id).await?;
    let name = text::erasable(people::name(&app, &caller.person).await?)?;
    let title = text::erasable(now.title.clone())?;
    let command = Command::Submit(Submit {
        space: now.space.clone(),
        by: Signatory { account: caller.person.clone(), name: name.reference() },
        may_edit,
        page: PageNow {
            version: now.version,
            content_hash: now.content_hash(&attachments),
            author: now.version_author.clone(),
        },
        made_at: now.version_created_at,
        title: title.reference(),
        comment: comment.as_ref().map(engine::audit::commitment::ErasableText::reference),
    });

    // (4)
    for _ in 0..ROUNDS {
        let mut known = page::load(cx, &db, &caller.site, page_id).await?;
        let events = known.decide(&command)?.map_err(|refusal| refused(&refusal))?;
        let mut commit = Commit::new(&caller.site, cx.now).text(&name).text(&title);
        if let Some(comment) = &comment {
            commit = commit.text(comment);
        }
        let (commit, fold) =
            page::commit(commit, &caller.site, &known, &Actor::person(&caller.person), cx.now, &events)?;
        match commit.run(&db).await {
            Ok(()) => {
                for text in [Some(&name), Some(&title), comment.as_ref()].into_iter().flatten() {
                    known.names.insert(text.id.clone(), text.text.clone());
                }
                heal::carry_out(cx, &caller.site);
                return Ok(SubmitResponse { status: view::status(&fold, &known.names) });
            }
            Err(CommitFault::Failed(Precondition::Head | Precondition::Workflow)) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(clash())
}
