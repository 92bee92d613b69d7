//! The person proved to be the account's owner: what they are shown then.

use super::super::address;
use super::super::attempt::{self, Trying};
use super::super::refusal::locked;
use super::{under_way, unfinished};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::random;
use crate::secret::{mail_code as kept, seal};
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::enrolment::{self, Enrolment, Stage};
use crate::store::guess::{self, Attempt};
use core::time::Duration;
use engine::audit::fact::{AttemptFault, AttemptPurpose, EnrolmentProof};
use engine::ids::FactorId;
use engine::token::guessing::Lock;
use engine::token::policy::FactorKind;
use engine::token::totp::TotpSecret;
use engine::token::{mail_code, otpauth};
use engine::wire::enrolment::{MailCodeRequest, PasskeyResponse, Proved, SecretResponse};
use engine::wire::problem::{Problem, ProblemKind};

/// How long the secret waits for its first code, or a passkey to be registered.
pub(super) const SECRET_LIFE: Duration = Duration::from_secs(900);
/// As authenticator apps list it.
const ISSUER: &str = "Countersign";

/// What a mailed code is for.
pub(super) fn what(enrolment: &str) -> String {
    format!("enrolment/{enrolment}")
}

/// Rules: (1) it can be a code, (2) an enrolment waits for one, (3) the attempt is counted before it is compared, (4) it
/// is the code of this enrolment; then the secret is made.
pub(in super::super) async fn mail_code(
    cx: &Cx,
    caller: &UiCaller,
    body: MailCodeRequest,
) -> Result<Proved, EdgeError> {
    let (site, person) = (&caller.site, &caller.person);
    // (1)
    let typed = mail_code::normalise(&body.code).ok_or_else(|| {
        Problem::new(ProblemKind::BadField, "The mailed code has eight letters and digits, like ABCD-1234.").at("code")
    })?;
    let db = Db::new(cx.db()?);
    // (2)
    let mut pending = under_way(cx, &db, caller, &[Stage::Mailed]).await?;
    // (3)
    let trying = Trying { site, person, purpose: AttemptPurpose::EnrolmentMail };
    let attempt = db.ask(guess::attempt(site, person, None, cx.now)).await?;
    if !attempt.admitted {
        return Err(locked(attempt.after.lock(cx.now).unwrap_or(Lock::UntilUnlocked)));
    }
    // (4)
    let whose = kept::For { site, person, what: &what(&pending.id) };
    if !kept::fits(cx.keyring()?, whose, &typed, &pending.mail_code_hmac) {
        let detail = "That is not the code from the newest mail. Look for the latest one, or have another sent.";
        return Err(wrong(cx, &db, trying, attempt, AttemptFault::Wrong, FactorKind::MailCode, detail).await?);
    }
    make_secret(cx, caller, &mut pending)?;
    pending.expires_at = cx.now + SECRET_LIFE;
    let proved = EnrolmentProof::MailCode;
    let secret = pending.secret_sealed.as_deref();
    let commit = Commit::new(site, cx.now)
        .require_no_factor(person)
        .require_enrolment(person, &pending.id, Stage::Mailed)
        .require_not_held(person)
        .raw(enrolment::prove(site, person, &pending.id, proved, secret, pending.expires_at))
        .raw(guess::take_back(site, person, &attempt));
    commit.run(&db).await.map_err(unfinished)?;
    shown(cx, &db, caller, &pending).await
}

/// Makes an authenticator's secret; a passkey brings its own.
pub(super) fn make_secret(cx: &Cx, caller: &UiCaller, pending: &mut Enrolment) -> Result<(), EdgeError> {
    if pending.kind == FactorKind::Totp {
        let secret = TotpSecret::new(*random::bytes::<20>()?);
        let factor = FactorId::new(&pending.id);
        let binding = attempt::binding(&caller.site, &caller.person, &factor);
        pending.secret_sealed = Some(seal::seal(cx.keyring()?, &binding, secret.bytes())?);
    }
    Ok(())
}

/// What somebody is shown who proved to be the account's owner.
pub(super) async fn shown(cx: &Cx, db: &Db, caller: &UiCaller, pending: &Enrolment) -> Result<Proved, EdgeError> {
    let expires_at = pending.expires_at;
    if pending.kind != FactorKind::Totp {
        return Ok(Proved::Passkey(PasskeyResponse { enrolment: pending.id.clone(), expires_at }));
    }
    let secret = secret_of(cx, caller, pending)?;
    let account = address::of(cx, db, &caller.site, &caller.person).await?;
    let account = account.unwrap_or_else(|| caller.person.as_str().to_owned());
    Ok(Proved::Secret(SecretResponse {
        key: secret.base32(),
        qr_svg: qr_svg(&otpauth::uri(&secret, ISSUER, &account))?,
        issuer: ISSUER.to_owned(),
        account,
        expires_at,
    }))
}

/// The secret that was made.
pub(super) fn secret_of(cx: &Cx, caller: &UiCaller, pending: &Enrolment) -> Result<TotpSecret, EdgeError> {
    let sealed =
        pending.secret_sealed.as_deref().ok_or_else(|| EdgeError::internal("a proved enrolment has no secret"))?;
    let factor = FactorId::new(&pending.id);
    let opened = seal::open(cx.keyring()?, &attempt::binding(&caller.site, &caller.person, &factor), sealed)?;
    TotpSecret::from_slice(&opened).ok_or_else(|| EdgeError::internal("a new secret has a wrong length"))
}

/// Journals a refused code and says so in words that fit.
pub(in super::super) async fn wrong(
    cx: &Cx,
    db: &Db,
    trying: Trying<'_>,
    attempt: Attempt,
    fault: AttemptFault,
    kind: FactorKind,
    detail: &str,
) -> Result<EdgeError, EdgeError> {
    let field = if kind == FactorKind::RecoveryCode { "recovery_code" } else { "code" };
    Ok(match attempt::failed(cx, db, trying, attempt, fault, Some(kind)).await? {
        EdgeError::Refused(mut problem) => {
            detail.clone_into(&mut problem.detail);
            problem.field = Some(field.to_owned());
            EdgeError::Refused(problem)
        }
        other => other,
    })
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
    fn the_qr_code_is_an_svg_document() {
        let svg = qr_svg("otpauth://totp/Countersign:a?secret=AAAA").unwrap();
        assert!(svg.contains("<svg") && !svg.contains("<script"));
    }
}
