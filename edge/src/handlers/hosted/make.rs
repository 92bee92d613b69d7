//! Making a passkey. It counts for nothing before the same person confirms it inside Confluence.

use crate::cx::Cx;
use crate::handlers::passkey::{credential, registered, too_late, under_way};
use crate::handlers::{app, attempt, people};
use crate::hosted::over;
use crate::http::EdgeError;
use crate::secret::seal;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::enrolment::{self, Enrolment, Stage};
use crate::store::factor;
use crate::store::fault::{CommitFault, Precondition};
use data_encoding::BASE64URL_NOPAD;
use engine::ids::FactorId;
use engine::token::link::{Errand, Going};
use engine::token::policy::FactorKind;
use engine::token::webauthn::{self, RelyingParty, challenge_for_registration, check_digits, user_id};
use engine::wire::passkey::{MakeOptions, RegisterRequest, Task};
use engine::wire::problem::ProblemKind;

/// What is to be done.
pub(super) async fn task(cx: &Cx, going: &Going) -> Result<Task, EdgeError> {
    let db = Db::new(cx.db()?);
    let found = of_visit(cx, &db, going).await?;
    if found.stage == Stage::Registered {
        return made(cx, going, &found);
    }
    let app = app::client_for(cx, &db, &going.site).await?;
    let name = people::name(&app, &going.account).await?;
    let mut exclude = Vec::new();
    for one in db.ask(factor::of_person(&going.site, &going.account)).await? {
        if one.kind == FactorKind::Passkey {
            exclude.push(credential(cx, &going.site, &going.account, &one.id, &one.secret_sealed)?.id);
        }
    }
    let options = MakeOptions {
        challenge: BASE64URL_NOPAD.encode(&challenge_for_registration(&going.nonce)),
        rp_id: cx.hosted()?.rp_id,
        user_id: BASE64URL_NOPAD.encode(&user_id(&going.site, &going.account)),
        user_name: name,
        exclude,
        expires_at: found.expires_at,
    };
    Ok(Task::Make { options })
}

/// A passkey was made. Rules: (1) the visit is for this set-up, and the person was proved; (2) it answers this visit's
/// challenge, here, with the person verified; (3) it is kept with the set-up, once.
pub(super) async fn register(cx: &Cx, going: &Going, body: RegisterRequest) -> Result<Task, EdgeError> {
    let (site, person) = (&going.site, &going.account);
    let db = Db::new(cx.db()?);
    // (1)
    if going.errand != Errand::MakePasskey {
        return Err(over());
    }
    let mut found = of_visit(cx, &db, going).await?;
    if found.stage == Stage::Registered {
        return made(cx, going, &found);
    }
    // (2)
    let hosted = cx.hosted()?;
    let party = RelyingParty { origin: hosted.origin, id: hosted.rp_id };
    let challenge = challenge_for_registration(&going.nonce);
    let new = webauthn::register(&body.registration, &challenge, &party).map_err(refused)?;
    // (3)
    let json = serde_json::to_vec(&new.credential).map_err(|fault| EdgeError::internal(fault.to_string()))?;
    let sealed = seal::seal(cx.keyring()?, &attempt::binding(site, person, &FactorId::new(&found.id)), &json)?;
    let commit = Commit::new(site, cx.now)
        .require_enrolment(person, &found.id, Stage::Proved)
        .require_not_held(person)
        .raw(enrolment::register(site, person, &found.id, &sealed, new.counter));
    match commit.run(&db).await {
        Ok(()) => {
            found.stage = Stage::Registered;
            found.secret_sealed = Some(sealed);
            made(cx, going, &found)
        }
        Err(CommitFault::Failed(Precondition::Enrolment)) => Err(too_late()),
        Err(fault) => Err(fault.into()),
    }
}

fn made(cx: &Cx, going: &Going, found: &Enrolment) -> Result<Task, EdgeError> {
    let credential = registered(cx, &going.site, &going.account, found)?;
    Ok(Task::Made { check: check_digits(&credential.id) })
}

/// The set-up the visit is for.
async fn of_visit(cx: &Cx, db: &Db, going: &Going) -> Result<Enrolment, EdgeError> {
    let found = under_way(cx, db, &going.site, &going.account).await?;
    found.filter(|found| found.id == going.about && found.stage != Stage::Mailed).ok_or_else(too_late)
}

/// Nothing is guessed here, so nothing is counted.
fn refused(fault: webauthn::Fault) -> EdgeError {
    EdgeError::outage(
        ProblemKind::PasskeyRefused,
        format!("The passkey can't be used here: {fault}. Try again, or use another device."),
        format!("a new passkey was refused: {fault:?}"),
    )
}
