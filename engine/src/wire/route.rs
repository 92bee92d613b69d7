//! Paths of the edge.

/// What a viewer sees first: one KV read. [`super::status::StatusRequest`] → [`super::status::StatusResponse`].
pub const STATUS: &str = "/api/status";
/// The same from the journal, with the page's version where the edge has to look. [`super::status::ConfirmRequest`] → [`super::status::ConfirmResponse`].
pub const CONFIRM: &str = "/api/confirm";
/// What this person may do now. [`super::status::ActionsRequest`] → [`super::status::ActionsResponse`].
pub const ACTIONS: &str = "/api/actions";
/// Submit the page for review. [`super::act::SubmitRequest`] → [`super::act::SubmitResponse`].
pub const SUBMIT: &str = "/api/submit";
/// What am I about to sign? [`super::act::ChallengeRequest`] → [`super::act::ChallengeResponse`].
pub const CHALLENGE: &str = "/api/challenge";
/// Approve or reject. [`super::act::DecisionRequest`] → [`super::act::DecisionResponse`].
pub const DECISION: &str = "/api/decision";
/// Mail me a code. [`super::enrolment::BeginRequest`] → [`super::enrolment::BeginResponse`].
pub const ENROL_BEGIN: &str = "/api/enrolment/begin";
/// Here is the mailed code. [`super::enrolment::MailCodeRequest`] → [`super::enrolment::SecretResponse`].
pub const ENROL_MAIL_CODE: &str = "/api/enrolment/mail-code";
/// Here is the first code of my authenticator. [`super::enrolment::ConfirmRequest`] → [`super::enrolment::ConfirmResponse`].
pub const ENROL_CONFIRM: &str = "/api/enrolment/confirm";
/// Everything the settings view shows. [`super::settings::OverviewRequest`] → [`super::settings::OverviewResponse`].
pub const SETTINGS: &str = "/api/settings/overview";
/// Try a failed effect again. [`super::settings::RetryRequest`] → [`super::settings::RetryResponse`].
pub const SETTINGS_RETRY: &str = "/api/settings/retry";
/// What an unlock will do. [`super::settings::UnlockChallengeRequest`] → [`super::settings::UnlockChallengeResponse`].
pub const SETTINGS_UNLOCK_CHALLENGE: &str = "/api/settings/unlock-challenge";
/// Unlock a person. [`super::settings::UnlockRequest`] → [`super::settings::UnlockResponse`].
pub const SETTINGS_UNLOCK: &str = "/api/settings/unlock";
/// Would this definition be accepted? [`super::settings::CheckWorkflowRequest`] → [`super::settings::CheckWorkflowResponse`].
pub const SETTINGS_CHECK_WORKFLOW: &str = "/api/settings/check-workflow";
/// The pages of this space. [`super::space::SpaceRequest`] → [`super::space::SpaceResponse`].
pub const SPACE: &str = "/api/space/overview";

/// Product events (platform only).
pub const FORGE_EVENTS: &str = "/forge/events";
/// The hourly schedule (platform only).
pub const FORGE_SCHEDULE: &str = "/forge/schedule";
/// Install, upgrade, uninstall (platform only).
pub const FORGE_LIFECYCLE: &str = "/forge/lifecycle";
/// Is the Worker up? `GET`, no token, says nothing else.
pub const HEALTH: &str = "/health";
