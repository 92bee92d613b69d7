//! A page with its version, body and attachments, and the content hash over them.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use super::paging::whole;
use chrono::DateTime;
use engine::content::{Attachment, ContentHash, content_hash};
use engine::ids::{AccountId, PageId, PageVersion, SpaceId};
use engine::time::Timestamp;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Attachments come 250 at a time; more than this many times is more than we sign.
const MOST_ATTACHMENT_CALLS: u32 = 8;
/// Confluence lists this many pages at once.
const MOST_PAGES_AT_ONCE: usize = 100;

/// A page, as the actor asked with may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its id.
    pub id: PageId,
    /// Its title, of the version asked for.
    pub title: String,
    /// Who created it, whoever changed it since.
    pub created_by: AccountId,
    /// The version this is.
    pub version: PageVersion,
    /// Who made this version.
    pub version_author: AccountId,
    /// When.
    pub version_created_at: Timestamp,
    /// Its space.
    pub space: SpaceId,
    /// The body in storage format; empty if it was not asked for.
    pub storage_body: String,
    /// Whether the actor may read it. Confluence showed it, so yes, unless it says otherwise.
    pub may_read: bool,
    /// Whether the actor may edit it. Never a person's right if it was asked for as the app.
    pub may_edit: bool,
}

impl Page {
    /// Content hash v1 over this version. Attachments have no versions of their own in a page's history: they are the
    /// page's attachments now.
    #[must_use]
    pub fn content_hash(&self, attachments: &[Attachment]) -> ContentHash {
        content_hash(&self.title, &self.storage_body, attachments)
    }
}

/// What of a page is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// An older version; [`None`] for the current one.
    pub version: Option<PageVersion>,
    /// The storage body.
    pub body: bool,
}

/// The page with its version and the actor's rights, in one call.
///
/// # Errors
/// `NotFound` if it does not exist, is in the bin, or the actor may not see it.
pub async fn get(client: &Client, page: &PageId, wanted: Wanted) -> Result<Page, ConfluenceError> {
    let mut path = format!("/wiki/api/v2/pages/{}?include-version=true&include-operations=true", escape(page.as_str()));
    if wanted.body {
        path.push_str("&body-format=storage");
    }
    if let Some(PageVersion(version)) = wanted.version {
        path.push_str(&format!("&version={version}"));
    }
    let sent: SentPage = client.get(&path, "page").await?;
    if sent.status.as_deref().is_some_and(|status| !matches!(status, "current" | "historical" | "archived")) {
        return Err(ConfluenceError::NotFound(client.actor()));
    }
    if sent.id != page.as_str() {
        return Err(ConfluenceError::Unreadable("page of this id"));
    }
    sent.into_page(wanted)
}

/// The page's attachments, all of them.
///
/// # Errors
/// `Unreadable` if there are more than 2,000: what cannot be hashed whole cannot be signed.
pub async fn attachments(client: &Client, page: &PageId) -> Result<Vec<Attachment>, ConfluenceError> {
    Ok(listed_attachments(client, page).await?.into_iter().map(|one| one.attachment).collect())
}

/// An attachment with its file name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAttachment {
    /// As the content hash covers it.
    pub attachment: Attachment,
    /// Its file name; its id where there is none to be seen.
    pub title: String,
}

/// The same with their file names, which the content hash does not cover.
///
/// # Errors
/// As [`attachments`].
pub async fn listed_attachments(client: &Client, page: &PageId) -> Result<Vec<ListedAttachment>, ConfluenceError> {
    let path = format!("/wiki/api/v2/pages/{}/attachments?limit=250", escape(page.as_str()));
    let sent: Vec<SentAttachment> = whole(client, &path, MOST_ATTACHMENT_CALLS, "list of attachments").await?;
    let listed = |one: SentAttachment| ListedAttachment {
        title: one.title.filter(|title| !title.trim().is_empty()).unwrap_or_else(|| one.id.clone()),
        attachment: Attachment { id: one.id, version: one.version.number, size: one.file_size },
    };
    Ok(sent.into_iter().map(listed).collect())
}

/// The titles of those of these pages in `space` that the actor may see: what is not in the answer is hidden, gone or
/// elsewhere.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn titles(
    client: &Client,
    space: &SpaceId,
    pages: &[PageId],
) -> Result<BTreeMap<PageId, String>, ConfluenceError> {
    let found = listed(client, pages).await?.into_iter().filter(|page| page.space_id == space.as_str());
    Ok(found.map(|page| (PageId::new(page.id), page.title)).collect())
}

/// Titles of those of `pages` that `client` may see, in whatever space they are.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn titles_anywhere(client: &Client, pages: &[PageId]) -> Result<BTreeMap<PageId, String>, ConfluenceError> {
    let found = listed(client, pages).await?.into_iter();
    Ok(found.map(|page| (PageId::new(page.id), page.title)).collect())
}

/// A page as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: PageVersion,
}

/// Titles and versions of those of these pages in `space` that the actor may see, as they are now. One call for a hundred.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn current(
    client: &Client,
    space: &SpaceId,
    pages: &[PageId],
) -> Result<BTreeMap<PageId, Current>, ConfluenceError> {
    let here = listed(client, pages).await?.into_iter().filter(|page| page.space_id == space.as_str());
    let read = |page: ListedPage| {
        let version = page.version.ok_or(ConfluenceError::Unreadable("version of a listed page"))?;
        Ok((PageId::new(page.id), Current { title: page.title, version: PageVersion(version.number) }))
    };
    here.map(read).collect()
}

async fn listed(client: &Client, pages: &[PageId]) -> Result<Vec<ListedPage>, ConfluenceError> {
    let mut found = Vec::new();
    for some in pages.chunks(MOST_PAGES_AT_ONCE) {
        let mut path = format!("/wiki/api/v2/pages?limit={MOST_PAGES_AT_ONCE}");
        for page in some {
            path.push_str(&format!("&id={}", escape(page.as_str())));
        }
        let sent: SentPages = client.get(&path, "list of pages").await?;
        found.extend(sent.results);
    }
    Ok(found)
}

#[derive(Deserialize)]
struct SentPages {
    results: Vec<ListedPage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedPage {
    id: String,
    title: String,
    space_id: String,
    #[serde(default)]
    version: Option<SentVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentPage {
    id: String,
    #[serde(default)]
    status: Option<String>,
    title: String,
    space_id: String,
    #[serde(default, deserialize_with = "doer")]
    author_id: Option<AccountId>,
    version: SentVersion,
    #[serde(default)]
    body: Option<SentBody>,
    #[serde(default)]
    operations: Option<SentOperations>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentVersion {
    number: u32,
    #[serde(default, deserialize_with = "doer")]
    author_id: Option<AccountId>,
    #[serde(default)]
    created_at: Option<String>,
}

#[derive(Deserialize)]
struct SentBody {
    #[serde(default)]
    storage: Option<SentStorage>,
}

#[derive(Deserialize)]
struct SentStorage {
    value: String,
}

#[derive(Deserialize)]
struct SentOperations {
    #[serde(default)]
    results: Vec<super::rights::Operation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentAttachment {
    id: String,
    #[serde(default)]
    title: Option<String>,
    version: SentVersion,
    file_size: u64,
}

/// Whoever it was, they are nobody we could know.
const NOBODY: &str = "unidentified";

/// Who did something: Confluence writes `null` where it was nobody with an account. Left out altogether is no answer.
pub(super) fn doer<'de, D: Deserializer<'de>>(from: D) -> Result<Option<AccountId>, D::Error> {
    let sent = Option::<String>::deserialize(from)?;
    Ok(Some(AccountId::new(sent.filter(|id| !id.is_empty()).unwrap_or_else(|| NOBODY.to_owned()))))
}

impl SentVersion {
    /// The version's number, who made it, and when.
    pub(super) fn read(self) -> Result<(PageVersion, AccountId, Timestamp), ConfluenceError> {
        let author = self.author_id.ok_or(ConfluenceError::Unreadable("author of the version"))?;
        let at = self.created_at.as_deref().and_then(timestamp);
        let at = at.ok_or(ConfluenceError::Unreadable("time of the version"))?;
        Ok((PageVersion(self.number), author, at))
    }
}

impl SentPage {
    fn into_page(self, wanted: Wanted) -> Result<Page, ConfluenceError> {
        let (version, version_author, version_created_at) = self.version.read()?;
        let storage = self.body.and_then(|body| body.storage).map(|storage| storage.value);
        if wanted.version.is_some_and(|wanted| wanted != version) {
            return Err(ConfluenceError::Unreadable("version of this number"));
        }
        let operations = self.operations.map(|operations| operations.results);
        let may =
            |operation: &str| operations.as_ref().is_some_and(|list| list.iter().any(|one| one.is(operation, "page")));
        Ok(Page {
            id: PageId::new(self.id),
            title: self.title,
            created_by: self.author_id.ok_or(ConfluenceError::Unreadable("creator of the page"))?,
            version,
            version_author,
            version_created_at,
            space: SpaceId::new(self.space_id),
            storage_body: match storage {
                Some(body) => body,
                None if wanted.body => return Err(ConfluenceError::Unreadable("storage body")),
                None => String::new(),
            },
            may_read: may("read"),
            may_edit: may("update"),
        })
    }
}

fn timestamp(text: &str) -> Option<Timestamp> {
    let millis = DateTime::parse_from_rfc3339(text).ok()?.timestamp_millis();
    u64::try_from(millis).ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn sent() -> Value {
        json!({
            "id": "98305", "status": "current", "title": "Policy", "spaceId": "65537", "parentId": null, "authorId": "712020:author",
            "version": { "number": 7, "authorId": "712020:author", "createdAt": "2026-11-21T10:00:00.123Z" },
            "body": { "storage": { "value": "<p>x</p>", "representation": "storage" } },
            "operations": { "results": [
                { "operation": "read", "targetType": "page" }, { "operation": "update", "targetType": "page" }
            ] }
        })
    }

    fn page(sent: Value, wanted: Wanted) -> Result<Page, ConfluenceError> {
        serde_json::from_value::<SentPage>(sent).unwrap().into_page(wanted)
    }

    #[test]
    fn a_page_is_read() {
        let page = page(sent(), Wanted { version: Some(PageVersion(7)), body: true }).unwrap();
        assert_eq!((page.version.0, page.title.as_str(), page.storage_body.as_str()), (7, "Policy", "<p>x</p>"));
        assert_eq!(page.version_created_at, Timestamp(1_795_255_200_123));
        assert!(page.may_read && page.may_edit);
        assert_eq!(page.content_hash(&[]), content_hash("Policy", "<p>x</p>", &[]));
    }

    #[test]
    fn rights_fail_closed() {
        let mut reader = sent();
        reader["operations"]["results"] = json!([
            { "operation": "read", "targetType": "page" },
            { "operation": "update", "targetType": "space" },
            { "operation": "create", "targetType": "comment" }
        ]);
        let reader = page(reader, Wanted::default()).unwrap();
        assert!(reader.may_read && !reader.may_edit);
        let mut silent = sent();
        silent.as_object_mut().unwrap().remove("operations");
        let silent = page(silent, Wanted::default()).unwrap();
        assert!(!silent.may_read && !silent.may_edit);
    }

    #[test]
    fn a_missing_body_or_another_version_is_no_page() {
        let mut bodiless = sent();
        bodiless["body"] = json!({});
        assert!(page(bodiless.clone(), Wanted { version: None, body: true }).is_err());
        assert!(page(bodiless, Wanted::default()).is_ok());
        assert!(page(sent(), Wanted { version: Some(PageVersion(6)), body: false }).is_err());
        let mut nobody = sent();
        nobody["version"].as_object_mut().unwrap().remove("authorId");
        assert!(page(nobody, Wanted::default()).is_err());
    }

    #[test]
    fn the_creator_is_told_from_the_author_of_a_version() {
        let mut other = sent();
        other["authorId"] = json!("712020:first");
        let found = page(other.clone(), Wanted::default()).unwrap();
        assert_eq!((found.created_by.as_str(), found.version_author.as_str()), ("712020:first", "712020:author"));
        other["authorId"] = Value::Null;
        assert_eq!(page(other.clone(), Wanted::default()).unwrap().created_by.as_str(), "unidentified");
        other.as_object_mut().unwrap().remove("authorId");
        assert!(page(other, Wanted::default()).is_err());
    }
}
