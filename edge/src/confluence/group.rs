//! Who is in which group, asked as the app.

use super::cache::{Freshness, Key, remembered};
use super::client::{Client, escape};
use super::error::ConfluenceError;
use super::user::{Profile, SentUser};
use engine::ids::{AccountId, GroupId, SiteId};
use engine::time::Timestamp;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Groups come 200 at a time; which ones somebody is in who has more than this many times that is not known.
const MOST_CALLS: u64 = 10;
/// Members come this many at a time.
const MOST_MEMBERS_AT_ONCE: usize = 200;

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

/// A group as admins call it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// The group of this id; [`None`] if there is none.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn named(app: &Client, group: &GroupId) -> Result<Option<Named>, ConfluenceError> {
    let path = format!("/wiki/rest/api/group/by-id?id={}", escape(group.as_str()));
    match app.get::<Named>(&path, "group").await {
        Ok(found) => Ok(Some(found).filter(|found| found.id == *group)),
        Err(ConfluenceError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Some of a group's members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// The people; apps' accounts are left out.
    pub people: Vec<Profile>,
    /// Whether there are more.
    pub more: bool,
}

#[derive(Deserialize)]
struct SentMembers {
    results: Vec<SentUser>,
    #[serde(default)]
    limit: usize,
    #[serde(default, rename = "_links")]
    links: SentLinks,
}

#[derive(Default, Deserialize)]
struct SentLinks {
    #[serde(default)]
    next: Option<String>,
}

/// Members of a group, `most` of them at most. A group that does not exist has none.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn members(app: &Client, group: &GroupId, most: usize) -> Result<Members, ConfluenceError> {
    let mut found = Members::default();
    let mut start = 0_usize;
    for _ in 0..MOST_CALLS {
        // One more than wanted tells whether there are more.
        let limit = most.saturating_sub(found.people.len()).saturating_add(1).min(MOST_MEMBERS_AT_ONCE);
        let sent: SentMembers = match app.get(&members_path(group, start, limit), "list of members").await {
            Err(ConfluenceError::NotFound(_)) => return Ok(Members::default()),
            other => other?,
        };
        start = start.saturating_add(sent.results.len());
        if !found.take(sent, limit, most) {
            return Ok(found);
        }
    }
    found.more = true;
    Ok(found)
}

fn members_path(group: &GroupId, start: usize, limit: usize) -> String {
    format!("/wiki/rest/api/group/{}/membersByGroupId?start={start}&limit={limit}", escape(group.as_str()))
}

impl Members {
    /// Takes in a portion; says whether to ask for another.
    fn take(&mut self, sent: SentMembers, limit: usize, most: usize) -> bool {
        let asked = if sent.limit == 0 { limit } else { limit.min(sent.limit) };
        let to_come = !sent.results.is_empty() && (sent.links.next.is_some() || sent.results.len() >= asked);
        let people = sent.results.into_iter().filter_map(SentUser::into_profile).filter(|one| !one.is_app);
        self.people.extend(people);
        self.more = self.people.len() > most;
        self.people.truncate(most);
        to_come && !self.more
    }
}

/// Whether the person is known to be in any of `groups`: for what a group gives, as the seat of a reviewer. It never answers
/// "yes" for want of an answer.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn is_member(
    app: &Client,
    site: &SiteId,
    installation: &str,
    person: &AccountId,
    groups: &BTreeSet<GroupId>,
    freshness: Freshness,
    now: Timestamp,
) -> Result<bool, ConfluenceError> {
    match membership(app, site, installation, person, groups, freshness, now).await {
        Err(ConfluenceError::GroupsUnknown) => Ok(false),
        other => other,
    }
}

/// Whether the person is in any of `groups`: for what a group asks of its members, where neither "yes" nor "no" may be said
/// for want of an answer.
///
/// # Errors
/// If Confluence cannot be asked, does not tell the person's groups, or they are in more than can be looked through.
pub async fn membership(
    app: &Client,
    site: &SiteId,
    installation: &str,
    person: &AccountId,
    groups: &BTreeSet<GroupId>,
    freshness: Freshness,
    now: Timestamp,
) -> Result<bool, ConfluenceError> {
    if groups.is_empty() || person.is_invited() {
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
                Err(ConfluenceError::NotFound(_)) => return Err(ConfluenceError::GroupsUnknown),
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
        Err(ConfluenceError::GroupsUnknown)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn portion(accounts: core::ops::Range<usize>, limit: usize, next: bool) -> SentMembers {
        let results: Vec<_> = accounts.map(|n| json!({ "type": "known", "accountId": format!("a{n}") })).collect();
        let links = if next { json!({ "next": "/x" }) } else { json!({}) };
        serde_json::from_value(json!({ "results": results, "limit": limit, "_links": links })).unwrap()
    }

    #[test]
    fn no_more_than_wanted_are_kept_and_the_rest_is_known_of() {
        let mut found = Members::default();
        assert!(!found.take(portion(0..4, 4, true), 4, 3));
        assert_eq!((found.people.len(), found.more), (3, true));
    }

    #[test]
    fn exactly_as_many_as_wanted_are_all_there_are() {
        let mut found = Members::default();
        assert!(!found.take(portion(0..3, 4, false), 4, 3));
        assert_eq!((found.people.len(), found.more), (3, false));
    }

    #[test]
    fn a_smaller_portion_than_asked_for_is_no_end_by_itself() {
        let mut found = Members::default();
        assert!(found.take(portion(0..50, 50, true), 200, 300), "Confluence gives fewer at a time than we ask for");
        assert!(found.take(portion(50..100, 50, false), 200, 300), "a full one may have another behind it");
        assert!(!found.take(portion(100..100, 50, false), 200, 300));
        assert_eq!((found.people.len(), found.more), (100, false));
    }

    #[test]
    fn an_app_reviews_nothing() {
        let sent = json!({ "results": [{ "accountId": "app", "accountType": "app" }, { "accountId": "a" }] });
        let mut found = Members::default();
        found.take(serde_json::from_value(sent).unwrap(), 4, 3);
        assert_eq!(found.people.iter().map(|one| one.account.as_str()).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn a_group_s_id_stays_within_its_place() {
        let path = members_path(&GroupId::new("a/../b?c"), 0, 5);
        assert_eq!(path, "/wiki/rest/api/group/a%2F..%2Fb%3Fc/membersByGroupId?start=0&limit=5");
    }
}
