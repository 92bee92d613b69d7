//! Mails about factors: set up, renewed, removed, about to end; recovery codes.

use super::Mail;
use super::write::{Part, Reader, plain, write};
use engine::time::Timestamp;
use engine::token::policy::FactorKind;

/// A factor as its owner knows it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Its kind.
    pub kind: FactorKind,
    /// The name they gave it.
    pub name: Option<&'a str>,
}

impl Named<'_> {
    /// `authenticator “Phone”`.
    fn said(self) -> String {
        let name = self.name.map(plain).filter(|name| !name.is_empty());
        let kind = kind(self.kind);
        name.map_or_else(|| kind.to_owned(), |name| format!("{kind} \u{201c}{name}\u{201d}"))
    }
}

fn kind(kind: FactorKind) -> &'static str {
    match kind {
        FactorKind::Totp => "authenticator",
        FactorKind::Passkey => "passkey",
        FactorKind::MailCode => "mailed code",
        FactorKind::RecoveryCode => "recovery code",
    }
}

fn article(kind: FactorKind) -> &'static str {
    if kind == FactorKind::Totp { "An" } else { "A" }
}

/// A factor was set up.
#[must_use]
pub fn enrolled(reader: &Reader, factor: Named<'_>, at: Timestamp) -> Mail {
    let said = factor.said();
    let subject = format!("{} {} was set up on your account", article(factor.kind), kind(factor.kind));
    write(
        reader,
        &subject,
        &[
            Part::Text(format!(
                "On {} the {said} was set up to confirm approvals with your Confluence account.",
                reader.moment(at)
            )),
            Part::NotYou,
        ],
    )
}

/// A factor was renewed.
#[must_use]
pub fn renewed(reader: &Reader, factor: Named<'_>, until: Option<Timestamp>) -> Mail {
    let said = factor.said();
    let subject = format!("Your {} was renewed", kind(factor.kind));
    write(
        reader,
        &subject,
        &[Part::Text(format!("Your {said} was renewed. {}", good_until(reader, until))), Part::NotYou],
    )
}

/// A factor was removed by its owner, or by an admin.
#[must_use]
pub fn removed(reader: &Reader, factor: Named<'_>, by: Option<&str>, at: Timestamp) -> Mail {
    let said = factor.said();
    let kind = kind(factor.kind);
    let at = reader.moment(at);
    match by {
        Some(admin) => {
            let again = "Set up a new one the next time you are asked to confirm something.";
            write(
                reader,
                &format!("Your {kind} was revoked by an admin"),
                &[
                    Part::Text(format!("On {at} {} revoked your {said}. It confirms nothing any more.", plain(admin))),
                    Part::Text(format!("{again} If you don't know why, ask them.")),
                ],
            )
        }
        None => write(
            reader,
            &format!("Your {kind} was removed"),
            &[Part::Text(format!("On {at} your {said} was removed. It confirms nothing any more.")), Part::NotYou],
        ),
    }
}

/// An admin set how long a factor is good.
#[must_use]
pub fn expiry_set(reader: &Reader, factor: Named<'_>, admin: &str, until: Option<Timestamp>) -> Mail {
    let subject = format!("An admin changed how long your {} is good", kind(factor.kind));
    write(
        reader,
        &subject,
        &[
            Part::Text(format!("{} changed how long your {} is good.", plain(admin), factor.said())),
            Part::Text(good_until(reader, until)),
        ],
    )
}

/// A factor ends soon.
#[must_use]
pub fn expires_soon(reader: &Reader, factor: Named<'_>, until: Timestamp) -> Mail {
    let kind = kind(factor.kind);
    write(
        reader,
        &format!("Your {kind} for approvals expires soon"),
        &[
            Part::Text(format!(
                "Your {} is good until {}. After that it confirms nothing until you renew it.",
                factor.said(),
                reader.moment(until)
            )),
            how_to_renew(),
        ],
    )
}

/// A factor has ended.
#[must_use]
pub fn expired(reader: &Reader, factor: Named<'_>, until: Timestamp) -> Mail {
    let kind = kind(factor.kind);
    write(
        reader,
        &format!("Your {kind} for approvals has expired"),
        &[
            Part::Text(format!(
                "Your {} was good until {}. It confirms nothing until you renew it.",
                factor.said(),
                reader.moment(until)
            )),
            how_to_renew(),
        ],
    )
}

fn how_to_renew() -> Part {
    Part::Text(
        "To renew it, open any page with Countersign's panel, choose \u{201c}How I confirm\u{201d}, and renew it there: it \
         takes one use."
            .to_owned(),
    )
}

fn good_until(reader: &Reader, until: Option<Timestamp>) -> String {
    match until {
        Some(until) => format!("It is good until {}.", reader.moment(until)),
        None => "It does not expire.".to_owned(),
    }
}

/// Recovery codes were made.
#[must_use]
pub fn recovery_codes_made(reader: &Reader, count: u32, at: Timestamp) -> Mail {
    write(
        reader,
        "New recovery codes were made for your account",
        &[
            Part::Text(format!(
                "On {} {count} recovery codes were made for your account. Codes made earlier are worth nothing now.",
                reader.moment(at)
            )),
            Part::Text(
                "Keep them where only you can reach them, away from the phone or computer you confirm approvals with."
                    .to_owned(),
            ),
            Part::NotYou,
        ],
    )
}

/// A recovery code was used.
#[must_use]
pub fn recovery_code_used(reader: &Reader, left: u32, at: Timestamp) -> Mail {
    let few = match left {
        0 => "None is left. Make new ones as soon as you can.".to_owned(),
        1 => "1 is left. Make new ones as soon as you can.".to_owned(),
        2 | 3 => format!("{left} are left. Make new ones soon."),
        _ => format!("{left} are left."),
    };
    write(
        reader,
        "A recovery code of your account was used",
        &[
            Part::Text(format!(
                "On {} a recovery code was used in place of your usual way to confirm. {few}",
                reader.moment(at)
            )),
            Part::NotYou,
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::super::texts::tests::{AT, reader};
    use super::*;

    const PHONE: Named<'_> = Named { kind: FactorKind::Totp, name: Some("Phone") };

    #[test]
    fn the_factor_is_named_as_its_owner_knows_it() {
        let mail = enrolled(&reader("Ann"), PHONE, AT);
        assert_eq!(mail.subject, "An authenticator was set up on your account");
        assert!(mail.text.contains("the authenticator \u{201c}Phone\u{201d} was set up"), "{}", mail.text);
        assert!(mail.text.contains("Saturday 21 November 2026, 11:00 (Europe/Stockholm)"));
        let unnamed = enrolled(&reader("Ann"), Named { kind: FactorKind::Passkey, name: None }, AT);
        assert_eq!(unnamed.subject, "A passkey was set up on your account");
        assert!(unnamed.text.contains("the passkey was set up"));
    }

    #[test]
    fn who_took_a_factor_away_is_said() {
        assert!(removed(&reader("Ann"), PHONE, None, AT).text.contains("If this wasn't you"));
        let by_admin = removed(&reader("Ann"), PHONE, Some("Sam Carter"), AT);
        assert!(by_admin.text.contains("Sam Carter revoked your authenticator"), "{}", by_admin.text);
    }

    #[test]
    fn an_end_is_said_or_that_there_is_none() {
        assert!(renewed(&reader("Ann"), PHONE, Some(AT)).text.contains("It is good until Saturday 21 November"));
        assert!(renewed(&reader("Ann"), PHONE, None).text.contains("It does not expire."));
        assert!(expires_soon(&reader("Ann"), PHONE, AT).text.contains("is good until Saturday 21 November"));
        assert!(expired(&reader("Ann"), PHONE, AT).text.contains("was good until Saturday 21 November"));
        assert!(expiry_set(&reader("Ann"), PHONE, "Sam", None).text.contains("Sam changed how long"));
    }

    #[test]
    fn few_recovery_codes_are_said_to_be_few() {
        for (left, said) in [(0, "None is left"), (1, "1 is left"), (3, "3 are left. Make new"), (9, "9 are left.")] {
            assert!(recovery_code_used(&reader("Ann"), left, AT).text.contains(said), "{left}");
        }
        assert!(recovery_codes_made(&reader("Ann"), 10, AT).text.contains("10 recovery codes"));
    }

    #[test]
    fn names_break_out_of_nothing() {
        const EVIL: &str = "<img src=x>\r\nBcc: eve@example.com\u{2028}\u{0}";
        let factor = Named { kind: FactorKind::Totp, name: Some(EVIL) };
        let mails = [
            enrolled(&reader(EVIL), factor, AT),
            renewed(&reader(EVIL), factor, None),
            removed(&reader(EVIL), factor, Some(EVIL), AT),
            expiry_set(&reader(EVIL), factor, EVIL, None),
            expires_soon(&reader(EVIL), factor, AT),
            expired(&reader(EVIL), factor, AT),
        ];
        for mail in mails {
            assert!(!mail.subject.contains(['\r', '\n', '\u{2028}', '\0']), "{}", mail.subject);
            assert!(!mail.html.contains("<img"), "{}", mail.html);
            assert!(!mail.text.contains("\nBcc:") && !mail.text.contains("\rBcc:"), "{}", mail.text);
        }
    }
}
