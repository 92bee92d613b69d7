//! What whoever runs the Worker can ask of it, with a request signed by a key of their own: for when no admin can.

use crate::ids::{AccountId, SiteId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The longest name of an operator, in characters.
pub const NAME_MAX: usize = 200;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OperatorRequest {
    /// How far are all sites under the newest key? Nothing is changed.
    Keys {},
    /// Release somebody's lock.
    Unlock(AboutPerson),
    /// Take all of somebody's factors away, so that they can set up new ones.
    ResetFactors(AboutPerson),
}

/// Something done to a person's factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AboutPerson {
    /// The site.
    pub site: SiteId,
    /// The person.
    pub person: AccountId,
    /// Who the operator says they are. Only the key proves anything.
    pub operator: String,
    /// Why.
    pub reason: String,
}

/// What an operator did to a person's factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperatorAct {
    /// Released a lock.
    Unlock,
    /// Took all factors away.
    ResetFactors,
}

/// Answers [`OperatorRequest::Unlock`] and [`OperatorRequest::ResetFactors`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorDone {
    /// What was done.
    pub act: OperatorAct,
    /// The same, for people.
    pub said: String,
    /// When.
    pub at: Timestamp,
}

/// Answers [`OperatorRequest::Keys`]. It names no site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysEverywhere {
    /// The Worker's keys, newest first.
    pub keys: Vec<KeyNamed>,
    /// How many sites there are.
    pub sites: u64,
    /// Sites where everything is under the newest key.
    pub done: u64,
    /// Sites with something that does not open.
    pub stuck: u64,
    /// When older keys can be removed, once every site is done; [`None`] before.
    pub removable_from: Option<Timestamp>,
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyNamed {
    /// [`super::keys::KeyUse::id`].
    pub id: String,
    /// [`super::keys::KeyUse::check`].
    pub check: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_refused() {
        let read = |text: &str| serde_json::from_str::<OperatorRequest>(text);
        assert_eq!(read(r#"{"act":"keys"}"#).unwrap(), OperatorRequest::Keys {});
        let unlock = r#"{"act":"unlock","site":"s","person":"p","operator":"o","reason":"r"}"#;
        assert!(matches!(read(unlock).unwrap(), OperatorRequest::Unlock(about) if about.person.as_str() == "p"));
        for wrong in [
            r#"{"act":"keys","site":"s"}"#,
            r#"{"act":"approve","site":"s","person":"p","operator":"o","reason":"r"}"#,
            r#"{"act":"unlock","site":"s","person":"p","operator":"o","reason":"r","more":1}"#,
            r#"{"act":"unlock","site":"s","person":"p"}"#,
            "{}",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
