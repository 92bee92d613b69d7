//! Anything sensitive other than a verdict: what somebody is about to do, by the digest of everything they send.

use super::field::{Fields, Reader};
use super::{Bound, Nonce};
use crate::content::ContentHash;
use crate::ids::{AccountId, PageId, PageVersion, SiteId};
use crate::time::Timestamp;
use crate::token::policy::Action;
use serde::{Deserialize, Serialize};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $rule:expr, $sentence:literal;)*) => {
        /// What somebody is about to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Act {
            $($(#[$doc])* $name,)*
        }

        impl Act {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in the record.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What says how it has to be confirmed.
            #[must_use]
            pub fn asks(self) -> Asks {
                match self { $(Self::$name => $rule,)* }
            }

            /// What a person is told they are about to do.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

/// What says how an act has to be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The site's policy, by this action.
    Policy(Action),
    /// The site's policy, by this action; and a factor of one's own in any case.
    Required(Action),
    /// Nothing but a factor of one's own, whatever the policy says.
    OwnFactor,
    /// A factor of one's own, or a recovery code.
    OwnFactorOrRecovery,
}

use Asks::{OwnFactor, OwnFactorOrRecovery, Policy, Required};

acts! {
    /// Submit a page for review.
    Submit = "submit", Policy(Action::Submit), "Submit this page for review";
    /// Pick a transition of a page.
    Select = "select", Policy(Action::Select), "Move this page to another state";
    /// Ask somebody in another's place, or besides.
    Reassign = "reassign", Policy(Action::Reassign), "Change who is asked to review this page";
    /// Ask somebody without an account besides.
    Invite = "invite", Policy(Action::Invite), "Show this page to somebody outside and ask them to decide";
    /// A new workflow, or a new version of one.
    DefineWorkflow = "define-workflow", Policy(Action::ChangeWorkflow), "Put this version of the workflow in force";
    /// A workflow enabled, disabled or deleted.
    SetStanding = "set-standing", Policy(Action::ChangeWorkflow), "Change whether pages may come under this workflow";
    /// Values of a workflow's parameters for one space.
    SetValues = "set-values", Policy(Action::ChangeWorkflow), "Change this space's values of the workflow's parameters";
    /// A list of rules.
    Assign = "assign", Policy(Action::ChangeAssignment), "Change which pages come under which workflow";
    /// Work on many pages.
    BeginJob = "begin-job", Policy(Action::ChangeAssignment), "Change many pages at once";
    /// A new version of the step-up policy.
    SetPolicy = "set-policy", Policy(Action::ChangePolicy), "Put this version of the step-up policy in force";
    /// Release somebody's lock.
    Unlock = "unlock", Policy(Action::ResetFactor), "Let this person enter codes again";
    /// Take somebody's factors away.
    RevokeFactors = "revoke-factors", Policy(Action::ResetFactor), "Take this person's authenticators away";
    /// Set until when somebody's factors count.
    SetFactorLife = "set-factor-life", Policy(Action::ResetFactor), "Change how long this person's authenticators count";
    /// Erase somebody who was invited.
    EraseInvited = "erase-invited", Policy(Action::ResetFactor), "Erase this person\u{2019}s name, address and authenticators";
    /// Ask for emergency access to a page.
    AskOverride = "ask-override", Required(Action::Override), "Ask for emergency access to this page";
    /// Carry out emergency access to a page.
    Override = "override", Required(Action::Override), "Decide in the reviewers' place, as emergency access";
    /// One more factor.
    AddFactor = "add-factor", OwnFactorOrRecovery, "Set up another way to confirm";
    /// A factor taken away by its owner.
    RemoveFactor = "remove-factor", OwnFactor, "Remove this way to confirm";
    /// A factor that is about to end, or has ended, counts again.
    RenewFactor = "renew-factor", OwnFactor, "Go on using this authenticator";
    /// New recovery codes in place of the old ones.
    NewRecoveryCodes = "new-recovery-codes", OwnFactor, "Make new recovery codes; the old ones end";
}

/// What somebody is about to do: everything that is sent with it, by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActChallenge {
    /// The site.
    pub site: SiteId,
    /// What.
    pub act: Act,
    /// The page it is about, where it is about one.
    pub page: Option<ActPage>,
    /// SHA-256 of the request's canonical form, hexadecimal.
    pub body: String,
    /// Who.
    pub account: AccountId,
    /// The step-up policy in force.
    pub policy_version: u32,
    /// Makes it single-use.
    pub nonce: Nonce,
    /// The end of its life.
    pub expires_at: Timestamp,
}

/// A page, exactly as the person saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActPage {
    /// Which.
    pub page: PageId,
    /// Its version.
    pub version: PageVersion,
    /// The content of that version.
    pub content_hash: ContentHash,
}

impl Bound for ActChallenge {
    const LABEL: &'static str = "countersign/challenge/act";

    fn write(&self, fields: &mut Fields) {
        fields.text(self.site.as_str());
        fields.text(self.act.as_str());
        fields.number(u64::from(self.page.is_some()));
        if let Some(on) = &self.page {
            fields.text(on.page.as_str());
            fields.number(u64::from(on.version.0));
            fields.text(on.content_hash.as_str());
        }
        fields.text(&self.body);
        fields.text(self.account.as_str());
        fields.number(u64::from(self.policy_version));
        fields.text(self.nonce.as_str());
        fields.number(self.expires_at.0);
    }

    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            site: SiteId::new(fields.text()?),
            act: {
                let word = fields.text()?;
                Act::ALL.iter().copied().find(|act| act.as_str() == word)?
            },
            page: match fields.number()? {
                0 => None,
                1 => Some(ActPage {
                    page: PageId::new(fields.text()?),
                    version: PageVersion(fields.number32()?),
                    content_hash: ContentHash::from_hex(fields.text()?),
                }),
                _ => return None,
            },
            body: fields.text()?.to_owned(),
            account: AccountId::new(fields.text()?),
            policy_version: fields.number32()?,
            nonce: Nonce::from_text(fields.text()?),
            expires_at: Timestamp(fields.number()?),
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

#[cfg(test)]
#[path = "act_tests.rs"]
mod tests;
