//! The life of one page under a workflow.
//!
//! [`decide::decide`] takes what is known (the [`fold`]), what somebody wants (a [`command`]) and the definition, and
//! answers with [`event`]s or a [`refusal`]. [`apply::apply`] takes an event into the fold. Both are pure: folding the
//! journal again gives the same bytes.
//!
//! [`asked`], [`proof`] and [`history`] hold what events and the fold are made of.
//!
//! [`roster`] says who is asked when a review begins, [`seat`] whether somebody may decide and for whom, [`tally`] whether
//! enough have.

pub mod apply;
pub mod asked;
pub mod command;
pub mod decide;
pub mod event;
pub mod expiry;
pub mod fold;
pub mod history;
pub mod proof;
pub mod refusal;
pub mod roster;
pub mod seat;
pub mod tally;
pub mod view;

/// The most lines of history kept in the fold and shown to a viewer; the journal has them all.
pub const HISTORY_SHOWN: usize = 20;

/// The most people listed as asked for one approval. Larger groups are asked as groups.
pub const ROSTER_MAX: usize = 200;
