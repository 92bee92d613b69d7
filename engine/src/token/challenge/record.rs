//! What is made into a challenge.

use super::field::{Fields, Reader};
use super::{Bound, Nonce};
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, PageId, PageVersion, Seq, SiteId, StateId, WorkflowId};
use crate::time::Timestamp;
use crate::wire::status::Decision;

/// A decision on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionChallenge {
    /// The site.
    pub site: SiteId,
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
    /// The seq at which it was entered: a review started anew needs a new challenge.
    pub state_seq: Seq,
    /// The approval the decision counts for.
    pub approval: ApprovalId,
    /// The step-up policy in force.
    pub policy_version: u32,
    /// The verdict.
    pub decision: Decision,
    /// What the signature means.
    pub meaning: String,
    /// Who is asked.
    pub account: AccountId,
    /// Makes it single-use.
    pub nonce: Nonce,
    /// The end of its life.
    pub expires_at: Timestamp,
}

impl Bound for DecisionChallenge {
    const LABEL: &'static str = "countersign/challenge/decision";

    fn write(&self, fields: &mut Fields) {
        fields.text(self.site.as_str());
        fields.text(self.page.as_str());
        fields.number(u64::from(self.version.0));
        fields.text(self.content_hash.as_str());
        fields.text(self.workflow.as_str());
        fields.number(u64::from(self.workflow_version));
        fields.text(self.state.as_str());
        fields.number(self.state_seq.0);
        fields.text(self.approval.as_str());
        fields.number(u64::from(self.policy_version));
        fields.text(self.decision.as_str());
        fields.text(&self.meaning);
        fields.text(self.account.as_str());
        fields.text(self.nonce.as_str());
        fields.number(self.expires_at.0);
    }

    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            site: SiteId::new(fields.text()?),
            page: PageId::new(fields.text()?),
            version: PageVersion(fields.number32()?),
            content_hash: ContentHash::from_hex(fields.text()?),
            workflow: WorkflowId::new(fields.text()?),
            workflow_version: fields.number32()?,
            state: StateId::new(fields.text()?),
            state_seq: Seq(fields.number()?),
            approval: ApprovalId::new(fields.text()?),
            policy_version: fields.number32()?,
            decision: Decision::of(fields.text()?)?,
            meaning: fields.text()?.to_owned(),
            account: AccountId::new(fields.text()?),
            nonce: Nonce::from_text(fields.text()?),
            expires_at: Timestamp(fields.number()?),
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}
