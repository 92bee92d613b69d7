//! One row a page, for lists of pages.

use super::d1::{Query, Rows, flag, json};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, GroupId, PageId, PageVersion, Seq, SiteId, SpaceId, WorkflowId};
use engine::page::event::Via;
use engine::page::fold::{ApprovalNow, PageFold, Review};
use engine::page::tally::Outcome;
use engine::time::Timestamp;
use engine::wire::status::{Role, StateLabel};
use engine::workflow::definition::{Approval, Definition, Exclusion};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A page under a workflow, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DashboardRow {
    /// The page.
    pub page: PageId,
    /// Its space.
    pub space: SpaceId,
    /// Its state.
    #[serde(deserialize_with = "json")]
    pub state: StateLabel,
    /// The highest version seen.
    pub latest_version: Option<PageVersion>,
    /// The last approved version.
    pub approved_version: Option<PageVersion>,
    /// Whether it is known to have changed since.
    #[serde(deserialize_with = "flag")]
    pub changed: bool,
    /// Who is asked.
    #[serde(deserialize_with = "json")]
    pub waiting: Vec<Waiting>,
    /// When it entered its state.
    pub entered_at: Timestamp,
    /// The head of the page's stream it reflects.
    pub seq: Seq,
    /// The workflow it runs on.
    pub workflow: WorkflowId,
    /// The version of the definition.
    pub workflow_version: u32,
    /// When its state expires.
    pub expires_at: Option<Timestamp>,
    /// The earliest due date of what it waits for.
    pub next_due: Option<Timestamp>,
    /// Whether it was taken out of its workflow.
    #[serde(deserialize_with = "flag")]
    pub ended: bool,
}

/// One approval that is asked for now and not complete.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// People asked, whatever groups they are in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<AccountId>,
    /// People asked as members of a group when the review began. They are asked as long as they are members, so it is
    /// `groups` that decides; this is for whoever has to tell them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<AccountId>,
    /// Groups asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<GroupId>,
    /// Roles asked that nobody can list.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<Role>,
    /// People who are not asked any more: they have decided, passed their seat on, or are kept from it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub except: BTreeSet<AccountId>,
}

/// Who is looking at a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looking {
    /// Who.
    pub account: AccountId,
    /// Which of the groups asked somewhere they are in.
    pub groups: BTreeSet<GroupId>,
    /// Which of the roles asked somewhere they have on every page of the list: [`Role::SpaceAdmin`] at most, since who may
    /// edit is another matter on each page.
    pub roles: BTreeSet<Role>,
}

impl DashboardRow {
    /// The row of a page at this fold, on the version of the definition the page runs on.
    #[must_use]
    pub fn of(page: &PageId, fold: &PageFold, definition: &Definition) -> Self {
        Self {
            page: page.clone(),
            space: fold.space.clone(),
            state: fold.state.clone(),
            latest_version: Some(fold.latest.version),
            approved_version: fold.approved.as_ref().map(|approved| approved.version),
            changed: fold.changed_since_approval(),
            waiting: pending(fold)
                .filter(|(review, now)| accounts_missing(review, now))
                .map(|(review, now)| waiting(review, now, asking(fold, definition, now)))
                .collect(),
            entered_at: fold.entered_at,
            seq: fold.seq,
            workflow: fold.workflow.clone(),
            workflow_version: fold.workflow_version,
            expires_at: fold.expires_at,
            next_due: pending(fold).filter_map(|(_, now)| now.due_at).min(),
            ended: fold.ended,
        }
    }

    /// Whether a decision of this person is waited for.
    #[must_use]
    pub fn waits_for(&self, person: &Looking) -> bool {
        self.waiting.iter().any(|waiting| {
            let asked = waiting.users.contains(&person.account)
                || !waiting.groups.is_disjoint(&person.groups)
                || !waiting.roles.is_disjoint(&person.roles);
            asked && !waiting.except.contains(&person.account)
        })
    }
}

fn pending(fold: &PageFold) -> impl Iterator<Item = (&Review, &ApprovalNow)> {
    let review = fold.review.iter().filter(|_| !fold.ended);
    let approvals = review.flat_map(|review| review.approvals.iter().map(move |now| (review, now)));
    approvals.filter(|(review, now)| review.outcome(now) == Outcome::Pending)
}

/// Whether people with an account are missing, and not just the answer of somebody invited.
fn accounts_missing(review: &Review, now: &ApprovalNow) -> bool {
    review.outcome_of_accounts(now) == Outcome::Pending
}

fn asking<'a>(fold: &PageFold, definition: &'a Definition, now: &ApprovalNow) -> Option<&'a Approval> {
    definition.state(&fold.state.id)?.approval(&now.asked.id)
}

fn waiting(review: &Review, now: &ApprovalNow, approval: Option<&Approval>) -> Waiting {
    let asked = &now.asked;
    let mut waiting = Waiting { roles: asked.roles.clone(), except: now.released.clone(), ..Waiting::default() };
    // Where everybody asked is counted, who joined a group later is not asked.
    let by_group = !asked.mode.needs_roster();
    for one in &asked.people {
        let account = one.person.account.clone();
        match &one.via {
            Via::Group { .. } if by_group => waiting.members.insert(account),
            Via::Group { .. } | Via::Named | Via::Role { .. } | Via::Assigned | Via::Reassigned => {
                waiting.users.insert(account)
            }
        };
    }
    if by_group {
        waiting.groups = asked.groups.iter().map(|group| group.id.clone()).collect();
    }
    let decided = review.decisions.iter().filter(|verdict| verdict.approval == asked.id);
    for verdict in decided {
        waiting.except.extend((verdict.for_self && verdict.invited.is_none()).then(|| verdict.by.account.clone()));
        waiting.except.extend(verdict.for_others.iter().cloned());
    }
    for exclusion in approval.iter().flat_map(|approval| &approval.exclude) {
        match exclusion {
            Exclusion::Author => waiting.except.extend([review.creator.clone()]),
            Exclusion::LastEditor => waiting.except.extend([review.author.clone()]),
            Exclusion::Submitter => waiting.except.extend(review.submitted_by.iter().map(|by| by.account.clone())),
            Exclusion::EditorsSinceApproval => {
                waiting.except.extend(review.contributors.iter().chain([&review.author]).cloned());
            }
        }
    }
    waiting
}

/// Stores the row. It belongs into the batch that appends what it reflects.
#[must_use]
pub fn put(site: &SiteId, row: &DashboardRow) -> Statement {
    let json = |value: serde_json::Result<String>| value.unwrap_or_else(|_| "null".to_owned());
    Statement::of(site, sql!("dashboard/put"))
        .text(&row.page)
        .text(&row.space)
        .text(json(serde_json::to_string(&row.state)))
        .opt_int(row.latest_version)
        .opt_int(row.approved_version)
        .int(row.changed)
        .text(json(serde_json::to_string(&row.waiting)))
        .int(row.entered_at)
        .int(row.seq)
        .text(&row.workflow)
        .int(row.workflow_version)
        .opt_int(row.expires_at)
        .opt_int(row.next_due)
        .int(row.ended)
}

/// The pages of a space, latest change of state first.
#[must_use]
pub fn of_space(site: &SiteId, space: &SpaceId, limit: u32) -> Query<Vec<DashboardRow>> {
    Query::all(Statement::of(site, sql!("dashboard/of_space")).text(space).int(limit))
}

/// The pages whose turn it is to be looked at, in the order of their ids; [`look_from`] moves on.
#[must_use]
pub fn next_to_look_at(site: &SiteId, limit: u32) -> Query<Vec<PageId>> {
    #[derive(Deserialize)]
    struct Row {
        page: PageId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<PageId>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.page).collect())
    }
    Query::of(vec![Statement::of(site, sql!("dashboard/next_to_look_at")).int(limit)], decode)
}

/// The next look begins behind `page`; with [`None`], at the first.
#[must_use]
pub fn look_from(site: &SiteId, page: Option<&PageId>) -> Statement {
    Statement::of(site, sql!("installation/look_from")).text(page.map_or("", PageId::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sample::Sample;
    use engine::workflow::definition::{Mode, Reviewers};

    fn waits(sample: &Sample, person: &str, groups: &[&str]) -> bool {
        let groups = groups.iter().map(|group| GroupId::new(*group)).collect();
        let person = Looking { account: AccountId::new(person), groups, roles: BTreeSet::new() };
        row(sample).waits_for(&person)
    }

    fn row(sample: &Sample) -> DashboardRow {
        DashboardRow::of(&sample.page, sample.fold(), &sample.definition)
    }

    fn asking_two(mut sample: Sample) -> Sample {
        for approval in sample.definition.states.iter_mut().flat_map(|state| &mut state.approvals) {
            approval.mode = Mode::Minimum(2);
        }
        sample
    }

    #[test]
    fn a_page_waits_for_who_is_asked_and_may_decide_and_has_not() {
        let reviewers = ["countersign-approvers"];
        let mut sample = asking_two(Sample::new()).started();
        assert!(!waits(&sample, "jonas", &reviewers), "nobody is asked for a draft");
        sample = sample.submitted(7);
        assert!(waits(&sample, "jonas", &reviewers));
        assert!(waits(&sample, "joined later", &reviewers));
        assert!(!waits(&sample, "jonas", &["others"]), "they left the group");
        assert!(!waits(&sample, "author", &reviewers), "authors don't approve their own work");
        sample = sample.approved(7);
        assert!(!waits(&sample, "jonas", &reviewers), "decided already");
        assert!(waits(&sample, "priya", &reviewers));
        assert!(!waits(&sample.edited(8), "priya", &reviewers), "the review is over");
    }

    #[test]
    fn where_all_are_asked_it_is_those_who_were_there_when_the_review_began() {
        let mut sample = Sample::new();
        for approval in sample.definition.states.iter_mut().flat_map(|state| &mut state.approvals) {
            approval.mode = Mode::All;
        }
        let sample = sample.submitted(7);
        assert!(waits(&sample, "jonas", &[]));
        assert!(!waits(&sample, "joined later", &["countersign-approvers"]));
    }

    #[test]
    fn whoever_administers_the_space_is_waited_for_where_that_role_is_asked() {
        let mut sample = Sample::new();
        for approval in sample.definition.states.iter_mut().flat_map(|state| &mut state.approvals) {
            approval.reviewers = Reviewers { roles: [Role::SpaceAdmin].into(), ..Reviewers::default() };
            approval.mode = Mode::Any;
        }
        let row = row(&sample.submitted(7));
        let looking = |account: &str, roles: &[Role]| Looking {
            account: AccountId::new(account),
            groups: BTreeSet::new(),
            roles: roles.iter().copied().collect(),
        };
        assert!(row.waits_for(&looking("admin", &[Role::SpaceAdmin])));
        assert!(!row.waits_for(&looking("admin", &[])));
        assert!(!row.waits_for(&looking("author", &[Role::SpaceAdmin])), "their own work");
    }

    #[test]
    fn a_row_says_what_the_fold_says() {
        let sample = Sample::new().submitted(7).approved(7).edited(8);
        let row = row(&sample);
        assert_eq!((row.latest_version, row.approved_version), (Some(PageVersion(8)), Some(PageVersion(7))));
        assert!(row.changed && row.waiting.is_empty() && row.seq == sample.fold().seq);
        assert_eq!((row.workflow.as_str(), row.workflow_version), ("page-approval", 1));
        assert_eq!((row.expires_at, row.next_due), (None, None));
    }
}
