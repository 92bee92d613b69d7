//! Pages as mails mention them: a title, a link, who created them.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use super::page::doer;
use engine::ids::{AccountId, PageId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Confluence lists this many pages at once.
const MOST_AT_ONCE: usize = 100;

/// A page, ready to be mentioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its title now.
    pub title: String,
    /// Who created it.
    pub created_by: Option<AccountId>,
    /// Where people open it.
    pub link: String,
}

#[derive(Deserialize)]
struct Sent {
    results: Vec<SentPage>,
    #[serde(rename = "_links")]
    links: Base,
}

#[derive(Deserialize)]
struct Base {
    base: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentPage {
    id: String,
    title: String,
    #[serde(default, deserialize_with = "doer")]
    author_id: Option<AccountId>,
    #[serde(rename = "_links")]
    links: Links,
}

#[derive(Deserialize)]
struct Links {
    webui: String,
}

/// Those of these pages that are there, the first 100 of them: what is in the bin, gone, or hidden from the app is not in the
/// answer.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn mentions<'a>(
    app: &Client,
    pages: impl IntoIterator<Item = &'a PageId>,
) -> Result<BTreeMap<PageId, Mention>, ConfluenceError> {
    let ids: String =
        pages.into_iter().take(MOST_AT_ONCE).map(|page| format!("&id={}", escape(page.as_str()))).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let path = format!("/wiki/api/v2/pages?status=current&limit={MOST_AT_ONCE}{ids}");
    let sent: Sent = app.get(&path, "list of pages").await?;
    sent.read()
}

impl Sent {
    fn read(self) -> Result<BTreeMap<PageId, Mention>, ConfluenceError> {
        let base = self.links.base;
        if !base.starts_with("https://") && !base.starts_with("http://") {
            return Err(ConfluenceError::Unreadable("address of the site"));
        }
        let mention = |page: SentPage| {
            let link = format!("{}{}", base.trim_end_matches('/'), page.links.webui);
            let here = page.links.webui.starts_with('/');
            here.then(|| (PageId::new(page.id), Mention { title: page.title, created_by: page.author_id, link }))
        };
        Ok(self.results.into_iter().filter_map(mention).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn sent(base: &str, webui: &str) -> Result<BTreeMap<PageId, Mention>, ConfluenceError> {
        let page =
            json!({ "id": "7", "title": "Policy", "authorId": "a", "spaceId": "1", "_links": { "webui": webui } });
        let sent: Value = json!({ "results": [page], "_links": { "base": base } });
        serde_json::from_value::<Sent>(sent).unwrap().read()
    }

    #[test]
    fn a_link_leads_to_the_page_on_its_site_and_nowhere_else() {
        let found = sent("https://acme.example/wiki", "/spaces/POL/pages/7/Policy").unwrap();
        assert_eq!(found[&PageId::new("7")].link, "https://acme.example/wiki/spaces/POL/pages/7/Policy");
        assert!(sent("https://acme.example/wiki", "javascript:alert(1)").unwrap().is_empty());
        assert!(sent("javascript://x", "/pages/7").is_err());
    }
}
