//! How many wrong codes a person gets.
//!
//! One counter per person, over all factors, challenges and connections. The edge raises it in the database *before* a
//! code is compared; only a success sets it back (NIST SP 800-63B-4, 3.2.2: no more than 100 failures in a row, and a new
//! challenge must not reset the count).
//!
//! ```text
//! failures 0 … 4            compared
//!          5                compared; if wrong, nothing is compared for 1 min
//!          6, 7, 8 …        compared; each wrong one doubles the pause, up to 1 h
//!          50               compared; if wrong, nothing is compared until an admin unlocks
//! ```

use crate::time::Timestamp;
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// Wrong codes in a row before the first pause.
pub const FREE_FAILURES: u32 = 5;
/// Wrong codes in a row after which only an admin can help.
pub const FINAL_FAILURE: u32 = 50;
/// The first pause.
pub const FIRST_PAUSE: Duration = Duration::from_secs(60);
/// The longest pause.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// Why a person's codes are not compared now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Lock {
    /// Until a time.
    Until {
        /// The end of the pause.
        at: Timestamp,
    },
    /// Until an admin unlocks.
    UntilUnlocked,
}

/// A person's counter, as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guesses {
    /// Attempts counted since the last success.
    pub failures: u32,
    /// No code is compared before this.
    pub locked_until: Timestamp,
    /// Locked by an admin or by the owner ("this wasn't me").
    pub held: bool,
}

impl Guesses {
    /// The lock in force at `now`.
    #[must_use]
    pub fn lock(&self, now: Timestamp) -> Option<Lock> {
        if self.held || self.failures >= FINAL_FAILURE {
            Some(Lock::UntilUnlocked)
        } else if now < self.locked_until {
            Some(Lock::Until { at: self.locked_until })
        } else {
            None
        }
    }

    /// Counts one attempt, as the database does before anything is compared.
    ///
    /// # Errors
    /// The lock in force: then nothing is counted and nothing may be compared.
    pub fn count(self, now: Timestamp) -> Result<Self, Lock> {
        if let Some(lock) = self.lock(now) {
            return Err(lock);
        }
        let failures = self.failures.saturating_add(1);
        // Without a pause no time is kept: of two requests the later one may come to the database first.
        let pause = pause_after(failures);
        let locked_until = if pause.is_zero() { Timestamp(0) } else { now + pause };
        Ok(Self { failures, locked_until, held: self.held })
    }

    /// Wrong codes left before the next pause.
    #[must_use]
    pub fn tries_left(&self) -> u32 {
        FREE_FAILURES.saturating_sub(self.failures)
    }
}

/// How long nothing is compared after the `failures`th wrong code in a row.
#[must_use]
pub fn pause_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE_FAILURES) {
        None => Duration::ZERO,
        Some(more) => {
            let factor = 2_u32.saturating_pow(more);
            FIRST_PAUSE.checked_mul(factor).map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pauses_double_from_a_minute_to_an_hour() {
        let minutes: Vec<u64> = (0..=12).map(|n| pause_after(n).as_secs() / 60).collect();
        assert_eq!(minutes, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause_after(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn the_release_does_not_reset() {
        let mut guesses = Guesses::default();
        let mut now = Timestamp(1_000_000);
        for _ in 0..5 {
            guesses = guesses.count(now).unwrap();
        }
        assert!(guesses.count(now).is_err());
        now = guesses.locked_until;
        guesses = guesses.count(now).unwrap();
        assert_eq!(guesses.failures, 6);
        assert_eq!(guesses.lock(now), Some(Lock::Until { at: now + Duration::from_secs(120) }));
    }

    #[test]
    fn fifty_in_a_row_need_an_admin() {
        let mut guesses = Guesses::default();
        for _ in 0..FINAL_FAILURE {
            guesses = guesses.count(guesses.locked_until).unwrap();
        }
        assert_eq!(guesses.count(Timestamp(u64::MAX)), Err(Lock::UntilUnlocked));
    }

    proptest! {
        /// However attempts are spread over time, no more are compared than the pauses allow.
        #[test]
        fn attempts_never_beat_the_pauses(gaps in proptest::collection::vec(0_u64..120_000, 1..400)) {
            let (mut now, mut guesses, mut compared) = (Timestamp(0), Guesses::default(), Vec::new());
            for gap in gaps {
                now = Timestamp(now.0 + gap);
                if let Ok(counted) = guesses.count(now) {
                    guesses = counted;
                    compared.push(now);
                }
            }
            for (index, pair) in compared.windows(2).enumerate() {
                prop_assert!(pair[1] - pair[0] >= pause_after(u32::try_from(index + 1).unwrap()));
            }
            prop_assert!(compared.len() <= FINAL_FAILURE as usize);
        }
    }
}
