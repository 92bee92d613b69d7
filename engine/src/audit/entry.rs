//! A journal entry, as bytes that stay the same for ever, and its leaf hash.
//!
//! The bytes are canonical JSON, so an auditor needs no program of ours to read them. `seq` and `position` are *not* in
//! them: both are the entry's order (within its stream, within its site), which the Merkle tree over the positions fixes.
//! That lets the database give plain facts their numbers inside the INSERT while the bytes are made here.

use super::canonical::{NotCanonical, to_canonical};
use crate::ids::{AccountId, SiteId, StreamId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The encoding this code writes.
pub const ENCODING: u32 = 1;

/// Who caused an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Actor {
    /// A person, as the invocation token named them.
    Person {
        /// Who.
        account: AccountId,
    },
    /// Confluence, by an event, or the clock.
    System,
    /// Whoever runs the Worker, by a request signed with the operator's key: for when no admin can.
    Operator,
}

impl Actor {
    /// A person.
    #[must_use]
    pub fn person(account: &AccountId) -> Self {
        Self::Person { account: account.clone() }
    }
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry<E> {
    /// [`ENCODING`].
    pub v: u32,
    /// The site.
    pub site: SiteId,
    /// The stream.
    pub stream: StreamId,
    /// When, by the server's clock (21 CFR 11.10(e): computer-generated, time-stamped).
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event: E,
}

/// An entry ready to be inserted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The canonical bytes, as text.
    pub bytes: String,
    /// `SHA-256(0x00 ‖ bytes)`, hexadecimal (RFC 6962 §2.1).
    pub leaf: String,
    /// The event's `kind`.
    pub kind: String,
    /// The stream.
    pub stream: StreamId,
    /// When.
    pub at: Timestamp,
}

impl<E: Serialize> Entry<E> {
    /// Encodes and hashes.
    ///
    /// # Errors
    /// [`NotCanonical`] if the event holds something entries must not hold.
    pub fn seal(&self) -> Result<Sealed, NotCanonical> {
        let value = serde_json::to_value(self).map_err(|_| NotCanonical::Name)?;
        let kind = value.pointer("/event/kind").and_then(|kind| kind.as_str()).unwrap_or("").to_owned();
        let bytes = to_canonical(&value)?;
        Ok(Sealed { leaf: leaf_hash(bytes.as_bytes()), bytes, kind, stream: self.stream.clone(), at: self.at })
    }
}

/// RFC 6962 §2.1: the hash of a leaf. The prefix keeps leaves and nodes apart.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update([0x00]);
    hash.update(entry);
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaf_of_nothing_is_the_known_one() {
        // RFC 6962: MTH of a tree with one empty leaf, as the certificate-transparency test vectors give it.
        assert_eq!(leaf_hash(b""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }
}
