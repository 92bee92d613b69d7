//! Who did something, and what stands behind it.

use crate::audit::commitment::TextRef;
use crate::ids::{AccountId, FactorId, InvitationId, SessionId};
use crate::time::Timestamp;
use crate::token::policy::FactorKind;
use serde::{Deserialize, Serialize};

/// A person with the name they had then (21 CFR 11.50(a)(1)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// Who.
    pub account: AccountId,
    /// The name, erasable.
    pub name: TextRef,
}

/// How a decision was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// SHA-256 of the consumed challenge, hexadecimal.
    pub challenge: String,
    /// The policy that was in force.
    pub policy_version: u32,
    /// The consumed factor; absent where the policy asks for none, or a session stands for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub factor: Option<FactorUse>,
    /// The step-up session this belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub session: Option<SessionUse>,
    /// Whether the person typed who they are, and it was right (21 CFR 11.200(a)(1): the identification code).
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub identified: bool,
    /// The list of pages it was signed with, where it was one of several signed together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bulk: Option<BulkUse>,
}

impl Proof {
    /// Whether a factor stands behind it: one used for it, one by which the session was begun, or one used for the list.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.factor.is_some() || self.session.is_some() || self.bulk.as_ref().is_some_and(|bulk| bulk.opened.is_some())
    }
}

/// A list of pages signed together, of which this is one. `challenge` is then the list's, and the same in each entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkUse {
    /// SHA-256 of the list: [`crate::token::challenge::list_digest`].
    pub list: String,
    /// Which page of it, counted from 0.
    pub index: u32,
    /// How many pages it has.
    pub count: u32,
    /// What it was confirmed with, once for all of them; absent where the policy asked for nothing, or a step-up session
    /// stood for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub opened: Option<Opened>,
}

/// A list that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The session it began: good for the pages of this list, for nothing else.
    pub session: SessionId,
    /// The factor that was used.
    pub factor: FactorUse,
    /// When.
    pub at: Timestamp,
}

/// A step-up session that counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionUse {
    /// Which.
    pub session: SessionId,
    /// By which kind of factor it was begun.
    pub kind: FactorKind,
    /// When.
    pub began_at: Timestamp,
    /// Whether the person named themselves when it began.
    #[serde(skip_serializing_if = "core::ops::Not::not", default)]
    pub identified: bool,
}

/// A factor that was consumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorUse {
    /// Which.
    pub factor: FactorId,
    /// Its kind.
    pub kind: FactorKind,
    /// What was used up with it: the time step of the accepted code (RFC 6238), a passkey's signature counter; 0 for what is
    /// used up by itself.
    pub step: u64,
}

/// What stands behind what somebody without an account said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proven {
    /// A code mailed to the address they were invited at, no more.
    #[serde(rename = "mailbox control, no account")]
    MailboxOnly,
    /// A factor of their own, set up after the mailbox was proved.
    #[serde(rename = "own factor, no account")]
    OwnFactor,
}

impl Proven {
    /// For people; the same words as in the entry.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::MailboxOnly => "mailbox control, no account",
            Self::OwnFactor => "own factor, no account",
        }
    }
}

/// An attachment that goes with an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedAttachment {
    /// Which.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its file name.
    pub title: TextRef,
}

/// The invitation a verdict answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedUse {
    /// Which.
    pub invitation: InvitationId,
    /// What stands behind it, in words.
    pub standing: Proven,
}
