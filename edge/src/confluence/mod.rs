//! Every call to Confluence's REST API. Whoever replaces Confluence rewrites this module.
//!
//! * [`client`]: one request, as a person or as the app.
//! * [`error`]: what Confluence can answer instead.
//! * [`file`]: an attachment's bytes.
//! * [`page`]: a page with its version, body and attachments, and the content hash over them.
//! * [`rights`]: who may read, edit, administer. Fail closed.
//! * [`label`], [`tree`]: the labels of a page, and what it lies below.
//! * [`listing`]: the pages of a space, a label, a tree, in portions.
//! * [`group`], [`membership`]: who is in which group.
//! * [`mention`]: pages as mails mention them.
//! * [`user`]: names, addresses, time zones, who is a guest, who has left.
//! * [`property`]: the byline's property.
//! * [`versions`]: who wrote the versions of a page.
//! * [`cache`]: what may be remembered for a minute.

pub mod cache;
pub mod client;
pub mod error;
pub mod file;
pub mod group;
pub mod label;
pub mod listing;
pub mod membership;
pub mod mention;
pub mod page;
mod paging;
pub mod property;
pub mod rights;
pub mod tree;
pub mod user;
pub mod versions;

pub use cache::Freshness;
pub(crate) use client::escape;
pub use client::{Actor, Client};
pub use error::ConfluenceError;
