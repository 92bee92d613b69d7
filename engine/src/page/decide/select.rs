//! Picking a transition.

use super::submit::caught_up;
use super::{Situation, confirmed, edit, under_workflow};
use crate::page::command::{Edit, Select};
use crate::page::event::{Cause, PageEvent};
use crate::page::fold::PageFold;
use crate::page::refusal::Refusal;
use crate::page::roster::Opening;
use crate::page::seat::is_one_of;
use crate::token::policy::Action;
use crate::workflow::definition::CommentRule;

/// Rules: (1) the page is under the workflow, (2) an edit whose event is still on its way is recorded first; if it moves
/// the page, the person has to look again, (3) the state is the one the person saw, (4) and offers the transition, (5) to
/// this person, (6) something is said where it must be, (7) it is confirmed where the policy asks for that, (8) if it begins a
/// review, the reviewers can be asked.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    select: &Select,
) -> Result<Vec<PageEvent>, Refusal> {
    let page = &select.page;
    // (1)
    under_workflow(fold)?;
    // (2)
    let mut events = edit::decide(fold, situation, &Edit { page: page.clone(), by: Some(page.author.clone()) })?;
    let known = caught_up(fold, &events, situation)?;
    let known = known.as_deref().ok_or(Refusal::NotUnderWorkflow)?;
    // (3)
    if known.state_seq != select.state_seq {
        return Err(Refusal::WrongState { state: known.state.name.clone() });
    }
    // (4)
    let state = situation.workflow.current(Some(known))?;
    let transition =
        state.transitions.select_to(&select.to).ok_or_else(|| Refusal::WrongState { state: state.name.clone() })?;
    // (5)
    if transition.who.is_empty() {
        if !select.person.may_edit {
            return Err(Refusal::MayNotEdit);
        }
    } else if !is_one_of(&transition.who, &select.person, &page.creator, &page.author) {
        return Err(Refusal::NotForYou);
    }
    // (6)
    if transition.comment == CommentRule::Required && select.comment.is_none() {
        return Err(Refusal::CommentRequired);
    }
    // (7)
    let proof = confirmed(&select.confirmed, Action::Select, situation.now)?;
    let target = situation.workflow.definition.state(&transition.to).ok_or(Refusal::DamagedDefinition)?;
    events.push(PageEvent::Selected {
        to: transition.to.clone(),
        name: if transition.name.is_empty() { target.name.clone() } else { transition.name.clone() },
        version: page.version,
        content_hash: page.content_hash.clone(),
        title: select.title.clone(),
        by: select.by.clone(),
        comment: select.comment.clone(),
        proof,
    });
    // (8)
    let opening = Opening {
        page,
        editors: &known.editors,
        by: Some(&select.by),
        comment: select.comment.as_ref(),
        named: None,
        strict: true,
    };
    events.push(situation.enter(&transition.to, Cause::Selected, opening)?);
    Ok(events)
}
