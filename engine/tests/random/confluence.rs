//! Confluence as far as the engine is told of it: people with rights, groups that change, a page with versions.

use crate::common::{account, hash, signatory, text};
use engine::ids::{AccountId, GroupId, PageVersion};
use engine::page::command::{Cast, CastGroup, CastPerson, Dates, Needs, PageNow, Person, StandIn};
use engine::page::event::Signatory;
use engine::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub const HOUR: u64 = 3_600_000;
pub const DAY: u64 = 24 * HOUR;

/// People, their rights, and who is away.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub groups: BTreeMap<GroupId, BTreeSet<AccountId>>,
    /// Groups with more members than can be listed.
    pub huge: BTreeSet<GroupId>,
    pub inactive: BTreeSet<AccountId>,
    /// Who is away, and who decides for them.
    pub absent: BTreeMap<AccountId, AccountId>,
    pub readers: BTreeSet<AccountId>,
    pub admins: BTreeSet<AccountId>,
}

impl People {
    pub fn in_groups(&self, of: &AccountId) -> BTreeSet<GroupId> {
        self.groups.iter().filter(|(_, members)| members.contains(of)).map(|(group, _)| group.clone()).collect()
    }

    pub fn person(&self, of: &AccountId) -> Person {
        let away = self.absent.iter().filter(|(_, stand_in)| *stand_in == of).map(|(away, _)| away);
        Person {
            account: of.clone(),
            groups: self.in_groups(of),
            may_edit: !self.readers.contains(of),
            space_admin: self.admins.contains(of),
            stands_in_for: away.map(|away| StandIn { account: away.clone(), groups: self.in_groups(away) }).collect(),
        }
    }

    pub fn answer(&self, cast: &mut Cast, needs: &Needs) {
        for id in &needs.groups {
            let members = (!self.huge.contains(id)).then(|| self.groups.get(id).cloned().unwrap_or_default());
            cast.groups.insert(id.clone(), CastGroup { name: format!("Group {id}"), members });
        }
        for of in &needs.people {
            let known = CastPerson { name: text(of.as_str()), active: !self.inactive.contains(of) };
            cast.people.insert(of.clone(), known);
        }
    }

    pub fn change_membership(&mut self, group: &str, of: &str) {
        let members = self.groups.entry(GroupId::new(group)).or_default();
        if !members.remove(&account(of)) {
            members.insert(account(of));
        }
    }
}

/// The account as the journal names it.
pub fn named(of: &AccountId) -> Signatory {
    signatory(of.as_str())
}

/// A version of the page.
#[derive(Clone, Debug)]
pub struct Version {
    pub author: AccountId,
    pub content: u32,
    pub made_at: u64,
}

/// A page of Confluence.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub versions: Vec<Version>,
    pub dates: Dates,
}

impl Sheet {
    pub fn new(author: &str, content: u32, at: u64) -> Self {
        Self { versions: vec![Version { author: account(author), content, made_at: at }], dates: Dates::new() }
    }

    pub fn creator(&self) -> &AccountId {
        &self.versions[0].author
    }

    pub fn version(&self) -> PageVersion {
        PageVersion(u32::try_from(self.versions.len()).unwrap())
    }

    pub fn edit(&mut self, author: &str, content: u32, at: u64) {
        self.versions.push(Version { author: account(author), content, made_at: at });
    }

    /// An attachment changes the content, not the version.
    pub fn attach(&mut self, content: u32) {
        self.versions.last_mut().unwrap().content = content;
    }

    /// Who wrote versions after this one.
    pub fn authors_after(&self, approved: Option<PageVersion>) -> BTreeSet<AccountId> {
        self.authors(approved, self.versions.len())
    }

    fn authors(&self, approved: Option<PageVersion>, count: usize) -> BTreeSet<AccountId> {
        let skip = approved.map_or(0, |approved| usize::try_from(approved.0).unwrap());
        self.versions.iter().take(count).skip(skip).map(|version| version.author.clone()).collect()
    }

    pub fn now(&self, approved: Option<PageVersion>) -> PageNow {
        self.at(self.versions.len(), approved)
    }

    /// The page when it had so many versions.
    pub fn at(&self, count: usize, approved: Option<PageVersion>) -> PageNow {
        let version = &self.versions[count - 1];
        PageNow {
            version: PageVersion(u32::try_from(count).unwrap()),
            content_hash: hash(version.content),
            author: version.author.clone(),
            creator: self.creator().clone(),
            contributors: self.authors(approved, count),
            made_at: Timestamp(version.made_at),
            dates: self.dates.clone(),
        }
    }
}
