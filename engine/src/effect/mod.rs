//! What a committed event causes outside the journal.
//!
//! Effects that *set* something name only the thing: what it is set to is computed when the effect is carried out, from
//! the fold at that time. Effects that *add* something (a mail) carry an idempotency key, given by the outbox.

mod emergency;
mod invitation;
mod notice;
mod page;

pub use notice::{AdminNotice, EmergencyStage, OwnerNotice};
pub use page::of_page_change;

use crate::ids::{AccountId, ApprovalId, InvitationId, PageId, Seq, TextId};
use crate::time::Timestamp;
use crate::wire::invitation::InvitationState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// People mailed when a review begins; larger rosters see it where they look for work.
pub const MAILED_AT_ONCE: usize = 50;

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
    /// Decide on whatever of a page has run out of time.
    Tick {
        /// Which page.
        page: PageId,
    },
    /// Set a page's timers anew, reminders in the time zones of the people asked.
    Timers {
        /// Of which page.
        page: PageId,
    },
    /// Tell a reviewer that they are asked.
    MailReviewAsked {
        /// For which page.
        page: PageId,
        /// Whom.
        person: AccountId,
        /// The seq at which the state of the review was entered: of a later review another mail tells.
        state_seq: Seq,
    },
    /// Remind a reviewer who has not decided.
    MailReminder {
        /// Of which page.
        page: PageId,
        /// Whom.
        person: AccountId,
        /// Of which approval.
        approval: ApprovalId,
        /// As for [`Effect::MailReviewAsked`].
        state_seq: Seq,
        /// Which of the approval's reminders.
        nth: u32,
    },
    /// Tell somebody that the due date of approvals has come: a reviewer who has not decided, or whoever submitted.
    MailOverdue {
        /// For which page.
        page: PageId,
        /// Whom.
        person: AccountId,
        /// Which approvals.
        approvals: BTreeSet<ApprovalId>,
        /// As for [`Effect::MailReviewAsked`].
        state_seq: Seq,
    },
    /// Tell a page's creator, and whoever submitted it last, that its state has expired.
    MailExpired {
        /// Which page.
        page: PageId,
        /// The name of the state that expired.
        state: String,
        /// The seq of the entry that says so.
        seq: Seq,
    },
    /// Mail somebody without an account that they are invited.
    MailInvitation {
        /// To which page.
        page: PageId,
        /// What stands for them.
        person: AccountId,
        /// The invitation.
        invitation: InvitationId,
    },
    /// Tell whoever invited somebody what they answered.
    MailInvitationAnswered {
        /// Of which page.
        page: PageId,
        /// Whom to tell.
        person: AccountId,
        /// The name of whoever answered.
        name: TextId,
        /// What.
        answer: InvitationState,
    },
    /// Take an invitation back, because whoever was invited was erased.
    RevokeInvitation {
        /// Of which page.
        page: PageId,
        /// Which.
        invitation: InvitationId,
        /// The admin who erased them.
        by: AccountId,
    },
    /// Mail somebody the list of what waits for them.
    MailDigest {
        /// Whom.
        person: AccountId,
    },
    /// Mail the pending enrolment's code to the person.
    MailEnrolmentCode {
        /// To whom.
        person: AccountId,
        /// The pending enrolment, so that a later one's code is never sent for an earlier request.
        enrolment: String,
    },
    /// Mail the code that confirms one challenge to the person.
    MailSignCode {
        /// To whom.
        person: AccountId,
        /// The pending confirmation, so that only the newest code is ever sent.
        pending: String,
    },
    /// Mail the code that opens an invitation to whoever was invited.
    MailInvitationCode {
        /// To whom: no account.
        person: AccountId,
        /// The invitation, whose newest code alone is ever sent.
        invitation: InvitationId,
    },
    /// Tell a person something about their own factors.
    MailOwner {
        /// To whom.
        person: AccountId,
        /// What.
        notice: OwnerNotice,
    },
    /// Tell the admins something about a person: becomes a [`Effect::MailAdmin`] for each, so that one who cannot be reached
    /// keeps nobody else from being told.
    MailAdmins {
        /// About whom.
        person: AccountId,
        /// What.
        notice: AdminNotice,
    },
    /// Tell one admin something about a person.
    MailAdmin {
        /// To whom.
        admin: AccountId,
        /// About whom.
        person: AccountId,
        /// What.
        notice: AdminNotice,
        /// When it happened.
        at: Timestamp,
    },
    /// Tell one person who has to do with a stuck approval (a reviewer, who submitted, an admin) of emergency access to it.
    MailEmergency {
        /// To whom.
        person: AccountId,
        /// To which page.
        page: PageId,
        /// Whose access.
        by: AccountId,
        /// How far it is.
        stage: EmergencyStage,
        /// The reason given, erasable.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<TextId>,
    },
    /// As [`Effect::MailEmergency`], to every admin known: becomes one for each.
    MailEmergencyAdmins {
        /// To which page.
        page: PageId,
        /// Whose access.
        by: AccountId,
        /// How far it is.
        stage: EmergencyStage,
        /// The reason given, erasable.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<TextId>,
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
            // Not behind what the page waits for: a byline that cannot be written keeps no time from passing.
            Self::Tick { page } => format!("clock/{page}"),
            Self::Timers { page } => format!("timers/{page}"),
            Self::MailExpired { page, .. } => format!("expired/{page}"),
            Self::MailReviewAsked { person, .. }
            | Self::MailReminder { person, .. }
            | Self::MailOverdue { person, .. }
            | Self::MailInvitation { person, .. }
            | Self::MailInvitationAnswered { person, .. }
            | Self::MailDigest { person }
            | Self::MailEnrolmentCode { person, .. }
            | Self::MailSignCode { person, .. }
            | Self::MailInvitationCode { person, .. }
            | Self::MailOwner { person, .. }
            | Self::MailAdmins { person, .. }
            | Self::MailAdmin { admin: person, .. }
            | Self::MailEmergency { person, .. }
            | Self::MailLocked { person, .. }
            | Self::MailLockedAdmins { person, .. } => format!("person/{person}"),
            Self::MailEmergencyAdmins { page, .. } => format!("emergency/{page}"),
            Self::RevokeInvitation { page, .. } => format!("invitations/{page}"),
        }
    }

    /// The word in the database.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::KvCopy { .. } => "kv-copy",
            Self::Byline { .. } => "byline",
            Self::Recheck { .. } => "recheck",
            Self::Tick { .. } => "tick",
            Self::Timers { .. } => "timers",
            Self::MailReviewAsked { .. } => "mail-review-asked",
            Self::MailReminder { .. } => "mail-reminder",
            Self::MailOverdue { .. } => "mail-overdue",
            Self::MailExpired { .. } => "mail-expired",
            Self::MailInvitation { .. } => "mail-invitation",
            Self::MailInvitationAnswered { .. } => "mail-invitation-answered",
            Self::RevokeInvitation { .. } => "revoke-invitation",
            Self::MailDigest { .. } => "mail-digest",
            Self::MailEnrolmentCode { .. } => "mail-enrolment-code",
            Self::MailSignCode { .. } => "mail-sign-code",
            Self::MailInvitationCode { .. } => "mail-invitation-code",
            Self::MailOwner { .. } => "mail-owner",
            Self::MailAdmins { .. } => "mail-admins",
            Self::MailAdmin { .. } => "mail-admin",
            Self::MailEmergency { .. } => "mail-emergency",
            Self::MailEmergencyAdmins { .. } => "mail-emergency-admins",
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
            Self::Tick { page } => {
                format!("Move page {page} on, or note that its review is due, now that its time has come")
            }
            Self::Timers { page } => format!("Set the reminders of page {page}"),
            Self::MailReviewAsked { page, .. } => format!("Mail a reviewer that page {page} waits for them"),
            Self::MailReminder { page, .. } => format!("Remind a reviewer of page {page} by mail"),
            Self::MailOverdue { page, .. } => format!("Mail the notice that the review of page {page} is due"),
            Self::MailExpired { page, .. } => format!("Mail the notice that page {page} has expired"),
            Self::MailInvitation { page, .. } => format!("Mail an invitation to page {page}"),
            Self::MailInvitationAnswered { page, .. } => {
                format!("Mail what was answered to an invitation to page {page}")
            }
            Self::RevokeInvitation { page, .. } => format!("Take back an invitation to page {page}"),
            Self::MailDigest { .. } => "Mail a list of the pages that wait for somebody".to_owned(),
            Self::MailEnrolmentCode { .. } => "Mail a set-up code".to_owned(),
            Self::MailSignCode { .. } => "Mail a code that confirms a decision or a change".to_owned(),
            Self::MailInvitationCode { .. } => "Mail a code that opens an invitation".to_owned(),
            Self::MailOwner { notice, .. } => format!("Mail somebody the notice that {}", notice.sentence()),
            Self::MailAdmins { notice, .. } => format!("Mail the admins the notice that {}", notice.sentence()),
            Self::MailAdmin { notice, .. } => format!("Mail an admin the notice that {}", notice.sentence()),
            Self::MailEmergency { page, .. } | Self::MailEmergencyAdmins { page, .. } => {
                format!("Mail the notice of emergency access to page {page}")
            }
            Self::MailLocked { .. } => "Mail the notice of a lock to its owner".to_owned(),
            Self::MailLockedAdmins { .. } => "Mail the notice of a lock to the admins".to_owned(),
        }
    }
}
