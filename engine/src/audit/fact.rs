//! Events of the streams that are not a page's decisions.

use super::commitment::TextRef;
use crate::ids::{AccountId, FactorId, Seq};
use crate::page::event::Proof;
use crate::time::Timestamp;
use crate::token::challenge::Act;
use crate::token::policy::{FactorKind, Policy};
use crate::wire::jobs::{JobCounts, JobSpec, JobState};
use crate::wire::operator::OperatorAct;
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

/// An event of a person's factors stream. Who did it is the entry's actor; how they confirmed it is the
/// [`PersonFact::ChangeConfirmed`] of the same commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FactorEvent {
    /// A factor was set up and proved by a first use. The secret is nowhere in the journal.
    FactorEnrolled {
        /// The factor.
        factor: FactorId,
        /// Its kind.
        factor_kind: FactorKind,
        /// What its owner calls it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<TextRef>,
        /// When it has to be renewed; absent: never.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        expires_at: Option<Timestamp>,
        /// How the person proved to be the account's owner.
        proved_by: EnrolmentProof,
        /// The factor whose place it takes: that one counts no longer.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        replaces: Option<FactorId>,
    },
    /// Its owner went on using a factor: a code of its own said so.
    FactorRenewed {
        /// The factor.
        factor: FactorId,
        /// Its kind.
        factor_kind: FactorKind,
        /// When it has to be renewed next; absent: never.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        expires_at: Option<Timestamp>,
    },
    /// Its owner calls a factor something else.
    FactorRenamed {
        /// The factor.
        factor: FactorId,
        /// The name; absent: none.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<TextRef>,
    },
    /// Its owner removed a factor.
    FactorRemoved {
        /// The factor.
        factor: FactorId,
        /// Its kind.
        factor_kind: FactorKind,
        /// Factors left that count.
        left: u32,
    },
    /// An admin took a factor away.
    FactorRevoked {
        /// The factor.
        factor: FactorId,
        /// Its kind.
        factor_kind: FactorKind,
        /// Why.
        reason: TextRef,
    },
    /// An admin set until when a factor counts.
    FactorLifeSet {
        /// The factor.
        factor: FactorId,
        /// Its kind.
        factor_kind: FactorKind,
        /// When it has to be renewed; absent: never.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        expires_at: Option<Timestamp>,
        /// Why.
        reason: TextRef,
    },
    /// Recovery codes were made; those before them are worth nothing.
    RecoveryCodesMade {
        /// How many.
        count: u32,
    },
    /// A recovery code was used up, to set up a factor.
    RecoveryCodeUsed {
        /// How many are left.
        left: u32,
    },
}

/// How somebody who sets up a factor proved to be the account's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnrolmentProof {
    /// A code mailed to the account's address.
    MailCode,
    /// A factor that counts.
    CurrentFactor,
    /// A recovery code.
    RecoveryCode,
    /// Nothing but the session: the policy asks for no more where somebody has no factor yet.
    WaivedByPolicy,
}

impl EnrolmentProof {
    /// The word in the database and in a journal entry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MailCode => "mail-code",
            Self::CurrentFactor => "current-factor",
            Self::RecoveryCode => "recovery-code",
            Self::WaivedByPolicy => "waived-by-policy",
        }
    }
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
        /// Of what kind of factor a code was asked for; absent where that was not recorded.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        factor_kind: Option<FactorKind>,
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
        act: Act,
        /// SHA-256 of the request's canonical form.
        body: String,
        /// How.
        proof: Proof,
    },
    /// "This wasn't me": the person had their codes locked until an admin looks into it, and their sessions ended.
    NotMe {
        /// Whether it was said by the link in a mail, which proves their mailbox and not that they were logged in.
        #[serde(skip_serializing_if = "core::ops::Not::not", default)]
        by_mail: bool,
    },
    /// Whoever runs the Worker acted, because no admin could. Factors that were taken away are told of in the person's
    /// stream of factors, in entries of the same commit.
    OperatorActed {
        /// What was done.
        act: OperatorAct,
        /// Who the operator said they are. Only the key was proved.
        operator: TextRef,
        /// Why.
        reason: TextRef,
        /// SHA-256 of the signed request.
        request: String,
    },
    /// An admin erased somebody who was invited without an account: address, name and factors.
    InvitedErased {
        /// Who did.
        by: AccountId,
        /// Why.
        reason: TextRef,
        /// SHA-256 of the consumed challenge. How it was confirmed is in [`PersonFact::ChangeConfirmed`], with the admin.
        challenge: String,
    },
    /// An admin released the lock.
    Unlocked {
        /// Who did.
        by: AccountId,
        /// Why.
        reason: TextRef,
        /// SHA-256 of the consumed challenge. How it was confirmed is in [`PersonFact::ChangeConfirmed`], with the admin.
        challenge: String,
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
    /// The code mailed to somebody who was invited, before anything is shown.
    Invitation,
    /// The first code of a new authenticator.
    EnrolmentConfirm,
    /// A recovery code, to set up a factor.
    Recovery,
    /// A factor's own renewal.
    Renewal,
    /// Unlocking somebody.
    Override,
    /// A change of a workflow or an assignment.
    Change,
}

impl AttemptPurpose {
    /// For a list of what was tried.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Decision => "A decision on a page",
            Self::EnrolmentMail => "The mailed code of a set-up",
            Self::Invitation => "The mailed code of an invitation",
            Self::EnrolmentConfirm => "The first code of a new authenticator",
            Self::Recovery => "A recovery code",
            Self::Renewal => "The renewal of an authenticator",
            Self::Override => "Unlocking somebody",
            Self::Change => "A change",
        }
    }
}

/// Why a code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttemptFault {
    /// It isn't the one.
    Wrong,
    /// It was accepted before.
    Used,
    /// A passkey's counter went back: there may be a copy of it.
    Counter,
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

/// A plain fact about a site as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SiteFact {
    /// Every secret of the site is sealed with this key of the Worker now.
    KeysRotated {
        /// Its id. The key itself is nowhere in the journal.
        key: String,
        /// The one before.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        before: Option<String>,
        /// How many were sealed anew.
        texts: u64,
    },
}
