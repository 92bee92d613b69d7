//! Dates in the viewer's language and time zone, by the browser's `Intl`.

use crate::context::Context;
use core::cell::RefCell;
use engine::time::Timestamp;
use js_sys::{Array, Date, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The last millisecond a JavaScript `Date` can hold.
const LAST: u64 = 8_640_000_000_000_000;

struct Formats {
    day: Option<Function>,
    short: Option<Function>,
    full: Option<Function>,
}

/// Writing that waits.
type Writing = Box<dyn FnOnce()>;

thread_local! {
    static SPEAKER: RefCell<Option<Context>> = const { RefCell::new(None) };
    static FORMATS: RefCell<Option<Formats>> = const { RefCell::new(None) };
    /// What is written once there is time for it, while it is put off.
    static PUT_OFF: RefCell<Option<Vec<Writing>>> = const { RefCell::new(None) };
}

/// Sets the language and time zone of everything written from now on.
pub(crate) fn speak(context: &Context) {
    SPEAKER.with(|held| held.replace(Some(context.clone())));
    FORMATS.with(|held| held.replace(None));
}

/// Puts off what [`when_there_is_time`] is asked for: making the browser's formats takes longer than everything else a
/// viewer waits for.
pub(crate) fn put_off() {
    PUT_OFF.with(|held| held.replace(Some(Vec::new())));
}

/// Does what was put off; nothing is put off any more.
pub(crate) fn catch_up() {
    let waiting = PUT_OFF.with(|held| held.replace(None));
    waiting.into_iter().flatten().for_each(|write| write());
}

/// Writes now, or when there is time.
pub(crate) fn when_there_is_time(write: Writing) {
    let now = PUT_OFF.with(|held| match held.borrow_mut().as_mut() {
        Some(waiting) => {
            waiting.push(write);
            None
        }
        None => Some(write),
    });
    if let Some(write) = now {
        write();
    }
}

/// "21 November 2026".
pub(crate) fn day(at: Timestamp) -> String {
    written(at, |formats| formats.day.as_ref())
}

/// "21 Nov 2026, 14:05".
pub(crate) fn short(at: Timestamp) -> String {
    written(at, |formats| formats.short.as_ref())
}

/// "Saturday, 21 November 2026 at 14:05:09 CET".
pub(crate) fn full(at: Timestamp) -> String {
    written(at, |formats| formats.full.as_ref())
}

/// For programs: the `datetime` of a `<time>` element.
pub(crate) fn iso(at: Timestamp) -> String {
    date(at).to_iso_string().into()
}

fn written(at: Timestamp, pick: impl Fn(&Formats) -> Option<&Function>) -> String {
    FORMATS
        .with(|held| {
            let mut held = held.borrow_mut();
            let format = pick(held.get_or_insert_with(formats))?;
            format.call1(&JsValue::UNDEFINED, &date(at)).ok()?.as_string()
        })
        .unwrap_or_else(|| iso(at))
}

fn formats() -> Formats {
    let context = SPEAKER.with(|held| held.borrow().clone()).unwrap_or_default();
    Formats {
        day: format(&context, "long", None),
        short: format(&context, "medium", Some("short")),
        full: format(&context, "full", Some("long")),
    }
}

/// What the clocks of a time zone show: year, month, day, hour, minute, second. A zone the browser does not know is UTC.
pub(crate) fn wall(at: Timestamp, zone: &str) -> [i64; 6] {
    let read = |zone: &str| {
        let options = Object::new();
        for name in ["year", "month", "day", "hour", "minute", "second"] {
            Reflect::set(&options, &name.into(), &"numeric".into()).ok()?;
        }
        Reflect::set(&options, &"hourCycle".into(), &"h23".into()).ok()?;
        Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
        let format = Reflect::construct(&date_time_format()?, &Array::of2(&"en-US".into(), &options)).ok()?;
        let format: Function = Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()?;
        let text = format.call1(&JsValue::UNDEFINED, &date(at)).ok()?.as_string()?;
        let numbers = text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
        let numbers: Option<Vec<i64>> = numbers.map(|part| part.parse().ok()).collect();
        match numbers?.as_slice() {
            [month, day, year, hour, minute, second] => Some([*year, *month, *day, *hour, *minute, *second]),
            _ => None,
        }
    };
    read(zone).or_else(|| read("UTC")).unwrap_or_default()
}

fn date_time_format() -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()
}

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.millis().min(LAST) as f64))
}

/// A `DateTimeFormat`'s `format`. Built by reflection because an unknown locale or time zone throws: then the browser's
/// own is used.
fn format(context: &Context, date_style: &str, time_style: Option<&str>) -> Option<Function> {
    let class = date_time_format()?;
    let build = |locale: &JsValue, zone: Option<&str>| {
        let options = Object::new();
        Reflect::set(&options, &"dateStyle".into(), &date_style.into()).ok()?;
        if let Some(time_style) = time_style {
            Reflect::set(&options, &"timeStyle".into(), &time_style.into()).ok()?;
        }
        if let Some(zone) = zone {
            Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
        }
        let format = Reflect::construct(&class, &Array::of2(locale, &options)).ok()?;
        Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()
    };
    let locale = context.locale.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str);
    build(&locale, context.timezone.as_deref())
        .or_else(|| build(&locale, None))
        .or_else(|| build(&JsValue::UNDEFINED, None))
}
