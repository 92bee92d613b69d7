//! Deciding on many pages of a space at once: one list, one code, and then each page by itself.
//!
//! * [`challenge`]: the list, with what is signed of each page.
//! * [`judge`]: whether a page can be on it.
//! * [`together`]: what the pages on it have in common.
//! * [`decide`]: one page of it. From the page's own challenge on it is a decision like any other.

mod challenge;
mod decide;
mod judge;
mod together;

pub(super) use challenge::handle as challenge;
pub(super) use decide::handle as decide;
