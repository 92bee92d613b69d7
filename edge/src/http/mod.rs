//! Requests in, answers out; and requests to others.
//!
//! * [`router`]: method, path, who is calling, which handler.
//! * [`routes`]: which route takes whose calls: one table.
//! * [`body`]: request bodies, limited in size, typed.
//! * [`answer`]: how answers look.
//! * [`error`]: refusals and faults.
//! * [`outbound`]: requests to others: one place for time-outs and redirects.

pub mod answer;
pub mod body;
pub mod error;
pub mod outbound;
pub mod router;
pub mod routes;

pub use error::EdgeError;
