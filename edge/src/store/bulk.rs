//! Many pages in one batch. What belongs to a page is written whole or not at all, as with any other commit; but however
//! many pages there are, there are no more statements.

use super::commit::Commit;
use super::d1::{Query, Rows};
use super::dashboard::DashboardRow;
use super::fault::DbFault;
use super::page::NotRecorded;
use super::sql;
use super::statement::Statement;
use engine::audit::entry::{Actor, ENCODING, Entry};
use engine::ids::{PageId, SiteId, StreamId, WorkflowId};
use engine::page::apply::apply;
use engine::page::event::PageEvent;
use engine::page::fold::{FOLD_FORMAT, PageFold};
use engine::time::Timestamp;
use engine::wire::status::StateLabel;
use engine::workflow::definition::Definition;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// D1 takes texts of two million bytes; a fold is the longest of what belongs to a page, and grows when it is quoted.
const BYTES_MAX: usize = 1_000_000;

/// A page that has a stream already.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Begun {
    /// The page.
    pub page: PageId,
    /// The workflow it runs or ran on.
    pub workflow: Option<WorkflowId>,
    /// Whether it was taken out of it.
    #[serde(deserialize_with = "super::d1::flag")]
    pub ended: bool,
}

/// Those of the pages that have a stream already.
#[must_use]
pub fn begun(site: &SiteId, pages: &[PageId]) -> Query<BTreeMap<PageId, Begun>> {
    fn decode(rows: &[Rows]) -> Result<BTreeMap<PageId, Begun>, DbFault> {
        let rows: Vec<Begun> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| (row.page.clone(), row)).collect())
    }
    let list = Value::from(pages.iter().map(PageId::as_str).collect::<Vec<_>>());
    Query::of(vec![Statement::of(site, sql!("bulk/begun")).text(list)], decode)
}

/// Pages of a workflow, of one version of it or of all but `not`, behind the page `after`, in the order of their ids.
#[must_use]
pub fn pages_of(
    site: &SiteId,
    workflow: &WorkflowId,
    version: Option<u32>,
    not: Option<u32>,
    after: &str,
    limit: u32,
) -> Query<Vec<PageId>> {
    #[derive(Deserialize)]
    struct Row {
        page: PageId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<PageId>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.page).collect())
    }
    let statement =
        Statement::of(site, sql!("bulk/pages_of")).text(workflow).opt_int(version).opt_int(not).text(after).int(limit);
    Query::of(vec![statement], decode)
}

/// How many pages of a workflow are in a state of a version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Count {
    /// The version.
    pub version: u32,
    /// The state.
    #[serde(deserialize_with = "super::d1::json")]
    pub state: StateLabel,
    /// How many pages.
    pub pages: u64,
    /// For how many of them a decision was given in a review under way.
    pub decided: u64,
}

/// Pages of a workflow, by version and state.
#[must_use]
pub fn counts(site: &SiteId, workflow: &WorkflowId) -> Query<Vec<Count>> {
    Query::all(Statement::of(site, sql!("bulk/counts")).text(workflow))
}

/// A page with its state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InState {
    /// The page.
    pub page: PageId,
    /// Its state.
    #[serde(deserialize_with = "super::d1::json")]
    pub state: StateLabel,
}

/// The first of the pages [`pages_of`] would give, with their states.
#[must_use]
pub fn first(
    site: &SiteId,
    workflow: &WorkflowId,
    version: Option<u32>,
    not: Option<u32>,
    limit: u32,
) -> Query<Vec<InState>> {
    let statement = Statement::of(site, sql!("bulk/first"));
    Query::all(statement.text(workflow).opt_int(version).opt_int(not).int(limit))
}

/// How many pages run on a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Total {
    /// The workflow.
    pub workflow: WorkflowId,
    /// How many pages.
    pub pages: u64,
    /// How many of them on an earlier version than the newest.
    pub behind: u64,
}

/// How many pages run on each workflow.
#[must_use]
pub fn totals(site: &SiteId) -> Query<Vec<Total>> {
    Query::all(Statement::of(site, sql!("bulk/totals")))
}

/// A page's fold as its snapshot has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The page.
    pub page: PageId,
    /// The fold; [`None`] if there is no snapshot this version of the Worker reads, or entries newer than it.
    pub fold: Option<PageFold>,
}

/// The folds of pages, in the order asked for: one statement.
#[must_use]
pub fn folds(site: &SiteId, pages: &[PageId]) -> Query<Vec<Folded>> {
    #[derive(Deserialize)]
    struct Row {
        page: PageId,
        fold: Option<String>,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<Folded>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        let read =
            |row: Row| Folded { page: row.page, fold: row.fold.and_then(|fold| serde_json::from_str(&fold).ok()) };
        Ok(rows.into_iter().map(read).collect())
    }
    let list = Value::from(pages.iter().map(PageId::as_str).collect::<Vec<_>>());
    Query::of(vec![Statement::of(site, sql!("bulk/folds")).text(list).int(FOLD_FORMAT)], decode)
}

/// What happened to one of many pages, and on what it was decided.
pub struct One<'a> {
    /// The page.
    pub page: &'a PageId,
    /// The fold it was decided on; [`None`] for a page that never was under a workflow.
    pub before: Option<&'a PageFold>,
    /// The definition the page runs on afterwards.
    pub definition: &'a Definition,
    /// What happened, in order.
    pub events: &'a [PageEvent],
}

/// What happened to many pages at one moment.
pub struct Many<'a> {
    site: &'a SiteId,
    actor: &'a Actor,
    at: Timestamp,
    entries: Vec<Value>,
    snapshots: Vec<Value>,
    rows: Vec<Value>,
    pages: Vec<Value>,
    timers: Vec<Value>,
    /// Of the longest texts.
    bytes: usize,
}

impl<'a> Many<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(site: &'a SiteId, actor: &'a Actor, at: Timestamp) -> Self {
        let none = Vec::new;
        Self {
            site,
            actor,
            at,
            entries: none(),
            snapshots: none(),
            rows: none(),
            pages: none(),
            timers: none(),
            bytes: 0,
        }
    }

    /// How many pages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the batch should be written before more is added.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.bytes >= BYTES_MAX
    }

    /// Adds a page.
    ///
    /// # Errors
    /// [`NotRecorded`]: a fault of ours.
    pub fn add(&mut self, one: &One<'_>) -> Result<(), NotRecorded> {
        let stream = StreamId::page(one.page);
        let mut fold = one.before.cloned();
        let mut seq = one.before.map(|fold| fold.seq).unwrap_or_default();
        for event in one.events {
            seq = seq.next();
            fold = Some(apply(fold, seq, self.at, event)?);
            let (site, actor) = (self.site.clone(), self.actor.clone());
            let sealed = Entry { v: ENCODING, site, stream: stream.clone(), at: self.at, actor, event }.seal()?;
            self.entries.push(json!({
                "stream": stream, "seq": seq, "kind": sealed.kind, "entry": sealed.bytes, "leaf": sealed.leaf,
            }));
        }
        let Some(fold) = fold else { return Ok(()) };
        let text = |value: serde_json::Result<String>| value.map_err(|_| NotRecorded::Fold);
        let folded = text(serde_json::to_string(&fold))?;
        self.bytes = self.bytes.saturating_add(folded.len());
        self.snapshots.push(json!({ "stream": stream, "seq": seq, "fold": folded }));
        let row = DashboardRow::of(one.page, &fold, one.definition);
        self.rows.push(json!({
            "page": row.page, "space": row.space, "state": text(serde_json::to_string(&row.state))?,
            "latest_version": row.latest_version, "approved_version": row.approved_version,
            "changed": u64::from(row.changed), "waiting": text(serde_json::to_string(&row.waiting))?,
            "entered_at": row.entered_at, "seq": row.seq, "workflow": row.workflow,
            "workflow_version": row.workflow_version, "expires_at": row.expires_at, "next_due": row.next_due,
            "ended": u64::from(row.ended),
        }));
        self.pages.push(json!(one.page));
        if let Some(at) = fold.expires_at {
            self.timers.push(json!({ "page": one.page, "seq": fold.state_seq, "at": at }));
        }
        Ok(())
    }

    /// Adds everything to `commit`: as many statements whether it is one page or hundreds. The trigger on the journal
    /// refuses the whole batch if anything happened to one of the pages meanwhile.
    ///
    /// Only for states that ask for no approval, so that nobody has to be told, and no timer but the expiry follows. No
    /// effect is put into the outbox: thousands of them would keep waiting what people wait for. The copy viewers read is
    /// brought up to date by the first viewer's confirm, which finds it missing or behind, and the byline by the hourly look.
    pub fn into_commit(self, mut commit: Commit) -> Commit {
        if self.rows.is_empty() {
            return commit;
        }
        let of = |sql: &'static str, list: Vec<Value>| Statement::of(self.site, sql).text(Value::from(list));
        commit = commit
            .raw(of(sql!("bulk/append"), self.entries).int(self.at))
            .raw(of(sql!("bulk/snapshots"), self.snapshots).int(FOLD_FORMAT))
            .raw(of(sql!("bulk/dashboard"), self.rows))
            .raw(of(sql!("bulk/clear_timers"), self.pages));
        if self.timers.is_empty() {
            return commit;
        }
        commit.raw(of(sql!("bulk/timers"), self.timers))
    }
}
