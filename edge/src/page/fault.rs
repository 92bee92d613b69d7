//! What can go wrong with a page, whoever asked.

use crate::confluence::ConfluenceError;
use crate::http::EdgeError;
use crate::outbox::obstacle::Obstacle;
use crate::store::fault::{CommitFault, DbFault};
use crate::store::page::NotRecorded;
use crate::store::workflow::Unusable;

/// What can go wrong with a page, whoever asked.
#[derive(Debug)]
pub enum PageFault {
    /// The journal gave no usable answer. Nothing was written.
    Database(DbFault),
    /// The journal was told to write something, and did not say that it had.
    Commit(CommitFault),
    /// Confluence gave no usable answer.
    Confluence(ConfluenceError),
    /// The site has no workflow and no rules yet: open it first.
    NotOpened,
    /// Somebody else was faster, again and again.
    Contended,
    /// A fault of ours; for the log.
    Broken(String),
}

impl From<DbFault> for PageFault {
    fn from(fault: DbFault) -> Self {
        Self::Database(fault)
    }
}

impl From<ConfluenceError> for PageFault {
    fn from(error: ConfluenceError) -> Self {
        Self::Confluence(error)
    }
}

impl From<NotRecorded> for PageFault {
    fn from(fault: NotRecorded) -> Self {
        Self::Broken(fault.to_string())
    }
}

impl From<Unusable> for PageFault {
    fn from(fault: Unusable) -> Self {
        match fault {
            Unusable::Database(fault) => Self::Database(fault),
            faults @ Unusable::Faults(_) => Self::Broken(faults.to_string()),
        }
    }
}

impl From<PageFault> for EdgeError {
    fn from(fault: PageFault) -> Self {
        match fault {
            PageFault::Database(fault) => fault.into(),
            PageFault::Commit(fault) => fault.into(),
            PageFault::Confluence(error) => error.into(),
            PageFault::NotOpened => Self::internal("the site is not opened"),
            PageFault::Contended => CommitFault::Failed(crate::store::fault::Precondition::Head).into(),
            PageFault::Broken(log) => Self::internal(log),
        }
    }
}

impl From<PageFault> for Obstacle {
    fn from(fault: PageFault) -> Self {
        match fault {
            PageFault::Database(fault) => fault.into(),
            PageFault::Commit(fault) => fault.into(),
            PageFault::Confluence(error) => error.into(),
            PageFault::Contended => Self::Contended,
            PageFault::NotOpened | PageFault::Broken(_) => {
                EdgeError::from(fault).log("outbox");
                Self::Database
            }
        }
    }
}
