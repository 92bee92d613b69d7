//! What a person does with their own factors, apart from setting one up ([`super::enrolment`]).

use super::confirm::{Confirm, Confirmation};
use crate::ids::{FactorId, PageId};
use crate::time::Timestamp;
use crate::token::challenge::Act;
use crate::token::guessing::Lock;
use crate::token::life::Stage;
use crate::token::policy::FactorKind;
use serde::{Deserialize, Serialize};

/// Asks for one's own factors.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FactorsRequest {}

/// Answers [`FactorsRequest`], and every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorsResponse {
    /// Oldest first.
    pub factors: Vec<FactorView>,
    /// Recovery codes that were not used yet; [`None`]: none were made.
    pub recovery: Option<RecoveryView>,
    /// For how long nothing is asked again after a confirmation, where that is so now.
    pub sessions: Vec<SessionView>,
    /// Why no code is accepted now.
    pub lock: Option<Lock>,
    /// Days until a new factor has to be renewed; [`None`]: never.
    pub life_days: Option<u32>,
    /// Confirmations and refused codes, the latest first.
    pub uses: Vec<UseView>,
}

/// One factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorView {
    /// Its id.
    pub id: FactorId,
    /// Its kind.
    pub factor_kind: FactorKind,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Since when.
    pub enrolled_at: Timestamp,
    /// When it has to be renewed; [`None`]: never.
    pub expires_at: Option<Timestamp>,
    /// When something was confirmed with it last.
    pub last_used_at: Option<Timestamp>,
    /// Where it is in its life.
    pub stage: Stage,
}

/// Recovery codes, as far as they can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryView {
    /// How many were not used yet.
    pub left: u32,
    /// Whether that is little.
    pub few: bool,
    /// When they were made.
    pub made_at: Timestamp,
}

/// A step-up session under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// By which kind of factor it was begun.
    pub factor_kind: FactorKind,
    /// When.
    pub began_at: Timestamp,
    /// When it ends at the latest.
    pub until: Timestamp,
}

/// A factor was used, or tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseView {
    /// When.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// What it was for: a sentence.
    pub what: String,
    /// The page it was about.
    pub page: Option<UsedOn>,
    /// Of what kind the factor was.
    pub factor_kind: Option<FactorKind>,
    /// What its owner calls it, if it is still there.
    pub factor_name: Option<String>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was confirmed.
    Confirmed,
    /// The code was refused.
    Refused,
    /// Codes were locked.
    Locked,
    /// They were unlocked.
    Unlocked,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedOn {
    /// Which.
    pub page: PageId,
    /// Its title; [`None`] unless the person may see it now.
    pub title: Option<String>,
}

/// Calls a factor something else.
#[derive(Clone, Serialize, Deserialize)]
pub struct RenameRequest {
    /// Which.
    pub factor: FactorId,
    /// What; empty: nothing.
    pub name: String,
}

/// Goes on using a factor. What confirms it is this very factor, though it may have expired.
#[derive(Clone, Serialize, Deserialize)]
pub struct RenewRequest {
    /// Which.
    pub factor: FactorId,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Removes a factor.
#[derive(Clone, Serialize, Deserialize)]
pub struct RemoveRequest {
    /// Which.
    pub factor: FactorId,
    /// Whether it shall go even if nothing is left to confirm with.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub even_the_last: bool,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Makes new recovery codes; the old ones end.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct NewCodesRequest {
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Answers requests about one's own factors that have to be confirmed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Own<T> {
    /// It is done.
    Done {
        /// What it led to.
        done: T,
    },
    /// It has to be confirmed first: send the same again with [`Confirmation`].
    Confirm {
        /// What to confirm, and how.
        confirm: Box<Confirm>,
    },
}

/// New recovery codes, shown once.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewCodes {
    /// As they are printed; empty if this repeats an answer given before: what was made is not kept in clear.
    pub codes: Vec<String>,
}

/// Ends every step-up session.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EndSessionsRequest {}

/// "This wasn't me": locks one's own codes until an admin looks into it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NotMeRequest {}

/// What an act is called in a list of what was done.
#[must_use]
pub fn past(act: Act) -> &'static str {
    match act {
        Act::Submit => "Submitted a page for review",
        Act::Select => "Moved a page to another state",
        Act::Reassign => "Changed who is asked to review a page",
        Act::Invite => "Invited somebody without an account to a page",
        Act::EraseInvited => "Erased somebody who was invited",
        Act::DefineWorkflow => "Put a version of a workflow in force",
        Act::SetStanding => "Changed whether pages may come under a workflow",
        Act::SetValues => "Changed a space's values of a workflow's parameters",
        Act::Assign => "Changed which pages come under which workflow",
        Act::BeginJob => "Changed many pages at once",
        Act::SetPolicy => "Put a version of the step-up policy in force",
        Act::Unlock => "Let somebody enter codes again",
        Act::RevokeFactors => "Took somebody's authenticators away",
        Act::SetFactorLife => "Changed how long somebody's authenticators count",
        Act::AskOverride => "Asked for emergency access to a page",
        Act::Override => "Decided in the reviewers' place, as emergency access",
        Act::AddFactor => "Began to set up another way to confirm",
        Act::RemoveFactor => "Removed a way to confirm",
        Act::RenewFactor => "Renewed a way to confirm",
        Act::NewRecoveryCodes => "Made new recovery codes",
    }
}
