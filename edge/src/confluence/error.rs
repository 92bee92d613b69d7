//! What Confluence can answer instead of what was asked for.

use super::client::Actor;
use crate::http::EdgeError;
use crate::http::outbound::NoAnswer;
use core::time::Duration;
use engine::wire::problem::ProblemKind;

/// Why Confluence did not do what was asked. Holds no body, no token, no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfluenceError {
    /// 401: the credential was refused, or lacks a scope.
    #[error("Confluence refused the credential of {0} (401)")]
    Unauthorised(Actor),
    /// 403: not allowed.
    #[error("Confluence does not allow this to {0} (403)")]
    Forbidden(Actor),
    /// 404: not there, or not to be seen; on v2 a refused credential looks the same.
    #[error("Confluence found nothing for {0} (404)")]
    NotFound(Actor),
    /// 409: somebody else was faster.
    #[error("Confluence reports a conflict (409)")]
    Conflict,
    /// 429: too many requests.
    #[error("Confluence asks to wait (429)")]
    RateLimited {
        /// How long.
        retry_after: Duration,
    },
    /// Another 4xx, or a redirect: asking again changes nothing.
    #[error("Confluence refused the request ({status})")]
    Refused {
        /// The status.
        status: u16,
    },
    /// 5xx.
    #[error("Confluence failed ({status})")]
    Failed {
        /// The status.
        status: u16,
    },
    /// No answer at all.
    #[error("Confluence: {0}")]
    NoAnswer(#[from] NoAnswer),
    /// An answer of another shape than documented.
    #[error("Confluence's answer has no {0}")]
    Unreadable(&'static str),
    /// The app may not learn this person's rights, so the person has none. Admins should be told.
    #[error("Confluence does not let the app check a person's rights")]
    AppMayNotCheck,
    /// Which groups somebody is in is not told, or they are in more than can be looked through.
    #[error("Confluence does not tell in which groups a person is")]
    GroupsUnknown,
    /// Confluence gave us no token to ask with.
    #[error("there is no token to ask Confluence as {0}")]
    NoToken(Actor),
}

impl ConfluenceError {
    /// Whether it is the app that was refused: an admin has to look at the installation.
    #[must_use]
    pub fn is_app_refused(&self) -> bool {
        matches!(
            self,
            Self::AppMayNotCheck
                | Self::Unauthorised(Actor::App)
                | Self::Forbidden(Actor::App)
                | Self::NoToken(Actor::App)
        )
    }

    /// Whether asking again later can help, and not before when, if Confluence said so.
    #[must_use]
    pub fn worth_retrying(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } => Some(*retry_after),
            Self::Conflict | Self::Failed { .. } | Self::NoAnswer(_) => Some(Duration::ZERO),
            // Right after an installation, and when a token has just run out, refusals pass.
            Self::Unauthorised(_) | Self::Forbidden(_) | Self::NoToken(_) | Self::AppMayNotCheck => {
                Some(Duration::ZERO)
            }
            Self::NotFound(_) | Self::Refused { .. } | Self::Unreadable(_) | Self::GroupsUnknown => None,
        }
    }
}

impl From<ConfluenceError> for EdgeError {
    fn from(error: ConfluenceError) -> Self {
        let log = error.to_string();
        let unavailable = |detail: &str| Self::outage(ProblemKind::ConfluenceUnavailable, detail, log.clone());
        match error {
            ConfluenceError::NotFound(_) => Self::refuse(
                ProblemKind::PageNotFound,
                "The page does not exist any more, or you may not see it. Ask its author for access.",
            ),
            ConfluenceError::Forbidden(Actor::Person) => {
                Self::refuse(ProblemKind::NotAllowed, "Confluence does not allow you to do this here.")
            }
            ConfluenceError::GroupsUnknown => Self::refuse(
                ProblemKind::NotAllowed,
                "Countersign can't learn which groups you are in, and what you have to confirm here depends on it. Ask a Confluence admin to make the rule about a person or about everyone, or to look at your groups.",
            ),
            ConfluenceError::Unauthorised(Actor::Person) | ConfluenceError::NoToken(Actor::Person) => {
                unavailable("Confluence did not accept your session. Reload the page and try again.")
            }
            error if error.is_app_refused() => unavailable(
                "Confluence refused Countersign's own access. Ask a Confluence admin to open Countersign's settings.",
            ),
            ConfluenceError::RateLimited { retry_after } => {
                let seconds = retry_after.as_secs().max(1);
                unavailable(&format!("Confluence is busy. Try again in {seconds} seconds."))
            }
            ConfluenceError::Unreadable(_) | ConfluenceError::Refused { .. } => Self::internal(log),
            _ => unavailable("Confluence did not answer. Try again in a minute."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_of_confluence_becomes_401() {
        for error in [
            ConfluenceError::Unauthorised(Actor::Person),
            ConfluenceError::Unauthorised(Actor::App),
            ConfluenceError::Forbidden(Actor::Person),
            ConfluenceError::Forbidden(Actor::App),
            ConfluenceError::NotFound(Actor::Person),
            ConfluenceError::Conflict,
            ConfluenceError::RateLimited { retry_after: Duration::from_secs(7) },
            ConfluenceError::Refused { status: 418 },
            ConfluenceError::Failed { status: 502 },
            ConfluenceError::NoAnswer(NoAnswer::TimedOut),
            ConfluenceError::Unreadable("version"),
            ConfluenceError::AppMayNotCheck,
            ConfluenceError::GroupsUnknown,
            ConfluenceError::NoToken(Actor::App),
        ] {
            assert_ne!(EdgeError::from(error.clone()).into_problem().status, 401, "{error}");
        }
    }

    #[test]
    fn a_person_is_told_how_long_to_wait() {
        let error = EdgeError::from(ConfluenceError::RateLimited { retry_after: Duration::from_secs(7) });
        assert!(error.into_problem().detail.contains("7 seconds"));
    }
}
