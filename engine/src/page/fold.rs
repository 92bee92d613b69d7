//! What is known of a page, folded from its events. This is also what the copy in KV holds.

use super::event::{Asked, InvitedAttachment, InvitedUse, ReviewOpened, Signatory};
pub use super::history::{Line, What};
use super::tally::{self, Outcome};
use crate::audit::commitment::TextRef;
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, InvitationId, PageVersion, Seq, SpaceId, StateId, TextId, WorkflowId};
use crate::time::Timestamp;
use crate::wire::invitation::InvitationState;
use crate::wire::status::{Decision, StateLabel};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The format of [`PageFold`] as stored. A stored fold of another format is not read but folded again.
pub const FOLD_FORMAT: u32 = 4;

/// A page under a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFold {
    /// The head of the stream.
    pub seq: Seq,
    /// The workflow it runs on.
    pub workflow: WorkflowId,
    /// The version of the definition.
    pub workflow_version: u32,
    /// The workflow's name.
    pub workflow_name: String,
    /// Whether the page was taken out of the workflow. What was approved stays approved.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub ended: bool,
    /// The space it was in when it came under the workflow.
    pub space: SpaceId,
    /// The current state.
    pub state: StateLabel,
    /// The seq at which it was entered.
    pub state_seq: Seq,
    /// When.
    pub entered_at: Timestamp,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// The state before.
    pub previous: Option<StateId>,
    /// The newest content seen.
    pub latest: Seen,
    /// Who was seen editing since the last approved version, at most [`super::ROSTER_MAX`].
    pub editors: BTreeSet<AccountId>,
    /// The review under way.
    pub review: Option<Review>,
    /// The last approved version.
    pub approved: Option<Approved>,
    /// The latest events, oldest first, at most [`super::HISTORY_SHOWN`].
    pub history: Vec<Line>,
}

/// Content that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The version.
    pub version: PageVersion,
    /// Its content, where it was read.
    pub content_hash: Option<ContentHash>,
}

/// A review under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The version under review.
    pub version: PageVersion,
    /// Its content.
    pub content_hash: ContentHash,
    /// Who wrote it.
    pub author: AccountId,
    /// Who created the page.
    pub creator: AccountId,
    /// Who else wrote versions since the last approved one.
    pub contributors: BTreeSet<AccountId>,
    /// Who asked for the review, where a person did.
    pub submitted_by: Option<Signatory>,
    /// When.
    pub submitted_at: Timestamp,
    /// What they said.
    pub comment: Option<TextRef>,
    /// The approvals asked for.
    pub approvals: Vec<ApprovalNow>,
    /// Decisions that count, in this state.
    pub decisions: Vec<Verdict>,
    /// Approvals given to the same version in the states before.
    pub earlier: Vec<Verdict>,
    /// An admin's request to decide in the reviewers' place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<EmergencyRequest>,
}

/// An admin's request to decide in the reviewers' place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyRequest {
    /// Its place in the stream.
    pub seq: Seq,
    /// For which approval.
    pub approval: ApprovalId,
    /// What they want decided.
    pub decision: Decision,
    /// Who.
    pub by: Signatory,
    /// Why.
    pub reason: TextRef,
    /// When.
    pub at: Timestamp,
    /// From when on they may carry it out by themselves.
    pub alone_from: Option<Timestamp>,
    /// After this it is void.
    pub until: Timestamp,
}

/// An approval asked for, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalNow {
    /// What is asked of whom.
    #[serde(flatten)]
    pub asked: Asked,
    /// Since when; absent while it waits for others.
    pub opened_at: Option<Timestamp>,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// Whether it was recorded that the due date has come.
    pub due_told: bool,
    /// Who passed their seat on, or had it taken.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub released: BTreeSet<AccountId>,
    /// Who is asked besides and has no account, in the order they were invited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<InvitedNow>,
}

/// An invitation, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitedNow {
    /// Which.
    pub invitation: InvitationId,
    /// Whom, by the name whoever invited them wrote.
    pub person: Signatory,
    /// Who invited them.
    pub by: Signatory,
    /// When.
    pub at: Timestamp,
    /// After this it can't be answered.
    pub until: Timestamp,
    /// What was disclosed with the version under review.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<InvitedAttachment>,
    /// How it stands.
    pub state: InvitationState,
    /// Since when, where it was answered or revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// Why they abstained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<TextRef>,
}

impl InvitedNow {
    /// Whether it can be answered now.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == InvitationState::Asked && now < self.until
    }
}

/// A decision, as far as it is shown and counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Its place in the stream.
    pub seq: Seq,
    /// For which approval.
    pub approval: ApprovalId,
    /// That approval's name.
    pub approval_name: String,
    /// The verdict.
    pub decision: Decision,
    /// Who.
    pub by: Signatory,
    /// Whether it counts for a seat of their own.
    pub for_self: bool,
    /// For whose seats besides: people who are away.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub for_others: BTreeSet<AccountId>,
    /// When.
    pub at: Timestamp,
    /// What it means.
    pub meaning: String,
    /// What they said.
    pub comment: Option<TextRef>,
    /// Whether it was confirmed with a factor.
    pub signed: bool,
    /// The request it carries out, where an admin decided in the reviewers' place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Emergency>,
    /// The invitation it answers, where somebody without an account decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<InvitedUse>,
}

/// Emergency access that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Who had asked for it.
    pub asked_by: Signatory,
    /// Why.
    pub reason: TextRef,
}

impl Verdict {
    /// Whether it decides for this person's seat.
    #[must_use]
    pub fn covers(&self, account: &AccountId) -> bool {
        (self.for_self && self.by.account == *account) || self.for_others.contains(account)
    }
}

/// An approved version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// Exactly this version.
    pub version: PageVersion,
    /// With exactly this content.
    pub content_hash: ContentHash,
    /// When the last approval was given.
    pub at: Timestamp,
    /// Who signed.
    pub signatures: Vec<Verdict>,
    /// Who wrote it, and the versions since the one approved before: should the approval be voided, they are editors since
    /// the last approval again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub written_by: BTreeSet<AccountId>,
}

impl PageFold {
    /// Whether the newest content seen differs from the approved version's.
    #[must_use]
    pub fn changed_since_approval(&self) -> bool {
        self.approved.as_ref().is_some_and(|approved| {
            approved.version != self.latest.version
                || self.latest.content_hash.as_ref().is_some_and(|hash| *hash != approved.content_hash)
        })
    }

    /// The rows of erasable text needed to show this.
    #[must_use]
    pub fn texts(&self) -> Vec<TextId> {
        let mut refs: Vec<&TextRef> = Vec::new();
        for line in &self.history {
            refs.extend(line.who.iter().chain(&line.comment));
            match &line.what {
                What::Reassigned { to: person, .. }
                | What::Invited { person }
                | What::InvitationRevoked { person: Some(person) } => refs.push(person),
                _ => {}
            }
        }
        if let Some(review) = &self.review {
            refs.extend(review.submitted_by.iter().map(|by| &by.name).chain(&review.comment));
            refs.extend(review.approvals.iter().flat_map(|now| &now.asked.people).map(|asked| &asked.person.name));
            for invited in review.approvals.iter().flat_map(|now| &now.invited) {
                refs.extend([&invited.person.name, &invited.by.name].into_iter().chain(&invited.reason));
                refs.extend(invited.attachments.iter().map(|one| &one.title));
            }
            refs.extend(review.emergency.iter().flat_map(|request| [&request.by.name, &request.reason]));
        }
        for verdict in self.verdicts() {
            refs.push(&verdict.by.name);
            refs.extend(&verdict.comment);
            refs.extend(verdict.emergency.iter().flat_map(|emergency| [&emergency.asked_by.name, &emergency.reason]));
        }
        let mut ids: Vec<TextId> = refs.into_iter().map(|text| text.text.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        let under_way = self.review.iter().flat_map(|review| review.earlier.iter().chain(&review.decisions));
        under_way.chain(self.approved.iter().flat_map(|approved| &approved.signatures))
    }
}

impl Review {
    pub(super) fn open(opened: &ReviewOpened, at: Timestamp, earlier: Vec<Verdict>) -> Self {
        let mut review = Self {
            version: opened.version,
            content_hash: opened.content_hash.clone(),
            author: opened.author.clone(),
            creator: opened.creator.clone(),
            contributors: opened.contributors.clone(),
            submitted_by: opened.by.clone(),
            submitted_at: at,
            comment: opened.comment.clone(),
            approvals: opened.asked.iter().cloned().map(ApprovalNow::new).collect(),
            decisions: Vec::new(),
            earlier,
            emergency: None,
        };
        review.open_what_waits_for_nothing(at);
        review
    }

    /// The approval of this id.
    #[must_use]
    pub fn approval(&self, id: &ApprovalId) -> Option<&ApprovalNow> {
        self.approvals.iter().find(|now| now.asked.id == *id)
    }

    /// The invitation of this id, and the approval it is to.
    #[must_use]
    pub fn invitation(&self, id: &InvitationId) -> Option<(&ApprovalNow, &InvitedNow)> {
        let all = self.approvals.iter().flat_map(|now| now.invited.iter().map(move |invited| (now, invited)));
        all.into_iter().find(|(_, invited)| invited.invitation == *id)
    }

    /// Invitations that are not answered, some of them too old to be.
    pub fn unanswered(&self) -> impl Iterator<Item = &InvitedNow> {
        let all = self.approvals.iter().flat_map(|now| &now.invited);
        all.filter(|invited| invited.state == InvitationState::Asked)
    }

    /// How an approval stands.
    #[must_use]
    pub fn outcome(&self, now: &ApprovalNow) -> Outcome {
        tally::outcome(now, self.decisions.iter())
    }

    /// How it stands as far as people with an account go.
    #[must_use]
    pub fn outcome_of_accounts(&self, now: &ApprovalNow) -> Outcome {
        tally::of_accounts(now, self.decisions.iter())
    }

    /// Approvals whose predecessors are complete are asked for from now on.
    pub(super) fn open_what_waits_for_nothing(&mut self, at: Timestamp) {
        let complete: BTreeSet<ApprovalId> = self
            .approvals
            .iter()
            .filter(|now| self.outcome(now) == Outcome::Approved)
            .map(|now| now.asked.id.clone())
            .collect();
        for now in &mut self.approvals {
            if now.opened_at.is_none() && now.asked.after.is_subset(&complete) {
                now.opened_at = Some(at);
                now.due_at = now.asked.due.as_ref().and_then(|due| tally::due_at(at, due));
            }
        }
    }
}

impl ApprovalNow {
    fn new(asked: Asked) -> Self {
        Self { asked, opened_at: None, due_at: None, due_told: false, released: BTreeSet::new(), invited: Vec::new() }
    }
}
