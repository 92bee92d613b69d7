//! Puts a mail together: the same words as text and as HTML, and nothing a name or a title can break out of.

use super::Mail;
use engine::calendar::{Zone, shown};
use engine::time::Timestamp;

/// To whom.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The address.
    pub to: String,
    /// The name.
    pub name: String,
    /// The time zone.
    pub zone: Zone,
    /// The address at which they lock what they confirm with, from wherever they are.
    pub not_me: Option<String>,
}

impl Reader {
    /// A moment by the reader's own clock.
    pub(super) fn moment(&self, at: Timestamp) -> String {
        shown(at, &self.zone)
    }
}

/// A piece of a mail.
pub(super) enum Part {
    /// A paragraph.
    Text(String),
    /// A code to be copied.
    Code(String),
    /// Where to go: what the link says, and the address.
    Link(String, String),
    /// What to do if it wasn't the reader. Who did something matters more than what: every notice about factors ends so.
    NotYou,
}

impl Part {
    fn put(&self, reader: &Reader, text: &mut String, html: &mut String) {
        match self {
            Self::Text(sentence) => {
                text.push_str(&format!("{sentence}\n\n"));
                html.push_str(&format!("<p>{}</p>", escaped(sentence)));
            }
            Self::Code(code) => {
                text.push_str(&format!("    {code}\n\n"));
                html.push_str(&format!("<p style=\"font:bold 1.5em monospace\">{}</p>", escaped(code)));
            }
            Self::Link(label, url) => {
                text.push_str(&format!("{label}:\n{url}\n\n"));
                html.push_str(&format!("<p><a href=\"{}\">{}</a></p>", escaped(url), escaped(label)));
            }
            Self::NotYou => not_you(reader.not_me.as_deref()).iter().for_each(|part| part.put(reader, text, html)),
        }
    }
}

fn not_you(link: Option<&str>) -> Vec<Part> {
    const PANEL: &str = "open any page with Countersign's panel, choose \u{201c}How I confirm\u{201d}, then \u{201c}This wasn't me\u{201d}";
    const ADMIN: &str = "tell your Confluence admin at once: somebody else may be using your account.";
    let Some(link) = link else { return vec![Part::Text(format!("If this wasn't you, {PANEL}, and {ADMIN}"))] };
    vec![
        Part::Text(format!(
            "If this wasn't you, follow this link within seven days. It opens a page with one button, which locks what you \
             confirm with; nothing happens before you press it, and nobody asks you for a code or a password there. Or \
             {PANEL}. Then {ADMIN}"
        )),
        Part::Link("This wasn't me".to_owned(), link.to_owned()),
    ]
}

/// The mail, as text and as HTML.
pub(super) fn write(reader: &Reader, subject: &str, parts: &[Part]) -> Mail {
    const FOOTER: &str = "Countersign, approvals for Confluence. Nobody reads answers to this mail.";
    let greeting = format!("Hello {},", plain(&reader.name));
    let mut text = format!("{greeting}\n\n");
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif\"><p>{}</p>",
        escaped(&greeting)
    );
    for part in parts {
        part.put(reader, &mut text, &mut html);
    }
    text.push_str(&format!("-- \n{FOOTER}\n"));
    html.push_str(&format!("<hr><p><small>{FOOTER}</small></p></body></html>"));
    Mail { to: reader.to.clone(), subject: subject.to_owned(), text, html }
}

/// A name on one line, at a length nobody can write a mail in.
pub(super) fn plain(name: &str) -> String {
    shortened(name, 80)
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// A title or another text of people, on one line and in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", plain_title(text))
}

/// A title on one line.
pub(super) fn plain_title(title: &str) -> String {
    shortened(title, 200)
}

/// A comment or a reason on one line.
pub(super) fn plain_reason(reason: &str) -> String {
    shortened(reason, 600)
}

/// Control characters, separators of lines and what turns the direction of writing round become blanks.
fn shortened(text: &str, longest: usize) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns(c);
    let clean = |c: char| if breaks(c) { ' ' } else { c };
    text.chars().map(clean).take(longest).collect::<String>().trim().to_owned()
}
