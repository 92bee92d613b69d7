//! Whoever is to be invited: by what they are called, at which address, and whether they were here before.

use crate::confluence::user;
use crate::cx::Cx;
use crate::handlers::acting::Acting;
use crate::http::EdgeError;
use crate::mail::address::Address;
use crate::random;
use crate::secret::invited::{Kept, LookupKey};
use crate::store::d1::Db;
use crate::store::invited::{self, Putting};
use data_encoding::HEXLOWER;
use engine::audit::commitment::{ErasableText, TextRef};
use engine::ids::{AccountId, SiteId};
use engine::wire::invitation::NAME_MAX;
use engine::wire::problem::{Problem, ProblemKind};

/// What they are called: one line.
pub(super) fn name(typed: &str) -> Result<String, EdgeError> {
    let wrong = |detail: &str| Err(Problem::new(ProblemKind::BadField, detail).at("name").into());
    let name = typed.trim();
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.is_empty() {
        wrong("Write their name: it stands beside what they decide.")
    } else if name.chars().count() > NAME_MAX {
        wrong("Shorten the name to 80 characters.")
    } else if name.chars().any(|c| c.is_control() || turns(c)) {
        wrong(
            "The name holds line breaks, control characters, or ones that turn the direction of writing. Remove them.",
        )
    } else {
        Ok(name.to_owned())
    }
}

/// One address in its normal form. Domains ignore case, and nobody tells two mailboxes apart by it.
pub(super) fn address(typed: &str) -> Result<Address, EdgeError> {
    Address::parse(&typed.trim().to_ascii_lowercase()).ok_or_else(|| {
        let detail = "This is not a mail address such as ada@partner.example. Write one address, and nothing else.";
        Problem::new(ProblemKind::BadField, detail).at("address").into()
    })
}

/// Whether the address is of somebody outside.
///
/// # Errors
/// `bad-field` if its domain is managed, or it is the address of one of `people`; if Confluence cannot be asked.
pub(super) async fn outside<'a>(
    acting: &Acting<'_>,
    address: &Address,
    people: impl Iterator<Item = &'a AccountId>,
) -> Result<(), EdgeError> {
    let wrong = |detail: &str| Err(Problem::new(ProblemKind::BadField, detail).at("address").into());
    if acting.policy.policy.people.managed_domains.contains(address.domain()) {
        return wrong(
            "People of this domain belong to your organisation and have an account: ask them in Confluence, by adding a reviewer.",
        );
    }
    let mut people: Vec<AccountId> = people.cloned().collect();
    people.sort_unstable();
    people.dedup();
    let known = user::emails(&acting.app, &people).await?;
    if known.values().any(|known| known.eq_ignore_ascii_case(address.as_str())) {
        return wrong(
            "This is the address of whoever wrote this version, submitted it, or invites. Nobody can be invited to decide on their own work.",
        );
    }
    Ok(())
}

/// Somebody at an address: as they are known, or new.
pub(super) struct Whom {
    id: String,
    lookup: String,
    kept: Kept,
}

impl Whom {
    /// Looks them up.
    pub(super) async fn of(acting: &Acting<'_>, address: &Address) -> Result<Self, EdgeError> {
        let (cx, site, db) = (acting.cx, &acting.caller.site, &acting.db);
        let lookup = key(cx, db, site).await?.lookup(address.as_str())?;
        match db.ask(invited::by_lookup(site, &lookup)).await? {
            Some(found) => {
                let kept = Kept::open(cx.keyring()?, site, &found.id, &found.address_sealed)?;
                Ok(Self { id: found.id, lookup, kept })
            }
            None => {
                let id = HEXLOWER.encode(random::bytes::<16>()?.as_slice());
                Ok(Self { id, lookup, kept: Kept::new(address.as_str())? })
            }
        }
    }

    /// What stands for them.
    pub(super) fn account(&self) -> AccountId {
        AccountId::invited(&self.id)
    }

    /// A commitment of their address.
    pub(super) fn address(&self) -> TextRef {
        self.kept.reference(&self.id)
    }

    /// What is kept of them.
    pub(super) fn putting(&self, cx: &Cx, site: &SiteId, name: &ErasableText) -> Result<Putting, EdgeError> {
        Ok(Putting {
            id: self.id.clone(),
            lookup: self.lookup.clone(),
            address_sealed: self.kept.seal(cx.keyring()?, site, &self.id)?,
            name: name.id.clone(),
        })
    }
}

/// The site's key for looking addresses up. The first who needs it makes it.
async fn key(cx: &Cx, db: &Db, site: &SiteId) -> Result<LookupKey, EdgeError> {
    let keyring = cx.keyring()?;
    if let Some(stored) = db.ask(invited::key(site)).await? {
        return Ok(LookupKey::open(keyring, site, &stored.key_sealed)?);
    }
    let (_, sealed) = LookupKey::make(keyring, site)?;
    db.batch(&[invited::put_key(site, &sealed)]).await?;
    // Somebody else may have been faster.
    let stored = db.ask(invited::key(site)).await?.ok_or_else(|| EdgeError::internal("a key was not kept"))?;
    Ok(LookupKey::open(keyring, site, &stored.key_sealed)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        assert_eq!(address("  Ada@Partner.EXAMPLE ").unwrap().as_str(), "ada@partner.example");
        for bad in ["", "ada", "Ada <ada@partner.example>", "a@x.example, b@x.example", "a@x.example\nBcc: b@x.example"]
        {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name(" Ada L. ").unwrap(), "Ada L.");
        for bad in ["", "  ", "Ada\nBcc: x", "Ada\u{202e}", &"x".repeat(81)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }
}
