//! Entering a state.

use super::Situation;
use crate::ids::StateId;
use crate::page::command::{Dates, Needs, PageNow};
use crate::page::event::{Cause, PageEvent};
use crate::page::expiry::expires_at;
use crate::page::refusal::Refusal;
use crate::page::roster::{self, Opening};

impl Situation<'_> {
    /// Entering the state of this id. A state that asks for approvals begins a review of `opening`'s page.
    pub(super) fn enter(&self, id: &StateId, cause: Cause, opening: Opening<'_>) -> Result<PageEvent, Refusal> {
        let state = self.workflow.definition.state(id).ok_or(Refusal::DamagedDefinition)?;
        Ok(PageEvent::StateEntered {
            state: state.label(),
            cause,
            expires_at: expires_at(state, self.now, &opening.page.dates),
            review: roster::open(state, opening, self.cast)?,
        })
    }

    /// The same where the page as it is now may not be known: then it is asked for if the state needs it.
    pub(super) fn enter_unseen(
        &self,
        id: &StateId,
        cause: Cause,
        page: Option<&PageNow>,
        opening: impl FnOnce(&PageNow) -> Result<PageEvent, Refusal>,
    ) -> Result<PageEvent, Refusal> {
        if let Some(page) = page {
            return opening(page);
        }
        let state = self.workflow.definition.state(id).ok_or(Refusal::DamagedDefinition)?;
        let reads_date = state.expiry.as_ref().is_some_and(|expiry| expiry.on_date.is_some());
        if !state.approvals.is_empty() || reads_date {
            return Err(Refusal::Unknown(Box::new(Needs { page: true, ..Needs::default() })));
        }
        Ok(PageEvent::StateEntered {
            state: state.label(),
            cause,
            expires_at: expires_at(state, self.now, &Dates::new()),
            review: None,
        })
    }
}
