//! Enrolling a first authenticator app: a mailed code, a secret, a first code.
//!
//! The mailed code proves that the person reads the account's mail, which a stolen session alone does not; the first code
//! proves that the secret arrived. Wrong codes of both kinds count into the person's one counter.

use super::attempt::{self, Trying};
use super::refusal::locked;
use super::{app, heal};
use crate::confluence::user;
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::secret::keys::Purpose;
use crate::secret::seal;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::enrolment::{self, Enrolment, Stage};
use crate::store::factor::{self, Factor};
use crate::store::fault::{CommitFault, Precondition};
use crate::store::load::Loading;
use crate::store::{guess, journal};
use core::time::Duration;
use data_encoding::HEXLOWER;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::audit::fact::{AttemptFault, AttemptPurpose, EnrolmentProof, FactorEvent};
use engine::effect::Effect;
use engine::ids::{FactorId, StreamId};
use engine::token::guessing::Lock;
use engine::token::policy::FactorKind;
use engine::token::totp::{TotpSecret, accept};
use engine::token::{mail_code, otpauth};
use engine::wire::enrolment::{
    BeginRequest, BeginResponse, ConfirmRequest, ConfirmResponse, MailCodeRequest, SecretResponse,
};
use engine::wire::problem::{Problem, ProblemKind};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a mailed code is good (NIST SP 800-63B-4, 3.1.3.2: at most 10 minutes).
const MAIL_CODE_LIFE: Duration = Duration::from_secs(600);
/// How long the secret waits for its first code.
const SECRET_LIFE: Duration = Duration::from_secs(900);
/// As authenticator apps list it.
const ISSUER: &str = "Countersign";

/// Rules: (1) no factor yet, (2) not locked, (3) an address to mail to, (4) not too many mails.
pub(super) async fn begin(cx: &Cx, caller: &UiCaller, _: BeginRequest) -> Result<BeginResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    let db = Db::new(cx.db()?);
    let mut loading = Loading::new();
    let factors = loading.add(factor::of_person(site, person));
    let guesses = loading.add(guess::of_person(site, person));
    let next_mail = loading.add(enrolment::next_mail_at(site, person, cx.now));
    let loaded = loading.run(&db).await?;
    // (1)
    if !loaded.get(&factors)?.is_empty() {
        return Err(factor_exists());
    }
    // (2)
    if let Some(lock) = loaded.get(&guesses)?.lock(cx.now) {
        return Err(locked(lock));
    }
    // (3)
    let app = app::client_for(cx, &db, site).await?;
    let address = user::email(&app, person).await?.ok_or_else(|| {
        EdgeError::refuse(
            ProblemKind::NotAllowed,
            "Confluence knows no e-mail address for your account, so no code can be sent. Ask a Confluence admin.",
        )
    })?;
    let code = mail_code::from_random(*random::bytes::<5>()?);
    let id = random::id()?;
    let expires_at = cx.now + MAIL_CODE_LIFE;
    let keyring = cx.keyring()?;
    let typed = mail_code::normalise(&code).unwrap_or_default();
    let pending = Enrolment {
        stage: Stage::Mailed,
        mail_code_hmac: code_hmac(cx, caller, &id, &typed)?,
        mail_code_sealed: Some(seal::seal(keyring, &enrolment::mail_code_binding(site, person, &id), code.as_bytes())?),
        secret_sealed: None,
        created_at: cx.now,
        expires_at,
        id,
    };
    let effect = Effect::MailEnrolmentCode { person: person.clone(), enrolment: pending.id.clone() };
    let commit = Commit::new(site, cx.now)
        .require_no_factor(person)
        .require_mail_allowed(person)
        .raw(enrolment::begin(site, person, &pending))
        .raw(enrolment::ask_mail(site, person, &pending.id, cx.now))
        .effect(&effect, &pending.id);
    match commit.run(&db).await {
        Ok(()) => {
            heal::carry_out(cx, site);
            Ok(BeginResponse { sent_to: masked(&address), expires_at })
        }
        Err(CommitFault::Failed(Precondition::FactorExists)) => Err(factor_exists()),
        // (4)
        Err(CommitFault::Failed(Precondition::Mails)) => {
            let detail = "Several codes were mailed to you within the hour. Use the newest one, or wait and ask again.";
            let mut problem = Problem::new(ProblemKind::TooMany, detail);
            problem.retry_at = loaded.get(&next_mail)?;
            Err(problem.into())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Rules: (1) it can be a code, (2) an enrolment waits for one, (3) the attempt is counted before it is compared, (4) it
/// is the code of this enrolment; then the secret is made.
pub(super) async fn mail_code(cx: &Cx, caller: &UiCaller, body: MailCodeRequest) -> Result<SecretResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    // (1)
    let typed = mail_code::normalise(&body.code).ok_or_else(|| {
        Problem::new(ProblemKind::BadField, "The mailed code has eight letters and digits, like ABCD-1234.").at("code")
    })?;
    let db = Db::new(cx.db()?);
    let pending = pending(cx, &db, caller, Stage::Mailed).await?;
    // (3)
    let trying = Trying { site, person, purpose: AttemptPurpose::EnrolmentMail };
    let attempt = db.ask(guess::attempt(site, person, None, cx.now)).await?;
    if !attempt.admitted {
        return Err(locked(attempt.after.lock(cx.now).unwrap_or(Lock::UntilUnlocked)));
    }
    // (4)
    if !code_fits(cx, caller, &pending, &typed)? {
        let refusal = attempt::failed(cx, &db, trying, attempt, AttemptFault::Wrong).await?;
        return Err(match refusal {
            EdgeError::Refused(mut problem) => {
                "That is not the code from the newest mail. Look for the latest one, or have another sent."
                    .clone_into(&mut problem.detail);
                EdgeError::Refused(problem)
            }
            other => other,
        });
    }
    let secret = TotpSecret::new(*random::bytes::<20>()?);
    let factor = FactorId::new(&pending.id);
    let sealed = seal::seal(cx.keyring()?, &attempt::binding(site, person, &factor), secret.bytes())?;
    let expires_at = cx.now + SECRET_LIFE;
    let commit = Commit::new(site, cx.now)
        .require_no_factor(person)
        .require_enrolment(person, &pending.id, Stage::Mailed)
        .require_not_held(person)
        .raw(enrolment::prove(site, person, &pending.id, &sealed, expires_at))
        .reset_guesses(person);
    commit.run(&db).await.map_err(unfinished)?;
    let app = app::client_for(cx, &db, site).await?;
    let account = user::email(&app, person).await?.unwrap_or_else(|| person.as_str().to_owned());
    Ok(SecretResponse {
        key: secret.base32(),
        qr_svg: qr_svg(&otpauth::uri(&secret, ISSUER, &account))?,
        issuer: ISSUER.to_owned(),
        account,
        expires_at,
    })
}

/// Rules: (1) six digits, (2) an enrolment waits for its first code, (3) counted before compared, (4) it is a code of the
/// new secret; then the factor counts, and its owner is told.
pub(super) async fn confirm(cx: &Cx, caller: &UiCaller, body: ConfirmRequest) -> Result<ConfirmResponse, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    // (1)
    let code = attempt::code(&body.code)?;
    let db = Db::new(cx.db()?);
    // (2)
    let pending = pending(cx, &db, caller, Stage::Proved).await?;
    let factor = FactorId::new(&pending.id);
    let sealed = pending.secret_sealed.ok_or_else(|| EdgeError::internal("a proved enrolment has no secret"))?;
    // (3)
    let mut loading = Loading::new();
    let attempt = loading.add(guess::attempt(site, person, None, cx.now));
    let stream = StreamId::factors(person);
    let head = loading.add(journal::head_seq(site, &stream));
    let loaded = loading.run(&db).await?;
    let attempt = loaded.get(&attempt)?;
    if !attempt.admitted {
        return Err(locked(attempt.after.lock(cx.now).unwrap_or(Lock::UntilUnlocked)));
    }
    // (4)
    let opened = seal::open(cx.keyring()?, &attempt::binding(site, person, &factor), &sealed)?;
    let secret =
        TotpSecret::from_slice(&opened).ok_or_else(|| EdgeError::internal("a new secret has a wrong length"))?;
    let Ok(step) = accept(&secret, &code, cx.now, None) else {
        let trying = Trying { site, person, purpose: AttemptPurpose::EnrolmentConfirm };
        return Err(attempt::failed(cx, &db, trying, attempt, AttemptFault::Wrong).await?);
    };
    let event = FactorEvent::FactorEnrolled {
        factor: factor.clone(),
        factor_kind: FactorKind::Totp,
        proved_by: EnrolmentProof::MailCode,
    };
    let entry = Entry {
        v: ENCODING,
        site: site.clone(),
        stream: stream.clone(),
        at: cx.now,
        actor: Actor::person(person),
        event,
    };
    let entry = entry.seal().map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let head = loaded.get(&head)?;
    let new = Factor {
        id: factor.clone(),
        kind: FactorKind::Totp,
        secret_sealed: sealed,
        last_step: step.0,
        enrolled_at: cx.now,
    };
    let commit = Commit::new(site, cx.now)
        .require_no_factor(person)
        .require_enrolment(person, &pending.id, Stage::Proved)
        .require_not_held(person)
        .require_head(&stream, head)
        .append(&entry, head.next())
        .raw(factor::put(site, person, &new))
        .raw(enrolment::end(site, person, &pending.id))
        .reset_guesses(person)
        .effect(&Effect::MailEnrolled { person: person.clone() }, &format!("enrolled/{factor}"));
    commit.run(&db).await.map_err(unfinished)?;
    heal::carry_out(cx, site);
    Ok(ConfirmResponse { factor, enrolled_at: cx.now })
}

/// The person's enrolment, at this stage and in time.
async fn pending(cx: &Cx, db: &Db, caller: &UiCaller, stage: Stage) -> Result<Enrolment, EdgeError> {
    let found = db.ask(enrolment::of_person(&caller.site, &caller.person)).await?;
    found.filter(|found| found.stage == stage && cx.now < found.expires_at).ok_or_else(too_late)
}

fn unfinished(fault: CommitFault) -> EdgeError {
    match fault {
        CommitFault::Failed(Precondition::FactorExists) => factor_exists(),
        CommitFault::Failed(Precondition::Enrolment) => too_late(),
        CommitFault::Failed(Precondition::Held) => locked(Lock::UntilUnlocked),
        other => other.into(),
    }
}

fn too_late() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::EnrolmentExpired,
        "This set-up is over: it took too long, or a newer one was begun. Start again; a new code will be mailed.",
    )
}

fn factor_exists() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::FactorExists,
        "An authenticator is set up for you already. Use its code; if you lost it, ask a Confluence admin.",
    )
}

/// What is kept of a mailed code: bound to site, person and enrolment, under a key of the Worker.
fn code_hmac(cx: &Cx, caller: &UiCaller, id: &str, typed: &str) -> Result<String, EdgeError> {
    let key = cx.keyring()?.newest(Purpose::MailCode);
    let mac = mac(key.bytes(), caller, id, typed)?;
    Ok(format!("{}:{}", key.id, HEXLOWER.encode(&mac.finalize().into_bytes())))
}

/// Compares in constant time.
fn code_fits(cx: &Cx, caller: &UiCaller, pending: &Enrolment, typed: &str) -> Result<bool, EdgeError> {
    let Some((key_id, hex)) = pending.mail_code_hmac.split_once(':') else { return Ok(false) };
    let Some(key) = cx.keyring()?.by_id(Purpose::MailCode, key_id) else { return Ok(false) };
    let Ok(kept) = HEXLOWER.decode(hex.as_bytes()) else { return Ok(false) };
    Ok(mac(key.bytes(), caller, &pending.id, typed)?.verify_slice(&kept).is_ok())
}

fn mac(key: &[u8], caller: &UiCaller, id: &str, typed: &str) -> Result<Hmac<Sha256>, EdgeError> {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(key).map_err(|_| EdgeError::internal("a key has a wrong length"))?;
    for field in [caller.site.as_str(), caller.person.as_str(), id, typed] {
        mac.update(&u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(field.as_bytes());
    }
    Ok(mac)
}

/// Enough of an address to recognise one's own: `m•••@example.com`.
fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}\u{2022}\u{2022}\u{2022}@{domain}")
}

/// The QR code as an SVG document: dark modules on white whatever the theme, because cameras want it so.
fn qr_svg(uri: &str) -> Result<String, EdgeError> {
    let code = qrcode::QrCode::with_error_correction_level(uri, qrcode::EcLevel::M)
        .map_err(|_| EdgeError::internal("the set-up address does not fit a QR code"))?;
    Ok(code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(200, 200)
        .dark_color(qrcode::render::svg::Color("#000000"))
        .light_color(qrcode::render::svg::Color("#ffffff"))
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_masked_but_known_to_its_owner() {
        assert_eq!(masked("mira@example.com"), "m\u{2022}\u{2022}\u{2022}@example.com");
        assert_eq!(masked("é@x"), "é\u{2022}\u{2022}\u{2022}@x");
    }

    #[test]
    fn the_qr_code_is_an_svg_document() {
        let svg = qr_svg("otpauth://totp/Countersign:a?secret=AAAA").unwrap();
        assert!(svg.contains("<svg") && !svg.contains("<script"));
    }
}
