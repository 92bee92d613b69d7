//! The labels of a page. Confluence tells nobody when they change: whoever needs them asks.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use super::paging::{MOST_AT_ONCE, whole};
use engine::ids::PageId;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Nobody labels a page so often that it takes more.
const MOST_CALLS: u32 = 4;

#[derive(Deserialize)]
struct Label {
    name: String,
    #[serde(default)]
    prefix: Option<String>,
}

/// The page's labels, of those that everybody shares: personal ones decide nothing.
///
/// # Errors
/// If Confluence cannot be asked, or the page is not there.
pub async fn labels(client: &Client, page: &PageId) -> Result<BTreeSet<String>, ConfluenceError> {
    let sent = whole(client, &path(page), MOST_CALLS, "list of labels").await?;
    Ok(shared(sent))
}

fn path(page: &PageId) -> String {
    format!("/wiki/api/v2/pages/{}/labels?prefix=global&limit={MOST_AT_ONCE}", escape(page.as_str()))
}

fn shared(sent: Vec<Label>) -> BTreeSet<String> {
    let shared = sent.into_iter().filter(|label| label.prefix.as_deref().is_none_or(|prefix| prefix == "global"));
    shared.map(|label| label.name.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn personal_labels_do_not_count() {
        let sent = json!([
            { "id": "1", "name": "Policy", "prefix": "global" }, { "id": "2", "name": "favourite", "prefix": "my" },
            { "id": "3", "name": "iso" }
        ]);
        assert_eq!(shared(serde_json::from_value(sent).unwrap()), ["iso", "policy"].map(str::to_owned).into());
    }

    #[test]
    fn an_id_stays_within_its_place() {
        assert_eq!(path(&PageId::new("1/../2?x")), "/wiki/api/v2/pages/1%2F..%2F2%3Fx/labels?prefix=global&limit=250");
    }
}
