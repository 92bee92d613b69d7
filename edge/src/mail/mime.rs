//! A mail as it travels: RFC 5322 headers, a text and an HTML part. The encoding is a library's; what may stand in a header
//! at all is checked here as well, since a title or a name that ends a header line begins another.

use super::Mail;
use super::address::{Address, Sender};
use data_encoding::HEXLOWER;
use engine::time::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address as Header;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;
use sha2::{Digest, Sha256};

/// The mail as bytes, all ASCII. The same mail under the same key at the same time is the same, bit for bit; its
/// `Message-ID` follows from the key alone, so that whoever gets it twice can tell.
#[must_use]
pub fn message(from: &Sender, to: &Address, mail: &Mail, key: &str, at: Timestamp) -> Option<String> {
    let parts = vec![MimePart::new("text/plain", mail.text.as_str()), MimePart::new("text/html", mail.html.as_str())];
    let alternative = ContentType::new("multipart/alternative").attribute("boundary", boundary(mail));
    let date = i64::try_from(at.millis() / 1000).ok()?;
    MessageBuilder::new()
        .from(Header::new_address(from.name.as_deref().map(one_line), from.address.as_str()))
        .to(Header::new_address(None::<String>, to.as_str()))
        .subject(one_line(&mail.subject))
        .message_id(message_id(from, key))
        .date(date)
        // RFC 3834: no machine answers it.
        .header("Auto-Submitted", HeaderType::Raw(Raw::new("auto-generated")))
        .body(MimePart::new(alternative, parts))
        .write_to_string()
        .ok()
}

/// The `Message-ID`, without its brackets. The key is hashed: it may name an account.
#[must_use]
pub fn message_id(from: &Sender, key: &str) -> String {
    format!("{}@{}", identity(key), from.address.domain())
}

fn identity(key: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"countersign/message-id/v1\0");
    digest.update(key.as_bytes());
    HEXLOWER.encode(&digest.finalize())
}

/// What separates the parts. It follows from what they say, so that no text can hold it.
fn boundary(mail: &Mail) -> String {
    let mut digest = Sha256::new();
    for part in [&mail.text, &mail.html] {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    let digest = HEXLOWER.encode(&digest.finalize());
    format!("=_{}", digest.get(..32).unwrap_or(&digest))
}

/// A text that can stand in a header: no control character, no separator of lines.
#[must_use]
pub fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(1_795_255_200_123);

    fn made(subject: &str, text: &str, html: &str) -> String {
        let from = Sender::parse("Countersign <approvals@example.com>").unwrap();
        let to = Address::parse("jonas@example.com").unwrap();
        let mail = Mail {
            to: to.as_str().to_owned(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: html.to_owned(),
        };
        message(&from, &to, &mail, "key/1", AT).unwrap()
    }

    /// The header lines, unfolded, by lower-case name.
    fn headers(message: &str) -> Vec<(String, String)> {
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        head.split("\r\n")
            .map(|line| {
                let (name, value) = line.split_once(": ").unwrap();
                (name.to_ascii_lowercase(), value.to_owned())
            })
            .collect()
    }

    #[test]
    fn it_has_the_headers_it_needs_and_no_others() {
        let message = made("Please review “Policy”", "Hello\n", "<p>Hello</p>");
        let headers = headers(&message);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["from", "to", "subject", "message-id", "date", "auto-submitted", "mime-version", "content-type"]
        );
        let value =
            |name: &str| headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str()).unwrap();
        assert_eq!(value("to"), "<jonas@example.com>");
        assert!(value("from").contains("<approvals@example.com>"));
        assert!(value("subject").starts_with("=?utf-8?"), "{}", value("subject"));
        assert!(value("date").starts_with("Sat, 21 Nov 2026 10:00:00"), "{}", value("date"));
        assert!(message.is_ascii(), "{message}");
    }

    #[test]
    fn nothing_a_person_wrote_begins_a_header() {
        for evil in [
            "x\r\nBcc: eve@example.com",
            "x\nBcc: eve@example.com",
            "x\rBcc: eve@example.com",
            "x\u{2028}Bcc: eve@example.com",
            "x\0\r\n\r\nbody",
            "=?utf-8?Q?x=0D=0ABcc:_eve@example.com?=",
        ] {
            let message = made(evil, "t", "h");
            let headers = headers(&message);
            assert_eq!(headers.len(), 8, "{evil:?}: {message}");
            assert!(!headers.iter().any(|(name, _)| name == "bcc"), "{evil:?}");
        }
    }

    #[test]
    fn no_line_is_longer_than_a_mail_server_bears() {
        let long = "ä".repeat(3000);
        let message = made(&format!("Reminder: {}", "Sicherheit ä ".repeat(40)), &long, &format!("<p>{long}</p>"));
        assert!(message.split("\r\n").all(|line| line.len() <= 998));
        assert!(!message.replace("\r\n", "").contains(['\r', '\n']), "bare line ends");
    }

    #[test]
    fn a_text_that_looks_like_a_boundary_ends_no_part() {
        let of = |message: &str| message.split_once("boundary=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let before = of(&made("s", "a", "<p>c</p>"));
        // The boundary of the mail without this text is not that of the mail with it.
        let message = made("s", &format!("a\n--{before}--\nb"), "<p>c</p>");
        let boundary = format!("--{}", of(&message));
        let lines = message.split("\r\n").filter(|line| line.starts_with(&boundary)).count();
        assert_eq!(lines, 3, "two begin a part and one ends them: {message}");
        assert_ne!(format!("--{before}"), boundary);
    }

    #[test]
    fn the_message_id_tells_a_repetition_and_no_account() {
        let from = Sender::parse("a@example.com").unwrap();
        assert_eq!(message_id(&from, "k/712020:jonas"), message_id(&from, "k/712020:jonas"));
        assert_ne!(message_id(&from, "k/712020:jonas"), message_id(&from, "k/712020:priya"));
        assert!(!message_id(&from, "k/712020:jonas").contains("jonas"));
        assert_eq!(made("s", "t", "h"), made("s", "t", "h"));
    }
}
