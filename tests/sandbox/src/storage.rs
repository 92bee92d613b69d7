//! Confluence's storage format: is it well-formed, and what does a reader see of it?

use crate::app;
use maud::{PreEscaped, Render};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements shown as they are. Everything else loses its tag and keeps its text.
const PLAIN: [&str; 35] = [
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
    "colgroup",
    "col",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "s",
    "del",
    "code",
    "pre",
    "blockquote",
    "hr",
    "br",
    "a",
    "sub",
    "sup",
    "span",
    "div",
];
const EMPTY: [&str; 3] = ["br", "hr", "col"];
/// Macros that are boxes around text.
const PANELS: [&str; 5] = ["info", "note", "warning", "tip", "panel"];

/// Says what is wrong with a body, if anything is.
pub(crate) fn check(body: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(body);
    let mut open: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => open.push(tag.name().as_ref().to_owned()),
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(why) => return Err(format!("The body is not well-formed: {why}.")),
        }
    }
    match open.last() {
        Some(tag) => Err(format!("The body is not well-formed: <{tag}> is never closed.")),
        None => Ok(()),
    }
}

/// For whom a body is rendered.
pub(crate) enum For<'a> {
    /// A reader; the function makes what stands in our macro's place.
    Reader(&'a dyn Fn() -> String),
    /// The editor: macros are blocks that keep their storage.
    Editor,
}

/// The body as HTML. Nothing gets through but known elements and text.
#[must_use]
pub(crate) fn render(body: &str, to: &For<'_>) -> PreEscaped<String> {
    let mut reader = Reader::from_str(body);
    let mut out = String::with_capacity(body.len());
    loop {
        let from = position(&reader);
        match reader.read_event() {
            Ok(Event::Start(tag)) if tag.name().as_ref() == "ac:adf-extension" || editor_block(&tag, to) => {
                let end = tag.to_end().into_owned();
                if reader.read_to_end(end.name()).is_err() {
                    break;
                }
                extension(&mut out, body.get(from..position(&reader)).unwrap_or_default(), to);
            }
            Ok(Event::Start(tag)) if tag.name().as_ref() == "ac:parameter" => {
                let end = tag.to_end().into_owned();
                if reader.read_to_end(end.name()).is_err() {
                    break;
                }
            }
            Ok(Event::Start(tag)) => open(&mut out, &tag),
            Ok(Event::Empty(tag)) => {
                let name = tag.name();
                open(&mut out, &tag);
                if !EMPTY.contains(&name.as_ref()) {
                    close(&mut out, name.as_ref());
                }
            }
            Ok(Event::End(tag)) => close(&mut out, tag.name().as_ref()),
            Ok(Event::Text(text)) => out.push_str(&text.into_inner()),
            Ok(Event::CData(text)) => text.into_inner().as_ref().render_to(&mut out),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.into_inner();
                if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#') {
                    out.push('&');
                    out.push_str(&name);
                    out.push(';');
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    PreEscaped(out)
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// In the editor every macro is one block that can be moved and deleted, not edited.
fn editor_block(tag: &BytesStart<'_>, to: &For<'_>) -> bool {
    matches!(to, For::Editor) && tag.name().as_ref().starts_with("ac:")
}

fn extension(out: &mut String, storage: &str, to: &For<'_>) {
    let ours = storage.contains(app::MACRO_MARK);
    match to {
        For::Reader(frame) if ours => out.push_str(&frame()),
        For::Reader(_) => out.push_str("<div class=\"panel panel-note\">This macro's app is not installed here.</div>"),
        For::Editor => {
            let name = if ours { "Countersign approval" } else { "Macro" };
            let html = maud::html! {
                div .macro-chip contenteditable="false" data-storage=(storage) { span .macro-chip-icon { "✓" } (name) }
            };
            out.push_str(&html.into_string());
        }
    }
}

fn open(out: &mut String, tag: &BytesStart<'_>) {
    let name = tag.name();
    let name = name.as_ref();
    if name == "ac:structured-macro" {
        let kind = attribute(tag, "ac:name").filter(|kind| PANELS.contains(&kind.as_str()));
        out.push_str(&format!("<div class=\"panel panel-{}\">", kind.as_deref().unwrap_or("panel")));
    } else if name == "ac:plain-text-body" {
        out.push_str("<pre>");
    } else if PLAIN.contains(&name) {
        out.push('<');
        out.push_str(name);
        for allowed in ["href", "colspan", "rowspan"] {
            let Some(value) = attribute(tag, allowed) else { continue };
            let safe = match allowed {
                "href" => name == "a" && (value.starts_with("http://") || value.starts_with("https://")),
                _ => value.chars().all(|c| c.is_ascii_digit()),
            };
            if safe {
                out.push_str(&format!(" {allowed}=\""));
                value.render_to(out);
                out.push('"');
            }
        }
        out.push('>');
    }
}

fn close(out: &mut String, name: &str) {
    match name {
        "ac:structured-macro" => out.push_str("</div>"),
        "ac:plain-text-body" => out.push_str("</pre>"),
        _ if PLAIN.contains(&name) && !EMPTY.contains(&name) => {
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
        _ => {}
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).ok()??;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> String {
        render(body, &For::Reader(&|| "[macro]".to_owned())).into_string()
    }

    #[test]
    fn text_and_macro_are_shown() {
        let body = format!("<h2>A &amp; b&nbsp;c</h2>{}<p>x<br/>y</p>", app::macro_storage());
        assert_eq!(read(&body), "<h2>A &amp; b&nbsp;c</h2>[macro]<p>x<br>y</p>");
    }

    #[test]
    fn nothing_active_gets_through() {
        let body = "<p onclick=\"x()\">a<script>alert(1)</script><a href=\"javascript:x\">l</a></p>\
                    <ac:plain-text-body><![CDATA[<img src=x onerror=y>]]></ac:plain-text-body>";
        assert_eq!(read(body), "<p>aalert(1)<a>l</a></p><pre>&lt;img src=x onerror=y&gt;</pre>");
    }

    #[test]
    fn the_editor_keeps_a_macro_as_it_is_stored() {
        let storage = app::macro_storage();
        let html = render(&format!("<p>x</p>{storage}"), &For::Editor).into_string();
        assert!(html.starts_with("<p>x</p><div class=\"macro-chip\""));
        assert!(html.contains(&storage.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")));
    }

    #[test]
    fn unclosed_and_crossed_elements_are_found() {
        assert!(check("<p>a</p><hr/>").is_ok());
        assert!(check("<p>a").is_err());
        assert!(check("<p><em>a</p></em>").is_err());
        assert!(check("</p>").is_err());
    }
}
