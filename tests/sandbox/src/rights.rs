//! Who may do what on a site.

use crate::model::{Page, Person, Restriction, Site, Space};
use crate::tree;

/// Whose rights a request has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    /// A person, through their own token or their browser.
    Person(String),
    /// The app.
    App,
}

impl Principal {
    /// The account it acts as.
    #[must_use]
    pub(crate) fn account(&self) -> &str {
        match self {
            Self::Person(account) => account,
            Self::App => crate::app::ACCOUNT,
        }
    }
}

/// May they see the page?
#[must_use]
pub(crate) fn may_view(site: &Site, page: &Page, who: &Principal) -> bool {
    let known = *who == Principal::App || is(site, who, |person| !person.deactivated);
    // A restriction to view holds for everything below the page, too.
    known
        && std::iter::once(page)
            .chain(tree::above(site, page))
            .filter_map(|page| page.restriction.as_ref())
            .all(|restriction| lets_in(site, restriction, who))
}

fn lets_in(site: &Site, restriction: &Restriction, who: &Principal) -> bool {
    match who {
        Principal::App => !restriction.app_excluded,
        Principal::Person(account) => {
            restriction.accounts.contains(account)
                || groups_of(site, account).any(|group| restriction.groups.contains(group))
        }
    }
}

/// May they change the page?
#[must_use]
pub(crate) fn may_edit(site: &Site, page: &Page, who: &Principal) -> bool {
    may_view(site, page, who) && (*who == Principal::App || is(site, who, |person| person.editor))
}

/// Are they a Confluence administrator?
#[must_use]
pub(crate) fn is_admin(site: &Site, who: &Principal) -> bool {
    is(site, who, |person| person.admin)
}

/// Do they administer the space?
#[must_use]
pub(crate) fn administers(site: &Site, space: &Space, who: &Principal) -> bool {
    is_admin(site, who) || is(site, who, |person| space.admins.contains(&person.account_id))
}

/// The ids of the groups an account is in.
pub(crate) fn groups_of<'a>(site: &'a Site, account: &'a str) -> impl Iterator<Item = &'a String> {
    site.groups.iter().filter(move |group| group.members.contains(account)).map(|group| &group.id)
}

fn is(site: &Site, who: &Principal, what: impl Fn(&Person) -> bool) -> bool {
    matches!(who, Principal::Person(account)
        if site.person(account).is_some_and(|person| !person.deactivated && what(person)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    fn person(account: &str) -> Principal {
        Principal::Person(account.to_owned())
    }

    #[test]
    fn everybody_reads_and_some_edit() {
        let site = seed::site(crate::app::SITE);
        let page = &site.pages[&98305];
        for account in ["712020:author", "712020:approver-1", "712020:approver-2", "712020:admin"] {
            assert!(may_edit(&site, page, &person(account)), "{account}");
        }
        for account in ["712020:viewer", "712020:guest"] {
            assert!(may_view(&site, page, &person(account)), "{account}");
            assert!(!may_edit(&site, page, &person(account)), "{account}");
        }
        assert!(!may_view(&site, page, &person("712020:nobody")));
        assert!(is_admin(&site, &person("712020:admin")));
        assert!(!is_admin(&site, &person("712020:author")));
    }

    #[test]
    fn a_restriction_hides_the_page() {
        let mut site = seed::site(crate::app::SITE);
        let page = site.pages.get_mut(&98305).unwrap();
        page.restriction = Some(Restriction {
            accounts: ["712020:author".to_owned()].into(),
            groups: ["countersign-approvers".to_owned()].into(),
            app_excluded: false,
        });
        let page = page.clone();
        assert!(may_view(&site, &page, &person("712020:author")));
        assert!(may_view(&site, &page, &person("712020:approver-2")), "through the group");
        assert!(!may_view(&site, &page, &person("712020:viewer")));
        assert!(may_view(&site, &page, &Principal::App));
        let shut = Page { restriction: Some(Restriction { app_excluded: true, ..Restriction::default() }), ..page };
        assert!(!may_view(&site, &shut, &Principal::App));
    }

    #[test]
    fn a_restriction_holds_for_what_is_below() {
        let mut site = seed::site(crate::app::SITE);
        let only_the_author = Restriction { accounts: ["712020:author".to_owned()].into(), ..Restriction::default() };
        site.pages.get_mut(&seed::POLICIES_HOME).unwrap().restriction = Some(only_the_author);
        let page = &site.pages[&98305];
        assert!(may_view(&site, page, &person("712020:author")));
        assert!(!may_view(&site, page, &person("712020:viewer")));
    }

    #[test]
    fn a_space_has_administrators_of_its_own() {
        let site = seed::site(crate::app::SITE);
        let (policies, handbook) = (site.space_by_key("POL").unwrap(), site.space_by_key("HB").unwrap());
        for (account, in_policies, in_handbook) in [
            ("712020:admin", true, true),
            ("712020:space-admin", true, false),
            ("712020:author", false, false),
            ("712020:guest", false, false),
        ] {
            assert_eq!(administers(&site, policies, &person(account)), in_policies, "{account}");
            assert_eq!(administers(&site, handbook, &person(account)), in_handbook, "{account}");
        }
        assert!(!administers(&site, policies, &Principal::App));
    }

    #[test]
    fn a_deactivated_account_may_do_nothing() {
        let mut site = seed::site(crate::app::SITE);
        site.people.iter_mut().for_each(|person| person.deactivated = person.admin);
        let (admin, page) = (person("712020:admin"), &site.pages[&98305]);
        assert!(!may_view(&site, page, &admin) && !may_edit(&site, page, &admin) && !is_admin(&site, &admin));
    }
}
