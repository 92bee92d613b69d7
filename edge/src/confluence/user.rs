//! Names, addresses, and who is a guest. Asked as the app; addresses are never stored.

use super::client::{Client, escape};
use super::error::ConfluenceError;
use engine::ids::AccountId;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Confluence answers for this many people at once.
const MOST_AT_ONCE: usize = 100;

/// What Confluence tells of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub account: AccountId,
    /// The name to show; the account id where there is none to be seen.
    pub name: String,
    /// Whether they are a guest.
    pub is_guest: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentUser {
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
}

impl SentUser {
    fn into_profile(self) -> Option<Profile> {
        let account = self.account_id.filter(|id| !id.is_empty())?;
        let name = [self.display_name, self.public_name].into_iter().flatten().find(|name| !name.trim().is_empty());
        Some(Profile {
            name: name.unwrap_or_else(|| account.clone()),
            account: AccountId::new(account),
            // `isGuest` is today's word, the others are its ancestors.
            is_guest: self.is_guest.or(self.is_external_collaborator).or(self.external_collaborator).unwrap_or(false),
        })
    }
}

/// One person's profile; [`None`] if there is no such account.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn profile(app: &Client, account: &AccountId) -> Result<Option<Profile>, ConfluenceError> {
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
    for some in accounts.chunks(MOST_AT_ONCE) {
        let query: Vec<String> = some.iter().map(|one| format!("accountId={}", escape(one.as_str()))).collect();
        let path = format!("/wiki/rest/api/user/bulk?{}", query.join("&"));
        let users: Users = app.get(&path, "list of profiles").await?;
        let profiles = users.results.into_iter().filter_map(SentUser::into_profile);
        found.extend(profiles.map(|profile| (profile.account.clone(), profile)));
    }
    Ok(found)
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
    let path = format!("/wiki/rest/api/user/email?accountId={}", escape(account.as_str()));
    match app.get::<Sent>(&path, "address").await {
        Ok(sent) => Ok((sent.account_id == account.as_str() && sent.email.contains('@')).then_some(sent.email)),
        Err(ConfluenceError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
    fn a_name_is_found_or_the_account_stands_for_it() {
        let name = |sent| profile_of(sent).unwrap().name;
        assert_eq!(name(json!({ "accountId": "a", "displayName": "Ann", "publicName": "ann" })), "Ann");
        assert_eq!(name(json!({ "accountId": "a", "displayName": null, "publicName": "ann" })), "ann");
        assert_eq!(name(json!({ "accountId": "a", "displayName": " " })), "a");
        assert_eq!(profile_of(json!({ "accountId": null, "type": "anonymous" })), None);
    }
}
