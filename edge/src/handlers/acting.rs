//! Somebody does something to the page of their token: what every such request begins with, and how it ends.

use super::people::{self, Asking, Wanted};
use super::refusal::{clash, refused};
use super::sensitive::{About, Change, Permit, Stage};
use super::site::PolicyHead;
use super::{app, heal, page};
use crate::clock;
use crate::confluence::page::{ListedAttachment, Wanted as Part};
use crate::confluence::rights::{self, Clients, PageRight};
use crate::confluence::{self, Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::change::Happened;
use crate::page::known::{self, Running};
use crate::page::{Known, Reading, Troupe};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::installation;
use crate::store::load::Loading;
use crate::store::statement::Statement;
use engine::audit::commitment::ErasableText;
use engine::audit::entry::Actor;
use engine::content::Attachment;
use engine::effect::Effect;
use engine::ids::{PageId, PageVersion, Seq, SpaceId, StreamId};
use engine::page::command::{Command, Confirmed, Person};
use engine::page::refusal::Refusal;
use engine::page::view;
use engine::token::challenge::{Act, ActPage};
use engine::token::policy::{Policy, Subject};
use engine::wire::act::Acted;
use engine::wire::confirm::Confirmation;
use engine::wire::status::ViewerKind;
use serde::Serialize;

/// How often a lost race is run again.
const ROUNDS: usize = 5;

/// Who acts, on which page, and with what Confluence is asked.
pub(super) struct Acting<'a> {
    pub(super) cx: &'a Cx,
    pub(super) caller: &'a UiCaller,
    pub(super) page: &'a PageId,
    pub(super) db: Db,
    pub(super) app: Client,
    pub(super) person: Option<Client>,
    pub(super) policy: PolicyHead,
}

/// What somebody does to a page, as they sent it.
pub(super) struct Doing<'a, Request> {
    /// What it is to the policy.
    pub(super) act: Act,
    /// The request: a confirmation is for all of it.
    pub(super) request: &'a Request,
    /// The confirmation that came with it.
    pub(super) confirm: Option<&'a Confirmation>,
    /// A page of this space that is under no workflow comes under the one assigned to it.
    pub(super) start_in: Option<&'a SpaceId>,
    /// What is written besides, in the same batch.
    pub(super) also: &'a [Statement],
}

/// What is about to be written, and what lets it be.
struct Writing<'a> {
    change: Change<'a>,
    leave: Leave,
    start_in: Option<&'a SpaceId>,
    also: &'a [Statement],
}

/// What lets it be done.
enum Leave {
    /// The policy asks for nothing.
    Unasked(Box<Confirmed>),
    /// It was confirmed.
    Confirmed(Box<Permit>),
}

impl<'a> Acting<'a> {
    /// Loads the page: one round trip.
    pub(super) async fn begin(cx: &'a Cx, caller: &'a UiCaller) -> Result<(Self, Known), EdgeError> {
        Self::begin_on(cx, caller, caller.page()?).await
    }

    /// The same for a page that the request names. Whether the person may see it is asked when it is read.
    pub(super) async fn begin_on(
        cx: &'a Cx,
        caller: &'a UiCaller,
        page: &'a PageId,
    ) -> Result<(Self, Known), EdgeError> {
        let db = Db::new(cx.db()?);
        let mut loading = Loading::new();
        let slots = super::page::ask(&mut loading, &caller.site, page);
        let installation = loading.add(installation::of_site(&caller.site));
        let loaded = loading.run(&db).await?;
        let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref())?;
        let person = match caller.kind {
            ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
            ViewerKind::Guest | ViewerKind::Invited => None,
        };
        let (known, policy) = super::page::read(cx, &db, &caller.site, &loaded, &slots).await?;
        Ok((Self { cx, caller, page, db, app, person, policy }, known))
    }

    /// With what the page is read: as the person where they have a token.
    pub(super) fn reader(&self) -> &Client {
        self.person.as_ref().unwrap_or(&self.app)
    }

    /// The page's status, if this very request was confirmed and done before. To be asked before anything else: what it was
    /// done to is no longer as it was.
    pub(super) async fn before<Request: Serialize>(
        &self,
        doing: &Doing<'_, Request>,
    ) -> Result<Option<Acted>, EdgeError> {
        match self.change(doing.act).before(doing.request, doing.confirm).await? {
            Some(_) => Ok(Some(self.done_before().await?)),
            None => Ok(None),
        }
    }

    fn change(&self, act: Act) -> Change<'_> {
        Change { cx: self.cx, caller: self.caller, db: &self.db, act }
    }

    async fn done_before(&self) -> Result<Acted, EdgeError> {
        let known = known::load(&self.db, &self.caller.site, self.page).await?;
        Ok(Acted::Done { status: Box::new(page::status(self.cx, &self.db, self.caller, &known).await?) })
    }

    /// The page as it is now, which must be the version the person has on screen, where they said which.
    ///
    /// # Errors
    /// `page-not-found` if they may not see it; `page-moved`.
    pub(super) async fn read(&self, on_screen: Option<PageVersion>) -> Result<Reading, EdgeError> {
        Ok(self.read_listed(on_screen).await?.0)
    }

    /// The same with its attachments, as the content hash covers them.
    ///
    /// # Errors
    /// As [`Acting::read`].
    pub(super) async fn read_listed(
        &self,
        on_screen: Option<PageVersion>,
    ) -> Result<(Reading, Vec<ListedAttachment>), EdgeError> {
        let clients = Clients { person: self.person.as_ref(), app: Some(&self.app) };
        let part = Part { version: None, body: true };
        let page = rights::page_as_caller(clients, self.caller, self.page, part, Freshness::Fresh, self.cx.now).await?;
        if on_screen.is_some_and(|seen| page.version != seen) {
            return Err(refused(&Refusal::PageMoved { now: page.version }));
        }
        let listed = confluence::page::listed_attachments(self.reader(), self.page).await?;
        let attachments: Vec<Attachment> = listed.iter().map(|one| one.attachment.clone()).collect();
        Ok((Reading { content_hash: page.content_hash(&attachments), page }, listed))
    }

    /// Whether they may edit the page, as Confluence says now.
    pub(super) async fn may_edit(&self, reading: &Reading) -> Result<bool, EdgeError> {
        Ok(match self.caller.kind {
            ViewerKind::Licensed => reading.page.may_edit,
            ViewerKind::Guest => {
                let (right, fresh) = (PageRight::Edit, Freshness::Fresh);
                rights::guest_may(&self.app, self.caller, self.page, right, fresh, self.cx.now).await?
            }
            ViewerKind::Invited => false,
        })
    }

    /// The person, as far as `wanted` goes.
    pub(super) async fn who(
        &self,
        space: &SpaceId,
        may_edit: Option<bool>,
        wanted: &Wanted,
    ) -> Result<Person, EdgeError> {
        let asking = Asking {
            cx: self.cx,
            caller: self.caller,
            app: Some(&self.app),
            person: self.person.as_ref(),
            space,
            may_edit,
            away: &[],
            freshness: Freshness::Cached,
        };
        asking.person(self.page, wanted).await
    }

    /// Their name as a text of its own.
    pub(super) async fn name(&self) -> Result<ErasableText, EdgeError> {
        super::text::erasable(people::name(&self.app, &self.caller.person).await?)
    }

    /// Decides and writes, again on a newer fold where somebody else was faster. `texts` are what the command refers to.
    ///
    /// Rules of confirming: (1) where the policy asks for nothing, nothing is; (2) nobody is asked to confirm what would be
    /// refused anyway; (3) what has to be confirmed is bound to the request and to the page as it is `on`; (4) what confirmed
    /// it is used up in the batch that writes it, and the policy is still the one that was asked.
    pub(super) async fn carry_out<Request: Serialize>(
        &self,
        doing: &Doing<'_, Request>,
        on: impl AsyncFn() -> Result<ActPage, EdgeError>,
        first: Known,
        troupe: &mut Troupe<'_>,
        texts: &[&ErasableText],
        command: impl AsyncFn(&Known, &Running, &Confirmed) -> Result<Command, EdgeError>,
    ) -> Result<Acted, EdgeError> {
        let change = self.change(doing.act);
        let leave = match change.unasked(&self.policy).await? {
            // (1)
            Some(confirmed) => Leave::Unasked(Box::new(confirmed)),
            None => {
                // (2)
                if doing.confirm.is_none() {
                    let (running, _) = self.workflow(&first, doing.start_in).await?;
                    let command = command(&first, &running, &self.as_if()).await?;
                    let would = troupe.decide(first.fold.as_ref(), running.workflow(), &command, clock::now()).await?;
                    match would {
                        // As if nothing had to be confirmed, and yet it has to: that is what is asked for next.
                        Ok(_) | Err(Refusal::ProofMissing) => {}
                        Err(refusal) => return Err(self.turned_away(&refusal)),
                    }
                }
                // (3)
                let page = on().await?;
                let about = About { page: Some(&page), only: None };
                match change.stage_about(doing.request, doing.confirm, about).await? {
                    Stage::Ask(confirm) => return Ok(Acted::Confirm { confirm: Box::new(confirm) }),
                    Stage::Made(_) => return self.done_before().await,
                    Stage::Make(permit) => Leave::Confirmed(permit),
                }
            }
        };
        self.write(Writing { change, leave, start_in: doing.start_in, also: doing.also }, first, troupe, texts, command)
            .await
    }

    /// The same for what is never confirmed.
    pub(super) async fn carry_out_unasked(
        &self,
        first: Known,
        troupe: &mut Troupe<'_>,
        texts: &[&ErasableText],
        command: impl AsyncFn(&Known, &Running, &Confirmed) -> Result<Command, EdgeError>,
    ) -> Result<Acted, EdgeError> {
        let (change, leave) = (self.change(Act::Override), Leave::Unasked(Box::new(self.as_if())));
        self.write(Writing { change, leave, start_in: None, also: &[] }, first, troupe, texts, command).await
    }

    async fn write(
        &self,
        writing: Writing<'_>,
        first: Known,
        troupe: &mut Troupe<'_>,
        texts: &[&ErasableText],
        command: impl AsyncFn(&Known, &Running, &Confirmed) -> Result<Command, EdgeError>,
    ) -> Result<Acted, EdgeError> {
        let (cx, site) = (self.cx, &self.caller.site);
        let Writing { change, leave, start_in, also } = &writing;
        let confirmed = match leave {
            Leave::Unasked(confirmed) => confirmed.as_ref().clone(),
            Leave::Confirmed(permit) => permit.confirmed(),
        };
        let actor = Actor::person(&self.caller.person);
        let mut loaded = Some(first);
        for _ in 0..ROUNDS {
            let mut known = match loaded.take() {
                Some(known) => known,
                None => known::load(&self.db, site, self.page).await?,
            };
            let (running, heads) = self.workflow(&known, *start_in).await?;
            let command = command(&known, &running, &confirmed).await?;
            let at = clock::now();
            let events = match troupe.decide(known.fold.as_ref(), running.workflow(), &command, at).await? {
                Ok(events) => events,
                Err(refusal) => return Err(self.turned_away(&refusal)),
            };
            // (4)
            let mut commit = match leave {
                Leave::Unasked(_) => Commit::new(site, at).require_head(&StreamId::policy(), self.policy.head),
                Leave::Confirmed(permit) => {
                    permit.seal(Commit::new(site, at), &StreamId::page(self.page), known.head().next(), at)
                }
            };
            for (stream, head) in &heads {
                commit = commit.require_head(stream, *head);
            }
            commit = commit.raws(also.iter().cloned());
            let all: Vec<&ErasableText> = texts.iter().copied().chain(troupe.texts(&events)).collect();
            let happened =
                Happened { known: &known, running: &running, actor: &actor, at, events: &events, texts: all.clone() };
            let (commit, fold) = happened.into_commit(site, commit)?;
            match (commit.run(&self.db).await, leave) {
                (Ok(()), _) => {
                    known.names.extend(all.iter().map(|text| (text.id.clone(), text.text.clone())));
                    heal::carry_out(cx, site);
                    return Ok(Acted::Done { status: Box::new(view::status(&fold, &known.names)) });
                }
                (Err(CommitFault::Failed(Precondition::Head | Precondition::Workflow)), _) => {}
                (Err(CommitFault::Failed(Precondition::Policy)), Leave::Unasked(_)) => {
                    return Err(refused(&Refusal::ProofMissing));
                }
                (Err(fault), Leave::Unasked(_)) => return Err(fault.into()),
                (Err(fault), Leave::Confirmed(permit)) => {
                    change.settled(permit, fault).await?;
                    heal::carry_out(cx, site);
                    return self.done_before().await;
                }
            }
        }
        Err(clash())
    }

    /// As if nothing had to be confirmed: for asking the engine whether anything else stands in the way.
    fn as_if(&self) -> Confirmed {
        let policy = Policy { rules: Vec::new(), ..self.policy.policy.clone() };
        Confirmed { proof: None, policy, subject: Subject::plain(&self.caller.person) }
    }

    /// The workflow that decides, and the lists of rules it was found by.
    async fn workflow(
        &self,
        known: &Known,
        start_in: Option<&SpaceId>,
    ) -> Result<(Running, Vec<(StreamId, Seq)>), EdgeError> {
        if let Some((_, running)) = known.under() {
            return Ok((running.clone(), Vec::new()));
        }
        let not_under = || refused(&Refusal::NotUnderWorkflow);
        let space = start_in.ok_or_else(not_under)?;
        let starting = page::starting(self.cx, &self.db, &self.caller.site, Some(&self.app), self.page, space).await?;
        let starting = starting.ok_or_else(not_under)?;
        Ok((starting.running, starting.heads))
    }

    /// A refusal may come of an edit nobody heard of yet: then the page is looked at after the answer.
    fn turned_away(&self, refusal: &Refusal) -> EdgeError {
        if matches!(refusal, Refusal::WrongState { .. } | Refusal::PageMoved { .. }) {
            heal::look(self.cx, &self.caller.site, Effect::Recheck { page: self.page.clone() });
        }
        refused(refusal)
    }
}
