//! Whether something may happen to a page, and what then happens.

use super::command::{Command, Decide, Edit, PageNow, Reviewer, Submit};
use super::event::{Asked, Cause, PageEvent};
use super::fold::{PageFold, Review, apply};
use crate::ids::{AccountId, PageVersion, SpaceId, StateId};
use crate::token::policy::Action;
use crate::wire::status::Decision;
use crate::workflow::definition::{Approval, Definition, Exclusion, OnEdit, State};

/// Why something may not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person may not edit the page.
    #[error("you need the right to edit the page")]
    MayNotEdit,
    /// The state does not offer this.
    #[error("the page is in state \u{201c}{state}\u{201d}")]
    WrongState {
        /// The state it is in.
        state: String,
    },
    /// Nobody asked this person.
    #[error("you are not asked to decide on this page")]
    NotReviewer,
    /// Separation of duties.
    #[error("{0}")]
    Excluded(Excluded),
    /// They have decided in this review.
    #[error("you have already decided in this review")]
    AlreadyDecided,
    /// The content isn't what is under review.
    #[error("the page has changed since it was submitted")]
    PageMoved {
        /// The version now.
        now: PageVersion,
    },
    /// The state was left, and perhaps entered again, since the challenge.
    #[error("the review was started anew")]
    ReviewRestarted,
    /// The meaning isn't what the definition says.
    #[error("the meaning of the signature does not fit the workflow")]
    WrongMeaning,
    /// A rejection must be explained.
    #[error("a comment is required")]
    CommentRequired,
    /// The policy wants a token, or another one.
    #[error("the step-up policy is not satisfied")]
    ProofMissing,
    /// The definition lacks what it must have. Validation keeps this from happening.
    #[error("the workflow definition is damaged")]
    DamagedDefinition,
}

/// Whom separation of duties keeps from deciding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excluded {
    /// The author of the version.
    #[error("you wrote this version")]
    Author,
    /// Who submitted it.
    #[error("you submitted this version")]
    Submitter,
}

/// Decides.
///
/// # Errors
/// [`Refusal`]: nothing happens.
pub fn decide(fold: Option<&PageFold>, workflow: &Workflow<'_>, command: &Command) -> Result<Vec<PageEvent>, Refusal> {
    match command {
        Command::Start { space, version } => match fold {
            Some(_) => Ok(Vec::new()),
            None => Ok(vec![workflow.start(space, *version)?]),
        },
        Command::Submit(submit) => decide_submit(fold, workflow, submit),
        Command::Decide(decide) => decide_verdict(fold, workflow, decide),
        Command::RecordEdit(edit) => decide_edit(fold, workflow, edit),
    }
}

/// A definition with its version.
#[derive(Clone, Copy, Debug)]
pub struct Workflow<'a> {
    /// The version.
    pub version: u32,
    /// What it says.
    pub definition: &'a Definition,
}

impl Workflow<'_> {
    fn start(&self, space: &SpaceId, version: PageVersion) -> Result<PageEvent, Refusal> {
        let initial = self.definition.initial().ok_or(Refusal::DamagedDefinition)?;
        Ok(PageEvent::WorkflowStarted {
            workflow: self.definition.id.clone(),
            workflow_version: self.version,
            workflow_name: self.definition.name.clone(),
            space: space.clone(),
            state: initial.label(),
            version,
        })
    }

    fn current(&self, fold: Option<&PageFold>) -> Result<&State, Refusal> {
        match fold {
            Some(fold) => self.definition.state(&fold.state.id),
            None => self.definition.initial(),
        }
        .ok_or(Refusal::DamagedDefinition)
    }

    fn enter(&self, id: &StateId, cause: Cause) -> Result<PageEvent, Refusal> {
        let state = self.definition.state(id).ok_or(Refusal::DamagedDefinition)?;
        let asked = state
            .approvals
            .iter()
            .map(|approval| Asked { id: approval.id.clone(), name: approval.name.clone(), minimum: approval.minimum })
            .collect();
        Ok(PageEvent::StateEntered { state: state.label(), asked, cause })
    }
}

/// Rules of submitting: (1) an edit whose event is still on its way is recorded first, (2) the state offers it, (3) the
/// person may edit the page.
fn decide_submit(fold: Option<&PageFold>, workflow: &Workflow<'_>, submit: &Submit) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let mut events = decide_edit(fold, workflow, &edit_seen_by(submit))?;
    let mut caught_up = fold.cloned();
    for event in &events {
        let seq = caught_up.as_ref().map(|fold| fold.seq).unwrap_or_default().next();
        caught_up = Some(apply(caught_up, seq, submit.made_at, event).map_err(|_| Refusal::DamagedDefinition)?);
    }
    // (2)
    let state = workflow.current(caught_up.as_ref())?;
    let Some(next) = &state.transitions.submit else {
        return Err(Refusal::WrongState { state: state.name.clone() });
    };
    // (3)
    if !submit.may_edit {
        return Err(Refusal::MayNotEdit);
    }
    if fold.is_none() {
        events.push(workflow.start(&submit.space, submit.page.version)?);
    }
    events.push(PageEvent::Submitted {
        version: submit.page.version,
        content_hash: submit.page.content_hash.clone(),
        title: submit.title.clone(),
        author: submit.page.author.clone(),
        by: submit.by.clone(),
        comment: submit.comment.clone(),
    });
    events.push(workflow.enter(next, Cause::Submitted)?);
    Ok(events)
}

fn edit_seen_by(submit: &Submit) -> Edit {
    Edit {
        version: submit.page.version,
        content_hash: Some(submit.page.content_hash.clone()),
        by: Some(submit.page.author.clone()),
        made_at: Some(submit.made_at),
    }
}

/// Rules of deciding: (1) a review is under way, (2) in the state the challenge was made for, entered no later,
/// (3) the content is what was submitted, (4) the person is asked and not excluded, (5) and has not decided yet,
/// (6) the meaning is the definition's, (7) a rejection is explained where it must be, (8) the policy is satisfied.
fn decide_verdict(
    fold: Option<&PageFold>,
    workflow: &Workflow<'_>,
    command: &Decide,
) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let (fold, state, review) = under_review(fold, workflow)?;
    // (2)
    if fold.state_seq != command.state_seq {
        return Err(Refusal::ReviewRestarted);
    }
    // (3)
    same_content(review, &command.page)?;
    // (4), (5)
    let approval = approval_for(state, review, &command.reviewer)?;
    // (6)
    if command.meaning != meaning(approval, command.decision) {
        return Err(Refusal::WrongMeaning);
    }
    // (7)
    if command.decision == Decision::Reject && approval.comment_on_reject && command.comment.is_none() {
        return Err(Refusal::CommentRequired);
    }
    // (8)
    let proof = command.proof.factor.as_ref().map(|factor| factor.kind);
    if command.proof.policy_version != command.policy.version
        || !command.policy.accepts(action(command.decision), proof)
    {
        return Err(Refusal::ProofMissing);
    }

    let mut events = vec![PageEvent::Decided {
        approval: approval.id.clone(),
        decision: command.decision,
        version: review.version,
        content_hash: review.content_hash.clone(),
        state_seq: fold.state_seq,
        by: command.by.clone(),
        meaning: command.meaning.clone(),
        comment: command.comment.clone(),
        proof: command.proof.clone(),
    }];
    match command.decision {
        Decision::Reject => {
            let next = state.transitions.rejected.as_ref().ok_or(Refusal::DamagedDefinition)?;
            events.push(workflow.enter(next, Cause::Rejected)?);
        }
        Decision::Approve if completes(state, review, approval) => {
            let next = state.transitions.approved.as_ref().ok_or(Refusal::DamagedDefinition)?;
            events.push(workflow.enter(next, Cause::Approved)?);
        }
        Decision::Approve => {}
    }
    Ok(events)
}

/// Rules of an edit: (1) a page not under the workflow is not our business, (2) news of what is known already changes
/// nothing, (3) an approval recorded after the new version was made is void, (4) the state does what it says on edits;
/// a review of other content is over in any case.
fn decide_edit(fold: Option<&PageFold>, workflow: &Workflow<'_>, edit: &Edit) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let Some(fold) = fold else { return Ok(Vec::new()) };
    // (2)
    let newer = edit.version > fold.latest.version;
    let other_content = edit.version == fold.latest.version
        && match (&edit.content_hash, &fold.latest.content_hash) {
            (Some(now), Some(seen)) => now != seen,
            _ => false,
        };
    if !newer && !other_content {
        return Ok(Vec::new());
    }
    let mut events =
        vec![PageEvent::Edited { version: edit.version, content_hash: edit.content_hash.clone(), by: edit.by.clone() }];
    // (3)
    let voided = match (&fold.approved, edit.made_at) {
        (Some(approved), Some(made_at)) if approved.version < edit.version && made_at <= approved.at => {
            events.push(PageEvent::ApprovalVoided { version: approved.version, found: edit.version });
            true
        }
        _ => false,
    };
    // (4)
    let state = workflow.current(Some(fold))?;
    let cause = if voided { Cause::Voided } else { Cause::Edited };
    let target = match &state.on_edit {
        OnEdit::Stay if fold.review.is_some() => workflow.definition.initial().map(|initial| &initial.id),
        OnEdit::Stay => None,
        OnEdit::Initial => workflow.definition.initial().map(|initial| &initial.id),
        OnEdit::To(id) => Some(id),
    };
    if let Some(target) = target.filter(|target| **target != fold.state.id) {
        events.push(workflow.enter(target, cause)?);
    }
    Ok(events)
}

/// The review under way, and the state that asks for it.
///
/// # Errors
/// [`Refusal::WrongState`] if there is none.
pub fn under_review<'a>(
    fold: Option<&'a PageFold>,
    workflow: &'a Workflow<'_>,
) -> Result<(&'a PageFold, &'a State, &'a Review), Refusal> {
    let state = workflow.current(fold)?;
    let wrong = || Refusal::WrongState { state: state.name.clone() };
    let fold = fold.ok_or_else(wrong)?;
    let review = fold.review.as_ref().filter(|_| !state.approvals.is_empty()).ok_or_else(wrong)?;
    Ok((fold, state, review))
}

/// Whether Confluence still has what is under review.
///
/// # Errors
/// [`Refusal::PageMoved`] if not.
pub fn same_content(review: &Review, page: &PageNow) -> Result<(), Refusal> {
    if review.version != page.version || review.content_hash != page.content_hash {
        return Err(Refusal::PageMoved { now: page.version });
    }
    Ok(())
}

/// The approval of `state` that a verdict of this person counts for: the first that asks them and that they have not
/// decided.
///
/// # Errors
/// Why there is none.
pub fn approval_for<'a>(state: &'a State, review: &Review, reviewer: &Reviewer) -> Result<&'a Approval, Refusal> {
    let mut reason = Refusal::NotReviewer;
    for approval in &state.approvals {
        if !is_asked(approval, reviewer) {
            continue;
        }
        if let Some(excluded) = excluded(approval, review, &reviewer.account) {
            reason = Refusal::Excluded(excluded);
            continue;
        }
        let decided = review
            .decisions
            .iter()
            .any(|verdict| verdict.approval == approval.id && verdict.by.account == reviewer.account);
        if decided {
            reason = Refusal::AlreadyDecided;
            continue;
        }
        return Ok(approval);
    }
    Err(reason)
}

/// What a signature means under this approval.
#[must_use]
pub fn meaning(approval: &Approval, decision: Decision) -> &str {
    match decision {
        Decision::Approve => &approval.meaning,
        Decision::Reject => &approval.meaning_of_rejection,
    }
}

/// What a verdict is to the step-up policy.
#[must_use]
pub fn action(decision: Decision) -> Action {
    match decision {
        Decision::Approve => Action::Approve,
        Decision::Reject => Action::Reject,
    }
}

/// Whether the approval asks this person.
#[must_use]
pub fn is_asked(approval: &Approval, reviewer: &Reviewer) -> bool {
    approval.reviewers.users.contains(&reviewer.account)
        || reviewer.groups.iter().any(|group| approval.reviewers.groups.contains(group))
}

fn excluded(approval: &Approval, review: &Review, account: &AccountId) -> Option<Excluded> {
    let excludes = |exclusion| approval.exclude.contains(&exclusion);
    if excludes(Exclusion::Author) && review.author == *account {
        Some(Excluded::Author)
    } else if excludes(Exclusion::Submitter) && review.submitted_by.account == *account {
        Some(Excluded::Submitter)
    } else {
        None
    }
}

/// Whether one more approval under `counted` completes every approval of the state.
fn completes(state: &State, review: &Review, counted: &Approval) -> bool {
    state.approvals.iter().all(|approval| {
        let given = review
            .decisions
            .iter()
            .filter(|verdict| verdict.approval == approval.id && verdict.decision == Decision::Approve)
            .count();
        let given = given + usize::from(approval.id == counted.id);
        u32::try_from(given).unwrap_or(u32::MAX) >= approval.minimum
    })
}
