//! Coming under a workflow.

use super::Situation;
use crate::ids::PageVersion;
use crate::ids::SpaceId;
use crate::page::command::{Dates, Start};
use crate::page::event::PageEvent;
use crate::page::expiry::expires_at;
use crate::page::fold::PageFold;
use crate::page::refusal::Refusal;

/// A page that is under a workflow already stays under it.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    start: &Start,
) -> Result<Vec<PageEvent>, Refusal> {
    match fold {
        Some(fold) if !fold.ended => Ok(Vec::new()),
        _ => Ok(vec![situation.start(&start.space, start.version, &start.dates)?]),
    }
}

impl Situation<'_> {
    pub(super) fn start(&self, space: &SpaceId, version: PageVersion, dates: &Dates) -> Result<PageEvent, Refusal> {
        let workflow = &self.workflow;
        let initial = workflow.definition.initial().ok_or(Refusal::DamagedDefinition)?;
        Ok(PageEvent::WorkflowStarted {
            workflow: workflow.definition.id.clone(),
            workflow_version: workflow.version,
            workflow_name: workflow.definition.name.clone(),
            space: space.clone(),
            state: initial.label(),
            expires_at: expires_at(initial, self.now, dates),
            version,
        })
    }
}
