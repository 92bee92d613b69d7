//! How long a factor counts, and how it goes on.
//!
//! ```text
//! enrolled ──────────── 7 days left ─────── end ───────────── 90 days later
//!     counts                soon               expired: counts for      over: as if it
//!                       (its owner is told)    nothing but its own      had been removed
//!                                              renewal
//! ```
//!
//! A factor is renewed by a code of its own, before its end or up to 90 days after it; from then on it counts for a whole
//! life again, reckoned from the renewal and not from the old end, so that renewing early gains nothing. Renewing asks for
//! the very factor, because what it has to show is that this one is still in its owner's hands (21 CFR 11.300(b)).
//! Who was away for a quarter of a year longer starts as at first, with a mailed code.

use super::policy::Enrolment;
use crate::time::Timestamp;
use core::time::Duration;
use serde::{Deserialize, Serialize};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Days before the end from which on its owner is reminded.
pub const SOON_DAYS: u32 = 7;
/// Days after the end in which a factor can still be renewed.
pub const RENEWAL_DAYS: u32 = 90;
/// How many factors a person may have at once.
pub const FACTORS_MAX: usize = 10;
/// The longest name of a factor, in characters.
pub const NAME_MAX: usize = 60;

/// Where a factor is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// It counts.
    Counts,
    /// It counts, and ends within [`SOON_DAYS`].
    Soon,
    /// It counts for nothing but its own renewal.
    Expired,
    /// It counts for nothing.
    Over,
}

impl Stage {
    /// Whether something can be confirmed with it.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Counts | Self::Soon)
    }

    /// Whether its owner has it still: it counts, or does once it is renewed. While they have it, a mailbox is no way round
    /// it, so that waiting for its end weakens nothing.
    #[must_use]
    pub fn is_held(self) -> bool {
        !matches!(self, Self::Over)
    }
}

/// The stage at `now` of a factor that ends then; [`None`]: never.
#[must_use]
pub fn stage(expires_at: Option<Timestamp>, now: Timestamp) -> Stage {
    match expires_at {
        Some(end) if now >= end + DAY * RENEWAL_DAYS => Stage::Over,
        Some(end) if now >= end => Stage::Expired,
        Some(end) if now + DAY * SOON_DAYS >= end => Stage::Soon,
        Some(_) | None => Stage::Counts,
    }
}

/// When a factor ends that is set up or renewed at `now`; [`None`]: never.
#[must_use]
pub fn end(enrolment: &Enrolment, now: Timestamp) -> Option<Timestamp> {
    enrolment.life_days.map(|days| now + DAY * days)
}

/// What ended before this is over, for the database; see [`Stage::Over`].
#[must_use]
pub fn over_before(now: Timestamp) -> Timestamp {
    let grace = u64::from(RENEWAL_DAYS) * DAY.as_secs() * 1000;
    Timestamp(now.millis().saturating_sub(grace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u32) -> Timestamp {
        Timestamp(0) + DAY * number
    }

    #[test]
    fn a_life_of_thirty_days_and_what_comes_after() {
        let end = end(&Enrolment::default(), day(100));
        assert_eq!(end, Some(day(130)));
        for (at, expected) in [
            (day(100), Stage::Counts),
            (Timestamp(day(123).0 - 1), Stage::Counts),
            (day(123), Stage::Soon),
            (Timestamp(day(130).0 - 1), Stage::Soon),
            (day(130), Stage::Expired),
            (Timestamp(day(220).0 - 1), Stage::Expired),
            (day(220), Stage::Over),
        ] {
            assert_eq!(stage(end, at), expected, "{at:?}");
            assert_eq!(expected.is_held(), at < day(220), "{at:?}");
        }
    }

    #[test]
    fn never_is_never() {
        let enrolment = Enrolment { life_days: None, ..Enrolment::default() };
        assert_eq!(end(&enrolment, day(1)), None);
        assert_eq!(stage(None, Timestamp(u64::MAX)), Stage::Counts);
    }

    proptest! {
        /// What the database leaves out is what is over, to the millisecond.
        #[test]
        fn the_database_and_this_agree(end in 0..20_000_000_000_u64, now in 0..20_000_000_000_u64) {
            let over = stage(Some(Timestamp(end)), Timestamp(now)) == Stage::Over;
            let left_out = now >= 7_776_000_000 && Timestamp(end) <= over_before(Timestamp(now));
            prop_assert_eq!(over, left_out);
        }

        /// Renewing early gains nothing, and a renewed factor counts.
        #[test]
        fn a_renewal_reckons_from_itself(days in 1..3651_u32, now in 0..2_000_000_000_000_u64) {
            let enrolment = Enrolment { life_days: Some(days), ..Enrolment::default() };
            let renewed = end(&enrolment, Timestamp(now));
            prop_assert_eq!(renewed, Some(Timestamp(now) + DAY * days));
            prop_assert!(stage(renewed, Timestamp(now)).counts());
        }
    }
}
