//! A page's content for people who have no account: the storage body of one version, reduced to an allow-list.
//!
//! What comes out is put together here, tag by tag, from a fixed list of tags without attributes (but for the spans of
//! table cells, which are numbers); all that was written on the page is text in it, escaped. So nothing a page's author
//! writes can become a script, a style, a request or a link. What can't be shown, a macro, an image, is named in its place:
//! a reader sees that something is missing. It is made from the very bytes the content hash covers.

mod element;
mod macros;

use crate::content::resolve_entities;
use crate::markup::{Piece, Pieces, attribute};
use element::{Element, cell_spans, element, is_void};
use std::collections::BTreeMap;

/// How deep elements may lie in each other; deeper ones are dropped, not their text.
const DEEPEST: usize = 64;

/// A reduced page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reduced {
    /// HTML for the inside of a `<body>`.
    pub html: String,
    /// What is not shown, and how often, for the reader to be told.
    pub left_out: BTreeMap<String, u32>,
}

/// Reduces a storage body.
#[must_use]
pub fn reduced(storage: &str) -> Reduced {
    let mut writer = Writer::default();
    for piece in Pieces::of(storage) {
        writer.take(piece);
    }
    writer.finish()
}

/// An element of the page that is open.
struct Open<'a> {
    /// As the page calls it.
    name: &'a str,
    /// The tag that was written for it, if one was.
    written: Option<&'static str>,
    /// Whether its text is shown.
    shown: bool,
}

#[derive(Default)]
struct Writer<'a> {
    out: Reduced,
    open: Vec<Open<'a>>,
    /// Of those, how many were written.
    depth: usize,
    /// The status of the task being read.
    task_done: bool,
}

impl<'a> Writer<'a> {
    fn shows(&self) -> bool {
        self.open.last().is_none_or(|open| open.shown)
    }

    fn take(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Text(text) if self.shows() => escape(&resolve_entities(text), &mut self.out.html),
            Piece::Literal(text) if self.shows() => escape(text, &mut self.out.html),
            Piece::Text(text) => self.hidden(text),
            Piece::Literal(_) => {}
            Piece::Open { name, attributes, is_empty } => self.open(name, attributes, is_empty),
            Piece::Close(name) => self.close(name),
        }
    }

    /// Text that is not shown, but says something: whether a task is done.
    fn hidden(&mut self, text: &str) {
        if self.open.last().is_some_and(|open| open.name.eq_ignore_ascii_case("ac:task-status")) {
            self.task_done = text.trim() == "complete";
        }
    }

    fn open(&mut self, name: &'a str, attributes: &'a str, is_empty: bool) {
        let mut shown = self.shows();
        let mut written = None;
        if shown {
            match element(name) {
                Element::Kept(tag) => written = self.begin(tag, attributes),
                Element::Transparent => {}
                Element::Hidden => shown = false,
                Element::Macro => macros::begin(&mut self.out, attribute(attributes, "ac:name").unwrap_or_default()),
                Element::Image => self.leave_out("image"),
                Element::Place => macros::place(&mut self.out, name, attributes),
                Element::TaskBody => {
                    let mark = if self.task_done { "\u{2611} " } else { "\u{2610} " };
                    self.out.html.push_str(mark);
                }
            }
        }
        let ends_at_once = is_empty || is_void(name);
        if ends_at_once {
            if let Some(tag) = written.filter(|tag| !is_void(tag)) {
                self.end(tag);
            }
        } else {
            self.open.push(Open { name, written, shown });
        }
    }

    /// Writes a tag, unless it would lie too deep.
    fn begin(&mut self, tag: &'static str, attributes: &str) -> Option<&'static str> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.out.html.push('<');
        self.out.html.push_str(tag);
        if matches!(tag, "td" | "th") {
            cell_spans(attributes, &mut self.out.html);
        }
        self.out.html.push('>');
        if !is_void(tag) {
            self.depth = self.depth.saturating_add(1);
        }
        Some(tag)
    }

    fn end(&mut self, tag: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.out.html.push_str("</");
        self.out.html.push_str(tag);
        self.out.html.push('>');
    }

    /// Closes what was opened last by this name, and what was left open in it. A close of nothing is nothing.
    fn close(&mut self, name: &str) {
        // Looking only so far up keeps a page of unclosed tags from taking time that grows with its square.
        let Some(up) = self.open.iter().rev().take(DEEPEST).position(|open| open.name.eq_ignore_ascii_case(name))
        else {
            return;
        };
        for _ in 0..=up {
            if let Some(tag) = self.open.pop().and_then(|open| open.written) {
                self.end(tag);
            }
        }
    }

    fn leave_out(&mut self, what: &str) {
        macros::left_out(&mut self.out, what);
    }

    fn finish(mut self) -> Reduced {
        while let Some(open) = self.open.pop() {
            if let Some(tag) = open.written {
                self.end(tag);
            }
        }
        self.out
    }
}

/// Text as HTML text.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What turns the reading direction round could make a text say something else than was signed.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
