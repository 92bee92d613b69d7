//! Who may read, edit, administer. Whatever is not a clear "yes" is a no.

use super::cache::{Freshness, Key, remembered};
use super::client::{Actor, Client, escape};
use super::error::ConfluenceError;
use super::page::{self, Page, Wanted};
use crate::fit::caller::UiCaller;
use engine::ids::{AccountId, PageId, SpaceId};
use engine::time::Timestamp;
use engine::wire::status::ViewerKind;
use serde::Deserialize;
use serde_json::json;

/// Something Confluence allows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    #[serde(default)]
    operation: String,
    #[serde(default)]
    target_type: String,
}

impl Operation {
    pub(super) fn is(&self, operation: &str, target: &str) -> bool {
        self.operation == operation && self.target_type == target
    }
}

/// A right on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageRight {
    /// To read it.
    Read,
    /// To edit it.
    Edit,
}

impl PageRight {
    fn operation(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Edit => "update",
        }
    }
}

/// With what Confluence can be asked in a person's request.
#[derive(Clone, Copy, Debug)]
pub struct Clients<'a> {
    /// With the person's token; guests have none.
    pub person: Option<&'a Client>,
    /// With the app's token, where there is a valid one.
    pub app: Option<&'a Client>,
}

/// The page as the caller may see it, with the caller's own rights: licensed users in one call with their own token,
/// guests by the app, which asks for their rights first.
///
/// # Errors
/// `NotFound` if the caller may not see it; `AppMayNotCheck` if the app is refused the question about a guest.
pub async fn page_as_caller(
    clients: Clients<'_>,
    caller: &UiCaller,
    page: &PageId,
    wanted: Wanted,
    freshness: Freshness,
    now: Timestamp,
) -> Result<Page, ConfluenceError> {
    match caller.kind {
        ViewerKind::Licensed => {
            let person = clients.person.ok_or(ConfluenceError::NoToken(Actor::Person))?;
            let found = page::get(person, page, wanted).await?;
            if found.may_read { Ok(found) } else { Err(ConfluenceError::NotFound(Actor::Person)) }
        }
        ViewerKind::Guest => {
            let app = clients.app.ok_or(ConfluenceError::NoToken(Actor::App))?;
            if !guest_may(app, caller, page, PageRight::Read, freshness, now).await? {
                return Err(ConfluenceError::NotFound(Actor::Person));
            }
            let mut found = page::get(app, page, wanted).await?;
            // What the app may do says nothing of the guest. Editing is asked for where it matters: `guest_may`.
            (found.may_read, found.may_edit) = (true, false);
            Ok(found)
        }
        // Confluence knows nothing of them: what they may see is said by their invitation, which is looked at with each
        // request of theirs (`handlers::hosted`). No other route takes such a caller.
        ViewerKind::Invited => {
            let app = clients.app.ok_or(ConfluenceError::NoToken(Actor::App))?;
            let mut found = page::get(app, page, wanted).await?;
            (found.may_read, found.may_edit) = (true, false);
            Ok(found)
        }
    }
}

/// Whether a guest has a right on a page, asked as the app (`permission/check` covers site, space and restrictions).
///
/// # Errors
/// `AppMayNotCheck` if the app is refused the question: then the guest is refused too, and admins should be told.
pub async fn guest_may(
    app: &Client,
    caller: &UiCaller,
    page: &PageId,
    right: PageRight,
    freshness: Freshness,
    now: Timestamp,
) -> Result<bool, ConfluenceError> {
    let question = format!("page {page} {}", right.operation());
    let key = Key::new(&caller.site, &caller.installation, caller.person.as_str(), question);
    remembered(key, freshness, now, may(app, &caller.person, page, right)).await
}

/// Whether any person has a right on a page, asked as the app. Not remembered.
///
/// # Errors
/// As [`guest_may`].
pub async fn may(app: &Client, person: &AccountId, page: &PageId, right: PageRight) -> Result<bool, ConfluenceError> {
    // Confluence gives nobody a right who has no account.
    if person.is_invited() {
        return Ok(false);
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Verdict {
        has_permission: bool,
    }
    let path = format!("/wiki/rest/api/content/{}/permission/check", escape(page.as_str()));
    let question = json!({
        "subject": { "type": "user", "identifier": person.as_str() },
        "operation": right.operation(),
    });
    match app.post::<Verdict>(&path, &question, "verdict on a right").await {
        Ok(verdict) => Ok(verdict.has_permission),
        Err(ConfluenceError::Unauthorised(_) | ConfluenceError::Forbidden(_)) => Err(ConfluenceError::AppMayNotCheck),
        // The page is gone, or hidden from the app: nobody is let in on its word.
        Err(ConfluenceError::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the caller administers Confluence: their own token, their own account, `administer` on `application`.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn is_confluence_admin(
    person: &Client,
    caller: &UiCaller,
    freshness: Freshness,
    now: Timestamp,
) -> Result<bool, ConfluenceError> {
    let key = Key::new(&caller.site, &caller.installation, caller.person.as_str(), "confluence admin");
    remembered(key, freshness, now, async {
        let path = "/wiki/rest/api/user/current?expand=operations";
        match person.get::<CurrentUser>(path, "current user").await {
            Ok(user) => Ok(user.administers_as(&caller.person)),
            Err(ConfluenceError::Forbidden(_)) => Ok(false),
            Err(error) => Err(error),
        }
    })
    .await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CurrentUser {
    #[serde(default)]
    account_id: Option<String>,
    #[serde(default)]
    operations: Option<Vec<Operation>>,
}

impl CurrentUser {
    /// The token's origin is the browser's word: an admin's token in another person's request helps nobody.
    fn administers_as(&self, person: &AccountId) -> bool {
        self.account_id.as_deref() == Some(person.as_str())
            && self.operations.iter().flatten().any(|operation| operation.is("administer", "application"))
    }
}

/// Whether the caller administers a space, asked with their own token.
///
/// # Errors
/// If Confluence cannot be asked.
pub async fn is_space_admin(
    person: &Client,
    caller: &UiCaller,
    space: &SpaceId,
    freshness: Freshness,
    now: Timestamp,
) -> Result<bool, ConfluenceError> {
    let key = Key::new(&caller.site, &caller.installation, caller.person.as_str(), format!("space admin {space}"));
    remembered(key, freshness, now, async {
        // (1) The token is the caller's own.
        let path = "/wiki/rest/api/user/current";
        let user: CurrentUser = person.get(path, "current user").await?;
        if user.account_id.as_deref() != Some(caller.person.as_str()) {
            return Ok(false);
        }
        // (2) It may administer the space.
        #[derive(Deserialize)]
        struct Operations {
            #[serde(default)]
            operations: Vec<Operation>,
        }
        let path = format!("/wiki/api/v2/spaces/{}/operations", escape(space.as_str()));
        match person.get::<Operations>(&path, "operations on a space").await {
            Ok(allowed) => Ok(allowed.operations.iter().any(|one| one.is("administer", "space"))),
            Err(ConfluenceError::Forbidden(_) | ConfluenceError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_s_token_helps_only_that_admin() {
        let user = |json: serde_json::Value| serde_json::from_value::<CurrentUser>(json).unwrap();
        let (admin, other) = (AccountId::new("712020:admin"), AccountId::new("712020:viewer"));
        let operations = json!([{ "operation": "use", "targetType": "application" }, { "operation": "administer", "targetType": "application" }]);
        let sent = user(json!({ "type": "known", "accountId": "712020:admin", "operations": operations }));
        assert!(sent.administers_as(&admin));
        assert!(!sent.administers_as(&other));
        for operations in [
            json!(null),
            json!([]),
            json!([{ "operation": "use", "targetType": "application" }]),
            json!([{ "operation": "administer", "targetType": "space" }]),
        ] {
            assert!(!user(json!({ "accountId": "712020:admin", "operations": operations })).administers_as(&admin));
        }
        assert!(
            !user(json!({ "operations": [{ "operation": "administer", "targetType": "application" }] }))
                .administers_as(&admin)
        );
    }
}
