//! The step-up policy: who confirms what, how freshly, by which factors and with which meanings.
//!
//! A policy is a list of [`Rule`]s. Each names people and actions, and what they are asked for. *Required* rules hold
//! always and together: of all that apply the strictest counts. *Default* rules hold where nothing stricter was said: the
//! first that applies counts, and an approval of a workflow may ask for more, for something else, or for nothing. So a
//! lower level never loosens what is required.
//!
//! * [`rule`]: what a rule says.
//! * [`subject`]: who somebody is, as far as a policy asks.
//! * [`requirement`]: what is asked of somebody for an action, and because of what.
//! * [`check`]: whether a policy an admin wrote can come into force.
//! * [`change`]: what it changes.
//! * [`invitations`]: where people without an account may be asked.

pub mod change;
pub mod check;
pub mod invitations;
pub mod requirement;
pub mod rule;
pub mod subject;
mod warn;
mod words;

use crate::ids::RuleId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use invitations::Invitations;
pub use requirement::{Because, Evidence, Requirement};
pub use rule::{Demand, Force, Freshness, Rule, Who};
pub use subject::{External, People, Subject};

/// What a person is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Submit for review.
    Submit,
    /// Approve.
    Approve,
    /// Reject.
    Reject,
    /// Pick a transition.
    Select,
    /// Ask somebody in another's place, or besides.
    Reassign,
    /// Invite somebody without an account.
    Invite,
    /// Publish.
    Publish,
    /// Act against the workflow or a lock, in an emergency.
    Override,
    /// Change a workflow.
    ChangeWorkflow,
    /// Change which pages come under which workflow, or many pages at once.
    ChangeAssignment,
    /// Change this policy.
    ChangePolicy,
    /// Change somebody else's factors.
    ResetFactor,
}

impl Action {
    /// Every action there is.
    pub const ALL: [Self; 12] = [
        Self::Submit,
        Self::Approve,
        Self::Reject,
        Self::Select,
        Self::Reassign,
        Self::Invite,
        Self::Publish,
        Self::Override,
        Self::ChangeWorkflow,
        Self::ChangeAssignment,
        Self::ChangePolicy,
        Self::ResetFactor,
    ];
}

/// A kind of factor, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorKind {
    /// One of the codes printed when a first factor was set up. It proves the person when they replace a factor, and signs
    /// nothing.
    RecoveryCode,
    /// A code mailed for one challenge: control of the mailbox, no more (NIST SP 800-63B-4 does not count it as out of band).
    MailCode,
    /// Authenticator app (RFC 6238).
    Totp,
    /// Passkey (WebAuthn): bound to the page it is used on, so it can't be phished.
    Passkey,
}

impl FactorKind {
    /// Kinds a signature can be confirmed with, the weakest first.
    pub const SIGNING: [Self; 3] = [Self::MailCode, Self::Totp, Self::Passkey];

    /// The word in the database and in a journal entry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecoveryCode => "recovery-code",
            Self::MailCode => "mail-code",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
        }
    }

    /// Whether somebody has it for good, once it was set up: a mailed code is made for one challenge, a recovery code works
    /// once.
    #[must_use]
    pub fn is_enrolled(self) -> bool {
        matches!(self, Self::Totp | Self::Passkey)
    }
}

/// How long a factor counts once it was set up, in days, unless the policy says otherwise.
pub const LIFE_DAYS: u32 = 30;

/// Setting up factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Days until a factor has to be renewed; [`None`]: never.
    pub life_days: Option<u32>,
    /// Whether a first factor needs a code mailed to the account's address.
    pub mail_proof: bool,
}

impl Default for Enrolment {
    fn default() -> Self {
        Self { life_days: Some(LIFE_DAYS), mail_proof: true }
    }
}

/// One version of a site's step-up policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// 1, 2, 3 …
    pub version: u32,
    /// Who is asked for what. The order matters to the default ones.
    pub rules: Vec<Rule>,
    /// Setting up factors.
    #[serde(default)]
    pub enrolment: Enrolment,
    /// Who counts as external.
    #[serde(default)]
    pub people: People,
    /// Where people without an account may be asked.
    #[serde(default, skip_serializing_if = "Invitations::is_off")]
    pub invitations: Invitations,
}

impl Policy {
    /// The policy a site starts with: every verdict, every override and every change of the rules is confirmed, each time.
    #[must_use]
    pub fn initial() -> Self {
        let rule = Rule {
            id: RuleId::new("everyone"),
            name: "Verdicts and changes of the rules".to_owned(),
            force: Force::Default,
            who: Who::Everyone,
            actions: [
                Action::Approve,
                Action::Reject,
                Action::Publish,
                Action::Override,
                Action::ChangeWorkflow,
                Action::ChangeAssignment,
                Action::ChangePolicy,
                Action::ResetFactor,
            ]
            .into(),
            demand: Demand::standard(),
        };
        Self {
            version: 1,
            rules: vec![rule],
            enrolment: Enrolment::default(),
            people: People::default(),
            invitations: Invitations::default(),
        }
    }

    /// Groups that have to be asked about to tell whether somebody is meant by a rule about `action`.
    #[must_use]
    pub fn groups_for(&self, action: Action) -> BTreeSet<&crate::ids::GroupId> {
        let rules = self.rules.iter().filter(|rule| rule.actions.contains(&action));
        rules.filter_map(|rule| if let Who::Group { group } = &rule.who { Some(group) } else { None }).collect()
    }

    /// Whether it has to be known if somebody is external, to tell what they are asked for `action`.
    #[must_use]
    pub fn asks_who_is_external(&self, action: Action) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.actions.contains(&action) && matches!(rule.who, Who::External | Who::Internal))
    }

    /// Whether a rule about `action` is for those alone who are not external: taking somebody for external who is not would
    /// leave it out.
    #[must_use]
    pub fn asks_of_internal(&self, action: Action) -> bool {
        self.rules.iter().any(|rule| rule.actions.contains(&action) && rule.who == Who::Internal)
    }
}

#[cfg(test)]
mod tests;
