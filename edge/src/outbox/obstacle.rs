//! What stood in an effect's way.

use crate::confluence::ConfluenceError;
use crate::mail::MailError;
use crate::store::fault::{CommitFault, DbFault};
use crate::store::queue::NO_TOKEN;
use core::time::Duration;

/// Why an effect was not carried out this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// There is no valid app token. Not the effect's fault: it waits.
    NoToken,
    /// Confluence could not be reached, or failed.
    ConfluenceDown,
    /// Confluence asks to wait this long.
    ConfluenceBusy(Duration),
    /// Confluence refuses the app.
    AppRefused,
    /// Confluence does not know the page or the person, or hides them from the app.
    NotFound,
    /// Confluence does not want the request, or answers what nobody understands.
    ConfluenceOdd,
    /// Somebody else writes the same thing again and again.
    Contended,
    /// The mail provider could not be reached, or failed.
    MailDown,
    /// The mail provider does not want the mail.
    MailRefused,
    /// The person has no address.
    NoAddress,
    /// The person's address is none a mail can go to.
    BadAddress,
    /// No admin is known who could be told.
    NoAdmin,
    /// A setting or a key is missing.
    Settings,
    /// The status copy could not be read or written.
    Copy,
    /// The journal could not be read or written.
    Database,
    /// The page's workflow does not allow what has to happen.
    Workflow,
    /// It took too long.
    TooSlow,
    /// The Worker stopped in the middle, again and again.
    Stopped,
    /// Another version of the Worker put it there; this one does not know it.
    UnknownEffect,
}

impl Obstacle {
    const ALL: &'static [Self] = &[
        Self::NoToken,
        Self::ConfluenceDown,
        Self::ConfluenceBusy(Duration::ZERO),
        Self::AppRefused,
        Self::NotFound,
        Self::ConfluenceOdd,
        Self::Contended,
        Self::MailDown,
        Self::MailRefused,
        Self::NoAddress,
        Self::BadAddress,
        Self::NoAdmin,
        Self::Settings,
        Self::Copy,
        Self::Database,
        Self::Workflow,
        Self::TooSlow,
        Self::Stopped,
        Self::UnknownEffect,
    ];

    /// The word in the database and in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoToken => NO_TOKEN,
            Self::ConfluenceDown => "confluence-down",
            Self::ConfluenceBusy(_) => "confluence-busy",
            Self::AppRefused => "app-refused",
            Self::NotFound => "not-found",
            Self::ConfluenceOdd => "confluence-odd",
            Self::Contended => "contended",
            Self::MailDown => "mail-down",
            Self::MailRefused => "mail-refused",
            Self::NoAddress => "no-address",
            Self::BadAddress => "bad-address",
            Self::NoAdmin => "no-admin",
            Self::Settings => "settings",
            Self::Copy => "copy",
            Self::Database => "database",
            Self::Workflow => "workflow",
            Self::TooSlow => "too-slow",
            Self::Stopped => "stopped",
            Self::UnknownEffect => "unknown-effect",
        }
    }

    /// What stood in the way, for admins.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoToken => "Confluence has not sent Countersign a valid token. It does so at least once an hour.",
            Self::ConfluenceDown => "Confluence did not answer.",
            Self::ConfluenceBusy(_) => "Confluence was busy.",
            Self::AppRefused => {
                "Confluence refused Countersign. Check that the app is installed and its permissions are approved."
            }
            Self::NotFound => {
                "Confluence did not find it. It may have been deleted, or hidden from the app by a restriction."
            }
            Self::ConfluenceOdd => "Confluence did not accept the request.",
            Self::Contended => "Somebody else kept changing it at the same time.",
            Self::MailDown => "The mail provider did not answer.",
            Self::MailRefused => "The mail provider refused the mail.",
            Self::NoAddress => "Confluence knows no mail address for this person.",
            Self::BadAddress => "The mail address of this person is none a mail can be sent to.",
            Self::NoAdmin => {
                "No Confluence admin could be reached. Open these settings once as an admin, then try again."
            }
            Self::Settings => "A setting of Countersign is missing. Its operator finds details in the log.",
            Self::Copy => "The status copy could not be written.",
            Self::Database => "The journal could not be reached.",
            Self::Workflow => {
                "The page's workflow does not say how to go on. Correct the workflow, move the page to the new version, then try again."
            }
            Self::TooSlow => "It took too long.",
            Self::Stopped => "Countersign was interrupted each time.",
            Self::UnknownEffect => "This version of Countersign does not know how to do it.",
        }
    }

    /// The sentence for a word in the database.
    #[must_use]
    pub fn sentence_for(word: Option<&str>) -> &'static str {
        let known = word.and_then(|word| Self::ALL.iter().find(|obstacle| obstacle.word() == word));
        known.map_or("The reason was not recorded.", |obstacle| obstacle.sentence())
    }

    /// Whether trying again on its own is useless: somebody has to do something first.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::MailRefused
                | Self::NoAddress
                | Self::BadAddress
                | Self::NoAdmin
                | Self::Workflow
                | Self::Stopped
                | Self::UnknownEffect
        )
    }

    /// How long it asks to wait at least.
    #[must_use]
    pub fn not_before(self) -> Duration {
        match self {
            Self::ConfluenceBusy(pause) => pause,
            _ => Duration::ZERO,
        }
    }
}

impl From<ConfluenceError> for Obstacle {
    fn from(error: ConfluenceError) -> Self {
        match error {
            ConfluenceError::NoToken(_) => Self::NoToken,
            ConfluenceError::Unauthorised(_) | ConfluenceError::Forbidden(_) | ConfluenceError::AppMayNotCheck => {
                Self::AppRefused
            }
            ConfluenceError::NotFound(_) => Self::NotFound,
            ConfluenceError::Conflict => Self::Contended,
            ConfluenceError::RateLimited { retry_after } => Self::ConfluenceBusy(retry_after),
            ConfluenceError::Failed { .. } | ConfluenceError::NoAnswer(_) => Self::ConfluenceDown,
            ConfluenceError::Refused { .. } | ConfluenceError::Unreadable(_) | ConfluenceError::GroupsUnknown => {
                Self::ConfluenceOdd
            }
        }
    }
}

impl From<MailError> for Obstacle {
    fn from(error: MailError) -> Self {
        match error {
            MailError::BadAddress => Self::BadAddress,
            error if error.worth_retrying() => Self::MailDown,
            _ => Self::MailRefused,
        }
    }
}

impl From<DbFault> for Obstacle {
    fn from(_: DbFault) -> Self {
        Self::Database
    }
}

impl From<CommitFault> for Obstacle {
    fn from(_: CommitFault) -> Self {
        Self::Database
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_sentence() {
        for obstacle in Obstacle::ALL {
            assert_eq!(Obstacle::sentence_for(Some(obstacle.word())), obstacle.sentence());
        }
        assert_eq!(Obstacle::sentence_for(None), "The reason was not recorded.");
    }
}
