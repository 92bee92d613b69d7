//! Texts, flags, numbers, durations and colours as Comala writes them.

use super::members::{NOT_CARRIED, Report, Taken};
use crate::calendar::Span;
use crate::wire::status::Colour;
use crate::workflow::read::text::is_unfit;
use serde_json::Value;

/// A text; a number counts as one.
pub(super) fn text(taken: &Taken) -> Option<String> {
    match taken.value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text for people, of so many characters at most; anything else is reported.
pub(super) fn prose(taken: &Taken, most: usize, report: &mut Report) -> Option<String> {
    let Some(found) = text(taken) else {
        report.note(&taken.at, "This should be a text.", NOT_CARRIED);
        return None;
    };
    let short = shortened(&found, most);
    if short.chars().count() < found.chars().count() {
        report.note(&taken.at, format!("The text is longer than {most} characters."), "It is cut off there.");
    }
    (!short.is_empty()).then_some(short)
}

/// A name: one line of 80 characters at most; anything else is reported.
pub(super) fn name(taken: &Taken, report: &mut Report) -> Option<String> {
    prose(taken, 80, report).map(|text| one_line(&text)).filter(|text| !text.is_empty())
}

/// The first so many characters that a text may hold.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let plain: String = text.chars().filter(|sign| !is_unfit(*sign) || *sign == '\n').take(most).collect();
    plain.trim().to_owned()
}

/// The same without line breaks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether it can be an account id: `712020:…`, or the older 24 hexadecimal digits.
pub(super) fn is_account(text: &str) -> bool {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | ':');
    let old = text.len() == 24 && text.chars().all(|sign| sign.is_ascii_hexdigit());
    old || (text.contains(':') && text.len() <= 128 && text.chars().all(plain))
}

/// Whether it is a group id: a UUID.
pub(super) fn is_group(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.chars().all(|sign| sign.is_ascii_hexdigit()))
}

/// Yes or no, also as the text or number that says so.
pub(super) fn flag(taken: &Taken) -> Option<bool> {
    match taken.value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_f64() != Some(0.0)),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A whole number of at least one, also as a text.
pub(super) fn count(taken: &Taken) -> Option<u32> {
    let number = match taken.value {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    (number >= 1).then_some(number)
}

/// A duration.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Length {
    /// In ISO 8601, whole days at least.
    pub(super) iso: String,
    /// Whether that is what the source says, only written differently.
    pub(super) exact: bool,
}

/// A duration: ISO 8601 (`P1Y`), short (`1y`, `30 days`), or a number of days.
pub(super) fn length(taken: &Taken) -> Option<Length> {
    match taken.value {
        Value::Number(number) => days(number.as_u64()?),
        Value::String(text) => length_of(text.trim()),
        _ => None,
    }
}

/// The same from a text.
pub(super) fn length_of(text: &str) -> Option<Length> {
    let text = text.to_ascii_uppercase();
    if let Some(rest) = text.strip_prefix('P') {
        return iso(rest);
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let unit = match unit.trim() {
        "" | "D" | "DAY" | "DAYS" => return days(number),
        "W" | "WEEK" | "WEEKS" => 'W',
        "M" | "MON" | "MONTH" | "MONTHS" => 'M',
        "Y" | "YEAR" | "YEARS" => 'Y',
        "H" | "HOUR" | "HOURS" => return iso(&format!("T{number}H")),
        "MIN" | "MINUTE" | "MINUTES" => return iso(&format!("T{number}M")),
        _ => return None,
    };
    iso(&format!("{number}{unit}"))
}

fn days(number: u64) -> Option<Length> {
    iso(&format!("{number}D"))
}

/// What follows the `P`. Hours and less are rounded up to a day: Countersign's clock counts days.
fn iso(rest: &str) -> Option<Length> {
    let (dates, times) = rest.split_once('T').unwrap_or((rest, ""));
    let mut dates = fields(dates, "YMWD")?;
    let times = fields(times, "HMS")?;
    let exact = times.is_empty();
    if !exact {
        let hours = times.iter().map(|(number, unit)| if *unit == 'H' { *number } else { 0 }).sum::<u64>();
        let rest = times.iter().any(|(number, unit)| *unit != 'H' && *number > 0);
        let more = hours.checked_add(u64::from(rest))?.div_ceil(24);
        match dates.iter_mut().find(|(_, unit)| *unit == 'D') {
            Some(days) => days.0 = days.0.checked_add(more)?,
            None => dates.push((more, 'D')),
        }
    }
    dates.retain(|(number, _)| *number > 0);
    // A week beside other units is written in days, which every reader of ISO 8601 understands.
    if dates.len() > 1 && dates.iter().any(|(_, unit)| *unit == 'W') {
        let mut sum = 0_u64;
        for (number, unit) in &dates {
            sum = sum.checked_add(match unit {
                'W' => number.checked_mul(7)?,
                'D' => *number,
                _ => 0,
            })?;
        }
        dates.retain(|(_, unit)| matches!(unit, 'Y' | 'M'));
        dates.push((sum, 'D'));
    }
    if dates.is_empty() {
        return None;
    }
    let fields: String = dates.iter().map(|(number, unit)| format!("{number}{unit}")).collect();
    let iso = format!("P{fields}");
    iso.parse::<Span>().is_ok().then_some(Length { iso, exact })
}

/// Numbers with their units, which must stand in this order, each once.
fn fields(text: &str, units: &str) -> Option<Vec<(u64, char)>> {
    let mut found = Vec::new();
    let mut units = units.chars();
    let mut number = String::new();
    for sign in text.chars() {
        if sign.is_ascii_digit() {
            number.push(sign);
        } else {
            units.find(|unit| *unit == sign)?;
            found.push((number.parse().ok()?, sign));
            number.clear();
        }
    }
    number.is_empty().then_some(found)
}

/// The nearest of our colours, by name or as `#rgb` or `#rrggbb`.
pub(super) fn colour(text: &str) -> Option<Colour> {
    let text = text.trim().to_ascii_lowercase();
    match text.as_str() {
        "grey" | "gray" | "silver" | "black" | "white" | "lightgrey" | "darkgrey" => return Some(Colour::Grey),
        "blue" | "navy" | "teal" | "cyan" | "aqua" | "lightblue" | "darkblue" => return Some(Colour::Blue),
        "green" | "lime" | "olive" | "lightgreen" | "darkgreen" => return Some(Colour::Green),
        "yellow" | "orange" | "gold" | "amber" => return Some(Colour::Yellow),
        "red" | "maroon" | "crimson" | "darkred" => return Some(Colour::Red),
        "purple" | "violet" | "magenta" | "fuchsia" | "pink" | "indigo" => return Some(Colour::Purple),
        _ => {}
    }
    let digits = text.strip_prefix('#')?;
    let parts: Vec<i64> = match digits.len() {
        3 => {
            digits.chars().map(|digit| digit.to_digit(16).map(|value| i64::from(value * 17))).collect::<Option<_>>()?
        }
        6 => [0, 2, 4]
            .iter()
            .map(|start| i64::from_str_radix(digits.get(*start..*start + 2)?, 16).ok())
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let &[red, green, blue] = parts.as_slice() else { return None };
    Some(nearest(red, green, blue))
}

/// By hue: a pale yellow and a dark one are both yellow to people.
fn nearest(red: i64, green: i64, blue: i64) -> Colour {
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let spread = most - least;
    // Less than a quarter of the lightest part: people call it grey.
    if spread * 4 < most || most == 0 {
        return Colour::Grey;
    }
    let hue = if most == red {
        60 * (green - blue) / spread
    } else if most == green {
        120 + 60 * (blue - red) / spread
    } else {
        240 + 60 * (red - green) / spread
    };
    match hue.rem_euclid(360) {
        0..20 | 335..=360 => Colour::Red,
        20..75 => Colour::Yellow,
        75..170 => Colour::Green,
        170..245 => Colour::Blue,
        _ => Colour::Purple,
    }
}

/// How our format writes the colour.
pub(super) fn colour_word(colour: Colour) -> &'static str {
    match colour {
        Colour::Grey => "grey",
        Colour::Blue => "blue",
        Colour::Green => "green",
        Colour::Yellow => "yellow",
        Colour::Red => "red",
        Colour::Purple => "purple",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_every_form() {
        let cases = [
            ("P1Y", "P1Y", true),
            ("p6m", "P6M", true),
            ("P6M3W5D", "P6M26D", true),
            ("P2W", "P2W", true),
            ("P2W1D", "P15D", true),
            ("1y", "P1Y", true),
            ("30d", "P30D", true),
            ("2 weeks", "P2W", true),
            ("6m", "P6M", true),
            ("90", "P90D", true),
            ("PT18H", "P1D", false),
            ("P1DT1M", "P2D", false),
            ("48h", "P2D", false),
            ("P0Y3D", "P3D", true),
        ];
        for (from, to, exact) in cases {
            assert_eq!(length_of(from), Some(Length { iso: to.to_owned(), exact }), "{from}");
        }
        for from in ["", "P", "P0D", "soon", "2026-01-01", "P1D1Y", "1 fortnight", "99999999999999999999d", "é"] {
            assert_eq!(length_of(from), None, "{from}");
        }
    }

    #[test]
    fn colours_go_to_the_nearest() {
        let cases = [
            ("#4A6785", Some(Colour::Blue)),
            ("#14892C", Some(Colour::Green)),
            ("#f6c342", Some(Colour::Yellow)),
            ("#D04437", Some(Colour::Red)),
            ("#6554C0", Some(Colour::Purple)),
            ("#999", Some(Colour::Grey)),
            ("#000000", Some(Colour::Grey)),
            ("Orange", Some(Colour::Yellow)),
            ("#12", None),
            ("#ggg", None),
            ("mauve-ish", None),
            ("#é12", None),
        ];
        for (from, to) in cases {
            assert_eq!(colour(from), to, "{from}");
        }
    }
}
