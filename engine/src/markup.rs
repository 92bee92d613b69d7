//! Confluence storage format cut into tags and text, tolerantly: what people and apps wrote need not be well-formed.

/// What markup is made of.
#[derive(Clone, Copy)]
pub(crate) enum Piece<'a> {
    /// Text, its entities not resolved.
    Text(&'a str),
    /// Text that means what it says.
    Literal(&'a str),
    /// A tag that opens an element, or is the whole of it.
    Open { name: &'a str, attributes: &'a str, is_empty: bool },
    /// A tag that closes an element.
    Close(&'a str),
}

/// Cuts markup into pieces. What is not closed goes on to the end: nothing is looked at twice.
pub(crate) struct Pieces<'a>(&'a str);

impl<'a> Pieces<'a> {
    /// The pieces of a page in storage format.
    pub(crate) fn of(storage: &'a str) -> Self {
        Self(storage)
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = self.0;
            let Some(inside) = rest.strip_prefix('<') else {
                let (text, markup) = rest.split_at_checked(rest.find('<').unwrap_or(rest.len()))?;
                self.0 = markup;
                return (!text.is_empty()).then_some(Piece::Text(text));
            };
            if let Some(literal) = inside.strip_prefix("![CDATA[") {
                let (text, after) = literal.split_once("]]>").unwrap_or((literal, ""));
                self.0 = after;
                return Some(Piece::Literal(text));
            }
            if let Some(comment) = inside.strip_prefix("!--") {
                self.0 = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let is_close = inside.starts_with('/');
            let tag = inside.strip_prefix('/').unwrap_or(inside);
            if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
                self.0 = inside;
                return Some(Piece::Text("<"));
            }
            let (tag, after) = tag.split_at_checked(end_of_tag(tag)).unwrap_or((tag, ""));
            self.0 = after.strip_prefix('>').unwrap_or(after);
            let (name, attributes) =
                tag.split_at_checked(tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len()))?;
            return Some(if is_close {
                Piece::Close(name)
            } else {
                Piece::Open { name, attributes, is_empty: attributes.ends_with('/') }
            });
        }
    }
}

/// Where the `>` is that ends a tag: one inside quotes does not.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// The value of an attribute.
pub(crate) fn attribute<'a>(mut attributes: &'a str, wanted: &str) -> Option<&'a str> {
    while let Some((name, rest)) = attributes.split_once('=') {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = rest.strip_prefix(quote)?.split_once(quote)?;
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        attributes = after;
    }
    None
}
