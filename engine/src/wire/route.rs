//! Paths of the edge.

/// What a viewer sees first: one KV read. [`super::status::StatusRequest`] → [`super::status::StatusResponse`].
pub const STATUS: &str = "/api/status";
/// The same from the journal, with the page's version where the edge has to look. [`super::status::ConfirmRequest`] → [`super::status::ConfirmResponse`].
pub const CONFIRM: &str = "/api/confirm";
/// What this person may do now. [`super::status::ActionsRequest`] → [`super::status::ActionsResponse`].
pub const ACTIONS: &str = "/api/actions";
/// Submit the page for review. [`super::act::SubmitRequest`] → [`super::act::Acted`].
pub const SUBMIT: &str = "/api/submit";
/// What am I about to sign? [`super::act::ChallengeRequest`] → [`super::act::ChallengeResponse`].
pub const CHALLENGE: &str = "/api/challenge";
/// Approve or reject. [`super::act::DecisionRequest`] → [`super::act::DecisionResponse`].
pub const DECISION: &str = "/api/decision";
/// Pick a transition. [`super::act::SelectRequest`] → [`super::act::Acted`].
pub const SELECT: &str = "/api/select";
/// Ask somebody in another's place, or besides. [`super::act::ReassignRequest`] → [`super::act::Acted`].
pub const REASSIGN: &str = "/api/reassign";
/// Which attachments could go with an invitation? [`super::invitation::AttachmentsRequest`] → [`super::invitation::AttachmentsResponse`].
pub const INVITE_ATTACHMENTS: &str = "/api/invite/attachments";
/// Ask somebody without an account besides. [`super::invitation::InviteRequest`] → [`super::act::Acted`].
pub const INVITE: &str = "/api/invite";
/// Take an invitation back. [`super::invitation::RevokeRequest`] → [`super::act::Acted`].
pub const INVITE_REVOKE: &str = "/api/invite/revoke";
/// Everybody who was ever invited. [`super::invitation::InvitedRequest`] → [`super::invitation::InvitedResponse`].
pub const INVITED_PEOPLE: &str = "/api/invited";
/// Erase one of them. [`super::invitation::EraseRequest`] → [`super::workflows::Answer`] of [`super::invitation::Erased`].
pub const INVITED_ERASE: &str = "/api/invited/erase";
/// Mail me a code that confirms this. [`super::mail_sign::MailSignRequest`] → [`super::mail_sign::MailSignResponse`].
pub const CONFIRM_MAIL: &str = "/api/confirm/mail";
/// What I have set for myself. [`super::me::MeRequest`] → [`super::me::MeResponse`].
pub const ME: &str = "/api/me";
/// I am away. [`super::me::AbsenceRequest`] → [`super::me::MeResponse`].
pub const ME_ABSENCE: &str = "/api/me/absence";
/// How often I get a list of what waits for me. [`super::me::DigestRequest`] → [`super::me::MeResponse`].
pub const ME_DIGEST: &str = "/api/me/digest";
/// Set up a factor. [`super::enrolment::BeginRequest`] → [`super::enrolment::Begun`].
pub const ENROL_BEGIN: &str = "/api/enrolment/begin";
/// Here is the mailed code. [`super::enrolment::MailCodeRequest`] → [`super::enrolment::Proved`].
pub const ENROL_MAIL_CODE: &str = "/api/enrolment/mail-code";
/// The new factor was used for the first time. [`super::enrolment::ConfirmRequest`] → [`super::enrolment::ConfirmResponse`].
pub const ENROL_CONFIRM: &str = "/api/enrolment/confirm";
/// My factors, recovery codes, sessions and last uses. [`super::factors::FactorsRequest`] → [`super::factors::FactorsResponse`].
pub const FACTORS: &str = "/api/factors";
/// Call one something else. [`super::factors::RenameRequest`] → [`super::factors::FactorsResponse`].
pub const FACTOR_RENAME: &str = "/api/factors/rename";
/// Go on using one. [`super::factors::RenewRequest`] → [`super::factors::Own`] of [`super::factors::FactorsResponse`].
pub const FACTOR_RENEW: &str = "/api/factors/renew";
/// Remove one. [`super::factors::RemoveRequest`] → [`super::factors::Own`] of [`super::factors::FactorsResponse`].
pub const FACTOR_REMOVE: &str = "/api/factors/remove";
/// New recovery codes. [`super::factors::NewCodesRequest`] → [`super::factors::Own`] of [`super::factors::NewCodes`].
pub const RECOVERY_CODES: &str = "/api/factors/recovery-codes";
/// Ask me again from now on. [`super::factors::EndSessionsRequest`] → [`super::factors::FactorsResponse`].
pub const SESSIONS_END: &str = "/api/factors/end-sessions";
/// This wasn't me. [`super::factors::NotMeRequest`] → [`super::factors::FactorsResponse`].
pub const NOT_ME: &str = "/api/factors/not-me";
/// Everything the settings view shows. [`super::settings::OverviewRequest`] → [`super::settings::OverviewResponse`].
pub const SETTINGS: &str = "/api/settings/overview";
/// Try a failed effect again. [`super::settings::RetryRequest`] → [`super::settings::RetryResponse`].
pub const SETTINGS_RETRY: &str = "/api/settings/retry";
/// Everybody's factors, a portion of the list. [`super::insights::InsightsRequest`] → [`super::insights::InsightsResponse`].
pub const INSIGHTS: &str = "/api/settings/insights";
/// One person of it. [`super::insights::PersonRequest`] → [`super::insights::PersonResponse`].
pub const INSIGHTS_PERSON: &str = "/api/settings/insights/person";
/// Remind people to set up a factor. [`super::insights::RemindRequest`] → [`super::insights::RemindResponse`].
pub const INSIGHTS_REMIND: &str = "/api/settings/insights/remind";
/// Take somebody's factors away. [`super::insights::RevokeRequest`] → [`super::workflows::Answer`] of [`super::insights::Cared`].
pub const CARE_REVOKE: &str = "/api/settings/insights/revoke";
/// Set until when they count. [`super::insights::LifeRequest`] → [`super::workflows::Answer`] of [`super::insights::Cared`].
pub const CARE_LIFE: &str = "/api/settings/insights/life";
/// Release somebody's lock. [`super::insights::UnlockRequest`] → [`super::workflows::Answer`] of [`super::insights::Cared`].
pub const CARE_UNLOCK: &str = "/api/settings/insights/unlock";
/// How does this page stand, for emergency access? [`super::emergency::EmergencyRequest`] → [`super::emergency::EmergencyResponse`].
pub const EMERGENCY: &str = "/api/settings/emergency";
/// Ask to decide in the reviewers' place. [`super::emergency::AskRequest`] → [`super::act::Acted`].
pub const EMERGENCY_ASK: &str = "/api/settings/emergency/ask";
/// Take that back. [`super::emergency::WithdrawRequest`] → [`super::act::Acted`].
pub const EMERGENCY_WITHDRAW: &str = "/api/settings/emergency/withdraw";
/// Carry it out. [`super::emergency::CarryOutRequest`] → [`super::act::Acted`].
pub const EMERGENCY_CARRY_OUT: &str = "/api/settings/emergency/carry-out";
/// The step-up policy with its history. [`super::policy::PolicyRequest`] → [`super::policy::PolicyResponse`].
pub const POLICY: &str = "/api/settings/policy";
/// What is to be said about a draft? [`super::policy::CheckPolicyRequest`] → [`super::policy::CheckPolicyResponse`].
pub const POLICY_CHECK: &str = "/api/settings/policy/check";
/// Put it in force. [`super::policy::SetPolicyRequest`] → [`super::workflows::Answer`] of [`super::policy::PolicySet`].
pub const POLICY_SET: &str = "/api/settings/policy/set";
/// Who would be asked for what? [`super::policy::WhoIsAskedRequest`] → [`super::policy::WhoIsAskedResponse`].
pub const POLICY_WHAT_IF: &str = "/api/settings/policy/what-if";
/// Why am I asked here? [`super::policy::WhyRequest`] → [`super::policy::WhyResponse`].
pub const WHY: &str = "/api/why";
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
/// What would I be signing, on many pages of this space? [`super::bulk::BulkChallengeRequest`] → [`super::bulk::BulkChallengeResponse`].
pub const BULK_CHALLENGE: &str = "/api/bulk/challenge";
/// Decide on one of them. [`super::bulk::BulkDecisionRequest`] → [`super::bulk::BulkDecisionResponse`].
pub const BULK_DECISION: &str = "/api/bulk/decision";

/// A page on which a passkey can be made. [`super::passkey::MakeRequest`] → [`super::passkey::GoTo`].
pub const PASSKEY_MAKE: &str = "/api/passkey/make";
/// Was it made? [`super::passkey::MadeRequest`] → [`super::passkey::MadeResponse`].
pub const PASSKEY_MADE: &str = "/api/passkey/made";
/// A page on which a verdict is confirmed with a passkey. [`super::passkey::SignRequest`] → [`super::passkey::GoTo`].
pub const PASSKEY_SIGN: &str = "/api/passkey/sign";
/// The same for anything else. [`super::passkey::ProveRequest`] → [`super::passkey::GoTo`].
pub const PASSKEY_PROVE: &str = "/api/passkey/prove";
/// Was it confirmed? [`super::passkey::ProvedRequest`] → [`super::passkey::ProvedResponse`].
pub const PASSKEY_PROVED: &str = "/api/passkey/proved";

/// The page of our own, to which links lead; its files lie below it.
pub const HOSTED: &str = "/hosted";
/// Follow a link (from our own page, as all below). [`super::passkey::OpenRequest`] → [`super::passkey::Task`].
pub const HOSTED_OPEN: &str = "/api/hosted/open";
/// What is to be done here? [`super::passkey::TaskRequest`] → [`super::passkey::Task`].
pub const HOSTED_TASK: &str = "/api/hosted/task";
/// A passkey was made. [`super::passkey::RegisterRequest`] → [`super::passkey::Task`].
pub const HOSTED_REGISTER: &str = "/api/hosted/register";
/// A passkey was used. [`super::passkey::AssertRequest`] → [`super::passkey::Task`].
pub const HOSTED_ASSERT: &str = "/api/hosted/assert";

/// This wasn't me, says whoever was mailed. [`super::not_me::NotMeLinkRequest`] → [`super::not_me::NotMeDone`].
pub const HOSTED_NOT_ME: &str = "/api/hosted/not-me";

/// Where does this invitation's link lead? (From our own page, as all below.) [`super::invited::InvitedOpenRequest`] → [`super::invited::Invited`].
pub const INVITED_OPEN: &str = "/api/hosted/invited/open";
/// Mail me a code. [`super::invited::InvitedCodeRequest`] → [`super::invited::InvitedCodeResponse`].
pub const INVITED_CODE: &str = "/api/hosted/invited/code";
/// Here is the code: a visit begins. [`super::invited::InvitedEnterRequest`] → [`super::invited::Invited`].
pub const INVITED_ENTER: &str = "/api/hosted/invited/enter";
/// In a visit: how does it stand? [`super::invited::InvitedRequest`] → [`super::invited::Invited`].
pub const INVITED: &str = "/api/hosted/invited";
/// What am I about to sign? [`super::invited::InvitedChallengeRequest`] → [`super::invited::InvitedChallenge`].
pub const INVITED_CHALLENGE: &str = "/api/hosted/invited/challenge";
/// Mail me a code that confirms it. [`super::mail_sign::MailSignRequest`] → [`super::mail_sign::MailSignResponse`].
pub const INVITED_SIGN_CODE: &str = "/api/hosted/invited/sign-code";
/// Approve or reject. [`super::act::DecisionRequest`] → [`super::invited::InvitedAnswered`].
pub const INVITED_DECISION: &str = "/api/hosted/invited/decision";
/// Abstain. [`super::invited::InvitedAbstainRequest`] → [`super::invited::InvitedAnswered`].
pub const INVITED_ABSTAIN: &str = "/api/hosted/invited/abstain";
/// What do I have to confirm with? [`super::invited::InvitedFactorsRequest`] → [`super::invited::InvitedFactors`].
pub const INVITED_FACTORS: &str = "/api/hosted/invited/factors";
/// Set up an authenticator of one's own. [`super::enrolment::BeginRequest`] → [`super::enrolment::Begun`], never by mail: the mailbox is proved.
pub const INVITED_FACTOR_BEGIN: &str = "/api/hosted/invited/factor/begin";
/// Its first code. [`super::enrolment::ConfirmRequest`] → [`super::enrolment::ConfirmResponse`].
pub const INVITED_FACTOR_CONFIRM: &str = "/api/hosted/invited/factor/confirm";
/// The version that was named, for a frame of our own page without any right. `GET`, in a visit.
pub const INVITED_DOCUMENT: &str = "/hosted/document";
/// What attachments that were named lie below: `/hosted/attachment/<id>`. `GET`, in a visit.
pub const INVITED_ATTACHMENT: &str = "/hosted/attachment/";

/// Under which keys are this site's secrets? [`super::keys::KeysRequest`] → [`super::keys::KeysResponse`].
pub const SETTINGS_KEYS: &str = "/api/settings/keys";
/// A signed request of whoever runs the Worker. [`super::operator::OperatorRequest`] → [`super::operator::OperatorDone`] or [`super::operator::KeysEverywhere`].
pub const OPERATOR: &str = "/operator/act";

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
