//! What a rule of the policy says.

use super::{Action, FactorKind, Subject};
use crate::ids::{GroupId, RuleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The shortest step-up session, in minutes.
pub const SESSION_MINUTES_MIN: u32 = 5;
/// The longest, in minutes: 30 days, as Atlassian Guard allows for external users.
pub const SESSION_MINUTES_MAX: u32 = 30 * 24 * 60;

/// Some people are asked for something when they do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id, unique within the policy.
    pub id: RuleId,
    /// What admins call it; approvers are told when they are asked why.
    pub name: String,
    /// Whether a lower level may ask for less.
    pub force: Force,
    /// Whom it is about.
    pub who: Who,
    /// What it is about.
    pub actions: BTreeSet<Action>,
    /// What they are asked for.
    pub demand: Demand,
}

/// Whether a lower level may ask for less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Force {
    /// It may: the rule holds where nothing else was said.
    Default,
    /// It may not.
    Required,
}

/// Whom a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Who {
    /// Everybody.
    Everyone,
    /// Guests, and accounts outside the managed domains; see [`super::People`].
    External,
    /// Everybody else.
    Internal,
    /// Members of a group: a pilot, say, before everybody.
    Group {
        /// Which.
        group: GroupId,
    },
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Kinds of factors of which one has to be used. The server offers those the person has; nobody picks a weaker one.
    pub factors: BTreeSet<FactorKind>,
    /// How fresh it has to be.
    pub fresh: Freshness,
    /// What a signature may mean, for the signer to choose from; empty: what the approval says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanings: Vec<String>,
    /// Whether 21 CFR 11.200 is to be kept to the letter: the first signature of a session names its signer and uses a
    /// factor, each later one uses a factor; and many pages are never signed at once.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub part_11: bool,
}

/// How fresh a confirmation has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Freshness {
    /// Made for this very action.
    EachTime,
    /// Made for this action, or not longer ago than this: a step-up session.
    Session {
        /// How long.
        minutes: u32,
    },
}

impl Freshness {
    /// The stricter of two.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Session { minutes: one }, Self::Session { minutes: two }) => Self::Session { minutes: one.min(two) },
            _ => Self::EachTime,
        }
    }
}

impl Demand {
    /// An authenticator app or a passkey, each time.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            factors: [FactorKind::Totp, FactorKind::Passkey].into(),
            fresh: Freshness::EachTime,
            meanings: Vec::new(),
            part_11: false,
        }
    }

    /// What satisfies both. No factor may be left: then nothing does, and nobody gets through by accident.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self {
            factors: self.factors.intersection(&other.factors).copied().collect(),
            fresh: self.fresh.stricter(other.fresh),
            meanings: if self.meanings.is_empty() { other.meanings.clone() } else { self.meanings },
            part_11: self.part_11 || other.part_11,
        }
    }
}

impl Who {
    /// Whether it means this person.
    #[must_use]
    pub fn means(&self, subject: &Subject) -> bool {
        match self {
            Self::Everyone => true,
            Self::External => subject.external.is_some(),
            Self::Internal => subject.external.is_none(),
            Self::Group { group } => subject.groups.contains(group),
        }
    }
}
