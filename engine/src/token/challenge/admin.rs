//! A change of a workflow, an assignment, or many pages at once, by an admin.

use super::field::{Fields, Reader};
use super::{Bound, Nonce};
use crate::ids::{AccountId, SiteId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdminAct {
    /// A new workflow, or a new version of one.
    DefineWorkflow,
    /// A workflow enabled, disabled or deleted.
    SetStanding,
    /// Values of a workflow's parameters for one space.
    SetValues,
    /// A list of rules.
    Assign,
    /// Work on many pages.
    BeginJob,
}

impl AdminAct {
    /// Every kind there is.
    pub const ALL: [Self; 5] = [Self::DefineWorkflow, Self::SetStanding, Self::SetValues, Self::Assign, Self::BeginJob];

    /// The word in the record.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DefineWorkflow => "define-workflow",
            Self::SetStanding => "set-standing",
            Self::SetValues => "set-values",
            Self::Assign => "assign",
            Self::BeginJob => "begin-job",
        }
    }

    /// What a person is told they are about to do.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::DefineWorkflow => "Put this version of the workflow in force",
            Self::SetStanding => "Change whether pages may come under this workflow",
            Self::SetValues => "Change this space's values of the workflow's parameters",
            Self::Assign => "Change which pages come under which workflow",
            Self::BeginJob => "Change many pages at once",
        }
    }
}

/// What an admin is about to change: everything that is sent with it, by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminChallenge {
    /// The site.
    pub site: SiteId,
    /// What kind of change.
    pub act: AdminAct,
    /// SHA-256 of the request's canonical form, hexadecimal.
    pub body: String,
    /// The admin.
    pub account: AccountId,
    /// The step-up policy in force.
    pub policy_version: u32,
    /// Makes it single-use.
    pub nonce: Nonce,
    /// The end of its life.
    pub expires_at: Timestamp,
}

impl Bound for AdminChallenge {
    const LABEL: &'static str = "countersign/challenge/admin";

    fn write(&self, fields: &mut Fields) {
        fields.text(self.site.as_str());
        fields.text(self.act.as_str());
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
                AdminAct::ALL.into_iter().find(|act| act.as_str() == word)?
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
mod tests {
    use super::super::{ChallengeFault, MacKey, MacKeys, UnlockChallenge, issue, verify};
    use super::*;
    use data_encoding::BASE64URL_NOPAD;
    use proptest::prelude::*;

    fn keys() -> MacKeys {
        MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [1; 32] }]).unwrap()
    }

    fn challenge() -> AdminChallenge {
        AdminChallenge {
            site: SiteId::new("cloud/env"),
            act: AdminAct::Assign,
            body: "ab".repeat(32),
            account: AccountId::new("712020:admin"),
            policy_version: 3,
            nonce: Nonce::from_random([5; 16]),
            expires_at: Timestamp(1_000),
        }
    }

    #[test]
    fn what_was_issued_is_read_until_it_is_too_old() {
        for act in AdminAct::ALL {
            let record = AdminChallenge { act, ..challenge() };
            let token = issue(&keys(), &record).unwrap();
            assert_eq!(verify::<AdminChallenge>(&keys(), &token, Timestamp(1_000)), Ok(record));
            assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
        }
        let token = issue(&keys(), &challenge()).unwrap();
        assert_eq!(verify::<AdminChallenge>(&keys(), &token, Timestamp(1_001)), Err(ChallengeFault::Expired));
        assert_eq!(verify::<UnlockChallenge>(&keys(), &token, Timestamp(0)), Err(ChallengeFault::Invalid));
    }

    /// Flip any bound field of a challenge and it fails. Every single bit of the token is tried.
    #[test]
    fn any_flipped_bit_is_refused() {
        let token = BASE64URL_NOPAD.decode(issue(&keys(), &challenge()).unwrap().as_bytes()).unwrap();
        for index in 0..token.len() {
            for bit in 0..8 {
                let mut forged = token.clone();
                forged[index] ^= 1 << bit;
                let forged = BASE64URL_NOPAD.encode(&forged);
                assert_eq!(verify::<AdminChallenge>(&keys(), &forged, Timestamp(0)), Err(ChallengeFault::Invalid));
            }
        }
    }

    proptest! {
        /// No two records make the same bytes, whatever the texts: a field can't take over its neighbour's end.
        #[test]
        fn every_field_is_bound(body in "\\PC{0,12}", account in "\\PC{0,12}", version in 0..9_u32, at in 0..9_u64) {
            let other = AdminChallenge {
                body, account: AccountId::new(account), policy_version: version, expires_at: Timestamp(at), ..challenge()
            };
            let read = verify::<AdminChallenge>(&keys(), &issue(&keys(), &other).unwrap(), Timestamp(0)).unwrap();
            prop_assert_eq!(read, other);
        }
    }
}
