//! The way to an invitation: codes that are mailed, and the visit that begins with one. Whether the invitation stands is the
//! page's journal to say.

use super::d1::Query;
use super::journal::Row;
use super::sql;
use super::statement::Statement;
use crate::secret::seal::Binding;
use core::time::Duration;
use engine::ids::{AccountId, ApprovalId, InvitationId, PageId, SiteId, StreamId, TextId};
use engine::time::Timestamp;
use serde::Deserialize;

/// How long a code is good (NIST SP 800-63B-4, 3.1.3.2: at most 10 minutes).
pub const CODE_LIFE: Duration = Duration::from_secs(600);
/// Codes that are mailed for one invitation, at most: within [`HOUR`], and within [`DAY`].
pub const CODES_MAX: (u32, u32) = (5, 20);
/// The shorter window. Both slide.
pub const HOUR: Duration = Duration::from_secs(3600);
/// The longer window.
pub const DAY: Duration = Duration::from_secs(24 * 3600);

/// An invitation's row.
#[derive(Clone, Deserialize)]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// To which page.
    pub page: PageId,
    /// For which approval.
    pub approval: ApprovalId,
    /// Who was invited.
    pub person: AccountId,
    /// Their name.
    pub name: TextId,
    /// Who invited them.
    pub inviter: AccountId,
    /// When.
    pub invited_at: Timestamp,
    /// After this it can't be answered.
    pub until_at: Timestamp,
    /// What is kept of the newest code; empty: none waits.
    pub code_hmac: String,
    /// The code, sealed, for its mail.
    pub code_sealed: String,
    /// After this it counts for nothing.
    pub code_expires_at: Timestamp,
    /// When codes were mailed: a JSON array.
    pub codes: String,
    /// The nonce of the newest visit; empty: there was none.
    pub visit: String,
}

impl Invitation {
    /// Until when the newest code counts, if one waits.
    #[must_use]
    pub fn code_until(&self, now: Timestamp) -> Option<Timestamp> {
        Some(self.code_expires_at).filter(|until| !self.code_hmac.is_empty() && now < *until)
    }

    /// When the next code may be asked for; [`None`]: now.
    #[must_use]
    pub fn next_code_at(&self, now: Timestamp) -> Option<Timestamp> {
        let mut times: Vec<Timestamp> = serde_json::from_str(&self.codes).unwrap_or_default();
        times.sort_unstable_by(|one, other| other.cmp(one));
        let free = |most: u32, window: Duration| {
            let oldest = times.get(usize::try_from(most).ok()?.checked_sub(1)?)?;
            Some(*oldest + window).filter(|free| now < *free)
        };
        free(CODES_MAX.0, HOUR).max(free(CODES_MAX.1, DAY))
    }
}

/// What a code is sealed for: this invitation of this person.
#[must_use]
pub fn code_binding<'a>(site: &'a SiteId, person: &'a AccountId, id: &'a InvitationId) -> Binding<'a> {
    Binding { site, person: Some(person), purpose: "invitation-code", id: id.as_str() }
}

/// The invitation of this id.
#[must_use]
pub fn of_id(site: &SiteId, id: &InvitationId) -> Query<Option<Invitation>> {
    Query::first(Statement::of(site, sql!("invitation/get")).text(id))
}

/// The entry that answers it, if there is one: a verdict or an abstention.
#[must_use]
pub fn answer(site: &SiteId, page: &PageId, id: &InvitationId) -> Query<Option<Row>> {
    Query::first(Statement::of(site, sql!("invitation/answer")).text(StreamId::page(page)).text(id))
}

/// A new code, in place of any other.
pub struct Code<'a> {
    /// Its HMAC.
    pub hmac: &'a str,
    /// The code, sealed.
    pub sealed: &'a str,
    /// After this it counts for nothing.
    pub expires_at: Timestamp,
}

/// Stores it and counts its mail. [`super::commit::Commit::require_invitation_codes`] belongs before it.
#[must_use]
pub fn mail(site: &SiteId, id: &InvitationId, code: &Code<'_>, now: Timestamp) -> Statement {
    Statement::of(site, sql!("invitation/mail"))
        .text(id)
        .text(code.hmac)
        .text(code.sealed)
        .int(code.expires_at)
        .int(now)
        .int(before(now, DAY))
}

/// The code is used up, and a visit begins. [`super::commit::Commit::require_invitation_code`] belongs before it.
#[must_use]
pub fn enter(site: &SiteId, id: &InvitationId, visit: &str) -> Statement {
    Statement::of(site, sql!("invitation/enter")).text(id).text(visit)
}

/// The beginning of a window that ends now.
pub(super) fn before(now: Timestamp, window: Duration) -> Timestamp {
    Timestamp(now.millis().saturating_sub(u64::try_from(window.as_millis()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(codes: &[u64]) -> Invitation {
        Invitation {
            id: InvitationId::new("i"),
            page: PageId::new("1"),
            approval: ApprovalId::new("a"),
            person: AccountId::invited("p"),
            name: TextId::new("n"),
            inviter: AccountId::new("712020:a"),
            invited_at: Timestamp(0),
            until_at: Timestamp(u64::MAX),
            code_hmac: "k.h".to_owned(),
            code_sealed: String::new(),
            code_expires_at: Timestamp(1_000),
            codes: serde_json::to_string(codes).unwrap(),
            visit: String::new(),
        }
    }

    #[test]
    fn codes_are_mailed_five_times_an_hour_and_twenty_times_a_day() {
        const MINUTE: u64 = 60_000;
        let now = Timestamp(48 * 60 * MINUTE);
        let ago = |minutes: u64| now.0 - minutes * MINUTE;
        let next = |minutes: &[u64]| {
            let times: Vec<u64> = minutes.iter().copied().map(ago).collect();
            row(&times).next_code_at(now)
        };
        assert_eq!(next(&[]), None);
        assert_eq!(next(&[4, 3, 2, 1]), None);
        assert_eq!(next(&[50, 4, 3, 2, 1]), Some(Timestamp(now.0 + 10 * MINUTE)));
        assert_eq!(next(&[60, 4, 3, 2, 1]), None, "the oldest is an hour ago");
        let day: Vec<u64> = (0..20).map(|n| 70 + n * 61).collect();
        assert_eq!(next(&day), Some(Timestamp(ago(70 + 19 * 61) + 24 * 60 * MINUTE)));
        assert_eq!(next(&day[..19]), None);
        assert!(row(&[]).code_until(Timestamp(999)).is_some() && row(&[]).code_until(Timestamp(1_000)).is_none());
    }
}
