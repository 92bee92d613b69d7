//! Names, addresses, and who is a guest. Asked as the app; addresses are never stored. About whoever was invited without an
//! account nothing is asked: Confluence knows none of them, and what stands for them is nothing to tell it.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use engine::ids::AccountId;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Confluence answers for this many people at once.
const MOST_AT_ONCE: usize = 100;
/// And for this many when it is about their accounts alone.
const MOST_STATUSES_AT_ONCE: usize = 250;

/// What Confluence tells of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub account: AccountId,
    /// The name to show; the account id where there is none to be seen.
    pub name: String,
    /// Whether they are a guest.
    pub is_guest: bool,
    /// Whether it is an app's account and nobody's.
    pub is_app: bool,
    /// Their time zone as the tz database calls it; [`None`] if they keep it to themselves.
    pub time_zone: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SentUser {
    #[serde(default)]
    account_id: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    public_name: Option<String>,
    #[serde(default)]
    is_guest: Option<bool>,
    #[serde(default)]
    is_external_collaborator: Option<bool>,
    #[serde(default)]
    external_collaborator: Option<bool>,
    #[serde(default)]
    account_type: Option<String>,
    #[serde(default)]
    time_zone: Option<String>,
}

impl SentUser {
    pub(super) fn into_profile(self) -> Option<Profile> {
        let account = self.account_id.filter(|id| !id.is_empty())?;
        let name = [self.display_name, self.public_name].into_iter().flatten().find(|name| !name.trim().is_empty());
        Some(Profile {
            name: name.unwrap_or_else(|| account.clone()),
            account: AccountId::new(account),
            is_app: self.account_type.as_deref() == Some("app"),
            time_zone: self.time_zone.filter(|zone| is_zone(zone)),
            // `isGuest` is today's word, the others are its ancestors.
            is_guest: self.is_guest.or(self.is_external_collaborator).or(self.external_collaborator).unwrap_or(false),
        })
    }
}

/// Whether this can be the name of a time zone, such as `America/Argentina/Ushuaia` or `Etc/GMT+5`.
fn is_zone(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+-/".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// One person's profile; [`None`] if there is no such account.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn profile(app: &Client, account: &AccountId) -> Result<Option<Profile>, ConfluenceError> {
    if account.is_invited() {
        return Ok(None);
    }
    let path = format!("/wiki/rest/api/user?accountId={}", escape(account.as_str()));
    match app.get::<SentUser>(&path, "profile").await {
        Ok(user) => Ok(user.into_profile().filter(|profile| profile.account == *account)),
        Err(ConfluenceError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Several people's profiles. Who is unknown to Confluence is not in the answer.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn profiles(app: &Client, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Profile>, ConfluenceError> {
    #[derive(Deserialize)]
    struct Users {
        results: Vec<SentUser>,
    }
    let mut found = BTreeMap::new();
    for some in with_account(accounts).chunks(MOST_AT_ONCE) {
        let query: Vec<String> = some.iter().map(|one| format!("accountId={}", escape(one.as_str()))).collect();
        let path = format!("/wiki/rest/api/user/bulk?{}", query.join("&"));
        let users: Users = app.get(&path, "list of profiles").await?;
        let profiles = users.results.into_iter().filter_map(SentUser::into_profile);
        found.extend(profiles.map(|profile| (profile.account.clone(), profile)));
    }
    Ok(found)
}

/// Those of these accounts that were deactivated, closed, or are none: nobody is waited for who can't come.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn departed(app: &Client, accounts: &[AccountId]) -> Result<BTreeSet<AccountId>, ConfluenceError> {
    let mut gone: BTreeSet<AccountId> = accounts.iter().filter(|one| one.is_invited()).cloned().collect();
    for some in with_account(accounts).chunks(MOST_STATUSES_AT_ONCE) {
        let sent: Statuses =
            app.post("/wiki/api/v2/users-bulk", &json!({ "accountIds": some }), "list of accounts").await?;
        gone.extend(sent.departed(some));
    }
    Ok(gone)
}

#[derive(Deserialize)]
struct Statuses {
    results: Vec<SentStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentStatus {
    account_id: String,
    #[serde(default)]
    account_status: Option<String>,
}

impl Statuses {
    fn departed(&self, asked: &[AccountId]) -> Vec<AccountId> {
        let gone = |account: &&AccountId| {
            let found = self.results.iter().find(|one| one.account_id == account.as_str());
            found.is_none_or(|one| matches!(one.account_status.as_deref(), Some("inactive" | "closed")))
        };
        asked.iter().filter(gone).cloned().collect()
    }
}

/// The address of a person's account; [`None`] if Confluence has none. Ask when one is needed, keep none.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn email(app: &Client, account: &AccountId) -> Result<Option<String>, ConfluenceError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Sent {
        account_id: String,
        email: String,
    }
    if account.is_invited() {
        return Ok(None);
    }
    let path = format!("/wiki/rest/api/user/email?accountId={}", escape(account.as_str()));
    match app.get::<Sent>(&path, "address").await {
        Ok(sent) => Ok((sent.account_id == account.as_str() && sent.email.contains('@')).then_some(sent.email)),
        Err(ConfluenceError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The addresses of several people's accounts. Who has none to be seen is not in the answer. As for [`email`].
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn emails(app: &Client, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, String>, ConfluenceError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Sent {
        account_id: AccountId,
        email: String,
    }
    let mut found = BTreeMap::new();
    for some in with_account(accounts).chunks(MOST_AT_ONCE) {
        let list: Vec<String> = some.iter().map(|one| escape(one.as_str())).collect();
        let path = format!("/wiki/rest/api/user/email/bulk?accountId={}", list.join(","));
        let sent: Vec<Sent> = app.get(&path, "list of addresses").await?;
        let asked = sent.into_iter().filter(|one| some.contains(&one.account_id) && one.email.contains('@'));
        found.extend(asked.map(|one| (one.account_id, one.email)));
    }
    Ok(found)
}

fn with_account(accounts: &[AccountId]) -> Vec<AccountId> {
    accounts.iter().filter(|account| !account.is_invited()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile_of(sent: serde_json::Value) -> Option<Profile> {
        serde_json::from_value::<SentUser>(sent).unwrap().into_profile()
    }

    #[test]
    fn a_guest_is_known_by_today_s_word_first() {
        let is_guest = |sent| profile_of(sent).unwrap().is_guest;
        assert!(is_guest(json!({ "accountId": "a", "isGuest": true, "isExternalCollaborator": false })));
        assert!(!is_guest(json!({ "accountId": "a", "isGuest": false, "isExternalCollaborator": true })));
        assert!(is_guest(json!({ "accountId": "a", "isExternalCollaborator": true })));
        assert!(is_guest(json!({ "accountId": "a", "externalCollaborator": true })));
        assert!(!is_guest(json!({ "accountId": "a" })));
    }

    #[test]
    fn a_time_zone_is_a_name_or_nothing() {
        let zone = |sent| profile_of(sent).unwrap().time_zone;
        assert_eq!(zone(json!({ "accountId": "a", "timeZone": "Asia/Kolkata" })).as_deref(), Some("Asia/Kolkata"));
        for unusable in [json!(null), json!(""), json!("Europe/Stockholm; x"), json!("x".repeat(65))] {
            assert_eq!(zone(json!({ "accountId": "a", "timeZone": unusable })), None);
        }
        assert_eq!(zone(json!({ "accountId": "a" })), None);
    }

    #[test]
    fn who_left_is_told_from_who_keeps_it_to_themselves() {
        let sent = json!({ "results": [
            { "accountId": "here", "accountStatus": "active" }, { "accountId": "off", "accountStatus": "inactive" },
            { "accountId": "shut", "accountStatus": "closed" }, { "accountId": "private", "accountStatus": "unknown" }
        ] });
        let asked = ["here", "off", "shut", "private", "never"].map(AccountId::new);
        let departed = serde_json::from_value::<Statuses>(sent).unwrap().departed(&asked);
        assert_eq!(departed, ["off", "shut", "never"].map(AccountId::new));
    }

    #[test]
    fn a_name_is_found_or_the_account_stands_for_it() {
        let name = |sent| profile_of(sent).unwrap().name;
        assert_eq!(name(json!({ "accountId": "a", "displayName": "Ann", "publicName": "ann" })), "Ann");
        assert_eq!(name(json!({ "accountId": "a", "displayName": null, "publicName": "ann" })), "ann");
        assert_eq!(name(json!({ "accountId": "a", "displayName": " " })), "a");
        assert_eq!(profile_of(json!({ "accountId": null, "type": "anonymous" })), None);
    }
}
