//! What is known of a page, folded from its events. This is also what the copy in KV holds.

use super::HISTORY_SHOWN;
use super::event::{Asked, Cause, PageEvent, Signatory};
use crate::audit::commitment::TextRef;
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, PageVersion, Seq, SpaceId, TextId, WorkflowId};
use crate::time::Timestamp;
use crate::wire::status::{Decision, StateLabel};
use serde::{Deserialize, Serialize};

/// The format of [`PageFold`] as stored. A stored fold of another format is not read but folded again.
pub const FOLD_FORMAT: u32 = 1;

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
    /// The space it was in when it came under the workflow.
    pub space: SpaceId,
    /// The current state.
    pub state: StateLabel,
    /// The seq at which it was entered.
    pub state_seq: Seq,
    /// When.
    pub entered_at: Timestamp,
    /// The approvals it asks for.
    pub asked: Vec<Asked>,
    /// The newest content seen.
    pub latest: Seen,
    /// The review under way.
    pub review: Option<Review>,
    /// The last approved version.
    pub approved: Option<Approved>,
    /// The latest events, oldest first, at most [`HISTORY_SHOWN`].
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
    /// Who submitted it.
    pub submitted_by: Signatory,
    /// When.
    pub submitted_at: Timestamp,
    /// What they said.
    pub comment: Option<TextRef>,
    /// Decisions so far.
    pub decisions: Vec<Verdict>,
}

/// A decision, as far as it is shown and counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Its place in the stream.
    pub seq: Seq,
    /// For which approval.
    pub approval: ApprovalId,
    /// The verdict.
    pub decision: Decision,
    /// Who.
    pub by: Signatory,
    /// When.
    pub at: Timestamp,
    /// What it means.
    pub meaning: String,
    /// What they said.
    pub comment: Option<TextRef>,
    /// Whether a factor was consumed.
    pub signed: bool,
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
}

/// One line of history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The event's place.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// Who, by the name of then.
    pub who: Option<TextRef>,
    /// What.
    pub what: What,
    /// About which version.
    pub version: Option<PageVersion>,
    /// What was said.
    pub comment: Option<TextRef>,
}

/// What a line of history says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum What {
    /// Came under the workflow.
    Started,
    /// Was submitted.
    Submitted,
    /// Was approved by somebody.
    Approved {
        /// What it means.
        meaning: String,
    },
    /// Was rejected.
    Rejected,
    /// Was edited.
    Edited,
    /// Entered a state.
    Entered {
        /// Its name.
        state: String,
    },
    /// An approval was voided.
    Voided,
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
        }
        if let Some(review) = &self.review {
            refs.push(&review.submitted_by.name);
            refs.extend(&review.comment);
        }
        let verdicts = self.review.iter().flat_map(|review| &review.decisions);
        for verdict in verdicts.chain(self.approved.iter().flat_map(|approved| &approved.signatures)) {
            refs.push(&verdict.by.name);
            refs.extend(&verdict.comment);
        }
        let mut ids: Vec<TextId> = refs.into_iter().map(|text| text.text.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// A stream that does not begin as every page's stream begins, or has a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the page's stream is damaged at entry {0:?}")]
pub struct Damaged(pub Seq);

/// Takes an event into the fold.
///
/// # Errors
/// [`Damaged`] for a gap, or an event before the workflow started.
pub fn apply(fold: Option<PageFold>, seq: Seq, at: Timestamp, event: &PageEvent) -> Result<PageFold, Damaged> {
    let Some(mut fold) = fold else { return start(seq, at, event) };
    if seq != fold.seq.next() {
        return Err(Damaged(seq));
    }
    fold.seq = seq;
    fold.take(seq, at, event);
    fold.remember(seq, at, event);
    Ok(fold)
}

/// Folds a whole stream, or what came after a snapshot.
///
/// # Errors
/// [`Damaged`], as [`apply`].
pub fn replay<'a>(
    start: Option<PageFold>,
    events: impl IntoIterator<Item = (Seq, Timestamp, &'a PageEvent)>,
) -> Result<Option<PageFold>, Damaged> {
    let mut fold = start;
    for (seq, at, event) in events {
        fold = Some(apply(fold, seq, at, event)?);
    }
    Ok(fold)
}

fn start(seq: Seq, at: Timestamp, event: &PageEvent) -> Result<PageFold, Damaged> {
    let PageEvent::WorkflowStarted { workflow, workflow_version, workflow_name, space, state, version } = event else {
        return Err(Damaged(seq));
    };
    if seq != Seq::default().next() {
        return Err(Damaged(seq));
    }
    let mut fold = PageFold {
        seq,
        workflow: workflow.clone(),
        workflow_version: *workflow_version,
        workflow_name: workflow_name.clone(),
        space: space.clone(),
        state: state.clone(),
        state_seq: seq,
        entered_at: at,
        asked: Vec::new(),
        latest: Seen { version: *version, content_hash: None },
        review: None,
        approved: None,
        history: Vec::new(),
    };
    fold.remember(seq, at, event);
    Ok(fold)
}

impl PageFold {
    fn take(&mut self, seq: Seq, at: Timestamp, event: &PageEvent) {
        match event {
            PageEvent::WorkflowStarted { .. } => {}
            PageEvent::Submitted { version, content_hash, author, by, comment, .. } => {
                self.see(*version, Some(content_hash));
                self.review = Some(Review {
                    version: *version,
                    content_hash: content_hash.clone(),
                    author: author.clone(),
                    submitted_by: by.clone(),
                    submitted_at: at,
                    comment: comment.clone(),
                    decisions: Vec::new(),
                });
            }
            PageEvent::Decided { approval, decision, by, meaning, comment, proof, .. } => {
                if let Some(review) = &mut self.review {
                    review.decisions.push(Verdict {
                        seq,
                        approval: approval.clone(),
                        decision: *decision,
                        by: by.clone(),
                        at,
                        meaning: meaning.clone(),
                        comment: comment.clone(),
                        signed: proof.factor.is_some(),
                    });
                }
            }
            PageEvent::StateEntered { state, asked, cause } => {
                self.asked.clone_from(asked);
                self.enter(seq, at, state, *cause);
            }
            PageEvent::Edited { version, content_hash, .. } => self.see(*version, content_hash.as_ref()),
            PageEvent::ApprovalVoided { version, .. } => {
                if self.approved.as_ref().is_some_and(|approved| approved.version == *version) {
                    self.approved = None;
                }
            }
        }
    }

    fn enter(&mut self, seq: Seq, at: Timestamp, state: &StateLabel, cause: Cause) {
        self.state = state.clone();
        self.state_seq = seq;
        self.entered_at = at;
        match cause {
            // The review goes on into the state that asks for its approvals.
            Cause::Submitted => {}
            Cause::Approved => {
                if let Some(review) = self.review.take() {
                    let signatures: Vec<Verdict> =
                        review.decisions.into_iter().filter(|verdict| verdict.decision == Decision::Approve).collect();
                    self.approved =
                        Some(Approved { version: review.version, content_hash: review.content_hash, at, signatures });
                }
            }
            Cause::Rejected | Cause::Edited | Cause::Voided => self.review = None,
        }
    }

    fn see(&mut self, version: PageVersion, content_hash: Option<&ContentHash>) {
        self.latest = Seen { version: self.latest.version.max(version), content_hash: content_hash.cloned() };
    }

    fn remember(&mut self, seq: Seq, at: Timestamp, event: &PageEvent) {
        let (who, what, version, comment) = match event {
            PageEvent::WorkflowStarted { version, .. } => (None, What::Started, Some(*version), None),
            PageEvent::Submitted { version, by, comment, .. } => {
                (Some(by.name.clone()), What::Submitted, Some(*version), comment.clone())
            }
            PageEvent::Decided { decision, version, by, meaning, comment, .. } => {
                let what = match decision {
                    Decision::Approve => What::Approved { meaning: meaning.clone() },
                    Decision::Reject => What::Rejected,
                };
                (Some(by.name.clone()), what, Some(*version), comment.clone())
            }
            PageEvent::StateEntered { state, .. } => (None, What::Entered { state: state.name.clone() }, None, None),
            PageEvent::Edited { version, .. } => (None, What::Edited, Some(*version), None),
            PageEvent::ApprovalVoided { version, .. } => (None, What::Voided, Some(*version), None),
        };
        self.history.push(Line { seq, at, who, what, version, comment });
        if self.history.len() > HISTORY_SHOWN {
            self.history.remove(0);
        }
    }
}
