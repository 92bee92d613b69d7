//! What a person sets for themselves: absence, and the mails they get.

use crate::ids::AccountId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks for the person's own settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MeRequest {}

/// Answers [`MeRequest`], and every change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeResponse {
    /// When they are away next, or now.
    pub absence: Option<Absence>,
    /// People who are away now and named this person.
    pub stands_in_for: Vec<String>,
    /// How often they get a list of what waits for them.
    pub digest: Digest,
    /// Their time zone, as Confluence says; UTC if it says nothing.
    pub zone: String,
}

/// Somebody is away, and somebody else decides for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Who decides for them.
    pub stand_in: AccountId,
    /// That person's name.
    pub name: String,
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub until: Timestamp,
}

/// The longest absence, in days.
pub const ABSENCE_DAYS_MAX: u64 = 366;

/// Sets when the person is away, or that they are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceRequest {
    /// Left out: they are not away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<NewAbsence>,
}

/// When somebody is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAbsence {
    /// Who decides for them.
    pub stand_in: AccountId,
    /// From when.
    pub from: Timestamp,
    /// Until when, not included.
    pub until: Timestamp,
}

/// How often somebody gets a list of what waits for them, in the morning of their time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Digest {
    /// Never.
    #[default]
    Off,
    /// Each day on which something waits.
    Daily,
    /// On Mondays, if something waits.
    Weekly,
}

/// Sets how often the person gets a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestRequest {
    /// How often.
    pub digest: Digest,
}
