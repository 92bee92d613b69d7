//! Every call to Confluence's REST API. Whoever replaces Confluence rewrites this module.
//!
//! * [`client`]: one request, as a person or as the app.
//! * [`error`]: what Confluence can answer instead.
//! * [`page`]: a page with its version, body and attachments, and the content hash over them.
//! * [`rights`]: who may read, edit, administer. Fail closed.
//! * [`group`]: who is in which group.
//! * [`user`]: names, addresses, who is a guest.
//! * [`property`]: the byline's property.
//! * [`cache`]: what may be remembered for a minute.

pub mod cache;
pub mod client;
pub mod error;
pub mod group;
pub mod page;
pub mod property;
pub mod rights;
pub mod user;

pub use cache::Freshness;
pub use client::{Actor, Client};
pub use error::ConfluenceError;
