use super::*;
use proptest::prelude::*;

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Cairo",
];

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().unwrap();
    Timestamp(u64::try_from(instant.as_millisecond()).unwrap())
}

fn told(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0.try_into().unwrap()).unwrap().to_string()
}

/// When somebody is reminded: the place of the reminder, and when.
fn found(opened: &str, due: &str, remind: &[&str], name: &str) -> Vec<(u32, String)> {
    let spans: Vec<Span> = remind.iter().map(|span| span.parse().unwrap()).collect();
    let list = mornings(at(opened), at(due), &spans, &zone(name));
    list.into_iter().map(|(nth, at)| (nth, told(at))).collect()
}

fn list(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
    expected.iter().map(|(nth, at)| (*nth, (*at).to_owned())).collect()
}

#[test]
fn nine_is_nine_before_and_after_the_clocks_change() {
    // Berlin goes from UTC+1 to UTC+2 on 29 March 2026.
    assert_eq!(
        found("2026-03-20T10:00:00Z", "2026-03-30T10:00:00Z", &["P3D", "P1D"], "Europe/Berlin"),
        list(&[(1, "2026-03-27T08:00:00Z"), (2, "2026-03-29T07:00:00Z"), (0, "2026-03-30T10:00:00Z")])
    );
    // And back on 25 October.
    assert_eq!(
        found("2026-10-20T10:00:00Z", "2026-10-26T10:00:00Z", &["P2D", "P1D"], "Europe/Berlin"),
        list(&[(1, "2026-10-24T07:00:00Z"), (2, "2026-10-25T08:00:00Z"), (0, "2026-10-26T10:00:00Z")])
    );
    // New York goes from UTC-5 to UTC-4 on 8 March.
    assert_eq!(
        found("2026-03-01T10:00:00Z", "2026-03-09T20:00:00Z", &["P3D", "P1D"], "America/New_York"),
        list(&[(1, "2026-03-06T14:00:00Z"), (2, "2026-03-08T13:00:00Z"), (0, "2026-03-09T20:00:00Z")])
    );
    // Lord Howe goes from UTC+11 to UTC+10:30 on 5 April.
    assert_eq!(
        found("2026-04-01T00:00:00Z", "2026-04-06T03:00:00Z", &["P2D", "P1D"], "Australia/Lord_Howe"),
        list(&[(1, "2026-04-03T22:00:00Z"), (2, "2026-04-04T22:30:00Z"), (0, "2026-04-06T03:00:00Z")])
    );
    // Kathmandu is at UTC+5:45 all year.
    assert_eq!(
        found("2026-04-01T00:00:00Z", "2026-04-06T06:00:00Z", &["P1D"], "Asia/Kathmandu"),
        list(&[(1, "2026-04-05T03:15:00Z"), (0, "2026-04-06T06:00:00Z")])
    );
}

#[test]
fn nobody_is_told_at_night_that_something_is_due() {
    assert_eq!(
        found("2026-03-01T10:00:00Z", "2026-03-10T02:00:00Z", &[], "Europe/Berlin"),
        list(&[(WHEN_DUE, "2026-03-10T08:00:00Z")])
    );
}

#[test]
fn a_reminder_whose_morning_is_over_comes_the_next_morning_or_at_its_moment() {
    // Asked for at 11:00; two days before the due date is the same day.
    assert_eq!(
        found("2026-03-02T10:00:00Z", "2026-03-04T15:00:00Z", &["P2D"], "Europe/Berlin")[0],
        (1, "2026-03-03T08:00:00Z".to_owned())
    );
    // No morning is left between: three hours before means three hours before.
    assert_eq!(
        found("2026-03-02T10:00:00Z", "2026-03-02T16:00:00Z", &["PT3H"], "Europe/Berlin"),
        // The notice that it is due moves to the next day: it would be the second mail that day.
        list(&[(1, "2026-03-02T13:00:00Z"), (0, "2026-03-03T08:00:00Z")])
    );
    // Longer than there was time: who was asked a moment ago is not reminded.
    assert_eq!(
        found("2026-03-02T10:00:00Z", "2026-03-02T16:00:00Z", &["P3D"], "Europe/Berlin"),
        list(&[(0, "2026-03-02T16:00:00Z")])
    );
    // Due at 05:00: the morning of that day would be too late.
    assert_eq!(
        found("2026-03-01T10:00:00Z", "2026-03-10T04:00:00Z", &["PT2H"], "Europe/Berlin"),
        list(&[(1, "2026-03-09T08:00:00Z"), (0, "2026-03-10T08:00:00Z")])
    );
}

#[test]
fn two_reminders_of_one_day_are_one() {
    let both = found("2026-03-01T10:00:00Z", "2026-03-10T15:00:00Z", &["P1D", "PT20H"], "Europe/Berlin");
    assert_eq!(both.iter().filter(|(nth, _)| *nth != WHEN_DUE).count(), 1, "{both:?}");
}

#[test]
fn lists_come_at_eight_daily_or_on_mondays() {
    let berlin = zone("Europe/Berlin");
    let saturday = at("2026-03-28T12:00:00Z");
    assert_eq!(next_digest(saturday, Digest::Daily, &berlin), Some(at("2026-03-29T06:00:00Z")));
    assert_eq!(next_digest(saturday, Digest::Weekly, &berlin), Some(at("2026-03-30T06:00:00Z")));
    assert_eq!(next_digest(saturday, Digest::Off, &berlin), None);
    assert_eq!(next_digest(at("2026-03-30T06:00:00Z"), Digest::Weekly, &berlin), Some(at("2026-04-06T06:00:00Z")));
}

const HOUR: u64 = 3_600_000;

proptest! {
    #[test]
    fn before_it_is_due_and_never_twice_a_day(
        opened in 1_262_304_000_000_u64..2_208_988_800_000,
        hours in 1..2_000_u64,
        remind in proptest::collection::vec(1..1_500_u32, 0..5),
        name in proptest::sample::select(&ZONES[..]),
    ) {
        let zone = zone(name);
        let (opened, due) = (Timestamp(opened), Timestamp(opened + hours * HOUR));
        let spans: Vec<Span> = remind.iter().filter_map(|hours| Span::of_hours(*hours)).collect();
        let list = mornings(opened, due, &spans, &zone);
        let mut days = BTreeSet::new();
        for &(nth, at) in &list {
            prop_assert!(opened < at);
            prop_assert!((nth == WHEN_DUE) == (at >= due), "{nth} {at:?}");
            prop_assert!(days.insert(calendar::day_of(at, &zone)), "twice on one day");
        }
        prop_assert_eq!(list.iter().filter(|(nth, _)| *nth == WHEN_DUE).count(), 1, "told once that it is due");
        let mut places: Vec<u32> = list.iter().map(|(nth, _)| *nth).collect();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), list.len());
        prop_assert_eq!(mornings(opened, due, &spans, &zone), list, "the same each time");
    }

    #[test]
    fn a_list_is_never_late_by_more_than_its_period(now in 1_262_304_000_000_u64..2_208_988_800_000, name in proptest::sample::select(&ZONES[..])) {
        let zone = zone(name);
        let daily = next_digest(Timestamp(now), Digest::Daily, &zone).unwrap();
        let weekly = next_digest(Timestamp(now), Digest::Weekly, &zone).unwrap();
        prop_assert!(Timestamp(now) < daily && daily.0 - now <= 49 * HOUR);
        prop_assert!(daily <= weekly && weekly.0 - now <= 15 * 24 * HOUR);
    }
}
