//! Claims a job, does portions of it, says how it went.

use super::{GIVEN_UP, Step, Stop, add, migrate, start};
use crate::cx::Cx;
use crate::http::EdgeError;
use crate::outbox::errand::Errand;
use crate::outbox::obstacle::Obstacle;
use crate::store::commit::Commit;
use crate::store::d1::Db;
use crate::store::fault::{CommitFault, DbFault, Precondition};
use crate::store::job::{self, Claimed, Lease, Progress};
use crate::{clock, random};
use core::cell::{Cell, RefCell};
use core::time::Duration;
use engine::audit::entry::{Actor, ENCODING, Entry, Sealed};
use engine::audit::fact::WorkflowFact;
use engine::ids::{SiteId, StreamId};
use engine::wire::jobs::{JobCounts, JobSpec, JobState};

/// How long a claimed job is ours. No portion is begun after half of it.
const LEASE: Duration = Duration::from_secs(120);
/// How long a job without an app token waits; a call of the platform wakes it.
const TOKEN_PAUSE: Duration = Duration::from_secs(60);
/// How long one waits that stumbled.
const PAUSE: Duration = Duration::from_secs(60);
/// After so many portions in a row that came to nothing a job is given up.
const MOST_STUMBLES: u32 = 60;
/// Sites one run of the clock looks after.
const SITES_AT_ONCE: u32 = 5;

/// One invocation's work at one job.
pub struct Work<'a> {
    /// What is at hand.
    pub errand: &'a Errand<'a>,
    /// The job.
    pub job: &'a Claimed,
    /// By whom it is held.
    pub lease: Lease<'a>,
    /// On whose behalf.
    pub actor: Actor,
    counts: RefCell<JobCounts>,
}

/// Goes on with the site's jobs, as far as one invocation goes. To be run after the answer. Never fails: what is left, the
/// clock's run finds.
pub async fn kick(cx: Cx, site: SiteId) {
    let outcome = async {
        let db = Db::new(cx.db()?);
        work(&Errand::new(&cx, &db, &site, &Cell::new(0))).await
    };
    if let Err(fault) = outcome.await {
        fault.log("job");
    }
}

/// Goes on with jobs of all sites, as far as the invocation goes: `db` and `calls` count what it has used.
///
/// # Errors
/// If the journal can't be read.
pub async fn drain(cx: &Cx, db: &Db, calls: &Cell<usize>) -> Result<(), EdgeError> {
    for site in db.ask(job::due_sites(clock::now(), SITES_AT_ONCE)).await? {
        let errand = Errand::new(cx, db, &site, calls);
        if !errand.may_go_on() {
            break;
        }
        work(&errand).await?;
    }
    Ok(())
}

async fn work(errand: &Errand<'_>) -> Result<(), EdgeError> {
    let (id, now) = (random::id()?, clock::now());
    let Some(job) = errand.db.ask(job::claim(errand.site, now, now + LEASE, &id)).await? else { return Ok(()) };
    let lease = Lease { site: errand.site, id: &job.id, lease: &id };
    let actor = Actor::person(&job.created_by);
    let work = Work { errand, job: &job, lease, actor, counts: RefCell::new(job.counts) };
    let half = now + LEASE / 2;
    let mut cursor = job.cursor.clone();
    let stop = loop {
        let step = match &job.spec {
            JobSpec::StartPages { extent, workflow, version } => {
                start::portion(&work, cursor, extent, workflow, *version).await
            }
            JobSpec::MigratePages { from, from_version, to } => {
                migrate::portion(&work, cursor, from, *from_version, to).await
            }
        };
        match step {
            Ok(Step::Over) => return Ok(()),
            Ok(Step::More(next)) => cursor = next,
            Err(stop) => break Some(stop),
        }
        if !errand.may_go_on() || clock::now() >= half {
            break None;
        }
    };
    let statement = match stop {
        // At once, so that a kick may go on; the clock comes each minute.
        None | Some(Stop::Again) => work.lease.release(clock::now(), None, false),
        Some(Stop::Lost) => return Ok(()),
        Some(Stop::Hopeless(word)) => return Ok(work.fail(word).await?),
        Some(Stop::Obstacle(Obstacle::NoToken)) => {
            work.lease.release(clock::now() + TOKEN_PAUSE, Some(Obstacle::NoToken.word()), false)
        }
        Some(Stop::Obstacle(obstacle)) => {
            worker::console_warn!("job: {}", obstacle.word());
            if job.stumbles >= MOST_STUMBLES {
                return Ok(work.fail(GIVEN_UP).await?);
            }
            work.lease.release(clock::now() + PAUSE.max(obstacle.not_before()), Some(obstacle.word()), true)
        }
    };
    Ok(errand.db.batch(&[statement]).await.map(|_| ())?)
}

impl Work<'_> {
    /// Writes `commit` together with how far the job is. `false`: somebody acted on a page meanwhile, and nothing was
    /// written.
    pub(super) async fn write(&self, commit: Commit, progress: &Progress, is_over: bool) -> Result<bool, Stop> {
        let mut counts = *self.counts.borrow();
        add(&mut counts, &progress.counts);
        let mut commit = commit.raws(self.lease.progress(progress));
        if is_over {
            commit = self.ended(commit, JobState::Done, counts, None)?;
        }
        match commit.run(self.errand.db).await {
            Ok(()) => {
                self.counts.replace(counts);
                Ok(true)
            }
            Err(fault) => super::refused(fault).map(|()| false),
        }
    }

    /// An empty batch that fails unless the job is still ours.
    pub(super) fn commit(&self) -> Commit {
        Commit::new(self.errand.site, clock::now()).raw(self.lease.require())
    }

    /// What was done so far is counted anew: the list begins again.
    pub(super) fn begun_again(&self) {
        let done = self.counts.borrow().done;
        self.counts.replace(JobCounts { done, ..JobCounts::default() });
    }

    async fn fail(&self, word: &str) -> Result<(), DbFault> {
        let counts = *self.counts.borrow();
        let commit =
            self.ended(self.commit(), JobState::Failed, counts, Some(word)).map_err(|_| DbFault::Unreadable)?;
        match commit.run(self.errand.db).await {
            Ok(()) | Err(CommitFault::Failed(Precondition::Lease)) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }

    fn ended(
        &self,
        commit: Commit,
        state: JobState,
        counts: JobCounts,
        word: Option<&str>,
    ) -> Result<Commit, Obstacle> {
        let now = clock::now();
        let fact = WorkflowFact::JobEnded { job: self.job.id.clone(), state, counts };
        let sealed = sealed(self.errand.site, &self.job.spec, Actor::System, fact).ok_or(Obstacle::Database)?;
        Ok(commit.raw(self.lease.end(state, now, word)).append_fact(&sealed))
    }
}

/// A fact about a job, ready to be appended.
#[must_use]
pub fn sealed(site: &SiteId, spec: &JobSpec, actor: Actor, event: WorkflowFact) -> Option<Sealed> {
    let stream = StreamId::workflow_facts(spec.workflow());
    Entry { v: ENCODING, site: site.clone(), stream, at: clock::now(), actor, event }.seal().ok()
}
