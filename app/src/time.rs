//! Points in time as phrases. Pure; how a date is written is [`crate::dates`]'s.

use core::time::Duration;
use engine::time::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;

/// "3 minutes ago". A time that has not come yet (two clocks never agree) is "just now".
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    distance(now - then).map_or_else(|| "just now".to_owned(), |distance| distance + " ago")
}

/// "in 3 minutes". A time that has passed is "now".
pub(crate) fn until(then: Timestamp, now: Timestamp) -> String {
    distance(then - now).map_or_else(|| "now".to_owned(), |distance| "in ".to_owned() + &distance)
}

/// "3 minutes"; nothing for less than one.
fn distance(between: Duration) -> Option<String> {
    let seconds = between.as_secs();
    let (count, unit) = match seconds {
        0..MINUTE => return None,
        MINUTE..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        DAY..MONTH => (seconds / DAY, "day"),
        MONTH..YEAR => (seconds / MONTH, "month"),
        _ => (seconds / YEAR, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(format!("{count} {unit}{plural}"))
}

/// "0:43", "12:05", "1:00:00". Begun seconds count whole, so that it never reads 0:00 too early.
pub(crate) fn countdown(left: Duration) -> String {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp(1_700_000_000_000 + seconds * 1000)
    }

    #[test]
    fn a_phrase_for_each_distance() {
        for (seconds, phrase) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (29 * 86_400, "29 days ago"),
            (30 * 86_400, "1 month ago"),
            (364 * 86_400, "12 months ago"),
            (365 * 86_400, "1 year ago"),
            (800 * 86_400, "2 years ago"),
        ] {
            assert_eq!(ago(at(0), at(seconds)), phrase);
        }
    }

    #[test]
    fn a_time_to_come_is_just_now() {
        assert_eq!(ago(at(90), at(0)), "just now");
    }

    #[test]
    fn times_to_come_have_phrases_too() {
        assert_eq!(until(at(7200), at(0)), "in 2 hours");
        assert_eq!(until(at(59), at(0)), "now");
        assert_eq!(until(at(0), at(90)), "now");
    }

    #[test]
    fn a_countdown_ends_at_zero_and_not_before() {
        for (millis, text) in
            [(0, "0:00"), (1, "0:01"), (1000, "0:01"), (43_000, "0:43"), (725_000, "12:05"), (3_600_000, "1:00:00")]
        {
            assert_eq!(countdown(Duration::from_millis(millis)), text);
        }
    }
}
