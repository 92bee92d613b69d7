//! Approving and rejecting in a visit: the very record everybody else signs, confirmed in the very same way.

use super::visit::{Invited, Live, Visit, answered, outside};
use crate::confirm::asked::Asked;
use crate::confirm::{how, standing, subject_of};
use crate::cx::Cx;
use crate::handlers::challenge::{keys, lifetime};
use crate::handlers::refusal::refused;
use crate::handlers::{decision, mail_sign};
use crate::hosted::invitation::over;
use crate::http::EdgeError;
use crate::random;
use crate::store::d1::Db;
use crate::store::invitation;
use crate::store::load::Loading;
use engine::page::decide::action;
use engine::page::seat::{meaning_of, meanings};
use engine::token::challenge::{DecisionChallenge, Nonce, issue};
use engine::wire::act::DecisionRequest;
use engine::wire::invited::{InvitedAnswered, InvitedChallenge, InvitedChallengeRequest};
use engine::wire::mail_sign::{MailSignRequest, MailSignResponse};
use engine::wire::status::Decision;

/// What would be signed. Rules: (1) the visit stands, and the page is what was disclosed; (2) it is the version on screen;
/// (3) the person has a way to confirm it, by the policy in force, and is not locked; (4) with a meaning of those to choose
/// from; (5) what is shown is what is authenticated. What changed since an older version is not shown: that one was not
/// disclosed.
pub(super) async fn challenge(
    cx: &Cx,
    headers: &web_sys::Headers,
    body: InvitedChallengeRequest,
) -> Result<InvitedChallenge, EdgeError> {
    let db = Db::new(cx.db()?);
    let Visit { of, .. } = Visit::of(cx, &db, headers).await?;
    // (1)
    let Live { approval: now, reading, .. } = of.live(cx, &db).await?;
    // (2)
    if body.page_version != reading.page.version {
        return Err(of.moved(cx));
    }
    let (fold, running) = of.known.under().ok_or_else(over)?;
    let state = running.definition.state(&fold.state.id).ok_or_else(over)?;
    let approval = state.approval(&now.asked.id).ok_or_else(over)?;
    // (3)
    let (policy, caller, action) = (&of.policy.policy, of.caller(), action(body.decision));
    let subject = subject_of(cx, &db, &caller, policy, action).await?;
    let asked = Asked::of_policy(policy, &approval.step_up, &subject, action);
    let mut loading = Loading::new();
    let slots = standing::ask(&mut loading, &of.site, &of.row.person, cx.now);
    let loaded = loading.run(&db).await?;
    let how = how::how(&asked, &standing::read(&loaded, &slots)?, cx.now)?;
    // (4)
    let meanings = meanings(approval, body.decision, &asked.requirement);
    let meaning = meaning_of(&meanings, body.meaning.as_deref()).map_err(|refusal| refused(&refusal))?;
    // (5)
    let record = DecisionChallenge {
        site: of.site.clone(),
        page: of.row.page.clone(),
        version: reading.page.version,
        content_hash: reading.content_hash.clone(),
        workflow: fold.workflow.clone(),
        workflow_version: running.version,
        state: fold.state.id.clone(),
        state_seq: fold.state_seq,
        approval: approval.id.clone(),
        policy_version: policy.version,
        decision: body.decision,
        meaning: meaning.to_owned(),
        account: of.row.person.clone(),
        nonce: Nonce::from_random(*random::bytes::<16>()?),
        expires_at: of.row.until_at.min(cx.now + lifetime(cx, &how)?),
    };
    let challenge = issue(&keys(cx)?, &record).ok_or_else(|| EdgeError::internal("a challenge could not be made"))?;
    Ok(InvitedChallenge {
        challenge,
        decision: record.decision,
        title: reading.page.title.clone(),
        version: record.version,
        content_hash: record.content_hash.as_str().to_owned(),
        approval: approval.name.clone(),
        meaning: record.meaning,
        meanings: meanings.into_iter().map(str::to_owned).collect(),
        comment_required: record.decision == Decision::Reject && approval.comment_on_reject,
        how,
        expires_at: record.expires_at,
    })
}

/// Mails the code that confirms a challenge, as long as the visit and its invitation stand.
pub(super) async fn code(
    cx: &Cx,
    headers: &web_sys::Headers,
    body: MailSignRequest,
) -> Result<MailSignResponse, EdgeError> {
    let db = Db::new(cx.db()?);
    let Visit { of, .. } = Visit::of(cx, &db, headers).await?;
    of.standing(cx.now)?;
    mail_sign::handle(cx, &of.caller(), body).await.map_err(|error| outside(error, &of, cx))
}

/// Decides. Rules: (1) the visit stands; (2) the invitation does, unless it was answered: then this may be the same answer
/// once more; (3) everything else is asked where everybody's decisions are: that the challenge is theirs and in time, that the
/// page is what it was made for, that it is confirmed, that the invitation is open when it is written.
pub(super) async fn decide(
    cx: &Cx,
    headers: &web_sys::Headers,
    body: DecisionRequest,
) -> Result<InvitedAnswered, EdgeError> {
    let db = Db::new(cx.db()?);
    // (1)
    let Visit { of, .. } = Visit::of(cx, &db, headers).await?;
    // (2)
    if of.answered.is_none() {
        of.standing(cx.now)?;
    }
    // (3)
    decision::handle(cx, &of.caller(), body).await.map_err(|error| outside(error, &of, cx))?;
    recorded(&db, &of).await?.ok_or_else(|| EdgeError::internal("an answer was recorded and is not there"))
}

/// What is recorded now, if anything is.
pub(super) async fn recorded(db: &Db, of: &Invited) -> Result<Option<InvitedAnswered>, EdgeError> {
    let answer = db.ask(invitation::answer(&of.site, &of.row.page, &of.row.id)).await?;
    answer.as_ref().map(answered).transpose()
}
