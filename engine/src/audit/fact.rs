//! Events of the streams that are not a page's decisions.

use super::commitment::TextRef;
use crate::ids::{AccountId, FactorId, Seq};
use crate::time::Timestamp;
use crate::token::challenge::AdminAct;
use crate::token::policy::{FactorKind, Policy};
use crate::wire::jobs::{JobCounts, JobSpec, JobState};
use crate::workflow::version::WorkflowVersion;
use serde::{Deserialize, Serialize};

/// An event of a workflow's stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum WorkflowEvent {
    /// A version of the definition came into force.
    WorkflowDefined {
        /// 1, 2, 3 …: its place in the workflow's stream.
        version: u32,
        /// What it says.
        #[serde(flatten)]
        workflow: WorkflowVersion,
    },
}

/// An event of the policy's stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PolicyEvent {
    /// A version of the step-up policy came into force.
    PolicySet {
        /// What it says.
        policy: Policy,
    },
}

/// An event of a person's absence stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AbsenceEvent {
    /// The person said that they are away, and who decides for them. It takes the place of what they said before.
    AbsenceSet {
        /// Who decides for them.
        stand_in: AccountId,
        /// From when.
        from: Timestamp,
        /// Until when, not included.
        until: Timestamp,
    },
    /// The person said that they are not away, or no longer.
    AbsenceEnded,
}

/// An event of a person's factors stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FactorEvent {
    /// An authenticator was set up and proved by a first code. The secret is nowhere in the journal.
    FactorEnrolled {
        /// The factor.
        factor: FactorId,
        /// Its kind.
        factor_kind: FactorKind,
        /// How the person proved to be the account's owner.
        proved_by: EnrolmentProof,
    },
}

/// How a first enrolment was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnrolmentProof {
    /// A code mailed to the account's address.
    MailCode,
}

/// A plain fact about a person: it decides nothing and never clashes with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PersonFact {
    /// A code was refused. The code itself is recorded nowhere.
    AttemptFailed {
        /// What the code was for.
        purpose: AttemptPurpose,
        /// Why it was refused.
        reason: AttemptFault,
        /// Wrong codes in a row, this one counted.
        failures: u32,
    },
    /// Codes of this person are no longer compared for a while, or until an admin acts.
    Locked {
        /// Wrong codes in a row.
        failures: u32,
        /// Until when; absent: until an admin unlocks.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<u64>,
    },
    /// The person confirmed a change of a workflow or an assignment. What was changed is an entry of its own, of the same
    /// commit.
    ChangeConfirmed {
        /// What kind of change.
        act: AdminAct,
        /// SHA-256 of the request's canonical form.
        body: String,
        /// SHA-256 of the consumed challenge.
        challenge: String,
        /// The policy that was in force.
        policy_version: u32,
        /// The factor, where the policy asked for one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        factor: Option<FactorId>,
        /// The time step of the accepted code.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        step: Option<u64>,
    },
    /// An admin released the lock.
    Unlocked {
        /// Who did.
        by: AccountId,
        /// Why.
        reason: TextRef,
        /// SHA-256 of the consumed challenge.
        challenge: String,
        /// The admin's proof, where the policy asked for one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        factor: Option<FactorId>,
        /// The time step of the accepted code.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        step: Option<u64>,
    },
}

/// What a refused code was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttemptPurpose {
    /// A decision on a page.
    Decision,
    /// The code mailed before an enrolment.
    EnrolmentMail,
    /// The first code of a new authenticator.
    EnrolmentConfirm,
    /// Unlocking somebody.
    Override,
    /// A change of a workflow or an assignment.
    Change,
}

/// Why a code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttemptFault {
    /// It isn't the one.
    Wrong,
    /// It was accepted before.
    Used,
}

/// A plain fact about the administration of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum WorkflowFact {
    /// Work on many pages was begun.
    JobBegun {
        /// Its id.
        job: String,
        /// What is to be done.
        spec: JobSpec,
    },
    /// It is over. What became of each page is in the pages' streams.
    JobEnded {
        /// Its id.
        job: String,
        /// How.
        state: JobState,
        /// What was done.
        counts: JobCounts,
    },
}

/// A plain fact about a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PageFact {
    /// The byline property held something we did not write; it was rewritten.
    BylineAltered {
        /// What was found there (anybody who may edit the page can have written it).
        found: TextRef,
    },
    /// An effect was carried out.
    EffectDone {
        /// Which.
        effect: String,
        /// The head of the page's stream it reflects, where it reflects one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        seq: Option<Seq>,
    },
    /// An effect was given up after many tries.
    EffectFailed {
        /// Which.
        effect: String,
    },
}
