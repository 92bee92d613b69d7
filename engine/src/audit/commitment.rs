//! Personal text stays outside of the journal entry.
//!
//! A name, a comment, a title lies in a table of its own and can be erased (GDPR Art. 17). The entry holds a commitment:
//! `SHA-256("countersign/text/v1" ‖ salt ‖ text)` with a random 128-bit salt kept beside the text. While the text is
//! there, anybody can check that it is what was recorded; once text and salt are gone, the commitment says nothing.

use crate::ids::TextId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const LABEL: &[u8] = b"countersign/text/v1";

/// 128 random bits.
pub type Salt = [u8; 16];

/// What an entry holds in place of a personal text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRef {
    /// The row of erasable text.
    pub text: TextId,
    /// The commitment, hexadecimal.
    pub commitment: String,
}

impl TextRef {
    /// Refers to `text`, to be stored under `id` together with `salt`.
    #[must_use]
    pub fn commit(id: TextId, salt: &Salt, text: &str) -> Self {
        Self { text: id, commitment: data_encoding::HEXLOWER.encode(&digest(salt, text)) }
    }

    /// Whether `text` and `salt` are what was recorded.
    #[must_use]
    pub fn holds(&self, salt: &Salt, text: &str) -> bool {
        data_encoding::HEXLOWER
            .decode(self.commitment.as_bytes())
            .is_ok_and(|recorded| recorded.ct_eq(&digest(salt, text)).into())
    }
}

fn digest(salt: &Salt, text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(LABEL);
    hash.update(salt);
    hash.update(text.as_bytes());
    hash.finalize().into()
}

/// A text to be stored beside the entry that refers to it.
#[derive(Clone, PartialEq, Eq)]
pub struct ErasableText {
    /// Its row.
    pub id: TextId,
    /// Its salt.
    pub salt: Salt,
    /// The text.
    pub text: String,
}

impl ErasableText {
    /// What the entry holds of it.
    #[must_use]
    pub fn reference(&self) -> TextRef {
        TextRef::commit(self.id.clone(), &self.salt, &self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_holds_for_its_text_alone() {
        let text = TextRef::commit(TextId::new("t1"), &[7; 16], "Mira");
        assert!(text.holds(&[7; 16], "Mira"));
        assert!(!text.holds(&[8; 16], "Mira"));
        assert!(!text.holds(&[7; 16], "Mirb"));
        assert_eq!(text.commitment, "a57627afec9729e90d1a90fe150ef4e51d79f98d8383e02653fa7d2e3a531def");
    }
}
