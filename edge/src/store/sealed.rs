//! Everything that is sealed at rest, in whichever table it lies: the view `sealed`.
//!
//! A new sealed column needs a line in the view (a migration), an entry in [`PLACES`] and the statement that changes it.

use super::d1::{Query, Rows};
use super::fault::DbFault;
use super::sql;
use super::statement::Statement;
use crate::secret::keys::Keyring;
use crate::secret::recovery;
use crate::secret::seal::{ALPHABET, Binding, head, key_of};
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A column that holds sealed texts.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its name in the view.
    pub name: &'static str,
    /// What its texts are sealed for.
    pub purpose: &'static str,
    /// How texts in it are changed.
    put: &'static str,
}

/// Every such column, in the order of their names: a pass goes through them in it.
pub const PLACES: [Place; 11] = [
    Place { name: "app-token", purpose: "app-token", put: sql!("sealed/put_app_token") },
    Place { name: "enrolment-code", purpose: "mail-code", put: sql!("sealed/put_enrolment_code") },
    Place { name: "enrolment-secret", purpose: "totp-secret", put: sql!("sealed/put_enrolment_secret") },
    Place { name: "factor", purpose: "totp-secret", put: sql!("sealed/put_factor") },
    Place { name: "inherited-key", purpose: recovery::INHERITED, put: sql!("sealed/put_inherited_key") },
    Place { name: "invitation-code", purpose: "invitation-code", put: sql!("sealed/put_invitation_code") },
    Place { name: "invited-address", purpose: "invited-address", put: sql!("sealed/put_invited_address") },
    Place { name: "invited-key", purpose: "invited-key", put: sql!("sealed/put_invited_key") },
    Place { name: "pending-challenge", purpose: "pending-challenge", put: sql!("sealed/put_pending_challenge") },
    Place { name: "pending-code", purpose: "pending-code", put: sql!("sealed/put_pending_code") },
    Place { name: "pending-comment", purpose: "pending-comment", put: sql!("sealed/put_pending_comment") },
];

/// The column of this name.
#[must_use]
pub fn place(name: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.name == name)
}

/// One sealed text, and whose it is.
#[derive(Clone, Deserialize)]
pub struct Row {
    /// The column.
    pub place: String,
    /// The person; empty for what belongs to the site.
    pub person: AccountId,
    /// Which one: what it was sealed for.
    pub id: String,
    /// The text.
    pub body: String,
}

impl Row {
    /// What it was sealed for.
    #[must_use]
    pub fn binding<'a>(&'a self, site: &'a SiteId, place: &'static Place) -> Binding<'a> {
        let person = Some(&self.person).filter(|person| !person.as_str().is_empty());
        Binding { site, person, purpose: place.purpose, id: &self.id }
    }
}

/// Up to `limit` texts that are not under the newest key, behind `after`: place, person, id.
#[must_use]
pub fn older(site: &SiteId, newest: &str, after: [&str; 3], limit: u32) -> Query<Vec<Row>> {
    let head = head(newest);
    let [place, person, id] = after;
    let statement = Statement::of(site, sql!("sealed/older")).text(head.begins).text(head.next);
    Query::all(statement.text(place).text(person).text(id).int(limit))
}

/// A text sealed anew.
#[derive(Serialize)]
pub struct Renewed {
    /// Whose.
    pub person: AccountId,
    /// Which one.
    pub id: String,
    /// As it was read.
    pub old: String,
    /// As it is to be.
    pub new: String,
}

/// Puts texts sealed anew in the place of the old ones; not where somebody else changed one meanwhile.
#[must_use]
pub fn put(site: &SiteId, place: &Place, texts: &[Renewed]) -> Statement {
    let list = serde_json::to_string(texts).unwrap_or_else(|_| "[]".to_owned());
    Statement::of(site, place.put).text(list)
}

/// How many texts are under which key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Under {
    /// By the key's id.
    pub keys: BTreeMap<String, u64>,
    /// Texts that name no key.
    pub unreadable: u64,
}

impl Under {
    /// Texts under older keys of the Worker: they can be sealed anew.
    #[must_use]
    pub fn older(&self, keyring: &Keyring) -> u64 {
        keyring.ids().skip(1).filter_map(|id| self.keys.get(id)).sum()
    }

    /// Texts nobody can open: their key is missing, or they name none.
    #[must_use]
    pub fn lost(&self, keyring: &Keyring) -> u64 {
        let missing = self.keys.iter().filter(|(id, _)| !keyring.ids().any(|known| known == id.as_str()));
        missing.map(|(_, texts)| texts).sum::<u64>().saturating_add(self.unreadable)
    }
}

/// How many texts of a site are under which key. It looks at each of them.
#[must_use]
pub fn under(site: &SiteId) -> Query<Under> {
    #[derive(Deserialize)]
    struct Row {
        head: String,
        texts: u64,
    }
    fn decode(rows: &[Rows]) -> Result<Under, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        let mut under = Under::default();
        for row in rows {
            // An id that ends in the middle of a character comes with several heads.
            match key_of(&row.head) {
                Some(id) => *under.keys.entry(id).or_default() += row.texts,
                None => under.unreadable += row.texts,
            }
        }
        Ok(under)
    }
    Query::of(vec![Statement::of(site, sql!("sealed/under")).text(ALPHABET)], decode)
}

/// How many codes are kept as HMAC under which key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Mailed codes that are still good, by the key's id.
    pub mailed: BTreeMap<String, u64>,
    /// Recovery codes that were not used, and whose sub-key was not inherited.
    pub recovery: BTreeMap<String, u64>,
}

/// See [`Kept`].
#[must_use]
pub fn kept(site: &SiteId, now: Timestamp) -> Query<Kept> {
    #[derive(Deserialize)]
    struct Row {
        kind: String,
        key: String,
        codes: u64,
    }
    fn decode(rows: &[Rows]) -> Result<Kept, DbFault> {
        let rows: Vec<Row> = rows.first().ok_or(DbFault::Unreadable)?.all()?;
        let mut kept = Kept::default();
        for Row { kind, key, codes } in rows {
            let of = if kind == "recovery" { &mut kept.recovery } else { &mut kept.mailed };
            of.insert(key, codes);
        }
        Ok(kept)
    }
    Query::of(vec![Statement::of(site, sql!("sealed/kept")).int(now)], decode)
}

/// A key's sub-key for recovery codes, sealed: it outlives the key.
#[derive(Clone, Deserialize)]
pub struct Inherited {
    /// The key's id.
    pub key_id: String,
    /// The sub-key, sealed.
    pub key_sealed: String,
}

/// Puts a sub-key by, unless it was.
#[must_use]
pub fn inherit(site: &SiteId, key: &Inherited) -> Statement {
    Statement::of(site, sql!("sealed/inherit")).text(&key.key_id).text(&key.key_sealed)
}

/// The sub-keys that were put by.
#[must_use]
pub fn inherited(site: &SiteId) -> Query<Vec<Inherited>> {
    Query::all(Statement::of(site, sql!("sealed/inherited")))
}

/// Forgets those that no code needs any more.
#[must_use]
pub fn forget_inherited(site: &SiteId) -> Statement {
    Statement::of(site, sql!("sealed/forget_inherited"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;
    use std::collections::BTreeSet;

    /// The view and the registry name the same columns, and each has a statement of its own for its own site.
    #[test]
    fn every_place_is_in_the_view_and_the_reverse() {
        let views =
            [include_str!("../../migrations/0006_keys.sql"), include_str!("../../migrations/0011_invitations.sql")];
        let lines = views.iter().flat_map(|view| view.split("SELECT site, '").skip(1));
        let named: BTreeSet<&str> = lines.map(|line| line.split_once('\'').unwrap().0).collect();
        let named: Vec<&str> = named.into_iter().collect();
        let places: Vec<&str> = PLACES.iter().map(|place| place.name).collect();
        assert_eq!(named, places);
        for one in PLACES {
            assert!(one.put.contains("site = ?1") && one.put.contains("->> 'old'"), "{}", one.name);
            assert_eq!(PLACES.iter().filter(|other| other.put == one.put).count(), 1, "{}", one.name);
            assert_eq!(place(one.name).unwrap().name, one.name);
        }
    }

    #[test]
    fn what_can_be_sealed_anew_is_told_from_what_is_lost() {
        let key = BASE64.encode(&[1; 32]);
        let keyring = Keyring::parse(&format!("k3:{key},k2:{key}")).unwrap();
        let keys = [("k3", 5), ("k2", 3), ("k1", 2)].map(|(id, texts)| (id.to_owned(), texts));
        let under = Under { keys: keys.into(), unreadable: 1 };
        assert_eq!((under.older(&keyring), under.lost(&keyring)), (3, 3));
    }
}
