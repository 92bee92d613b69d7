//! "This wasn't me", said from a mail, on our own page.
//!
//! The address holds the link in its fragment, behind [`LINK_PREFIX`]. Opening it asks for nothing and changes nothing, since
//! mail scanners open addresses too; a press of the button sends [`NotMeLinkRequest`].

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the fragment of such an address begins with; the link follows.
pub const LINK_PREFIX: &str = "n.";

/// Locks what the mail's owner confirms with.
#[derive(Clone, Serialize, Deserialize)]
pub struct NotMeLinkRequest {
    /// The fragment, behind [`LINK_PREFIX`].
    pub link: String,
}

/// Answers [`NotMeLinkRequest`]. It names nobody: whoever holds a link has proved nothing but that they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum NotMeDone {
    /// Locked now. The person and the admins are told.
    Locked,
    /// It was locked before, until an admin unlocks it: nothing changed.
    LockedBefore,
    /// This link was used before, and changes nothing any more.
    Used {
        /// When it locked.
        at: Timestamp,
    },
}
