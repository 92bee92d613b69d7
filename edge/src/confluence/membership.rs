//! All the groups of somebody, asked as the app.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use engine::ids::{AccountId, GroupId};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Groups come 200 at a time; of whoever is in more than this many times that, the rest is left out.
const MOST_CALLS: u64 = 2;

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
    id: GroupId,
}

/// The groups somebody is in; none if Confluence does not know them.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn groups_of(app: &Client, person: &AccountId) -> Result<BTreeSet<GroupId>, ConfluenceError> {
    let (mut found, mut start) = (BTreeSet::new(), 0_u64);
    if person.is_invited() {
        return Ok(found);
    }
    for _ in 0..MOST_CALLS {
        let path =
            format!("/wiki/rest/api/user/memberof?accountId={}&start={start}&limit=200", escape(person.as_str()));
        let sent: Groups = match app.get(&path, "list of groups").await {
            Err(ConfluenceError::NotFound(_)) => return Ok(BTreeSet::new()),
            other => other?,
        };
        found.extend(sent.results.into_iter().map(|group| group.id));
        if sent.size == 0 || sent.size < sent.limit {
            break;
        }
        start = start.saturating_add(sent.size);
    }
    Ok(found)
}
