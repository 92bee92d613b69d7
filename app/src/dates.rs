//! Dates in the viewer's language and time zone, by the browser's `Intl`.

use crate::context::Context;
use core::cell::RefCell;
use engine::time::Timestamp;
use js_sys::{Array, Date, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The last millisecond a JavaScript `Date` can hold.
const LAST: u64 = 8_640_000_000_000_000;

struct Formats {
    short: Option<Function>,
    full: Option<Function>,
}

thread_local! {
    static FORMATS: RefCell<Option<Formats>> = const { RefCell::new(None) };
}

/// Sets the language and time zone of everything written from now on.
pub(crate) fn speak(context: &Context) {
    let formats = Formats { short: format(context, "medium", "short"), full: format(context, "full", "long") };
    FORMATS.with(|held| held.replace(Some(formats)));
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
            let held = held.borrow();
            let format = held.as_ref().and_then(pick)?;
            format.call1(&JsValue::UNDEFINED, &date(at)).ok()?.as_string()
        })
        .unwrap_or_else(|| iso(at))
}

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.millis().min(LAST) as f64))
}

/// A `DateTimeFormat`'s `format`. Built by reflection because an unknown locale or time zone throws: then the browser's
/// own is used.
fn format(context: &Context, date_style: &str, time_style: &str) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &"DateTimeFormat".into()).ok()?.dyn_into().ok()?;
    let build = |locale: &JsValue, zone: Option<&str>| {
        let options = Object::new();
        Reflect::set(&options, &"dateStyle".into(), &date_style.into()).ok()?;
        Reflect::set(&options, &"timeStyle".into(), &time_style.into()).ok()?;
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
