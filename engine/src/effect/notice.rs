//! Notices about factors and about emergency access. Each says only what cannot be looked up when it is sent: names and
//! addresses are asked of Confluence then, and what people typed is read from the erasable texts.

use crate::ids::{AccountId, FactorId, TextId};
use crate::time::Timestamp;
use crate::token::policy::FactorKind;
use crate::wire::operator::OperatorAct;
use serde::{Deserialize, Serialize};

/// What a person is told about their own factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum OwnerNotice {
    /// A factor was set up.
    FactorEnrolled {
        /// Of which kind.
        factor_kind: FactorKind,
        /// The name its owner gave it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<TextId>,
    },
    /// A factor was renewed.
    FactorRenewed {
        /// Of which kind.
        factor_kind: FactorKind,
        /// Its name.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<TextId>,
        /// Good until then; [`None`]: for good.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<Timestamp>,
    },
    /// A factor was removed by its owner, or revoked by an admin.
    FactorRemoved {
        /// Of which kind.
        factor_kind: FactorKind,
        /// Its name.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<TextId>,
        /// The admin who revoked it; [`None`]: its owner removed it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<AccountId>,
    },
    /// An admin set how long a factor is good.
    FactorExpirySet {
        /// Of which kind.
        factor_kind: FactorKind,
        /// Its name.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<TextId>,
        /// The admin.
        by: AccountId,
        /// Good until then; [`None`]: for good.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<Timestamp>,
    },
    /// A factor expires soon. Not sent if it was renewed or removed meanwhile.
    FactorExpiresSoon {
        /// The factor.
        factor: FactorId,
        /// When, as it was known when the notice was caused.
        until: Timestamp,
    },
    /// A factor has expired. Not sent if it was renewed or removed meanwhile.
    FactorExpired {
        /// The factor.
        factor: FactorId,
        /// When.
        until: Timestamp,
    },
    /// New recovery codes were made; those before them are worth nothing.
    RecoveryCodesMade {
        /// How many.
        count: u32,
    },
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// How many are left.
        left: u32,
    },
    /// The person said "this wasn't me": their codes are locked and the admins know.
    NotMe,
    /// An admin released the lock.
    Unlocked {
        /// The admin.
        by: AccountId,
    },
    /// Whoever runs the Worker acted, because no admin could.
    Operator {
        /// What they did.
        act: OperatorAct,
        /// Why.
        reason: TextId,
    },
    /// Approvals wait for a person who has nothing to confirm them with.
    EnrolmentReminder {
        /// The admin who reminds them; [`None`]: Countersign does.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<AccountId>,
    },
}

impl OwnerNotice {
    /// What it is about, to follow "the notice that".
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::FactorEnrolled { .. } => "a way to confirm was set up",
            Self::FactorRenewed { .. } => "a way to confirm was renewed",
            Self::FactorRemoved { .. } => "a way to confirm was removed",
            Self::FactorExpirySet { .. } => "an admin set how long a way to confirm is good",
            Self::FactorExpiresSoon { .. } => "a way to confirm expires soon",
            Self::FactorExpired { .. } => "a way to confirm has expired",
            Self::RecoveryCodesMade { .. } => "recovery codes were made",
            Self::RecoveryCodeUsed { .. } => "a recovery code was used",
            Self::NotMe => "their codes are locked because they asked for it",
            Self::Unlocked { .. } => "an admin unlocked them",
            Self::Operator { .. } => "the operator released their lock or took their ways to confirm away",
            Self::EnrolmentReminder { .. } => "they have to set up a way to confirm",
        }
    }
}

/// What admins are told about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum AdminNotice {
    /// The person's codes are locked.
    Locked {
        /// Wrong codes in a row when it was locked.
        failures: u32,
    },
    /// The person said "this wasn't me".
    NotMe,
    /// Whoever runs the Worker released a lock or took factors away, because no admin could.
    Operator {
        /// What they did.
        act: OperatorAct,
        /// Why.
        reason: TextId,
    },
}

impl AdminNotice {
    /// What it is about, to follow "the notice that".
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "somebody's codes are locked",
            Self::NotMe => "somebody reported that it was not them",
            Self::Operator { .. } => "the operator released somebody's lock or took their factors away",
        }
    }
}

/// How far emergency access is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum EmergencyStage {
    /// It was asked for.
    Asked {
        /// When it can be carried out without a second admin; [`None`]: a second admin has to agree.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        not_before: Option<Timestamp>,
        /// After this it can't be carried out any more.
        expires_at: Timestamp,
    },
    /// It was carried out: the approval was unblocked.
    CarriedOut,
    /// It was cancelled.
    Cancelled,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::Effect;
    use crate::ids::PageId;

    #[test]
    fn every_notice_reads_back_from_the_outbox() {
        let (person, until) = (AccountId::new("p"), Timestamp(7));
        let name = Some(TextId::new("t"));
        let factor_kind = FactorKind::Totp;
        let by = AccountId::new("a");
        let own = |notice| Effect::MailOwner { person: person.clone(), notice };
        let admins = |notice| Effect::MailAdmins { person: person.clone(), notice };
        let emergency = |stage| Effect::MailEmergency {
            person: person.clone(),
            page: PageId::new("1"),
            by: by.clone(),
            stage,
            reason: None,
        };
        let all = [
            own(OwnerNotice::FactorEnrolled { factor_kind, name: name.clone() }),
            own(OwnerNotice::FactorRenewed { factor_kind, name: None, until: Some(until) }),
            own(OwnerNotice::FactorRemoved { factor_kind, name: name.clone(), by: Some(by.clone()) }),
            own(OwnerNotice::FactorExpirySet { factor_kind, name, by: by.clone(), until: None }),
            own(OwnerNotice::FactorExpiresSoon { factor: FactorId::new("f"), until }),
            own(OwnerNotice::FactorExpired { factor: FactorId::new("f"), until }),
            own(OwnerNotice::RecoveryCodesMade { count: 10 }),
            own(OwnerNotice::RecoveryCodeUsed { left: 2 }),
            own(OwnerNotice::NotMe),
            own(OwnerNotice::Unlocked { by: by.clone() }),
            own(OwnerNotice::EnrolmentReminder { by: None }),
            admins(AdminNotice::NotMe),
            own(OwnerNotice::Operator { act: OperatorAct::Unlock, reason: TextId::new("r") }),
            admins(AdminNotice::Operator { act: OperatorAct::ResetFactors, reason: TextId::new("r") }),
            Effect::MailAdmin {
                admin: by.clone(),
                person: person.clone(),
                notice: AdminNotice::Locked { failures: 5 },
                at: until,
            },
            emergency(EmergencyStage::Asked { not_before: Some(until), expires_at: until }),
            emergency(EmergencyStage::CarriedOut),
            emergency(EmergencyStage::Cancelled),
        ];
        for effect in all {
            let kept = serde_json::to_string(&effect).unwrap();
            assert_eq!(serde_json::from_str::<Effect>(&kept).unwrap(), effect, "{kept}");
            assert!(kept.contains(effect.name()) && !effect.sentence().is_empty());
        }
    }
}
