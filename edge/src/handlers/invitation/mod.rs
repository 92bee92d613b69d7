//! External approvers without an Atlassian account, from inside Confluence: asking them, taking that back, what the page
//! offers, and the admins' list. What they do themselves is [`super::invited`]'s.

mod erase;
mod invite;
mod offer;
mod people;
mod revoke;
mod whom;

pub(super) use erase::handle as erase;
pub(super) use invite::{attachments, handle as invite};
pub(super) use offer::offer;
pub(super) use people::handle as people;
pub(super) use revoke::handle as revoke;
