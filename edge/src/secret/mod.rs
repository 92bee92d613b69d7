//! Secrets: how they are held, the keys derived from the Worker's own, and what is sealed with them.
//!
//! * [`keys`]: the Worker's keys, one sub-key a purpose.
//! * [`seal`]: encryption at rest.
//! * [`mail_code`]: what is kept of a mailed code.
//! * [`recovery`]: what is kept of a recovery code. [`invited`]: of the address of somebody without an account.

pub mod invited;
pub mod keys;
pub mod mail_code;
pub mod recovery;
pub mod seal;
pub mod sign_code;

use zeroize::Zeroizing;

/// Tells the log that something was made with a key that is gone. An id is no secret; callers make sure that it is our own
/// and not somebody else's text.
fn report_missing(id: &str) {
    let id = if keys::is_id(id) { id } else { "(no id)" };
    #[cfg(target_arch = "wasm32")]
    worker::console_error!("keys: the key {id} is not in COUNTERSIGN_KEYS, and something still needs it: put it back");
    #[cfg(not(target_arch = "wasm32"))]
    let _ = id;
}

/// A text nobody should see: wiped when dropped, and it prints nothing of itself.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text. Where this is called is where it can leak.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret")
    }
}
