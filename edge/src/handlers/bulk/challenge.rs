//! The list: what would be signed of each page, and how all of it is confirmed.
//!
//! However many pages are picked, this is one question to Confluence for all of them and one batch of reads, besides what is
//! asked of the person: which groups they are in.

use super::judge::{Found, Judge};
use super::together::Together;
use crate::confirm::{standing, subject_of};
use crate::confluence::page::{self, Current};
use crate::confluence::{Actor, Client, ConfluenceError};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::refusal::refused;
use crate::handlers::site::PolicyHead;
use crate::handlers::{app, challenge};
use crate::http::EdgeError;
use crate::page::{Running, known};
use crate::random;
use crate::store::bulk::{self, Folded};
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::workflow::{self, Stored};
use crate::store::{absence, installation, text};
use engine::ids::{PageId, SiteId, TextId};
use engine::page::decide::action;
use engine::page::fold::PageFold;
use engine::page::refusal::Refusal;
use engine::page::view::Names;
use engine::token::challenge::{BulkChallenge, LIST_LIFE, Listed, Nonce, issue, list_digest};
use engine::wire::bulk::{BULK_MAX, BULK_MIN, BulkChallengeRequest, BulkChallengeResponse, BulkList, LeftOut, Picked};
use engine::wire::problem::{Problem, ProblemKind};
use std::collections::{BTreeMap, BTreeSet};

/// Pages whose folds have to be made from their streams, which takes a round trip each.
const MOST_BEHIND: usize = 4;

/// Rules: (1) the space is the token's; (2) what the person may not see, or is elsewhere, is left out without a word of it;
/// (3) each page is judged as if it were signed by itself; (4) the pages that are left go together; (5) what is shown is what is
/// authenticated.
pub(in crate::handlers) async fn handle(
    cx: &Cx,
    caller: &UiCaller,
    body: BulkChallengeRequest,
) -> Result<BulkChallengeResponse, EdgeError> {
    // (1)
    let space = caller.space.as_ref().ok_or_else(|| {
        EdgeError::refuse(ProblemKind::NotFound, "This view belongs to a space. Open it from a space's sidebar.")
    })?;
    let pages = pages(&body.items)?;
    let (site, now) = (&caller.site, cx.now);
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let folds = loading.add(bulk::folds(site, &pages));
    let versions = loading.add(workflow::of_pages(site, &pages));
    let policy = loading.add(PolicyHead::query(site));
    let standing = standing::ask(&mut loading, site, &caller.person, now);
    let away = loading.add(absence::stands_in(site, &caller.person, now));
    let installation = loading.add(installation::of_site(site));
    let loaded = loading.run(&db).await?;
    let policy = PolicyHead::read(loaded.get(&policy)?.as_ref())?;
    let policy = policy.ok_or_else(|| refused(&Refusal::NotUnderWorkflow))?.policy;
    let standing = standing::read(&loaded, &standing)?;
    let away = loaded.get(&away)?;
    let app = app::client(cx, site, loaded.get(&installation)?.as_ref()).ok();
    // (2)
    let person = Client::as_person(&cx.config, caller)?;
    let shown = page::current(&person, space, &pages).await?;
    let stored = Pages { db: &db, site, versions: loaded.get(&versions)? };
    let under = stored.under(loaded.get(&folds)?, &shown).await?;
    let names = if away.is_empty() { Names::new() } else { names(&db, site, &under).await? };
    let subject = subject_of(cx, &db, caller, &policy, action(body.decision)).await?;
    let mut judge = Judge {
        cx,
        caller,
        app: app.as_ref(),
        person: &person,
        space,
        away: &away,
        policy: &policy,
        subject: &subject,
        standing: &standing,
        names: &names,
        decision: body.decision,
        questions: BTreeSet::new(),
        editors: 0,
    };
    let (mut together, mut left_out) = (Together::default(), Vec::new());
    for picked in &body.items {
        let now_there = shown.get(&picked.page);
        let judged = match (now_there, under.get(&picked.page)) {
            (None, _) => Err(ConfluenceError::NotFound(Actor::Person).into()),
            (Some(_), None) => Err(refused(&Refusal::NotUnderWorkflow)),
            // (3)
            (Some(current), Some((fold, running))) => judge.judge(Found { picked, now: current, fold, running }).await,
        };
        // (4)
        let taken = judged.and_then(|one| together.take(one, body.meaning.as_deref(), &standing, now));
        if let Err(error) = taken {
            let title = now_there.map(|current| current.title.clone());
            left_out.push(LeftOut { page: picked.page.clone(), title, problem: of_the_page(error)? });
        }
    }
    let list = if together.items.is_empty() {
        None
    } else {
        // (5)
        let how = together.how(&standing, now)?;
        let meaning = match body.meaning {
            Some(chosen) => chosen,
            None => together.meanings.first().cloned().ok_or_else(|| refused(&Refusal::WrongMeaning))?,
        };
        let listed: Vec<Listed> = together.items.iter().map(|item| item.listed.clone()).collect();
        let failed = || EdgeError::internal("a list could not be made");
        let record = BulkChallenge {
            site: site.clone(),
            space: space.clone(),
            decision: body.decision,
            meaning: meaning.clone(),
            list: list_digest(&listed).ok_or_else(failed)?,
            count: u32::try_from(listed.len()).map_err(|_| failed())?,
            factors: together.factors(),
            account: caller.person.clone(),
            policy_version: policy.version,
            nonce: Nonce::from_random(*random::bytes::<16>()?),
            expires_at: now + LIST_LIFE,
        };
        let challenge = issue(&challenge::keys(cx)?, &record).ok_or_else(failed)?;
        Some(BulkList {
            challenge,
            items: together.items,
            meaning,
            meanings: together.meanings,
            code_required: !how.factors.is_empty(),
            how,
            expires_at: record.expires_at,
        })
    };
    Ok(BulkChallengeResponse { list, left_out })
}

/// The pages that were picked: neither too few nor too many, and none twice.
fn pages(items: &[Picked]) -> Result<Vec<PageId>, EdgeError> {
    let pages: Vec<PageId> = items.iter().map(|picked| picked.page.clone()).collect();
    let distinct: BTreeSet<&PageId> = pages.iter().collect();
    if (BULK_MIN..=BULK_MAX).contains(&pages.len()) && distinct.len() == pages.len() {
        return Ok(pages);
    }
    let detail = format!("Pick at least {BULK_MIN} pages and at most {BULK_MAX}, each once.");
    Err(Problem::new(ProblemKind::BadField, detail).at("items").into())
}

/// A refusal concerns the page alone; that somebody is locked, or something does not answer, concerns all of them.
fn of_the_page(error: EdgeError) -> Result<Problem, EdgeError> {
    match error {
        EdgeError::Refused(problem) if problem.kind != ProblemKind::Locked => Ok(*problem),
        other => Err(other),
    }
}

type Under = BTreeMap<PageId, (PageFold, Running)>;

/// What is stored of the pages.
struct Pages<'a> {
    db: &'a Db,
    site: &'a SiteId,
    versions: Vec<Stored>,
}

impl Pages<'_> {
    /// The pages that are under a workflow now, of those that are shown. A few whose snapshot is missing or behind are folded
    /// one by one.
    async fn under(&self, folds: Vec<Folded>, shown: &BTreeMap<PageId, Current>) -> Result<Under, EdgeError> {
        let (mut found, mut behind) = (Under::new(), 0);
        for Folded { page, fold } in folds.into_iter().filter(|one| shown.contains_key(&one.page)) {
            let running = fold.as_ref().map(|fold| self.running(fold)).transpose()?.flatten();
            let under = match (fold, running) {
                (Some(fold), Some(running)) => Some((fold, running)),
                _ if behind < MOST_BEHIND => {
                    behind += 1;
                    let known = known::load(self.db, self.site, &page).await?;
                    known.fold.zip(known.running)
                }
                _ => None,
            };
            if let Some((fold, running)) = under.filter(|(fold, _)| !fold.ended) {
                found.insert(page, (fold, running));
            }
        }
        Ok(found)
    }

    fn running(&self, fold: &PageFold) -> Result<Option<Running>, EdgeError> {
        let fits = |one: &&Stored| one.workflow() == fold.workflow && one.version() == fold.workflow_version;
        let version = self.versions.iter().find(fits);
        Ok(version.map(|version| Running::of(self.site, &fold.space, version)).transpose()?)
    }
}

/// Names of people, where somebody decides for others.
async fn names(db: &Db, site: &SiteId, under: &Under) -> Result<Names, EdgeError> {
    let ids: Vec<TextId> = under.values().flat_map(|(fold, _)| fold.texts()).collect();
    Ok(db.ask(text::of_ids(site, &ids)).await?)
}
