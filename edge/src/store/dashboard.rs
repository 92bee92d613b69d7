//! One row a page, for lists of pages.

use super::d1::{Query, Rows, flag, json};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, GroupId, PageId, PageVersion, Seq, SiteId, SpaceId};
use engine::page::fold::PageFold;
use engine::time::Timestamp;
use engine::wire::status::StateLabel;
use engine::workflow::definition::{Definition, Exclusion};
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
}

/// One approval that is still open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// People asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<AccountId>,
    /// Groups asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<GroupId>,
    /// People who are not asked any more: they have decided, or are kept from it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub except: BTreeSet<AccountId>,
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
            waiting: waiting(fold, definition),
            entered_at: fold.entered_at,
            seq: fold.seq,
        }
    }

    /// Whether a decision of this person is waited for.
    #[must_use]
    pub fn waits_for(&self, person: &AccountId, groups: &BTreeSet<GroupId>) -> bool {
        self.waiting.iter().any(|waiting| {
            let asked = waiting.users.contains(person) || !waiting.groups.is_disjoint(groups);
            asked && !waiting.except.contains(person)
        })
    }
}

fn waiting(fold: &PageFold, definition: &Definition) -> Vec<Waiting> {
    let (Some(review), Some(state)) = (&fold.review, definition.state(&fold.state.id)) else { return Vec::new() };
    state
        .approvals
        .iter()
        .map(|approval| {
            let decided = review.decisions.iter().filter(|verdict| verdict.approval == approval.id);
            let mut except: BTreeSet<AccountId> = decided.map(|verdict| verdict.by.account.clone()).collect();
            for exclusion in &approval.exclude {
                except.insert(match exclusion {
                    Exclusion::Author => review.author.clone(),
                    Exclusion::Submitter => review.submitted_by.account.clone(),
                });
            }
            Waiting { users: approval.reviewers.users.clone(), groups: approval.reviewers.groups.clone(), except }
        })
        .collect()
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

    fn waits(sample: &Sample, person: &str, groups: &[&str]) -> bool {
        let groups = groups.iter().map(|group| GroupId::new(*group)).collect();
        DashboardRow::of(&sample.page, sample.fold(), &sample.definition).waits_for(&AccountId::new(person), &groups)
    }

    #[test]
    fn a_page_waits_for_who_is_asked_and_may_decide_and_has_not() {
        let reviewers = ["countersign-approvers"];
        let mut sample = Sample::new().started();
        assert!(!waits(&sample, "jonas", &reviewers), "nobody is asked for a draft");
        sample = sample.submitted(7);
        assert!(waits(&sample, "jonas", &reviewers));
        assert!(!waits(&sample, "jonas", &["others"]));
        assert!(!waits(&sample, "author", &reviewers), "authors don't approve their own work");
        for approval in sample.definition.states.iter_mut().flat_map(|state| &mut state.approvals) {
            approval.minimum = 2;
        }
        sample = sample.approved(7);
        assert!(!waits(&sample, "jonas", &reviewers), "decided already");
        assert!(waits(&sample, "priya", &reviewers));
        assert!(!waits(&sample.edited(8), "priya", &reviewers), "the review is over");
    }

    #[test]
    fn a_row_says_what_the_fold_says() {
        let sample = Sample::new().submitted(7).approved(7).edited(8);
        let row = DashboardRow::of(&sample.page, sample.fold(), &sample.definition);
        assert_eq!((row.latest_version, row.approved_version), (Some(PageVersion(8)), Some(PageVersion(7))));
        assert!(row.changed && row.waiting.is_empty() && row.seq == sample.fold().seq);
    }
}
