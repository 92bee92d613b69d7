//! Links to pages of our own, and what a browser that followed one carries from then on.
//!
//! They are records that are authenticated like challenges, each under a label of its own. A link leads to one errand of one
//! person, once; it lies in the fragment of an address, which no server and no log ever sees. An invitation's link lies there
//! too, but goes by mail: whoever holds it has proved nothing yet.

use super::challenge::{Bound, Fields, Reader};
use crate::ids::{AccountId, SiteId};
use crate::time::Timestamp;
use core::time::Duration;

/// No link is good for longer.
pub const LINK_LIFE: Duration = Duration::from_secs(15 * 60);
/// Nobody's visit is longer.
pub const VISIT_LIFE: Duration = Duration::from_secs(30 * 60);

/// What a page of our own is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Make a passkey.
    MakePasskey,
    /// Confirm something with a passkey.
    UsePasskey,
    /// Decide on a version one was invited to. No [`Link`] leads to it: an [`Invitation`] and a mailed code do.
    Invited,
}

impl Errand {
    const ALL: [Self; 3] = [Self::MakePasskey, Self::UsePasskey, Self::Invited];

    /// The word in the record.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MakePasskey => "make-passkey",
            Self::UsePasskey => "use-passkey",
            Self::Invited => "invited",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|errand| errand.as_str() == word)
    }
}

/// Whose errand, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Going {
    /// The site.
    pub site: SiteId,
    /// Who.
    pub account: AccountId,
    /// Whether Confluence knows them as a guest. There is no token here that could tell.
    pub guest: bool,
    /// What for.
    pub errand: Errand,
    /// Of which set-up, challenge or invitation: its id or nonce.
    pub about: String,
    /// Of the link. A visit keeps that of the link it began with.
    pub nonce: String,
    /// The end of its life.
    pub expires_at: Timestamp,
}

impl Going {
    fn write(&self, fields: &mut Fields) {
        fields.text(self.site.as_str());
        fields.text(self.account.as_str());
        fields.number(u64::from(self.guest));
        fields.text(self.errand.as_str());
        fields.text(&self.about);
        fields.text(&self.nonce);
        fields.number(self.expires_at.0);
    }

    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            site: SiteId::new(fields.text()?),
            account: AccountId::new(fields.text()?),
            guest: match fields.number()? {
                0 => false,
                1 => true,
                _ => return None,
            },
            errand: Errand::of(fields.text()?)?,
            about: fields.text()?.to_owned(),
            nonce: fields.text()?.to_owned(),
            expires_at: Timestamp(fields.number()?),
        })
    }
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(pub Going);

/// A visit: what the cookie holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit(pub Going);

/// A link in an invitation's mail. It lives as long as the invitation and may be followed often: all it opens is the door,
/// behind which a code is mailed to the address that was invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The site.
    pub site: SiteId,
    /// The invitation's id.
    pub invitation: String,
    /// Who was invited.
    pub account: AccountId,
    /// The end of the invitation's time.
    pub until: Timestamp,
}

impl Bound for Invitation {
    const LABEL: &'static str = "countersign/invitation";

    fn write(&self, fields: &mut Fields) {
        fields.text(self.site.as_str());
        fields.text(&self.invitation);
        fields.text(self.account.as_str());
        fields.number(self.until.0);
    }

    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            site: SiteId::new(fields.text()?),
            invitation: fields.text()?.to_owned(),
            account: AccountId::new(fields.text()?),
            until: Timestamp(fields.number()?),
        })
    }

    fn expires_at(&self) -> Timestamp {
        self.until
    }
}

impl Invitation {
    /// The visit that begins once the mailbox is proved.
    #[must_use]
    pub fn visit(self, nonce: String, now: Timestamp) -> Visit {
        Visit(Going {
            site: self.site,
            account: self.account,
            guest: false,
            errand: Errand::Invited,
            about: self.invitation,
            nonce,
            expires_at: self.until.min(now + VISIT_LIFE),
        })
    }
}

macro_rules! bound {
    ($type:ident, $label:literal) => {
        impl Bound for $type {
            const LABEL: &'static str = $label;
            fn write(&self, fields: &mut Fields) {
                self.0.write(fields);
            }
            fn read(fields: &mut Reader<'_>) -> Option<Self> {
                Going::read(fields).map(Self)
            }
            fn expires_at(&self) -> Timestamp {
                self.0.expires_at
            }
        }
    };
}
bound!(Link, "countersign/link");
bound!(Visit, "countersign/visit");

impl Link {
    /// The visit it begins, once its nonce is used up.
    #[must_use]
    pub fn visit(self, now: Timestamp) -> Visit {
        Visit(Going { expires_at: now + VISIT_LIFE, ..self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::challenge::{ChallengeFault, MacKey, MacKeys, issue, verify};
    use data_encoding::BASE64URL_NOPAD;

    fn keys() -> MacKeys {
        MacKeys::new(vec![MacKey { id: "k1".to_owned(), bytes: [1; 32] }]).unwrap()
    }

    fn going() -> Going {
        Going {
            site: SiteId::new("cloud/env"),
            account: AccountId::new("712020:a"),
            guest: true,
            errand: Errand::UsePasskey,
            about: "ab".repeat(16),
            nonce: "cd".repeat(16),
            expires_at: Timestamp(1_000),
        }
    }

    #[test]
    fn a_link_is_read_until_it_expires() {
        for errand in Errand::ALL {
            let link = Link(Going { errand, ..going() });
            let token = issue(&keys(), &link).unwrap();
            assert_eq!(verify(&keys(), &token, Timestamp(1_000)), Ok(link));
            assert_eq!(verify::<Link>(&keys(), &token, Timestamp(1_001)), Err(ChallengeFault::Expired));
        }
    }

    #[test]
    fn a_link_is_no_visit_and_a_visit_no_link() {
        let link = issue(&keys(), &Link(going())).unwrap();
        let visit = issue(&keys(), &Visit(going())).unwrap();
        assert_eq!(verify::<Visit>(&keys(), &link, Timestamp(0)), Err(ChallengeFault::Invalid));
        assert_eq!(verify::<Link>(&keys(), &visit, Timestamp(0)), Err(ChallengeFault::Invalid));
    }

    #[test]
    fn an_invitation_is_neither_link_nor_visit_and_its_visit_never_outlives_it() {
        let invitation = Invitation {
            site: SiteId::new("cloud/env"),
            invitation: "ab".repeat(16),
            account: AccountId::new("invited:1"),
            until: Timestamp(5_000_000),
        };
        let token = issue(&keys(), &invitation).unwrap();
        assert_eq!(verify(&keys(), &token, Timestamp(5_000_000)), Ok(invitation.clone()));
        assert_eq!(verify::<Invitation>(&keys(), &token, Timestamp(5_000_001)), Err(ChallengeFault::Expired));
        assert_eq!(verify::<Link>(&keys(), &token, Timestamp(0)), Err(ChallengeFault::Invalid));
        assert_eq!(verify::<Visit>(&keys(), &token, Timestamp(0)), Err(ChallengeFault::Invalid));
        let link = issue(&keys(), &Link(going())).unwrap();
        assert_eq!(verify::<Invitation>(&keys(), &link, Timestamp(0)), Err(ChallengeFault::Invalid));
        let visit = |now| invitation.clone().visit("n".to_owned(), Timestamp(now)).0;
        assert_eq!(visit(0).expires_at, Timestamp(0) + VISIT_LIFE);
        assert_eq!(visit(4_999_999).expires_at, Timestamp(5_000_000));
        assert_eq!((visit(0).errand, visit(0).about), (Errand::Invited, invitation.invitation.clone()));
    }

    #[test]
    fn any_flipped_bit_is_refused() {
        let token = BASE64URL_NOPAD.decode(issue(&keys(), &Link(going())).unwrap().as_bytes()).unwrap();
        for index in 0..token.len() {
            for bit in 0..8 {
                let mut forged = token.clone();
                forged[index] ^= 1 << bit;
                let forged = BASE64URL_NOPAD.encode(&forged);
                assert_eq!(verify::<Link>(&keys(), &forged, Timestamp(0)), Err(ChallengeFault::Invalid));
            }
        }
    }

    #[test]
    fn a_visit_has_an_end_of_its_own() {
        let visit = Link(going()).visit(Timestamp(5));
        assert_eq!(visit.0.expires_at, Timestamp(5) + VISIT_LIFE);
        assert_eq!(visit.0.about, going().about);
    }
}
