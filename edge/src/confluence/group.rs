//! Who is in which group, asked as the app.

use super::cache::{Freshness, Key, remembered};
use super::client::{Client, escape};
use super::error::ConfluenceError;
use engine::ids::{AccountId, GroupId, SiteId};
use engine::time::Timestamp;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Groups come 200 at a time; whoever is in more than this many times that is nobody's reviewer by group.
const MOST_CALLS: u64 = 10;

#[derive(Deserialize)]
struct Groups {
    results: Vec<Group>,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    limit: u64,
}

#[derive(Deserialize)]
struct Group {
    id: String,
}

/// Whether the person is in any of `groups`.
///
/// # Errors
/// If Confluence cannot be asked. It never answers "yes" for want of an answer.
pub async fn is_member(
    app: &Client,
    site: &SiteId,
    installation: &str,
    person: &AccountId,
    groups: &BTreeSet<GroupId>,
    freshness: Freshness,
    now: Timestamp,
) -> Result<bool, ConfluenceError> {
    if groups.is_empty() {
        return Ok(false);
    }
    let names: Vec<&str> = groups.iter().map(GroupId::as_str).collect();
    let key = Key::new(site, installation, person.as_str(), format!("groups {}", names.join("\n")));
    remembered(key, freshness, now, async {
        let mut start = 0_u64;
        for _ in 0..MOST_CALLS {
            let path =
                format!("/wiki/rest/api/user/memberof?accountId={}&start={start}&limit=200", escape(person.as_str()));
            let sent: Groups = match app.get(&path, "list of groups").await {
                Err(ConfluenceError::NotFound(_)) => return Ok(false),
                other => other?,
            };
            if sent.results.iter().any(|group| names.contains(&group.id.as_str())) {
                return Ok(true);
            }
            if sent.size == 0 || sent.size < sent.limit {
                return Ok(false);
            }
            start = start.saturating_add(sent.size);
        }
        Ok(false)
    })
    .await
}
