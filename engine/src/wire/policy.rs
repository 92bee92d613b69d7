//! The step-up policy: shown, checked, changed and asked about by Confluence admins; and why somebody is asked.

use super::confirm::Confirmation;
use crate::ids::{AccountId, GroupId, PageId};
use crate::time::Timestamp;
use crate::token::guessing::Lock;
use crate::token::policy::check::Draft;
use crate::token::policy::{Action, Demand, External, FactorKind};
use crate::workflow::fault::Fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Asks for the policy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PolicyRequest {
    /// Another version than the one in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// Answers [`PolicyRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyResponse {
    /// The version shown.
    pub version: u32,
    /// The one in force.
    pub newest: u32,
    /// What it says.
    pub draft: Draft,
    /// What works but may not be meant.
    pub warnings: Vec<Fault>,
    /// The latest versions, the newest first.
    pub history: Vec<PolicyLine>,
    /// Names of the groups it is about, where Confluence tells.
    pub groups: BTreeMap<GroupId, String>,
    /// Names of the people it lists, where Confluence tells.
    pub people: BTreeMap<AccountId, String>,
}

/// One version in the policy's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyLine {
    /// Which.
    pub version: u32,
    /// Since when.
    pub at: Timestamp,
    /// Who set it; absent: Countersign itself, or whoever runs the Worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// Their name, where Confluence tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
}

/// Asks what is to be said about a draft.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckPolicyRequest {
    /// The draft.
    pub draft: Draft,
}

/// Answers [`CheckPolicyRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckPolicyResponse {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What works but may not be meant.
    pub warnings: Vec<Fault>,
    /// Why the admin who asks could not change the policy any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locks_out: Option<String>,
    /// What it changes of the policy in force: plain sentences.
    pub changes: Vec<String>,
}

/// Puts a draft in force.
#[derive(Clone, Serialize, Deserialize)]
pub struct SetPolicyRequest {
    /// The version the draft was made from.
    pub based_on: u32,
    /// The draft.
    pub draft: Draft,
    /// The confirmation, once it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

/// Answers [`SetPolicyRequest`], once it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySet {
    /// The version now in force.
    pub version: u32,
}

/// Asks who would be asked for what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WhoIsAskedRequest {
    /// On this page.
    pub page: PageId,
    /// This person.
    pub person: AccountId,
    /// By this draft instead of the policy in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
}

/// Answers [`WhoIsAskedRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhoIsAskedResponse {
    /// The page's title.
    pub title: String,
    /// The person's name.
    pub name: String,
    /// Why they count as external, if they do and a rule asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<External>,
    /// Kinds of factors they have that count now, the strongest first.
    pub has: Vec<FactorKind>,
    /// Kinds they have that have to be renewed first.
    pub expired: Vec<FactorKind>,
    /// Whether codes of theirs are not compared now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// For each thing they may do.
    pub asked: Vec<AskedFor>,
}

/// What somebody is asked for one thing they do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedFor {
    /// What they do.
    pub action: Action,
    /// For which approval of the page's workflow, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// What is asked; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<Demand>,
    /// Why: plain sentences.
    pub because: Vec<String>,
    /// Kinds of factors they could confirm with now, the strongest first.
    pub ways: Vec<FactorKind>,
}

/// Asks why I am asked here: on the page of the invocation token; where it names none, wherever no workflow says more.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WhyRequest {}

/// Answers [`WhyRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhyResponse {
    /// The version of the policy in force.
    pub version: u32,
    /// Since when it is.
    pub since: Timestamp,
    /// Whether workflows' own demands on the page are in it.
    pub on_a_page: bool,
    /// Why I count as external, if I do and a rule asks: a plain sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
    /// Kinds of factors I have that count now, the strongest first.
    pub has: Vec<FactorKind>,
    /// Kinds I have that have to be renewed first.
    pub expired: Vec<FactorKind>,
    /// Whether codes of mine are not compared now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// For what I may do here.
    pub asked: Vec<AskedFor>,
    /// Names of admins, who can change what is asked. Guests are told none.
    pub admins: Vec<String>,
}
