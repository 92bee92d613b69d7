//! Work on many pages, in portions: however many there are, an invocation does what it is allowed to and leaves the rest to
//! the next minute.
//!
//! A job can be killed at any instant. What is done to a page is in one batch with how far the job is, and doing it again
//! does nothing.
//!
//! * [`run`]: claims a job, does portions of it, says how it went.
//! * [`start`]: pages come under a workflow.
//! * [`migrate`]: pages are moved to another workflow or version, or taken out; `one`: a page that has to be read first.

pub mod migrate;
mod one;
pub mod run;
pub mod start;

use crate::outbox::obstacle::Obstacle;
use crate::page::PageFault;
use crate::store::fault::{CommitFault, DbFault, Precondition};
use crate::store::page::NotRecorded;
use engine::wire::jobs::JobCounts;

/// What a portion came to.
pub enum Step {
    /// There is more to do, from here.
    More(Option<String>),
    /// Every page was looked at, and that was written.
    Over,
}

/// Why a portion came to nothing.
pub enum Stop {
    /// To be tried again later.
    Obstacle(Obstacle),
    /// Somebody else is at it, or it was cancelled.
    Lost,
    /// What was read of a workflow is behind: to be begun anew from where it is.
    Again,
    /// It can't be gone on with, by this word.
    Hopeless(&'static str),
}

/// Words for what makes a job hopeless, and what admins are told.
pub const HOPELESS: [(&str, &str); 4] = [
    (WORKFLOW_OUT, "The workflow was disabled or deleted meanwhile. Enable it, then begin the job again."),
    (
        EXTENT_GONE,
        "Confluence did not find the space, the page or the label's space. It may have been deleted, or hidden from the app.",
    ),
    (
        BAD_VALUES,
        "The workflow has faults with this space's values of its parameters. Correct them, then begin the job again.",
    ),
    (GIVEN_UP, "It did not get on after many tries. Begin the job again: pages that are done are passed over."),
];
/// The workflow may not be started any more.
pub const WORKFLOW_OUT: &str = "workflow-out";
/// There is no such space, label's space or page.
pub const EXTENT_GONE: &str = "extent-gone";
/// The workflow does not work with the values of the space.
pub const BAD_VALUES: &str = "bad-values";
/// Too many tries.
pub const GIVEN_UP: &str = "given-up";

/// What stands in a job's way, for admins.
#[must_use]
pub fn sentence(word: &str) -> &'static str {
    let hopeless = HOPELESS.iter().find(|(known, _)| *known == word).map(|(_, sentence)| *sentence);
    hopeless.unwrap_or_else(|| Obstacle::sentence_for(Some(word)))
}

impl<O: Into<Obstacle>> From<O> for Stop {
    fn from(obstacle: O) -> Self {
        Self::Obstacle(obstacle.into())
    }
}

impl From<NotRecorded> for Stop {
    fn from(fault: NotRecorded) -> Self {
        PageFault::from(fault).into()
    }
}

/// What a refused batch means: the lease is gone, somebody acted on a page meanwhile, or the journal could not be reached.
fn refused(fault: CommitFault) -> Result<(), Stop> {
    match fault {
        CommitFault::Failed(Precondition::Lease) => Err(Stop::Lost),
        // It is done anew from where it is.
        CommitFault::Failed(Precondition::Head) => Ok(()),
        CommitFault::Failed(Precondition::Workflow) => Err(Stop::Again),
        fault => Err(Stop::from(DbFault::from(fault))),
    }
}

fn add(total: &mut JobCounts, more: &JobCounts) {
    total.seen = total.seen.saturating_add(more.seen);
    total.done = total.done.saturating_add(more.done);
    total.skipped = total.skipped.saturating_add(more.skipped);
    total.failed = total.failed.saturating_add(more.failed);
}

fn long(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
