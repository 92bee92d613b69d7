//! Taking an event into the fold.

use super::event::{AskedPerson, Cause, PageEvent, Signatory, Via};
use super::fold::{Approved, Emergency, EmergencyRequest, InvitedNow, Line, PageFold, Review, Seen, Verdict, What};
use super::{HISTORY_SHOWN, ROSTER_MAX};
use crate::audit::commitment::TextRef;
use crate::content::ContentHash;
use crate::ids::{AccountId, ApprovalId, InvitationId, PageVersion, Seq};
use crate::time::Timestamp;
use crate::wire::invitation::InvitationState;
use crate::wire::status::{Decision, StateLabel};
use crate::workflow::definition::Mode;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A stream that does not begin as every page's stream begins, or has a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the page's stream is damaged at entry {0:?}")]
pub struct Damaged(pub Seq);

/// Takes an event into the fold.
///
/// # Errors
/// [`Damaged`] for a gap, or an event before the workflow started.
pub fn apply(fold: Option<PageFold>, seq: Seq, at: Timestamp, event: &PageEvent) -> Result<PageFold, Damaged> {
    let before = fold.as_ref().map(|fold| fold.seq).unwrap_or_default();
    if seq != before.next() {
        return Err(Damaged(seq));
    }
    let mut fold = match fold {
        Some(mut fold) => {
            fold.seq = seq;
            fold.take(seq, at, event);
            fold
        }
        None => begin(seq, at, event).ok_or(Damaged(seq))?,
    };
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

fn begin(seq: Seq, at: Timestamp, event: &PageEvent) -> Option<PageFold> {
    let PageEvent::WorkflowStarted { workflow, workflow_version, workflow_name, space, state, expires_at, version } =
        event
    else {
        return None;
    };
    Some(PageFold {
        seq,
        workflow: workflow.clone(),
        workflow_version: *workflow_version,
        workflow_name: workflow_name.clone(),
        ended: false,
        space: space.clone(),
        state: state.clone(),
        state_seq: seq,
        entered_at: at,
        expires_at: *expires_at,
        previous: None,
        latest: Seen { version: *version, content_hash: None },
        editors: BTreeSet::new(),
        review: None,
        approved: None,
        history: Vec::new(),
    })
}

impl PageFold {
    fn take(&mut self, seq: Seq, at: Timestamp, event: &PageEvent) {
        match event {
            PageEvent::WorkflowStarted { space, expires_at, version, state, .. } => {
                self.run_on(event);
                self.ended = false;
                self.space = space.clone();
                self.latest.version = self.latest.version.max(*version);
                self.review = None;
                self.previous = None;
                self.stand(seq, at, state, *expires_at);
            }
            PageEvent::Submitted { version, content_hash, .. } | PageEvent::Selected { version, content_hash, .. } => {
                self.see(*version, content_hash);
            }
            PageEvent::Decided { .. } => self.count(seq, at, event),
            PageEvent::Invited { .. } | PageEvent::InvitationRevoked { .. } | PageEvent::Abstained { .. } => {
                self.take_invitation(at, event);
            }
            PageEvent::EmergencyAsked { .. }
            | PageEvent::EmergencyWithdrawn { .. }
            | PageEvent::EmergencyDecided { .. } => {
                self.take_emergency(seq, at, event);
            }
            PageEvent::Reassigned { approval, from, to, .. } => self.reassign(approval, from.as_ref(), to),
            PageEvent::StateEntered { state, cause, expires_at, review } => {
                // Entered anew, it is not the state before itself.
                if self.state.id != state.id {
                    self.previous = Some(self.state.id.clone());
                }
                self.stand(seq, at, state, *expires_at);
                // A review the clock began is the first that is heard of the content.
                if let Some(review) = review.as_ref().filter(|review| review.version >= self.latest.version) {
                    self.see(review.version, &review.content_hash);
                }
                let ended = self.review.take();
                match (cause, ended, review) {
                    // The next stage of the same review: what was signed so far stays with it.
                    (Cause::Approved, Some(ended), Some(next)) => {
                        self.review = Some(Review::open(next, at, signatures(ended)));
                    }
                    (Cause::Approved, Some(ended), None) => self.approve(at, ended),
                    (_, _, next) => self.review = next.as_ref().map(|next| Review::open(next, at, Vec::new())),
                }
            }
            PageEvent::ExpirySet { at } => self.expires_at = *at,
            PageEvent::ReviewDue { approvals } => {
                for now in self.review.iter_mut().flat_map(|review| &mut review.approvals) {
                    now.due_told |= approvals.contains(&now.asked.id);
                }
            }
            PageEvent::Edited { version, content_hash, by } => {
                self.see(*version, content_hash);
                if let Some(by) = by.as_ref().filter(|_| self.editors.len() < ROSTER_MAX) {
                    self.editors.insert(by.clone());
                }
            }
            PageEvent::ApprovalVoided { version, .. } => {
                if let Some(voided) = self.approved.take_if(|approved| approved.version == *version) {
                    self.editors.extend(voided.written_by);
                }
            }
            PageEvent::WorkflowMoved { .. } => self.run_on(event),
            PageEvent::WorkflowEnded { .. } => {
                self.ended = true;
                self.review = None;
                self.expires_at = None;
            }
        }
    }

    fn run_on(&mut self, event: &PageEvent) {
        let (PageEvent::WorkflowStarted { workflow, workflow_version, workflow_name, .. }
        | PageEvent::WorkflowMoved { workflow, workflow_version, workflow_name, .. }) = event
        else {
            return;
        };
        self.workflow = workflow.clone();
        self.workflow_version = *workflow_version;
        self.workflow_name.clone_from(workflow_name);
    }

    fn stand(&mut self, seq: Seq, at: Timestamp, state: &StateLabel, expires_at: Option<Timestamp>) {
        self.state = state.clone();
        self.state_seq = seq;
        self.entered_at = at;
        self.expires_at = expires_at;
    }

    fn approve(&mut self, at: Timestamp, review: Review) {
        // Whoever edited after the version under review still counts as an editor since the approval.
        if self.latest.version == review.version {
            self.editors.clear();
        }
        let (version, content_hash) = (review.version, review.content_hash.clone());
        let mut written_by = review.contributors.clone();
        written_by.insert(review.author.clone());
        self.approved = Some(Approved { version, content_hash, at, signatures: signatures(review), written_by });
    }

    fn count(&mut self, seq: Seq, at: Timestamp, event: &PageEvent) {
        let PageEvent::Decided {
            approval, decision, by, for_self, for_others, meaning, comment, proof, invited, ..
        } = event
        else {
            return;
        };
        let Some(review) = &mut self.review else { return };
        let Some(asked) = review.approval(approval).map(|now| &now.asked) else { return };
        let mode = asked.mode;
        let verdict = Verdict {
            seq,
            approval: approval.clone(),
            approval_name: asked.name.clone(),
            decision: *decision,
            by: by.clone(),
            for_self: *for_self,
            for_others: for_others.clone(),
            at,
            meaning: meaning.clone(),
            comment: comment.clone(),
            signed: proof.is_signed(),
            emergency: None,
            invited: invited.clone(),
        };
        let kept = review.decisions.iter().filter_map(|before| left_of(before, &verdict, mode).map(Cow::into_owned));
        let mut decisions: Vec<Verdict> = kept.collect();
        decisions.push(verdict);
        review.decisions = decisions;
        if let Some(by) = invited {
            let state = match decision {
                Decision::Approve => InvitationState::Approved,
                Decision::Reject => InvitationState::Rejected,
            };
            review.answer(&by.invitation, state, at, None);
        }
        review.open_what_waits_for_nothing(at);
    }

    fn take_emergency(&mut self, seq: Seq, at: Timestamp, event: &PageEvent) {
        let Some(review) = &mut self.review else { return };
        match event {
            PageEvent::EmergencyAsked { approval, decision, by, reason, alone_from, until, .. } => {
                review.emergency = Some(EmergencyRequest {
                    seq,
                    approval: approval.clone(),
                    decision: *decision,
                    by: by.clone(),
                    reason: reason.clone(),
                    at,
                    alone_from: *alone_from,
                    until: *until,
                });
            }
            PageEvent::EmergencyDecided { approval, decision, by, asked_by, reason, meaning, .. } => {
                review.emergency = None;
                let Some(asked) = review.approval(approval).map(|now| &now.asked) else { return };
                let emergency = Emergency { asked_by: asked_by.clone(), reason: reason.clone() };
                let verdict = Verdict {
                    seq,
                    approval: approval.clone(),
                    approval_name: asked.name.clone(),
                    decision: *decision,
                    by: by.clone(),
                    for_self: false,
                    for_others: BTreeSet::new(),
                    at,
                    meaning: meaning.clone(),
                    comment: None,
                    signed: true,
                    emergency: Some(emergency),
                    invited: None,
                };
                review.decisions.push(verdict);
                review.open_what_waits_for_nothing(at);
            }
            _ => review.emergency = None,
        }
    }

    fn take_invitation(&mut self, at: Timestamp, event: &PageEvent) {
        let Some(review) = &mut self.review else { return };
        match event {
            PageEvent::Invited { invitation, approval, person, attachments, until, by, .. } => {
                let Some(now) = review.approvals.iter_mut().find(|now| now.asked.id == *approval) else { return };
                // Invited again: the one before can't be answered any more, and is asked for no longer.
                let again =
                    |one: &InvitedNow| one.state == InvitationState::Asked && one.person.account == person.account;
                now.invited.retain(|one| !again(one));
                now.invited.push(InvitedNow {
                    invitation: invitation.clone(),
                    person: person.clone(),
                    by: by.clone(),
                    at,
                    until: *until,
                    attachments: attachments.clone(),
                    state: InvitationState::Asked,
                    answered_at: None,
                    reason: None,
                });
            }
            PageEvent::InvitationRevoked { invitation, .. } => {
                review.answer(invitation, InvitationState::Revoked, at, None);
            }
            PageEvent::Abstained { invitation, reason, .. } => {
                review.answer(invitation, InvitationState::Abstained, at, reason.as_ref());
            }
            _ => {}
        }
        review.open_what_waits_for_nothing(at);
    }

    fn reassign(&mut self, approval: &ApprovalId, from: Option<&AccountId>, to: &Signatory) {
        let Some(now) =
            self.review.iter_mut().flat_map(|review| &mut review.approvals).find(|now| now.asked.id == *approval)
        else {
            return;
        };
        if let Some(from) = from {
            now.asked.people.retain(|asked| asked.person.account != *from);
            now.released.insert(from.clone());
        }
        now.released.remove(&to.account);
        now.asked.people.push(AskedPerson { person: to.clone(), via: Via::Reassigned });
    }

    fn see(&mut self, version: PageVersion, content_hash: &ContentHash) {
        self.latest = Seen { version: self.latest.version.max(version), content_hash: Some(content_hash.clone()) };
    }

    fn remember(&mut self, seq: Seq, at: Timestamp, event: &PageEvent) {
        let (who, what, version, comment) = match event {
            PageEvent::WorkflowStarted { version, .. } => (None, What::Started, Some(*version), None),
            PageEvent::Submitted { version, by, comment, .. } => {
                (Some(&by.name), What::Submitted, Some(*version), comment.as_ref())
            }
            PageEvent::Selected { name, version, by, comment, .. } => {
                (Some(&by.name), What::Selected { name: name.clone() }, Some(*version), comment.as_ref())
            }
            PageEvent::Decided { decision, version, by, meaning, comment, .. } => {
                let what = match decision {
                    Decision::Approve => What::Approved { meaning: meaning.clone() },
                    Decision::Reject => What::Rejected,
                };
                (Some(&by.name), what, Some(*version), comment.as_ref())
            }
            PageEvent::EmergencyAsked { decision, version, by, reason, .. } => {
                (Some(&by.name), What::EmergencyAsked { decision: *decision }, Some(*version), Some(reason))
            }
            PageEvent::EmergencyWithdrawn { by } => (Some(&by.name), What::EmergencyWithdrawn, None, None),
            PageEvent::EmergencyDecided { decision, version, by, reason, .. } => {
                (Some(&by.name), What::EmergencyDecided { decision: *decision }, Some(*version), Some(reason))
            }
            PageEvent::Reassigned { to, by, delegated, comment, .. } => {
                let what = What::Reassigned { to: to.name.clone(), delegated: *delegated };
                (Some(&by.name), what, None, comment.as_ref())
            }
            PageEvent::Invited { person, version, by, .. } => {
                (Some(&by.name), What::Invited { person: person.name.clone() }, Some(*version), None)
            }
            PageEvent::InvitationRevoked { invitation, by, .. } => {
                let found = self.review.as_ref().and_then(|review| review.invitation(invitation));
                let person = found.map(|(_, invited)| invited.person.name.clone());
                (Some(&by.name), What::InvitationRevoked { person }, None, None)
            }
            PageEvent::Abstained { by, version, reason, .. } => {
                (Some(&by.name), What::Abstained, Some(*version), reason.as_ref())
            }
            PageEvent::StateEntered { state, cause, .. } => {
                (None, What::Entered { state: state.name.clone(), cause: *cause }, None, None)
            }
            PageEvent::ExpirySet { at } => (None, What::ExpirySet { at: *at }, None, None),
            PageEvent::ReviewDue { .. } => (None, What::ReviewDue, None, None),
            PageEvent::Edited { version, .. } => (None, What::Edited, Some(*version), None),
            PageEvent::ApprovalVoided { version, .. } => (None, What::Voided, Some(*version), None),
            PageEvent::WorkflowMoved { workflow_name, workflow_version, by, .. } => {
                let what = What::Moved { workflow: workflow_name.clone(), version: *workflow_version };
                (by.as_ref().map(|by| &by.name), what, None, None)
            }
            PageEvent::WorkflowEnded { by } => (by.as_ref().map(|by| &by.name), What::Ended, None, None),
        };
        if self.history.len() >= HISTORY_SHOWN {
            self.history.remove(0);
        }
        self.history.push(Line { seq, at, who: who.cloned(), what, version, comment: comment.cloned() });
    }
}

/// What is left of a decision once the same person decides again on the same approval: what it says for other seats. Where
/// people are counted nobody says both yes and no, so that a change of mind takes all of it back.
pub(super) fn left_of<'a>(before: &'a Verdict, new: &Verdict, mode: Mode) -> Option<Cow<'a, Verdict>> {
    if before.approval != new.approval || before.by.account != new.by.account {
        return Some(Cow::Borrowed(before));
    }
    if !mode.needs_roster() && before.decision != new.decision {
        return None;
    }
    let for_self = before.for_self && !new.for_self;
    let for_others: BTreeSet<AccountId> = before.for_others.difference(&new.for_others).cloned().collect();
    (for_self || !for_others.is_empty()).then(|| Cow::Owned(Verdict { for_self, for_others, ..before.clone() }))
}

impl Review {
    fn answer(&mut self, invitation: &InvitationId, state: InvitationState, at: Timestamp, reason: Option<&TextRef>) {
        let mut all = self.approvals.iter_mut().flat_map(|now| &mut now.invited);
        if let Some(invited) = all.find(|one| one.invitation == *invitation && one.state == InvitationState::Asked) {
            invited.state = state;
            invited.answered_at = Some(at);
            invited.reason = reason.cloned();
        }
    }
}

fn signatures(review: Review) -> Vec<Verdict> {
    let given = review.decisions.into_iter().filter(|verdict| verdict.decision == Decision::Approve);
    review.earlier.into_iter().chain(given).collect()
}
