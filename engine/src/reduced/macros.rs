//! Macros, images and links: what is said in their place.

use super::{Reduced, escape};
use crate::content::resolve_entities;
use crate::markup::attribute;

/// The longest name that is repeated.
const NAME_MAX: usize = 80;

/// Macros that only frame what was typed into them: nothing is missing where they stand.
const FRAMES: [&str; 11] =
    ["info", "note", "tip", "warning", "panel", "expand", "details", "excerpt", "code", "noformat", "section"];

/// A macro begins.
pub(super) fn begin(out: &mut Reduced, name: &str) {
    if !FRAMES.contains(&name) {
        left_out(out, &["macro \u{201c}", &short(name), "\u{201d}"].concat());
    }
}

/// Something that is not shown.
pub(super) fn left_out(out: &mut Reduced, what: &str) {
    out.html.push_str("<em>[");
    escape(what, &mut out.html);
    out.html.push_str(" not shown]</em>");
    let count = out.left_out.entry(what.to_owned()).or_default();
    *count = count.saturating_add(1);
}

/// Something that is named by what it points to.
pub(super) fn place(out: &mut Reduced, name: &str, attributes: &str) {
    let said = |wanted| attribute(attributes, wanted).map(|value| short(&resolve_entities(value)));
    let text = match name.to_ascii_lowercase().as_str() {
        "ac:emoticon" => said("ac:emoji-fallback").or_else(|| said("ac:name").map(|name| format!(":{name}:"))),
        "time" => said("datetime"),
        "ri:user" => Some("[a person]".to_owned()),
        "ri:page" | "ri:blog-post" => said("ri:content-title").map(|title| format!("[page \u{201c}{title}\u{201d}] ")),
        "ri:attachment" => said("ri:filename").map(|file| format!("[file \u{201c}{file}\u{201d}] ")),
        "ri:url" => said("ri:value").map(|address| format!("[address {address}] ")),
        "ri:space" => said("ri:space-key").map(|key| format!("[space {key}] ")),
        _ => None,
    };
    escape(&text.unwrap_or_default(), &mut out.html);
}

fn short(text: &str) -> String {
    text.chars().take(NAME_MAX).collect()
}
