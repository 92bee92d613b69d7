//! The link behind "this wasn't me" in mails about somebody's factors.
//!
//! Whoever reads that something was done with their account may be far from Confluence, and may not get in any more. The link
//! does one thing: it locks what they confirm with. It proves a mailbox and no more, so that it gives nothing to whoever finds
//! it: it opens nothing, shows nothing, and what it locks an admin unlocks.

use super::challenge::{Bound, Fields, Reader};
use crate::ids::{AccountId, SiteId};
use crate::time::Timestamp;
use core::time::Duration;

/// How long a mail's link is good.
pub const NOT_ME_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A link to be pressed by whom a mail went to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMeLink {
    /// The site.
    pub site: SiteId,
    /// Whom it locks.
    pub account: AccountId,
    /// Of the mail: each mail's link works once.
    pub nonce: String,
    /// The end of its life.
    pub expires_at: Timestamp,
}

impl NotMeLink {
    /// The link of the mail that was asked for at `at` under the key `mail`. The same whenever that mail is tried again.
    #[must_use]
    pub fn of_mail(site: &SiteId, account: &AccountId, mail: &str, at: Timestamp) -> Self {
        // A name of its own among the nonces that were used: no challenge's is of this form.
        let nonce = format!("not-me/{mail}");
        Self { site: site.clone(), account: account.clone(), nonce, expires_at: at + NOT_ME_LIFE }
    }
}

impl Bound for NotMeLink {
    const LABEL: &'static str = "countersign/not-me";

    fn write(&self, fields: &mut Fields) {
        fields.text(self.site.as_str());
        fields.text(self.account.as_str());
        fields.text(&self.nonce);
        fields.number(self.expires_at.0);
    }

    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            site: SiteId::new(fields.text()?),
            account: AccountId::new(fields.text()?),
            nonce: fields.text()?.to_owned(),
            expires_at: Timestamp(fields.number()?),
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::challenge::{ChallengeFault, MacKey, MacKeys, issue, verify};
    use crate::token::link::{Errand, Going, Link, Visit};
    use data_encoding::BASE64URL_NOPAD;

    const MAILED: Timestamp = Timestamp(1_000);

    fn keys() -> MacKeys {
        MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [1; 32] }]).unwrap()
    }

    fn link() -> NotMeLink {
        NotMeLink::of_mail(&SiteId::new("cloud/env"), &AccountId::new("712020:a"), &"ab".repeat(16), MAILED)
    }

    #[test]
    fn it_is_good_for_a_week_to_the_millisecond() {
        let (token, end) = (issue(&keys(), &link()).unwrap(), MAILED + NOT_ME_LIFE);
        assert_eq!(verify(&keys(), &token, end), Ok(link()));
        assert_eq!(verify::<NotMeLink>(&keys(), &token, Timestamp(end.0 + 1)), Err(ChallengeFault::Expired));
    }

    #[test]
    fn a_mail_that_is_tried_again_holds_the_same_link_and_another_mail_another() {
        assert_eq!(issue(&keys(), &link()), issue(&keys(), &link()));
        let other = NotMeLink::of_mail(&link().site, &link().account, "another", MAILED);
        assert_ne!(other.nonce, link().nonce);
    }

    #[test]
    fn it_begins_no_visit_and_no_other_link_locks_anybody() {
        let token = issue(&keys(), &link()).unwrap();
        assert_eq!(verify::<Link>(&keys(), &token, MAILED), Err(ChallengeFault::Invalid));
        assert_eq!(verify::<Visit>(&keys(), &token, MAILED), Err(ChallengeFault::Invalid));
        let going = Going {
            site: link().site,
            account: link().account,
            guest: false,
            errand: Errand::UsePasskey,
            about: "x".to_owned(),
            nonce: "y".to_owned(),
            expires_at: MAILED + NOT_ME_LIFE,
        };
        let other = issue(&keys(), &Link(going)).unwrap();
        assert_eq!(verify::<NotMeLink>(&keys(), &other, MAILED), Err(ChallengeFault::Invalid));
    }

    #[test]
    fn any_flipped_bit_is_refused() {
        let token = BASE64URL_NOPAD.decode(issue(&keys(), &link()).unwrap().as_bytes()).unwrap();
        for index in 0..token.len() {
            for bit in 0..8 {
                let mut forged = token.clone();
                forged[index] ^= 1 << bit;
                let forged = BASE64URL_NOPAD.encode(&forged);
                assert_eq!(verify::<NotMeLink>(&keys(), &forged, MAILED), Err(ChallengeFault::Invalid));
            }
        }
    }
}
