//! What becomes of an element.

use crate::markup::attribute;

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// It stays, without its attributes.
    Kept(&'static str),
    /// Its tags go, its text stays.
    Transparent,
    /// It goes with all that is in it.
    Hidden,
    /// A macro: named, and what was typed into it is shown.
    Macro,
    /// An image: named.
    Image,
    /// A person, a page, an emoji: said in words.
    Place,
    /// What a task says; whether it is done stands before it.
    TaskBody,
}

/// Tags that are written, as they are.
const KEPT: [&str; 31] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "s",
    "del",
    "sub",
    "sup",
    "code",
    "pre",
    "blockquote",
    "br",
    "hr",
    "div",
];

/// What becomes of the element of this name. What is not known is transparent: its text is content.
pub(super) fn element(name: &str) -> Element {
    if let Some(tag) = KEPT.iter().find(|known| name.eq_ignore_ascii_case(known)) {
        return Element::Kept(tag);
    }
    match name.to_ascii_lowercase().as_str() {
        // What is no content; settings of macros and tasks; the fallback, which repeats what the newer form says.
        "script" | "style" | "template" | "noscript" | "iframe" | "object" | "svg" | "math" | "ac:parameter"
        | "ac:task-id" | "ac:task-uuid" | "ac:task-status" | "ac:placeholder" | "ac:adf-attribute"
        | "ac:adf-fallback" => Element::Hidden,
        "ac:structured-macro" | "ac:macro" => Element::Macro,
        "ac:image" | "img" | "video" | "audio" => Element::Image,
        "ac:emoticon" | "ri:user" | "ri:page" | "ri:blog-post" | "ri:attachment" | "ri:url" | "ri:space" | "time" => {
            Element::Place
        }
        "ac:task-list" => Element::Kept("ul"),
        "ac:task" => Element::Kept("li"),
        "ac:task-body" => Element::TaskBody,
        "ac:plain-text-body" => Element::Kept("pre"),
        "ac:rich-text-body" | "ac:adf-content" => Element::Kept("blockquote"),
        _ => Element::Transparent,
    }
}

/// Elements without an end.
pub(super) fn is_void(name: &str) -> bool {
    ["br", "hr", "img"].iter().any(|void| name.eq_ignore_ascii_case(void))
}

/// How many columns and rows a cell spans: the only attributes that are kept, as numbers written here.
pub(super) fn cell_spans(attributes: &str, out: &mut String) {
    for name in ["colspan", "rowspan"] {
        let span = attribute(attributes, name).and_then(|value| value.parse::<u16>().ok());
        if let Some(span) = span.filter(|span| (2..=100).contains(span)) {
            out.push_str(&format!(" {name}=\"{span}\""));
        }
    }
}
