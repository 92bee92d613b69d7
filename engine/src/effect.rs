//! What a committed event causes outside the journal.
//!
//! Effects that *set* something name only the thing: what it is set to is computed when the effect is carried out, from
//! the fold at that time. Effects that *add* something (a mail) carry an idempotency key, given by the outbox.

use crate::ids::{AccountId, PageId};
use crate::page::event::PageEvent;
use serde::{Deserialize, Serialize};

/// One thing to be done outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// Bring the copy in KV up to the journal's head.
    KvCopy {
        /// Of which page.
        page: PageId,
    },
    /// Bring the byline property up to the journal's head.
    Byline {
        /// Of which page.
        page: PageId,
    },
    /// Look whether the page moved before the last decision was recorded, and void the approval if so.
    Recheck {
        /// Which page.
        page: PageId,
    },
    /// Mail the pending enrolment's code to the person.
    MailEnrolmentCode {
        /// To whom.
        person: AccountId,
        /// The pending enrolment, so that a later one's code is never sent for an earlier request.
        enrolment: String,
    },
    /// Tell the person that an authenticator was set up.
    MailEnrolled {
        /// To whom.
        person: AccountId,
    },
    /// Tell the person that their codes are locked.
    MailLocked {
        /// To whom.
        person: AccountId,
        /// Wrong codes in a row when it was locked.
        failures: u32,
    },
    /// Tell the admins that a person's codes are locked.
    MailLockedAdmins {
        /// Who was locked.
        person: AccountId,
        /// Wrong codes in a row when it was locked.
        failures: u32,
    },
}

impl Effect {
    /// Effects of one lane are carried out in order, one at a time: a page, or a person.
    #[must_use]
    pub fn lane(&self) -> String {
        match self {
            Self::KvCopy { page } | Self::Byline { page } | Self::Recheck { page } => format!("page/{page}"),
            Self::MailEnrolmentCode { person, .. }
            | Self::MailEnrolled { person }
            | Self::MailLocked { person, .. }
            | Self::MailLockedAdmins { person, .. } => format!("person/{person}"),
        }
    }

    /// The word in the database.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KvCopy { .. } => "kv-copy",
            Self::Byline { .. } => "byline",
            Self::Recheck { .. } => "recheck",
            Self::MailEnrolmentCode { .. } => "mail-enrolment-code",
            Self::MailEnrolled { .. } => "mail-enrolled",
            Self::MailLocked { .. } => "mail-locked",
            Self::MailLockedAdmins { .. } => "mail-locked-admins",
        }
    }

    /// What it should do, for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::KvCopy { page } => format!("Refresh the status shown on page {page}"),
            Self::Byline { page } => format!("Refresh the byline of page {page}"),
            Self::Recheck { page } => format!("Check that page {page} did not change while it was decided on"),
            Self::MailEnrolmentCode { .. } => "Mail a set-up code".to_owned(),
            Self::MailEnrolled { .. } => "Mail the notice of a new authenticator".to_owned(),
            Self::MailLocked { .. } => "Mail the notice of a lock to its owner".to_owned(),
            Self::MailLockedAdmins { .. } => "Mail the notice of a lock to the admins".to_owned(),
        }
    }
}

/// What the events of one commit on a page cause, in order.
#[must_use]
pub fn of_page_events(page: &PageId, events: &[PageEvent]) -> Vec<Effect> {
    if events.is_empty() {
        return Vec::new();
    }
    let mut effects = vec![Effect::KvCopy { page: page.clone() }];
    if events.iter().any(|event| matches!(event, PageEvent::Decided { .. } | PageEvent::Submitted { .. })) {
        effects.push(Effect::Recheck { page: page.clone() });
    }
    effects.push(Effect::Byline { page: page.clone() });
    effects
}
