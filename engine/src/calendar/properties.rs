//! What holds for all times, spans and zones.

use super::tests::{ZONES, at, zone};
use super::*;
use crate::time::Timestamp;
use proptest::prelude::*;

const HOUR: u64 = 3_600_000;

fn wall_clock(at: Timestamp, zone: &Zone) -> jiff::civil::DateTime {
    zone.0.to_datetime(jiff::Timestamp::from_millisecond(at.0.try_into().unwrap()).unwrap())
}

fn any_zone() -> impl Strategy<Value = Zone> {
    proptest::sample::select(&ZONES[..]).prop_map(zone)
}

/// Any time from 1971 to 2150, but often near a change of the clocks.
fn any_time() -> impl Strategy<Value = Timestamp> {
    let changes = [
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2011-12-30T10:00:00Z",
        "2026-04-04T15:00:00Z",
        "1993-08-21T12:00:00Z",
    ];
    let near = (proptest::sample::select(changes.to_vec()), 0..100 * HOUR)
        .prop_map(|(change, by)| Timestamp(at(change).0 + by - 50 * HOUR));
    prop_oneof![(365 * 24 * HOUR..180 * 365 * 24 * HOUR).prop_map(Timestamp), near]
}

prop_compose! {
    fn any_span()(years in 0..40_u32, months in 0..200_u32, days in 1..3000_u32, hours in 0..100_u32, minutes in 0..100_u32) -> Span {
        format!("P{years}Y{months}M{days}DT{hours}H{minutes}M").parse().unwrap()
    }
}

proptest! {
    #[test]
    fn a_span_survives_being_written(span in any_span(), weeks in 1..5000_u32) {
        prop_assert_eq!(span.to_string().parse(), Ok(span));
        let weeks: Span = format!("P{weeks}W").parse().unwrap();
        prop_assert_eq!(weeks.to_string().parse(), Ok(weeks));
        prop_assert!(span.shortest() <= span.longest());
    }

    #[test]
    fn any_text_is_no_span_or_one_that_survives(text in "P?[0-9YMWDTHS.-]{0,12}|\\PC{0,10}") {
        if let Ok(span) = text.parse::<Span>() {
            prop_assert_eq!(span.to_string().parse(), Ok(span));
            prop_assert!(!span.longest().is_zero());
        }
        let _ = text.parse::<Zone>();
        let _ = text.parse::<CivilDate>();
    }

    #[test]
    fn a_span_takes_what_its_readings_say(time in any_time(), span in any_span()) {
        let reached = after(time, &span, &Zone::utc()).unwrap();
        let taken = reached - time;
        prop_assert!(taken >= span.shortest().saturating_sub(core::time::Duration::from_secs(86_400)), "a century without its leap day");
        prop_assert!(taken <= span.longest());
    }

    #[test]
    fn the_next_hour_is_the_next(time in any_time(), hour in 0..24_u8, zone in any_zone()) {
        let next = next_at_hour(time, hour, &zone).unwrap();
        prop_assert!(next > time);
        prop_assert!(next.0 - time.0 <= 49 * HOUR);
        let shown = wall_clock(next, &zone);
        let just_before = wall_clock(Timestamp(next.0 - 1), &zone);
        let wanted = i8::try_from(hour).unwrap();
        if shown.hour() == wanted && shown.minute() == 0 {
            prop_assert_eq!(shown.second(), 0);
        } else {
            // In a gap: the clocks jumped over the hour at this very instant.
            let jumped = just_before.date().to_datetime(jiff::civil::Time::new(wanted, 0, 0, 0).unwrap());
            let jumped = if jumped < just_before { jumped.tomorrow().unwrap() } else { jumped };
            prop_assert!(just_before < jumped && jumped < shown, "{} {} {}", just_before, jumped, shown);
        }
        // Nothing between is left out: from any time between, the same is next.
        let between = Timestamp(time.0 + (next.0 - time.0) / 2);
        prop_assert_eq!(next_at_hour(between, hour, &zone), Some(next));
        prop_assert_eq!(next_at_hour(Timestamp(next.0 - 1), hour, &zone), Some(next));
    }

    #[test]
    fn the_next_hour_never_goes_back(a in any_time(), by in 0..60 * HOUR, hour in 0..24_u8, zone in any_zone()) {
        let b = Timestamp(a.0 + by);
        prop_assert!(next_at_hour(a, hour, &zone) <= next_at_hour(b, hour, &zone));
        let (day, other) = (next_at_hour(a, hour, &zone).unwrap(), next_at_hour(b, hour, &zone).unwrap());
        // Once a day: two of one date are one, but where the clocks jumped over the hour and midnight both.
        if wall_clock(day, &zone).date() == wall_clock(other, &zone).date() && wall_clock(day, &zone).hour() == wall_clock(other, &zone).hour() {
            prop_assert_eq!(day, other);
        }
    }

    #[test]
    fn the_next_day_of_the_week_is_that_day(time in any_time(), hour in 1..20_u8, zone in any_zone(), monday in any::<bool>()) {
        let weekday = if monday { Weekday::Monday } else { Weekday::Saturday };
        let next = next_on_weekday(time, weekday, hour, &zone).unwrap();
        prop_assert!(next > time && next.0 - time.0 <= (14 * 24 + 2) * HOUR);
        prop_assert_eq!(day_of(next, &zone).unwrap().weekday(), weekday);
    }

    #[test]
    fn days_there_and_back_are_the_same_time(time in any_time(), days in 1..1000_u32, zone in any_zone()) {
        let span = Span::of_days(days).unwrap();
        let there = after(time, &span, &zone).unwrap();
        prop_assert!(there > time);
        let back = before(there, &span, &zone).unwrap();
        // A change of the clocks on either end moves the time by what the clocks moved, a day in Samoa.
        prop_assert!(back.0.abs_diff(time.0) <= 24 * HOUR);
        if wall_clock(there, &zone).time() == wall_clock(time, &zone).time() && wall_clock(back, &zone) == wall_clock(time, &zone) {
            prop_assert!(back == time || back.0 < time.0, "the first of two");
        }
        let hours = Span::of_hours(days).unwrap();
        prop_assert_eq!(before(after(time, &hours, &zone).unwrap(), &hours, &zone), Some(time));
    }

    #[test]
    fn a_day_begins_with_itself(time in any_time(), hour in 0..24_u8, zone in any_zone()) {
        let today = day_of(time, &zone).unwrap();
        let begin = start_of_day(today, &zone).unwrap();
        prop_assert!(begin <= time);
        prop_assert_eq!(day_of(begin, &zone), Some(today));
        prop_assert!(begin <= at_hour_on_day_of(time, hour, &zone).unwrap());
    }
}
