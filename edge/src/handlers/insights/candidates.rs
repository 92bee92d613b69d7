//! Who is in the list, and why: from the journal, the workflows in force, and Confluence's groups.

use crate::http::EdgeError;
use crate::page::Running;
use crate::store::approver::{self, Approver};
use crate::store::d1::Db;
use crate::store::dashboard::Waiting;
use crate::store::load::Loading;
use crate::store::workflow::Stored;
use engine::ids::{AccountId, GroupId, SiteId, SpaceId};
use engine::time::Timestamp;
use engine::token::policy::{Action, Policy};
use engine::wire::insights::{AskedBy, of_late};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of each list that are looked at: whoever was asked last comes first.
const MOST: u32 = 5000;
/// Workflows looked at.
const MOST_WORKFLOWS: u32 = 200;

/// What the database says of whom workflows ask.
pub(super) struct Sources {
    of_late: Vec<Approver>,
    waiting: Vec<Waiting>,
    named: Named,
    holders: Vec<AccountId>,
    /// Groups the policy's rules about approving are about.
    policy_groups: BTreeSet<GroupId>,
}

/// Whom workflows in force name.
#[derive(Default)]
struct Named {
    users: BTreeSet<AccountId>,
    groups: BTreeSet<GroupId>,
}

/// The members of groups, as far as Confluence told.
pub(super) type Members = BTreeMap<GroupId, BTreeSet<AccountId>>;

/// Everybody in the list, with why they are active approvers; for the others there is no reason.
pub(super) type Candidates = BTreeMap<AccountId, BTreeSet<AskedBy>>;

impl Sources {
    /// One round trip.
    pub(super) async fn load(db: &Db, site: &SiteId, policy: &Policy, now: Timestamp) -> Result<Self, EdgeError> {
        let mut loading = Loading::new();
        let of_late = loading.add(approver::of_late(site, of_late(now), MOST));
        let waiting = loading.add(approver::waiting(site, MOST));
        let workflows = loading.add(approver::workflows(site, MOST_WORKFLOWS));
        let holders = loading.add(approver::holders(site, now, MOST));
        let loaded = loading.run(db).await?;
        Ok(Self {
            of_late: loaded.get(&of_late)?,
            waiting: loaded.get(&waiting)?,
            named: Named::by(site, &loaded.get(&workflows)?)?,
            holders: loaded.get(&holders)?,
            policy_groups: policy.groups_for(Action::Approve).into_iter().cloned().collect(),
        })
    }

    /// Groups whose members have to be known, those that pages wait for first.
    pub(super) fn groups(&self) -> Vec<GroupId> {
        let waiting: BTreeSet<&GroupId> = self.waiting.iter().flat_map(|waiting| &waiting.groups).collect();
        let others = self.named.groups.iter().chain(&self.policy_groups);
        let others: BTreeSet<&GroupId> = others.filter(|group| !waiting.contains(group)).collect();
        waiting.into_iter().chain(others).cloned().collect()
    }

    /// Everybody in the list. Rules: (1) whom a page waits for, by name or as a member of a group *now*, unless they are
    /// out of it, (2) who decided or was asked by name of late, (3) whom a workflow in force names, by name or as a member,
    /// (4) whoever else has a factor or is locked.
    pub(super) fn candidates(&self, members: &Members, now: Timestamp) -> Candidates {
        let mut found = Candidates::new();
        let mut add = |person: &AccountId, why: AskedBy| {
            found.entry(person.clone()).or_default().insert(why);
        };
        // (1)
        for waiting in &self.waiting {
            let in_groups = waiting.groups.iter().filter_map(|group| members.get(group)).flatten();
            let asked = waiting.users.iter().chain(in_groups).filter(|person| !waiting.except.contains(person));
            asked.for_each(|person| add(person, AskedBy::Waiting));
        }
        // (2)
        let since = of_late(now);
        for one in &self.of_late {
            if one.decided_at > since {
                add(&one.person, AskedBy::Decided);
            }
            if one.asked_at > since {
                add(&one.person, AskedBy::Asked);
            }
        }
        // (3)
        let in_groups = self.named.groups.iter().filter_map(|group| members.get(group)).flatten();
        self.named.users.iter().chain(in_groups).for_each(|person| add(person, AskedBy::Workflow));
        // (4)
        for person in &self.holders {
            found.entry(person.clone()).or_default();
        }
        found
    }
}

impl Named {
    /// By the newest versions of workflows, for every space that has values of its own.
    fn by(site: &SiteId, versions: &[Stored]) -> Result<Self, EdgeError> {
        let mut named = Self::default();
        for stored in versions {
            let (says, _) = stored.content()?;
            let spaces = says.values.spaces.keys().cloned();
            for space in core::iter::once(SpaceId::new("")).chain(spaces) {
                let definition = Running::of(site, &space, stored)?.definition;
                for approval in definition.states.iter().flat_map(|state| &state.approvals) {
                    named.users.extend(approval.reviewers.users.iter().cloned());
                    named.groups.extend(approval.reviewers.groups.iter().cloned());
                }
            }
        }
        Ok(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::approver::Approver;

    const NOW: Timestamp = Timestamp(100 * 24 * 3_600_000);

    fn ids(names: &[&str]) -> BTreeSet<AccountId> {
        names.iter().map(|name| AccountId::new(*name)).collect()
    }

    fn sources() -> Sources {
        let group = |name: &str| BTreeSet::from([GroupId::new(name)]);
        Sources {
            of_late: vec![
                Approver { person: AccountId::new("decided"), asked_at: Timestamp(0), decided_at: NOW },
                Approver { person: AccountId::new("asked"), asked_at: NOW, decided_at: Timestamp(0) },
            ],
            waiting: vec![Waiting {
                users: ids(&["named", "out"]),
                members: ids(&["left"]),
                groups: group("reviewers"),
                except: ids(&["out", "author"]),
                ..Waiting::default()
            }],
            named: Named { users: ids(&["by name"]), groups: group("owners") },
            holders: vec![AccountId::new("holder"), AccountId::new("named")],
            policy_groups: group("pilot"),
        }
    }

    #[test]
    fn a_group_asks_whoever_is_in_it_now_and_nobody_who_left() {
        let members = Members::from([
            (GroupId::new("reviewers"), ids(&["member", "author"])),
            (GroupId::new("owners"), ids(&["owner"])),
            (GroupId::new("pilot"), ids(&["pilot"])),
        ]);
        let found = sources().candidates(&members, NOW);
        let why = |person: &str| found.get(&AccountId::new(person)).cloned();
        assert_eq!(why("member"), Some([AskedBy::Waiting].into()));
        assert_eq!(why("named"), Some([AskedBy::Waiting].into()));
        assert_eq!(why("owner"), Some([AskedBy::Workflow].into()));
        assert_eq!(why("by name"), Some([AskedBy::Workflow].into()));
        assert_eq!(why("decided"), Some([AskedBy::Decided].into()));
        assert_eq!(why("asked"), Some([AskedBy::Asked].into()));
        assert_eq!(why("holder"), Some(BTreeSet::new()), "listed, and no approver");
        for nobody in ["left", "author", "out", "pilot"] {
            assert_eq!(why(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn groups_pages_wait_for_are_asked_about_first() {
        let groups: Vec<String> = sources().groups().iter().map(ToString::to_string).collect();
        assert_eq!(groups, ["reviewers", "owners", "pilot"]);
    }
}
