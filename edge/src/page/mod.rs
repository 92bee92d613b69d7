//! A page under a workflow: what is known of it, what Confluence says of it, and what follows. Requests, events, the clock,
//! the outbox and work on many pages all go through here.
//!
//! * [`known`]: the page's stream with the version of the workflow it runs on, in one round trip.
//! * [`assigned`]: the workflow a page comes under that is under none.
//! * [`reading`]: the page as Confluence has it now.
//! * [`cast`]: people and groups the engine asks about while deciding.
//! * [`change`]: deciding, and writing what follows.
//! * [`fault`]: what can go wrong.

pub mod assigned;
pub mod cast;
pub mod change;
pub mod fault;
pub mod known;
pub mod reading;

pub use cast::Troupe;
pub use fault::PageFault;
pub use known::{Known, Running};
pub use reading::Reading;
