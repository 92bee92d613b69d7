//! Time that has run out.

use super::{Situation, edit};
use crate::ids::ApprovalId;
use crate::page::command::{Edit, Needs, Tick};
use crate::page::event::{Cause, PageEvent};
use crate::page::fold::PageFold;
use crate::page::refusal::Refusal;
use crate::page::roster::Opening;
use crate::page::tally::Outcome;
use std::collections::BTreeSet;

/// Rules: (1) an edit not heard of yet is recorded first, and does what edits do; (2) a state whose time is over is left;
/// (3) otherwise approvals whose due date has come are recorded as due, once.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    tick: &Tick,
) -> Result<Vec<PageEvent>, Refusal> {
    let Some(known) = fold.filter(|fold| !fold.ended) else { return Ok(Vec::new()) };
    // (1)
    if let Some(page) = &tick.page {
        let edited = edit::decide(fold, situation, &Edit { page: page.clone(), by: Some(page.author.clone()) })?;
        if !edited.is_empty() {
            return Ok(edited);
        }
    }
    // (2)
    if known.expires_at.is_some_and(|at| at <= situation.now) {
        return Ok(vec![expire(known, situation, tick)?]);
    }
    // (3)
    let due: BTreeSet<ApprovalId> = known
        .review
        .iter()
        .flat_map(|review| review.approvals.iter().map(move |now| (review, now)))
        .filter(|(review, now)| {
            !now.due_told && now.due_at.is_some_and(|at| at <= situation.now) && review.outcome(now) == Outcome::Pending
        })
        .map(|(_, now)| now.asked.id.clone())
        .collect();
    Ok(if due.is_empty() { Vec::new() } else { vec![PageEvent::ReviewDue { approvals: due }] })
}

fn expire(known: &PageFold, situation: &Situation<'_>, tick: &Tick) -> Result<PageEvent, Refusal> {
    let state = situation.workflow.current(Some(known))?;
    let target = state.transitions.expired.as_ref().ok_or(Refusal::DamagedDefinition)?;
    // A date on the page may have been moved, and the news of it be still on its way: never expire on an old one.
    let reads_date = state.expiry.as_ref().is_some_and(|expiry| expiry.on_date.is_some());
    if reads_date && tick.page.is_none() {
        return Err(Refusal::Unknown(Box::new(Needs { page: true, ..Needs::default() })));
    }
    situation.enter_unseen(target, Cause::Expired, tick.page.as_ref(), |page| {
        let opening = Opening { page, editors: &known.editors, by: None, comment: None, named: None, strict: false };
        situation.enter(target, Cause::Expired, opening)
    })
}
