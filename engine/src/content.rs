//! What is signed of a page's content, and how two versions differ for a reader.

use crate::ids::PageVersion;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The most differences sent with a challenge.
pub const CHANGES_SHOWN: usize = 200;

/// SHA-256 over a page's content, hexadecimal, lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(String);

impl ContentHash {
    /// Takes 64 hexadecimal digits as they are.
    pub fn from_hex(hex: impl Into<String>) -> Self {
        Self(hex.into())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An attachment as far as the content hash covers it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attachment {
    /// Its content id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its size in bytes.
    pub size: u64,
}

/// Content hash v1: SHA-256 over a label, the title, the storage body and the attachments sorted by id, each field
/// length-prefixed (u64, big endian) so that no two contents run together.
///
/// Not covered: included pages, what macros put out, live data.
#[must_use]
pub fn content_hash(title: &str, storage_body: &str, attachments: &[Attachment]) -> ContentHash {
    let mut sorted: Vec<&Attachment> = attachments.iter().collect();
    sorted.sort();
    let mut hash = Sha256::new();
    field(&mut hash, b"countersign/content/v1");
    field(&mut hash, title.as_bytes());
    field(&mut hash, storage_body.as_bytes());
    for attachment in sorted {
        field(&mut hash, attachment.id.as_bytes());
        hash.update(u64::from(attachment.version).to_be_bytes());
        hash.update(attachment.size.to_be_bytes());
    }
    ContentHash(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

fn field(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// A paragraph that differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which way.
    pub kind: ChangeKind,
    /// The paragraph's text, without markup.
    pub text: String,
}

/// Which way a paragraph differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// Only in the newer version.
    Added,
    /// Only in the older version.
    Removed,
}

/// A version's content, as far as differences are shown.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Which version.
    pub version: PageVersion,
    /// The title.
    pub title: &'a str,
    /// The storage body.
    pub body: &'a str,
}

/// The paragraphs in which two versions differ, title first.
#[must_use]
pub fn changes(old: &Content<'_>, new: &Content<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    if old.title != new.title {
        found.push(Change { kind: ChangeKind::Removed, text: old.title.to_owned() });
        found.push(Change { kind: ChangeKind::Added, text: new.title.to_owned() });
    }
    let (old, new) = (paragraphs(old.body), paragraphs(new.body));
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff = similar::TextDiff::from_slices(&old, &new);
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            similar::ChangeTag::Equal => continue,
            similar::ChangeTag::Insert => ChangeKind::Added,
            similar::ChangeTag::Delete => ChangeKind::Removed,
        };
        found.push(Change { kind, text: change.value().to_owned() });
    }
    found
}

/// Storage format as plain paragraphs: a tag that ends a block ends a paragraph, others vanish, entities are resolved.
/// It is text for a reader, never markup: nothing of it is put on a page as HTML.
#[must_use]
pub fn paragraphs(storage: &str) -> Vec<String> {
    const BLOCKS: [&str; 15] =
        ["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "td", "th", "br", "pre", "blockquote", "div"];
    let mut text = String::with_capacity(storage.len());
    let mut rest = storage;
    while let Some((before, tail)) = rest.split_once('<') {
        text.push_str(before);
        if let Some(literal) = tail.strip_prefix("![CDATA[") {
            let (inside, after) = literal.split_once("]]>").unwrap_or((literal, ""));
            text.push_str(&inside.replace('&', "&amp;"));
            rest = after;
            continue;
        }
        let (tag, after) = tail.split_once('>').unwrap_or((tail, ""));
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        if BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)) {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    text.lines()
        .map(|line| resolve_entities(line).split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

/// Text with its entities resolved; what is no entity known here stays as it is.
pub(crate) fn resolve_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('&') {
        out.push_str(before);
        // Looking only a short way ahead keeps a page full of `&` from taking time that grows with its square.
        let end = tail.bytes().take(11).position(|byte| byte == b';');
        let Some((name, after)) = end.and_then(|end| Some((tail.get(..end)?, tail.get(end + 1..)?))) else {
            out.push('&');
            rest = tail;
            continue;
        };
        match entity(name) {
            Some(c) => out.push(c),
            None => {
                out.push('&');
                out.push_str(name);
                out.push(';');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        "rsquo" => Some('’'),
        "lsquo" => Some('‘'),
        "rdquo" => Some('”'),
        "ldquo" => Some('“'),
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attachment(id: &str, version: u32, size: u64) -> Attachment {
        Attachment { id: id.to_owned(), version, size }
    }

    #[test]
    fn the_hash_of_a_known_page_stays() {
        let hash = content_hash("Policy", "<p>Wash hands.</p>", &[attachment("att2", 1, 10), attachment("att1", 3, 7)]);
        assert_eq!(hash.as_str(), "49788ccaed3bc4c1fd28ccf5d34bcea6f36a5c3eda13363aa6bdba64df961483");
    }

    #[test]
    fn fields_do_not_run_together() {
        assert_ne!(content_hash("ab", "c", &[]), content_hash("a", "bc", &[]));
        assert_ne!(content_hash("a", "b", &[attachment("x", 1, 2)]), content_hash("a", "b", &[attachment("x", 2, 2)]));
        assert_ne!(content_hash("a", "b", &[attachment("x", 1, 2)]), content_hash("a", "b", &[attachment("x", 1, 3)]));
    }

    #[test]
    fn attachments_are_a_set() {
        let (a, b) = (attachment("1", 1, 1), attachment("2", 1, 1));
        assert_eq!(content_hash("t", "b", &[a.clone(), b.clone()]), content_hash("t", "b", &[b, a]));
    }

    #[test]
    fn storage_becomes_paragraphs() {
        let storage = "<h1>One &amp; two</h1><p>A <strong>bold</strong> word.</p><ul><li>x&#8211;y</li><li>z</li></ul>\
                       <ac:plain-text-body><![CDATA[a < b && c]]></ac:plain-text-body>";
        assert_eq!(paragraphs(storage), ["One & two", "A bold word.", "x–y", "z", "a < b && c"]);
    }

    #[test]
    fn changes_name_the_differing_paragraphs() {
        let old = Content { version: PageVersion(1), title: "T", body: "<p>same</p><p>old</p>" };
        let new = Content { version: PageVersion(2), title: "T", body: "<p>same</p><p>new</p>" };
        let change = |kind, text: &str| Change { kind, text: text.to_owned() };
        assert_eq!(changes(&old, &new), [change(ChangeKind::Removed, "old"), change(ChangeKind::Added, "new")]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_fault(storage in "\\PC{0,200}") {
            let _ = paragraphs(&storage);
        }
    }
}
