//! Moving a page to another workflow or version, and taking it out.

use super::{Situation, under_workflow};
use crate::ids::StateId;
use crate::page::command::Move;
use crate::page::event::{Cause, PageEvent, Signatory};
use crate::page::fold::PageFold;
use crate::page::refusal::Refusal;
use crate::page::roster::Opening;
use crate::workflow::definition::Definition;
use std::collections::BTreeMap;

/// Rules: (1) the page is under a workflow, and not on this version already, (2) every edit of it is recorded,
/// (3) its state becomes the one it stands for, (4) a review begins anew there, for the same submitter: decisions were given to what the old version asked. What was
/// approved stays approved.
pub(super) fn decide(fold: Option<&PageFold>, situation: &Situation<'_>, to: &Move) -> Result<Vec<PageEvent>, Refusal> {
    let workflow = &situation.workflow;
    // (1)
    let fold = under_workflow(fold)?;
    if fold.workflow == workflow.definition.id && fold.workflow_version == workflow.version {
        return Ok(Vec::new());
    }
    let page = &to.page;
    // (2)
    if page.version != fold.latest.version
        || fold.latest.content_hash.as_ref().is_some_and(|seen| *seen != page.content_hash)
    {
        return Err(Refusal::PageMoved { now: page.version });
    }
    let mut events = Vec::with_capacity(2);
    events.push(PageEvent::WorkflowMoved {
        workflow: workflow.definition.id.clone(),
        workflow_version: workflow.version,
        workflow_name: workflow.definition.name.clone(),
        by: to.by.clone(),
    });
    // (3)
    let state = becomes(workflow.definition, &to.states, &fold.state.id).ok_or(Refusal::DamagedDefinition)?;
    // (4)
    let review = fold.review.as_ref();
    let opening = Opening {
        page,
        editors: &fold.editors,
        by: review.and_then(|review| review.submitted_by.as_ref()).or(to.by.as_ref()),
        comment: review.and_then(|review| review.comment.as_ref()),
        named: None,
        strict: false,
    };
    events.push(situation.enter(state, Cause::Moved, opening)?);
    Ok(events)
}

/// The state of `definition` that stands for `state`: as mapped, else of the same id, else the initial one.
#[must_use]
pub fn becomes<'a>(
    definition: &'a Definition,
    mapped: &BTreeMap<StateId, StateId>,
    state: &StateId,
) -> Option<&'a StateId> {
    let mapped = mapped.get(state).and_then(|to| definition.state(to));
    mapped.or_else(|| definition.state(state)).or_else(|| definition.initial()).map(|state| &state.id)
}

/// Taking the page out of its workflow.
pub(super) fn end(fold: Option<&PageFold>, by: Option<&Signatory>) -> Result<Vec<PageEvent>, Refusal> {
    under_workflow(fold)?;
    Ok(vec![PageEvent::WorkflowEnded { by: by.cloned() }])
}
