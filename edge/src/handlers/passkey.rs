//! Passkeys, as far as the frame inside Confluence goes: links to the page where they are made and used, and how far it is.

use super::attempt;
use super::challenge;
use super::refusal::locked;
use super::text;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::hosted::link;
use crate::http::EdgeError;
use crate::secret::seal::{self, open};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::enrolment::{self, Enrolment, Stage as Step};
use crate::store::factor::{self, Factor};
use crate::store::load::Loading;
use crate::store::pending::{self, Kind, State};
use crate::store::{consumed, guess};
use engine::ids::{AccountId, FactorId, PageId, SiteId};
use engine::time::Timestamp;
use engine::token::challenge::{Act, ActChallenge, BulkChallenge, DecisionChallenge, Listed, authentic};
use engine::token::life::Stage;
use engine::token::link::Errand;
use engine::token::policy::FactorKind;
use engine::token::webauthn::{Credential, check_digits};
use engine::wire::passkey::{
    GoTo, MadeRequest, MadeResponse, MakeRequest, ProveRequest, Proved, ProvedRequest, ProvedResponse, SignRequest,
};
use engine::wire::problem::ProblemKind;
use serde::{Deserialize, Serialize};

/// A link to make a passkey. Rules: (1) a set-up of a passkey is under way, and the person was proved.
pub(super) async fn make(cx: &Cx, caller: &UiCaller, _: MakeRequest) -> Result<GoTo, EdgeError> {
    let db = Db::new(cx.db()?);
    // (1)
    let under_way = under_way(cx, &db, &caller.site, &caller.person).await?;
    let proved = under_way.filter(|found| found.stage == Step::Proved).ok_or_else(too_late)?;
    link::make(cx, caller, Errand::MakePasskey, &proved.id, proved.expires_at)
}

/// How far the making of a passkey is.
pub(super) async fn made(cx: &Cx, caller: &UiCaller, _: MadeRequest) -> Result<MadeResponse, EdgeError> {
    let db = Db::new(cx.db()?);
    let Some(found) = under_way(cx, &db, &caller.site, &caller.person).await? else {
        return Ok(MadeResponse::Over);
    };
    let expires_at = found.expires_at;
    Ok(match found.stage {
        Step::Mailed => MadeResponse::Over,
        Step::Proved => MadeResponse::Waiting { expires_at },
        Step::Registered => {
            let credential = registered(cx, &caller.site, &caller.person, &found)?;
            let check = check_digits(&credential.id);
            MadeResponse::Made { check, synchronised: credential.synchronised, expires_at }
        }
    })
}

/// A link to confirm a verdict. Rules: (1) the challenge is the person's own, for this page, verdict and version, and not
/// over, (2) what they typed can be kept, (3) they have a passkey, and are not locked. Whether a passkey is enough is the
/// policy's to say, when the verdict is carried out.
pub(super) async fn sign(cx: &Cx, caller: &UiCaller, body: SignRequest) -> Result<GoTo, EdgeError> {
    // (1)
    let record: DecisionChallenge = authentic(&challenge::keys(cx)?, &body.challenge).map_err(|_| invalid())?;
    if !challenge::is_for(&record, caller, body.decision, body.page_version) {
        return Err(invalid());
    }
    // (2)
    let comment = text::typed("comment", &body.comment)?;
    text::typed("identification", &body.identification)?;
    let scope = page_scope(&record.page);
    let waits = Waits {
        scope: &scope,
        nonce: record.nonce.as_str(),
        challenge: &body.challenge,
        expires_at: record.expires_at,
    };
    let typed = Typed { comment: comment.unwrap_or_default(), identification: body.identification, ..Typed::default() };
    begin(cx, caller, &waits, Some(&typed), false).await
}

/// A link to confirm anything else: a list of pages, or a change. Rules: (1) the challenge is the person's own, of this list
/// if it is one, and not over; (3) as in [`sign`].
pub(super) async fn prove(cx: &Cx, caller: &UiCaller, body: ProveRequest) -> Result<GoTo, EdgeError> {
    // (1)
    let keys = challenge::keys(cx)?;
    if let Ok(list) = authentic::<BulkChallenge>(&keys, &body.challenge) {
        let is_own = list.site == caller.site && list.account == caller.person;
        if !is_own || list.decision_on(&body.items, 0).is_none() {
            return Err(invalid());
        }
        let waits = Waits {
            scope: LIST_SCOPE,
            nonce: list.nonce.as_str(),
            challenge: &body.challenge,
            expires_at: list.expires_at,
        };
        let typed = Typed { items: body.items, ..Typed::default() };
        return begin(cx, caller, &waits, Some(&typed), false).await;
    }
    let record: ActChallenge = authentic(&keys, &body.challenge).map_err(|_| invalid())?;
    if record.site != caller.site || record.account != caller.person {
        return Err(invalid());
    }
    let scope = format!("act/{}", record.act.as_str());
    let waits = Waits {
        scope: &scope,
        nonce: record.nonce.as_str(),
        challenge: &body.challenge,
        expires_at: record.expires_at,
    };
    begin(cx, caller, &waits, None, record.act == Act::RenewFactor).await
}

/// A challenge that is to wait for a passkey.
struct Waits<'a> {
    scope: &'a str,
    nonce: &'a str,
    challenge: &'a str,
    expires_at: Timestamp,
}

/// What the person typed, to be sent on by our own page: as JSON, sealed.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Typed {
    pub(super) comment: String,
    pub(super) identification: String,
    /// Nothing they typed, but what they picked: the pages of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) items: Vec<Listed>,
}

async fn begin(
    cx: &Cx,
    caller: &UiCaller,
    waits: &Waits<'_>,
    typed: Option<&Typed>,
    expired: bool,
) -> Result<GoTo, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    if cx.now > waits.expires_at {
        return Err(too_old());
    }
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let used = loading.add(consumed::by_nonce(site, waits.nonce));
    let factors = loading.add(factor::of_person(site, person));
    let guesses = loading.add(guess::of_person(site, person));
    let loaded = loading.run(&db).await?;
    if loaded.get(&used)?.is_some() {
        return Err(EdgeError::refuse(
            ProblemKind::ChallengeUsed,
            "This was confirmed already. Close it and look at the page anew.",
        ));
    }
    // (3)
    if passkeys(cx, &loaded.get(&factors)?, expired).next().is_none() {
        return Err(EdgeError::refuse(
            ProblemKind::NoFactor,
            "You have no passkey that counts here. Use another way to confirm, or set up a passkey first.",
        ));
    }
    if let Some(lock) = loaded.get(&guesses)?.lock(cx.now) {
        return Err(locked(lock));
    }
    let keyring = cx.keyring()?;
    let challenge_sealed =
        seal::seal(keyring, &pending::challenge_binding(site, person, waits.nonce), waits.challenge.as_bytes())?;
    let typed = typed.map(serde_json::to_vec).transpose().map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let comment_sealed = typed
        .map(|typed| seal::seal(keyring, &pending::comment_binding(site, person, waits.nonce), &typed))
        .transpose()?;
    let row = pending::Passkey {
        scope: waits.scope,
        nonce: waits.nonce,
        challenge_sealed: &challenge_sealed,
        comment_sealed: comment_sealed.as_deref(),
        expires_at: waits.expires_at,
    };
    let commit = Commit::new(site, cx.now)
        .require_nonce_unused(waits.nonce)
        .require_not_held(person)
        .raw(pending::passkey(site, person, &row, cx.now));
    commit.run(&db).await?;
    link::make(cx, caller, Errand::UsePasskey, waits.nonce, waits.expires_at)
}

/// How far a confirmation with a passkey is.
pub(super) async fn proved(cx: &Cx, caller: &UiCaller, body: ProvedRequest) -> Result<ProvedResponse, EdgeError> {
    let nonce = nonce_of(cx, caller, &body.challenge)?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let waits = loading.add(pending::by_nonce(&caller.site, &caller.person, &nonce));
    let used = loading.add(consumed::by_nonce(&caller.site, &nonce));
    let loaded = loading.run(&db).await?;
    let is = if loaded.get(&used)?.is_some() {
        Proved::Recorded
    } else {
        match loaded.get(&waits)?.filter(|found| found.kind == Kind::Passkey && cx.now < found.expires_at) {
            Some(found) if found.state == State::Waiting => Proved::Waiting,
            Some(found) if found.state == State::Proved => Proved::Proved,
            _ => Proved::Over,
        }
    };
    Ok(ProvedResponse { is })
}

/// Of whichever kind the challenge is, if it is the caller's.
fn nonce_of(cx: &Cx, caller: &UiCaller, token: &str) -> Result<String, EdgeError> {
    let keys = challenge::keys(cx)?;
    let verdict = authentic::<DecisionChallenge>(&keys, token).map(|of| (of.site, of.account, of.nonce));
    let found = verdict
        .or_else(|_| authentic::<BulkChallenge>(&keys, token).map(|of| (of.site, of.account, of.nonce)))
        .or_else(|_| authentic::<ActChallenge>(&keys, token).map(|of| (of.site, of.account, of.nonce)));
    let (site, account, nonce) = found.map_err(|_| invalid())?;
    if site == caller.site && account == caller.person { Ok(nonce.as_str().to_owned()) } else { Err(invalid()) }
}

/// Where a list of pages waits: one a person.
pub(super) const LIST_SCOPE: &str = "list";

/// Where a verdict on a page waits.
pub(super) fn page_scope(page: &PageId) -> String {
    format!("page/{page}")
}

/// The person's set-up of a passkey, if one is under way.
pub(super) async fn under_way(
    cx: &Cx,
    db: &Db,
    site: &SiteId,
    person: &AccountId,
) -> Result<Option<Enrolment>, EdgeError> {
    let found = db.ask(enrolment::of_person(site, person)).await?;
    Ok(found.filter(|found| found.kind == FactorKind::Passkey && cx.now < found.expires_at))
}

/// The passkey of a set-up.
pub(super) fn registered(cx: &Cx, site: &SiteId, person: &AccountId, of: &Enrolment) -> Result<Credential, EdgeError> {
    let sealed =
        of.secret_sealed.as_deref().ok_or_else(|| EdgeError::internal("a registered set-up has no passkey"))?;
    credential(cx, site, person, &FactorId::new(&of.id), sealed)
}

/// A passkey's key, opened.
pub(super) fn credential(
    cx: &Cx,
    site: &SiteId,
    person: &AccountId,
    factor: &FactorId,
    sealed: &str,
) -> Result<Credential, EdgeError> {
    let opened = open(cx.keyring()?, &attempt::binding(site, person, factor), sealed)?;
    serde_json::from_slice(&opened).map_err(|_| EdgeError::internal("a passkey is not what was kept"))
}

/// Passkeys that count now; with `expired` also those that can be renewed.
pub(super) fn passkeys<'a>(cx: &Cx, factors: &'a [Factor], expired: bool) -> impl Iterator<Item = &'a Factor> {
    let now = cx.now;
    let counts = move |factor: &Factor| factor.counts(now) || (expired && factor.stage(now) == Stage::Expired);
    factors.iter().filter(move |factor| factor.kind == FactorKind::Passkey && counts(factor))
}

fn invalid() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeInvalid,
        "This confirmation was not made for you, here, and this. Close it and start again; what you typed is kept.",
    )
}

fn too_old() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::ChallengeExpired,
        "You took longer than the few minutes a confirmation is good for. Ask for a new one; your comment is kept.",
    )
}

/// The set-up is over.
pub(super) fn too_late() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::EnrolmentExpired,
        "This set-up is over: it took too long, or a newer one was begun. Start again.",
    )
}
