//! Work on many pages: how far it is.

use super::d1::{Query, Rows, flag, json};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use engine::ids::{AccountId, PageId, SiteId};
use engine::time::Timestamp;
use engine::wire::jobs::{JobCounts, JobSpec, JobState, PageNote};
use serde::{Deserialize, Serialize};

/// Notes on pages kept for a job.
pub const MOST_NOTES: u32 = 200;

/// A job as stored.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Stored {
    /// Its id.
    pub id: String,
    /// What is to be done.
    #[serde(deserialize_with = "json")]
    pub spec: JobSpec,
    /// Whether it goes on.
    pub state: JobState,
    /// How many pages there are to look at, where that is known.
    pub total: Option<u64>,
    /// What was done so far.
    #[serde(flatten)]
    pub counts: JobCounts,
    /// Who began it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What stood in its way the last time, a classified word.
    pub last_error: Option<String>,
}

/// A job as somebody claimed it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Claimed {
    /// Its id.
    pub id: String,
    /// What is to be done.
    #[serde(deserialize_with = "json")]
    pub spec: JobSpec,
    /// Where to go on; [`None`]: at the beginning.
    pub cursor: Option<String>,
    /// What was done so far.
    #[serde(flatten)]
    pub counts: JobCounts,
    /// Portions in a row that came to nothing.
    pub stumbles: u32,
    /// Who began it.
    pub created_by: AccountId,
}

/// A new job, due at once.
#[must_use]
pub fn put(site: &SiteId, id: &str, spec: &JobSpec, total: Option<u64>, by: &AccountId, now: Timestamp) -> Statement {
    let spec = serde_json::to_string(spec).unwrap_or_else(|_| "null".to_owned());
    Statement::of(site, sql!("job/put")).text(id).text(spec).opt_int(total).text(by).int(now)
}

/// One job.
#[must_use]
pub fn get(site: &SiteId, id: &str) -> Query<Option<Stored>> {
    Query::first(Statement::of(site, sql!("job/get")).text(id))
}

/// The latest jobs, those under way first.
#[must_use]
pub fn latest(site: &SiteId, limit: u32) -> Query<Vec<Stored>> {
    Query::all(Statement::of(site, sql!("job/latest")).int(limit))
}

/// Notes on a job's pages, failures first.
#[must_use]
pub fn notes(site: &SiteId, id: &str) -> Query<Vec<PageNote>> {
    #[derive(Deserialize)]
    struct Row {
        page: PageId,
        #[serde(deserialize_with = "flag")]
        failed: bool,
        reason: String,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<PageNote>, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|Row { page, failed, reason }| PageNote { page, failed, reason }).collect())
    }
    Query::of(vec![Statement::of(site, sql!("job/notes")).text(id).int(MOST_NOTES)], decode)
}

/// Stops a job that is still open.
#[must_use]
pub fn cancel(site: &SiteId, id: &str, now: Timestamp) -> [Statement; 2] {
    [Statement::of(site, sql!("job/require_open")).text(id), Statement::of(site, sql!("job/cancel")).text(id).int(now)]
}

/// Wakes what waited for a token, noted by the word `error`.
#[must_use]
pub fn wake(site: &SiteId, now: Timestamp, error: &str) -> Statement {
    Statement::of(site, sql!("job/wake")).int(now).text(error)
}

/// Sites that have a job to go on with, the longest waiting first.
#[must_use]
pub fn due_sites(now: Timestamp, limit: u32) -> Query<Vec<SiteId>> {
    #[derive(Deserialize)]
    struct Site {
        site: SiteId,
    }
    fn decode(rows: &[Rows]) -> Result<Vec<SiteId>, DbFault> {
        let rows: Vec<Site> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        Ok(rows.into_iter().map(|row| row.site).collect())
    }
    Query::of(vec![Statement::of_all_sites(sql!("job/due_sites")).int(now).int(limit)], decode)
}

/// Claims the site's job that has waited longest, until `until`.
#[must_use]
pub fn claim(site: &SiteId, now: Timestamp, until: Timestamp, lease: &str) -> Query<Option<Claimed>> {
    Query::first(Statement::of(site, sql!("job/claim")).int(now).int(until).text(lease))
}

/// A claimed job, and by whom: only they may say how it goes.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    /// The site.
    pub site: &'a SiteId,
    /// The job.
    pub id: &'a str,
    /// The lease.
    pub lease: &'a str,
}

/// What one step of a job came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Where to go on.
    pub cursor: Option<String>,
    /// What was done.
    pub counts: JobCounts,
    /// Pages to note.
    pub notes: Vec<Noted>,
}

/// A page to note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// The page.
    pub page: PageId,
    /// Whether it could not be done.
    pub failed: bool,
    /// Why.
    pub reason: String,
}

impl Lease<'_> {
    fn of(&self, sql: &'static str) -> Statement {
        Statement::of(self.site, sql).text(self.id)
    }

    /// The lease is still ours, and the job still open.
    #[must_use]
    pub fn require(&self) -> Statement {
        self.of(sql!("job/require_lease")).text(self.lease)
    }

    /// Moves the cursor and counts. It belongs into the batch that holds the pages' entries, behind [`Lease::require`].
    #[must_use]
    pub fn progress(&self, progress: &Progress) -> Vec<Statement> {
        let counts = &progress.counts;
        let mut statements = vec![
            self.of(sql!("job/progress"))
                .text(self.lease)
                .opt_text(progress.cursor.as_deref())
                .int(counts.seen)
                .int(counts.done)
                .int(counts.skipped)
                .int(counts.failed),
        ];
        if !progress.notes.is_empty() {
            let notes = serde_json::to_string(&progress.notes).unwrap_or_else(|_| "[]".to_owned());
            statements.push(self.of(sql!("job/note")).text(notes).int(MOST_NOTES));
        }
        statements
    }

    /// To be gone on with from `at`; `error` says what stood in the way, if anything did.
    #[must_use]
    pub fn release(&self, at: Timestamp, error: Option<&str>, stumbled: bool) -> Statement {
        self.of(sql!("job/release")).text(self.lease).int(at).opt_text(error).int(stumbled)
    }

    /// To be begun again.
    #[must_use]
    pub fn begin_again(&self) -> Statement {
        self.of(sql!("job/begin_again")).text(self.lease)
    }

    /// It is over.
    #[must_use]
    pub fn end(&self, state: JobState, at: Timestamp, error: Option<&str>) -> Statement {
        let word = match state {
            JobState::Open => "open",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        };
        self.of(sql!("job/end")).text(self.lease).text(word).int(at).opt_text(error)
    }
}
