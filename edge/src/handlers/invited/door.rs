//! Before anything is shown: a code, mailed to the address that was invited.

use super::shown;
use super::visit::{Invited, going};
use crate::cx::Cx;
use crate::handlers::attempt::{self, Trying};
use crate::handlers::enrolment::wrong;
use crate::handlers::heal;
use crate::handlers::refusal::locked;
use crate::hosted::{invitation as link, visit};
use crate::http::{EdgeError, answer};
use crate::random;
use crate::secret::{mail_code as kept, seal};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, Precondition};
use crate::store::guess;
use crate::store::invitation::{self, CODE_LIFE, Code};
use engine::audit::fact::{AttemptFault, AttemptPurpose};
use engine::effect::Effect;
use engine::ids::InvitationId;
use engine::token::guessing::Lock;
use engine::token::link::Invitation;
use engine::token::mail_code;
use engine::token::policy::FactorKind;
use engine::wire::invited as wire;
use engine::wire::invited::{InvitedCodeRequest, InvitedCodeResponse, InvitedEnterRequest, InvitedOpenRequest};
use engine::wire::problem::{Problem, ProblemKind};
use worker::Response;

/// What a link leads to. Rules: (1) it is ours, and not too old; (2) a visit that was begun with it goes on; (3) the
/// invitation stands; else nothing is said but that it does not. Nothing is changed.
pub(super) async fn open(
    cx: &Cx,
    headers: &web_sys::Headers,
    body: InvitedOpenRequest,
) -> Result<wire::Invited, EdgeError> {
    // (1)
    let link = link::read(cx, &body.link)?;
    let db = Db::new(cx.db()?);
    let of = load(cx, &db, &link).await?;
    // (2)
    if let Some(until) = goes_on(cx, headers, &link, &of) {
        return shown::view(cx, &db, &of, until).await;
    }
    // (3)
    of.standing(cx.now)?;
    Ok(wire::Invited::Door { code_until: of.row.code_until(cx.now) })
}

/// Mails a code. Rules: (1) the link is ours, and the invitation stands; (2) the person is not locked, as the code would be
/// refused; (3) not too many codes. The newest one counts, alone.
pub(super) async fn code(
    cx: &Cx,
    _: &web_sys::Headers,
    body: InvitedCodeRequest,
) -> Result<InvitedCodeResponse, EdgeError> {
    // (1)
    let link = link::read(cx, &body.link)?;
    let db = Db::new(cx.db()?);
    let of = load(cx, &db, &link).await?;
    of.standing(cx.now)?;
    let (site, person, id) = (&of.site, &of.row.person, &of.row.id);
    // (2)
    if let Some(lock) = db.ask(guess::of_person(site, person)).await?.lock(cx.now) {
        return Err(locked(lock));
    }
    let keyring = cx.keyring()?;
    let code = mail_code::from_random(*random::bytes::<5>()?);
    let normal = mail_code::normalise(&code).ok_or_else(|| EdgeError::internal("a code has a wrong form"))?;
    let expires_at = of.row.until_at.min(cx.now + CODE_LIFE);
    let new = Code {
        hmac: &kept::digest(keyring, kept::For { site, person, what: &what(id) }, &normal)?,
        sealed: &seal::seal(keyring, &invitation::code_binding(site, person, id), code.as_bytes())?,
        expires_at,
    };
    let commit = Commit::new(site, cx.now)
        .require_not_held(person)
        .require_invitation_codes(id)
        .raw(invitation::mail(site, id, &new, cx.now))
        .effect(&Effect::MailInvitationCode { person: person.clone(), invitation: id.clone() }, &random::id()?);
    match commit.run(&db).await {
        Ok(()) => {
            heal::carry_out(cx, site);
            Ok(InvitedCodeResponse { expires_at })
        }
        // (3)
        Err(CommitFault::Failed(Precondition::InvitationCodes)) => {
            let detail = "Several codes were mailed for this invitation. Use the newest one, or wait and ask again.";
            let mut problem = Problem::new(ProblemKind::TooMany, detail);
            problem.retry_at = of.row.next_code_at(cx.now);
            Err(problem.into())
        }
        Err(CommitFault::Failed(Precondition::Held)) => Err(locked(Lock::UntilUnlocked)),
        Err(fault) => Err(fault.into()),
    }
}

/// Link and code begin a visit. Rules: (1) the link is ours, and it can be a code; (2) pressing twice is harmless; (3) the
/// invitation stands; (4) the attempt is counted before it is compared, into the one counter of the person; (5) it is the
/// newest code; (6) the page is what they were invited to; (7) the code is used up, and no older visit shows anything.
pub(super) async fn enter(
    cx: &Cx,
    headers: &web_sys::Headers,
    body: InvitedEnterRequest,
) -> Result<Response, EdgeError> {
    // (1)
    let link = link::read(cx, &body.link)?;
    let typed = mail_code::normalise(&body.code).ok_or_else(|| {
        Problem::new(ProblemKind::BadField, "The mailed code has eight letters and digits, like ABCD-1234.").at("code")
    })?;
    let db = Db::new(cx.db()?);
    let of = load(cx, &db, &link).await?;
    // (2)
    if let Some(until) = goes_on(cx, headers, &link, &of) {
        return answer::json(&shown::view(cx, &db, &of, until).await?);
    }
    // (3)
    of.standing(cx.now)?;
    let (site, person, id) = (&of.site, &of.row.person, &of.row.id);
    // (4)
    let attempt = db.ask(guess::attempt(site, person, None, cx.now)).await?;
    if !attempt.admitted {
        return Err(locked(attempt.after.lock(cx.now).unwrap_or(Lock::UntilUnlocked)));
    }
    // (5)
    let trying = Trying { site, person, purpose: AttemptPurpose::Invitation };
    let whose = kept::For { site, person, what: &what(id) };
    let waits = of.row.code_until(cx.now).is_some();
    if !waits || !kept::fits(cx.keyring()?, whose, &typed, &of.row.code_hmac) {
        let detail =
            "That is not the code from the newest mail, or it is over. Look for the latest one, or have another sent.";
        return Err(wrong(cx, &db, trying, attempt, AttemptFault::Wrong, FactorKind::MailCode, detail).await?);
    }
    // (6)
    let begun = link.visit(random::id()?, cx.now);
    let view = shown::view(cx, &db, &of, begun.0.expires_at).await?;
    // (7)
    let commit = Commit::new(site, cx.now)
        .require_not_held(person)
        .require_invitation_code(id, &of.row.code_hmac)
        .raw(invitation::enter(site, id, &begun.0.nonce))
        .raw(guess::take_back(site, person, &attempt));
    match commit.run(&db).await {
        Ok(()) => answer::with_cookie(&view, &visit::begin(cx, &begun)?),
        // Raced: the code was used, or a newer one was mailed.
        Err(CommitFault::Failed(Precondition::InvitationCode)) => {
            Err(attempt::failed(cx, &db, trying, attempt, AttemptFault::Used, Some(FactorKind::MailCode)).await?)
        }
        Err(CommitFault::Failed(Precondition::Held)) => Err(locked(Lock::UntilUnlocked)),
        Err(fault) => Err(fault.into()),
    }
}

async fn load(cx: &Cx, db: &Db, link: &Invitation) -> Result<Invited, EdgeError> {
    Invited::load(cx, db, &link.site, &InvitationId::new(&link.invitation), &link.account).await
}

/// Until when the visit lasts that the cookie speaks of, if it is the newest one to this very invitation.
fn goes_on(cx: &Cx, headers: &web_sys::Headers, link: &Invitation, of: &Invited) -> Option<engine::time::Timestamp> {
    let going = going(cx, headers)?;
    let same = going.site == link.site && going.account == link.account && going.about == link.invitation;
    (same && !of.row.visit.is_empty() && of.row.visit == going.nonce).then_some(going.expires_at)
}

/// What a mailed code is for.
fn what(id: &InvitationId) -> String {
    format!("invitation/{id}")
}
