//! People, as far as what they may do goes: Confluence's word on somebody.

use crate::confluence::rights::{self, PageRight};
use crate::confluence::{Actor, Client, ConfluenceError, Freshness, group, user};
use crate::cx::Cx;
use crate::fit::caller::UiCaller;
use crate::http::EdgeError;
use crate::store::absence::Absent;
use engine::ids::{AccountId, GroupId, PageId, SpaceId};
use engine::page::command::{Person, StandIn};
use engine::wire::status::ViewerKind;
use engine::workflow::definition::{Approval, People, Role, State};
use futures_util::future::{try_join, try_join_all};
use std::collections::BTreeSet;

/// What has to be known of somebody. Confluence is asked for nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    groups: BTreeSet<GroupId>,
    roles: BTreeSet<Role>,
    /// Groups of reviewers, in which people who are away may be.
    reviewers: BTreeSet<GroupId>,
}

impl Wanted {
    /// To tell whether they may decide in a state, and whether they may reassign.
    pub(super) fn to_decide(state: &State) -> Self {
        state.approvals.iter().fold(Self::default(), Self::and_approval)
    }

    /// To tell whether they are one of `people`.
    pub(super) fn and(mut self, people: &People) -> Self {
        self.groups.extend(people.groups.iter().cloned());
        self.roles.extend(people.roles.iter().copied());
        self
    }

    fn and_approval(mut self, approval: &Approval) -> Self {
        self.groups.extend(approval.reviewers.groups.iter().cloned());
        self.reviewers.extend(approval.reviewers.groups.iter().cloned());
        self.roles.extend(approval.reviewers.roles.iter().copied());
        self.and(&approval.reassign)
    }

    /// Whom Confluence is asked about, and in which group: each is remembered for a minute.
    pub(super) fn questions(&self, caller: &AccountId, away: &[Absent]) -> BTreeSet<(AccountId, GroupId)> {
        let own = self.groups.iter().map(|group| (caller.clone(), group.clone()));
        let of = |absent: &Absent| {
            self.reviewers.iter().map(|group| (absent.person.clone(), group.clone())).collect::<Vec<_>>()
        };
        own.chain(away.iter().flat_map(of)).collect()
    }

    /// Whether it matters who may edit the page.
    pub(super) fn editors(&self) -> bool {
        self.role(Role::Editor)
    }

    fn role(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// With what Confluence is asked about the caller.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) cx: &'a Cx,
    pub(super) caller: &'a UiCaller,
    /// As the app, where there is a token.
    pub(super) app: Option<&'a Client>,
    /// As the caller, who has a token unless they are a guest.
    pub(super) person: Option<&'a Client>,
    /// The space the page is in.
    pub(super) space: &'a SpaceId,
    /// Whether they may edit the page, where that is known: guests' rights are asked for only where they matter.
    pub(super) may_edit: Option<bool>,
    /// People who are away and named the caller.
    pub(super) away: &'a [Absent],
    pub(super) freshness: Freshness,
}

impl Asking<'_> {
    /// The caller.
    pub(super) async fn person(self, page: &PageId, wanted: &Wanted) -> Result<Person, EdgeError> {
        let own = self.groups_of(&self.caller.person, &wanted.groups);
        // Nobody is asked about people who are away where nobody reviews.
        let away = self.away.iter().map(|absent| async {
            let groups = self.groups_of(&absent.person, &wanted.reviewers).await?;
            Ok::<_, ConfluenceError>(StandIn { account: absent.person.clone(), groups })
        });
        let (groups, stands_in_for) = try_join(own, try_join_all(away)).await?;
        Ok(Person {
            account: self.caller.person.clone(),
            groups,
            may_edit: match self.may_edit {
                Some(may_edit) => may_edit,
                None => wanted.role(Role::Editor) && self.guest_may_edit(page).await?,
            },
            space_admin: wanted.role(Role::SpaceAdmin) && self.is_space_admin().await?,
            stands_in_for,
        })
    }

    fn app(&self) -> Result<&Client, ConfluenceError> {
        self.app.ok_or(ConfluenceError::NoToken(Actor::App))
    }

    /// Which of these groups somebody is in now.
    async fn groups_of(
        &self,
        account: &AccountId,
        groups: &BTreeSet<GroupId>,
    ) -> Result<BTreeSet<GroupId>, ConfluenceError> {
        let (site, installation) = (&self.caller.site, &self.caller.installation);
        let mut found = BTreeSet::new();
        for group in groups {
            let one = BTreeSet::from([group.clone()]);
            if group::is_member(self.app()?, site, installation, account, &one, self.freshness, self.cx.now).await? {
                found.insert(group.clone());
            }
        }
        Ok(found)
    }

    async fn guest_may_edit(&self, page: &PageId) -> Result<bool, ConfluenceError> {
        match self.caller.kind {
            // Their own token told with the page.
            ViewerKind::Licensed | ViewerKind::Invited => Ok(false),
            ViewerKind::Guest => {
                rights::guest_may(self.app()?, self.caller, page, PageRight::Edit, self.freshness, self.cx.now).await
            }
        }
    }

    /// Guests administer nothing, and bring no token to ask with.
    async fn is_space_admin(&self) -> Result<bool, ConfluenceError> {
        match self.person {
            Some(person) => rights::is_space_admin(person, self.caller, self.space, self.freshness, self.cx.now).await,
            None => Ok(false),
        }
    }
}

/// The person's name as Confluence shows it now; it is recorded with the signature (21 CFR 11.50(a)(1)).
pub(super) async fn name(app: &Client, person: &AccountId) -> Result<String, EdgeError> {
    let profile = user::profile(app, person).await?;
    Ok(profile.map_or_else(|| person.as_str().to_owned(), |profile| profile.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::workflow::builtin;
    use engine::workflow::definition::Reviewers;

    #[test]
    fn no_more_is_asked_than_the_state_needs() {
        let definition = builtin::definition(&Default::default()).unwrap();
        let mut state = definition.states.iter().find(|state| !state.approvals.is_empty()).unwrap().clone();
        state.approvals[0].reassign = People::default();
        let wanted = Wanted::to_decide(&state);
        assert_eq!(wanted.groups, state.approvals[0].reviewers.groups);
        assert!(!wanted.role(Role::SpaceAdmin) && !wanted.role(Role::Editor));
        state.approvals[0].reviewers = Reviewers { roles: [Role::Editor].into(), ..Reviewers::default() };
        state.approvals[0].reassign = People::of_role(Role::SpaceAdmin);
        let wanted = Wanted::to_decide(&state);
        assert!(wanted.groups.is_empty() && wanted.role(Role::SpaceAdmin) && wanted.role(Role::Editor));
        let also = People { groups: [GroupId::new("g")].into(), ..People::default() };
        assert_eq!(wanted.and(&also).groups, [GroupId::new("g")].into());
    }
}
