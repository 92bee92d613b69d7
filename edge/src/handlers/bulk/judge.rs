//! Whether a page can be on a list, and what would be signed of it.

use crate::confirm::asked::Asked;
use crate::confirm::how;
use crate::confirm::list::alone;
use crate::confirm::standing::Standing;
use crate::confluence::page::{self, Current};
use crate::confluence::{Actor, Client, ConfluenceError, Freshness};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::handlers::challenge::{has_decided, names_of};
use crate::handlers::people::{Asking, Wanted};
use crate::handlers::refusal::refused;
use crate::http::EdgeError;
use crate::page::Running;
use crate::store::absence::Absent;
use engine::ids::{AccountId, GroupId, PageId, SpaceId};
use engine::page::command::Person;
use engine::page::decide::{action, under_review};
use engine::page::fold::{PageFold, Review};
use engine::page::refusal::Refusal;
use engine::page::seat::{Seats, approval_for, meanings};
use engine::page::view::Names;
use engine::token::challenge::Listed;
use engine::token::policy::{Policy, Subject};
use engine::wire::bulk::{BulkItem, Picked};
use engine::wire::problem::ProblemKind;
use engine::wire::status::Decision;
use engine::workflow::definition::{Approval, State};
use std::collections::BTreeSet;

/// How many questions about members of groups a list may cost: a list asks one after another, and a request of ours may make
/// no more than forty calls in all.
const MOST_QUESTIONS: usize = 12;
/// How many pages may ask for people who may edit them: Confluence tells that of one page at a time.
const MOST_OF_EDITORS: usize = 12;

/// Somebody picks pages: what is the same for all of them.
pub(super) struct Judge<'a> {
    pub(super) cx: &'a Cx,
    pub(super) caller: &'a UiCaller,
    pub(super) app: Option<&'a Client>,
    pub(super) person: &'a Client,
    pub(super) space: &'a SpaceId,
    pub(super) away: &'a [Absent],
    pub(super) policy: &'a Policy,
    pub(super) subject: &'a Subject,
    pub(super) standing: &'a Standing,
    pub(super) names: &'a Names,
    pub(super) decision: Decision,
    /// What Confluence was asked for the pages before.
    pub(super) questions: BTreeSet<(AccountId, GroupId)>,
    pub(super) editors: usize,
}

/// A page under its workflow, with what Confluence lists of it.
pub(super) struct Found<'a> {
    pub(super) picked: &'a Picked,
    pub(super) now: &'a Current,
    pub(super) fold: &'a PageFold,
    pub(super) running: &'a Running,
}

/// A page that can be signed by itself, and for all this can tell with others too.
pub(super) struct Candidate {
    pub(super) item: BulkItem,
    pub(super) asked: Asked,
    pub(super) meanings: Vec<String>,
}

impl Judge<'_> {
    /// Rules, as for a challenge of a page by itself: (1) a review is under way, (2) of the version that is there now, which
    /// the person has on screen, (3) they are asked and not excluded, (4) where it has to be confirmed they have a way to,
    /// and (5) pages may be signed together.
    ///
    /// # Errors
    /// Why it can't be on a list.
    pub(super) async fn judge(&mut self, page: Found<'_>) -> Result<Candidate, EdgeError> {
        // (1)
        let workflow = page.running.workflow();
        let (fold, state, review) = under_review(Some(page.fold), &workflow).map_err(|refusal| refused(&refusal))?;
        // (2)
        let now = page.now.version;
        if page.picked.page_version != now || review.version != now {
            return Err(refused(&Refusal::PageMoved { now }));
        }
        // (3)
        let person = self.person_for(&page.picked.page, state).await?;
        let (approval, seats) = approval_for(state, review, &person, None).map_err(|refusal| refused(&refusal))?;
        // (5)
        let asked = Asked::of_policy(self.policy, &approval.step_up, self.subject, action(self.decision));
        if !asked.requirement.allows_many() {
            return Err(alone());
        }
        // (4)
        how::how(&asked, self.standing, self.cx.now)?;
        let meanings = meanings(approval, self.decision, &asked.requirement).into_iter().map(str::to_owned).collect();
        let item = self.item(&page, fold, review, approval, &seats);
        Ok(Candidate { item, asked, meanings })
    }

    fn item(&self, page: &Found<'_>, fold: &PageFold, review: &Review, approval: &Approval, seats: &Seats) -> BulkItem {
        BulkItem {
            listed: Listed {
                page: page.picked.page.clone(),
                version: review.version,
                // The body and the attachments are held against it when the page's turn comes.
                content_hash: review.content_hash.clone(),
                workflow: fold.workflow.clone(),
                workflow_version: page.running.version,
                state: fold.state.id.clone(),
                state_seq: fold.state_seq,
                approval: approval.id.clone(),
            },
            title: page.now.title.clone(),
            approval: approval.name.clone(),
            approved_before: fold.approved.as_ref().map(|approved| approved.version),
            for_others: names_of(&seats.others, review, self.names),
            changes_decision: has_decided(review, approval, &self.caller.person),
            comment_required: self.decision == Decision::Reject && approval.comment_on_reject,
        }
    }

    /// The person, as far as this state asks; within what a request may ask of Confluence.
    async fn person_for(&mut self, page: &PageId, state: &State) -> Result<Person, EdgeError> {
        let wanted = Wanted::to_decide(state);
        let mut questions = self.questions.clone();
        questions.extend(wanted.questions(&self.caller.person, self.away));
        let editors = self.editors + usize::from(wanted.editors());
        if questions.len() > MOST_QUESTIONS || editors > MOST_OF_EDITORS {
            return Err(EdgeError::refuse(
                ProblemKind::SignAlone,
                "Whether this page waits for you takes more questions than one list can ask. Open it and sign it there, or pick it again with fewer others.",
            ));
        }
        (self.questions, self.editors) = (questions, editors);
        let may_edit = if wanted.editors() {
            let read = page::get(self.person, page, page::Wanted::default()).await?;
            if !read.may_read {
                return Err(ConfluenceError::NotFound(Actor::Person).into());
            }
            read.may_edit
        } else {
            false
        };
        let asking = Asking {
            cx: self.cx,
            caller: self.caller,
            app: self.app,
            person: Some(self.person),
            space: self.space,
            may_edit: Some(may_edit),
            away: self.away,
            freshness: Freshness::Cached,
        };
        asking.person(page, &wanted).await
    }
}
