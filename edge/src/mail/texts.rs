//! Every mail there is. Plain words, the same in text and HTML, and nothing a name can break out of.

use super::Mail;
use chrono::DateTime;
use engine::time::Timestamp;
use engine::token::guessing::Lock;

/// The code for a first enrolment.
#[must_use]
pub fn enrolment_code(to: &str, name: &str, code: &str, minutes: u64) -> Mail {
    write(to, "Your Countersign code", name, &[
        Part::Text("You are setting up an authenticator for approvals in Confluence. Enter this code there:".to_owned()),
        Part::Code(code.to_owned()),
        Part::Text(format!("It is good for {minutes} minutes and works once.")),
        Part::Text(
            "If this wasn't you, ignore this mail and tell your Confluence admin: somebody may be using your account."
                .to_owned(),
        ),
    ])
}

/// Tells the owner that an authenticator was set up.
#[must_use]
pub fn authenticator_set_up(to: &str, name: &str, at: Timestamp) -> Mail {
    write(
        to,
        "An authenticator was set up on your account",
        name,
        &[
            Part::Text(format!(
                "On {} an authenticator was set up to confirm approvals with your Confluence account.",
                moment(at)
            )),
            Part::Text(
                "If this wasn't you, tell your Confluence admin at once: whoever holds it could approve in your name."
                    .to_owned(),
            ),
        ],
    )
}

/// Tells the owner that their codes are refused for now.
#[must_use]
pub fn locked_owner(to: &str, name: &str, failures: u32, lock: Lock) -> Mail {
    write(
        to,
        "Approvals with your account are locked",
        name,
        &[
            Part::Text(format!("{failures} wrong codes in a row were entered with your Confluence account.")),
            Part::Text(match lock {
                Lock::Until { at } => {
                    format!("Until {} no code is accepted. After that you can try again.", moment(at))
                }
                Lock::UntilUnlocked => "No code is accepted until a Confluence admin unlocks you.".to_owned(),
            }),
            Part::Text(
                "If this wasn't you, tell your Confluence admin at once: somebody else may be using your account."
                    .to_owned(),
            ),
        ],
    )
}

/// Tells an admin that a person's codes are refused for now.
#[must_use]
pub fn locked_admin(to: &str, admin: &str, person: &str, failures: u32, lock: Lock) -> Mail {
    let person = plain(person);
    write(
        to,
        &format!("Approvals of {person} are locked"),
        admin,
        &[
            Part::Text(format!("{failures} wrong codes in a row were entered with the account of {person}.")),
            Part::Text(match lock {
                Lock::Until { at } => format!("Until {} none of their codes is accepted.", moment(at)),
                Lock::UntilUnlocked => {
                    "None of their codes is accepted until an admin unlocks them in Countersign's settings.".to_owned()
                }
            }),
            Part::Text("Ask them whether it was them before you unlock anything.".to_owned()),
        ],
    )
}

/// A piece of a mail.
pub(super) enum Part {
    /// A paragraph.
    Text(String),
    /// A code to be copied.
    Code(String),
    /// Where to go: what the link says, and the address.
    Link(String, String),
}

/// Puts a mail together, as text and as HTML.
pub(super) fn write(to: &str, subject: &str, name: &str, parts: &[Part]) -> Mail {
    const FOOTER: &str = "Countersign, approvals for Confluence. Nobody reads answers to this mail.";
    let greeting = format!("Hello {},", plain(name));
    let mut text = format!("{greeting}\n\n");
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif\"><p>{}</p>",
        escaped(&greeting)
    );
    for part in parts {
        match part {
            Part::Text(sentence) => {
                text.push_str(&format!("{sentence}\n\n"));
                html.push_str(&format!("<p>{}</p>", escaped(sentence)));
            }
            Part::Code(code) => {
                text.push_str(&format!("    {code}\n\n"));
                html.push_str(&format!("<p style=\"font:bold 1.5em monospace\">{}</p>", escaped(code)));
            }
            Part::Link(label, url) => {
                text.push_str(&format!("{label}:\n{url}\n\n"));
                html.push_str(&format!("<p><a href=\"{}\">{}</a></p>", escaped(url), escaped(label)));
            }
        }
    }
    text.push_str(&format!("-- \n{FOOTER}\n"));
    html.push_str(&format!("<hr><p><small>{FOOTER}</small></p></body></html>"));
    Mail { to: to.to_owned(), subject: subject.to_owned(), text, html }
}

/// A name on one line, at a length nobody can write a mail in.
pub(super) fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect::<String>().trim().to_owned()
}

fn escaped(text: &str) -> String {
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

/// A moment for a reader whose time zone is not known.
fn moment(at: Timestamp) -> String {
    let time = i64::try_from(at.millis()).ok().and_then(DateTime::from_timestamp_millis);
    time.map_or_else(|| "an unknown time".to_owned(), |time| time.format("%-d %B %Y, %H:%M UTC").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(1_795_255_200_123);

    #[test]
    fn the_code_is_in_both_forms() {
        let mail = enrolment_code("a@example.com", "Ann", "K7QF-29XM", 10);
        assert!(mail.text.contains("K7QF-29XM") && mail.html.contains("K7QF-29XM"));
        assert!(mail.text.contains("10 minutes") && !mail.subject.contains("K7QF"));
        assert_eq!(format!("{mail:?}"), "Mail");
    }

    #[test]
    fn a_name_breaks_out_of_nothing() {
        let mail =
            locked_admin("a@example.com", "<b>A</b>", "Eve\r\nBcc: x\u{7}<img src=x>", 5, Lock::Until { at: AT });
        assert!(!mail.subject.contains(['\r', '\n', '\u{7}']), "{}", mail.subject);
        assert!(!mail.html.contains("<img") && !mail.html.contains("<b>"), "{}", mail.html);
        assert!(mail.html.contains("&lt;img src=x&gt;"));
    }

    #[test]
    fn times_are_said_plainly() {
        assert!(authenticator_set_up("a@example.com", "Ann", AT).text.contains("21 November 2026, 10:00 UTC"));
        let text = locked_owner("a@example.com", "Ann", 50, Lock::UntilUnlocked).text;
        assert!(text.contains("until a Confluence admin unlocks you") && text.contains("50 wrong codes"));
    }
}
