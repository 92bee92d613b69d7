//! Verdicts on many pages at once: one challenge for the list, and what each page of it is bound to.

use super::field::{Fields, Reader};
use super::{Bound, DecisionChallenge, Nonce};
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, PageId, PageVersion, Seq, SiteId, SpaceId, StateId, WorkflowId};
use crate::time::Timestamp;
use crate::token::policy::FactorKind;
use crate::wire::status::Decision;
use core::time::Duration;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// How long a list can be signed: for all of its pages together.
pub const LIST_LIFE: Duration = Duration::from_secs(10 * 60);

/// What the digest begins with, so that it is a digest of nothing else.
const LABEL_OF_LIST: &str = "countersign/list/1";

/// A page of a list: everything a [`DecisionChallenge`] binds that is not the same for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The page.
    pub page: PageId,
    /// The version on which is decided.
    pub version: PageVersion,
    /// Its content.
    pub content_hash: ContentHash,
    /// The workflow the page runs on.
    pub workflow: WorkflowId,
    /// Its version.
    pub workflow_version: u32,
    /// The state the page is in.
    pub state: StateId,
    /// The seq at which it was entered.
    pub state_seq: Seq,
    /// The approval the decision counts for.
    pub approval: ApprovalId,
}

impl Listed {
    fn write(&self, fields: &mut Fields) {
        fields.text(self.page.as_str());
        fields.number(u64::from(self.version.0));
        fields.text(self.content_hash.as_str());
        fields.text(self.workflow.as_str());
        fields.number(u64::from(self.workflow_version));
        fields.text(self.state.as_str());
        fields.number(self.state_seq.0);
        fields.text(self.approval.as_str());
    }
}

/// SHA-256 over a list, hexadecimal: its length and each field of each page, length-prefixed, so that no two lists run
/// together. The order counts. [`None`] only if a field is longer than a length can say.
#[must_use]
pub fn list_digest(list: &[Listed]) -> Option<String> {
    let mut fields = Fields { bytes: Vec::new(), overflow: false };
    fields.text(LABEL_OF_LIST);
    fields.number(u64::try_from(list.len()).ok()?);
    for listed in list {
        listed.write(&mut fields);
    }
    (!fields.overflow).then(|| HEXLOWER.encode(&Sha256::digest(&fields.bytes)))
}

/// Verdicts on a list of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkChallenge {
    /// The site.
    pub site: SiteId,
    /// The space all pages are in.
    pub space: SpaceId,
    /// The verdict on each of them.
    pub decision: Decision,
    /// What each signature means.
    pub meaning: String,
    /// [`list_digest`] of the pages.
    pub list: String,
    /// How many they are.
    pub count: u32,
    /// Kinds of factors that count for every page that asks for one; empty if none does.
    pub factors: BTreeSet<FactorKind>,
    /// Who is asked.
    pub account: AccountId,
    /// The step-up policy in force.
    pub policy_version: u32,
    /// Makes it single-use: once to open it, and once for each page.
    pub nonce: Nonce,
    /// The end of its life.
    pub expires_at: Timestamp,
}

impl BulkChallenge {
    /// What a person is told they are about to do.
    #[must_use]
    pub fn sentence(&self) -> String {
        let verb = match self.decision {
            Decision::Approve => "Approve",
            Decision::Reject => "Reject",
        };
        match self.count {
            1 => format!("{verb} one page"),
            count => format!("{verb} {count} pages together"),
        }
    }

    /// What a verdict on the page at `index` is bound to, if `list` is the list this was made for: a challenge of its own,
    /// used up by itself.
    #[must_use]
    pub fn decision_on(&self, list: &[Listed], index: u32) -> Option<DecisionChallenge> {
        if usize::try_from(self.count).ok()? != list.len() || list_digest(list)? != self.list {
            return None;
        }
        let listed = list.get(usize::try_from(index).ok()?)?.clone();
        Some(DecisionChallenge {
            site: self.site.clone(),
            page: listed.page,
            version: listed.version,
            content_hash: listed.content_hash,
            workflow: listed.workflow,
            workflow_version: listed.workflow_version,
            state: listed.state,
            state_seq: listed.state_seq,
            approval: listed.approval,
            policy_version: self.policy_version,
            decision: self.decision,
            meaning: self.meaning.clone(),
            account: self.account.clone(),
            nonce: Nonce::from_text(&format!("{}/{index}", self.nonce.as_str())),
            expires_at: self.expires_at,
        })
    }
}

impl Bound for BulkChallenge {
    const LABEL: &'static str = "countersign/challenge/bulk";

    fn write(&self, fields: &mut Fields) {
        fields.text(self.site.as_str());
        fields.text(self.space.as_str());
        fields.text(self.decision.as_str());
        fields.text(&self.meaning);
        fields.text(&self.list);
        fields.number(u64::from(self.count));
        fields.number(u64::try_from(self.factors.len()).unwrap_or(u64::MAX));
        for kind in &self.factors {
            fields.text(kind.as_str());
        }
        fields.text(self.account.as_str());
        fields.number(u64::from(self.policy_version));
        fields.text(self.nonce.as_str());
        fields.number(self.expires_at.0);
    }

    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            site: SiteId::new(fields.text()?),
            space: SpaceId::new(fields.text()?),
            decision: Decision::of(fields.text()?)?,
            meaning: fields.text()?.to_owned(),
            list: fields.text()?.to_owned(),
            count: fields.number32()?,
            factors: {
                let many = fields.number()?;
                let mut kinds = BTreeSet::new();
                for _ in 0..many {
                    let word = fields.text()?;
                    let kind = FactorKind::SIGNING.iter().copied().find(|kind| kind.as_str() == word)?;
                    // In order and each once: what is read is exactly what was written.
                    if kinds.last().is_some_and(|last| *last >= kind) {
                        return None;
                    }
                    kinds.insert(kind);
                }
                kinds
            },
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
#[path = "bulk_tests.rs"]
mod tests;
