//! The database: one batch, one round trip.
//!
//! * [`statement`], [`d1`], [`fault`]: SQL with its arguments, how it is sent, what can go wrong. Every text of SQL is a
//!   file of its own below `sql/`, so that the tests run the very statements the Worker runs.
//! * [`load`]: everything a request needs to know, read in one batch.
//! * [`commit`]: everything a decision writes, with its preconditions, in one batch: all or none.
//! * [`page`]: a page's fold out of its stream, and a page's events into a commit.
//! * [`app`]: Confluence as the app, with the token kept for the site.
//! * [`journal`], [`snapshot`], [`text`], [`factor`], [`recovery`], [`session`], [`guess`], [`consumed`], [`enrolment`], [`installation`],
//!   [`dashboard`], [`queue`], [`byline`], [`workflow`], [`absence`], [`timer`], [`zone`],
//!   [`personal`]: one module a table. Every query names the site. [`list_session`]: sessions good for one list of pages.
//! * [`assignment`], [`job`], [`bulk`]: rules, work on many pages, many pages in one batch.
//! * [`sealed`], [`reseal`]: what is sealed at rest, and its way under the newest key.
//! * [`pending`]: challenges that wait for a mailed code or a passkey. [`notice`]: what notices need to know.
//! * [`invited`]: people without an account who were invited. [`invitation`]: the way to an invitation: codes and visits. [`waiting`]: which pages wait for somebody. [`sweep`]: what has had its time.

pub mod absence;
pub mod app;
pub mod approver;
pub mod assignment;
pub mod bulk;
pub mod byline;
pub mod commit;
pub mod consumed;
pub mod d1;
pub mod dashboard;
pub mod enrolment;
pub mod factor;
pub mod fault;
pub mod guess;
pub mod insight;
pub mod installation;
pub mod invitation;
pub mod invited;
pub mod job;
pub mod journal;
pub mod list_session;
pub mod load;
pub mod notice;
pub mod page;
pub mod pending;
pub mod personal;
pub mod queue;
pub mod recovery;
pub mod reseal;
#[cfg(test)]
pub(crate) mod sample;
pub mod sealed;
pub mod session;
pub mod snapshot;
pub mod statement;
pub mod sweep;
pub mod text;
pub mod timer;
pub mod waiting;
pub mod workflow;
pub mod zone;

/// The text of `sql/<name>.sql`.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sql/", $name, ".sql"))
    };
}
pub(crate) use sql;
