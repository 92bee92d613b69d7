//! One module a route, or a few that belong together.
//!
//! The caller was verified and may use the route before anything here is reached; what the person may do on a page, in a
//! space, on the site is asked in each handler. Handlers number the rules they enforce.

mod acting;
mod actions;
pub(crate) mod address;
pub(crate) mod app;
mod assignments;
pub(crate) mod attempt;
mod bulk;
mod care;
mod challenge;
mod confirm;
mod decision;
mod digest;
mod emergency;
mod enrolment;
mod events;
mod factors;
mod heal;
pub(crate) mod hosted;
mod insights;
mod invitation;
pub(crate) mod invited;
mod job_preview;
mod jobs;
mod keys;
mod lifecycle;
mod mail_sign;
mod me;
mod offer;
pub(crate) mod operator;
mod page;
mod passkey;
mod people;
mod policy;
mod reassign;
pub(crate) mod refusal;
mod schedule;
mod seen;
mod select;
mod sensitive;
mod settings;
pub(crate) mod site;
mod space;
mod status;
mod submit;
mod text;
mod workflows;

use crate::cx::Cx;
use crate::fit::caller::{PlatformCaller, UiCaller};
use crate::http::{EdgeError, answer, body};
use engine::wire::problem::ProblemKind;
use engine::wire::route;
use worker::Response;

pub(crate) use schedule::clock;

/// Routes that change something on behalf of a person. An inactive licence makes a site read-only, never unreadable.
const CHANGING: [&str; 37] = [
    route::SUBMIT,
    route::CHALLENGE,
    route::DECISION,
    route::SELECT,
    route::REASSIGN,
    route::INVITE,
    route::INVITE_REVOKE,
    route::CONFIRM_MAIL,
    route::ME_ABSENCE,
    route::ME_DIGEST,
    route::ENROL_BEGIN,
    route::ENROL_MAIL_CODE,
    route::ENROL_CONFIRM,
    route::FACTOR_RENAME,
    route::FACTOR_RENEW,
    route::FACTOR_REMOVE,
    route::RECOVERY_CODES,
    route::PASSKEY_MAKE,
    route::PASSKEY_SIGN,
    route::PASSKEY_PROVE,
    route::INSIGHTS_REMIND,
    route::CARE_REVOKE,
    route::CARE_LIFE,
    route::CARE_UNLOCK,
    route::POLICY_SET,
    route::EMERGENCY_ASK,
    route::EMERGENCY_WITHDRAW,
    route::EMERGENCY_CARRY_OUT,
    route::WORKFLOW_DEFINE,
    route::WORKFLOW_STANDING,
    route::ASSIGN,
    route::SPACE_ASSIGN,
    route::SPACE_VALUES,
    route::JOB_BEGIN,
    route::JOB_CANCEL,
    route::BULK_CHALLENGE,
    route::BULK_DECISION,
];

/// A person's request.
pub(crate) async fn ui(cx: &Cx, caller: &UiCaller, path: &str, sent: Vec<u8>) -> Result<Response, EdgeError> {
    if caller.license_active == Some(false) && CHANGING.contains(&path) {
        return Err(EdgeError::refuse(
            ProblemKind::ReadOnly,
            "Countersign's licence on this site is not active. Everything can be read; a Confluence admin can renew it.",
        ));
    }
    macro_rules! call {
        ($handler:path) => {
            answer::json(&$handler(cx, caller, body::json(&sent)?).await?)
        };
    }
    match path {
        route::STATUS => call!(status::handle),
        route::CONFIRM => call!(confirm::handle),
        route::ACTIONS => call!(actions::handle),
        route::SUBMIT => call!(submit::handle),
        route::CHALLENGE => call!(challenge::handle),
        route::DECISION => call!(decision::handle),
        route::SELECT => call!(select::handle),
        route::REASSIGN => call!(reassign::handle),
        route::INVITE_ATTACHMENTS => call!(invitation::attachments),
        route::INVITE => call!(invitation::invite),
        route::INVITE_REVOKE => call!(invitation::revoke),
        route::INVITED_PEOPLE => call!(invitation::people),
        // Also where the licence has ended: who wants to be forgotten is.
        route::INVITED_ERASE => call!(invitation::erase),
        route::CONFIRM_MAIL => call!(mail_sign::handle),
        route::ME => call!(me::handle),
        route::ME_ABSENCE => call!(me::absence),
        route::ME_DIGEST => call!(digest::handle),
        route::ENROL_BEGIN => call!(enrolment::begin),
        route::ENROL_MAIL_CODE => call!(enrolment::mail_code),
        route::ENROL_CONFIRM => call!(enrolment::confirm),
        route::FACTORS => call!(factors::list),
        route::FACTOR_RENAME => call!(factors::rename),
        route::FACTOR_RENEW => call!(factors::renew),
        route::FACTOR_REMOVE => call!(factors::remove),
        route::RECOVERY_CODES => call!(factors::new_codes),
        // Also where the licence has ended: nobody is kept from locking themselves.
        route::SESSIONS_END => call!(factors::end_sessions),
        route::NOT_ME => call!(factors::not_me),
        route::PASSKEY_MAKE => call!(passkey::make),
        route::PASSKEY_MADE => call!(passkey::made),
        route::PASSKEY_SIGN => call!(passkey::sign),
        route::PASSKEY_PROVE => call!(passkey::prove),
        route::PASSKEY_PROVED => call!(passkey::proved),
        route::SETTINGS => call!(settings::overview),
        route::SETTINGS_RETRY => call!(settings::retry),
        route::INSIGHTS => call!(insights::list),
        route::INSIGHTS_PERSON => call!(insights::person),
        route::INSIGHTS_REMIND => call!(insights::remind),
        route::CARE_REVOKE => call!(care::revoke),
        route::CARE_LIFE => call!(care::life),
        route::CARE_UNLOCK => call!(care::unlock),
        route::SETTINGS_KEYS => call!(keys::overview),
        route::SETTINGS_CHECK_WORKFLOW => call!(settings::check_workflow),
        route::EMERGENCY => call!(emergency::get),
        route::EMERGENCY_ASK => call!(emergency::ask),
        route::EMERGENCY_WITHDRAW => call!(emergency::withdraw),
        route::EMERGENCY_CARRY_OUT => call!(emergency::decide),
        route::POLICY => call!(policy::get),
        route::POLICY_CHECK => call!(policy::check),
        route::POLICY_SET => call!(policy::set),
        route::POLICY_WHAT_IF => call!(policy::what_if),
        route::WHY => call!(policy::why),
        route::WORKFLOWS => call!(workflows::list),
        route::WORKFLOW => call!(workflows::get),
        route::WORKFLOW_CHECK => call!(workflows::check),
        route::WORKFLOW_DEFINE => call!(workflows::define),
        route::WORKFLOW_STANDING => call!(workflows::standing),
        route::WORKFLOW_TEMPLATE => call!(workflows::template),
        route::WORKFLOW_IMPORT => call!(workflows::import),
        route::ASSIGNMENTS | route::SPACE_ASSIGNMENTS => call!(assignments::get),
        route::ASSIGN | route::SPACE_ASSIGN => call!(assignments::assign),
        route::WHAT_IF => call!(assignments::what_if),
        route::SPACE_VALUES => call!(assignments::values),
        route::JOB_PREVIEW => call!(jobs::preview),
        route::JOB_BEGIN => call!(jobs::begin),
        route::JOB => call!(jobs::get),
        route::JOB_CANCEL => call!(jobs::cancel),
        route::JOBS => call!(jobs::list),
        route::SPACE => call!(space::handle),
        route::BULK_CHALLENGE => call!(bulk::challenge),
        route::BULK_DECISION => call!(bulk::decide),
        _ => Err(nothing()),
    }
}

/// The platform's call.
pub(crate) async fn platform(
    cx: &Cx,
    caller: &PlatformCaller,
    path: &str,
    sent: Vec<u8>,
) -> Result<Response, EdgeError> {
    // The schedule may come without a body.
    let body = if sent.is_empty() { serde_json::Value::Null } else { body::json(&sent)? };
    match path {
        route::FORGE_EVENTS => answer::json(&events::handle(cx, caller, body).await?),
        route::FORGE_SCHEDULE => answer::json(&schedule::handle(cx, caller, body).await?),
        route::FORGE_LIFECYCLE => answer::json(&lifecycle::handle(cx, caller, body).await?),
        _ => Err(nothing()),
    }
}

fn nothing() -> EdgeError {
    EdgeError::refuse(ProblemKind::NoSuchRoute, "There is nothing at this address.")
}
