//! Which route takes whose calls. One table: a path that is not in it does not exist.

use super::body;
use crate::fit::modules::Module;
use crate::fit::modules::Module::{Byline, Macro, Settings, Space};
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
        | route::REASSIGN => Takes::Person(&[Macro, Byline]),
        // What people set for themselves is the same wherever they are.
        route::ME | route::ME_ABSENCE | route::ME_DIGEST => Takes::Person(&[Macro, Byline, Space, Settings]),
        // Admins, of the site and of spaces, confirm changes with a code of their own, and may have to enrol where they stand.
        route::ENROL_BEGIN | route::ENROL_MAIL_CODE | route::ENROL_CONFIRM => {
            Takes::Person(&[Macro, Byline, Space, Settings])
        }
        route::SETTINGS
        | route::SETTINGS_RETRY
        | route::SETTINGS_UNLOCK_CHALLENGE
        | route::SETTINGS_UNLOCK
        | route::SETTINGS_CHECK_WORKFLOW
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
        route::SPACE | route::SPACE_ASSIGNMENTS | route::SPACE_ASSIGN | route::SPACE_VALUES => Takes::Person(&[Space]),
        route::FORGE_EVENTS | route::FORGE_SCHEDULE | route::FORGE_LIFECYCLE => Takes::Platform,
        route::HEALTH | route::SCHEMA => Takes::Anybody,
        _ => return None,
    })
}

/// How much a person's request to this path may bring.
#[must_use]
pub fn most(path: &str) -> usize {
    match path {
        route::SETTINGS_CHECK_WORKFLOW
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
        assert_eq!(takes(route::SETTINGS_UNLOCK), Some(Takes::Person(&[Settings])));
        assert_eq!(takes(route::FORGE_EVENTS), Some(Takes::Platform));
        assert_eq!(takes("/api/status/"), None);
        assert_eq!(takes(""), None);
    }
}
