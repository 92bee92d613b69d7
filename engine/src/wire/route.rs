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
/// Pick a transition. [`super::act::SelectRequest`] → [`super::act::SelectResponse`].
pub const SELECT: &str = "/api/select";
/// Ask somebody in another's place, or besides. [`super::act::ReassignRequest`] → [`super::act::ReassignResponse`].
pub const REASSIGN: &str = "/api/reassign";
/// What I have set for myself. [`super::me::MeRequest`] → [`super::me::MeResponse`].
pub const ME: &str = "/api/me";
/// I am away. [`super::me::AbsenceRequest`] → [`super::me::MeResponse`].
pub const ME_ABSENCE: &str = "/api/me/absence";
/// How often I get a list of what waits for me. [`super::me::DigestRequest`] → [`super::me::MeResponse`].
pub const ME_DIGEST: &str = "/api/me/digest";
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
/// The workflows of the site, and templates. [`super::workflows::WorkflowsRequest`] → [`super::workflows::WorkflowsResponse`].
pub const WORKFLOWS: &str = "/api/settings/workflows";
/// One workflow with its history. [`super::workflows::WorkflowRequest`] → [`super::workflows::WorkflowResponse`].
pub const WORKFLOW: &str = "/api/settings/workflow";
/// What is to be said about a document? [`super::workflows::CheckRequest`] → [`super::workflows::CheckResponse`].
pub const WORKFLOW_CHECK: &str = "/api/settings/workflow/check";
/// A new workflow or version. [`super::workflows::DefineRequest`] → [`super::workflows::Answer`] of [`super::workflows::Defined`].
pub const WORKFLOW_DEFINE: &str = "/api/settings/workflow/define";
/// Enable, disable, delete. [`super::workflows::StandingRequest`] → [`super::workflows::Answer`] of [`super::workflows::Defined`].
pub const WORKFLOW_STANDING: &str = "/api/settings/workflow/standing";
/// A template's document. [`super::workflows::TemplateRequest`] → [`super::workflows::TemplateResponse`].
pub const WORKFLOW_TEMPLATE: &str = "/api/settings/workflow/template";
/// A workflow of Comala's. [`super::workflows::ImportRequest`] → [`super::workflows::ImportResponse`].
pub const WORKFLOW_IMPORT: &str = "/api/settings/workflow/import";
/// Rules of the site or a space. [`super::assignments::AssignmentsRequest`] → [`super::assignments::AssignmentsResponse`].
pub const ASSIGNMENTS: &str = "/api/settings/assignments";
/// Set them. [`super::assignments::AssignRequest`] → [`super::workflows::Answer`] of [`super::assignments::Assigned`].
pub const ASSIGN: &str = "/api/settings/assign";
/// Which rule decides? [`super::assignments::WhatIfRequest`] → [`super::assignments::WhatIfResponse`].
pub const WHAT_IF: &str = "/api/settings/what-if";
/// What would a job do? [`super::jobs::PreviewRequest`] → [`super::jobs::Preview`].
pub const JOB_PREVIEW: &str = "/api/settings/job/preview";
/// Begin it. [`super::jobs::BeginRequest`] → [`super::workflows::Answer`] of [`super::jobs::Job`].
pub const JOB_BEGIN: &str = "/api/settings/job/begin";
/// How far is it? [`super::jobs::JobRequest`] → [`super::jobs::Job`].
pub const JOB: &str = "/api/settings/job";
/// Stop it. [`super::jobs::JobRequest`] → [`super::jobs::Job`].
pub const JOB_CANCEL: &str = "/api/settings/job/cancel";
/// The latest jobs. [`super::jobs::JobsRequest`] → [`super::jobs::JobsResponse`].
pub const JOBS: &str = "/api/settings/jobs";
/// Rules of this space, for its admins. [`super::assignments::AssignmentsRequest`] → [`super::assignments::AssignmentsResponse`].
pub const SPACE_ASSIGNMENTS: &str = "/api/space/assignments";
/// Set them. [`super::assignments::AssignRequest`] → [`super::workflows::Answer`] of [`super::assignments::Assigned`].
pub const SPACE_ASSIGN: &str = "/api/space/assign";
/// This space's values of a workflow's parameters. [`super::workflows::ValuesRequest`] → [`super::workflows::Answer`] of [`super::workflows::Defined`].
pub const SPACE_VALUES: &str = "/api/space/values";
/// The pages of this space. [`super::space::SpaceRequest`] → [`super::space::SpaceResponse`].
pub const SPACE: &str = "/api/space/overview";

/// Product events (platform only).
pub const FORGE_EVENTS: &str = "/forge/events";
/// The hourly schedule (platform only).
pub const FORGE_SCHEDULE: &str = "/forge/schedule";
/// Install, upgrade, uninstall (platform only).
pub const FORGE_LIFECYCLE: &str = "/forge/lifecycle";
/// The JSON Schema of workflow definitions, for editors. `GET`, no token.
pub const SCHEMA: &str = "/workflow.schema.json";
/// Is the Worker up? `GET`, no token, says nothing else.
pub const HEALTH: &str = "/health";
