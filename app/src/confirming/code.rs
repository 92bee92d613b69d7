//! Codes as they are typed. Pure.

use crate::words;
use engine::token::policy::FactorKind;
use engine::token::{mail_code, recovery};

/// What is wrong with a code before it is sent; nothing if it may be sent.
pub(super) fn fault(way: FactorKind, typed: &str) -> Option<&'static str> {
    match way {
        FactorKind::Totp => words::code_fault(typed),
        FactorKind::MailCode if typed.trim().is_empty() => Some("Enter the code from the mail."),
        FactorKind::MailCode if mail_code::normalise(typed).is_none() => {
            Some("The mailed code has eight letters and digits, like ABCD-1234.")
        }
        FactorKind::RecoveryCode if typed.trim().is_empty() => Some("Enter one of your recovery codes."),
        FactorKind::RecoveryCode if recovery::normalise(typed).is_none() => {
            Some("A recovery code has twenty-four letters and digits. Check it against your print-out.")
        }
        FactorKind::Passkey | FactorKind::MailCode | FactorKind::RecoveryCode => None,
    }
}

/// What a way is called.
pub(super) fn name(way: FactorKind) -> &'static str {
    match way {
        FactorKind::Passkey => "Passkey",
        FactorKind::Totp => "Authenticator app",
        FactorKind::MailCode => "Code by mail",
        FactorKind::RecoveryCode => "Recovery code",
    }
}

/// The label of its field.
pub(super) fn label(way: FactorKind) -> &'static str {
    match way {
        FactorKind::Totp | FactorKind::Passkey => "Code from your authenticator app",
        FactorKind::MailCode => "Code from the mail",
        FactorKind::RecoveryCode => "One of your recovery codes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_looked_at_as_what_it_should_be() {
        assert!(fault(FactorKind::Totp, "123 456").is_none());
        assert!(fault(FactorKind::Totp, "ABCD-1234").is_some());
        assert!(fault(FactorKind::MailCode, "abcd 1234").is_none());
        assert!(fault(FactorKind::MailCode, "123456").is_some());
        assert!(fault(FactorKind::RecoveryCode, "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01").is_none());
        assert!(fault(FactorKind::RecoveryCode, "ABCD-EFGH").is_some());
        for way in [FactorKind::Totp, FactorKind::MailCode, FactorKind::RecoveryCode] {
            assert!(fault(way, " ").is_some(), "{way:?}");
        }
        assert!(fault(FactorKind::Passkey, "").is_none());
    }
}
