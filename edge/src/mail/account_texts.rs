//! Mails about somebody's account as a whole: "this wasn't me", unlocked, reset by the operator, still to be set up.

use super::Mail;
use super::write::{Part, Reader, plain, plain_reason, write};
use engine::time::Timestamp;
use engine::wire::operator::OperatorAct;

/// The person said that it was not them.
#[must_use]
pub fn not_me_owner(reader: &Reader, at: Timestamp) -> Mail {
    write(reader, "Approvals with your account are locked, as you asked", &[
        Part::Text(format!("On {} you reported that something was not you.", reader.moment(at))),
        Part::Text(
            "Nothing can be confirmed with your account until a Confluence admin unlocks you. The admins were told by \
             mail."
                .to_owned(),
        ),
        Part::Text("Change the password of your Atlassian account, and look where it is logged in.".to_owned()),
    ])
}

/// Tells an admin that somebody said it was not them.
#[must_use]
pub fn not_me_admin(reader: &Reader, person: &str, at: Timestamp) -> Mail {
    let person = plain(person);
    write(reader, &format!("{person} reports: this wasn't me"), &[
        Part::Text(format!(
            "On {} {person} reported that something done with their account was not them. Nothing can be confirmed with \
             it any more.",
            reader.moment(at)
        )),
        Part::Text(
            "Look at their last uses in Countersign's settings. Unlock them only when you have talked to them, and \
             revoke the factors they don't know."
                .to_owned(),
        ),
    ])
}

/// Tells an admin what the operator did to somebody's factors.
#[must_use]
pub fn operator_admin(reader: &Reader, person: &str, act: OperatorAct, reason: Option<&str>, at: Timestamp) -> Mail {
    let person = plain(person);
    let (subject, did) = match act {
        OperatorAct::ResetFactors => (
            format!("The operator of Countersign reset the factors of {person}"),
            format!("took away every factor and recovery code of {person}"),
        ),
        OperatorAct::Unlock => {
            (format!("The operator of Countersign unlocked {person}"), format!("released the lock of {person}"))
        }
    };
    let parts = [
        Part::Text(format!(
            "On {} whoever operates Countersign's Worker {did}, by a command outside of Confluence. The journal holds an \
             entry of it.",
            reader.moment(at)
        )),
        given(reason),
        Part::Text("If nobody of you asked for this, treat it as a break-in.".to_owned()),
    ];
    write(reader, &subject, &parts)
}

/// Tells the owner the same.
#[must_use]
pub fn operator_owner(reader: &Reader, act: OperatorAct, reason: Option<&str>, at: Timestamp) -> Mail {
    let (subject, did) = match act {
        OperatorAct::ResetFactors => (
            "Your ways to confirm approvals were taken away",
            "took away every authenticator, passkey and recovery code with which you confirmed approvals. Set up a new one \
             the next time you are asked",
        ),
        OperatorAct::Unlock => {
            ("Approvals with your account are unlocked", "unlocked you. Your codes are accepted again")
        }
    };
    let parts = [
        Part::Text(format!(
            "On {} whoever operates Countersign's Worker, not one of your Confluence admins, {did}.",
            reader.moment(at)
        )),
        given(reason),
        Part::NotYou,
    ];
    write(reader, subject, &parts)
}

fn given(reason: Option<&str>) -> Part {
    Part::Text(match reason {
        Some(reason) => format!("The reason given: {}", plain_reason(reason)),
        None => "The reason given was erased since.".to_owned(),
    })
}

/// An admin released the lock.
#[must_use]
pub fn unlocked(reader: &Reader, admin: &str, at: Timestamp) -> Mail {
    write(
        reader,
        "Approvals with your account are unlocked",
        &[
            Part::Text(format!(
                "On {} {} unlocked you. Your codes are accepted again.",
                reader.moment(at),
                plain(admin)
            )),
            Part::NotYou,
        ],
    )
}

/// Approvals wait for somebody who can confirm none.
#[must_use]
pub fn enrolment_reminder(reader: &Reader, admin: Option<&str>) -> Mail {
    let opening = match admin {
        Some(admin) => format!("{} asks you to set up a way to confirm approvals in Confluence.", plain(admin)),
        None => "Please set up a way to confirm approvals in Confluence.".to_owned(),
    };
    write(reader, "Please set up how you confirm approvals", &[
        Part::Text(opening),
        Part::Text(
            "You are asked for approvals, and cannot confirm any yet. It takes a minute: open any page that is under \
             review, begin to decide in Countersign's panel, and follow what it says. You need an authenticator app on \
             your phone, or a passkey."
                .to_owned(),
        ),
        Part::Text("This mail holds no link and asks for no password, on purpose.".to_owned()),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::texts::tests::{AT, reader};
    use super::*;

    #[test]
    fn who_did_it_is_said() {
        assert!(unlocked(&reader("Ann"), "Sam Carter", AT).text.contains("Sam Carter unlocked you"));
        assert!(not_me_admin(&reader("Sam"), "Ann", AT).text.contains("Ann reported"));
        let reset = operator_owner(&reader("Ann"), OperatorAct::ResetFactors, Some("Lost everything"), AT);
        assert!(reset.text.contains("not one of your Confluence admins") && reset.text.contains("Lost everything"));
        assert!(operator_admin(&reader("Sam"), "Ann", OperatorAct::Unlock, None, AT).text.contains("was erased since"));
    }

    #[test]
    fn names_break_out_of_nothing() {
        const EVIL: &str = "<img src=x>\r\nBcc: eve@example.com\u{2028}\u{0}\u{202e}";
        let mails = [
            not_me_owner(&reader(EVIL), AT),
            not_me_admin(&reader(EVIL), EVIL, AT),
            operator_admin(&reader(EVIL), EVIL, OperatorAct::ResetFactors, Some(EVIL), AT),
            operator_owner(&reader(EVIL), OperatorAct::Unlock, Some(EVIL), AT),
            unlocked(&reader(EVIL), EVIL, AT),
            enrolment_reminder(&reader(EVIL), Some(EVIL)),
        ];
        for mail in mails {
            assert!(!mail.subject.contains(['\r', '\n', '\u{2028}', '\0', '\u{202e}']), "{}", mail.subject);
            assert!(!mail.html.contains("<img"), "{}", mail.html);
            assert!(!mail.text.contains("\nBcc:") && !mail.text.contains("\rBcc:"), "{}", mail.text);
        }
    }
}
