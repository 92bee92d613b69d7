//! What admins see of everybody's factors, and what they do about them.
//!
//! Who is listed: *active approvers*, the people workflows actually ask; and whoever else has a factor or is locked, told
//! apart from them. Deactivated accounts are neither listed nor counted.

use super::confirm::Confirmation;
use super::factors::FactorView;
use crate::ids::{AccountId, FactorId, GroupId};
use crate::time::Timestamp;
use crate::token::guessing::Lock;
use crate::token::life::Stage;
use crate::token::policy::{External, FactorKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How far back counts for "of late": whom workflows asked, who decided, failures.
pub const DAYS: u64 = 90;
/// People one request looks at.
pub const PORTION: usize = 100;
/// Somebody is reminded at most once in so many hours.
pub const REMINDER_HOURS: u64 = 24;
/// Where the policy gives factors an end, an admin may set one at most this many days ahead.
pub const LIFE_DAYS_MAX: u32 = 366;

/// Asks for a portion of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsightsRequest {
    /// [`InsightsResponse::next`] of the portion before; absent: from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<AccountId>,
    /// Who is wanted.
    #[serde(default)]
    pub filter: Filter,
}

/// Answers [`InsightsRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsightsResponse {
    /// Those who pass the filter, of the people looked at.
    pub people: Vec<PersonLine>,
    /// How many people this portion looked at.
    pub looked_at: u32,
    /// How many there are to look at in all.
    pub total: u32,
    /// How many of those looked at were left out because their accounts are deactivated.
    pub departed: u32,
    /// Where the next portion begins; [`None`]: this was the last.
    pub next: Option<AccountId>,
    /// Groups that are too large to be listed whole, or could not be asked about: others may be asked as their members.
    pub cut: Vec<GroupId>,
    /// Whether Confluence could be asked. If not, names are account ids, nobody counts as external or deactivated, and members
    /// of groups are missing.
    pub told: bool,
    /// Days until the policy has a factor renewed; [`None`]: never, so an admin may set that, too.
    pub life_days: Option<u32>,
    /// What the clock said.
    pub now: Timestamp,
}

/// Asks for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRequest {
    /// Whom.
    pub account: AccountId,
}

/// Answers [`PersonRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonResponse {
    /// Who; [`None`]: they are in the list no longer.
    pub person: Option<PersonLine>,
}

/// A person in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLine {
    /// Who.
    pub account: AccountId,
    /// Their name in Confluence.
    pub name: String,
    /// Why they count as external; [`None`]: they do not.
    pub external: Option<External>,
    /// Why they are an active approver; empty: they are none.
    pub asked: BTreeSet<AskedBy>,
    /// What they can confirm with.
    pub standing: Standing,
    /// Why no code of theirs is accepted now.
    pub lock: Option<Lock>,
    /// Their factors that can still be used or renewed, oldest first.
    pub factors: Vec<FactorView>,
    /// Recovery codes that were not used yet.
    pub recovery_left: u32,
    /// When they confirmed something last.
    pub last_use: Option<Timestamp>,
    /// When Countersign saw them last.
    pub last_seen: Option<Timestamp>,
    /// Wrong codes in a row.
    pub failures: u32,
    /// Wrong codes within [`DAYS`].
    pub failures_of_late: u32,
    /// When an admin reminded them last.
    pub reminded_at: Option<Timestamp>,
}

/// Why somebody is an active approver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedBy {
    /// A page waits for them now.
    Waiting,
    /// They decided within [`DAYS`].
    Decided,
    /// They were asked by name within [`DAYS`].
    Asked,
    /// A workflow in use names them, or a group they are in.
    Workflow,
}

/// What somebody can confirm with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A factor of theirs counts.
    Enrolled,
    /// The last of their factors to count ends soon.
    ExpiresSoon,
    /// Their factors have to be renewed first.
    Expired,
    /// They have none any more: removed, revoked, or left unrenewed for long.
    Ended,
    /// Nothing but codes mailed to them, which the policy takes.
    MailboxOnly,
    /// They never set one up.
    NeverEnrolled,
}

impl Standing {
    /// All, the soundest first.
    pub const ALL: [Self; 6] =
        [Self::Enrolled, Self::ExpiresSoon, Self::Expired, Self::Ended, Self::MailboxOnly, Self::NeverEnrolled];

    /// What somebody with these factors can confirm with. Rules: (1) the factor that goes on longest speaks for them,
    /// (2) without any, a mailed code where the policy takes one from them, (3) without that, whether they ever had one.
    #[must_use]
    pub fn of(factors: impl IntoIterator<Item = Stage>, had_one: bool, mailbox: bool) -> Self {
        // (1)
        let best = factors.into_iter().filter_map(|stage| match stage {
            Stage::Counts => Some(Self::Enrolled),
            Stage::Soon => Some(Self::ExpiresSoon),
            Stage::Expired => Some(Self::Expired),
            Stage::Over => None,
        });
        match best.min() {
            Some(best) => best,
            // (2)
            None if mailbox => Self::MailboxOnly,
            // (3)
            None if had_one => Self::Ended,
            None => Self::NeverEnrolled,
        }
    }

    /// Whether a mail may remind them to set up or renew a factor.
    #[must_use]
    pub fn can_be_reminded(self) -> bool {
        !matches!(self, Self::Enrolled)
    }

    /// For people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Enrolled => "Enrolled",
            Self::ExpiresSoon => "Expires soon",
            Self::Expired => "Expired",
            Self::Ended => "Removed or revoked",
            Self::MailboxOnly => "Mailbox only",
            Self::NeverEnrolled => "Never enrolled",
        }
    }
}

impl PersonLine {
    /// Whether workflows ask them.
    #[must_use]
    pub fn is_approver(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Whether a factor of this kind counts for them.
    #[must_use]
    pub fn has(&self, kind: FactorKind) -> bool {
        self.factors.iter().any(|factor| factor.factor_kind == kind && factor.stage.counts())
    }

    /// Whether a mail may remind them now: they are asked, have nothing that counts for long, and were not reminded of late.
    #[must_use]
    pub fn can_be_reminded(&self, now: Timestamp) -> bool {
        self.is_approver() && self.standing.can_be_reminded() && !self.reminded_of_late(now)
    }

    /// Whether they were reminded within [`REMINDER_HOURS`].
    #[must_use]
    pub fn reminded_of_late(&self, now: Timestamp) -> bool {
        self.reminded_at.is_some_and(|at| at > reminded_since(now))
    }
}

/// Who was reminded after this is not reminded again at `now`.
#[must_use]
pub fn reminded_since(now: Timestamp) -> Timestamp {
    Timestamp(now.millis().saturating_sub(REMINDER_HOURS * 3_600_000))
}

/// What happened after this counts as "of late" at `now`.
#[must_use]
pub fn of_late(now: Timestamp) -> Timestamp {
    Timestamp(now.millis().saturating_sub(DAYS * 24 * 3_600_000))
}

/// Which people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Active approvers, the others, or both.
    pub who: Listed,
    /// What they can confirm with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// Whether they are locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    /// A kind of factor that counts for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor_kind: Option<FactorKind>,
    /// Whether they are external.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<bool>,
    /// Part of their name or account id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Which of those listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listed {
    /// Whoever workflows ask.
    #[default]
    Approvers,
    /// Whoever else has a factor or is locked.
    Others,
    /// Both.
    Everybody,
}

impl Filter {
    /// Whether somebody is wanted: every part that is set has to fit.
    #[must_use]
    pub fn keeps(&self, person: &PersonLine) -> bool {
        let listed = match self.who {
            Listed::Approvers => person.is_approver(),
            Listed::Others => !person.is_approver(),
            Listed::Everybody => true,
        };
        let text = self.text.trim().to_lowercase();
        let named = || person.name.to_lowercase().contains(&text) || person.account.as_str().contains(&text);
        listed
            && self.standing.is_none_or(|standing| person.standing == standing)
            && self.locked.is_none_or(|locked| person.lock.is_some() == locked)
            && self.factor_kind.is_none_or(|kind| person.has(kind))
            && self.external.is_none_or(|external| person.external.is_some() == external)
            && (text.is_empty() || named())
    }
}

/// How many active approvers there are of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In all.
    pub people: u32,
    /// By what they can confirm with, in the order of [`Standing::ALL`].
    pub standings: [u32; 6],
    /// Locked, whatever they can confirm with.
    pub locked: u32,
    /// Those for whom an authenticator app counts.
    pub totp: u32,
    /// Those for whom a passkey counts.
    pub passkey: u32,
}

impl Counts {
    /// Counts those of `people` who are active approvers, external ones or the others.
    #[must_use]
    pub fn of<'a>(people: impl IntoIterator<Item = &'a PersonLine>, external: bool) -> Self {
        let mut counts = Self::default();
        let counted = |person: &&PersonLine| person.is_approver() && person.external.is_some() == external;
        for person in people.into_iter().filter(counted) {
            counts.people += 1;
            for (count, standing) in counts.standings.iter_mut().zip(Standing::ALL) {
                *count += u32::from(person.standing == standing);
            }
            counts.locked += u32::from(person.lock.is_some());
            counts.totp += u32::from(person.has(FactorKind::Totp));
            counts.passkey += u32::from(person.has(FactorKind::Passkey));
        }
        counts
    }

    /// How many can confirm with this.
    #[must_use]
    pub fn standing(&self, standing: Standing) -> u32 {
        let place = Standing::ALL.iter().position(|one| *one == standing);
        place.and_then(|place| self.standings.get(place)).copied().unwrap_or_default()
    }
}

/// Reminds people by mail to set up or renew a factor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemindRequest {
    /// Whom; [`PORTION`] at most.
    pub people: Vec<AccountId>,
}

/// Answers [`RemindRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemindResponse {
    /// What became of it, in the order asked for.
    pub people: Vec<Reminded>,
}

/// What became of a reminder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Whose.
    pub account: AccountId,
    /// What.
    pub outcome: ReminderOutcome,
}

/// What became of a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReminderOutcome {
    /// A mail is on its way.
    Mailed,
    /// They were reminded within [`REMINDER_HOURS`].
    OfLate,
    /// What they have counts.
    NotNeeded,
    /// No workflow asks them, or their account is deactivated.
    NotAsked,
}

/// Takes somebody's factors away.
#[derive(Clone, Serialize, Deserialize)]
pub struct RevokeRequest {
    /// Whose.
    pub account: AccountId,
    /// Which; absent: all, and the recovery codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorId>,
    /// Why; must not be empty.
    pub reason: String,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Sets until when somebody's factor counts.
#[derive(Clone, Serialize, Deserialize)]
pub struct LifeRequest {
    /// Whose.
    pub account: AccountId,
    /// Which; absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorId>,
    /// Until when; absent: for good, where the policy has factors count for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why; must not be empty.
    pub reason: String,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Releases somebody's lock.
#[derive(Clone, Serialize, Deserialize)]
pub struct UnlockRequest {
    /// Whose.
    pub account: AccountId,
    /// Why; must not be empty.
    pub reason: String,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// What was done for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cared {
    /// For whom.
    pub account: AccountId,
}

#[cfg(test)]
#[path = "insights_tests.rs"]
mod tests;
