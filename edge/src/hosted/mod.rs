//! Pages the Worker serves itself, for what the frame inside Confluence may not do.
//!
//! There is no invocation token here. Who somebody is comes from a link they were given inside Confluence:
//!
//! ```text
//! macro ──(invocation token)──▶ link: whose, what for, 15 minutes, once
//!                                 │  in the fragment of an address: no server, log or scanner sees it
//!                                 ▼
//! own page ──(button, POST)──▶ link used up, cookie set: the same person, the same errand, 30 minutes
//!          ──(POST, cookie)──▶ that errand, nothing else
//! ```
//!
//! A `GET` gives the page and changes nothing.
//!
//! * [`link`], [`visit`]: the two records.
//! * [`invitation`]: the link in an invitation's mail, which opens nothing but a door: a mailed code begins the visit.
//! * [`not_me`]: the link in mails about factors, which locks and opens nothing.
//! * [`sender`]: whether a request was sent by our own page.
//! * [`page`]: the page's files and headers.

pub mod invitation;
pub mod link;
pub mod not_me;
pub mod page;
pub mod sender;
pub mod visit;

use crate::http::EdgeError;
use engine::wire::problem::ProblemKind;

/// A link or a visit that is none, is over, or leads to something that is over.
#[must_use]
pub fn over() -> EdgeError {
    EdgeError::refuse(
        ProblemKind::LinkOver,
        "This page was opened for something that is done, took too long, or was opened again elsewhere. Go back to Confluence and start from there.",
    )
}
