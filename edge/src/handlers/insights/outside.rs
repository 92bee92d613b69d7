//! What only Confluence knows of the people in the list: who is in which group, names, guests, addresses' domains, and whose
//! account is deactivated.

use crate::confirm::subject;
use crate::confluence::user::{self, Profile};
use crate::confluence::{Client, ConfluenceError, group};
use core::time::Duration;
use engine::ids::{AccountId, GroupId, SiteId};
use engine::time::Timestamp;
use engine::token::policy::{External, People};
use futures_util::future::{try_join, try_join_all};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Groups asked about: with their members in two calls at most, as many as one invocation may ask for.
const MOST_GROUPS: usize = 16;
/// Members of a group that are listed.
const MOST_MEMBERS: usize = 200;
/// How long they are remembered, for the portions of one list.
const KEPT: Duration = Duration::from_secs(60);
const MOST_KEPT: usize = 200;

#[derive(Clone)]
struct Kept {
    people: Rc<BTreeSet<AccountId>>,
    more: bool,
    until: Timestamp,
}

thread_local! {
    static GROUPS: RefCell<HashMap<(SiteId, GroupId), Kept>> = RefCell::default();
}

/// The members of groups.
#[derive(Default)]
pub(super) struct Groups {
    pub(super) members: super::candidates::Members,
    /// Groups that are too large, or too many, to be listed whole.
    pub(super) cut: Vec<GroupId>,
}

/// The members of these groups. Confluence is asked about [`MOST_GROUPS`] of them and [`MOST_MEMBERS`] of each.
pub(super) async fn groups(
    app: &Client,
    site: &SiteId,
    groups: &[GroupId],
    now: Timestamp,
) -> Result<Groups, ConfluenceError> {
    let asked = groups.iter().take(MOST_GROUPS).map(|group| members(app, site, group, now));
    let mut found = Groups { cut: groups.iter().skip(MOST_GROUPS).cloned().collect(), ..Groups::default() };
    for (group, kept) in groups.iter().zip(try_join_all(asked).await?) {
        if kept.more {
            found.cut.push(group.clone());
        }
        found.members.insert(group.clone(), (*kept.people).clone());
    }
    Ok(found)
}

async fn members(app: &Client, site: &SiteId, group: &GroupId, now: Timestamp) -> Result<Kept, ConfluenceError> {
    let key = (site.clone(), group.clone());
    if let Some(kept) = GROUPS.with_borrow(|kept| kept.get(&key).filter(|one| now < one.until).cloned()) {
        return Ok(kept);
    }
    let asked = group::members(app, group, MOST_MEMBERS).await?;
    let people = Rc::new(asked.people.into_iter().map(|one| one.account).collect());
    let found = Kept { people, more: asked.more, until: now + KEPT };
    GROUPS.with_borrow_mut(|kept| {
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, found.clone());
    });
    Ok(found)
}

/// What Confluence tells of some people.
#[derive(Default)]
pub(super) struct Told {
    profiles: BTreeMap<AccountId, Profile>,
    departed: BTreeSet<AccountId>,
    domains: BTreeMap<AccountId, String>,
}

impl Told {
    /// Asks about these people: three calls at most for a portion of the list.
    pub(super) async fn of(
        app: &Client,
        site: &SiteId,
        accounts: &[AccountId],
        people: &People,
        now: Timestamp,
    ) -> Result<Self, ConfluenceError> {
        if accounts.is_empty() {
            return Ok(Self::default());
        }
        let (profiles, departed) = try_join(user::profiles(app, accounts), user::departed(app, accounts)).await?;
        let needs_domain = |account: &&AccountId| {
            let guest = profiles.get(account).is_some_and(|profile| profile.is_guest);
            people.needs_domain(account, guest) && !departed.contains(*account)
        };
        let wanted: Vec<AccountId> = accounts.iter().filter(needs_domain).cloned().collect();
        let domains = subject::domains(app, site, &wanted, now).await?;
        Ok(Self { profiles, departed, domains })
    }

    /// Whether an account is nobody's any more, or an app's.
    pub(super) fn is_gone(&self, account: &AccountId) -> bool {
        self.departed.contains(account) || self.profiles.get(account).is_some_and(|profile| profile.is_app)
    }

    /// Their name, or the account id.
    pub(super) fn name(&self, account: &AccountId) -> String {
        self.profiles.get(account).map_or_else(|| account.as_str().to_owned(), |profile| profile.name.clone())
    }

    /// Why they count as external.
    pub(super) fn external(&self, account: &AccountId, people: &People) -> Option<External> {
        let guest = self.profiles.get(account).is_some_and(|profile| profile.is_guest);
        people.external(account, guest, self.domains.get(account).map(String::as_str))
    }
}
