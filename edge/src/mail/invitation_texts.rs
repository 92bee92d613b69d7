//! Mails to people without an account who are invited to decide, and to whoever invited them.
//!
//! The first goes through mailboxes, gateways and scanners of somebody else's: it says nothing of the page.

use super::Mail;
use super::review_texts::About;
use super::write::{Part, Reader, plain, quoted, write};
use engine::time::Timestamp;
use engine::wire::invitation::InvitationState;

/// Somebody is invited. `link` opens a door at which a code can be asked for.
#[must_use]
pub fn invitation(reader: &Reader, by: &str, until: Timestamp, link: &str) -> Mail {
    let by = plain(by);
    let parts = [
        Part::Text(format!(
            "{by} invites you to decide on a document: to approve it, to reject it, or to say that you do neither. You need no account."
        )),
        Part::Link("Open the invitation".to_owned(), link.to_owned()),
        Part::Text(
            "This link alone shows nothing. On the page it opens you ask for a code, which is mailed to this address; with the \
             code you see the document."
                .to_owned(),
        ),
        Part::Text(format!("You can answer until {}.", reader.moment(until))),
        Part::Text(
            "If you did not expect this, ask whoever is named above by a way you know before you open anything, or ignore \
             this mail."
                .to_owned(),
        ),
    ];
    write(reader, &format!("{by} invites you to decide on a document"), &parts)
}

/// Somebody who was invited has answered.
#[must_use]
pub fn answered(reader: &Reader, about: &About, who: &str, answer: InvitationState, at: Timestamp) -> Mail {
    let (who, title) = (plain(who), quoted(&about.title));
    let did = match answer {
        InvitationState::Approved => "approved",
        InvitationState::Rejected => "rejected",
        InvitationState::Abstained => "does not want to decide on",
        // These are nobody's answers.
        InvitationState::Asked | InvitationState::Revoked => "was asked about",
    };
    let parts = [
        Part::Text(format!(
            "{who}, whom you invited without an account, {did} {title}. It was recorded on {}.",
            reader.moment(at)
        )),
        Part::Link("Open the page".to_owned(), about.link.clone()),
    ];
    write(reader, &format!("{who} {did} {title}"), &parts)
}

#[cfg(test)]
mod tests {
    use super::super::texts::tests::{AT, reader};
    use super::*;

    #[test]
    fn an_invitation_says_who_and_until_when_and_nothing_of_the_page() {
        let mail = invitation(&reader("Ada <b>"), "Mira\r\nBcc: x@example.com", AT, "https://edge.example/hosted#i.x");
        assert!(mail.subject.starts_with("Mira") && !mail.subject.contains(['\r', '\n']), "{:?}", mail.subject);
        assert!(mail.text.contains("https://edge.example/hosted#i.x") && mail.text.contains("mailed to this address"));
        assert!(mail.text.contains("until Saturday"), "{}", mail.text);
        assert!(!mail.html.contains("<b>"), "{}", mail.html);
    }

    #[test]
    fn whoever_invited_is_told_the_answer() {
        let about = About { title: "Plan".to_owned(), link: "https://acme.example/wiki/p".to_owned() };
        for (answer, word) in [
            (InvitationState::Approved, "approved"),
            (InvitationState::Rejected, "rejected"),
            (InvitationState::Abstained, "does not want to decide"),
        ] {
            let mail = answered(&reader("Mira"), &about, "Ada", answer, AT);
            assert!(mail.subject.contains(word) && mail.text.contains(word), "{}", mail.subject);
        }
    }
}
