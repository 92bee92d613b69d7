//! Known instants around changes of the clocks.

use super::*;
use crate::time::Timestamp;

pub(super) const ZONES: [&str; 10] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Scoresbysund",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
];

pub(super) fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

fn date(text: &str) -> CivilDate {
    text.parse().unwrap()
}

/// An instant by its RFC 3339 text.
pub(super) fn at(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().unwrap();
    Timestamp(u64::try_from(instant.as_millisecond()).unwrap())
}

#[track_caller]
fn same(found: Option<Timestamp>, expected: &str) {
    let shown = found.map(|found| jiff::Timestamp::from_millisecond(found.0.try_into().unwrap()).unwrap().to_string());
    assert_eq!(found, Some(at(expected)), "{shown:?}, expected {expected}");
}

#[test]
fn a_span_is_written_as_it_is_read() {
    for text in ["P7D", "P2W", "P1M", "P1Y", "P1Y6M", "PT12H", "P1DT12H", "PT90M", "P1Y2M3DT4H5M6S", "P100Y", "P36525D"]
    {
        assert_eq!(span(text).to_string(), text);
        assert_eq!(serde_json::to_string(&span(text)).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Span>(&format!("\"{text}\"")).unwrap(), span(text));
    }
    assert_eq!(span("P007DT0H").to_string(), "P7D");
    assert_eq!(Span::of_days(7), Some(span("P7D")));
    assert_eq!(Span::of_hours(12), Some(span("PT12H")));
    assert_eq!(Span::of_days(0), None);
    assert_eq!(Span::of_days(u32::MAX), None);
}

#[test]
fn what_is_wrong_with_a_span_is_named() {
    for (text, fault) in [
        ("", SpanFault::NoP),
        ("7D", SpanFault::NoP),
        ("p7d", SpanFault::NoP),
        ("-P7D", SpanFault::NoP),
        ("P", SpanFault::Unfinished),
        ("PT", SpanFault::Unfinished),
        ("P1DT", SpanFault::Unfinished),
        ("P7", SpanFault::Unfinished),
        ("PD", SpanFault::Unexpected('D')),
        ("P-7D", SpanFault::Unexpected('-')),
        ("P 7D", SpanFault::Unexpected(' ')),
        ("P7D ", SpanFault::Unexpected(' ')),
        ("P7d", SpanFault::Unexpected('d')),
        ("P7T", SpanFault::Unexpected('T')),
        ("P٣D", SpanFault::Unexpected('٣')),
        ("PT1HT1M", SpanFault::Unexpected('T')),
        ("P12H", SpanFault::OutOfOrder('H')),
        ("PT1D", SpanFault::OutOfOrder('D')),
        ("P1D1M", SpanFault::OutOfOrder('M')),
        ("P1D1D", SpanFault::OutOfOrder('D')),
        ("P0D1D", SpanFault::OutOfOrder('D')),
        ("P2W3D", SpanFault::WeeksNotAlone),
        ("P1Y2W", SpanFault::WeeksNotAlone),
        ("P2WT1H", SpanFault::WeeksNotAlone),
        ("P0.5D", SpanFault::Fraction),
        ("PT1,5H", SpanFault::Fraction),
        ("P0D", SpanFault::Zero),
        ("PT0S", SpanFault::Zero),
        ("P101Y", SpanFault::TooLong),
        ("P36526D", SpanFault::TooLong),
        ("P99999999999D", SpanFault::TooLong),
        ("PT4294967295S", SpanFault::TooLong),
    ] {
        assert_eq!(text.parse::<Span>(), Err(fault), "{text}");
    }
    assert!(serde_json::from_str::<Span>("\"soon\"").unwrap_err().to_string().contains("P7D"));
}

#[test]
fn the_length_of_a_span_has_two_readings() {
    let days = |text: &str| (span(text).shortest().as_secs() / 86_400, span(text).longest().as_secs() / 86_400);
    assert_eq!(days("P1M"), (28, 31));
    assert_eq!(days("P2M"), (59, 62));
    assert_eq!(days("P6M"), (181, 184));
    assert_eq!(days("P1Y"), (365, 366));
    assert_eq!(days("P12M"), (365, 366));
    assert_eq!(days("P2Y"), (730, 731));
    assert_eq!(days("P4Y"), (1461, 1461));
    assert_eq!(days("P2W"), (14, 14));
    assert_eq!(days("PT47H"), (1, 1));
    // One day to two years, whatever it is written in.
    let allowed = |text: &str| span(text).is_at_least_days(1) && span(text).is_at_most_days(731);
    for text in ["P1D", "PT24H", "P2Y", "P24M", "P1Y12M", "P104W", "P731D"] {
        assert!(allowed(text), "{text}");
    }
    for text in ["PT23H59M59S", "PT1M", "P2YT1S", "P2Y1D", "P25M", "P732D", "P105W"] {
        assert!(!allowed(text), "{text}");
    }
}

#[test]
fn a_date_is_a_day_of_the_calendar() {
    for text in ["2027-03-01", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
        assert_eq!(date(text).to_string(), text);
        assert_eq!(serde_json::from_str::<CivilDate>(&serde_json::to_string(text).unwrap()).unwrap(), date(text));
    }
    for text in ["2023-02-29", "2100-02-29", "2027-04-31", "2027-13-01", "2027-00-01", "2027-01-00", "0000-01-01"] {
        assert_eq!(text.parse::<CivilDate>(), Err(CivilDateFault::NoSuchDay), "{text}");
    }
    for text in
        ["", "2027-3-1", "20270301", "2027/03/01", "2027-03-01T00:00", " 2027-03-01", "+027-03-01", "2027-03-0é"]
    {
        assert_eq!(text.parse::<CivilDate>(), Err(CivilDateFault::Form), "{text}");
    }
    assert_eq!(date("2026-03-29").weekday(), Weekday::Sunday);
    assert!(date("2026-03-29") < date("2026-10-25"));
}

#[test]
fn a_zone_is_one_of_the_database() {
    for name in ZONES {
        assert_eq!(zone(name).name(), name);
        assert_eq!(serde_json::from_str::<Zone>(&serde_json::to_string(&zone(name)).unwrap()).unwrap(), zone(name));
    }
    assert_eq!(zone("europe/berlin").name(), "Europe/Berlin");
    assert_eq!(zone("UTC"), Zone::utc());
    for name in [
        "",
        "Mars/Olympus",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "+02:00",
        "Etc/Unknown",
        "../etc/localtime",
        "Europe/Berlin ",
    ] {
        assert_eq!(name.parse::<Zone>(), Err(ZoneFault::Unknown(name.to_owned())));
    }
    let ZoneFault::Unknown(shown) = "x".repeat(1000).parse::<Zone>().unwrap_err();
    assert_eq!(shown.len(), 64);
}

#[test]
fn days_are_counted_by_the_calendar_and_hours_by_the_clock() {
    let berlin = zone("Europe/Berlin");
    // 29 March 2026: 02:00 +01 becomes 03:00 +02. 25 October 2026: 03:00 +02 becomes 02:00 +01.
    same(after(at("2026-03-28T12:00:00+01:00"), &span("P1D"), &berlin), "2026-03-29T12:00:00+02:00");
    same(after(at("2026-03-28T12:00:00+01:00"), &span("PT24H"), &berlin), "2026-03-29T13:00:00+02:00");
    same(after(at("2026-03-28T12:00:00+01:00"), &span("P1DT12H"), &berlin), "2026-03-30T00:00:00+02:00");
    same(after(at("2026-03-28T02:30:00+01:00"), &span("P1D"), &berlin), "2026-03-29T03:30:00+02:00");
    same(after(at("2026-10-24T02:30:00+02:00"), &span("P1D"), &berlin), "2026-10-25T02:30:00+02:00");
    same(after(at("2026-10-11T12:00:00+02:00"), &span("P2W"), &berlin), "2026-10-25T12:00:00+01:00");
    same(before(at("2026-10-25T12:00:00+01:00"), &span("P1D"), &berlin), "2026-10-24T12:00:00+02:00");
    same(before(at("2026-10-25T12:00:00+01:00"), &span("PT24H"), &berlin), "2026-10-24T13:00:00+02:00");
    let new_york = zone("America/New_York");
    same(after(at("2026-03-07T09:00:00-05:00"), &span("P1D"), &new_york), "2026-03-08T09:00:00-04:00");
    same(after(at("2026-10-31T09:00:00-04:00"), &span("P1D"), &new_york), "2026-11-01T09:00:00-05:00");
    // The same instant, a month later, is another instant in another zone.
    same(after(at("2026-03-01T00:00:00Z"), &span("P1M"), &Zone::utc()), "2026-04-01T00:00:00Z");
    same(after(at("2026-03-01T00:00:00Z"), &span("P1M"), &new_york), "2026-03-28T19:00:00-04:00");
}

#[test]
fn the_end_of_a_month_is_kept_to() {
    let utc = Zone::utc();
    same(after(at("2026-01-31T08:00:00Z"), &span("P1M"), &utc), "2026-02-28T08:00:00Z");
    same(after(at("2028-01-31T08:00:00Z"), &span("P1M"), &utc), "2028-02-29T08:00:00Z");
    same(after(at("2026-01-31T08:00:00Z"), &span("P2M"), &utc), "2026-03-31T08:00:00Z");
    same(after(at("2028-02-29T08:00:00Z"), &span("P1Y"), &utc), "2029-02-28T08:00:00Z");
    same(after(at("2028-02-29T08:00:00Z"), &span("P4Y"), &utc), "2032-02-29T08:00:00Z");
    same(before(at("2026-03-31T08:00:00Z"), &span("P1M"), &utc), "2026-02-28T08:00:00Z");
    same(before(at("2028-02-29T08:00:00Z"), &span("P1Y6M"), &utc), "2026-08-29T08:00:00Z");
    same(after(Timestamp(1_767_225_600_123), &span("P1D"), &utc), "2026-01-02T00:00:00.123Z");
}

#[test]
fn there_is_nothing_beyond_time() {
    let utc = Zone::utc();
    assert_eq!(after(at("9990-01-01T00:00:00Z"), &span("P10Y"), &utc), None);
    assert_eq!(before(Timestamp(0), &span("PT1S"), &utc), None);
    assert_eq!(before(Timestamp(1000), &span("PT1S"), &utc), Some(Timestamp(0)));
    assert_eq!(start_of_day(date("1969-12-31"), &utc), None);
    assert_eq!(next_at_hour(Timestamp(0), 24, &utc), None);
    assert_eq!(at_hour_on_day_of(Timestamp(0), 255, &utc), None);
    for far in [Timestamp(u64::MAX), Timestamp(i64::MAX.unsigned_abs()), at("9999-12-30T21:59:59Z")] {
        for name in ZONES {
            let _ = after(far, &span("P1D"), &zone(name));
            let _ = next_at_hour(far, 8, &zone(name));
            let _ = next_on_weekday(far, Weekday::Monday, 8, &zone(name));
            let _ = at_hour_on_day_of(far, 23, &zone(name));
        }
        assert_eq!(next_on_weekday(far, Weekday::Monday, 8, &utc), None);
    }
    let _ = start_of_day(date("9999-12-31"), &zone("Pacific/Apia"));
    let _ = start_of_day(date("0001-01-01"), &zone("Asia/Kathmandu"));
}

#[test]
fn an_hour_in_a_gap_comes_at_its_end() {
    let berlin = zone("Europe/Berlin");
    same(next_at_hour(at("2026-03-28T12:00:00+01:00"), 2, &berlin), "2026-03-29T03:00:00+02:00");
    same(next_at_hour(at("2026-03-29T03:00:00+02:00"), 2, &berlin), "2026-03-30T02:00:00+02:00");
    same(next_at_hour(at("2026-03-28T12:00:00+01:00"), 3, &berlin), "2026-03-29T03:00:00+02:00");
    same(at_hour_on_day_of(at("2026-03-29T12:00:00+02:00"), 2, &berlin), "2026-03-29T03:00:00+02:00");
    // Half an hour: 02:00 +10:30 becomes 02:30 +11 on 4 October 2026.
    let lord_howe = zone("Australia/Lord_Howe");
    same(next_at_hour(at("2026-10-03T12:00:00+10:30"), 2, &lord_howe), "2026-10-04T02:30:00+11:00");
    // At midnight: 00:00 +02 becomes 01:00 +03 on 24 April 2026.
    let cairo = zone("Africa/Cairo");
    same(start_of_day(date("2026-04-24"), &cairo), "2026-04-24T01:00:00+03:00");
    same(next_at_hour(at("2026-04-23T23:30:00+02:00"), 0, &cairo), "2026-04-24T01:00:00+03:00");
    // Up to midnight: 23:00 -02 on 28 March 2026 becomes 00:00 -01 on the 29th.
    let scoresbysund = zone("America/Scoresbysund");
    same(next_at_hour(at("2026-03-28T12:00:00-02:00"), 23, &scoresbysund), "2026-03-29T00:00:00-01:00");
    same(next_at_hour(at("2026-03-29T00:00:00-01:00"), 23, &scoresbysund), "2026-03-29T23:00:00-01:00");
    same(start_of_day(date("2026-03-29"), &scoresbysund), "2026-03-29T00:00:00-01:00");
}

#[test]
fn an_hour_shown_twice_comes_once() {
    let berlin = zone("Europe/Berlin");
    same(next_at_hour(at("2026-10-24T12:00:00+02:00"), 2, &berlin), "2026-10-25T02:00:00+02:00");
    same(next_at_hour(at("2026-10-25T02:00:00+02:00"), 2, &berlin), "2026-10-26T02:00:00+01:00");
    same(next_at_hour(at("2026-10-25T02:30:00+01:00"), 2, &berlin), "2026-10-26T02:00:00+01:00");
    same(at_hour_on_day_of(at("2026-10-25T02:30:00+01:00"), 2, &berlin), "2026-10-25T02:00:00+02:00");
    // Half an hour: 02:00 +11 becomes 01:30 +10:30 on 5 April 2026, so 02:00 itself is shown once, an instant later.
    let lord_howe = zone("Australia/Lord_Howe");
    same(next_at_hour(at("2026-04-04T12:00:00+11:00"), 2, &lord_howe), "2026-04-05T02:00:00+10:30");
    // At midnight: 00:00 +03 becomes 23:00 +02 of the day before, 29 October 2026.
    let cairo = zone("Africa/Cairo");
    same(next_at_hour(at("2026-10-29T12:00:00+03:00"), 23, &cairo), "2026-10-29T23:00:00+03:00");
    same(next_at_hour(at("2026-10-29T23:00:00+03:00"), 23, &cairo), "2026-10-30T23:00:00+02:00");
    same(start_of_day(date("2026-10-30"), &cairo), "2026-10-30T00:00:00+02:00");
}

#[test]
fn ordinary_hours_come_daily() {
    let kathmandu = zone("Asia/Kathmandu");
    same(next_at_hour(at("2026-05-01T08:59:59+05:45"), 9, &kathmandu), "2026-05-01T03:15:00Z");
    same(next_at_hour(at("2026-05-01T09:00:00+05:45"), 9, &kathmandu), "2026-05-02T03:15:00Z");
    same(start_of_day(date("2026-05-01"), &kathmandu), "2026-04-30T18:15:00Z");
    let new_york = zone("America/New_York");
    same(next_at_hour(at("2026-03-07T12:00:00-05:00"), 9, &new_york), "2026-03-08T09:00:00-04:00");
    same(at_hour_on_day_of(at("2026-03-08T23:59:59-04:00"), 9, &new_york), "2026-03-08T09:00:00-04:00");
    assert_eq!(day_of(at("2026-03-08T03:00:00Z"), &new_york), Some(date("2026-03-07")));
}

#[test]
fn a_day_the_zone_left_out_has_no_hours() {
    // Samoa went from 29 December 2011 24:00 -10 to 31 December 00:00 +14.
    let apia = zone("Pacific/Apia");
    same(next_at_hour(at("2011-12-29T09:00:00-10:00"), 9, &apia), "2011-12-31T09:00:00+14:00");
    same(next_at_hour(at("2011-12-29T09:00:00-10:00"), 0, &apia), "2011-12-31T00:00:00+14:00");
    same(next_at_hour(at("2011-12-29T23:59:59-10:00"), 23, &apia), "2011-12-31T23:00:00+14:00");
    same(next_on_weekday(at("2011-12-29T12:00:00-10:00"), Weekday::Friday, 9, &apia), "2012-01-06T09:00:00+14:00");
    same(start_of_day(date("2011-12-30"), &apia), "2011-12-31T00:00:00+14:00");
    same(after(at("2011-12-29T12:00:00-10:00"), &span("P1D"), &apia), "2011-12-31T12:00:00+14:00");
    same(after(at("2011-12-29T12:00:00-10:00"), &span("P2D"), &apia), "2011-12-31T12:00:00+14:00");
}

#[test]
fn weekly_hours_come_on_their_day() {
    let berlin = zone("Europe/Berlin");
    same(next_on_weekday(at("2026-03-23T09:00:00+01:00"), Weekday::Monday, 9, &berlin), "2026-03-30T09:00:00+02:00");
    same(next_on_weekday(at("2026-03-23T08:59:59+01:00"), Weekday::Monday, 9, &berlin), "2026-03-23T09:00:00+01:00");
    same(next_on_weekday(at("2026-03-28T12:00:00+01:00"), Weekday::Sunday, 2, &berlin), "2026-03-29T03:00:00+02:00");
    same(next_on_weekday(at("2026-10-25T02:30:00+02:00"), Weekday::Sunday, 2, &berlin), "2026-11-01T02:00:00+01:00");
    assert_eq!(serde_json::to_string(&Weekday::Monday).unwrap(), "\"monday\"");
}
