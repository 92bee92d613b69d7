//! What am I about to sign? One record is shown and authenticated.

use super::people::{Asking, Wanted};
use super::refusal::refused;
use super::{app, page};
use crate::confirm::asked::Asked;
use crate::confirm::{how, standing, subject_of};
use crate::confluence::page::{Page, Wanted as Part};
use crate::confluence::rights::{self, Clients};
use crate::confluence::{self, Client, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::page::Reading;
use crate::random;
use crate::secret::keys::Purpose;
use crate::secret::sign_code;
use crate::store::d1::Db;
use crate::store::load::Loading;
use crate::store::{absence, installation};
use core::time::Duration;
use engine::content::{self, CHANGES_SHOWN, Content};
use engine::ids::{AccountId, PageVersion};
use engine::page::decide::{self, under_review};
use engine::page::fold::{PageFold, Review};
use engine::page::refusal::Refusal;
use engine::page::seat::{Seats, approval_for, meaning_of, meanings};
use engine::page::view::Names;
use engine::token::challenge::{DecisionChallenge, MacKey, MacKeys, Nonce, issue};
use engine::token::policy::FactorKind;
use engine::wire::act::{ChallengeRequest, ChallengeResponse, Changes, Shown};
use engine::wire::confirm::How;
use engine::wire::status::{Decision, ViewerKind};
use engine::workflow::definition::Approval;
use std::collections::BTreeSet;

/// Rules: (1) a review is under way, (2) the person may see the page, and has on screen what is under review, (3) they are
/// asked, by themselves or for somebody who is away, and not excluded, (4) where it has to be confirmed they have a way to and
/// are not locked, (5) what is shown is what is authenticated, (6) with a meaning of those to choose from.
pub(super) async fn handle(cx: &Cx, caller: &UiCaller, body: ChallengeRequest) -> Result<ChallengeResponse, EdgeError> {
    let page_id = caller.page()?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let slots = page::ask(&mut loading, &caller.site, page_id);
    let standing = standing::ask(&mut loading, &caller.site, &caller.person, cx.now);
    let away = loading.add(absence::stands_in(&caller.site, &caller.person, cx.now));
    let installation = loading.add(installation::of_site(&caller.site));
    let loaded = loading.run(&db).await?;
    let (known, policy) = page::read(cx, &db, &caller.site, &loaded, &slots).await?;
    let app = app::client(cx, &caller.site, loaded.get(&installation)?.as_ref())?;
    // (1)
    let (_, running) = page::under(&known)?;
    let workflow = running.workflow();
    let (fold, state, review) = under_review(known.fold.as_ref(), &workflow).map_err(|refusal| refused(&refusal))?;
    // (2)
    let person = match caller.kind {
        ViewerKind::Licensed => Some(Client::as_person(&cx.config, caller)?),
        ViewerKind::Guest | ViewerKind::Invited => None,
    };
    let reader = person.as_ref().unwrap_or(&app);
    let reading = page_now(cx, caller, person.as_ref(), &app).await?;
    let now = reading.without_contributors(&running.definition);
    if now.version != body.page_version {
        return Err(refused(&Refusal::PageMoved { now: now.version }));
    }
    decide::same_content(review, &now).map_err(|refusal| refused(&refusal))?;
    // (3)
    let asking = Asking {
        cx,
        caller,
        app: Some(&app),
        person: person.as_ref(),
        space: &reading.page.space,
        may_edit: may_edit(caller, &reading.page),
        away: &loaded.get(&away)?,
        freshness: Freshness::Cached,
    };
    let reviewer = asking.person(page_id, &Wanted::to_decide(state)).await?;
    let (approval, seats) =
        approval_for(state, review, &reviewer, body.approval.as_ref()).map_err(|refusal| refused(&refusal))?;
    // (4)
    let policy = &policy.policy;
    let subject = subject_of(cx, &db, caller, policy, decide::action(body.decision)).await?;
    let asked = Asked::of_policy(policy, &approval.step_up, &subject, decide::action(body.decision));
    let how = how::how(&asked, &standing::read(&loaded, &standing)?, cx.now)?;
    // (6)
    let meanings = meanings(approval, body.decision, &asked.requirement);
    let meaning = meaning_of(&meanings, body.meaning.as_deref()).map_err(|refusal| refused(&refusal))?;
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
        meaning: meaning.to_owned(),
        account: caller.person.clone(),
        nonce: Nonce::from_random(*random::bytes::<16>()?),
        expires_at: cx.now + lifetime(cx, &how)?,
    };
    let challenge = issue(&keys(cx)?, &record).ok_or_else(|| EdgeError::internal("a challenge could not be made"))?;
    let changes = changes(reader, fold, &reading.page).await;
    let showing = Showing { review, approval, seats: &seats, names: &known.names, changes };
    let expires_at = record.expires_at;
    let shown = showing.of(record, reading.page.title);
    Ok(ChallengeResponse {
        challenge,
        shown,
        meanings: meanings.into_iter().map(str::to_owned).collect(),
        code_required: !how.factors.is_empty(),
        how,
        expires_at,
    })
}

/// What a person is shown of a record, besides what it says itself.
pub(super) struct Showing<'a> {
    pub(super) review: &'a Review,
    pub(super) approval: &'a Approval,
    pub(super) seats: &'a Seats,
    pub(super) names: &'a Names,
    pub(super) changes: Changes,
}

impl Showing<'_> {
    /// The record that is authenticated, as the person sees it; of a page with this title.
    pub(super) fn of(self, record: DecisionChallenge, title: String) -> Shown {
        let Self { review, approval, seats, names, changes } = self;
        Shown {
            decision: record.decision,
            title,
            version: record.version,
            content_hash: record.content_hash.as_str().to_owned(),
            approval: approval.name.clone(),
            for_others: names_of(&seats.others, review, names),
            changes_decision: has_decided(review, approval, &record.account),
            meaning: record.meaning,
            comment_required: record.decision == Decision::Reject && approval.comment_on_reject,
            changes,
        }
    }
}

/// Whether a challenge was made for this person, on the page they are on, for this verdict on this version.
pub(super) fn is_for(record: &DecisionChallenge, caller: &UiCaller, decision: Decision, version: PageVersion) -> bool {
    record.site == caller.site
        && record.account == caller.person
        && Some(&record.page) == caller.page.as_ref()
        && record.decision == decision
        && record.version == version
}

/// The keys challenges are authenticated with.
pub(super) fn keys(cx: &Cx) -> Result<MacKeys, EdgeError> {
    let keys = cx.keyring()?.all(Purpose::Challenge);
    let keys = keys.iter().map(|key| MacKey { id: key.id.clone(), bytes: *key.bytes() }).collect();
    MacKeys::new(keys).ok_or_else(|| EdgeError::internal("there is no key for challenges"))
}

/// How long a challenge is good. A mail takes its time, so what nothing but a mailed code can confirm lives as long as one.
pub(super) fn lifetime(cx: &Cx, how: &How) -> Result<Duration, EdgeError> {
    let set = cx.challenge_lifetime()?;
    Ok(if how.factors == [FactorKind::MailCode] { set.max(sign_code::LIFE) } else { set })
}

/// What a licensed person's own token said with the page; a guest's right is asked for only where it matters.
pub(super) fn may_edit(caller: &UiCaller, page: &Page) -> Option<bool> {
    (caller.kind == ViewerKind::Licensed).then_some(page.may_edit)
}

/// Whether the person has decided on an approval before.
pub(super) fn has_decided(review: &Review, approval: &Approval, person: &AccountId) -> bool {
    review.approval(&approval.id).is_some_and(|now| engine::page::seat::decided(now, review, person))
}

/// Names of people who are asked, as they were when they were asked.
pub(super) fn names_of(people: &BTreeSet<AccountId>, review: &Review, names: &Names) -> Vec<String> {
    let seats = || review.approvals.iter().flat_map(|now| &now.asked.people);
    let name = |account: &AccountId| {
        let seat = seats().find(|seat| seat.person.account == *account);
        let name = seat.and_then(|seat| names.get(&seat.person.name.text));
        name.map_or_else(|| account.as_str().to_owned(), Clone::clone)
    };
    people.iter().map(name).collect()
}

/// The page as the person may see it now, with the hash over its content.
pub(super) async fn page_now(
    cx: &Cx,
    caller: &UiCaller,
    person: Option<&Client>,
    app: &Client,
) -> Result<Reading, EdgeError> {
    let page_id = caller.page()?;
    let part = Part { version: None, body: true };
    let clients = Clients { person, app: Some(app) };
    let reading = rights::page_as_caller(clients, caller, page_id, part, Freshness::Cached, cx.now);
    let listing = confluence::page::attachments(person.unwrap_or(app), page_id);
    let (page, attachments) = futures_util::future::try_join(reading, listing).await?;
    Ok(Reading { content_hash: page.content_hash(&attachments), page })
}

/// What changed since the last approved version. That it can't be learned keeps nobody from deciding; it is said.
pub(super) async fn changes(reader: &Client, fold: &PageFold, page: &Page) -> Changes {
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
    Ok(confluence::page::get(reader, &page.id, Part { version: Some(version), body: true }).await?)
}
