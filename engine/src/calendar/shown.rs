//! Instants as people write them.

use super::{Weekday, Zone, day_of};
use crate::time::Timestamp;
use jiff::Timestamp as Instant;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The instant by the clocks of a zone, the zone named: `Tuesday 3 March 2026, 09:00 (Europe/Stockholm)`.
#[must_use]
pub fn shown(at: Timestamp, zone: &Zone) -> String {
    let Some((day, clock)) = day_of(at, zone).zip(clock(at, zone)) else { return "at an unknown time".to_owned() };
    let month = usize::try_from(day.month()).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    format!(
        "{} {} {} {}, {clock} ({zone})",
        weekday(day.weekday()),
        day.day(),
        month.copied().unwrap_or_default(),
        day.year()
    )
}

fn clock(at: Timestamp, zone: &Zone) -> Option<String> {
    let instant = Instant::from_millisecond(i64::try_from(at.millis()).ok()?).ok()?;
    let time = zone.0.to_datetime(instant).time();
    Some(format!("{:02}:{:02}", time.hour(), time.minute()))
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, zone};
    use super::*;

    #[test]
    fn the_zone_is_named_and_its_clocks_are_read() {
        let spring = at("2026-03-03T08:00:00Z");
        assert_eq!(shown(spring, &zone("Europe/Stockholm")), "Tuesday 3 March 2026, 09:00 (Europe/Stockholm)");
        assert_eq!(shown(spring, &zone("Asia/Kathmandu")), "Tuesday 3 March 2026, 13:45 (Asia/Kathmandu)");
        assert_eq!(shown(spring, &Zone::utc()), "Tuesday 3 March 2026, 08:00 (UTC)");
        let summer = at("2026-06-30T22:30:00Z");
        assert_eq!(shown(summer, &zone("Europe/Stockholm")), "Wednesday 1 July 2026, 00:30 (Europe/Stockholm)");
    }
}
