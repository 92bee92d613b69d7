//! A change of content.

use super::Situation;
use crate::ids::StateId;
use crate::page::command::Edit;
use crate::page::event::{Cause, PageEvent};
use crate::page::expiry::expires_at;
use crate::page::fold::PageFold;
use crate::page::refusal::Refusal;
use crate::page::roster::Opening;
use crate::workflow::definition::{State, Updated};
use std::collections::BTreeSet;

/// Rules of an edit: (1) a page that never was under a workflow is not our business, (2) news of what is known already
/// changes nothing, (3) an approval recorded after the new version was made is void, (4) the state does what it says on
/// edits; a review of other content is over in any case, (5) a date on the page that changed moves the expiry.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    edit: &Edit,
) -> Result<Vec<PageEvent>, Refusal> {
    // (1)
    let Some(fold) = fold else { return Ok(Vec::new()) };
    let page = &edit.page;
    // (2)
    let newer = page.version > fold.latest.version;
    let other_content = page.version == fold.latest.version
        && fold.latest.content_hash.as_ref().is_some_and(|seen| *seen != page.content_hash);
    if !newer && !other_content {
        return Ok(Vec::new());
    }
    let mut events =
        vec![PageEvent::Edited { version: page.version, content_hash: page.content_hash.clone(), by: edit.by.clone() }];
    // (3)
    let late = fold.approved.as_ref().filter(|one| one.version < page.version && page.made_at <= one.at);
    if let Some(approved) = late {
        events.push(PageEvent::ApprovalVoided { version: approved.version, found: page.version });
    }
    if fold.ended {
        return Ok(events);
    }
    // (4)
    let state = situation.workflow.current(Some(fold))?;
    let cause = if late.is_some() { Cause::Voided } else { Cause::Edited };
    match target(fold, situation, state) {
        Some(target) => {
            let of_voided = late.into_iter().flat_map(|approved| &approved.written_by);
            let editors: BTreeSet<_> = fold.editors.iter().chain(&edit.by).chain(of_voided).cloned().collect();
            let opening = Opening {
                page,
                editors: &editors,
                // A review that an edit begins anew is still that of whoever submitted.
                by: fold.review.as_ref().and_then(|review| review.submitted_by.as_ref()),
                comment: None,
                named: None,
                strict: false,
            };
            events.push(situation.enter(target, cause, opening)?);
        }
        // (5)
        None => {
            let expires_at = expires_at(state, fold.entered_at, &page.dates);
            if expires_at != fold.expires_at && state.expiry.as_ref().is_some_and(|expiry| expiry.on_date.is_some()) {
                events.push(PageEvent::ExpirySet { at: expires_at });
            }
        }
    }
    Ok(events)
}

/// Where the edit leads; [`None`] if the page stays.
fn target<'a>(fold: &'a PageFold, situation: &'a Situation<'_>, state: &'a State) -> Option<&'a StateId> {
    let definition = situation.workflow.definition;
    let initial = || definition.initial().map(|initial| &initial.id);
    let target = match &state.transitions.updated {
        Updated::Stay if fold.review.is_some() => initial(),
        Updated::Stay => None,
        Updated::Initial => initial(),
        // A page that was in no state before, or in one that is no more, begins anew; so does one that another workflow
        // brought from one final state to another, as what is settled does not stay settled.
        Updated::Previous => {
            let before = fold.previous.as_ref().and_then(|id| definition.state(id));
            let before = before.filter(|before| !(before.is_final && state.is_final));
            before.map(|before| &before.id).or_else(initial)
        }
        Updated::To(id) => Some(id),
    };
    // A review of other content cannot go on: its state is entered anew.
    target.filter(|target| **target != fold.state.id || fold.review.is_some())
}
