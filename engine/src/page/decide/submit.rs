//! Submitting for review.

use super::{Situation, confirmed, edit};
use crate::page::apply::apply;
use crate::page::command::{Edit, Submit};
use crate::page::event::{Cause, PageEvent};
use crate::page::fold::PageFold;
use crate::page::refusal::Refusal;
use crate::page::roster::Opening;
use crate::page::seat::is_one_of;
use crate::token::policy::Action;
use crate::workflow::definition::CommentRule;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Rules: (1) a page that is under no workflow comes under it, (2) an edit whose event is still on its way is recorded
/// first, (3) the state offers it, (4) the person may, (5) something is said where it must be, (6) it is confirmed where
/// the policy asks for that, (7) the reviewers can be asked.
pub(super) fn decide(
    fold: Option<&PageFold>,
    situation: &Situation<'_>,
    submit: &Submit,
) -> Result<Vec<PageEvent>, Refusal> {
    let page = &submit.page;
    // (1), (2)
    let mut events = match fold.filter(|fold| !fold.ended) {
        None => vec![situation.start(&submit.space, page.version, &page.dates)?],
        Some(_) => edit::decide(fold, situation, &Edit { page: page.clone(), by: Some(page.author.clone()) })?,
    };
    let known = caught_up(fold, &events, situation)?;
    // (3)
    let state = situation.workflow.current(known.as_deref())?;
    let Some(transition) = &state.transitions.submit else {
        return Err(Refusal::WrongState { state: state.name.clone() });
    };
    // (4)
    if transition.who.is_empty() {
        if !submit.person.may_edit {
            return Err(Refusal::MayNotEdit);
        }
    } else if !is_one_of(&transition.who, &submit.person, &page.creator, &page.author) {
        return Err(Refusal::NotForYou);
    }
    // (5)
    if transition.comment == CommentRule::Required && submit.comment.is_none() {
        return Err(Refusal::CommentRequired);
    }
    // (6)
    let proof = confirmed(&submit.confirmed, Action::Submit, situation.now)?;
    events.push(PageEvent::Submitted {
        version: page.version,
        content_hash: page.content_hash.clone(),
        title: submit.title.clone(),
        author: page.author.clone(),
        by: submit.by.clone(),
        comment: submit.comment.clone(),
        proof,
    });
    // (7)
    let nobody = BTreeSet::new();
    let opening = Opening {
        page,
        editors: known.as_deref().map_or(&nobody, |fold| &fold.editors),
        by: Some(&submit.by),
        comment: submit.comment.as_ref(),
        named: Some(&submit.assigned),
        strict: true,
    };
    events.push(situation.enter(&transition.to, Cause::Submitted, opening)?);
    Ok(events)
}

/// The fold after `events`.
pub(super) fn caught_up<'a>(
    fold: Option<&'a PageFold>,
    events: &[PageEvent],
    situation: &Situation<'_>,
) -> Result<Option<Cow<'a, PageFold>>, Refusal> {
    let mut known = fold.map(Cow::Borrowed);
    for event in events {
        let seq = known.as_ref().map(|fold| fold.seq).unwrap_or_default().next();
        let before = known.map(Cow::into_owned);
        known = Some(Cow::Owned(apply(before, seq, situation.now, event).map_err(|_| Refusal::DamagedDefinition)?));
    }
    Ok(known)
}
