//! Somebody does something to the page of their token: what every such request begins with, and how it ends.

use super::people::{self, Asking, Wanted};
use super::refusal::{clash, refused};
use super::{app, heal, page};
use crate::clock;
use crate::confluence::page::Wanted as Part;
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
use engine::audit::commitment::ErasableText;
use engine::audit::entry::Actor;
use engine::effect::Effect;
use engine::ids::{PageId, PageVersion, Seq, SpaceId, StreamId};
use engine::page::command::{Command, Person};
use engine::page::refusal::Refusal;
use engine::page::view;
use engine::wire::status::{PageStatus, ViewerKind};

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
}

impl<'a> Acting<'a> {
    /// Loads the page: one round trip.
    pub(super) async fn begin(cx: &'a Cx, caller: &'a UiCaller) -> Result<(Self, Known), EdgeError> {
        let page = caller.page()?;
        let db = Db::new(cx.db()?);
        let mut loading = Loading::new();
        let slots = known::ask(&mut loading, &caller.site, page);
        let installation = loading.add(installation::of_site(&caller.site));
        let loaded = loading.run(&db).await?;
        let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref())?;
        let person = match caller.kind {
            ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
            ViewerKind::Guest => None,
        };
        let known = known::read(&db, &caller.site, &loaded, &slots).await?;
        Ok((Self { cx, caller, page, db, app, person }, known))
    }

    /// With what the page is read: as the person where they have a token.
    pub(super) fn reader(&self) -> &Client {
        self.person.as_ref().unwrap_or(&self.app)
    }

    /// The page as it is now, which must be the version the person has on screen.
    ///
    /// # Errors
    /// `page-not-found` if they may not see it; `page-moved`.
    pub(super) async fn read(&self, on_screen: PageVersion) -> Result<Reading, EdgeError> {
        let clients = Clients { person: self.person.as_ref(), app: Some(&self.app) };
        let part = Part { version: None, body: true };
        let page = rights::page_as_caller(clients, self.caller, self.page, part, Freshness::Fresh, self.cx.now).await?;
        if page.version != on_screen {
            return Err(refused(&Refusal::PageMoved { now: page.version }));
        }
        let attachments = confluence::page::attachments(self.reader(), self.page).await?;
        Ok(Reading { content_hash: page.content_hash(&attachments), page })
    }

    /// Whether they may edit the page, as Confluence says now.
    pub(super) async fn may_edit(&self, reading: &Reading) -> Result<bool, EdgeError> {
        Ok(match self.caller.kind {
            ViewerKind::Licensed => reading.page.may_edit,
            ViewerKind::Guest => {
                let (right, fresh) = (PageRight::Edit, Freshness::Fresh);
                rights::guest_may(&self.app, self.caller, self.page, right, fresh, self.cx.now).await?
            }
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

    /// Decides and writes, again on a newer fold where somebody else was faster. A page of `start_in` that is under no
    /// workflow is decided on by the one assigned to it. `texts` are what the command refers to.
    pub(super) async fn carry_out(
        &self,
        first: Known,
        start_in: Option<&SpaceId>,
        troupe: &mut Troupe<'_>,
        texts: &[&ErasableText],
        command: impl AsyncFn(&Known, &Running) -> Result<Command, EdgeError>,
    ) -> Result<PageStatus, EdgeError> {
        let (cx, site) = (self.cx, &self.caller.site);
        let actor = Actor::person(&self.caller.person);
        let mut loaded = Some(first);
        for _ in 0..ROUNDS {
            let mut known = match loaded.take() {
                Some(known) => known,
                None => known::load(&self.db, site, self.page).await?,
            };
            let (running, heads) = self.workflow(&known, start_in).await?;
            let command = command(&known, &running).await?;
            let at = clock::now();
            let events = match troupe.decide(known.fold.as_ref(), running.workflow(), &command, at).await? {
                Ok(events) => events,
                Err(refusal) => return Err(self.turned_away(&refusal)),
            };
            let mut commit = Commit::new(site, at);
            for (stream, head) in &heads {
                commit = commit.require_head(stream, *head);
            }
            let all: Vec<&ErasableText> = texts.iter().copied().chain(troupe.texts(&events)).collect();
            let happened =
                Happened { known: &known, running: &running, actor: &actor, at, events: &events, texts: all.clone() };
            let (commit, fold) = happened.into_commit(site, commit)?;
            match commit.run(&self.db).await {
                Ok(()) => {
                    known.names.extend(all.iter().map(|text| (text.id.clone(), text.text.clone())));
                    heal::carry_out(cx, site);
                    return Ok(view::status(&fold, &known.names));
                }
                Err(CommitFault::Failed(Precondition::Head | Precondition::Workflow)) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        Err(clash())
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
