//! An approval: who is asked, how many must agree, what their signature means.

use super::people::{People, Role};
use crate::calendar::Span;
use crate::ids::{AccountId, ApprovalId, GroupId};
use crate::token::policy::Demand;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One approval of a state. Several are asked for in parallel, unless one waits for others ([`Approval::after`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Its id, unique in the state.
    pub id: ApprovalId,
    /// Its name for people, such as "Policy owners".
    pub name: String,
    /// What the reviewers should look at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Who is asked.
    pub reviewers: Reviewers,
    /// How many must approve.
    #[serde(default)]
    pub mode: Mode,
    /// How many must reject for the approval to be rejected.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub minimum_rejections: u32,
    /// Who may not decide although asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub exclude: BTreeSet<Exclusion>,
    /// Approvals of the same state that must be complete before this one is asked for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<ApprovalId>,
    /// How long the reviewers have, from when they are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Span>,
    /// How long before the due date those who have not decided are reminded; needs [`Approval::due`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remind: Vec<Span>,
    /// Whether a reviewer may change their decision until the approval is complete.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub change_decision: bool,
    /// Whether a reviewer may pass their seat on to somebody else.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub delegate: bool,
    /// Who may put somebody in another reviewer's place, or ask somebody besides. Nobody, if nobody is named.
    #[serde(default = "space_admins")]
    pub reassign: People,
    /// What an approval means (21 CFR 11.50(a)(3)), such as "I approve this version for use".
    pub meaning: String,
    /// What else an approval may mean, for the reviewer to choose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_meanings: Vec<String>,
    /// What a rejection means.
    pub meaning_of_rejection: String,
    /// Whether a rejection must be explained.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub comment_on_reject: bool,
    /// What a verdict is confirmed with, besides what the site's policy requires.
    #[serde(default, skip_serializing_if = "StepUp::is_policy")]
    pub step_up: StepUp,
}

/// Who is asked: any of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewers {
    /// People by account.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<AccountId>,
    /// Members of these groups.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<GroupId>,
    /// People by what they are to the page.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Role>,
    /// People whom the submitter names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Assigned>,
}

impl Reviewers {
    /// Whether nobody can ever be asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.roles.is_empty() && self.assigned.is_none()
    }

    /// Whether some of those asked cannot be listed when the review begins.
    #[must_use]
    pub fn has_open_role(&self) -> bool {
        self.roles.iter().any(|role| !role.can_be_listed())
    }
}

/// The submitter names reviewers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// At least so many.
    #[serde(default = "one")]
    pub at_least: u32,
    /// Members of these groups only; anybody who can see the page if there is none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub from: BTreeSet<GroupId>,
}

/// How many must approve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// One.
    #[default]
    Any,
    /// Everybody asked.
    All,
    /// More than half of those asked.
    Majority,
    /// This many different people.
    Minimum(u32),
}

impl Mode {
    /// Whether it can only be counted when it is known who is asked.
    #[must_use]
    pub fn needs_roster(self) -> bool {
        matches!(self, Self::All | Self::Majority)
    }
}

/// Separation of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exclusion {
    /// Whoever created the page.
    Author,
    /// Whoever wrote the version under review.
    LastEditor,
    /// Whoever submitted it.
    Submitter,
    /// Whoever wrote any version since the last approved one.
    EditorsSinceApproval,
}

/// When a verdict is confirmed, and with what. None of them loosens what the site's policy requires.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepUp {
    /// When the site's policy says so.
    #[default]
    Policy,
    /// Not where the policy leaves it to the workflow.
    Off,
    /// Always: as the policy's default says, or with an authenticator app or a passkey each time.
    Required,
    /// Always, and with this.
    Demand(Demand),
}

impl StepUp {
    fn is_policy(&self) -> bool {
        *self == Self::Policy
    }
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_one(number: &u32) -> bool {
    *number == 1
}

fn space_admins() -> People {
    People::of_role(Role::SpaceAdmin)
}
