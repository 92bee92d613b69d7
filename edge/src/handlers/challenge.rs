//! What am I about to sign? One record is shown and authenticated.

use super::refusal::{locked, refused};
use super::{app, page, people};
use crate::confluence::page::{Page, Wanted};
use crate::confluence::rights::{self, Clients};
use crate::confluence::{self, Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::secret::keys::Purpose;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{factor, guess, installation};
use engine::content::{self, CHANGES_SHOWN, Content};
use engine::ids::PageVersion;
use engine::page::command::PageNow;
use engine::page::decide::{self, Refusal, under_review};
use engine::page::fold::PageFold;
use engine::token::challenge::{DecisionChallenge, MacKey, MacKeys, Nonce, issue};
use engine::wire::act::{ChallengeRequest, ChallengeResponse, Changes, Shown};
use engine::wire::problem::ProblemKind;
use engine::wire::status::{Decision, ViewerKind};

/// Rules: (1) a review is under way, (2) the person may see the page, and has on screen what is under review, (3) they are
/// asked and not excluded, (4) where a token is needed they have a factor and are not locked, (5) what is shown is what is
/// authenticated.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: ChallengeRequest) -> Result<ChallengeResponse, EdgeError> {
    let page_id = caller.page()?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let slots = page::ask(&mut loading, &caller.site, page_id);
    let factors = loading.add(factor::of_person(&caller.site, &caller.person));
    let guesses = loading.add(guess::of_person(&caller.site, &caller.person));
    let installation = loading.add(installation::of_site(&caller.site));
    let loaded = loading.run(&db).await?;
    let known = page::read(cx, &db, &caller.site, &loaded, &slots).await?;
    let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref())?;
    // (1)
    let workflow = known.workflow()?;
    let (fold, state, review) = under_review(known.fold.as_ref(), &workflow).map_err(|refusal| refused(&refusal))?;
    // (2)
    let person = match caller.kind {
        ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
        ViewerKind::Guest => None,
    };
    let reader = person.as_ref().unwrap_or(&app);
    let (now, page) = page_now(cx, caller, person.as_ref(), &app).await?;
    if now.version != body.page_version {
        return Err(refused(&Refusal::PageMoved { now: now.version }));
    }
    decide::same_content(review, &now).map_err(|refusal| refused(&refusal))?;
    // (3)
    let reviewer = people::reviewer(cx, caller, &app, state, Freshness::Cached).await?;
    let approval = decide::approval_for(state, review, &reviewer).map_err(|refusal| refused(&refusal))?;
    // (4)
    let policy = &known.policy.policy;
    let code_required = policy.asks_for_token(decide::action(body.decision));
    if code_required {
        if !loaded.get(&factors)?.iter().any(|factor| policy.factors.contains(&factor.kind)) {
            return Err(EdgeError::refuse(
                ProblemKind::NoFactor,
                "Set up an authenticator app first; it takes a minute and is needed once.",
            ));
        }
        if let Some(lock) = loaded.get(&guesses)?.lock(cx.now) {
            return Err(locked(lock));
        }
    }
    // (5)
    let record = DecisionChallenge {
        site: caller.site.clone(),
        page: page_id.clone(),
        version: now.version,
        content_hash: now.content_hash.clone(),
        workflow: fold.workflow.clone(),
        workflow_version: workflow.version,
        state: state.id.clone(),
        state_seq: fold.state_seq,
        approval: approval.id.clone(),
        policy_version: policy.version,
        decision: body.decision,
        meaning: decide::meaning(approval, body.decision).to_owned(),
        account: caller.person.clone(),
        nonce: Nonce::from_random(*random::bytes::<16>()?),
        expires_at: cx.now + cx.challenge_lifetime()?,
    };
    let challenge = issue(&keys(cx)?, &record).ok_or_else(|| EdgeError::internal("a challenge could not be made"))?;
    let changes = changes(reader, fold, &page).await;
    let shown = Shown {
        decision: record.decision,
        title: page.title,
        version: record.version,
        content_hash: record.content_hash.as_str().to_owned(),
        approval: approval.name.clone(),
        meaning: record.meaning,
        comment_required: record.decision == Decision::Reject && approval.comment_on_reject,
        changes,
    };
    Ok(ChallengeResponse { challenge, shown, code_required, expires_at: record.expires_at })
}

/// The keys challenges are authenticated with.
pub(super) fn keys(cx: &Cx) -> Result<MacKeys, EdgeError> {
    let keys = cx.keyring()?.all(Purpose::Challenge);
    let keys = keys.iter().map(|key| MacKey { id: key.id.clone(), bytes: *key.bytes() }).collect();
    MacKeys::new(keys).ok_or_else(|| EdgeError::internal("there is no key for challenges"))
}

/// The page as the person may see it now, with the hash over its content.
pub(super) async fn page_now(
    cx: &Cx,
    caller: &UiCaller,
    person: Option<&Client>,
    app: &Client,
) -> Result<(PageNow, Page), EdgeError> {
    let page_id = caller.page()?;
    let wanted = Wanted { version: None, body: true };
    let clients = Clients { person, app: Some(app) };
    let reading = rights::page_as_caller(clients, caller, page_id, wanted, Freshness::Cached, cx.now);
    let listing = confluence::page::attachments(person.unwrap_or(app), page_id);
    let (page, attachments) = futures_util::future::try_join(reading, listing).await?;
    let now = PageNow {
        version: page.version,
        content_hash: page.content_hash(&attachments),
        author: page.version_author.clone(),
    };
    Ok((now, page))
}

/// What changed since the last approved version. That it can't be learned keeps nobody from deciding; it is said.
async fn changes(reader: &Client, fold: &PageFold, page: &Page) -> Changes {
    let Some(approved) = &fold.approved else { return Changes::FirstApproval };
    let version = approved.version;
    match old_page(reader, page, version).await {
        Ok(old) => {
            let before = Content { version, title: &old.title, body: &old.storage_body };
            let after = Content { version: page.version, title: &page.title, body: &page.storage_body };
            let mut changes = content::changes(&before, &after);
            let cut = changes.len() > CHANGES_SHOWN;
            changes.truncate(CHANGES_SHOWN);
            Changes::Since { version, changes, cut }
        }
        Err(error) => {
            error.log("challenge");
            let reason =
                format!("Version {} could not be read to compare. Compare it in the page's history.", version.0);
            Changes::Unknown { version, reason }
        }
    }
}

async fn old_page(reader: &Client, page: &Page, version: PageVersion) -> Result<Page, EdgeError> {
    Ok(confluence::page::get(reader, &page.id, Wanted { version: Some(version), body: true }).await?)
}
