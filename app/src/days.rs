//! Days as a date field writes them ("2026-11-24"), in a time zone by its name.

use crate::dates;
use engine::time::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// When a day begins in a time zone.
pub(crate) fn midnight(day: &str, zone: &str) -> Option<Timestamp> {
    let mut parts = day.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let wall = days_since_epoch(year, month, day) * DAY_MS;
    u64::try_from(instant(wall, |at| offset(at, zone))).ok().map(Timestamp)
}

/// The day a point in time is on in a time zone.
pub(crate) fn day_of(at: Timestamp, zone: &str) -> String {
    let [year, month, day, ..] = dates::wall(at, zone);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The instant at which the clocks of a zone show `wall`, both in milliseconds. The offset holds at the instant, not at the
/// wall's time taken for one: the second look corrects the first around a change of the clocks.
fn instant(wall: i64, offset_at: impl Fn(i64) -> i64) -> i64 {
    let near = wall - offset_at(wall);
    wall - offset_at(near)
}

/// How far the clocks of a zone are ahead of UTC.
fn offset(at: i64, zone: &str) -> i64 {
    let [year, month, day, hour, minute, second] = dates::wall(Timestamp(u64::try_from(at).unwrap_or_default()), zone);
    let seconds = hour * 3600 + minute * 60 + second;
    days_since_epoch(year, month, day) * DAY_MS + seconds * 1000 - at.div_euclid(1000) * 1000
}

/// Days from 1970-01-01 in the Gregorian calendar; years are counted from March, so that leap days come last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let years = if month > 2 { year } else { year - 1 };
    let months = (month + 9) % 12;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + (months * 306 + 5) / 10 + day - 1;
    days - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn days_are_counted_as_calendars_do() {
        for (date, days) in [
            ((1970, 1, 1), 0),
            ((1970, 3, 1), 59),
            ((2000, 2, 29), 11_016),
            ((2000, 3, 1), 11_017),
            ((2026, 11, 24), 20_781),
        ] {
            assert_eq!(days_since_epoch(date.0, date.1, date.2), days, "{date:?}");
        }
    }

    #[test]
    fn a_day_begins_by_the_zone_s_clocks_also_on_the_day_they_change() {
        // Vienna: summer time (+2) until 2026-10-25T01:00Z, then +1.
        let change = (days_since_epoch(2026, 10, 25) * 24 + 1) * HOUR_MS;
        let vienna = |at: i64| if at < change { 2 * HOUR_MS } else { HOUR_MS };
        let begins = |day: i64| {
            instant(days_since_epoch(2026, 10, day) * DAY_MS, vienna) - days_since_epoch(2026, 10, day) * DAY_MS
        };
        assert_eq!(begins(25), -2 * HOUR_MS);
        assert_eq!(begins(26), -HOUR_MS);
        // A zone far behind UTC.
        assert_eq!(instant(0, |_| -10 * HOUR_MS), 10 * HOUR_MS);
    }
}
