//! When a state expires.

use super::command::Dates;
use crate::calendar::{self, Span, Zone};
use crate::time::Timestamp;
use crate::workflow::definition::State;
use core::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The shortest time in a state: a date on the page may have passed, and two states must not hand a page to and fro.
const SHORTEST: Duration = DAY;
/// The longest: two years, one of them a leap year.
const LONGEST: Duration = Duration::from_secs(731 * 24 * 60 * 60);

/// When `state`, entered at `entered_at`, expires: on the date on the page, where there is one, else so long after.
#[must_use]
pub fn expires_at(state: &State, entered_at: Timestamp, dates: &Dates) -> Option<Timestamp> {
    let expiry = state.expiry.as_ref()?;
    let on_date = expiry.on_date.as_ref().and_then(|heading| dates.get(heading));
    let at = match (on_date, &expiry.after) {
        (Some(date), _) => calendar::start_of_day(*date, &Zone::utc())?,
        (None, Some(after)) => so_long_after(entered_at, after)?,
        (None, None) => return None,
    };
    Some(at.clamp(entered_at + SHORTEST, entered_at + LONGEST))
}

fn so_long_after(from: Timestamp, span: &Span) -> Option<Timestamp> {
    calendar::after(from, span, &Zone::utc())
}
