//! Who somebody is to the step-up policy. Confluence is asked for nothing that no rule about the action asks for.

use crate::confluence::cache::Freshness;
use crate::confluence::{Client, ConfluenceError, group, user};
use crate::http::EdgeError;
use core::time::Duration;
use engine::ids::{AccountId, SiteId};
use engine::time::Timestamp;
use engine::token::policy::{Action, External, Policy, Subject};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How long the domain of somebody's address is remembered. The address never is.
const KEPT: Duration = Duration::from_secs(600);
const MOST_KEPT: usize = 2000;

thread_local! {
    static DOMAINS: RefCell<HashMap<(SiteId, AccountId), (String, Timestamp)>> = RefCell::default();
}

/// About whom it is asked.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) site: &'a SiteId,
    /// The installation's id.
    pub(crate) installation: &'a str,
    pub(crate) person: &'a AccountId,
    /// Whether Confluence calls them a guest.
    pub(crate) guest: bool,
    pub(crate) now: Timestamp,
}

/// Who they are, as far as the rules about `action` ask. `app` is called only where Confluence has to be asked.
///
/// What can't be learned makes nothing easier: an address that can't be read counts as outside the organisation, and where
/// that would leave a rule out, or a group can't be asked about, the request fails.
///
/// # Errors
/// `confluence-unavailable` and its like.
pub(crate) async fn subject(
    asked: Asked<'_>,
    policy: &Policy,
    action: Action,
    app: impl AsyncFn() -> Result<Client, EdgeError>,
) -> Result<Subject, EdgeError> {
    let mut found = Subject::plain(asked.person);
    // Confluence knows nothing of them, and no group has them.
    if asked.person.is_invited() {
        found.external = Some(External::Invited);
        return Ok(found);
    }
    let freshness = freshness(action);
    if policy.asks_who_is_external(action) {
        let needed = policy.people.needs_domain(asked.person, asked.guest);
        let domain = match needed {
            false => None,
            true => match domain(asked, freshness, &app).await {
                Ok(domain) => domain,
                Err(fault) if policy.asks_of_internal(action) => return Err(fault),
                Err(_) => None,
            },
        };
        found.external = policy.people.external(asked.person, asked.guest, domain.as_deref());
    }
    for group in policy.groups_for(action) {
        let (app, one) = (app().await?, BTreeSet::from([group.clone()]));
        let Asked { site, installation, person, now, .. } = asked;
        if group::membership(&app, site, installation, person, &one, freshness, now).await? {
            found.groups.insert(group.clone());
        }
    }
    Ok(found)
}

/// What is remembered does for everything but what is grave.
fn freshness(action: Action) -> Freshness {
    match action {
        Action::Override | Action::ChangePolicy | Action::ResetFactor => Freshness::Fresh,
        Action::Submit
        | Action::Approve
        | Action::Reject
        | Action::Select
        | Action::Reassign
        | Action::Invite
        | Action::Publish
        | Action::ChangeWorkflow
        | Action::ChangeAssignment => Freshness::Cached,
    }
}

/// The domain of somebody's address; [`None`] if Confluence has no address.
async fn domain(
    asked: Asked<'_>,
    freshness: Freshness,
    app: &impl AsyncFn() -> Result<Client, EdgeError>,
) -> Result<Option<String>, EdgeError> {
    let key = (asked.site.clone(), asked.person.clone());
    if freshness == Freshness::Cached {
        let kept = DOMAINS.with_borrow(|kept| kept.get(&key).filter(|(_, until)| asked.now < *until).cloned());
        if let Some((domain, _)) = kept {
            return Ok(Some(domain));
        }
    }
    let address = user::email(&app().await?, asked.person).await?;
    let found = address.as_deref().and_then(domain_of);
    if let Some(domain) = &found {
        keep(key, domain, asked.now);
    }
    Ok(found)
}

/// The domains of several people's addresses, for lists: what is remembered will do. Who has no address is not in the answer.
///
/// # Errors
/// If Confluence cannot be asked.
pub(crate) async fn domains(
    app: &Client,
    site: &SiteId,
    people: &[AccountId],
    now: Timestamp,
) -> Result<BTreeMap<AccountId, String>, ConfluenceError> {
    let key = |person: &AccountId| (site.clone(), person.clone());
    let mut found: BTreeMap<AccountId, String> = DOMAINS.with_borrow(|kept| {
        let live = |person: &AccountId| kept.get(&key(person)).filter(|(_, until)| now < *until);
        people.iter().filter_map(|person| Some((person.clone(), live(person)?.0.clone()))).collect()
    });
    let asked: Vec<AccountId> = people.iter().filter(|person| !found.contains_key(person)).cloned().collect();
    for (person, address) in user::emails(app, &asked).await? {
        if let Some(domain) = domain_of(&address) {
            keep(key(&person), &domain, now);
            found.insert(person, domain);
        }
    }
    Ok(found)
}

fn keep(key: (SiteId, AccountId), domain: &str, now: Timestamp) {
    DOMAINS.with_borrow_mut(|kept| {
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, (domain.to_owned(), now + KEPT));
    });
}

/// What stands behind the last `@`, in lower case.
fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.trim().rsplit_once('@')?;
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    (!domain.is_empty()).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_what_stands_behind_the_last_at() {
        assert_eq!(domain_of("Mira@Example.COM").as_deref(), Some("example.com"));
        assert_eq!(domain_of("\"a@example.com\"@partner.example.").as_deref(), Some("partner.example"));
        assert_eq!(domain_of("nobody"), None);
        assert_eq!(domain_of("nobody@"), None);
    }

    #[test]
    fn nothing_is_remembered_for_what_is_grave() {
        for action in Action::ALL {
            let grave = matches!(action, Action::Override | Action::ChangePolicy | Action::ResetFactor);
            assert_eq!(freshness(action) == Freshness::Fresh, grave);
        }
    }
}
