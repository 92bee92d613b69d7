//! Instants from durations, dates and hours, in a time zone.
//!
//! A clock that is set forward leaves a gap of hours that no clock shows: what falls into it happens at its end. A clock
//! that is set back shows hours twice: what falls on them happens the first time.

use super::{CivilDate, Span, Weekday, Zone};
use crate::time::Timestamp;
use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;

/// Days looked at for the next hour: today, tomorrow, and enough to pass a day that a zone left out of its calendar.
const DAYS_AHEAD: usize = 4;
/// The same for the next day of the week, when a zone left that very day out.
const DAYS_AHEAD_OF_WEEK: usize = 16;

/// The instant a span after another: years, months, weeks and days by the calendar (same wall-clock time; the 31st
/// becomes the last of a shorter month), then hours, minutes and seconds by the clock. `None` if it lies beyond time.
#[must_use]
pub fn after(at: Timestamp, span: &Span, zone: &Zone) -> Option<Timestamp> {
    from_jiff(to_jiff(at)?.to_zoned(zone.0.clone()).checked_add(to_jiff_span(span)?).ok()?.timestamp())
}

/// The instant a span before another; otherwise as [`after`]. `None` if it lies before 1970.
#[must_use]
pub fn before(at: Timestamp, span: &Span, zone: &Zone) -> Option<Timestamp> {
    from_jiff(to_jiff(at)?.to_zoned(zone.0.clone()).checked_sub(to_jiff_span(span)?).ok()?.timestamp())
}

/// The first instant later than `after` at which the clocks of the zone show the full hour, once for each day.
/// `None` for an hour above 23 and beyond time.
#[must_use]
pub fn next_at_hour(after: Timestamp, hour: u8, zone: &Zone) -> Option<Timestamp> {
    next(after, hour, zone, DAYS_AHEAD, |_| true)
}

/// As [`next_at_hour`], but only on one day of the week.
#[must_use]
pub fn next_on_weekday(after: Timestamp, weekday: Weekday, hour: u8, zone: &Zone) -> Option<Timestamp> {
    next(after, hour, zone, DAYS_AHEAD_OF_WEEK, |date| date.weekday() == weekday)
}

/// The full hour on the day of the zone on which `at` falls; it may lie before or after `at`.
/// `None` for an hour above 23 and beyond time.
#[must_use]
pub fn at_hour_on_day_of(at: Timestamp, hour: u8, zone: &Zone) -> Option<Timestamp> {
    from_jiff(first_at(day_of(at, zone)?.0, hour, zone)?.instant)
}

/// The first instant of a day. A day that the zone left out begins when the next one does. `None` before 1970 and beyond time.
#[must_use]
pub fn start_of_day(date: CivilDate, zone: &Zone) -> Option<Timestamp> {
    from_jiff(first_at(date.0, 0, zone)?.instant)
}

/// The day it is in the zone. `None` beyond time.
#[must_use]
pub fn day_of(at: Timestamp, zone: &Zone) -> Option<CivilDate> {
    Some(CivilDate(local_date(to_jiff(at)?, zone)))
}

fn next(after: Timestamp, hour: u8, zone: &Zone, days: usize, wanted: impl Fn(CivilDate) -> bool) -> Option<Timestamp> {
    let after = to_jiff(after)?;
    let mut date = local_date(after, zone);
    for _ in 0..days {
        if wanted(CivilDate(date)) {
            let found = first_at(date, hour, zone)?;
            if found.on_a_day_there_was && found.instant > after {
                return from_jiff(found.instant);
            }
        }
        date = date.tomorrow().ok()?;
    }
    None
}

/// Where an hour of a day lies.
struct Found {
    instant: jiff::Timestamp,
    /// Whether the zone had that day at all: Samoa went from 29 to 31 December 2011.
    on_a_day_there_was: bool,
}

fn first_at(date: Date, hour: u8, zone: &Zone) -> Option<Found> {
    let wall_clock = date.to_datetime(Time::new(i8::try_from(hour).ok()?, 0, 0, 0).ok()?);
    let ambiguous = zone.0.to_ambiguous_timestamp(wall_clock);
    let AmbiguousOffset::Gap { after, .. } = ambiguous.offset() else {
        return Some(Found { instant: ambiguous.earlier().ok()?, on_a_day_there_was: true });
    };
    // By the clock as it will be set, the hour would lie just before the gap's end.
    let not_yet = ambiguous.earlier().ok()?;
    let end = zone.0.following(not_yet).find(|change| change.offset() == after)?.timestamp();
    let just_before = end.checked_sub(SignedDuration::from_secs(1)).ok()?;
    let on_a_day_there_was = local_date(just_before, zone) == date || local_date(end, zone) == date;
    Some(Found { instant: end, on_a_day_there_was })
}

fn local_date(at: jiff::Timestamp, zone: &Zone) -> Date {
    zone.0.to_datetime(at).date()
}

fn to_jiff(at: Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(i64::try_from(at.millis()).ok()?).ok()
}

fn from_jiff(at: jiff::Timestamp) -> Option<Timestamp> {
    u64::try_from(at.as_millisecond()).ok().map(Timestamp)
}

fn to_jiff_span(span: &Span) -> Option<jiff::Span> {
    jiff::Span::new()
        .try_years(span.years)
        .and_then(|to| to.try_months(span.months))
        .and_then(|to| to.try_weeks(span.weeks))
        .and_then(|to| to.try_days(span.days))
        .and_then(|to| to.try_hours(span.hours))
        .and_then(|to| to.try_minutes(span.minutes))
        .and_then(|to| to.try_seconds(span.seconds))
        .ok()
}
