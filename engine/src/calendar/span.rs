//! Durations as a workflow definition writes them.

use core::fmt;
use core::iter::Peekable;
use core::str::{Chars, FromStr};
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// The longest duration there may be, in days: a hundred years at their longest.
const MOST_DAYS: u64 = 36_525;
const SECONDS_A_DAY: u64 = 86_400;
/// Days of a common year before each month.
const DAYS_BEFORE_MONTH: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// An ISO 8601 duration: `P7D`, `P2W`, `P1Y6M`, `PT12H`, `P1DT12H`. Never zero, negative or longer than a hundred years.
///
/// It keeps the units it was written in, because "a month" is not a number of days: [`after`](super::after) finds the
/// end from a beginning. Two spellings of one length (`P1W`, `P7D`) are therefore not equal; compare lengths with
/// [`is_at_least_days`](Self::is_at_least_days) and [`is_at_most_days`](Self::is_at_most_days).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    pub(super) years: u32,
    pub(super) months: u32,
    pub(super) weeks: u32,
    pub(super) days: u32,
    pub(super) hours: u32,
    pub(super) minutes: u32,
    pub(super) seconds: u32,
}

/// Why a text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanFault {
    /// It does not begin with `P`.
    #[error("A duration begins with P. Write it like P7D (7 days), P2W, P1M, P1Y6M or PT12H (12 hours).")]
    NoP,
    /// Nothing follows the `P` or the `T`.
    #[error(
        "The duration ends too early. Write a number and a unit after P or T, like P7D (7 days) or PT12H (12 hours)."
    )]
    Unfinished,
    /// A unit without a number, a number without a unit, or a sign that has no place here.
    #[error(
        "“{0}” has no place in this duration. Write whole numbers, each followed by its unit, like P1Y6M or P1DT12H."
    )]
    Unexpected(char),
    /// A unit twice or out of order, or a time unit without `T`.
    #[error(
        "“{0}” is in the wrong place. The order is P, years Y, months M, days D, then T, hours H, minutes M, seconds S."
    )]
    OutOfOrder(char),
    /// Weeks beside other units.
    #[error("Weeks stand alone. Write P2W, or count in days: P17D instead of P2W3D.")]
    WeeksNotAlone,
    /// A fraction.
    #[error("Fractions are not understood. Use a smaller unit: PT12H instead of P0.5D.")]
    Fraction,
    /// Zero.
    #[error("A duration can't be zero. Write at least 1 of some unit, like P1D.")]
    Zero,
    /// Longer than a hundred years.
    #[error("This duration is longer than 100 years. Write a shorter one.")]
    TooLong,
}

impl Span {
    /// So many days; `None` for none and for more than a hundred years.
    #[must_use]
    pub fn of_days(days: u32) -> Option<Self> {
        Self { days, ..Self::NOTHING }.checked().ok()
    }

    /// So many hours; `None` for none and for more than a hundred years.
    #[must_use]
    pub fn of_hours(hours: u32) -> Option<Self> {
        Self { hours, ..Self::NOTHING }.checked().ok()
    }

    /// The least time it can take, whenever it begins (a month: 28 days).
    #[must_use]
    pub fn shortest(&self) -> Duration {
        self.reading(self.months_in_days().min().unwrap_or_default())
    }

    /// The most time it can take, whenever it begins (a month: 31 days).
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.reading(self.months_in_days().max().unwrap_or_default())
    }

    /// Whether even its shortest reading is no shorter than so many days.
    #[must_use]
    pub fn is_at_least_days(&self, days: u32) -> bool {
        self.shortest() >= Duration::from_secs(u64::from(days) * SECONDS_A_DAY)
    }

    /// Whether even its longest reading is no longer than so many days. Two years are 731 days at their longest.
    #[must_use]
    pub fn is_at_most_days(&self, days: u32) -> bool {
        self.longest() <= Duration::from_secs(u64::from(days) * SECONDS_A_DAY)
    }

    const NOTHING: Self = Self { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };

    /// The days its years and months take, once for each month of four years they can begin in.
    fn months_in_days(&self) -> impl Iterator<Item = u64> {
        let months = u64::from(self.years) * 12 + u64::from(self.months);
        (0..48).map(move |begin| days_before(begin + months).saturating_sub(days_before(begin)))
    }

    fn reading(&self, months_in_days: u64) -> Duration {
        let days = months_in_days + u64::from(self.weeks) * 7 + u64::from(self.days);
        let seconds = u64::from(self.hours) * 3600 + u64::from(self.minutes) * 60 + u64::from(self.seconds);
        Duration::from_secs(days * SECONDS_A_DAY + seconds)
    }

    fn checked(self) -> Result<Self, SpanFault> {
        if self == Self::NOTHING {
            return Err(SpanFault::Zero);
        }
        if self.longest() > Duration::from_secs(MOST_DAYS * SECONDS_A_DAY) {
            return Err(SpanFault::TooLong);
        }
        Ok(self)
    }

    fn unit(&mut self, of_time: bool, unit: char) -> Option<(u8, &mut u32)> {
        Some(match (of_time, unit) {
            (false, 'Y') => (1, &mut self.years),
            (false, 'M') => (2, &mut self.months),
            (false, 'W') => (3, &mut self.weeks),
            (false, 'D') => (4, &mut self.days),
            (true, 'H') => (5, &mut self.hours),
            (true, 'M') => (6, &mut self.minutes),
            (true, 'S') => (7, &mut self.seconds),
            _ => return None,
        })
    }
}

/// Days from the beginning of a four-year round whose last year is a leap year to the beginning of a month, counted
/// from 0. Years like 2100 are taken as leap years: a reading may be a day generous, never wrong by more.
fn days_before(month: u64) -> u64 {
    let (year, of_year) = (month / 12, month % 12);
    let leap_day = u64::from(year % 4 == 3 && of_year >= 2);
    let of_month = usize::try_from(of_year).ok().and_then(|index| DAYS_BEFORE_MONTH.get(index)).copied();
    year * 365 + year / 4 + leap_day + of_month.unwrap_or_default()
}

impl FromStr for Span {
    type Err = SpanFault;

    fn from_str(text: &str) -> Result<Self, SpanFault> {
        let mut rest = text.strip_prefix('P').ok_or(SpanFault::NoP)?.chars().peekable();
        let mut span = Self::NOTHING;
        let (mut of_time, mut last, mut weeks) = (false, 0, false);
        while let Some(&next) = rest.peek() {
            if next == 'T' && !of_time {
                of_time = true;
                rest.next();
                if rest.peek().is_none() {
                    return Err(SpanFault::Unfinished);
                }
                continue;
            }
            let number = number(&mut rest)?;
            let unit = rest.next().ok_or(SpanFault::Unfinished)?;
            let Some((place, field)) = span.unit(of_time, unit) else {
                return Err(match unit {
                    '.' | ',' => SpanFault::Fraction,
                    'Y' | 'M' | 'W' | 'D' | 'H' | 'S' => SpanFault::OutOfOrder(unit),
                    other => SpanFault::Unexpected(other),
                });
            };
            if weeks || (unit == 'W' && last != 0) {
                return Err(SpanFault::WeeksNotAlone);
            }
            if place <= last {
                return Err(SpanFault::OutOfOrder(unit));
            }
            *field = number;
            (last, weeks) = (place, unit == 'W');
        }
        if last == 0 { Err(SpanFault::Unfinished) } else { span.checked() }
    }
}

/// A run of digits. Too large a number is too long a duration, whatever its unit.
fn number(rest: &mut Peekable<Chars<'_>>) -> Result<u32, SpanFault> {
    let mut number = None;
    while let Some(digit) = rest.peek().and_then(|next| next.to_digit(10)) {
        let before: u32 = number.unwrap_or(0);
        number = Some(before.checked_mul(10).and_then(|n| n.checked_add(digit)).ok_or(SpanFault::TooLong)?);
        rest.next();
    }
    number.ok_or_else(|| rest.peek().map_or(SpanFault::Unfinished, |&next| SpanFault::Unexpected(next)))
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        parts(f, &[(self.years, 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days, 'D')])?;
        if self.hours != 0 || self.minutes != 0 || self.seconds != 0 {
            f.write_str("T")?;
        }
        parts(f, &[(self.hours, 'H'), (self.minutes, 'M'), (self.seconds, 'S')])
    }
}

fn parts(f: &mut fmt::Formatter<'_>, parts: &[(u32, char)]) -> fmt::Result {
    parts.iter().filter(|(number, _)| *number != 0).try_for_each(|(number, unit)| write!(f, "{number}{unit}"))
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl TryFrom<String> for Span {
    type Error = SpanFault;

    fn try_from(text: String) -> Result<Self, SpanFault> {
        text.parse()
    }
}
