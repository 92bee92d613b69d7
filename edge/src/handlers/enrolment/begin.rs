//! What has to be proved before a factor may be set up, and proving it.

use super::super::factors::{name, own};
use super::super::refusal::locked;
use super::super::sensitive::{self, Change};
use super::super::site::{self, PolicyHead};
use super::super::{app, heal};
use super::prove::{self, SECRET_LIFE};
use super::{alive, entry, factor_exists, no_room, policy_of, unfinished};
use crate::confluence::user;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::mail::address::masked;
use crate::random;
use crate::secret::{mail_code as kept, seal};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::enrolment::{self, Enrolment, Stage};
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::{factor, guess, journal, recovery};
use core::time::Duration;
use engine::audit::fact::{EnrolmentProof, FactorEvent};
use engine::effect::{Effect, OwnerNotice};
use engine::ids::{Seq, StreamId};
use engine::time::Timestamp;
use engine::token::challenge::Act;
use engine::token::life::FACTORS_MAX;
use engine::token::mail_code;
use engine::token::policy::FactorKind;
use engine::wire::enrolment::{BeginRequest, BeginResponse, Begun};
use engine::wire::problem::{Problem, ProblemKind};
use engine::wire::status::ViewerKind;

/// How long a mailed code is good (NIST SP 800-63B-4, 3.1.3.2: at most 10 minutes).
const MAIL_CODE_LIFE: Duration = Duration::from_secs(600);

/// Rules: (1) a kind that is set up, with a name that can be shown, (2) not locked, (3) without any factor: a mailed code,
/// unless the policy waives it, (4) with one: a confirmation with a factor that counts, or a recovery code; (5) there is room.
pub(in super::super) async fn begin(cx: &Cx, caller: &UiCaller, body: BeginRequest) -> Result<Begun, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    // (1)
    if !body.factor_kind.is_enrolled() {
        let detail = "Choose an authenticator app or a passkey: other kinds are not set up.";
        return Err(Problem::new(ProblemKind::BadField, detail).at("factor_kind").into());
    }
    name(&body.name)?;
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let factors = loading.add(factor::of_person(site, person));
    let guesses = loading.add(guess::of_person(site, person));
    let next_mail = loading.add(enrolment::next_mail_at(site, person, cx.now));
    let policy = loading.add(PolicyHead::query(site));
    let left = loading.add(recovery::left(site, person));
    let head = loading.add(journal::head_seq(site, &StreamId::factors(person)));
    let loaded = loading.run(&db).await?;
    // (2)
    if let Some(lock) = loaded.get(&guesses)?.lock(cx.now) {
        return Err(locked(lock));
    }
    let factors = alive(loaded.get(&factors)?, cx.now);
    if let Some(replaces) = &body.replaces {
        own(&factors, replaces)?;
    }
    // (3)
    if factors.is_empty() {
        // Whoever was invited is here because of a code that was mailed a moment ago.
        if caller.kind == ViewerKind::Invited {
            return proved_before(cx, &db, caller, body, EnrolmentProof::MailCode).await;
        }
        return if policy_of(loaded.get(&policy)?.as_ref())?.enrolment.mail_proof {
            mailed(cx, &db, caller, body, loaded.get(&next_mail)?).await
        } else {
            proved_before(cx, &db, caller, body, EnrolmentProof::WaivedByPolicy).await
        };
    }
    // (5)
    if factors.len() >= FACTORS_MAX && body.replaces.is_none() {
        return Err(no_room());
    }
    // (4)
    proved(cx, &db, caller, body, loaded.get(&left)?.count, loaded.get(&head)?).await
}

fn new(cx: &Cx, body: BeginRequest, id: String, stage: Stage, proved_by: Option<EnrolmentProof>) -> Enrolment {
    Enrolment {
        id,
        stage,
        kind: body.factor_kind,
        name: body.name.trim().to_owned(),
        replaces: body.replaces,
        proved_by,
        mail_code_hmac: String::new(),
        mail_code_sealed: None,
        secret_sealed: None,
        step: 0,
        created_at: cx.now,
        expires_at: cx.now + SECRET_LIFE,
    }
}

/// Rules: (1) an address to mail to, (2) still no factor, (3) not too many mails.
async fn mailed(
    cx: &Cx,
    db: &Db,
    caller: &UiCaller,
    body: BeginRequest,
    next_mail: Option<Timestamp>,
) -> Result<Begun, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    // (1)
    let app = app::client_for(cx, db, site).await?;
    let address = user::email(&app, person).await?.ok_or_else(|| {
        EdgeError::refuse(
            ProblemKind::NotAllowed,
            "Confluence knows no e-mail address for your account, so no code can be sent. Ask a Confluence admin.",
        )
    })?;
    let code = mail_code::from_random(*random::bytes::<5>()?);
    let keyring = cx.keyring()?;
    let mut pending = new(cx, body, random::id()?, Stage::Mailed, None);
    let typed = mail_code::normalise(&code).unwrap_or_default();
    pending.expires_at = cx.now + MAIL_CODE_LIFE;
    let what = prove::what(&pending.id);
    pending.mail_code_hmac = kept::digest(keyring, kept::For { site, person, what: &what }, &typed)?;
    let binding = enrolment::mail_code_binding(site, person, &pending.id);
    pending.mail_code_sealed = Some(seal::seal(keyring, &binding, code.as_bytes())?);
    let effect = Effect::MailEnrolmentCode { person: person.clone(), enrolment: pending.id.clone() };
    let commit = Commit::new(site, cx.now)
        .require_no_factor(person)
        .require_mail_allowed(person)
        .raw(enrolment::begin(site, person, &pending))
        .raw(enrolment::ask_mail(site, person, &pending.id, cx.now))
        .effect(&effect, &pending.id);
    match commit.run(db).await {
        Ok(()) => {
            heal::carry_out(cx, site);
            Ok(Begun::Mailed(BeginResponse { sent_to: masked(&address), expires_at: pending.expires_at }))
        }
        // (2)
        Err(CommitFault::Failed(Precondition::FactorExists)) => Err(factor_exists()),
        // (3)
        Err(CommitFault::Failed(Precondition::Mails)) => {
            let detail = "Several codes were mailed to you within the hour. Use the newest one, or wait and ask again.";
            let mut problem = Problem::new(ProblemKind::TooMany, detail);
            problem.retry_at = next_mail;
            Err(problem.into())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Nothing besides what let the person in is asked for, as long as there is no factor: the policy waives it, or it was a code
/// that was mailed.
async fn proved_before(
    cx: &Cx,
    db: &Db,
    caller: &UiCaller,
    body: BeginRequest,
    by: EnrolmentProof,
) -> Result<Begun, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let mut pending = new(cx, body, random::id()?, Stage::Proved, Some(by));
    prove::make_secret(cx, caller, &mut pending)?;
    let commit = Commit::new(site, cx.now)
        .require_no_factor(person)
        .require_not_held(person)
        .raw(enrolment::begin(site, person, &pending));
    commit.run(db).await.map_err(unfinished)?;
    Ok(Begun::Proved(prove::shown(cx, db, caller, &pending).await?))
}

/// Asks for a confirmation with a factor that counts or a recovery code, and goes on once it was given. A recovery code is
/// used up whatever becomes of the set-up, and its owner is told. A request that comes again is shown what the first led to.
async fn proved(
    cx: &Cx,
    db: &Db,
    caller: &UiCaller,
    body: BeginRequest,
    left: u32,
    head: Seq,
) -> Result<Begun, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    site::open(cx, db, site).await?;
    let change = Change { cx, caller, db, act: Act::AddFactor };
    let permit = match change.stage(&body, body.confirm.as_ref()).await? {
        sensitive::Stage::Ask(confirm) => return Ok(Begun::Confirm { confirm: Box::new(confirm) }),
        sensitive::Stage::Made(made) => return again(cx, db, caller, &made.name).await,
        sensitive::Stage::Make(permit) => permit,
    };
    let name = permit.name().to_owned();
    let by_recovery_code = permit.factor().is_some_and(|used| used.kind == FactorKind::RecoveryCode);
    let proved_by = if by_recovery_code { EnrolmentProof::RecoveryCode } else { EnrolmentProof::CurrentFactor };
    let replaces = body.replaces.clone();
    let mut pending = new(cx, body, name.clone(), Stage::Proved, Some(proved_by));
    prove::make_secret(cx, caller, &mut pending)?;
    let stream = StreamId::factors(person);
    let mut commit = Commit::new(site, cx.now)
        .require_room_for_factor(person, replaces.as_ref())
        .raw(enrolment::begin(site, person, &pending));
    if by_recovery_code {
        let left = left.saturating_sub(1);
        let notice = OwnerNotice::RecoveryCodeUsed { left };
        commit = commit
            .require_head(&stream, head)
            .append(&entry(cx, caller, &FactorEvent::RecoveryCodeUsed { left })?, head.next())
            .effect(&Effect::MailOwner { person: person.clone(), notice }, &format!("recovery/{name}"));
    }
    if change.make(&permit, commit, &stream, head.next()).await? {
        heal::carry_out(cx, site);
        Ok(Begun::Proved(prove::shown(cx, db, caller, &pending).await?))
    } else {
        again(cx, db, caller, &name).await
    }
}

async fn again(cx: &Cx, db: &Db, caller: &UiCaller, id: &str) -> Result<Begun, EdgeError> {
    let pending = super::under_way(cx, db, caller, &[Stage::Proved]).await?;
    if pending.id != id {
        return Err(super::too_late());
    }
    Ok(Begun::Proved(prove::shown(cx, db, caller, &pending).await?))
}
