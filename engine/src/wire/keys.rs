//! The Worker's keys, as far as a site's data is sealed under them. No key, and nothing made with one, is ever sent.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks under which keys this site's secrets are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KeysRequest {}

/// Answers [`KeysRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysResponse {
    /// The keys: the newest first, the Worker's older ones, then those it does not have any more.
    pub keys: Vec<KeyUse>,
    /// How far the site is on its way under the newest key.
    pub rotation: Rotation,
    /// Sealed texts that name no key: they were damaged.
    pub unreadable: u64,
}

/// What needs a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    /// Its id, as in `COUNTERSIGN_KEYS`.
    pub id: String,
    /// A few digits by which those who made the key recognise it; [`None`] if the Worker does not have it.
    pub check: Option<String>,
    /// What it is.
    pub standing: KeyStanding,
    /// Texts sealed with it.
    pub sealed: u64,
    /// Mailed codes kept under it that are still good.
    pub mailed_codes: u64,
    /// Recovery codes kept under it that were not used, as long as they need it.
    pub recovery_codes: u64,
    /// Whether this site could do without it.
    pub removal: Removal,
}

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStanding {
    /// Everything new is made with it.
    Newest,
    /// It opens what was made with it.
    Older,
    /// The Worker does not have it: what needs it cannot be used.
    Missing,
}

/// Whether a site could do without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Removal {
    /// It is in use.
    InUse,
    /// Texts have to be sealed anew first, or what recovery codes need of it put by.
    Waiting,
    /// Confirmations that were begun with it end by then.
    From {
        /// When.
        at: Timestamp,
    },
    /// Nothing needs it any more.
    Free,
}

/// How far a site is on its way under the newest key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// Whether it goes on.
    pub state: RotationState,
    /// Texts that were to be sealed anew when it began.
    pub total: u64,
    /// Those that are still to be.
    pub left: u64,
    /// Since when the newest key is the newest; [`None`] before the first look.
    pub newest_since: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Whether a rotation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RotationState {
    /// The Worker has other keys than it last looked for: it begins within minutes.
    Due,
    /// Texts are being sealed anew.
    Open,
    /// Everything is under the newest key.
    Done,
    /// What is left can't be opened: its key is missing, or it was damaged.
    Stuck,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_on_the_wire_stay() {
        let removal = |removal| serde_json::to_value(removal).unwrap();
        assert_eq!(removal(Removal::From { at: Timestamp(5) }), serde_json::json!({"is": "from", "at": 5}));
        assert_eq!(removal(Removal::InUse), serde_json::json!({"is": "in-use"}));
        assert_eq!(serde_json::to_value(KeyStanding::Missing).unwrap(), "missing");
        assert_eq!(serde_json::to_value(RotationState::Stuck).unwrap(), "stuck");
    }
}
