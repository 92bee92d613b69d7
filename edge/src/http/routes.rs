//! Which route takes whose calls. One table: a path that is not in it does not exist.

use super::body;
use crate::fit::modules::Module;
use crate::fit::modules::Module::{Byline, Macro, Settings, Space};
use crate::hosted;
use engine::wire::route;

/// Whose calls a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Anybody's, by `GET`.
    Anybody,
    /// A person's, from one of these modules of ours.
    Person(&'static [Module]),
    /// The platform's: events, schedule, lifecycle.
    Platform,
    /// Anybody's, by `GET`: our own page and its files.
    Page,
    /// Our own page's.
    Hosted,
    /// Our own page's, by `GET`: what a visit to an invitation shows in a frame, or lets one save.
    Fetched,
    /// Those signed by whoever runs the Worker; without a key for it there is no such route.
    Operator,
}

/// Whose calls the route at `path` takes; [`None`] if there is none.
#[must_use]
pub fn takes(path: &str) -> Option<Takes> {
    Some(match path {
        route::STATUS
        | route::CONFIRM
        | route::ACTIONS
        | route::SUBMIT
        | route::CHALLENGE
        | route::DECISION
        | route::SELECT
        | route::REASSIGN
        | route::INVITE_ATTACHMENTS
        | route::INVITE
        | route::INVITE_REVOKE
        | route::PASSKEY_SIGN => Takes::Person(&[Macro, Byline]),
        // What people set for themselves is the same wherever they are. Whatever has to be confirmed can be confirmed, and a
        // factor for it set up, where somebody stands.
        route::ME
        | route::ME_ABSENCE
        | route::ME_DIGEST
        | route::CONFIRM_MAIL
        | route::ENROL_BEGIN
        | route::ENROL_MAIL_CODE
        | route::ENROL_CONFIRM
        | route::FACTORS
        | route::FACTOR_RENAME
        | route::FACTOR_RENEW
        | route::FACTOR_REMOVE
        | route::RECOVERY_CODES
        | route::SESSIONS_END
        | route::NOT_ME
        | route::WHY
        | route::PASSKEY_MAKE
        | route::PASSKEY_MADE
        | route::PASSKEY_PROVE
        | route::PASSKEY_PROVED => Takes::Person(&[Macro, Byline, Space, Settings]),
        route::SETTINGS
        | route::SETTINGS_RETRY
        | route::INSIGHTS
        | route::INSIGHTS_PERSON
        | route::INSIGHTS_REMIND
        | route::CARE_REVOKE
        | route::CARE_LIFE
        | route::CARE_UNLOCK
        | route::INVITED_PEOPLE
        | route::INVITED_ERASE
        | route::SETTINGS_KEYS
        | route::EMERGENCY
        | route::EMERGENCY_ASK
        | route::EMERGENCY_WITHDRAW
        | route::EMERGENCY_CARRY_OUT
        | route::SETTINGS_CHECK_WORKFLOW
        | route::POLICY
        | route::POLICY_CHECK
        | route::POLICY_SET
        | route::POLICY_WHAT_IF
        | route::WORKFLOWS
        | route::WORKFLOW
        | route::WORKFLOW_CHECK
        | route::WORKFLOW_DEFINE
        | route::WORKFLOW_STANDING
        | route::WORKFLOW_TEMPLATE
        | route::WORKFLOW_IMPORT
        | route::ASSIGNMENTS
        | route::ASSIGN
        | route::WHAT_IF
        | route::JOB_PREVIEW
        | route::JOB_BEGIN
        | route::JOB
        | route::JOB_CANCEL
        | route::JOBS => Takes::Person(&[Settings]),
        route::SPACE
        | route::SPACE_ASSIGNMENTS
        | route::SPACE_ASSIGN
        | route::SPACE_VALUES
        | route::BULK_CHALLENGE
        | route::BULK_DECISION => Takes::Person(&[Space]),
        route::HOSTED_OPEN
        | route::HOSTED_TASK
        | route::HOSTED_REGISTER
        | route::HOSTED_ASSERT
        | route::HOSTED_NOT_ME
        | route::INVITED_OPEN
        | route::INVITED_CODE
        | route::INVITED_ENTER
        | route::INVITED
        | route::INVITED_CHALLENGE
        | route::INVITED_SIGN_CODE
        | route::INVITED_DECISION
        | route::INVITED_ABSTAIN
        | route::INVITED_FACTORS
        | route::INVITED_FACTOR_BEGIN
        | route::INVITED_FACTOR_CONFIRM => Takes::Hosted,
        route::INVITED_DOCUMENT => Takes::Fetched,
        path if is_attachment(path) => Takes::Fetched,
        path if hosted::page::file(path).is_some() => Takes::Page,
        route::FORGE_EVENTS | route::FORGE_SCHEDULE | route::FORGE_LIFECYCLE => Takes::Platform,
        route::OPERATOR => Takes::Operator,
        route::HEALTH | route::SCHEMA => Takes::Anybody,
        _ => return None,
    })
}

/// Whether a path is that of an attachment that may be saved in a visit: one segment, of what ids are made of.
fn is_attachment(path: &str) -> bool {
    path.strip_prefix(route::INVITED_ATTACHMENT)
        .is_some_and(|id| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// How much a person's request to this path may bring.
#[must_use]
pub fn most(path: &str) -> usize {
    match path {
        route::SETTINGS_CHECK_WORKFLOW
        | route::POLICY_CHECK
        | route::POLICY_SET
        | route::POLICY_WHAT_IF
        | route::WORKFLOW_CHECK
        | route::WORKFLOW_DEFINE
        | route::WORKFLOW_IMPORT
        | route::ASSIGN
        | route::SPACE_ASSIGN
        | route::WHAT_IF => body::DOCUMENT_MAX,
        _ => body::UI_MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_route_is_not_open_to_settings_and_a_platform_route_to_nobody_else() {
        assert_eq!(takes(route::DECISION), Some(Takes::Person(&[Macro, Byline])));
        assert_eq!(takes(route::CARE_UNLOCK), Some(Takes::Person(&[Settings])));
        assert_eq!(takes(route::FORGE_EVENTS), Some(Takes::Platform));
        assert_eq!(takes("/hosted/attachment/att98765"), Some(Takes::Fetched));
        for none in
            ["/hosted/attachment/", "/hosted/attachment/a/b", "/hosted/attachment/..", "/hosted/attachment/a%2f"]
        {
            assert_eq!(takes(none), None, "{none}");
        }
        assert_eq!(takes("/api/status/"), None);
        assert_eq!(takes(""), None);
    }
}
