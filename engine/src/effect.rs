//! What a committed event causes outside the journal.
//!
//! Effects that *set* something name only the thing: what it is set to is computed when the effect is carried out, from
//! the fold at that time. Effects that *add* something (a mail) carry an idempotency key, given by the outbox.

use crate::ids::{AccountId, ApprovalId, PageId, Seq};
use crate::page::event::{Cause, PageEvent};
use crate::page::fold::{ApprovalNow, PageFold, Review};
use crate::timer;
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
            // Not behind what the page waits for: a byline that cannot be written keeps no time from passing.
            Self::Tick { page } => format!("clock/{page}"),
            Self::Timers { page } => format!("timers/{page}"),
            Self::MailExpired { page, .. } => format!("expired/{page}"),
            Self::MailReviewAsked { person, .. }
            | Self::MailReminder { person, .. }
            | Self::MailOverdue { person, .. }
            | Self::MailDigest { person }
            | Self::MailEnrolmentCode { person, .. }
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
            Self::Tick { .. } => "tick",
            Self::Timers { .. } => "timers",
            Self::MailReviewAsked { .. } => "mail-review-asked",
            Self::MailReminder { .. } => "mail-reminder",
            Self::MailOverdue { .. } => "mail-overdue",
            Self::MailExpired { .. } => "mail-expired",
            Self::MailDigest { .. } => "mail-digest",
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
            Self::Tick { page } => {
                format!("Move page {page} on, or note that its review is due, now that its time has come")
            }
            Self::Timers { page } => format!("Set the reminders of page {page}"),
            Self::MailReviewAsked { page, .. } => format!("Mail a reviewer that page {page} waits for them"),
            Self::MailReminder { page, .. } => format!("Remind a reviewer of page {page} by mail"),
            Self::MailOverdue { page, .. } => format!("Mail the notice that the review of page {page} is due"),
            Self::MailExpired { page, .. } => format!("Mail the notice that page {page} has expired"),
            Self::MailDigest { .. } => "Mail a list of the pages that wait for somebody".to_owned(),
            Self::MailEnrolmentCode { .. } => "Mail a set-up code".to_owned(),
            Self::MailEnrolled { .. } => "Mail the notice of a new authenticator".to_owned(),
            Self::MailLocked { .. } => "Mail the notice of a lock to its owner".to_owned(),
            Self::MailLockedAdmins { .. } => "Mail the notice of a lock to the admins".to_owned(),
        }
    }
}

/// What the events of one commit on a page cause, in order. `before` and `after` are the folds around them.
#[must_use]
pub fn of_page_change(page: &PageId, before: Option<&PageFold>, after: &PageFold, events: &[PageEvent]) -> Vec<Effect> {
    if events.is_empty() {
        return Vec::new();
    }
    let mut effects = vec![Effect::KvCopy { page: page.clone() }];
    if events.iter().any(read_page_before) {
        effects.push(Effect::Recheck { page: page.clone() });
    }
    effects.push(Effect::Byline { page: page.clone() });
    if timer::reminds(after) {
        effects.push(Effect::Timers { page: page.clone() });
    }
    effects.extend(asked_now(page, before, after, events));
    effects.extend(overdue(page, after, events));
    effects.extend(expired(page, before, after, events));
    effects
}

/// Events recorded for a person who saw the page as it was a moment before.
fn read_page_before(event: &PageEvent) -> bool {
    matches!(event, PageEvent::Decided { .. } | PageEvent::Submitted { .. } | PageEvent::Selected { .. })
}

/// Reviewers of approvals that are asked for from now on, and who was put into a place. Who asked needs no mail of it.
fn asked_now(page: &PageId, before: Option<&PageFold>, after: &PageFold, events: &[PageEvent]) -> Vec<Effect> {
    let Some(review) = after.review.as_ref().filter(|_| !after.ended) else { return Vec::new() };
    let known = before.filter(|fold| fold.state_seq == after.state_seq).and_then(|fold| fold.review.as_ref());
    let is_new = |now: &&ApprovalNow| {
        known.and_then(|known| known.approval(&now.asked.id)).is_none_or(|known| known.opened_at.is_none())
    };
    let submitter = review.submitted_by.as_ref().map(|by| &by.account).filter(|_| known.is_none());
    let opened = timer::pending(review).filter(is_new).flat_map(|now| timer::missing(review, now));
    let opened = opened.filter(|account| Some(*account) != submitter);
    let placed = events.iter().filter_map(|event| match event {
        PageEvent::Reassigned { to, by, approval, .. } if to.account != by.account => {
            review.approval(approval).filter(|now| now.opened_at.is_some()).map(|_| &to.account)
        }
        _ => None,
    });
    let people: BTreeSet<&AccountId> = opened.chain(placed).collect();
    let mail = |person: &AccountId| Effect::MailReviewAsked {
        page: page.clone(),
        person: person.clone(),
        state_seq: after.state_seq,
    };
    people.into_iter().take(MAILED_AT_ONCE).map(mail).collect()
}

/// Whoever submitted is told that the due date has come; those who are missing are told by timers, in their own morning.
fn overdue(page: &PageId, after: &PageFold, events: &[PageEvent]) -> Option<Effect> {
    let approvals = events.iter().rev().find_map(|event| match event {
        PageEvent::ReviewDue { approvals } => Some(approvals),
        _ => None,
    })?;
    let review = after.review.as_ref()?;
    let person = &review.submitted_by.as_ref()?.account;
    (!is_missing(review, approvals, person)).then(|| Effect::MailOverdue {
        page: page.clone(),
        person: person.clone(),
        approvals: approvals.clone(),
        state_seq: after.state_seq,
    })
}

fn is_missing(review: &Review, approvals: &BTreeSet<ApprovalId>, person: &AccountId) -> bool {
    let of = timer::pending(review).filter(|now| approvals.contains(&now.asked.id));
    of.flat_map(|now| timer::missing(review, now)).any(|account| account == person)
}

fn expired(page: &PageId, before: Option<&PageFold>, after: &PageFold, events: &[PageEvent]) -> Option<Effect> {
    let has = |event: &PageEvent| matches!(event, PageEvent::StateEntered { cause: Cause::Expired, .. });
    events.iter().any(has).then(|| Effect::MailExpired {
        page: page.clone(),
        state: before.map(|fold| fold.state.name.clone()).unwrap_or_default(),
        seq: after.seq,
    })
}
