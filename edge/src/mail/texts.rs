//! Mails about codes: the one that is asked for, and what becomes of wrong ones.

use super::Mail;
use super::write::{Part, Reader, plain, plain_title, write};
use engine::time::Timestamp;
use engine::token::guessing::Lock;

/// The code for a first enrolment.
#[must_use]
pub fn enrolment_code(reader: &Reader, code: &str, minutes: u64) -> Mail {
    write(
        reader,
        "Your Countersign code",
        &[
            Part::Text(
                "You are setting up a way to confirm approvals in Confluence. Enter this code there:".to_owned(),
            ),
            Part::Code(code.to_owned()),
            Part::Text(format!("It is good for {minutes} minutes and works once.")),
            Part::NotYou,
        ],
    )
}

/// The code that opens an invitation. Nothing of what they were invited to.
#[must_use]
pub fn invitation_code(reader: &Reader, code: &str, minutes: u64) -> Mail {
    write(reader, "Your code to open the invitation", &[
        Part::Text(
            "You asked for a code to open an invitation to decide on a document. Enter it on the page where you asked for \
             it:"
                .to_owned(),
        ),
        Part::Code(code.to_owned()),
        Part::Text(format!("It is good for {minutes} minutes and works once. A newer code takes its place.")),
        Part::Text(
            "Nobody will ever ask you for this code in a mail, a call or a chat. If this wasn't you, ignore this mail: \
             without the code nothing is shown to anybody."
                .to_owned(),
        ),
    ])
}

/// What somebody is about to confirm with a mailed code.
#[derive(Clone, Copy, Debug)]
pub enum Confirming<'a> {
    /// A verdict on a version of a page.
    Verdict {
        /// Whether they approve it, or reject it.
        approve: bool,
        /// The version.
        version: u32,
        /// The page's title, if Confluence told it.
        title: Option<&'a str>,
        /// What the signature means.
        meaning: &'a str,
    },
    /// Something else, in our own words.
    Act {
        /// What they are told they do.
        sentence: &'a str,
        /// The page's title, where it is about one and Confluence told it.
        title: Option<&'a str>,
    },
}

/// The code that confirms one thing. It says which, since the code is good for nothing else.
#[must_use]
pub fn sign_code(reader: &Reader, confirming: Confirming<'_>, code: &str, until: Timestamp, minutes: u64) -> Mail {
    let what = match confirming {
        Confirming::Verdict { approve, version, title, meaning } => {
            let verb = if approve { "approve" } else { "reject" };
            let page =
                title.map_or_else(|| "a page".to_owned(), |title| format!("\u{201c}{}\u{201d}", plain_title(title)));
            let meaning = if meaning.is_empty() { String::new() } else { format!(" Meaning: {}.", plain(meaning)) };
            format!("You are about to {verb} version {version} of {page} in Confluence.{meaning}")
        }
        Confirming::Act { sentence, title } => {
            let page = title.map(|title| format!(" Page: \u{201c}{}\u{201d}.", plain_title(title))).unwrap_or_default();
            format!("You are about to do this in Confluence: {sentence}.{page}")
        }
    };
    write(reader, "Your code to confirm in Countersign", &[
        Part::Text(what),
        Part::Text("If this is what you want, enter this code where you were asked for it:".to_owned()),
        Part::Code(code.to_owned()),
        Part::Text(format!(
            "It is good for {minutes} minutes, until {}, works once, and confirms nothing else. A newer code takes its place.",
            reader.moment(until)
        )),
        Part::Text(
            "Nobody will ever ask you for this code in a mail, a call or a chat. If this wasn't you, don't enter it anywhere."
                .to_owned(),
        ),
        Part::NotYou,
    ])
}

/// Tells the owner that their codes are refused for now.
#[must_use]
pub fn locked_owner(reader: &Reader, failures: u32, lock: Lock) -> Mail {
    write(
        reader,
        "Approvals with your account are locked",
        &[
            Part::Text(format!("{failures} wrong codes in a row were entered with your Confluence account.")),
            Part::Text(match lock {
                Lock::Until { at } => {
                    format!("Until {} no code is accepted. After that you can try again.", reader.moment(at))
                }
                Lock::UntilUnlocked => "No code is accepted until a Confluence admin unlocks you.".to_owned(),
            }),
            Part::NotYou,
        ],
    )
}

/// Tells an admin that a person's codes are refused for now.
#[must_use]
pub fn locked_admin(reader: &Reader, person: &str, failures: u32, lock: Lock) -> Mail {
    let person = plain(person);
    write(
        reader,
        &format!("Approvals of {person} are locked"),
        &[
            Part::Text(format!("{failures} wrong codes in a row were entered with the account of {person}.")),
            Part::Text(match lock {
                Lock::Until { at } => format!("Until {} none of their codes is accepted.", reader.moment(at)),
                Lock::UntilUnlocked => {
                    "None of their codes is accepted until an admin unlocks them in Countersign's settings.".to_owned()
                }
            }),
            Part::Text("Ask them whether it was them before you unlock anything.".to_owned()),
        ],
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::mail) const AT: Timestamp = Timestamp(1_795_255_200_123);

    pub(in crate::mail) fn reader(name: &str) -> Reader {
        let zone = "Europe/Stockholm".parse().unwrap();
        Reader { to: "a@example.com".to_owned(), name: name.to_owned(), zone, not_me: None }
    }

    #[test]
    fn the_code_is_in_both_forms_and_not_in_the_subject() {
        let title = Some("Information Security Policy");
        let verdict = Confirming::Verdict { approve: true, version: 7, title, meaning: "Approval" };
        let all =
            [enrolment_code(&reader("Ann"), "K7QF-29XM", 10), sign_code(&reader("Ann"), verdict, "K7QF-29XM", AT, 10)];
        for mail in all {
            assert!(mail.text.contains("K7QF-29XM") && mail.html.contains("K7QF-29XM"));
            assert!(mail.text.contains("10 minutes") && !mail.subject.contains("K7QF"));
            assert_eq!(format!("{mail:?}"), "Mail");
        }
    }

    #[test]
    fn what_a_code_confirms_is_said() {
        let title = Some("Travel <b>Policy</b>\r\nBcc: x");
        let verdict = Confirming::Verdict { approve: false, version: 7, title, meaning: "Approval" };
        let mail = sign_code(&reader("Ann"), verdict, "K7QF-29XM", AT, 10);
        assert!(mail.text.contains("about to reject version 7 of \u{201c}Travel <b>Policy</b>"), "{}", mail.text);
        assert!(mail.text.contains("Meaning: Approval.") && mail.text.contains("11:00 (Europe/Stockholm)"));
        assert!(!mail.html.contains("<b>") && mail.html.contains("&lt;b&gt;"));
        let act = Confirming::Act { sentence: "Let this person enter codes again", title: None };
        let mail = sign_code(&reader("Ann"), act, "K7QF-29XM", AT, 10);
        assert!(mail.text.contains("do this in Confluence: Let this person enter codes again."));
        let unseen = Confirming::Verdict { approve: true, version: 2, title: None, meaning: "" };
        assert!(
            sign_code(&reader("Ann"), unseen, "K7QF-29XM", AT, 10)
                .text
                .contains("version 2 of a page in Confluence.\n")
        );
    }

    #[test]
    fn whoever_was_not_it_is_told_what_to_do_with_a_link_and_without_one() {
        const LINK: &str = "https://edge.example/hosted#n.abc";
        let with = Reader { not_me: Some(LINK.to_owned()), ..reader("Ann") };
        let lock = Lock::UntilUnlocked;
        for mail in [locked_owner(&with, 50, lock), enrolment_code(&with, "K7QF-29XM", 10)] {
            assert!(mail.text.contains(&format!("This wasn't me:\n{LINK}\n")), "{}", mail.text);
            assert!(mail.html.contains(&format!("<a href=\"{LINK}\">This wasn&#39;t me</a>")), "{}", mail.html);
            assert!(mail.text.contains("nothing happens before you press it"));
        }
        let without = locked_owner(&reader("Ann"), 50, lock).text;
        assert!(without.contains("If this wasn't you, open any page") && !without.contains("http"), "{without}");
        assert!(!locked_admin(&with, "Eve", 50, lock).text.contains(LINK), "nobody locks somebody else");
    }

    #[test]
    fn a_name_breaks_out_of_nothing() {
        let lock = Lock::Until { at: AT };
        let mail = locked_admin(&reader("<b>A</b>"), "Eve\r\nBcc: x\u{7}<img src=x>", 5, lock);
        assert!(!mail.subject.contains(['\r', '\n', '\u{7}']), "{}", mail.subject);
        assert!(!mail.html.contains("<img") && !mail.html.contains("<b>"), "{}", mail.html);
        assert!(mail.html.contains("&lt;img src=x&gt;"));
    }

    #[test]
    fn times_are_by_the_reader_s_clock() {
        let text = locked_owner(&reader("Ann"), 5, Lock::Until { at: AT }).text;
        assert!(text.contains("Saturday 21 November 2026, 11:00 (Europe/Stockholm)"), "{text}");
        let text = locked_owner(&reader("Ann"), 50, Lock::UntilUnlocked).text;
        assert!(text.contains("until a Confluence admin unlocks you") && text.contains("50 wrong codes"));
    }
}
