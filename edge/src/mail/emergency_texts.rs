//! Mails about emergency access: whoever has to do with the page hears of it, at each step.

use super::Mail;
use super::review_texts::About;
use super::write::{Part, Reader, plain, plain_reason, quoted, write};
use engine::effect::EmergencyStage;
use engine::time::Timestamp;

/// Emergency access, as a mail tells it.
#[derive(Clone, Copy, Debug)]
pub struct Emergency<'a> {
    /// How far it is.
    pub stage: EmergencyStage,
    /// The admin whose access it is.
    pub by: &'a str,
    /// The reason given, unless it was erased.
    pub reason: Option<&'a str>,
    /// When it happened.
    pub at: Timestamp,
}

/// Tells somebody of emergency access to a page.
#[must_use]
pub fn emergency(reader: &Reader, about: &About, access: Emergency<'_>) -> Mail {
    let (title, by, at) = (quoted(&about.title), plain(access.by), reader.moment(access.at));
    let (subject, opening) = match access.stage {
        EmergencyStage::Asked { .. } => (
            format!("Emergency access to {title} was asked for"),
            format!(
                "On {at} {by} asked for emergency access to {title}: an admin wants to decide in the reviewers' place."
            ),
        ),
        EmergencyStage::CarriedOut => (
            format!("Emergency access to {title} was used"),
            format!("On {at} {by} decided on {title} in the reviewers' place. The journal holds an entry of it."),
        ),
        EmergencyStage::Cancelled => (
            format!("Emergency access to {title} was cancelled"),
            format!("On {at} emergency access to {title} was cancelled by {by}. Nothing was decided by it."),
        ),
    };
    let mut parts = vec![Part::Text(opening)];
    if let Some(reason) = access.reason.map(plain_reason).filter(|reason| !reason.is_empty()) {
        parts.push(Part::Text(format!("Reason given: {reason}")));
    }
    if let EmergencyStage::Asked { not_before, expires_at } = access.stage {
        parts.push(Part::Text(match not_before {
            Some(from) => format!(
                "There is no second admin to agree, so it cannot be used before {}, and not after {}.",
                reader.moment(from),
                reader.moment(expires_at)
            ),
            None => format!("A second admin has to agree before {}.", reader.moment(expires_at)),
        }));
        parts.push(Part::Text(
            "If this should not happen, decide on the page before it does, or tell an admin to cancel it.".to_owned(),
        ));
    }
    parts.push(Part::Link("Open the page".to_owned(), about.link.clone()));
    write(reader, &subject, &parts)
}

#[cfg(test)]
mod tests {
    use super::super::texts::tests::{AT, reader};
    use super::*;

    fn about() -> About {
        About { title: "Plan <s>".to_owned(), link: "https://acme.example/wiki/p?a=1&b=2".to_owned() }
    }

    #[test]
    fn each_step_is_told_with_who_and_why_and_when() {
        let asked = EmergencyStage::Asked { not_before: Some(AT), expires_at: AT };
        let stages = [asked, EmergencyStage::CarriedOut, EmergencyStage::Cancelled];
        for (stage, word) in stages.into_iter().zip(["asked for", "used", "cancelled"]) {
            let access = Emergency { stage, by: "Sam Carter", reason: Some("Audit <b>today</b>"), at: AT };
            let mail = emergency(&reader("Ann"), &about(), access);
            assert!(mail.subject.ends_with(word), "{}", mail.subject);
            assert!(mail.text.contains("Sam Carter") && mail.text.contains("Reason given: Audit <b>today</b>"));
            assert!(!mail.html.contains("<b>") && !mail.html.contains("<s>"), "{}", mail.html);
            assert!(mail.text.contains("https://acme.example/wiki/p?a=1&b=2"));
        }
        let both = EmergencyStage::Asked { not_before: None, expires_at: AT };
        let access = Emergency { stage: both, by: "Sam", reason: None, at: AT };
        let mail = emergency(&reader("Ann"), &about(), access);
        assert!(mail.text.contains("A second admin has to agree before Saturday") && !mail.text.contains("Reason"));
    }
}
