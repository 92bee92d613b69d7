//! What a site holds. Plain data; the rules about it are in `rights` and `edit`.

use crate::app;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything worth keeping over a restart.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct World {
    /// Sites by cloud id.
    pub sites: BTreeMap<String, Site>,
    /// Every mail accepted, oldest first.
    pub mails: Vec<Mail>,
    /// Everything done to the outside, oldest first.
    pub ledger: Vec<Effect>,
}

/// One Confluence site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Site {
    /// Its cloud id.
    pub cloud_id: String,
    /// The app's installation on it (a uuid).
    pub installation: String,
    /// Everybody who can be switched to, and the app's own account.
    pub people: Vec<Person>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Spaces.
    pub spaces: Vec<Space>,
    /// Names of labels by id; all are global ones.
    #[serde(default)]
    pub labels: BTreeMap<u64, String>,
    /// Pages by id, trashed ones included.
    pub pages: BTreeMap<u64, Page>,
    /// What a licence claim says, where there is one (paid apps in production only).
    pub license: Option<serde_json::Value>,
    /// The next id to give.
    pub next_id: u64,
}

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    /// The account id.
    pub account_id: String,
    /// The name shown.
    pub name: String,
    /// The mail address.
    #[serde(default)]
    pub email: String,
    /// What they are here for, for the person trying the sandbox.
    #[serde(default)]
    pub role: String,
    /// A guest: an account without a licence.
    #[serde(default)]
    pub guest: bool,
    /// A Confluence administrator.
    #[serde(default)]
    pub admin: bool,
    /// May edit pages.
    #[serde(default)]
    pub editor: bool,
    /// The app's own account.
    #[serde(default)]
    pub app: bool,
    /// Their time zone; [`None`] if they keep it to themselves.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Everybody may see their mail address.
    #[serde(default)]
    pub email_visible: bool,
    /// The account was deactivated: it is known, and may do nothing.
    #[serde(default)]
    pub deactivated: bool,
}

/// A group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Account ids.
    pub members: BTreeSet<String>,
}

/// A space.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Space {
    /// Its id.
    pub id: u64,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its home page, above every other page.
    #[serde(default)]
    pub home: Option<u64>,
    /// Who administers it, beside Confluence's administrators: account ids.
    #[serde(default)]
    pub admins: BTreeSet<String>,
}

/// A page with all its versions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Page {
    /// Its id.
    pub id: u64,
    /// Its space's id.
    pub space: u64,
    /// The page above it.
    pub parent: Option<u64>,
    /// Whether it lies in the trash.
    pub trashed: bool,
    /// Oldest first, never empty.
    pub versions: Vec<Version>,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// Content properties.
    pub properties: Vec<Property>,
    /// Who may view it, and what lies below it; [`None`] means everybody.
    pub restriction: Option<Restriction>,
    /// Names of its labels.
    #[serde(default)]
    pub labels: BTreeSet<String>,
}

/// One version of a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Version {
    /// 1, 2, 3 …
    pub number: u32,
    /// The title.
    pub title: String,
    /// The body in storage format.
    pub body: String,
    /// Who published it.
    pub author: String,
    /// When, in milliseconds.
    pub at: i64,
    /// What they said about it.
    pub message: String,
}

/// A file on a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attachment {
    /// The number in its id, `att<number>`.
    pub number: u64,
    /// The file's name.
    pub title: String,
    /// Its media type.
    pub media_type: String,
    /// Oldest first, never empty.
    pub versions: Vec<FileVersion>,
}

/// One version of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FileVersion {
    /// 1, 2, 3 …
    pub number: u32,
    /// Who put it there.
    pub author: String,
    /// When, in milliseconds.
    pub at: i64,
    /// The file, base64.
    pub content: String,
    /// How many bytes it has.
    pub size: u64,
}

/// A content property.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Property {
    /// Its id.
    pub id: u64,
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: serde_json::Value,
    /// Its version.
    pub version: u32,
    /// Who wrote it last.
    pub author: String,
    /// When, in milliseconds.
    pub at: i64,
}

/// Who may view a page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Restriction {
    /// Account ids.
    #[serde(default)]
    pub accounts: BTreeSet<String>,
    /// Group ids.
    #[serde(default)]
    pub groups: BTreeSet<String>,
    /// Whether the app is shut out as well.
    #[serde(default)]
    pub app_excluded: bool,
}

/// A mail, as it was handed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// The id answered.
    pub id: String,
    /// When, in milliseconds.
    pub at: i64,
    /// Who sends it.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The `Idempotency-Key` it came with.
    pub key: Option<String>,
    /// SHA-256 of the request body, to tell a repetition from a different mail under the same key.
    pub digest: String,
    /// Whether somebody opened it in the mailbox.
    pub read: bool,
}

/// Something that was done to the outside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Effect {
    /// 1, 2, 3 …
    pub n: u64,
    /// When, in milliseconds.
    pub at: i64,
    /// The site, if any.
    pub site: Option<String>,
    /// `property`, `page`, `attachment`, `restriction` or `mail`.
    pub kind: String,
    /// The account that did it, or a mail's sender.
    pub by: String,
    /// The page, if any.
    pub page: Option<String>,
    /// What happened, for people.
    pub what: String,
    /// The same for programs.
    pub detail: serde_json::Value,
}

/// Reads an id that may be written as a number or as text.
pub(crate) fn id_or_none<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    match Option::<Value>::deserialize(from)? {
        None => Ok(None),
        Some(Value::String(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
        Some(other) => other.as_u64().map(Some).ok_or_else(|| serde::de::Error::custom("an id is a number")),
    }
}

impl World {
    /// Whether this account of this site was deactivated.
    #[must_use]
    pub(crate) fn has_deactivated(&self, site: &str, account: &str) -> bool {
        self.sites.get(site).and_then(|site| site.person(account)).is_some_and(|person| person.deactivated)
    }
}

impl Site {
    /// The person with this account.
    #[must_use]
    pub(crate) fn person(&self, account: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.account_id == account)
    }

    /// The name to show for an account.
    #[must_use]
    pub(crate) fn name_of<'a>(&'a self, account: &'a str) -> &'a str {
        self.person(account).map_or(account, |person| &person.name)
    }

    /// The space with this id.
    #[must_use]
    pub(crate) fn space(&self, id: u64) -> Option<&Space> {
        self.spaces.iter().find(|space| space.id == id)
    }

    /// The space with this key.
    #[must_use]
    pub(crate) fn space_by_key(&self, key: &str) -> Option<&Space> {
        self.spaces.iter().find(|space| space.key == key)
    }

    /// The id of the label with this name, if it was ever given to a page.
    #[must_use]
    pub(crate) fn label(&self, name: &str) -> Option<u64> {
        self.labels.iter().find(|(_, one)| *one == name).map(|(id, _)| *id)
    }

    /// A fresh id.
    pub(crate) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

impl Page {
    /// The current version.
    #[must_use]
    pub(crate) fn current(&self) -> &Version {
        // A page is never made without a version; the fallback only keeps the type honest.
        static NONE: Version = Version {
            number: 0,
            title: String::new(),
            body: String::new(),
            author: String::new(),
            at: 0,
            message: String::new(),
        };
        self.versions.last().unwrap_or(&NONE)
    }

    /// The first version.
    #[must_use]
    pub(crate) fn first(&self) -> &Version {
        self.versions.first().unwrap_or_else(|| self.current())
    }

    /// Version `number`.
    #[must_use]
    pub(crate) fn version(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// Whether the current version holds the macro.
    #[must_use]
    pub(crate) fn has_macro(&self) -> bool {
        self.current().body.contains(app::MACRO_MARK)
    }

    /// The property with this key.
    #[must_use]
    pub(crate) fn property(&self, key: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.key == key)
    }
}

impl Attachment {
    /// The id as Confluence writes it.
    #[must_use]
    pub(crate) fn id(&self) -> String {
        format!("att{}", self.number)
    }
}
