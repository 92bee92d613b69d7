//! The code mailed for one challenge: made, kept, compared. It is bound to the site, the person and the challenge's nonce,
//! so it is good for nothing else; the newest one of a challenge is the only one.

use super::keys::Keyring;
use super::mail_code::{self, For};
use super::seal;
use crate::http::EdgeError;
use crate::random;
use crate::store::pending::{Kind, Pending, State, code_binding};
use core::time::Duration;
use engine::audit::fact::AttemptFault;
use engine::ids::{AccountId, FactorId, SiteId};
use engine::page::event::FactorUse;
use engine::time::Timestamp;
use engine::token::mail_code::{from_random, normalise};
use engine::token::policy::FactorKind;
use engine::wire::problem::{Problem, ProblemKind};
use zeroize::Zeroizing;

/// How long a mailed code is good (NIST SP 800-63B-4, 3.1.3.2: at most 10 minutes). A challenge that nothing else can confirm
/// lives as long.
pub const LIFE: Duration = Duration::from_secs(600);

/// Whose challenge it is.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// The site.
    pub site: &'a SiteId,
    /// The person.
    pub person: &'a AccountId,
    /// The challenge's nonce.
    pub nonce: &'a str,
}

/// A new code, as it is kept.
pub struct Made {
    /// Sealed, for its mail.
    pub sealed: String,
    /// To compare with.
    pub hmac: String,
}

/// Makes a code. It is readable to nobody but whoever opens the mail.
///
/// # Errors
/// An internal fault if there is no randomness or no key.
pub fn make(keyring: &Keyring, of: Of<'_>) -> Result<Made, EdgeError> {
    let code = Zeroizing::new(from_random(*random::bytes::<5>()?));
    let normal = Zeroizing::new(normalise(&code).ok_or_else(|| EdgeError::internal("a code has a wrong form"))?);
    let what = what(of);
    Ok(Made {
        sealed: seal::seal(keyring, &code_binding(of.site, of.person, of.nonce), code.as_bytes())?,
        hmac: mail_code::digest(keyring, For { site: of.site, person: of.person, what: &what }, &normal)?,
    })
}

/// A code as typed, in the form that is compared.
#[derive(Clone)]
pub struct Typed(Zeroizing<String>);

impl Typed {
    /// Reads what was typed. Anything that can't be a code is no attempt and costs none.
    ///
    /// # Errors
    /// `bad-field`.
    pub fn parse(typed: &str) -> Result<Self, EdgeError> {
        normalise(typed).map(|code| Self(Zeroizing::new(code))).ok_or_else(|| {
            let detail =
                "The mailed code is eight letters and digits, such as K7QF-29XM. Enter it as it stands in the mail.";
            Problem::new(ProblemKind::BadField, detail).at("code").into()
        })
    }
}

/// Compares a counted code with the one mailed for this very challenge. `pending` is what waits under the challenge's nonce.
/// That it is used up belongs into the batch of what it confirms:
/// [`crate::store::commit::Commit::require_pending`], [`crate::store::pending::used`].
///
/// # Errors
/// [`AttemptFault::Used`] if it confirmed something before; [`AttemptFault::Wrong`] for anything else, also where no code was
/// mailed, or it is too old.
pub fn compare(
    keyring: &Keyring,
    of: Of<'_>,
    pending: Option<&Pending>,
    typed: &Typed,
    now: Timestamp,
) -> Result<FactorUse, AttemptFault> {
    let pending = pending.filter(|found| found.nonce == of.nonce && found.kind == Kind::MailCode);
    let Some((pending, kept)) = pending.and_then(|found| Some((found, found.code_hmac.as_deref()?))) else {
        return Err(AttemptFault::Wrong);
    };
    let what = what(of);
    let fits = mail_code::fits(keyring, For { site: of.site, person: of.person, what: &what }, &typed.0, kept);
    match (fits, pending.state) {
        (true, State::Waiting) if now < pending.expires_at => Ok(FactorUse {
            factor: FactorId::new(format!("mail-code/{}", of.nonce)),
            kind: FactorKind::MailCode,
            step: 0,
        }),
        (true, State::Used) => Err(AttemptFault::Used),
        _ => Err(AttemptFault::Wrong),
    }
}

fn what(of: Of<'_>) -> String {
    format!("challenge/{}", of.nonce)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    const NONCE: &str = "00112233445566778899aabbccddeeff";

    fn ring() -> Keyring {
        Keyring::parse(&format!("k1:{}", BASE64.encode(&[1; 32]))).unwrap()
    }

    fn code_of(ring: &Keyring, of: Of<'_>, made: &Made) -> String {
        let plain = seal::open(ring, &code_binding(of.site, of.person, of.nonce), &made.sealed).unwrap();
        String::from_utf8(plain.to_vec()).unwrap()
    }

    fn row(made: &Made, nonce: &str) -> Pending {
        Pending {
            scope: "page/1".to_owned(),
            nonce: nonce.to_owned(),
            kind: Kind::MailCode,
            state: State::Waiting,
            challenge_sealed: String::new(),
            comment_sealed: None,
            code_hmac: Some(made.hmac.clone()),
            code_sealed: Some(made.sealed.clone()),
            factor: None,
            step: None,
            created_at: Timestamp(0),
            expires_at: Timestamp(600_000),
        }
    }

    #[test]
    fn only_this_code_for_this_challenge_of_this_person_in_its_time() {
        let (ring, site, person) = (ring(), SiteId::new("s"), AccountId::new("p"));
        let of = Of { site: &site, person: &person, nonce: NONCE };
        let made = make(&ring, of).unwrap();
        let code = code_of(&ring, of, &made);
        let typed = |text: &str| Typed::parse(text).unwrap();
        let pending = row(&made, NONCE);
        let at = Timestamp(599_999);
        let used = compare(&ring, of, Some(&pending), &typed(&code.to_lowercase()), at).unwrap();
        assert_eq!((used.kind, used.step), (FactorKind::MailCode, 0));
        assert!(used.factor.as_str().contains(NONCE));

        let wrong = |of, pending: Option<&Pending>, code: &str, at| compare(&ring, of, pending, &typed(code), at);
        assert_eq!(wrong(of, Some(&pending), &code, Timestamp(600_000)), Err(AttemptFault::Wrong), "too old");
        assert_eq!(wrong(of, None, &code, at), Err(AttemptFault::Wrong), "nothing waits");
        let another = if code.starts_with('0') { "1111-1111" } else { "0000-0000" };
        assert_eq!(wrong(of, Some(&pending), another, at), Err(AttemptFault::Wrong), "another code");
        let (eve, elsewhere) = (AccountId::new("q"), SiteId::new("t"));
        assert_eq!(
            wrong(Of { person: &eve, ..of }, Some(&pending), &code, at),
            Err(AttemptFault::Wrong),
            "another person"
        );
        assert_eq!(wrong(Of { site: &elsewhere, ..of }, Some(&pending), &code, at), Err(AttemptFault::Wrong), "a site");
        let other = Of { nonce: "ff", ..of };
        assert_eq!(wrong(other, Some(&pending), &code, at), Err(AttemptFault::Wrong), "an older challenge");
        // Even if the row were moved under the other challenge.
        assert_eq!(wrong(other, Some(&row(&made, "ff")), &code, at), Err(AttemptFault::Wrong), "a moved row");
        let passkey = Pending { kind: Kind::Passkey, ..pending.clone() };
        assert_eq!(wrong(of, Some(&passkey), &code, at), Err(AttemptFault::Wrong), "another kind");
        let proved = Pending { state: State::Proved, ..pending.clone() };
        assert_eq!(wrong(of, Some(&proved), &code, at), Err(AttemptFault::Wrong), "another stage");
        let used = Pending { state: State::Used, ..pending };
        assert_eq!(wrong(of, Some(&used), &code, at), Err(AttemptFault::Used), "used");
        assert_eq!(
            wrong(of, Some(&used), another, at),
            Err(AttemptFault::Wrong),
            "whether it was used is told to who knows it"
        );
    }

    #[test]
    fn what_can_be_no_code_is_no_attempt() {
        for bad in ["", "123456", "ＡBCDEFGH", "ABCD-EFGU", "А234-5678", &"A".repeat(65)] {
            assert!(Typed::parse(bad).is_err(), "{bad}");
        }
    }
}
