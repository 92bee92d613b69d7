//! The life of one page under a workflow.
//!
//! [`decide::decide`] takes what is known (the [`fold`]), what somebody wants (a [`command`]) and the definition, and
//! answers with [`event`]s or a refusal. [`fold::apply`] takes an event into the fold. Both are pure: folding the journal
//! again gives the same bytes.

pub mod command;
pub mod decide;
pub mod event;
pub mod fold;
pub mod view;

/// The most lines of history kept in the fold and shown to a viewer; the journal has them all.
pub const HISTORY_SHOWN: usize = 20;
