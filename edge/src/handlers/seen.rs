//! A page and a person looking at it: what the state offers them.

use super::challenge::{has_decided, names_of};
use super::offer;
use crate::confluence::page::Page;
use crate::page::Known;
use engine::ids::AccountId;
use engine::page::command::Person;
use engine::page::decide::Workflow;
use engine::page::fold::{PageFold, Review};
use engine::page::refusal::Refusal;
use engine::page::seat::{concerning, is_one_of};
use engine::page::tally::Outcome;
use engine::wire::status::{MyApproval, Offer, SelectOffer};
use engine::workflow::definition::{Approval, CommentRule, Exclusion, People, Select, State};
use std::collections::{BTreeMap, BTreeSet};

/// The page and the person, as Confluence has them.
pub(super) struct Seen {
    pub(super) page: Page,
    pub(super) person: Person,
}

impl Seen {
    fn is_one_of(&self, people: &People) -> bool {
        if people.is_empty() {
            self.person.may_edit
        } else {
            is_one_of(people, &self.person, &self.page.created_by, &self.page.version_author)
        }
    }

    /// Somebody who works on the page wonders why there is no button; a reader does not.
    fn offer(&self, people: &People) -> Offer {
        if self.is_one_of(people) {
            Offer::Open
        } else if self.person.may_edit {
            offer::closed(offer::FOR_OTHERS)
        } else {
            offer::NOTHING
        }
    }

    pub(super) fn submit(&self, state: &State) -> Offer {
        state.transitions.submit.as_ref().map_or(offer::NOTHING, |submit| self.offer(&submit.who))
    }

    pub(super) fn selects(&self, state: &State, workflow: &Workflow<'_>) -> Vec<SelectOffer> {
        let offer = |select: &Select| SelectOffer {
            to: select.to.clone(),
            name: if select.name.is_empty() {
                workflow.definition.state(&select.to).map(|target| target.name.clone()).unwrap_or_default()
            } else {
                select.name.clone()
            },
            offer: self.offer(&select.who),
            comment_required: select.comment == CommentRule::Required,
        };
        state.transitions.select.iter().map(offer).collect()
    }

    /// Each approval that asks the person, or that they may reassign.
    pub(super) fn approvals(&self, state: &State, review: &Review, known: &Known) -> Vec<MyApproval> {
        let person = &self.person;
        let mut asked: BTreeMap<_, _> =
            concerning(state, review, person).map(|(approval, seats)| (&approval.id, seats)).collect();
        let mine = state.approvals.iter().filter_map(|approval| {
            let now = review.approval(&approval.id)?;
            let under_way = matches!(review.outcome(now), Outcome::Pending | Outcome::Waiting);
            let reassign = under_way && is_one_of(&approval.reassign, person, &review.creator, &review.author);
            let seats = asked.remove(&approval.id);
            if seats.is_none() && !reassign {
                return None;
            }
            let (decide, others, own) = match seats {
                Some(Ok(seats)) => (Offer::Open, seats.others, seats.own),
                Some(Err(refusal)) => (offer::why_not(&refusal), BTreeSet::new(), false),
                None => (offer::NOTHING, BTreeSet::new(), false),
            };
            let waits = matches!(review.outcome(now), Outcome::Waiting)
                && now.asked.people.iter().any(|seat| seat.person.account == person.account);
            let decided = has_decided(review, approval, &person.account);
            Some(MyApproval {
                approval: approval.id.clone(),
                name: approval.name.clone(),
                changes: decide == Offer::Open && decided,
                for_others: names_of(&others, review, &known.names),
                delegate: approval.delegate && under_way && !decided && (own || waits),
                reassign,
                decide,
            })
        });
        mine.collect()
    }

    /// Nobody asks them: only those who worked on it wonder why.
    pub(super) fn why_not_asked(&self, review: &Review) -> Offer {
        let account = &self.person.account;
        if review.author == *account {
            offer::closed("You wrote this version; the reviewers decide on it.")
        } else if review.submitted_by.as_ref().is_some_and(|by| by.account == *account) {
            offer::closed("You submitted this version; the reviewers decide on it.")
        } else {
            offer::why_not(&Refusal::NotReviewer)
        }
    }

    /// Who would be kept from deciding on an approval, were the page submitted by this person now.
    pub(super) fn kept_from(&self, approval: &Approval, fold: Option<&PageFold>) -> BTreeSet<AccountId> {
        let page = &self.page;
        let mut kept = BTreeSet::new();
        for exclusion in &approval.exclude {
            match exclusion {
                Exclusion::Author => kept.extend([page.created_by.clone()]),
                Exclusion::LastEditor => kept.extend([page.version_author.clone()]),
                Exclusion::Submitter => kept.extend([self.person.account.clone()]),
                Exclusion::EditorsSinceApproval => {
                    kept.extend([page.version_author.clone()]);
                    kept.extend(fold.iter().flat_map(|fold| &fold.editors).cloned());
                }
            }
        }
        kept
    }
}
