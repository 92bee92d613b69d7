//! Time zones.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// A time zone of the IANA database, such as `Europe/Berlin`.
///
/// Reading one by name brings in the whole database (some 200 kB). A program that must be small hands the name on as
/// text.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(pub(super) TimeZone);

/// Why a text names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneFault {
    /// The database has no such name.
    #[error("There is no time zone named “{0}”. Write a name like Europe/Berlin, America/New_York or UTC.")]
    Unknown(String),
}

/// The most of an unknown name that is repeated to the person who wrote it.
const NAME_SHOWN: usize = 64;

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl FromStr for Zone {
    type Err = ZoneFault;

    fn from_str(name: &str) -> Result<Self, ZoneFault> {
        TimeZoneDatabase::bundled()
            .get(name)
            .ok()
            // "Etc/Unknown" is found too, as a zone without a name.
            .filter(|zone| zone.iana_name().is_some())
            .map(Self)
            .ok_or_else(|| ZoneFault::Unknown(name.chars().take(NAME_SHOWN).collect()))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name()).finish()
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneFault;

    fn try_from(name: String) -> Result<Self, ZoneFault> {
        name.parse()
    }
}
